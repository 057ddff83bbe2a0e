"""Transactions: all or nothing, nothing lost between many, and what is temporary is Busy."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from storage import database
from storage.database import is_busy, read_url
from storage.organisations import Organisation
from storage.store import Busy, Duplicate, Storage, Store
from tests.storage.made_up import CIMES, DAY, MECATECH, NOW, settle, workshop


async def test_a_write_is_there_for_the_next_read(storage: Storage) -> None:
    assert await storage.write(lambda store: store.organisations.add(CIMES)) == CIMES
    assert await storage.read(lambda store: store.organisations.all()) == (CIMES,)


async def test_what_raises_leaves_nothing(storage: Storage) -> None:
    def work(store: Store) -> None:
        store.organisations.add(CIMES)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await storage.write(work)
    assert await storage.read(lambda store: store.organisations.all()) == ()
    await storage.write(lambda store: store.organisations.add(CIMES))


async def test_a_reader_cannot_write(storage: Storage) -> None:
    with pytest.raises(DBAPIError):
        await storage.read(lambda store: store.organisations.add(CIMES))
    assert await storage.read(lambda store: store.organisations.all()) == ()
    await storage.write(lambda store: store.organisations.add(CIMES))  # the same connection writes again


async def test_a_reader_takes_no_locks_and_sees_one_moment(storage: Storage) -> None:
    author = await storage.write(settle)
    await storage.write(lambda store: store.activities.add(workshop(), author, (), NOW))
    found = await storage.read(lambda store: store.activities.get(1, lock=True))
    assert found is not None
    assert found.author == author


def test_plain_programs_use_the_same_transactions(storage: Storage) -> None:
    storage.write_now(lambda store: store.organisations.add(CIMES))
    assert storage.read_now(lambda store: store.organisations.get("cimes")) == CIMES
    storage.ping()


def test_a_transaction_inside_a_transaction_is_told_at_once(storage: Storage) -> None:
    with pytest.raises(RuntimeError, match="would wait for itself"):
        storage.write_now(lambda _store: storage.read_now(lambda store: store.organisations.all()))
    with pytest.raises(RuntimeError, match="would wait for itself"):
        storage.read_now(lambda _store: storage.write_now(lambda store: store.organisations.all()))


async def test_forty_at_once_lose_nothing(storage: Storage, database_url: str) -> None:
    author = await storage.write(settle)
    await storage.write(lambda store: store.activities.add(workshop(), author, (), NOW))

    def one_more(store: Store) -> None:
        activity = store.activities.get(1, lock=True)
        assert activity is not None
        record = replace(activity.record, sme_number=activity.record.sme_number + 1)
        store.activities.change(1, record, author, NOW)

    other = Storage(database_url)  # a second process would be just as far away
    await asyncio.gather(*(which.write(one_more) for which in [storage, other] * 20))
    await other.close()
    activity = await storage.read(lambda store: store.activities.get(1))
    assert activity is not None
    assert activity.record.sme_number == 40
    assert activity.version == 41


async def test_many_grants_of_one_role_are_one_role(storage: Storage) -> None:
    person = await storage.write(settle)
    grant = [
        storage.write(lambda store: store.roles.grant(person, "representative", "cimes", NOW, None))
        for _ in range(16)
    ]
    assert len({role.id for role in await asyncio.gather(*grant)}) == 1


async def test_what_is_there_already_is_a_duplicate(storage: Storage) -> None:
    await storage.write(lambda store: store.organisations.add(CIMES))
    with pytest.raises(Duplicate):
        await storage.write(lambda store: store.organisations.add(CIMES))


async def test_a_pointer_to_nothing_is_refused(storage: Storage) -> None:
    person = await storage.write(settle)
    with pytest.raises(DBAPIError) as caught:
        await storage.write(lambda store: store.roles.grant(person, "member", "nowhere", NOW, None))
    assert not is_busy(caught.value)


async def test_a_locked_file_is_busy_and_then_is_not(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 20)
    storage = Storage(sqlite_url)
    other = sqlite3.connect(read_url(sqlite_url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match="locked"):
        await storage.write(lambda store: store.organisations.add(CIMES))
    assert await storage.read(lambda store: store.organisations.all()) == ()  # readers go on
    other.execute("ROLLBACK")
    other.close()
    await storage.write(lambda store: store.organisations.add(CIMES))
    await storage.close()


async def test_a_lost_connection_is_busy_and_the_next_one_works(postgres_url: str, postgres: str) -> None:
    storage = Storage(postgres_url)
    await storage.write(settle)
    with psycopg.connect(postgres, autocommit=True) as connection:
        name = read_url(postgres_url).database
        stopped = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        assert stopped.fetchall() == [(True,)]
    with pytest.raises(Busy):
        await storage.write(settle)
    assert len(await storage.read(lambda store: store.organisations.all())) == 2
    await storage.close()


async def test_a_deadlock_is_busy_for_one_of_the_two(postgres_url: str) -> None:
    storage = Storage(postgres_url)
    author = await storage.write(settle)
    for _ in range(2):
        await storage.write(lambda store: store.activities.add(workshop(), author, (), NOW))
    both = threading.Barrier(2, timeout=30)

    def crossing(first: int, second: int) -> None:
        def work(store: Store) -> None:
            store.activities.get(first, lock=True)
            both.wait()
            store.activities.get(second, lock=True)

        storage.write_now(work)

    ended = await asyncio.gather(
        asyncio.to_thread(crossing, 1, 2), asyncio.to_thread(crossing, 2, 1), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in ended) == ["Busy", "NoneType"]
    await storage.close()


def test_a_server_that_is_not_there_is_busy() -> None:
    storage = Storage("postgresql://postgres@/postgres?host=/nowhere/at/all")
    with pytest.raises(Busy):
        storage.ping()
    storage.close_now()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"expected sqlite:///path or postgresql://…"):
        Storage(url)


@pytest.mark.parametrize("url", ["postgres://a@b/c", "postgresql://a@b/c", "postgresql+psycopg2://a@b/c"])
def test_postgresql_is_reached_by_psycopg_however_it_is_written(url: str) -> None:
    assert read_url(url).render_as_string() == "postgresql+psycopg://a@b/c"


def test_an_sqlite_file_is_opened_as_it_must_be(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    for engine, expected in ((storage._writer, ("wal", 2, 1, 0)), (storage._reader, ("wal", 2, 1, 1))):
        with engine.connect() as connection:
            pragmas = ("journal_mode", "synchronous", "foreign_keys", "query_only")
            found = tuple(connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas)
            assert found == expected
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == database.PATIENCE
    storage.close_now()


async def test_no_text_makes_a_transaction_impossible(storage: Storage) -> None:
    odd = "a\0b \ud800 c \U0001f600 ‮d‬ é"
    person = await storage.write(lambda store: store.persons.add(odd, "en", "Europe/Riga", NOW))
    found = await storage.read(lambda store: store.persons.get(person.id))
    assert found is not None
    assert found.name == "a\ufffdb \ufffd c \U0001f600 ‮d‬ é"


# ---- attempts ----


def test_an_attempt_that_breaks_leaves_nothing_and_the_rest_stays(storage: Storage) -> None:
    def attempt(store: Store, *these: Organisation) -> None:
        with store.attempt():
            for one in these:
                store.organisations.add(one)
            raise ZeroDivisionError

    def work(store: Store) -> None:
        with store.attempt():
            store.organisations.add(CIMES)
        with pytest.raises(ZeroDivisionError):
            attempt(store, MECATECH)
        with pytest.raises(Duplicate):
            attempt(store, MECATECH, MECATECH)  # the database itself says no
        assert store.organisations.all() == (CIMES,)
        store.persons.add("Ana", "pt", "Europe/Lisbon", NOW)  # the transaction goes on

    storage.write_now(work)
    assert storage.read_now(lambda store: store.organisations.all()) == (CIMES,)
    assert storage.read_now(lambda store: store.persons.get(1)) is not None


def test_what_is_recalled_knows_what_an_attempt_did_and_nothing_of_one_that_broke(
    storage: Storage, database_url: str
) -> None:
    author = storage.write_now(settle)

    def titles(store: Store) -> list[str]:
        return [one.record.title for one in store.activities.between(DAY, DAY)]

    def breaks(store: Store) -> None:
        with store.attempt():
            store.activities.add(workshop("Tried"), author, (), NOW)
            assert titles(store)[-1] == "Tried"
            store.organisations.all()  # looks at all the numbers
            raise ZeroDivisionError

    def work(store: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            breaks(store)
        assert (titles(store), store.changed) == ([], frozenset())
        with store.attempt():
            store.activities.add(workshop("First"), author, (), NOW)
        with pytest.raises(ZeroDivisionError):
            breaks(store)
        assert (titles(store), store.changed) == (["First"], frozenset({"activities"}))

    def only_breaks(store: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            breaks(store)
        assert titles(store) == ["First"]

    storage.write_now(work)
    assert storage.read_now(titles) == ["First"]
    storage.write_now(only_breaks)
    other = Storage(database_url)  # another process raises the number to where the attempt had raised it
    other.write_now(lambda store: store.activities.add(workshop("Second"), author, (), NOW))
    other.close_now()
    assert storage.read_now(titles) == ["First", "Second"]
