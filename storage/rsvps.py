"""RSVPs: who goes to an event, who waits in line for a seat, who came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from bot.rules.rsvp.values import HOLDS, Rsvp, State, Taken
from storage.columns import Id, Utc, Verbs, Words, metadata
from storage.events.tables import events, is_planned
from storage.persons import persons
from storage.roles import roles

# A column for each field of `bot.rules.rsvp.values.Rsvp`, by the same name and in its order.
rsvps = Table(
    "rsvps",
    metadata,
    Column("event", Id, ForeignKey("events.number"), primary_key=True),
    Column("person", Id, ForeignKey("persons.id"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.slug")),  # none: nobody's seats
    Column("state", Text, nullable=False),
    Column("answered_at", Utc, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("queued_at", Utc),
    Column("offered_until", Utc),
    Column("expiries", Integer, nullable=False),
    Column("asked_again_at", Utc),
    Column("said", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Index("ix_rsvps_state", "event", "state", "answered_at", "person"),
    Index("ix_rsvps_person", "person"),
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself, and reads the
# row as well where the condition's column is not in the index.
_holds = rsvps.c.state.in_([literal_column(f"'{state}'") for state in HOLDS])
_waits = rsvps.c.state == literal_column("'waitlisted'")
_offered = rsvps.c.state == literal_column("'offered'")
Index("ix_rsvps_held", rsvps.c.event, rsvps.c.organisation, rsvps.c.seats, rsvps.c.state,
      sqlite_where=_holds, postgresql_where=_holds)  # fmt: skip
Index("ix_rsvps_line", rsvps.c.event, rsvps.c.state, rsvps.c.priority, rsvps.c.queued_at, rsvps.c.person,
      sqlite_where=_waits, postgresql_where=_waits)  # fmt: skip
Index("ix_rsvps_offered", rsvps.c.offered_until, rsvps.c.event,
      sqlite_where=_offered, postgresql_where=_offered)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody on an event's list. `organisation` (slug) is whose seats they take, "" for nobody's."""

    person: int
    name: str
    organisation: str
    state: State
    seats: int


STANDING: Final[tuple[State, ...]] = ("going", "offered", "waitlisted", "maybe")  # yet to come
FIELDS = tuple(field.name for field in fields(Rsvp))
COLUMNS = tuple(
    func.coalesce(rsvps.c.organisation, "").label(name) if name == "organisation" else rsvps.c[name]
    for name in FIELDS
)
_of_event = rsvps.c.event == bindparam("event")
_among = rsvps.c.state.in_(bindparam("states", expanding=True))
_as_answered = (rsvps.c.answered_at, rsvps.c.person)
_queued_at = bindparam("queued_at", type_=Utc)
_earlier = or_(
    rsvps.c.queued_at < _queued_at,
    and_(rsvps.c.queued_at == _queued_at, rsvps.c.person < bindparam("person")),
)
_new = insert(rsvps)
WRITE = _new.on_conflict_do_update(
    index_elements=["event", "person"],
    set_={name: _new.excluded[name] for name in FIELDS[2:]},
)
GET = select(*COLUMNS).where(_of_event, rsvps.c.person == bindparam("person"))
OF_EVENT = select(*COLUMNS).where(_of_event).order_by(*_as_answered)
AMONG = select(*COLUMNS).where(_of_event, _among).order_by(*_as_answered)
OF_PERSON = select(*COLUMNS).where(rsvps.c.person == bindparam("person")).order_by(rsvps.c.event)
TAKEN = (
    select(func.coalesce(rsvps.c.organisation, ""), func.sum(rsvps.c.seats))
    .where(_of_event, _holds)
    .group_by(rsvps.c.organisation)
)
LINE = (
    select(*COLUMNS)
    .where(_of_event, _waits)
    .order_by(rsvps.c.priority.desc(), rsvps.c.queued_at, rsvps.c.person)
)
FIRST_IN_LINE = LINE.limit(bindparam("most"))
LAST_QUEUED = select(func.max(rsvps.c.queued_at, type_=Utc)).where(_of_event, _waits)
WAITS = select(rsvps.c.person).where(_of_event, _waits).limit(1)
AHEAD = select(func.count()).where(
    _of_event,
    _waits,
    or_(rsvps.c.priority > bindparam("priority"), and_(rsvps.c.priority == bindparam("priority"), _earlier)),
)
OFFERED = select(*COLUMNS).where(_of_event, _offered).order_by(rsvps.c.offered_until, rsvps.c.person)
UNCONFIRMED = OF_EVENT.where(rsvps.c.state == literal_column("'going'"), rsvps.c.asked_again_at.is_not(None))
COUNTS = select(rsvps.c.state, func.count()).where(_of_event).group_by(rsvps.c.state)
GAVE_BACK = select(func.count()).where(
    _of_event, _holds, rsvps.c.state == literal_column("'attended'"), rsvps.c.seats == 0
)
NAMES = (
    select(
        rsvps.c.person,
        persons.c.name,
        func.coalesce(rsvps.c.organisation, ""),
        rsvps.c.state,
        rsvps.c.seats,
    )
    .join(persons, persons.c.id == rsvps.c.person)
    .where(_of_event, _among)
    .order_by(*_as_answered)
    .limit(bindparam("most"))
)
SEATED = NAMES.where(rsvps.c.seats > 0)
_acts = select(roles.c.id).where(roles.c.person_id == rsvps.c.person, roles.c.until.is_(None))
_acts_for_it = _acts.where(or_(rsvps.c.organisation.is_(None), roles.c.organisation == rsvps.c.organisation))
OUTDATED = (
    select(rsvps.c.person)
    .join(events, events.c.number == rsvps.c.event)
    .where(
        rsvps.c.state.in_([literal_column(f"'{state}'") for state in STANDING]),
        is_planned,
        events.c.ended_at.is_(None),
        ~_acts_for_it.exists(),
    )
    .distinct()
    .order_by(rsvps.c.person)
)
NEXT_EXPIRY = (
    select(rsvps.c.event, rsvps.c.offered_until)
    .join(events, events.c.number == rsvps.c.event)
    .where(_offered, rsvps.c.offered_until.is_not(None), is_planned)
    .order_by(rsvps.c.offered_until, rsvps.c.event)
    .limit(1)
)


