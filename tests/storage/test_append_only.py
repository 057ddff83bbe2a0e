"""The past is guarded by the database itself: no line of a book and no voter on a roll can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.charters import CharterVersion
from storage.database import is_busy
from storage.migrating import config
from storage.store import Storage, Store
from tests.storage.made_up import DAY, NOW
from tests.storage.made_up_motions import fill
from tests.storage.test_migrations import connected

GUARDED = ("ballots", "rolls")


def refused(url: str, statement: str) -> None:
    with connected(url) as connection, pytest.raises(IntegrityError, match="append-only") as caught:
        connection.execute(text(statement))
    assert not is_busy(caught.value)


def sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def kept(store: Store) -> tuple[tuple[object, ...], ...]:
    return store.ballots.roll(1), store.ballots.book(1)


@contextmanager
def opened(url: str) -> Iterator[Storage]:
    storage = Storage(url)
    yield storage
    storage.close_now()


def assert_guarded(url: str) -> None:
    """Over a database that `fill` filled."""
    with opened(url) as storage:
        before = storage.read_now(kept)
        assert len(before[0]) == len(before[1]) == 2
    for table in GUARDED:
        refused(url, f"DELETE FROM {table}")
        refused(url, f"UPDATE {table} SET motion = motion")
        if sqlite(url):
            refused(url, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        else:
            refused(url, f"TRUNCATE {table}")
    refused(url, "UPDATE ballots SET payload = 'against' WHERE seq = 2")
    if not sqlite(url):
        refused(url, "TRUNCATE motions CASCADE")
    with opened(url) as storage:
        assert storage.read_now(kept) == before


def test_the_database_itself_refuses_to_change_the_past(storage: Storage, database_url: str) -> None:
    fill(storage)
    assert_guarded(database_url)


@pytest.mark.parametrize(
    "change",
    [
        "recused_at = NULL, recused_why = 'only a reason'",
        "recused_at = '2026-05-13 09:30:00', name = 'Another'",
        "recused_at = '2026-05-13 09:30:00', member_class = 'partner'",
        "recused_at = '2026-05-13 09:30:00', organisation = 'emc2'",
        "recused_at = '2026-05-13 09:30:00', motion = 2",
    ],
)
def test_a_roll_takes_nothing_but_a_recusal(storage: Storage, database_url: str, change: str) -> None:
    fill(storage)
    refused(database_url, f"UPDATE rolls SET {change} WHERE organisation = 'cimes'")


def test_a_recusal_is_not_taken_back(storage: Storage, database_url: str) -> None:
    fill(storage)
    storage.write_now(lambda store: store.ballots.recuse(1, "cimes", "our own bid", NOW))
    refused(database_url, "UPDATE rolls SET recused_at = NULL WHERE organisation = 'cimes'")
    refused(database_url, "UPDATE rolls SET recused_why = 'another' WHERE organisation = 'cimes'")


def triggers(url: str) -> set[str]:
    kept = "sqlite_master WHERE type = 'trigger'" if sqlite(url) else "pg_trigger AS t WHERE NOT tgisinternal"
    name = "name" if sqlite(url) else "tgname"
    with connected(url) as connection:
        return set(connection.execute(text(f"SELECT {name} FROM {kept}")).scalars())


def test_a_database_that_has_rows_is_guarded_too_and_back(bare_url: str) -> None:
    storage = Storage(bare_url)
    charter = (
        "INSERT INTO charters (version, in_force_from, fingerprint, text, added_at)"
        " VALUES (1, '2026-05-12', 'f', '{}', '2026-05-12 09:30:00')"
    )
    with connected(bare_url) as connection:
        command.upgrade(config(connection), "0005")
        connection.execute(text(charter))
    storage.migrate()
    assert storage.read_now(lambda store: store.charters.versions()) == (CharterVersion(1, DAY, "f", "{}"),)
    fill(storage)
    storage.write_now(lambda store: store.charters.add("g", "{}", DAY, NOW, 1))
    assert [one.motion for one in storage.read_now(lambda store: store.charters.versions())] == [None, 1]
    storage.close_now()
    assert_guarded(bare_url)
    last = "replace" if sqlite(bare_url) else "truncate"
    assert triggers(bare_url) == {f"{table}_{on}" for table in GUARDED for on in ("update", "delete", last)}

    with connected(bare_url) as connection:
        command.downgrade(config(connection), "0005")
        assert not {"ballots", "rolls", "motions"} & set(inspect(connection).get_table_names())
        assert connection.execute(text("SELECT version FROM charters ORDER BY version")).scalars().all() == [
            1,
            2,
        ]
        nouns = connection.execute(text("SELECT noun FROM changes ORDER BY noun")).scalars().all()
        assert nouns == ["activities", "organisations"]
    assert triggers(bare_url) == set()
    if not sqlite(bare_url):
        with connected(bare_url) as connection, pytest.raises(DBAPIError, match="does not exist"):
            connection.execute(text("DROP FUNCTION append_only()"))
    with connected(bare_url) as connection:
        command.upgrade(config(connection), "head")
