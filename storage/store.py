"""Storage: the database, in transactions. Store: one transaction's view of it, one attribute a noun."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import TimeoutError as NoConnection

from storage import migrating
from storage.accounts import Accounts
from storage.activities import Activities
from storage.ballots import Ballots
from storage.buttons import Buttons
from storage.cards import Cards
from storage.challenges import Challenges
from storage.charters import Charters
from storage.columns import metadata
from storage.database import POOL, READERS, Busy, Dialect, Duplicate, read_url, reader_engine, writer_engine
from storage.deliveries import Deliveries
from storage.drafts import Drafts
from storage.invitations import Invitations
from storage.jobs import Jobs
from storage.leases import Leases
from storage.links import Links
from storage.meetings import Meetings
from storage.milestones import Milestones
from storage.motions import Motions
from storage.organisations import Organisations
from storage.persons import Persons
from storage.places import Places
from storage.posts import Posts
from storage.recall import Memory, Recall
from storage.received import ReceivedEvents
from storage.roles import Roles
from storage.signatures import Signatures
from storage.silenced import Silenced
from storage.terms import Terms
from storage.threads import Threads

__all__ = ["Busy", "Duplicate", "Storage", "Store", "metadata"]

T = TypeVar("T")


class Store:
    """One transaction's view of the database. Good only inside the work it was given to."""

    def __init__(self, connection: Connection, writes: bool, recall: Recall) -> None:
        self._connection, self._writes, self._recall = connection, writes, recall
        recall.connection = connection

    @cached_property
    def organisations(self) -> Organisations:
        return Organisations(self._connection, self._writes, self._recall)

    @cached_property
    def charters(self) -> Charters:
        return Charters(self._connection, self._writes, self._recall)

    @cached_property
    def persons(self) -> Persons:
        return Persons(self._connection, self._writes, self._recall)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self._connection, self._writes)

    @cached_property
    def roles(self) -> Roles:
        return Roles(self._connection, self._writes)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self._connection, self._writes)

    @cached_property
    def links(self) -> Links:
        return Links(self._connection, self._writes)

    @cached_property
    def activities(self) -> Activities:
        return Activities(self._connection, self._writes, self._recall)

    @cached_property
    def motions(self) -> Motions:
        return Motions(self._connection, self._writes)

    @cached_property
    def ballots(self) -> Ballots:
        return Ballots(self._connection, self._writes)

    @cached_property
    def challenges(self) -> Challenges:
        return Challenges(self._connection, self._writes)

    @cached_property
    def meetings(self) -> Meetings:
        return Meetings(self._connection, self._writes)

    @cached_property
    def signatures(self) -> Signatures:
        return Signatures(self._connection, self._writes)

    @cached_property
    def terms(self) -> Terms:
        return Terms(self._connection, self._writes)

    @cached_property
    def milestones(self) -> Milestones:
        return Milestones(self._connection, self._writes)

    @cached_property
    def places(self) -> Places:
        return Places(self._connection, self._writes)

    @cached_property
    def posts(self) -> Posts:
        return Posts(self._connection, self._writes)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self._connection, self._writes)

    @cached_property
    def buttons(self) -> Buttons:
        return Buttons(self._connection, self._writes)

    @cached_property
    def received(self) -> ReceivedEvents:
        return ReceivedEvents(self._connection, self._writes)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._connection, self._writes)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self._connection, self._writes)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self._connection, self._writes)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self._connection, self._writes)

    @cached_property
    def silenced(self) -> Silenced:
        return Silenced(self._connection, self._writes)

    @property
    def changed(self) -> frozenset[str]:
        """The nouns, of those that are recalled, that this transaction has changed so far."""
        return self._recall.changed_nouns

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What is written inside is undone at its end, however it ends: for looking at what would be done.
        Only where the transaction may write."""
        savepoint = self._connection.begin_nested()
        try:
            with self._recall.trial():
                yield
        finally:
            savepoint.rollback()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is written inside is undone if it raises, and the transaction can go on. Only where the
        transaction may write."""
        savepoint = self._connection.begin_nested()
        try:
            with self._recall.attempt():
                yield
        except BaseException:
            savepoint.rollback()
            raise
        savepoint.commit()


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
