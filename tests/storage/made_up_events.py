"""A made-up event and answers to it that the storage tests share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from bot.rules.events.values import Event
from bot.rules.rsvp.values import Rsvp
from storage.store import Storage, Store
from tests.storage.made_up import NOW, settle

DAY = timedelta(days=1)
EVENT = Event(
    number=0,
    uid="",
    kind="webinar",
    title="Green hydrogen 101",
    starts_at=NOW + 7 * DAY,
    minutes=60,
    zone="Europe/Lisbon",
    hosts=("cimes",),
    audience="public",
    created_by=1,
    created_at=NOW,
    changed_at=NOW,
)
EVERYTHING = replace(
    EVENT,
    kind="workshop",
    title="Žuvis & Sons",
    minutes=180,
    hosts=("mecatech", "cimes"),
    audience="hosts",
    changed_at=NOW + DAY,
    about="Bring your own.",
    where="Rua Nova 1, Lisbon",
    link="https://meet.example/x",
    capacity=0,
    per_organisation=3,
    mode="offer",
    repeats="weekly",
    times=3,
    meeting=1,
    state="cancelled",
    why="Nobody has time.",
    sequence=4,
    cancelled_at=NOW + DAY,
    last_call_at=NOW + 2 * DAY,
    released_at=NOW + 3 * DAY,
    ended_at=NOW + 4 * DAY,
    asked_at=NOW + 5 * DAY,
    turned_at=NOW + 5 * DAY,
    attendance_measured=True,
    guests=12,
    activity=1,
    not_countable=True,
    shared=("https://b.example", "https://a.example"),
)
_uids = count(1)


def plan(storage: Storage, **given: Any) -> int:
    """Ana of CIMES, if nobody is there yet, and an event of hers: its number."""

    def work(store: Store) -> int:
        if not store.organisations.all():
            settle(store)
        event = replace(EVENT, **{"uid": f"{next(_uids)}@charterbot", **given})
        return store.events.add(event).number

    return storage.write_now(work)


def people(storage: Storage, number: int) -> tuple[int, ...]:
    """So many persons, by number, beside Ana."""

    def work(store: Store) -> tuple[int, ...]:
        names = (f"Person {one}" for one in range(number))
        return tuple(store.persons.add(name, "en", "Europe/Riga", NOW).id for name in names)

    return storage.write_now(work)


def said(event: int, person: int, state: Any = "going", minutes: int = 0, **given: Any) -> Rsvp:
    """An answer, given so many minutes after the first moment."""
    at = NOW + timedelta(minutes=minutes)
    queued_at = at if state == "waitlisted" else None
    return replace(Rsvp(event, person, "cimes", state, at, queued_at=queued_at), **given)


def write(storage: Storage, *given: Rsvp) -> None:
    """These answers stand."""
    storage.write_now(lambda store: store.rsvps.write(*given))
