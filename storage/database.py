"""Engines for SQLite and PostgreSQL that behave alike, and the two faults that callers may meet."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError

from storage.columns import to_json

Dialect = Literal["sqlite", "postgresql"]

READERS = 2  # threads that read an SQLite file beside its one writer; more only fight for the interpreter
POOL = 8  # threads and connections on PostgreSQL
PATIENCE = 800  # milliseconds that SQLite waits for another writer: Slack waits three seconds for all of it
MIGRATION_PATIENCE = 60_000  # milliseconds for the one process that finds another one migrating
STATEMENTS = 2000  # that stay compiled; with SQLAlchemy's 500 some were always compiled anew
PAUSE = 25  # milliseconds between tries where SQLite itself does not wait

BUSY_STATES = (
    "08",  # the connection was lost or not made
    "40",  # serialization or deadlock: the transaction was rolled back by the server
    "53",  # the server is out of connections, memory or disk for the moment
    "55P03",  # a lock was not to be had
    "57",  # the server is stopping or starting, or ended a statement that took too long
)
UNIQUE = "23505"


class Busy(Exception):
    """The database could not do it just now: locked, deadlocked, or out of reach. Nothing was written
    (only a connection that is lost during the commit itself leaves that open). Trying again may help."""


class Duplicate(Exception):
    """What was to be added is there already. Unless a verb says otherwise the transaction is over."""


def read_url(url: str) -> URL:
    """A database URL as people write it: sqlite:///path or postgresql://… (any driver named there is
    replaced by psycopg). Raises ValueError for another kind of database."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite")
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError("DATABASE_URL: expected sqlite:///path or postgresql://…")


# A server that has gone silent, or a lock that somebody holds, must not take a thread for good.
POSTGRES = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
    "options": "-c lock_timeout=2000"  # longer than the second after which the server looks for deadlocks
    " -c statement_timeout=10000"
    " -c idle_in_transaction_session_timeout=30000",
}


def writer_engine(url: URL) -> Engine:
    """An engine whose transactions write. SQLite: one connection, each transaction BEGIN IMMEDIATE, so
    that none ever loses an update or has to be upgraded. PostgreSQL: a pool, READ COMMITTED."""
    if url.get_backend_name() == "postgresql":
        engine = create_engine(
            url,
            pool_size=POOL,
            max_overflow=0,
            query_cache_size=STATEMENTS,
            isolation_level="READ COMMITTED",
            pool_timeout=PATIENCE * 3 / 1000,
            connect_args=POSTGRES,
            json_serializer=to_json,
            json_deserializer=json.loads,
        )
    else:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = _sqlite_engine(url, 1, "BEGIN IMMEDIATE", ("synchronous=FULL",), wal=True)
    event.listen(engine, "handle_error", _translate)
    return engine


def reader_engine(url: URL, writer: Engine) -> Engine:
    """An engine whose transactions cannot write: on PostgreSQL the writer's pool, READ ONLY."""
    if url.get_backend_name() == "postgresql":
        return writer.execution_options(postgresql_readonly=True)
    engine = _sqlite_engine(url, READERS, "BEGIN DEFERRED", ("query_only=ON",))
    event.listen(engine, "handle_error", _translate)
    return engine


def _sqlite_engine(
    url: URL, connections: int, begin: str, pragmas: tuple[str, ...], wal: bool = False
) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        query_cache_size=STATEMENTS,
        # isolation_level None: sqlite3 begins no transactions by itself, the event below does
        connect_args={"isolation_level": None, "check_same_thread": False},
        json_serializer=to_json,
        json_deserializer=json.loads,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in (f"busy_timeout={PATIENCE}", *pragmas, "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        if wal:
            _use_wal(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on. While another process is doing the same for a new file, SQLite says
    "locked" at once instead of waiting (seen in 3 of 100 starts of four processes), so we wait."""
    for _ in range(MIGRATION_PATIENCE // PAUSE):
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as fault:
            if not is_busy(fault):
                raise
            time.sleep(PAUSE / 1000)
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL").close()


def _translate(context: ExceptionContext) -> None:
    """Raise our own exception instead of the driver's where a caller can do something about it."""
    fault = context.original_exception
    says = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
    if context.is_disconnect or is_busy(fault):
        raise Busy(says) from fault
    if _is_duplicate(fault):
        raise Duplicate(says) from fault


def is_busy(fault: BaseException) -> bool:
    """True for what may be over when tried again."""
    if isinstance(fault, DBAPIError):
        return fault.connection_invalidated or (fault.orig is not None and is_busy(fault.orig))
    if isinstance(fault, sqlite3.Error):
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    state = getattr(fault, "sqlstate", "")
    if state is None:  # psycopg never reached the server, or lost it
        return type(fault).__name__ in ("OperationalError", "ConnectionTimeout", "InterfaceError")
    return bool(state) and state.startswith(BUSY_STATES)


def _is_duplicate(fault: BaseException) -> bool:
    if isinstance(fault, sqlite3.IntegrityError):
        unique = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
        return getattr(fault, "sqlite_errorcode", 0) in unique
    return getattr(fault, "sqlstate", None) == UNIQUE
