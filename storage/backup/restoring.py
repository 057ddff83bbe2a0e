"""Restoring a backup into an empty database, of either kind: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from storage.backup.aftermath import LeftOpen, recount_books, settle
from storage.backup.archive import Archive, BackupFault, Damaged, Manifest, TableFacts
from storage.backup.tables import at_once_of, row_from, sequences_of, tables_of
from storage.backup.taking import unlimited
from storage.database import MIGRATION_PATIENCE, Duplicate, read_url, writer_engine
from storage.migrating import LOCK, config

# Tables in which even an empty database has rows: what migrations put there, and who leads.
NEVER_EMPTY: Final = ("changes", "counters", "leases")
FOREIGN_KEYS = text(
    "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint"
    " WHERE contype = 'f' AND NOT condeferrable AND connamespace = current_schema()::regnamespace"
)

Says = Callable[[str, int], Any]


class NotEmpty(BackupFault):
    """The database holds something already."""


class NewerArchive(BackupFault):
    """The tables of the backup are newer than this program knows."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the backup's manifest, how many ballot books were recounted, what does not fit in
    them (it did not when the backup was made), and what was left open."""

    manifest: Manifest
    books: int
    findings: tuple[str, ...]
    left: LeftOpen


def restore(
    url: str,
    archive: Archive,
    now: datetime,
    says: Says = lambda _table, _rows: None,
    *,
    moved: bool = False,
) -> Restored:
    """Bring an empty database to what the backup holds, and its tables to the newest version.

    All of it is one transaction: where this raises, the database is as before. Nobody leads afterwards. What
    is due by `now` (UTC) may have been said since the backup, and is not said again by itself; with `moved`
    it was not, for the bot stood still since.

    Raises NotEmpty, NewerArchive, Damaged, Busy; ValueError for a URL of another kind.
    """
    wanted = archive.manifest.revision
    _known(wanted, archive.manifest)
    with _alone(url) as connection:
        _empty(connection)
        _move(connection, wanted)
        _load(connection, archive, says)
        command.upgrade(config(connection), "head")
        left = settle(connection, now, moved)
        books, findings = recount_books(connection)
        return Restored(archive.manifest, books, findings, left)


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    """One transaction in which nobody else migrates or restores. On SQLite foreign keys are off, as in a
    migration, and are checked at its end."""
    engine = writer_engine(read_url(url))
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                with connection.begin():
                    unlimited(connection)
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                    yield connection
            else:
                raw = connection.connection.dbapi_connection
                assert raw is not None
                raw.execute("PRAGMA foreign_keys=OFF")
                raw.execute(f"PRAGMA busy_timeout={MIGRATION_PATIENCE}")
                with connection.begin():
                    yield connection
                    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                        raise Damaged(f"rows of {broken[0][0]} name others that are not there")
    finally:
        engine.dispose()


def _known(revision: str, manifest: Manifest) -> None:
    scripts = ScriptDirectory.from_config(config())
    try:
        scripts.get_revision(revision)
    except CommandError:
        newest = scripts.get_current_head()
        raise NewerArchive(
            f"its tables are at version {manifest.revision}, and this program knows up to {newest}"
        ) from None


def _empty(connection: Connection) -> None:
    tables = tables_of(connection)
    if tables and MigrationContext.configure(connection).get_current_revision() is None:
        raise NotEmpty("the database is somebody else's")
    for table in tables:
        if table.name not in NEVER_EMPTY and connection.execute(select(table).limit(1)).first() is not None:
            raise NotEmpty("the database holds something already")


def _move(connection: Connection, wanted: str) -> None:
    """Bring the empty tables to the version that the backup was made of."""
    scripts = ScriptDirectory.from_config(config())
    now = MigrationContext.configure(connection).get_current_revision()
    try:
        older = () if now is None else [one.revision for one in scripts.iterate_revisions(now, "base")]
    except CommandError:
        raise NotEmpty("the database's tables are newer than this program") from None
    (command.downgrade if wanted in older[1:] else command.upgrade)(config(connection), wanted)


def _load(connection: Connection, archive: Archive, says: Says) -> None:
    tables = {table.name: table for table in tables_of(connection)}
    facts = archive.manifest.tables
    there = {name: {column.name for column in table.c} for name, table in tables.items()}
    if there != {one.name: set(one.columns) for one in facts}:
        raise Damaged("its tables are not those of its version")
    with _references_later(connection):
        for one in facts:
            try:
                _fill(connection, tables[one.name], one, archive.rows(one))
            except (Duplicate, DBAPIError, ValueError, TypeError, OverflowError) as fault:
                raise Damaged(f"rows of {one.name} do not fit their table") from fault
            says(one.name, one.rows)
    _number(connection, facts)


@contextmanager
def _references_later(connection: Connection) -> Iterator[None]:
    """Rows may name others that come later; at the end all of them are there. Nothing of it stays."""
    if connection.dialect.name == "sqlite":
        yield
        return
    keys = connection.execute(FOREIGN_KEYS).all()
    for table, key in keys:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED"
        )
    yield
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except DBAPIError as fault:
        raise Damaged("some rows name others that are not there") from fault
    for table, key in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE")


def _fill(connection: Connection, table: Table, facts: TableFacts, rows: Iterator[Mapping[str, Any]]) -> None:
    if table.name in NEVER_EMPTY:
        connection.execute(table.delete())
    insert, at_once = table.insert().inline(), at_once_of(table)
    while several := [row_from(table, row) for row in islice(rows, at_once)]:
        connection.execute(insert, several)
    if connection.scalar(select(func.count()).select_from(table)) != facts.rows:
        raise ValueError("other rows than written")


def _number(connection: Connection, facts: tuple[TableFacts, ...]) -> None:
    """No number that a row ever had is given again."""
    last = {one.name: one.last for one in facts}
    if connection.dialect.name == "sqlite":
        if connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")):
            _number_sqlite(connection, last)
        return
    for table, (column, sequence) in sequences_of(connection).items():
        highest = connection.scalar(text(f'SELECT coalesce(max("{column}"), 0) FROM "{table}"'))
        number = max(highest or 0, last.get(table, 0))
        if number:
            connection.execute(
                text("SELECT setval(:sequence, :number)"), {"sequence": sequence, "number": number}
            )


def _number_sqlite(connection: Connection, last: Mapping[str, int]) -> None:
    made = connection.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    ).all()
    for table in made:
        highest = connection.scalar(
            text("SELECT max(seq) FROM sqlite_sequence WHERE name = :t"), {"t": table}
        )
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :t"), {"t": table})
        number = max(highest or 0, last.get(table, 0))
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:t, :n)"), {"t": table, "n": number})
