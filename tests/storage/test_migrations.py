"""Migrations: the tables are what the code says, all or nothing, once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.columns import metadata
from storage.database import read_url, writer_engine
from storage.migrating import SCRIPTS, BrokenReferences, config
from storage.places import KnownPlace
from storage.store import Storage
from tests.storage.made_up import CIMES, HALL, NOW, settle, workshop
from tests.storage.made_up_announcements import BROADCAST
from tests.storage.made_up_events import plan, said, write

ROOT = Path(__file__).parents[2]
MIGRATE = (
    "import sys; from storage.store import Storage; s = Storage(sys.argv[1]); s.migrate(); s.close_now()"
)

NEXT = '''"""A next version."""
from alembic import op
import sqlalchemy as sa
revision, down_revision = "9999", "0013"
def upgrade():
    {does}
'''

PICTURE = ("telegram", "file-1", "a.jpg", "image/jpeg", 900)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = writer_engine(read_url(url))
    with engine.connect() as connection, connection.begin():
        yield connection
    engine.dispose()


def and_then(folder: Path, does: str) -> Path:
    """The scripts as they are, and one more."""
    scripts = Path(shutil.copytree(SCRIPTS, folder / "scripts"))
    (scripts / "versions" / "9999_next.py").write_text(NEXT.format(does=does), encoding="utf-8")
    return scripts


def test_the_tables_are_those_of_the_code(database_url: str) -> None:
    with connected(database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_constraints_and_partial_indexes_are_those_of_the_code(
    postgres_url: str, bare_postgres_url: str
) -> None:
    with connected(bare_postgres_url) as connection:
        metadata.create_all(connection)
    found = []
    for url in (postgres_url, bare_postgres_url):
        with connected(url) as connection:
            indexes = connection.execute(
                text(
                    "SELECT indexname, indexdef FROM pg_indexes"
                    " WHERE schemaname = 'public' AND tablename != 'alembic_version'"
                )
            )
            constraints = connection.execute(
                text(
                    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                    " WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'"
                )
            )
            found.append((sorted(map(tuple, indexes)), sorted(map(tuple, constraints))))
    assert found[0] == found[1]
    assert len(found[0][0]) > 30


def test_migrating_twice_changes_nothing(bare_url: str) -> None:
    storage = Storage(bare_url)
    assert not storage.at_head()
    storage.migrate()
    assert storage.at_head()
    storage.write_now(settle)
    storage.migrate()
    assert len(storage.read_now(lambda store: store.organisations.all())) == 2
    storage.close_now()


@pytest.mark.kill
def test_processes_that_migrate_at_once_all_succeed(bare_url: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, bare_url],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    assert [(one.communicate()[1], one.returncode) for one in started] == [(b"", 0)] * 2
    storage = Storage(bare_url)
    assert storage.at_head()
    storage.close_now()


def test_a_new_file_that_another_process_holds_is_waited_for(bare_sqlite_url: str) -> None:
    storage = Storage(bare_sqlite_url)
    path = read_url(bare_sqlite_url).database or ""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE theirs (id)")
    other.execute("BEGIN IMMEDIATE")
    lets_go = threading.Timer(0.2, other.execute, ["ROLLBACK"])
    lets_go.start()
    storage.migrate()
    assert storage.at_head()
    lets_go.join()
    other.close()
    storage.close_now()


def test_a_migration_that_breaks_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    does = 'op.create_table("half", sa.Column("id", sa.Integer)); op.execute("SELECT nothing FROM nowhere")'
    storage = Storage(database_url)
    with pytest.raises(DBAPIError, match="nowhere"):
        storage.migrate(and_then(tmp_path, does))
    with connected(database_url) as connection:
        assert "half" not in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["0013"]
    assert storage.at_head()
    storage.write_now(settle)
    storage.close_now()


def test_a_broken_first_migration_leaves_an_empty_database(bare_url: str, tmp_path: Path) -> None:
    storage = Storage(bare_url)
    with pytest.raises(ZeroDivisionError):
        storage.migrate(and_then(tmp_path, "1 / 0"))
    with connected(bare_url) as connection:
        assert inspect(connection).get_table_names() == []
    storage.close_now()


def test_rebuilding_a_parent_keeps_its_children(database_url: str, tmp_path: Path) -> None:
    does = """with op.batch_alter_table("activities", recreate="auto") as table:
        table.alter_column("title", new_column_name="heading")"""
    storage = Storage(database_url)
    author = storage.write_now(settle)
    storage.write_now(lambda store: store.activities.add(workshop(), author, ("https://a.example",), NOW))
    storage.migrate(and_then(tmp_path, does))
    assert not storage.at_head()  # of the scripts that we know
    with connected(database_url) as connection:
        kept = connection.execute(text("SELECT count(*) FROM activity_organisations")).scalar()
        assert kept == 2
    storage.close_now()


def test_a_migration_that_orphans_rows_is_taken_back(sqlite_url: str, tmp_path: Path) -> None:
    storage = Storage(sqlite_url)
    author = storage.write_now(settle)
    storage.write_now(lambda store: store.activities.add(workshop(), author, (), NOW))
    with pytest.raises(BrokenReferences):
        storage.migrate(and_then(tmp_path, 'op.execute("DELETE FROM activities")'))
    assert storage.read_now(lambda store: store.activities.get(1)) is not None
    with pytest.raises(DBAPIError):  # and foreign keys are on again
        storage.write_now(lambda store: store.roles.grant(author, "member", "nowhere", NOW, None))
    storage.close_now()


def test_back_to_nothing_and_up_again(database_url: str) -> None:
    with connected(database_url) as connection:
        command.downgrade(config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(config(connection), "head")
        assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_what_was_there_before_the_post_office_stays(bare_url: str) -> None:
    queued = (
        'INSERT INTO deliveries (key, platform, template, "values", buttons, reason, priority, not_before,'
        " state, attempts, says) VALUES ('old', 'telegram', 't', '{}', '[]', '', 2, '2026-05-13 09:00:00',"
        " 'queued', 0, '')"
    )
    place = (
        "INSERT INTO places (platform, installation, channel, thread, kind, name, purpose, first_seen_at,"
        " seen_at) VALUES ('slack', 'T1', 'C9', '1700.1', 'group', 'the hall', '', '2026-05-13 09:00:00',"
        " '2026-05-13 09:00:00')"
    )
    with connected(bare_url) as connection:
        command.upgrade(config(connection), "0004")
        for row in (queued, place):
            connection.exec_driver_sql(row)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("CREATE TRIGGER ours AFTER DELETE ON deliveries BEGIN SELECT 1; END")
    storage = Storage(bare_url)
    storage.migrate()
    old = storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram", ("-100",)))
    assert old is not None
    assert (old.key, old.person_id, old.kind) == ("old", None, "")
    assert storage.read_now(lambda store: store.places.all()) == (KnownPlace(1, HALL),)
    storage.close_now()
    with connected(bare_url) as connection:
        if connection.dialect.name == "sqlite":
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            assert "ours" in triggers.scalars().all()
        command.downgrade(config(connection), "0004")
        assert connection.execute(text("SELECT key FROM deliveries")).scalars().all() == ["old"]
        command.upgrade(config(connection), "head")


def test_what_was_there_before_events_stays(bare_url: str) -> None:
    organisation = (
        "INSERT INTO organisations (slug, name, short_name, aliases, country, zone, language, standing,"
        " member_class, founding) VALUES ('cimes', 'CIMES', 'CIMES', '[]', 'FR', 'Europe/Paris', 'fr',"
        " 'voting', '', true)"
    )
    with connected(bare_url) as connection:
        command.upgrade(config(connection), "0006")
        connection.exec_driver_sql(organisation)
    storage = Storage(bare_url)
    storage.migrate()
    assert storage.read_now(lambda store: store.organisations.all()) == (CIMES,)
    storage.write_now(lambda store: store.persons.add("Ana", "pt", "Europe/Lisbon", NOW))
    number = plan(storage)
    write(storage, said(number, 1))
    storage.close_now()
    with connected(bare_url) as connection:
        command.downgrade(config(connection), "0006")
        assert connection.execute(text("SELECT slug FROM organisations")).scalars().all() == ["cimes"]
        command.upgrade(config(connection), "head")
        assert connection.execute(text("SELECT count(*) FROM events")).scalar() == 0


def test_what_was_there_before_announcements_stays(bare_url: str) -> None:
    queued = (
        'INSERT INTO deliveries (key, platform, template, "values", buttons, reason, priority, not_before,'
        " state, attempts, says, kind, target) VALUES ('old', 'telegram', 't', '{}', '[]', '', 2,"
        " '2026-05-13 09:00:00', 'queued', 0, '', '', '7')"
    )
    ana = (
        "INSERT INTO persons (name, language, zone, added_at)"
        " VALUES ('Ana', 'pt', 'Europe/Lisbon', '2026-05-13 09:30:00')"
    )
    address = (
        "INSERT INTO emails (address, person, added_at) VALUES ('a@b.example', 1, '2026-05-13 09:30:00')"
    )
    with connected(bare_url) as connection:
        command.upgrade(config(connection), "0007")
        for row in (queued, ana, address):
            connection.exec_driver_sql(row)
    storage = Storage(bare_url)
    storage.migrate()
    old = storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram"))
    assert old is not None
    assert (old.key, old.batch, old.act, old.post) == ("old", "", "send", None)
    assert storage.read_now(lambda store: store.emails.confirmed(1)) == ()
    assert storage.write_now(lambda store: store.emails.confirm(1, "a@b.example", NOW))
    begun = replace(BROADCAST, media=storage.write_now(lambda store: store.media.want(*PICTURE, 1, NOW)))
    assert storage.write_now(lambda store: store.broadcasts.add(begun)).number == 1
    storage.close_now()
    with connected(bare_url) as connection:
        command.downgrade(config(connection), "0007")
        assert connection.execute(text("SELECT key FROM deliveries")).scalars().all() == ["old"]
        assert connection.execute(text("SELECT address FROM emails")).scalars().all() == ["a@b.example"]
        command.upgrade(config(connection), "head")
        assert connection.execute(text("SELECT number FROM counters WHERE noun = 'broadcasts'")).scalar() == 0
