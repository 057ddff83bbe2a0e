"""What is said before a term ends: until when, what comes next, and that nobody leaves by it (Art. 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.assembly.calendar import calendar_of
from bot.assembly.seats import elected
from bot.commands import N_
from bot.context import Context
from bot.handlers.assembly.terms_owed import BODIES, Ending, described, endings, taps_for
from bot.messages import Reply
from bot.notices import Values, notice
from bot.rules.reminding.countdown import Takes, latest_beginning

KIND = "term ends"


def is_ending(ctx: Context, values: Values) -> bool:
    """Whether the seat still has this last day, no election of it runs, and the reader holds it or
    coordinates."""
    found = _found(ctx, values)
    own = found is not None and found.seat.holder.person.id == ctx.person.id
    return found is not None and (own or ctx.may("keep_assembly"))


def in_a_line(ctx: Context, values: Values) -> Reply:
    """The term in one line of a digest."""
    found = _ending(ctx, values)
    return Reply("owed/term", described(found), taps_for(ctx, found) or (BODIES,))


@notice(
    KIND,
    N_("Terms that end"),
    N_("You get this because it is your term, or because you coordinate the alliance."),
    still_due=is_ending,
    useful=timedelta(days=7),
    theme="alliance",
    duty=True,
    line=in_a_line,
)
def term_ends(ctx: Context, values: Values) -> Reply:
    """Whose term ends when, by when an election has to begin to be over by then, and its tap."""
    found = _ending(ctx, values)
    begins = _begins(ctx, found)
    shown: dict[str, Any] = {
        **described(found),
        "own": found.seat.holder.person.id == ctx.person.id,
        "elected": found.role in elected(ctx.charter),
        "begins": begins if begins and begins >= ctx.counting_day.isoformat() else "",
    }
    return Reply("term_ends", shown, (*taps_for(ctx, found), BODIES))


def _found(ctx: Context, values: Values) -> Ending | None:
    return next((one for one in endings(ctx) if one.key == values["owed"]), None)


def _ending(ctx: Context, values: Values) -> Ending:
    found = _found(ctx, values)
    if found is None:
        raise LookupError(values["owed"])
    return found


def _begins(ctx: Context, one: Ending) -> str:
    """The latest day on which an election can begin so that it is final by the end of the term."""
    rule = ctx.charter.decision("election")
    takes = Takes(rule.discussion_days, rule.voting_days, rule.challenge_days)
    try:
        return latest_beginning(one.last, takes, calendar_of(ctx)).isoformat()
    except ValueError:
        return ""
