"""Feedback: what those who came to an event answered to its two questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, metadata

feedback = Table(
    "feedback",
    metadata,
    Column("event", Id, ForeignKey("events.number"), primary_key=True),
    Column("person", Id, ForeignKey("persons.id"), primary_key=True),
    Column("useful", Integer),
    Column("plan", Words),
    Column("at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one person said about an event: how useful it was (a larger number is more), what they will do
    with it; None for not said. `at` is when they said the last of it."""

    event: int
    person: int
    useful: int | None
    plan: str | None
    at: datetime


_new = insert(feedback)
PUT = _new.on_conflict_do_update(
    index_elements=["event", "person"],
    set_={
        **{key: func.coalesce(_new.excluded[key], feedback.c[key]) for key in ("useful", "plan")},
        "at": _new.excluded["at"],
    },
)
OF_EVENT = (
    select(feedback).where(feedback.c.event == bindparam("event")).order_by(feedback.c.at, feedback.c.person)
)


class Feedbacks(Verbs):
    """The verbs over feedback."""

    def put(self, event: int, person: int, useful: int | None, plan: str | None, now: datetime) -> None:
        """Somebody answers one of the questions, or both; None leaves what they said before."""
        given = {"event": event, "person": person, "useful": useful, "plan": plan, "at": now}
        self._connection.execute(PUT, given)

    def of_event(self, event: int) -> tuple[Feedback, ...]:
        """What was said about an event, first said first."""
        return tuple(Feedback(*row) for row in self._connection.execute(OF_EVENT, {"event": event}))
