"""RSVPs: one row for each person and event, seats counted by the database, a line that keeps its order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy import event as listening
from sqlalchemy.exc import DBAPIError

from bot.rules.events.sessions import ends_at
from bot.rules.rsvp.answering import answer
from bot.rules.rsvp.promoting import promoted, taken_by
from bot.rules.rsvp.values import Rsvp, Seats, Taken, Wish, fresh
from storage.rsvps import Named, rsvps
from storage.store import Storage, Store
from tests.storage.made_up import MINUTE, NOW
from tests.storage.made_up_events import DAY, people, plan, said, write

EVERYTHING = Rsvp(
    event=1,
    person=1,
    organisation="mecatech",
    state="offered",
    answered_at=NOW,
    seats=3,
    priority=-1,
    queued_at=NOW + MINUTE,
    offered_until=NOW + 2 * MINUTE,
    expiries=1,
    asked_again_at=NOW + 3 * MINUTE,
    said="going",
    method="imported",
    minutes=62,
)


def test_every_field_of_an_rsvp_has_its_column() -> None:
    assert [column.key for column in rsvps.c] == [field.name for field in fields(Rsvp)]


def test_an_rsvp_is_kept_whole_and_replaced_whole(storage: Storage) -> None:
    event = plan(storage)
    for kept in (EVERYTHING, said(event, 1, organisation="", minutes=5), EVERYTHING):
        write(storage, kept)
        assert storage.read_now(lambda store: store.rsvps.get(event, 1)) == kept
        assert storage.read_now(lambda store: store.rsvps.of_event(event)) == (kept,)
    assert storage.read_now(lambda store: (store.rsvps.get(event, 2), store.rsvps.get(2, 1))) == (None, None)


def test_who_gave_back_their_seats_came_and_holds_none(storage: Storage) -> None:
    event, other = plan(storage), plan(storage)
    luc, ola, zoe = people(storage, 3)
    came, gone = said(event, luc, "attended", seats=2), said(event, ola, "attended", 1, seats=0)
    write(storage, came, gone, said(event, zoe, minutes=2), said(other, luc, "attended", seats=0))

    def work(store: Store) -> None:
        names = store.rsvps.names(event, ("going", "attended"), 9)
        seated = store.rsvps.names(event, ("going", "attended"), 9, seated=True)
        assert [one.person for one in names] == [luc, ola, zoe]
        assert [one.person for one in seated] == [luc, zoe]
        assert (store.rsvps.gave_back(event), store.rsvps.taken(event).total) == (1, 3)

    storage.read_now(work)


def test_answers_of_nobody_and_to_nothing_are_refused(storage: Storage) -> None:
    event = plan(storage)
    for wrong in (said(event, 9), said(9, 1), said(event, 1, organisation="nowhere")):
        with pytest.raises(DBAPIError):
            write(storage, wrong)
    write(storage)  # none at all
    assert storage.read_now(lambda store: store.rsvps.of_event(event)) == ()


def test_what_is_asked_of_an_events_answers(storage: Storage) -> None:
    event, other = plan(storage), plan(storage)
    ana, luc, ola, zoe, max_, eva = 1, *people(storage, 5)
    going, nobodys = said(event, ana, minutes=9, seats=2), said(event, luc, organisation="", minutes=1)
    offered = said(event, ola, "offered", 2, organisation="mecatech", offered_until=NOW + DAY)
    waits = said(event, zoe, "waitlisted", 3, seats=4)
    cant = said(event, max_, "declined", 1)
    again = said(event, eva, minutes=4, asked_again_at=NOW, seats=5)
    elsewhere = said(other, ana, "maybe", seats=9)
    write(storage, going, nobodys, offered, waits, cant, again, elsewhere)

    def work(store: Store) -> None:
        verbs = store.rsvps
        assert verbs.taken(event) == Taken(9, {"cimes": 7, "mecatech": 1})
        assert verbs.taken(other) == Taken()
        assert verbs.line(event) == (waits,)
        assert (verbs.waits(event), verbs.waits(other)) == (True, False)
        assert (verbs.last_queued(event), verbs.last_queued(other)) == (waits.queued_at, None)
        assert verbs.offered(event) == (offered,)
        assert verbs.unconfirmed(event) == (again,)
        assert verbs.of_event(event) == (nobodys, cant, offered, waits, again, going)
        assert verbs.of_event(event, ("offered", "going")) == (nobodys, offered, again, going)
        assert verbs.of_event(event, ("attended",)) == ()
        assert verbs.of_person(ana) == (going, elsewhere)
        assert verbs.counts(event) == {"going": 3, "offered": 1, "waitlisted": 1, "declined": 1}
        assert verbs.counts(99) == {}
        assert verbs.names(event, ("going", "waitlisted"), 3) == (
            Named(luc, "Person 0", "", "going", 1),
            Named(zoe, "Person 2", "cimes", "waitlisted", 4),
            Named(eva, "Person 4", "cimes", "going", 5),
        )

    storage.read_now(work)


def test_the_next_seat_that_runs_out_is_one_of_a_planned_event(storage: Storage) -> None:
    def next_expiry() -> object:
        return storage.read_now(lambda store: store.rsvps.next_expiry())

    assert next_expiry() is None
    cancelled, late, soon = plan(storage, state="cancelled"), plan(storage), plan(storage)
    for event, hours in ((cancelled, 1), (late, 3), (soon, 2)):
        until = NOW + timedelta(hours=hours)
        write(storage, said(event, 1, "offered", offered_until=until))
    assert next_expiry() == (soon, NOW + timedelta(hours=2))
    write(storage, said(soon, 1, offered_until=NOW))  # taken
    assert next_expiry() == (late, NOW + timedelta(hours=3))


def test_who_has_a_seat_by_a_role_that_ended(storage: Storage) -> None:
    event, over = plan(storage), plan(storage, ended_at=NOW)
    ana, luc, ola, zoe = people(storage, 4)

    def roles(store: Store) -> None:
        for person, slug in ((ana, "cimes"), (luc, "mecatech"), (zoe, "")):
            store.roles.grant(person, "member", slug, NOW, None)

    storage.write_now(roles)
    write(
        storage,
        said(event, ana),  # acts for it
        said(event, luc, "waitlisted"),  # acts for another one
        said(event, ola, "maybe", organisation=""),  # acts for none
        said(event, zoe, organisation=""),  # nobody's seat, by a role of the alliance
        said(over, ola),
    )
    assert storage.read_now(lambda store: store.rsvps.outdated()) == (luc, ola)
    write(storage, said(event, luc, "declined"), said(event, ola, "attended"))
    assert storage.read_now(lambda store: store.rsvps.outdated()) == ()


LINES = st.lists(st.tuples(st.integers(-1, 1), st.integers(0, 2)), min_size=1, max_size=7)


def test_the_place_in_line_is_where_one_stands_in_it(storage: Storage) -> None:
    event = plan(storage)
    people(storage, 6)

    @given(LINES)
    def stands(places: list[tuple[int, int]]) -> None:
        line = [
            said(event, person, "waitlisted", minutes, priority=priority)
            for person, (priority, minutes) in enumerate(places, 1)
        ]
        order = sorted(line, key=lambda one: (-one.priority, one.queued_at or NOW, one.person))

        def work(store: Store) -> None:
            with store.trial():
                store.rsvps.write(*line)
                assert store.rsvps.line(event) == tuple(order)
                assert store.rsvps.line(event, 3) == tuple(order[:3])
                assert store.rsvps.last_queued(event) == max(one.queued_at or NOW for one in line)
                assert [store.rsvps.position(one) for one in order] == list(range(1, len(line) + 1))

        storage.write_now(work)

    stands()


Look = Callable[[Store], object]
LOOKS: dict[str, tuple[str, Look]] = {
    "live": ("ix_events_live", lambda s: s.events.live()),
    "coming": ("ix_events_ends_at", lambda s: s.events.coming(NOW)),
    "past": ("ix_events_ends_at", lambda s: s.events.past(NOW, 5)),
    "by uid": ("sqlite_autoindex_events", lambda s: s.events.by_uid("a")),
    "of meeting": ("sqlite_autoindex_events", lambda s: s.events.of_meeting(1)),
    "taken": ("COVERING INDEX ix_rsvps_held", lambda s: s.rsvps.taken(1)),
    "line": ("ix_rsvps_line", lambda s: s.rsvps.line(1)),
    "first in line": ("ix_rsvps_line", lambda s: s.rsvps.line(1, 20)),
    "last queued": ("COVERING INDEX ix_rsvps_line", lambda s: s.rsvps.last_queued(1)),
    "waits": ("COVERING INDEX ix_rsvps_", lambda s: s.rsvps.waits(1)),
    "position": ("COVERING INDEX ix_rsvps_line", lambda s: s.rsvps.position(EVERYTHING)),
    "offered": ("ix_rsvps_", lambda s: s.rsvps.offered(1)),
    "unconfirmed": ("ix_rsvps_state", lambda s: s.rsvps.unconfirmed(1)),
    "counts": ("COVERING INDEX ix_rsvps_state", lambda s: s.rsvps.counts(1)),
    "names": ("ix_rsvps_state", lambda s: s.rsvps.names(1, ("going",), 15)),
    "of person": ("ix_rsvps_person", lambda s: s.rsvps.of_person(1)),
    "next expiry": ("ix_rsvps_offered", lambda s: s.rsvps.next_expiry()),
}


@pytest.mark.parametrize("what", LOOKS)
def test_what_is_asked_at_every_tap_reads_no_whole_table(sqlite_url: str, what: str) -> None:
    storage = Storage(sqlite_url)
    steps: list[str] = []

    def explain(connection: Connection, _: Any, statement: str, given: Any, *_rest: Any) -> None:
        raw = connection.connection.execute("EXPLAIN QUERY PLAN " + statement, given)
        steps.extend(row[3] for row in raw.fetchall())

    listening.listen(storage._reader, "before_cursor_execute", explain)
    index, look = LOOKS[what]
    storage.read_now(look)
    storage.close_now()
    assert any(index in step for step in steps), steps
    assert not [step for step in steps if step in ("SCAN events", "SCAN rsvps")]


def tap(event: int, person: int, wish: Wish = "going") -> Callable[[Store], None]:
    """Somebody answers, as the bot would have it: whoever is next in line gets what they leave."""

    def work(store: Store) -> None:
        held = store.events.get(event, lock=True)
        assert held is not None
        seats = Seats(held.capacity, None, "auto", held.starts_at, ends_at(held))
        verbs = store.rsvps
        own = verbs.get(event, person) or fresh(event, person, "cimes", NOW)
        after = answer(seats, verbs.taken(event), own, wish, NOW + timedelta(seconds=person))
        verbs.write(after)
        if wish == "no":
            rising = promoted(seats, verbs.taken(event), verbs.line(event), NOW, lambda _one: NOW)
            verbs.write(*rising)

    return work


async def test_many_who_tap_at_once_get_exactly_the_seats(storage: Storage, database_url: str) -> None:
    event = await asyncio.to_thread(plan, storage, capacity=50)
    persons = await asyncio.to_thread(people, storage, 60)
    other = Storage(database_url)

    async def all_at_once(taps: list[tuple[int, Wish]]) -> tuple[Rsvp, ...]:
        works = (tap(event, person, wish) for person, wish in taps)
        await asyncio.gather(*((storage, other)[n % 2].write(work) for n, work in enumerate(works)))
        return await storage.read(lambda store: store.rsvps.of_event(event))

    def in_state(rows: tuple[Rsvp, ...], state: str) -> set[int]:
        return {one.person for one in rows if one.state == state}

    rows = await all_at_once([(person, "going") for person in persons] * 2)  # everybody taps twice
    going, waits = in_state(rows, "going"), in_state(rows, "waitlisted")
    assert (len(going), len(waits), len(rows)) == (50, 10, 60)
    assert (await storage.read(lambda store: store.rsvps.taken(event))) == taken_by(rows)

    line = await storage.read(lambda store: store.rsvps.line(event))
    leavers, latecomers = sorted(going)[:5], sorted(waits)[:2]
    rows = await all_at_once([*((one, "no") for one in leavers), *((one, "going") for one in latecomers)])
    await other.close()
    risen = {one.person for one in line[:5]}
    assert in_state(rows, "going") == going - set(leavers) | risen
    assert in_state(rows, "withdrawn") == set(leavers)
    assert in_state(rows, "waitlisted") == waits - risen
