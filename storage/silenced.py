"""Silenced notices: which kinds a person does not want to be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, metadata

silenced = Table(
    "silenced",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", Utc, nullable=False),
)

STOP = insert(silenced).on_conflict_do_nothing(index_elements=["person_id", "kind"])
AGAIN = delete(silenced).where(
    silenced.c.person_id == bindparam("person"), silenced.c.kind == bindparam("which")
)
KINDS = (
    select(silenced.c.kind)
    .where(silenced.c.person_id == bindparam("person"))
    .order_by(silenced.c.at, silenced.c.kind)
)
BY = select(silenced.c.person_id).where(silenced.c.kind == bindparam("which"))


class Silenced(Verbs):
    """The verbs over silenced notices."""

    def stop(self, person_id: int, kind: str, now: datetime) -> None:
        """The person wants no more notices of this kind."""
        self._connection.execute(STOP, {"person_id": person_id, "kind": kind, "at": now})

    def again(self, person_id: int, kind: str) -> None:
        """The person wants them again."""
        self._connection.execute(AGAIN, {"person": person_id, "which": kind})

    def kinds(self, person_id: int) -> tuple[str, ...]:
        """What the person does not want, silenced first first."""
        return tuple(self._connection.execute(KINDS, {"person": person_id}).scalars())

    def by(self, kind: str) -> frozenset[int]:
        """Who does not want notices of this kind, by person."""
        return frozenset(self._connection.execute(BY, {"which": kind}).scalars())
