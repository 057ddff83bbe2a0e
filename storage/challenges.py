"""Challenges: members' objections to a result before it becomes final, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, id_column, metadata

challenges = Table(
    "challenges",
    metadata,
    id_column(),
    Column("motion", Id, ForeignKey("motions.number"), nullable=False),
    Column("organisation", Words, ForeignKey("organisations.slug"), nullable=False),
    Column("person", Id, ForeignKey("persons.id"), nullable=False),
    Column("why", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_by", Id, ForeignKey("persons.id")),
    Column("answered_why", Words, nullable=False),
    Column("answered_at", Utc),
    UniqueConstraint("motion", "organisation"),
)
is_open = challenges.c.answered_at.is_(None)
Index("ix_challenges_open", challenges.c.id, sqlite_where=is_open, postgresql_where=is_open)


@dataclass(frozen=True, slots=True)
class Challenge:
    """An organisation (slug) objects to the result of a motion, in a person's words. `answer` is "" while
    nobody has answered; `answered_by` is a person's number."""

    id: int
    motion: int
    organisation: str
    person: int
    why: str
    at: datetime
    answer: Literal["", "dismissed", "upheld"] = ""
    answered_by: int | None = None
    answered_why: str = ""
    answered_at: datetime | None = None


LARGEST = 2**63 - 1  # more does not fit in a row's number

ADD = insert(challenges).on_conflict_do_nothing(index_elements=["motion", "organisation"])
_every = select(challenges).order_by(challenges.c.id)
OF = _every.where(challenges.c.motion == bindparam("of_motion"))
OF_ORGANISATION = OF.where(challenges.c.organisation == bindparam("who"))
OPEN = _every.where(is_open)
GET = _every.where(challenges.c.id == bindparam("one"))
GET_LOCKED = GET.with_for_update()
ANSWER = (
    update(challenges)
    .where(challenges.c.id == bindparam("one"), is_open)
    .values(
        answer=bindparam("says"),
        answered_by=bindparam("who"),
        answered_why=bindparam("reason", type_=Words),
        answered_at=bindparam("now", type_=Utc),
    )
)


class Challenges(Verbs):
    """The verbs over challenges."""

    def add(self, motion: int, organisation: str, person: int, why: str, now: datetime) -> Challenge:
        """An organisation objects to the result of a motion: once, so one that is there already is
        returned as it is."""
        given = {"motion": motion, "organisation": organisation, "person": person, "why": why, "at": now}
        self._connection.execute(ADD, given | {"answer": "", "answered_why": ""})
        asked = {"of_motion": motion, "who": organisation}
        return Challenge(*self._connection.execute(OF_ORGANISATION, asked).one())

    def of(self, motion: int) -> tuple[Challenge, ...]:
        """Every objection to the result of a motion, oldest first."""
        return tuple(Challenge(*row) for row in self._connection.execute(OF, {"of_motion": motion}))

    def open(self) -> tuple[Challenge, ...]:
        """What nobody has answered, of all motions, oldest first."""
        return tuple(Challenge(*row) for row in self._connection.execute(OPEN))

    def get(self, challenge_id: int, lock: bool = False) -> Challenge | None:
        """The challenge with this number, or None. With `lock` nobody else answers it until the transaction
        ends."""
        if not 0 < challenge_id <= LARGEST:
            return None
        statement = GET_LOCKED if lock and self._writes else GET
        row = self._connection.execute(statement, {"one": challenge_id}).first()
        return None if row is None else Challenge(*row)

    def answer(
        self, challenge_id: int, answer: Literal["dismissed", "upheld"], by: int, why: str, now: datetime
    ) -> Challenge:
        """A person answers it for the alliance; one that is answered already keeps its answer. Raises
        LookupError if there is none."""
        given = {"one": challenge_id, "says": answer, "who": by, "reason": why, "now": now}
        self._connection.execute(ANSWER, given)
        challenge = self.get(challenge_id)
        if challenge is None:
            raise LookupError(f"challenge {challenge_id}")
        return challenge
