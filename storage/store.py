"""Storage: the database, in transactions, each of which is given a `Store`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import TimeoutError as NoConnection

from storage import migrating
from storage.columns import metadata
from storage.database import POOL, READERS, Busy, Dialect, Duplicate, read_url, reader_engine, writer_engine
from storage.nouns import Store
from storage.recall import Memory, Recall
from storage.threads import Threads

__all__ = ["Busy", "Duplicate", "Storage", "Store", "metadata"]

T = TypeVar("T")


class Storage:
    """The database. Each transaction is one plain function that is given a `Store` and runs whole in one
    of storage's own threads: one writer and a few readers on SQLite, a pool on PostgreSQL. So no network
    call can stand inside a transaction, and the event loop never waits for a disk."""

    dialect: Dialect

    def __init__(self, url: str) -> None:
        """Nothing is opened yet. Raises ValueError if the URL names another kind of database."""
        self._memory: Memory = {}
        address = read_url(url)
        self.dialect = cast(Dialect, address.get_backend_name())
        self._writer = writer_engine(address)
        self._reader = reader_engine(address, self._writer)
        sqlite = self.dialect == "sqlite"
        self._writers = Threads(1 if sqlite else POOL, "storage-write", holds=sqlite)
        self._readers = Threads(READERS, "storage-read") if sqlite else self._writers

    async def write(self, work: Callable[[Store], T], *, quick: bool = False) -> T:
        """Run `work` in one transaction: commit when it returns, roll back when it raises. Raises what
        it raises; Busy or Duplicate where the database does. A cancelled caller does not stop a
        transaction that has begun. `quick`: it takes milliseconds, so that others may wait for it."""
        return await self._writers.run(lambda: self._transact(self._writer, True, work), quick=quick)

    async def read(self, work: Callable[[Store], T], *, quick: bool = False) -> T:
        """Run `work` in one transaction that cannot write. Raises what it raises, and Busy."""
        return await self._readers.run(lambda: self._transact(self._reader, False, work), quick=quick)

    def write_now(self, work: Callable[[Store], T]) -> T:
        """`write` for a plain program."""
        return self._writers.run_now(lambda: self._transact(self._writer, True, work))

    def read_now(self, work: Callable[[Store], T]) -> T:
        """`read` for a plain program."""
        return self._readers.run_now(lambda: self._transact(self._reader, False, work))

    def migrate(self, scripts: Path = migrating.SCRIPTS) -> None:
        """Bring the tables to the newest version: all of it or nothing, once however many processes try
        at the same time. Raises Busy if another one takes too long over it."""
        self._writers.run_now(lambda: migrating.upgrade(self._writer, scripts))

    def at_head(self) -> bool:
        """True if the tables are at the newest version. Raises Busy."""
        return self._writers.run_now(lambda: _connected(self._writer, migrating.is_at_head))

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises Busy if there is none."""
        self._readers.run_now(lambda: _connected(self._reader, _ask_one))

    async def close(self) -> None:
        """Finish the transactions that have begun, then close every connection."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """`close` for a plain program."""
        self._writers.close()
        self._readers.close()
        self._reader.dispose()
        self._writer.dispose()

    def _transact(self, engine: Engine, writes: bool, work: Callable[[Store], T]) -> T:
        recall = Recall(self._memory)
        result = _connected(engine, lambda connection: work(Store(connection, writes, recall)))
        recall.committed()
        return result


def _connected(engine: Engine, work: Callable[[Connection], T]) -> T:
    try:
        with engine.connect() as connection, connection.begin():
            return work(connection)
    except NoConnection as fault:
        raise Busy("no connection was free") from fault


def _ask_one(connection: Connection) -> None:
    connection.execute(text("SELECT 1")).close()
