"""Wordings: sentences of the bot that members would say better, and those of them that are in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, ForeignKey, Integer, Row, Table, Text, bindparam, select, update

from storage.columns import Id, Utc, id_column, metadata
from storage.recall import RecallingVerbs

State = Literal["suggested", "in_force", "left", "taken_back"]

wordings = Table(
    "wordings",
    metadata,
    id_column(),
    Column("language", Text, nullable=False),  # an IETF tag: "pt"
    Column("message_id", Text, nullable=False),  # the English, as templates and code have it
    Column("plural", Text, nullable=False),  # the English for many, "" where there is none
    Column("form", Integer, nullable=False),  # which plural form, 0 for the only one
    Column("before", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("by", Id, ForeignKey("persons.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Utc),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence in one language, said otherwise: `before` is how it was said, `by` who would say it so."""

    id: int
    language: str
    message_id: str
    plural: str
    form: int
    before: str
    text: str
    state: State
    by: int
    at: datetime
    decided_by: int | None = None
    decided_at: datetime | None = None


ADD = wordings.insert().returning(wordings.c.id)
GET = select(wordings).where(wordings.c.id == bindparam("number"))
IN_STATE = select(wordings).where(wordings.c.state == bindparam("which")).order_by(wordings.c.id)
DECIDE = (
    update(wordings)
    .where(wordings.c.id == bindparam("number"), wordings.c.state == bindparam("was"))
    .values(state=bindparam("becomes"), decided_by=bindparam("who"), decided_at=bindparam("now", type_=Utc))
    .returning(wordings)
)
REPLACED = (
    update(wordings)
    .where(
        wordings.c.language == bindparam("tongue"),
        wordings.c.message_id == bindparam("says"),
        wordings.c.form == bindparam("which"),
        wordings.c.state == "in_force",
    )
    .values(state="taken_back")
)


class Wordings(RecallingVerbs):
    """The verbs over wordings."""

    def suggest(self, wording: Wording) -> Wording:
        """Keep what somebody would say; returned with its number."""
        given: dict[str, Any] = {name: getattr(wording, name) for name in Wording.__slots__ if name != "id"}
        number: int = self._connection.execute(ADD, given).scalar_one()
        return replace(wording, id=number)

    def get(self, number: int) -> Wording | None:
        """The wording of this number."""
        row = self._connection.execute(GET, {"number": number}).first()
        return _of(row) if row is not None else None

    def suggested(self) -> tuple[Wording, ...]:
        """Those that wait for a decision, oldest first."""
        return tuple(map(_of, self._connection.execute(IN_STATE, {"which": "suggested"})))

    def in_force(self) -> tuple[Wording, ...]:
        """How the bot speaks otherwise than its catalogues: the very same tuple until it changes."""
        return self._recall.read("wordings", "in_force", self._in_force)

    def decide(self, number: int, was: State, becomes: State, who: int, now: datetime) -> Wording | None:
        """Use a wording, leave it, or take it back, in every process at once; None if it is no more as it
        `was`. One in force takes the place of another for the same sentence."""
        self._recall.changed("wordings")
        found = self.get(number)
        if found is None or found.state != was:
            return None
        if becomes == "in_force":
            same = {"tongue": found.language, "says": found.message_id, "which": found.form}
            self._connection.execute(REPLACED, same)
        given = {"number": number, "was": was, "becomes": becomes, "who": who, "now": now}
        return _of(self._connection.execute(DECIDE, given).one())

    def _in_force(self) -> tuple[Wording, ...]:
        return tuple(map(_of, self._connection.execute(IN_STATE, {"which": "in_force"})))


def _of(row: Row[Any]) -> Wording:
    return Wording(**row._mapping)
