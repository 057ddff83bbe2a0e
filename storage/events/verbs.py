"""The verbs over events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from storage.columns import Utc, Verbs
from storage.counters import next_number
from storage.events.tables import events, is_live, is_planned

LARGEST = 2**63 - 1  # more does not fit in a row's number
FIELDS = tuple(field.name for field in fields(Event))

COLUMNS = tuple(events.c[name] for name in FIELDS)
_now = bindparam("now", type_=Utc)
ADD = events.insert().returning(*COLUMNS)
GET = select(*COLUMNS).where(events.c.number == bindparam("one"))
# NO KEY: the answers that point to it need not wait, only who answers
GET_LOCKED = GET.with_for_update(key_share=True)
WRITE = update(events).where(events.c.number == bindparam("one")).returning(*COLUMNS)
LIVE = select(*COLUMNS).where(is_live).order_by(events.c.number)
COMING = select(*COLUMNS).where(events.c.ends_at > _now).order_by(events.c.starts_at, events.c.number)
AROUND = (
    select(*COLUMNS)
    .where(
        is_planned,
        events.c.ends_at > bindparam("since", type_=Utc),
        events.c.starts_at < bindparam("until", type_=Utc),
    )
    .order_by(events.c.starts_at, events.c.number)
)
_past = events.c.ends_at <= _now
PAST = (
    select(*COLUMNS)
    .where(_past)
    .order_by(events.c.ends_at.desc(), events.c.number.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
HOW_MANY_PAST = select(func.count()).select_from(events).where(_past)
OF_MEETING = select(*COLUMNS).where(events.c.meeting == bindparam("meeting"))
OF_ACTIVITY = select(*COLUMNS).where(events.c.activity == bindparam("activity")).order_by(events.c.number)
BY_UID = select(*COLUMNS).where(events.c.uid == bindparam("uid"))


class Events(Verbs):
    """The verbs over events."""

    def add(self, event: Event) -> Event:
        """Keep a new event under the next number (1, 2, 3 without gaps; the one it has is not looked at): the
        event as it is kept. Raises Duplicate if its uid is taken, or its meeting has an event."""
        given = _row(event) | {"number": next_number(self._connection, "events")}
        return _event(self._connection.execute(ADD, given).mappings().one())

    def get(self, number: int, lock: bool = False) -> Event | None:
        """The event with this number in whatever state, or None. With `lock` nobody else who asks for it
        answers or changes it until the transaction ends."""
        if not 0 < number <= LARGEST:
            return None
        statement = GET_LOCKED if lock and self._writes else GET
        row = self._connection.execute(statement, {"one": number}).mappings().first()
        return None if row is None else _event(row)

    def write(self, event: Event) -> Event:
        """The event is like this from now on, in everything but its number. Lock it first. Raises LookupError
        if there is none."""
        given = _row(event)
        number = given.pop("number")
        row = self._connection.execute(WRITE, given | {"one": number}).mappings().first()
        if row is None:
            raise LookupError(f"event {number}")
        return _event(row)

    def live(self) -> tuple[Event, ...]:
        """The planned events of which something is still to be done by itself (`ended_at` or `asked_at` is
        None), oldest number first."""
        return self._all(LIVE)

    def coming(self, now: datetime) -> tuple[Event, ...]:
        """The events, planned or cancelled, whose last session is not over, by when they start."""
        return self._all(COMING, now=now)

    def around(self, since: datetime, until: datetime) -> tuple[Event, ...]:
        """The planned events whose last session is over after `since`, or is to come, and whose first one
        starts before `until`, by when they start."""
        return self._all(AROUND, since=since, until=until)

    def past(self, now: datetime, limit: int, offset: int = 0) -> tuple[tuple[Event, ...], int]:
        """A page of the events, planned or cancelled, whose last session is over, newest first; and how many
        there are in all."""
        total: int = self._connection.execute(HOW_MANY_PAST, {"now": now}).scalar_one()
        return self._all(PAST, now=now, most=limit, skipped=offset), total

    def of_meeting(self, meeting: int) -> Event | None:
        """The event that this General Assembly is, or None."""
        return next(iter(self._all(OF_MEETING, meeting=meeting)), None)

    def of_activity(self, activity: int) -> tuple[Event, ...]:
        """The events that were logged as this activity, oldest number first."""
        return self._all(OF_ACTIVITY, activity=activity)

    def by_uid(self, uid: str) -> Event | None:
        """The event that calendars know by this uid, or None."""
        return next(iter(self._all(BY_UID, uid=uid)), None)

    def _all(self, statement: Select[Any], **given: object) -> tuple[Event, ...]:
        return tuple(_event(row) for row in self._connection.execute(statement, given).mappings())


def _row(event: Event) -> dict[str, Any]:
    row = {name: getattr(event, name) for name in FIELDS}
    row |= {"hosts": list(event.hosts), "shared": list(event.shared), "ends_at": ends_at(event)}
    return row | {"meeting": event.meeting or None, "activity": event.activity or None}


def _event(row: Mapping[Any, Any]) -> Event:
    given = dict(row)
    given |= {"hosts": tuple(given["hosts"]), "shared": tuple(given["shared"])}
    return Event(**given | {"meeting": given["meeting"] or 0, "activity": given["activity"] or 0})
