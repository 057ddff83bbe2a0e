"""What is said ahead of the charter's dates: by which day a vote has to begin (Preamble, Art. 8)."""

from __future__ import annotations

from datetime import timedelta

from bot.assembly.calendar import calendar_of
from bot.commands import N_
from bot.context import Context
from bot.handlers.charter.owed import AGREEMENT, KINDS, RENEWAL, TAPS, ahead
from bot.messages import Reply
from bot.notices import Values, notice
from bot.people.duties import still_owed
from bot.rules.reminding.countdown import IN_HAND, quiet_between

KIND = "countdown"


def is_ahead(ctx: Context, values: Values) -> bool:
    """Whether the reader may still begin it: nothing about it is proposed, and the day is not past."""
    return still_owed(ctx, values["about"], values["owed"]) is not None


def in_a_line(ctx: Context, values: Values) -> Reply:
    """The date in one line of a digest, with the tap that begins the vote."""
    found = still_owed(ctx, values["about"], values["owed"])
    if found is None:
        raise LookupError(values["owed"])
    return found.reply


@notice(
    KIND,
    N_("Dates ahead of us"),
    N_("You get this because you may propose it to the Assembly."),
    still_due=is_ahead,
    useful=timedelta(days=14),
    theme="alliance",
    duty=True,
    line=in_a_line,
)
def date_ahead(ctx: Context, values: Values) -> Reply:
    """What is to be decided until when, how long that takes, by which day it has to begin, and the tap."""
    about = RENEWAL if values["about"] == RENEWAL else AGREEMENT
    found = ahead(ctx, about)
    if found is None:
        raise LookupError(values["owed"])
    counted, rule = found.counted, ctx.charter.decision(KINDS[about])
    quiet = quiet_between(counted.begins, counted.last, calendar_of(ctx))  # what made it begin so early
    shown = {
        "about": about,
        "day": counted.last.isoformat(),
        "begins": counted.begins.isoformat(),
        "in_time": ctx.counting_day <= counted.begins,
        "days": rule.discussion_days + rule.voting_days + rule.challenge_days,
        "in_hand": IN_HAND,
        "quiet": [(begins.isoformat(), ends.isoformat()) for begins, ends in quiet],
    }
    return Reply("countdown", shown, TAPS[about])
