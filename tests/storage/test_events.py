"""Events: numbered without gaps, kept whole, found by what is still to be done or to come."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from storage.events.tables import events
from storage.meetings import Meeting
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import HOUR, MINUTE, NOW, settle, workshop
from tests.storage.made_up_events import DAY, EVENT, EVERYTHING, plan


def get(storage: Storage, number: int) -> Event | None:
    return storage.read_now(lambda store: store.events.get(number))


def prepare(store: Store) -> None:
    """An activity and an Assembly that an event may point to."""
    author = settle(store)
    store.activities.add(workshop(), author, (), NOW)
    meeting = Meeting(0, "General Assembly", NOW, "Europe/Riga", "Riga", (), author, NOW)
    store.meetings.add(meeting)


def test_every_field_of_an_event_has_its_column() -> None:
    kept = {column.key for column in events.c}
    assert kept == {field.name for field in fields(Event)} | {"ends_at"}


@pytest.mark.parametrize("event", [EVENT, EVERYTHING], ids=["fresh", "everything"])
def test_an_event_is_kept_whole(storage: Storage, event: Event) -> None:
    storage.write_now(prepare)
    kept = storage.write_now(lambda store: store.events.add(replace(event, number=77)))
    assert kept == replace(event, number=1) == get(storage, 1)
    back = {EVENT: EVERYTHING, EVERYTHING: EVENT}[event]
    changed = replace(back, number=1, title="Nul \0 byte")
    written = storage.write_now(lambda store: store.events.write(changed))
    assert written == replace(changed, title="Nul \ufffd byte") == get(storage, 1)


def test_events_are_numbered_without_gaps(storage: Storage) -> None:
    plan(storage)

    def breaks(store: Store) -> None:
        store.events.add(replace(EVENT, uid="gone"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.write_now(breaks)
    assert [plan(storage), plan(storage)] == [2, 3]


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
def test_a_number_that_no_event_has(storage: Storage, number: int) -> None:
    plan(storage)
    assert get(storage, number) is None
    assert storage.write_now(lambda store: store.events.get(number, lock=True)) is None


def test_an_event_that_is_not_there_cannot_be_written(storage: Storage) -> None:
    plan(storage)
    with pytest.raises(LookupError, match="event 9"):
        storage.write_now(lambda store: store.events.write(replace(EVENT, number=9)))


def test_a_uid_and_an_assembly_are_of_one_event(storage: Storage) -> None:
    storage.write_now(prepare)
    number = plan(storage, uid="a@charterbot", meeting=1)
    plan(storage)
    plan(storage)  # many are no Assembly
    for twice in ({"uid": "a@charterbot"}, {"meeting": 1}):
        with pytest.raises(Duplicate):
            plan(storage, **twice)

    def found(store: Store) -> list[Event | None]:
        verbs = store.events
        return [verbs.by_uid("a@charterbot"), verbs.of_meeting(1), verbs.by_uid("b"), verbs.of_meeting(2)]

    assert storage.read_now(found) == [get(storage, number)] * 2 + [None] * 2


def test_live_are_planned_ones_with_something_left_to_do(storage: Storage) -> None:
    fresh = plan(storage)
    ended = plan(storage, ended_at=NOW)
    asked = plan(storage, asked_at=NOW)
    plan(storage, ended_at=NOW, asked_at=NOW)
    plan(storage, state="cancelled")
    live = storage.read_now(lambda store: store.events.live())
    assert [one.number for one in live] == [fresh, ended, asked]


def test_coming_and_past_are_told_by_the_last_session(storage: Storage) -> None:
    over = plan(storage, starts_at=NOW - HOUR, minutes=60)  # over at this very moment
    long_over = plan(storage, starts_at=NOW - 9 * DAY, state="cancelled")
    on = plan(storage, starts_at=NOW - HOUR, minutes=61)
    later = plan(storage, starts_at=NOW + DAY)
    series = plan(storage, starts_at=NOW - 8 * DAY, repeats="weekly", times=3)
    cancelled = plan(storage, starts_at=NOW + MINUTE, state="cancelled")

    def coming(store: Store) -> list[int]:
        return [one.number for one in store.events.coming(NOW)]

    def past(limit: int, offset: int = 0) -> tuple[list[int], int]:
        page, total = storage.read_now(lambda store: store.events.past(NOW, limit, offset))
        return [one.number for one in page], total

    assert storage.read_now(coming) == [series, on, cancelled, later]
    assert past(10) == ([over, long_over], 2)
    assert [past(1), past(1, 1), past(1, 2)] == [([over], 2), ([long_over], 2), ([], 2)]

    moved = replace(EVENT, number=over, uid="moved", starts_at=NOW, repeats="monthly", times=2)
    storage.write_now(lambda store: store.events.write(moved))
    assert storage.read_now(coming) == [series, on, over, cancelled, later]
    assert ends_at(moved) > NOW + timedelta(days=20)


async def test_whoever_holds_an_event_loses_no_change(storage: Storage, database_url: str) -> None:
    number = await asyncio.to_thread(plan, storage)
    other = Storage(database_url)

    def one_more(store: Store) -> None:
        event = store.events.get(number, lock=True)
        assert event is not None
        store.events.write(replace(event, guests=event.guests + 1))

    await asyncio.gather(*(which.write(one_more) for which in [storage, other] * 15))
    await other.close()
    event = await storage.read(lambda store: store.events.get(number, lock=True))  # readers take no lock
    assert event is not None
    assert event.guests == 30


def test_an_event_is_found_by_what_it_was_logged_as(storage: Storage) -> None:
    storage.write_now(prepare)
    plan(storage)
    logged = storage.write_now(lambda store: store.events.add(replace(EVENT, uid="logged", activity=1)))
    assert storage.read_now(lambda store: store.events.of_activity(1)) == (logged,)
    assert storage.read_now(lambda store: store.events.of_activity(2)) == ()
