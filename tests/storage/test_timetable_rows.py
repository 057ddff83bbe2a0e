"""Jobs and their slots, leases, silenced notices, and trials: what the timetable stands on."""

from __future__ import annotations

import asyncio
import threading

import pytest

from storage.jobs import JobRow, Run
from storage.leases import Lease
from storage.organisations import Organisation
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import CIMES, DAY, HOUR, MECATECH, MINUTE, NOW, settle, workshop

SLOT, NEXT = "2026-05-13T07:30", "2026-05-14T07:30"


def claim(storage: Storage, slot: str = SLOT, job: str = "weekly") -> int | None:
    return storage.write_now(lambda store: store.jobs.claim(job, slot, NOW))


def last(storage: Storage, job: str = "weekly") -> Run:
    return storage.read_now(lambda store: store.jobs.last_runs())[job]


# ---- jobs ----


def test_a_job_begins_when_it_is_first_seen(storage: Storage) -> None:
    def known(minutes: int) -> JobRow:
        return storage.write_now(lambda store: store.jobs.known("weekly", NOW + minutes * MINUTE))

    assert known(0) == JobRow("weekly", NOW)
    assert known(5) == JobRow("weekly", NOW)


def test_a_paused_job_goes_on_from_when_it_is_resumed(storage: Storage) -> None:
    person = storage.write_now(settle)

    def known() -> JobRow:
        return storage.write_now(lambda store: store.jobs.known("weekly", NOW))

    storage.write_now(lambda store: store.jobs.pause("weekly", person, NOW + HOUR))
    assert known() == JobRow("weekly", NOW + HOUR, NOW + HOUR, person)
    storage.write_now(lambda store: store.jobs.resume("weekly", NOW + 2 * HOUR))
    assert known() == JobRow("weekly", NOW + 2 * HOUR)


def test_a_slot_runs_once(storage: Storage) -> None:
    def work(store: Store) -> None:
        assert store.jobs.claim("weekly", SLOT, NOW) == 1
        store.jobs.finished("weekly", SLOT, 3)

    storage.write_now(work)
    assert claim(storage) is None
    assert last(storage) == Run("weekly", SLOT, "done", 1, NOW, made=3)
    assert claim(storage, NEXT) == claim(storage, job="other") == 1


def test_a_slot_that_broke_may_be_tried_again_until_it_is_done(storage: Storage) -> None:
    def breaks(store: Store) -> None:
        store.jobs.claim("weekly", SLOT, NOW)
        raise ZeroDivisionError

    for attempt in (1, 2):
        with pytest.raises(ZeroDivisionError):
            storage.write_now(breaks)
        storage.write_now(lambda store: store.jobs.broke("weekly", SLOT, "R-7QK2", NOW + HOUR))
        assert last(storage) == Run("weekly", SLOT, "failed", attempt, NOW + HOUR, "R-7QK2")
    assert claim(storage) == 3
    assert last(storage) == Run("weekly", SLOT, "done", 3, NOW)
    storage.write_now(lambda store: store.jobs.broke("weekly", SLOT, "R-LATE", NOW + HOUR))  # comes too late
    assert last(storage) == Run("weekly", SLOT, "done", 3, NOW)


def test_the_newest_run_of_each_job(storage: Storage) -> None:
    assert storage.read_now(lambda store: store.jobs.last_runs()) == {}

    def work(store: Store) -> None:
        store.jobs.claim("weekly", SLOT, NOW)
        store.jobs.claim("weekly", "now:1", NOW + HOUR)
        store.jobs.claim("weekly", NEXT, NOW + HOUR)  # at the same moment
        store.jobs.claim("nightly", SLOT, NOW)

    storage.write_now(work)
    found = storage.read_now(lambda store: store.jobs.last_runs())
    assert {name: run.slot for name, run in found.items()} == {"weekly": NEXT, "nightly": SLOT}


