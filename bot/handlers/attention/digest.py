"""Several messages in one: what came together for somebody, a line for each with its taps (section 2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.attention.numbered import numbered_taps
from bot.handlers.attention.waiting import DIGEST, each_once, still_said
from bot.messages import Button, Call, Mail, Reply
from bot.notices import Values, notice
from bot.people.waking import habits_of
from bot.rules.attention import week_of
from bot.rules.membership import first_name

MOST = 7  # lines; the rest is counted
MOST_A_WEEK = 9  # a larger budget is none, and not worth a word
ALL_I_OWE = Button(N_("All I owe"), "todo")
SENT = "delivery:"  # what the event of a message that is sent begins with


def is_due(ctx: Context, values: Values) -> bool:
    """Whether anything of it is still to be said."""
    return any(True for _ in still_said(ctx, values["items"]))


@notice(
    DIGEST,
    N_("Digest"),
    N_("You get this because several things came together."),
    still_due=is_due,
    useful=timedelta(days=2),
)
def digest(ctx: Context, values: Values) -> Reply:
    """What came together, as it stands now: a line each with its taps, and how much of their attention that
    took this week."""
    found = each_once(list(still_said(ctx, values["items"])))
    lines = tuple(line for _, line in found[:MOST])
    shown = {**greeted(ctx), **_of_the_week(ctx), "number": len(found), "more": len(found) - len(lines)}
    taps = (*numbered_taps(ctx, lines), ALL_I_OWE)
    return Reply("digest", shown, taps, parts=lines, mail=Mail(subject=_subject(ctx, len(found))))


def greeted(ctx: Context) -> dict[str, Any]:
    """Whom a greeting is for, and the hour that it is for them."""
    return {"name": first_name(ctx.person.name), "hour": ctx.now.astimezone(ZoneInfo(ctx.zone)).hour}


def _of_the_week(ctx: Context) -> dict[str, int]:
    """Which message of their week this is, and how many there are at most; 0 where no line is worth it, as
    where they chose its moment themselves."""
    event = ctx.incoming.event
    own = int(event.removeprefix(SENT)) if isinstance(ctx.incoming, Call) and _is_sent(event) else 0
    sent = ctx.store.deliveries.get(own) if own else None
    if sent is not None and sent.asked:
        return {"turn": 0, "most": 0}
    habits = habits_of(ctx, ctx.person.id, "alliance", but=own)
    zone, most = habits.waking.zone, ctx.charter.attention.budget.a_week
    turn = 1 + sum(week_of(one, zone) == week_of(ctx.now, zone) for one in habits.had)
    told = turn <= most <= MOST_A_WEEK
    return {"turn": turn if told else 0, "most": most if told else 0}


def _is_sent(event: str) -> bool:
    return event.startswith(SENT) and event.removeprefix(SENT).isdecimal()


def _subject(ctx: Context, number: int) -> str:
    if number == 1:
        return ctx.translate(N_("One thing for you"))
    return ctx.translate(N_("{number} things for you")).replace("{number}", str(number))
