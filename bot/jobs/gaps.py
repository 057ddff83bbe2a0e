"""While a target is not met, one person of each member hears what is missing (engagement.md 2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import N_
from bot.context import Context
from bot.handlers.counting import span
from bot.handlers.indicators_gap import GAP, WEEKS, key_of, unmet, year_end
from bot.people.keeping import at_nine, keeper, works
from bot.rules.reminding.gaps import turn_on
from bot.timetable import job


@job(
    N_("Indicator gaps"),
    N_("Tells each member at three quarters of the year and near its end what is missing"),
    useful=timedelta(hours=12),
    tells=True,
    hour=5,
)
def tell_of_gaps(ctx: Context, slot: datetime) -> None:
    """The one person who looks after it in each voting member, at nine of that day where they are: on the
    first working day of the second, third and fourth quarter, then 45, 21 and 7 days before the year ends.
    Whoever looks after it in several members hears of it once: the targets are the same."""
    today = slot.date()
    year = ctx.charter.year_of(today)
    if year != ctx.counting_year or not unmet(ctx):
        return
    asked: set[int] = set()
    for one in ctx.members:
        turn = turn_on(today, *span(ctx, year), works(one)) if one.standing == "voting" else None
        person = keeper(ctx, one.slug) if turn else None
        if turn is None or person is None or person in asked:
            continue
        asked.add(person)
        at = at_nine(ctx, person, today)
        values = {"owed": key_of(one.slug, year), "organisation": one.slug}
        until = min(at + WEEKS, year_end(ctx))
        ctx.notify(person, GAP, f"{GAP}:{one.slug}:{year}:{turn.name}", values, at, until)