async def test_of_many_that_claim_a_slot_one_gets_it(storage: Storage, database_url: str) -> None:
    other = Storage(database_url)  # another process
    for turn in range(5):
        slot = f"slot {turn}"
        claims = await asyncio.gather(
            *(which.write(lambda s: s.jobs.claim("weekly", slot, NOW)) for which in [storage, other] * 5)  # noqa: B023
        )
        assert sorted(claims, key=str) == [1] + [None] * 9
    await other.close()


async def test_who_waits_for_a_slot_gets_it_if_the_other_one_breaks(postgres_url: str) -> None:
    """(On SQLite a second writer does not even begin.)"""
    storage = Storage(postgres_url)
    claimed, others_wait = threading.Event(), threading.Event()

    def breaks(store: Store) -> None:
        store.jobs.claim("weekly", SLOT, NOW)
        claimed.set()
        assert others_wait.wait(timeout=30)
        raise ZeroDivisionError

    first = asyncio.create_task(storage.write(breaks))
    await asyncio.to_thread(claimed.wait, 30)
    second = asyncio.create_task(storage.write(lambda store: store.jobs.claim("weekly", SLOT, NOW)))
    await asyncio.sleep(0.05)
    assert not second.done()
    others_wait.set()
    with pytest.raises(ZeroDivisionError):
        await first
    assert await second == 1
    await storage.close()


# ---- leases ----


def take(storage: Storage, me: str, seen: Lease | None) -> bool:
    return storage.write_now(lambda store: store.leases.take("active", me, seen))


def look(storage: Storage) -> Lease | None:
    return storage.read_now(lambda store: store.leases.look("active"))


def beat(storage: Storage, me: str) -> bool:
    return storage.write_now(lambda store: store.leases.beat("active", me))


def test_a_lease_is_taken_only_as_it_was_seen(storage: Storage) -> None:
    assert look(storage) is None
    assert take(storage, "a", None)
    assert not take(storage, "b", None)
    seen = look(storage)
    assert seen is not None
    assert seen.holder == "a"
    assert beat(storage, "a")
    assert not take(storage, "b", seen)  # it lives
    seen = look(storage)
    assert take(storage, "b", seen)
    assert not beat(storage, "a")
    assert not take(storage, "c", seen)  # b was quicker
    holder = look(storage)
    assert holder is not None
    assert holder.holder == "b"
    assert storage.read_now(lambda store: store.leases.look("other")) is None


def test_a_lease_that_is_given_up_is_free_at_once(storage: Storage) -> None:
    take(storage, "a", None)
    before = look(storage)
    storage.write_now(lambda store: store.leases.give_up("active", "b"))
    assert look(storage) == before
    storage.write_now(lambda store: store.leases.give_up("active", "a"))
    assert look(storage) is None
    assert not beat(storage, "a")
    assert not take(storage, "b", before)
    assert take(storage, "b", None)
    after = look(storage)
    assert before is not None
    assert after is not None
    assert after.beat > before.beat  # no earlier sight of it ever fits again


async def test_of_many_that_take_a_lease_one_gets_it(storage: Storage, database_url: str) -> None:
    other = Storage(database_url)  # another process
    seen: Lease | None = None
    for turn in range(5):
        names = [f"{turn}.{n}" for n in range(10)]
        taken = await asyncio.gather(
            *(
                which.write(lambda s, name=name: s.leases.take("active", name, seen))  # type: ignore[misc] # noqa: B023
                for which, name in zip([storage, other] * 5, names, strict=True)
            )
        )
        assert taken.count(True) == 1
        seen = await storage.read(lambda store: store.leases.look("active"))
        assert seen is not None
        assert seen.holder == names[taken.index(True)]
    await other.close()


# ---- silenced notices ----


