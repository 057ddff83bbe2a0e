"""Milestones: what the coordinator answered about the dates behind and before the alliance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, Text, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, metadata

milestones = Table(
    "milestones",
    metadata,
    Column("key", Text, primary_key=True),
    Column("answer", Words, nullable=False),
    Column("by", Id, ForeignKey("persons.id")),
    Column("at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Milestone:
    """What was answered about one date of the alliance, `by` whom (a person's number, None for the program)
    and when."""

    key: str
    answer: str
    by: int | None
    at: datetime


_new = insert(milestones)
ANSWER = _new.on_conflict_do_update(
    index_elements=["key"], set_={key: _new.excluded[key] for key in ("answer", "by", "at")}
)
ALL = select(milestones).order_by(milestones.c.key)


class Milestones(Verbs):
    """The verbs over milestones."""

    def answer(self, key: str, answer: str, by: int | None, now: datetime) -> None:
        """Somebody answers what became of it; what was answered before is replaced."""
        self._connection.execute(ANSWER, {"key": key, "answer": answer, "by": by, "at": now})

    def all(self) -> dict[str, Milestone]:
        """Everything that was answered, by key."""
        return {row[0]: Milestone(*row) for row in self._connection.execute(ALL)}
