"""Making a backup: one snapshot of every table, while the bot goes on working."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, text

from storage.backup.archive import ArchiveWriter, BackupFault, Manifest
from storage.backup.tables import last_numbers, lines_of, tables_of
from storage.database import MIGRATION_PATIENCE, read_url, reader_engine, writer_engine

Says = Callable[[str, int], Any]  # a table and its rows


class NothingThere(BackupFault):
    """There is no database yet, or it has no tables."""


def back_up(url: str, out: IO[bytes], now: datetime, says: Says = lambda _table, _rows: None) -> Manifest:
    """Write everything that the database holds at this moment into `out`, a file or a stream. Others go on
    reading and writing meanwhile. `now` is UTC; `says` hears of each table that is written.

    Raises NothingThere, Busy, ValueError for a URL of another kind, and what `out` raises.
    """
    with _snapshot(url) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise NothingThere("the database has no tables yet")
        tables, last = tables_of(connection), last_numbers(connection)
        writer = ArchiveWriter(out, now)
        for table in tables:
            columns = tuple(column.name for column in table.c)
            written = writer.table(table.name, columns, lines_of(connection, table), last.get(table.name, 0))
            says(written.name, written.rows)
        return writer.finish(revision, _alliance(connection, tables))


@contextmanager
def _snapshot(url: str) -> Iterator[Connection]:
    """A transaction that sees one moment and changes nothing. On SQLite the write-ahead log keeps that moment
    until it ends; on PostgreSQL it is REPEATABLE READ."""
    address = read_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        raise NothingThere(f"there is no database {address.database} yet")
    writer = writer_engine(address)
    reader = reader_engine(address, writer)
    try:
        with reader.connect() as connection:
            postgres = connection.dialect.name == "postgresql"
            if postgres:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                if postgres:
                    unlimited(connection)
                yield connection
    finally:
        reader.dispose()
        writer.dispose()


def unlimited(connection: Connection) -> None:
    """Let this transaction on PostgreSQL take as long as it takes."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {MIGRATION_PATIENCE}")


def _alliance(connection: Connection, tables: tuple[Table, ...]) -> str:
    if all(table.name != "alliances" for table in tables):
        return ""
    return connection.scalar(text("SELECT slug FROM alliances")) or ""