def test_a_person_silences_kinds_of_notices(storage: Storage) -> None:
    ana = storage.write_now(settle)
    luc = storage.write_now(lambda store: store.persons.add("Luc", "fr", "Europe/Brussels", NOW).id)

    def work(store: Store) -> None:
        store.silenced.stop(ana, "weekly", NOW)
        store.silenced.stop(ana, "weekly", NOW + HOUR)
        store.silenced.stop(ana, "events", NOW + MINUTE)
        store.silenced.stop(luc, "events", NOW)
        store.silenced.again(luc, "events")
        store.silenced.again(luc, "weekly")

    storage.write_now(work)
    assert storage.read_now(lambda store: store.silenced.kinds(ana)) == ("weekly", "events")
    assert storage.read_now(lambda store: store.silenced.kinds(luc)) == ()


# ---- trials ----


def test_a_trial_leaves_nothing_and_the_rest_stays(storage: Storage) -> None:
    def work(store: Store) -> None:
        store.organisations.add(CIMES)
        with store.trial():
            store.organisations.add(MECATECH)
            assert len(store.organisations.all()) == 2
        assert store.organisations.all() == (CIMES,)

    storage.write_now(work)
    assert storage.read_now(lambda store: store.organisations.all()) == (CIMES,)


def test_a_trial_that_breaks_leaves_nothing_either(storage: Storage) -> None:
    def try_out(store: Store, *these: Organisation) -> None:
        with store.trial():
            for one in these:
                store.organisations.add(one)
            raise ZeroDivisionError

    def work(store: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            try_out(store, CIMES)
        with pytest.raises(Duplicate):
            try_out(store, MECATECH, MECATECH)
        store.organisations.add(CIMES)  # the transaction goes on

    storage.write_now(work)
    assert storage.read_now(lambda store: store.organisations.all()) == (CIMES,)


def test_what_is_recalled_knows_nothing_of_a_trial(storage: Storage, database_url: str) -> None:
    author = storage.write_now(settle)
    storage.write_now(lambda store: store.activities.add(workshop("First"), author, (), NOW))

    def titles(store: Store) -> list[str]:
        return [one.record.title for one in store.activities.between(DAY, DAY)]

    def work(store: Store) -> None:
        assert titles(store) == ["First"]
        with store.trial():
            store.activities.add(workshop("Tried"), author, (), NOW)
            assert titles(store) == ["First", "Tried"]
            assert store.changed == {"activities"}
            assert [one.slug for one in store.organisations.all()] == ["cimes", "mecatech"]
        assert store.changed == frozenset()
        assert titles(store) == ["First"]
        store.activities.add(workshop("Second"), author, (), NOW)
        assert store.changed == {"activities"}
        assert titles(store) == ["First", "Second"]

    storage.write_now(work)
    assert storage.read_now(titles) == ["First", "Second"]
    other = Storage(database_url)  # another process raises the number to where the trial had raised it
    other.write_now(lambda store: store.activities.add(workshop("Third"), author, (), NOW))
    other.close_now()
    assert storage.read_now(titles) == ["First", "Second", "Third"]


def test_a_number_that_only_a_trial_saw_is_not_remembered(storage: Storage, database_url: str) -> None:
    author = storage.write_now(settle)

    def titles(store: Store) -> list[str]:
        return [one.record.title for one in store.activities.between(DAY, DAY)]

    def work(store: Store) -> None:
        with store.trial():
            store.activities.add(workshop("Tried"), author, (), NOW)
            store.organisations.all()  # looks at all the numbers
        assert titles(store) == []

    storage.write_now(work)
    other = Storage(database_url)
    other.write_now(lambda store: store.activities.add(workshop("Real"), author, (), NOW))
    other.close_now()
    assert storage.read_now(titles) == ["Real"]


def test_what_a_transaction_changed(storage: Storage) -> None:
    def work(store: Store) -> None:
        assert store.changed == frozenset()
        author = settle(store)
        assert store.changed == {"organisations"}
        store.activities.lock()
        assert store.changed == {"organisations"}  # only held
        store.activities.add(workshop(), author, (), NOW)
        assert store.changed == {"organisations", "activities"}

    storage.write_now(work)
    assert storage.read_now(lambda store: store.changed) == frozenset()
