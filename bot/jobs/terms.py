"""Terms that end: told of 60 and 14 days before, to who holds the role and to coordinators (Art. 5)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.assembly.terms_owed import BEFORE, Ending, endings
from bot.handlers.assembly.terms_reminders import KIND
from bot.people.waking import waking_of
from bot.rules.attention import local_time
from bot.rules.clocks import first_moment
from bot.timetable import job

NINE = time(9)


@job(
    N_("Terms"),
    N_("Says that a term ends, 60 and 14 days before, to its holder and the coordinators"),
    useful=timedelta(hours=12),
    tells=True,
    hour=5,
    minute=40,
)
def tell_of_terms(ctx: Context, _slot: datetime) -> None:
    """Each turn is said once. Nothing is said of a seat whose election is before the members, whose term was
    set anew, or whose last day is past."""
    for one in endings(ctx):
        turn = _turn(ctx, one)
        if turn is None:
            continue
        for person in dict.fromkeys((one.seat.holder.person.id, *ctx.coordinators())):
            waking = waking_of(ctx, person, "alliance")
            at = max(local_time(ctx.now, NINE, waking), ctx.now)
            over = first_moment(datetime.combine(one.last + timedelta(days=1), time()), ZoneInfo(waking.zone))
            ctx.notify(person, KIND, f"{KIND}:{one.key}:{turn}", {"owed": one.key}, at, until=over)


def _turn(ctx: Context, one: Ending) -> int | None:
    """How many days before the end are to be told of now: the fewest that fit; None once it is over."""
    left = (one.last - ctx.counting_day).days
    return min((days for days in BEFORE if left <= days), default=None) if left >= 0 else None