class Rsvps(Verbs):
    """The verbs over RSVPs. Whoever writes holds the event (`events.get(number, lock=True)`)."""

    def get(self, event: int, person: int) -> Rsvp | None:
        """What somebody answered, or None."""
        return next(iter(self._all(GET, event=event, person=person)), None)

    def write(self, *given: Rsvp) -> None:
        """These answers are like this from now on, whatever was there before."""
        rows = [_row(one) for one in given]
        if rows:
            self._connection.execute(WRITE, rows[0] if len(rows) == 1 else rows)

    def taken(self, event: int) -> Taken:
        """The seats that are held; those of nobody's organisation only in the total."""
        seats = {slug: int(held) for slug, held in self._connection.execute(TAKEN, {"event": event})}
        return Taken(sum(seats.values()), {slug: held for slug, held in seats.items() if slug})

    def line(self, event: int, limit: int | None = None) -> tuple[Rsvp, ...]:
        """Who waits for a seat, first in line first, or the first so many of them (spec/engagement.md
        section 1)."""
        if limit is None:
            return self._all(LINE, event=event)
        return self._all(FIRST_IN_LINE, event=event, most=limit)

    def last_queued(self, event: int) -> datetime | None:
        """When the last of those who wait joined the line (UTC), None if nobody waits."""
        last: datetime | None = self._connection.execute(LAST_QUEUED, {"event": event}).scalar_one()
        return last

    def waits(self, event: int) -> bool:
        """Whether anybody waits for a seat."""
        return self._connection.execute(WAITS, {"event": event}).first() is not None

    def position(self, rsvp: Rsvp) -> int:
        """Where somebody who waits stands in line: 1 is first."""
        asked = {name: getattr(rsvp, name) for name in ("event", "person", "priority", "queued_at")}
        ahead: int = self._connection.execute(AHEAD, asked).scalar_one()
        return ahead + 1

    def offered(self, event: int) -> tuple[Rsvp, ...]:
        """For whom a seat is held until they say, by when that runs out."""
        return self._all(OFFERED, event=event)

    def unconfirmed(self, event: int) -> tuple[Rsvp, ...]:
        """Who goes, was asked whether they still come, and has not said; by when they had answered."""
        return self._all(UNCONFIRMED, event=event)

    def of_event(self, event: int, states: tuple[State, ...] = ()) -> tuple[Rsvp, ...]:
        """Every answer to an event, or those in one of these states; by when they were given."""
        if not states:
            return self._all(OF_EVENT, event=event)
        return self._all(AMONG, event=event, states=states)

    def of_person(self, person: int) -> tuple[Rsvp, ...]:
        """Every answer of somebody, by number of the event."""
        return self._all(OF_PERSON, person=person)

    def counts(self, event: int) -> Mapping[State, int]:
        """How many persons are in each state; states with nobody are left out."""
        found = self._connection.execute(COUNTS, {"event": event})
        return {cast(State, state): number for state, number in found}

    def gave_back(self, event: int) -> int:
        """How many persons came to a session and gave back their seats in those to come."""
        count: int = self._connection.execute(GAVE_BACK, {"event": event}).scalar_one()
        return count

    def names(
        self, event: int, states: tuple[State, ...], limit: int, *, seated: bool = False
    ) -> tuple[Named, ...]:
        """The first so many persons in these states, by when they answered; `seated`: only who has not given
        back their seats."""
        asked = {"event": event, "states": states, "most": limit}
        statement = SEATED if seated else NAMES
        return tuple(Named(*row) for row in self._connection.execute(statement, asked))

    def outdated(self) -> tuple[int, ...]:
        """Who holds a seat, waits for one or may come to what is not over, and acts no more for the
        organisation by which they do, or for none at all; by person."""
        return tuple(person for (person,) in self._connection.execute(OUTDATED))

    def next_expiry(self) -> tuple[int, datetime] | None:
        """The event of which the next held seat runs out, and when (UTC; it may be past); None if no seat is
        held for anybody. Cancelled events are left out."""
        row = self._connection.execute(NEXT_EXPIRY).first()
        return None if row is None else (row[0], row[1])

    def _all(self, statement: Select[Any], **given: object) -> tuple[Rsvp, ...]:
        return tuple(_rsvp(row) for row in self._connection.execute(statement, given))


def _row(rsvp: Rsvp) -> dict[str, Any]:
    row = {name: getattr(rsvp, name) for name in FIELDS}
    return row | {"organisation": rsvp.organisation or None}


def _rsvp(row: Any) -> Rsvp:
    return Rsvp(*row)
