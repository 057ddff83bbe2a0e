"""Terms that end: an election, or another day, is owed before that (Art. 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.assembly.calendar import alliance_zone
from bot.assembly.seats import Seat, elected, election_of, seats_of
from bot.charter import Role
from bot.commands import N_
from bot.context import Context
from bot.handlers.proposing.proposing import homes_of
from bot.messages import Button
from bot.people.duties import Owed, duty
from bot.rules.clocks import first_moment

TERM: Final = "term"
BEFORE: Final = (60, 14)  # days before the last day of a term
BODIES = Button(N_("The bodies"), "bodies")


@dataclass(frozen=True, slots=True)
class Ending:
    """A seat whose term ends soon or is over, and about which nobody has done anything yet."""

    role: Role
    seat: Seat
    last: date

    @property
    def key(self) -> str:
        """Its name for ever: the same seat with another last day is another one."""
        return f"{TERM}:{self.seat.holder.role.id}:{self.last.isoformat()}"


@duty(TERM)
def terms_owed(ctx: Context) -> Iterator[Owed]:
    """What comes of a seat whose term ends within 60 days: owed by coordinators, and by whoever holds it
    and may propose an election of it."""
    keeps, own = ctx.may("keep_assembly"), {role.id for role in ctx.roles}
    if not keeps and not any(role.organisation == "" for role in ctx.roles):
        return
    for one in endings(ctx):
        taps = taps_for(ctx, one)
        if keeps or (one.seat.holder.role.id in own and taps):
            yield Owed(TERM, one.key, "owed/term", described(one), (*taps, BODIES), _end_of(ctx, one.last))


def endings(ctx: Context) -> tuple[Ending, ...]:
    """The seats of the alliance whose term ends within 60 days or is over, and of which no election runs."""
    soon = ctx.counting_day + timedelta(days=max(BEFORE))
    if not any(term.ends_on <= soon for term in ctx.store.terms.all()):
        return ()
    roles = [one for one in ctx.charter.roles if one.scope == "alliance" and not election_of(ctx, one.key)]
    every = ((role, seat) for role in roles for seat in seats_of(ctx, role.key))
    return tuple(
        Ending(role, seat, seat.ends_on) for role, seat in every if seat.ends_on and seat.ends_on <= soon
    )


def taps_for(ctx: Context, one: Ending) -> tuple[Button, ...]:
    """What the caller can do about it: propose an election of a seat that the Assembly fills, or set another
    last day of a term that no motion gave."""
    if one.role in elected(ctx.charter):
        if not homes_of(ctx, "election"):
            return ()
        return (Button(N_("Propose election"), "propose election", {"role": one.role.key}),)
    if one.seat.motion or not ctx.may("keep_assembly"):
        return ()
    return (Button(N_("Set a term"), "term", {"role": str(one.seat.holder.role.id)}),)


def described(one: Ending) -> dict[str, str]:
    """Whose term of what ends when."""
    return {"name": one.seat.holder.person.name, "role": one.role.title, "day": one.last.isoformat()}


def _end_of(ctx: Context, day: date) -> datetime:
    zone = alliance_zone(ctx)
    return first_moment(datetime.combine(day, time.fromisoformat(ctx.charter.calendar.deadline_time)), zone)
