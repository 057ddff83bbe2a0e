"""Leases: which process does what only one may do at a time. Its holder shows by beats that it lives."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Integer, Table, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Verbs, metadata

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),  # "" once it was given up
    Column("beat", Integer, nullable=False),  # only ever rises, so no moment comes back
)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds it, and how often it has shown that it lives. A number and not a moment, because the
    clocks of two machines differ: whoever waits watches it with a clock of its own."""

    holder: str
    beat: int


_this = leases.c.name == bindparam("which")
LOOK = select(leases.c.holder, leases.c.beat).where(_this, leases.c.holder != "")
_new = insert(leases)
BEGIN = _new.on_conflict_do_update(
    index_elements=["name"],
    set_={"holder": _new.excluded.holder, "beat": leases.c.beat + 1},
    where=leases.c.holder == "",
).returning(leases.c.beat)
TAKE = (
    update(leases)
    .where(_this, leases.c.holder == bindparam("seen"), leases.c.beat == bindparam("seen_beat"))
    .values(holder=bindparam("me"), beat=leases.c.beat + 1)
    .returning(leases.c.beat)
)
_mine = update(leases).where(_this, leases.c.holder == bindparam("me"))
BEAT = _mine.values(beat=leases.c.beat + 1).returning(leases.c.beat)
GIVE_UP = _mine.values(holder="", beat=leases.c.beat + 1)


class Leases(Verbs):
    """The verbs over leases."""

    def look(self, name: str) -> Lease | None:
        """Who holds this lease; None if nobody does."""
        row = self._connection.execute(LOOK, {"which": name}).first()
        return None if row is None else Lease(*row)

    def take(self, name: str, me: str, seen: Lease | None) -> bool:
        """Make it mine, if it is still as it was seen; False if somebody was quicker, or it lives."""
        if seen is None:
            taken = self._connection.execute(BEGIN, {"name": name, "holder": me, "beat": 1})
        else:
            asked = {"which": name, "me": me, "seen": seen.holder, "seen_beat": seen.beat}
            taken = self._connection.execute(TAKE, asked)
        return taken.first() is not None

    def beat(self, name: str, me: str) -> bool:
        """Show that I live; False if it is somebody else's by now."""
        return self._connection.execute(BEAT, {"which": name, "me": me}).first() is not None

    def give_up(self, name: str, me: str) -> None:
        """It is nobody's from now on, if it was mine."""
        self._connection.execute(GIVE_UP, {"which": name, "me": me})
