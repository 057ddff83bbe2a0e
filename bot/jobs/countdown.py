"""The dates of the charter that are ahead: the Partnership Agreement and the renewal (Preamble, Art. 8).

Said 90, 30 and 7 days before the day by which it has to begin; that leaves out August and the turn of the
year.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.commands import N_
from bot.context import Context
from bot.handlers.charter.countdown import KIND
from bot.handlers.charter.owed import AGREEMENT, MEMBERS_TURN, RENEWAL, Ahead, ahead, hats_for
from bot.people.duties import as_person
from bot.people.waking import waking_of
from bot.rules.attention import local_time
from bot.timetable import job

NINE = time(9)


@job(
    N_("Dates ahead"),
    N_("Says by which day the agreement or the renewal is to be proposed, three times at most"),
    useful=timedelta(hours=12),
    tells=True,
    hour=5,
    minute=30,
)
def count_down(ctx: Context, _slot: datetime) -> None:
    """Each turn is said once to whoever may begin it: first to the coordinators, then to one person of each
    member as well. Nobody hears of one that is proposed, or past."""
    for about in (AGREEMENT, RENEWAL):
        found = ahead(ctx, about)
        turn = found.counted.turn(ctx.counting_day) if found else None
        if found is None or turn is None:
            continue
        for person in _readers(ctx, found, turn):
            at = max(local_time(ctx.now, NINE, waking_of(ctx, person, "alliance")), ctx.now)
            key = f"{KIND}:{found.key}:{turn}"
            ctx.notify(person, KIND, key, {"about": about, "owed": found.key}, at)


def _readers(ctx: Context, found: Ahead, turn: int) -> tuple[int, ...]:
    """The coordinators, and from the second turn on, or where there is no coordinator, one person of each
    member that owes it: the first who can be reached."""
    readers = [one for one in ctx.coordinators() if _may_begin(ctx, one, found)]
    if turn < MEMBERS_TURN:
        return tuple(readers)
    for slug in ctx.organisations:
        voters = ctx.people_of(slug, "propose")
        first = next(
            (one for one in voters if ctx.reached(one, "alliance") and _may_begin(ctx, one, found)), None
        )
        if first is not None:
            readers.append(first)
    return tuple(dict.fromkeys(readers))


def _may_begin(ctx: Context, person: int, found: Ahead) -> bool:
    theirs = as_person(ctx, person)
    return theirs is not None and bool(hats_for(theirs, found.about))
