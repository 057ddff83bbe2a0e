"""Partner questions: whom an organisation asked to host an event with it, and what became of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, metadata

partner_questions = Table(
    "partner_questions",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("asker", Words, ForeignKey("organisations.slug"), primary_key=True),
    Column("asked", Words, ForeignKey("organisations.slug"), primary_key=True),
    Column("answer", Text, nullable=False),
    Column("by", Id, ForeignKey("persons.id"), nullable=False),
    Column("at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PartnerQuestion:
    """What became of it that one organisation (a slug) asked another in a year of the alliance: `answer` is
    asked, interested or not now; `by` who asked or answered last (a person's number), and when (UTC)."""

    year: int
    asker: str
    asked: str
    answer: str
    by: int
    at: datetime


_new = insert(partner_questions)
ANSWER = _new.on_conflict_do_update(
    index_elements=["year", "asker", "asked"],
    set_={key: _new.excluded[key] for key in ("answer", "by", "at")},
)
OF_ASKER = (
    select(partner_questions)
    .where(partner_questions.c.year == bindparam("one"), partner_questions.c.asker == bindparam("whose"))
    .order_by(partner_questions.c.asked)
)


class PartnerQuestions(Verbs):
    """The verbs over partner questions: one for each year and two organisations."""

    def answer(self, year: int, asker: str, asked: str, answer: str, by: int, now: datetime) -> None:
        """Somebody asks for the one organisation, or answers for the other; what stood before is replaced."""
        given = {"year": year, "asker": asker, "asked": asked, "answer": answer, "by": by, "at": now}
        self._connection.execute(ANSWER, given)

    def of_asker(self, year: int, asker: str) -> tuple[PartnerQuestion, ...]:
        """Whom an organisation asked in a year, by the slug of who was asked."""
        rows = self._connection.execute(OF_ASKER, {"one": year, "whose": asker})
        return tuple(PartnerQuestion(*row) for row in rows)
