"""Meetings of the Assembly: when and where, what is on the agenda, who took part, what was written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Json, Utc, Verbs, Words, metadata
from storage.counters import next_number

# A column for each field of `Meeting`, by the same name.
meetings = Table(
    "meetings",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("title", Words, nullable=False),
    Column("starts_at", Utc, nullable=False),
    Column("zone", Text, nullable=False),
    Column("where", Words, nullable=False),
    Column("agenda", Json, nullable=False),
    Column("called_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("called_at", Utc, nullable=False),
    Column("state", Text, nullable=False),
    Column("held_at", Utc),
    Column("minutes", Words, nullable=False),
    Column("link", Words, nullable=False),
)
attendance = Table(
    "attendance",
    metadata,
    Column("meeting", Id, ForeignKey("meetings.number"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.slug"), primary_key=True),
    Column("person", Id, ForeignKey("persons.id"), nullable=False),
    Column("how", Text, nullable=False),
    Column("at", Utc, nullable=False),
)

How = Literal["present", "remote", "apologies"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting. `zone` (IANA) is the one in which it was called; `where` an address or a link; `called_by` a
    person's number; `minutes` is what was written down, `link` leads to more of it."""

    number: int
    title: str
    starts_at: datetime
    zone: str
    where: str
    agenda: tuple[str, ...]
    called_by: int
    called_at: datetime
    state: Literal["called", "held", "cancelled"] = "called"
    held_at: datetime | None = None
    minutes: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """How an organisation (slug) takes part in a meeting, as a person said at that moment."""

    meeting: int
    organisation: str
    person: int
    how: How
    at: datetime


LARGEST = 2**63 - 1  # more does not fit in a row's number

COLUMNS = tuple(meetings.c[field.name] for field in fields(Meeting))
ADD = meetings.insert().returning(*COLUMNS)
GET = select(*COLUMNS).where(meetings.c.number == bindparam("one"))
GET_LOCKED = GET.with_for_update(key_share=True)  # NO KEY: attendance need not wait
WRITE = update(meetings).where(meetings.c.number == bindparam("one")).returning(*COLUMNS)
ALL = select(*COLUMNS).order_by(meetings.c.number)
_new = insert(attendance)
ATTEND = _new.on_conflict_do_update(
    index_elements=["meeting", "organisation"],
    set_={key: _new.excluded[key] for key in ("person", "how", "at")},
)
ATTENDANCE = (
    select(attendance).where(attendance.c.meeting == bindparam("one")).order_by(attendance.c.organisation)
)


class Meetings(Verbs):
    """The verbs over meetings."""

    def add(self, meeting: Meeting) -> Meeting:
        """Keep a new meeting under the next number (1, 2, 3 without gaps; the one it has is not looked at):
        the meeting as it is kept."""
        given = _row(meeting) | {"number": next_number(self._connection, "meetings")}
        return _meeting(self._connection.execute(ADD, given).mappings().one())

    def get(self, number: int, lock: bool = False) -> Meeting | None:
        """The meeting with this number in whatever state, or None. With `lock` nobody else who asks for it
        changes it until the transaction ends."""
        if not 0 < number <= LARGEST:
            return None
        statement = GET_LOCKED if lock and self._writes else GET
        row = self._connection.execute(statement, {"one": number}).mappings().first()
        return None if row is None else _meeting(row)

    def write(self, meeting: Meeting) -> Meeting:
        """The meeting is like this from now on, in everything but its number. Raises LookupError if there
        is none."""
        given = _row(meeting)
        number = given.pop("number")
        row = self._connection.execute(WRITE, given | {"one": number}).mappings().first()
        if row is None:
            raise LookupError(f"meeting {number}")
        return _meeting(row)

    def all(self) -> tuple[Meeting, ...]:
        """Every meeting, oldest first."""
        return tuple(_meeting(row) for row in self._connection.execute(ALL).mappings())

    def attend(self, number: int, organisation: str, person: int, how: How, now: datetime) -> None:
        """A person says how an organisation takes part; what was said of it before is replaced."""
        given = {"meeting": number, "organisation": organisation, "person": person, "how": how, "at": now}
        self._connection.execute(ATTEND, given)

    def attendance(self, number: int) -> tuple[Attendance, ...]:
        """How organisations take part in a meeting, by slug; those that said nothing are left out."""
        return tuple(Attendance(*row) for row in self._connection.execute(ATTENDANCE, {"one": number}))


def _row(meeting: Meeting) -> dict[str, Any]:
    row = {column.key: getattr(meeting, column.key) for column in COLUMNS}
    return row | {"agenda": list(meeting.agenda)}


def _meeting(row: Mapping[Any, Any]) -> Meeting:
    return Meeting(**dict(row) | {"agenda": tuple(row["agenda"])})
