"""Calendars that people follow by a link: their own, and everybody's (spec/engagement.md section 1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.events.calendar_file import OPEN, Entry, calendar
from bot.in_force import charters_in
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from bot.rules.rsvp.values import YES
from storage.store import Store

STAYS: Final = timedelta(days=90)  # an event stays in a calendar for so long after its end
MOST: Final = 500  # events in one calendar
PUBLIC: Final = "public"  # stands where a person's token stands


def address(web: str, token: str) -> str:
    """The link to a calendar on our web side, which is reached at `web`."""
    return f"{web}/calendar/{token}.ics"


def own_calendar(store: Store, person: int, now: datetime) -> str:
    """The events somebody goes to, may come to or waits for, with the link of those they go to."""
    known = store.persons.get(person)
    name = f"{_alliance(store, now)}: {known.name}" if known else _alliance(store, now)
    return calendar(own_events(store, person, now), name)


def own_events(store: Store, person: int, now: datetime) -> tuple[Entry, ...]:
    """What stands in somebody's calendar: nothing that they declined, or never answered."""
    said = {one.event: one for one in store.rsvps.of_person(person) if one.state in (*YES, *OPEN)}
    mine = ((event, said[event.number]) for event in _events(store, now) if event.number in said)
    entries = (Entry(event, own, going=own.state in YES and not own.gave_back) for event, own in mine)
    return tuple(entries)[:MOST]


def public_calendar(store: Store, now: datetime) -> str:
    """The events that are for everybody, cancelled ones marked: no link to a meeting, nobody's name."""
    shown = (event for event in _events(store, now) if event.audience == "public")
    return calendar(tuple(Entry(event) for event in shown)[:MOST], _alliance(store, now))


def _events(store: Store, now: datetime) -> tuple[Event, ...]:
    past, _ = store.events.past(now, MOST, 0)
    return (*store.events.coming(now), *(one for one in past if ends_at(one) >= now - STAYS))


def _alliance(store: Store, now: datetime) -> str:
    return charters_in(store).at(now.date()).alliance.short_name
