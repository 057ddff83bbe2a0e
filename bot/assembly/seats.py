"""The seats of the alliance's bodies: who holds them, since when, until when, by which motion (Art. 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.charter import Charter
from bot.charter.parts import Role
from bot.context import Context
from bot.rules.decisions.motions import Motion
from storage.roles import Holder


@dataclass(frozen=True, slots=True)
class Seat:
    """A role that somebody holds. `ends_on` is the last day of the term, None where none is set; `motion`
    decided it, 0 where none did. A term that is over ends nothing: who holds the role stays until a
    successor is in."""

    holder: Holder
    ends_on: date | None = None
    motion: int = 0

    def is_over(self, day: date) -> bool:
        """Whether the term has ended by this day."""
        return self.ends_on is not None and self.ends_on < day


def seats_of(ctx: Context, role: str) -> tuple[Seat, ...]:
    """Who holds a role of the whole alliance, who has held it longest first."""
    terms = {one.role_id: one for one in ctx.store.terms.all()}
    seats = []
    for holder in ctx.store.roles.holders(role):
        term = terms.get(holder.role.id)
        seats.append(Seat(holder, term.ends_on, term.motion or 0) if term else Seat(holder))
    return tuple(seats)


def coordinating(charter: Charter) -> tuple[Role, ...]:
    """The roles that look after the Assembly: one of them is always to be filled (Art. 5(2))."""
    return tuple(one for one in _of_alliance(charter) if "keep_assembly" in one.may)


def elected(charter: Charter) -> tuple[Role, ...]:
    """The roles that the Assembly fills: those in a body with whoever looks after it (Art. 5(2), 5(3)). The
    charter prints no way into the other bodies (Art. 5(4))."""
    keys = {one.key for one in coordinating(charter)}
    together = {seat for body in charter.bodies if keys & {*body.seats} for seat in body.seats}
    return tuple(one for one in _of_alliance(charter) if one.key in together)


def election_of(ctx: Context, role: str) -> Motion | None:
    """The newest election of a role of which notice is given and that is not final yet."""
    live = ctx.store.motions.live()
    return next((one for one in reversed(live) if one.kind == "election" and one.role == role), None)


def _of_alliance(charter: Charter) -> tuple[Role, ...]:
    return tuple(one for one in charter.roles if one.scope == "alliance")
