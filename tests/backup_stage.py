"""Backups for tests: databases to go into, an alliance that has lived, and what a database holds.

url = empty_database(request, "postgresql")         # no tables in it
lived = await a_life(world)                         # activities, votes, an event, drafts, pictures
archive = Archive(kept_of(url))                     # a backup, in memory
assert holds(url) == holds(other)                   # the same rows, on whichever kind of database
"""

from __future__ import annotations

import io
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from storage.backup import Archive, back_up
from storage.store import Storage, Store
from tests.assembly_stage import ballots, closes, noticed, opened, votes
from tests.conftest import beside
from tests.events_stage import answers, planned
from tests.storage.test_migrations import connected
from tests.world import MORNING, World

PICTURE = bytes(range(256)) * 300
LINE = "/log workshop Moulds & «Übung» ✓ on 12 Nov with MecaTech"
AFTERWARDS = frozenset({"leases", "deliveries", "received"})  # what a restore settles
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Life:
    """Who and what is in the alliance that lived."""

    marie: Any
    luc: Any
    event: int
    motion: int


def empty_database(request: pytest.FixtureRequest, kind: str) -> str:
    """The URL of a database without tables, gone after the test."""
    number = next(_numbers)
    if kind == "sqlite":
        folder: Path = request.getfixturevalue("tmp_path")
        return f"sqlite:///{folder / f'empty{number}.db'}"
    server, name = request.getfixturevalue("postgres"), f"empty_{number}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())

    def drop() -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    request.addfinalizer(drop)
    return beside(server, name)


async def a_life(world: World) -> Life:
    """Somebody logs, an event is announced and answered, one motion is decided and another one is open, an
    absence lies ahead, a dialogue stands in the middle, a picture is kept, a button waits to be pressed."""
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    decided = await opened(world, "charter_amendment", proposer=marie)
    await ballots(world, decided, cimes="for", mecatech="for", pool_net="against", emc2="for")
    await closes(world, decided)
    motion = await opened(world, proposer=marie)
    await votes(luc, motion, "for")
    await noticed(world, "election")
    event = await planned(world, capacity=1, by=luc)
    await answers(world, event, "going", marie, luc)
    await luc.types("/notify votes weekly")
    await luc.types("/away from 28 dec to 4 jan")
    await world.storage.write(keep_picture)
    await luc.types("/log")
    await marie.types(LINE)
    await world.settled()
    return Life(marie, luc, event, motion)


def keep_picture(store: Store) -> None:
    """One picture is kept; of another one nothing is left but that its number is never given again."""
    first = store.media.want("slack", "F1", "a.png", "image/png", len(PICTURE), None, MORNING)
    store.media.keep(first, PICTURE, "a.png", "image/png")
    second = store.media.want("slack", "F2", "b.png", "image/png", 5, None, MORNING)
    store.media.failed(second, "gone")
    store._connection.execute(text(f"DELETE FROM media WHERE id = {second}"))


@asynccontextmanager
async def going_on_over(world: World, url: str) -> AsyncIterator[None]:
    """The bot goes on over another database, as after a restart; at the end the world has its own back."""
    before = world.storage
    await world.stop_bot()
    world.storage = Storage(url)
    await world.start_bot()
    yield
    world.storage.close_now()
    world.storage = before


def kept_of(url: str, now: datetime = MORNING) -> io.BytesIO:
    """A backup of the database, in memory."""
    out = io.BytesIO()
    back_up(url, out, now)
    return out


def holds(url: str) -> Mapping[str, tuple[int, str]]:
    """Table -> its rows and their sum, as a backup has them."""
    made = Archive(kept_of(url)).manifest
    return {one.name: (one.rows, one.sha256) for one in made.tables}


def tables_in(url: str) -> list[str]:
    """The tables that are there."""
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    asks = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    }
    with connected(url) as connection:
        return sorted(connection.scalars(text(asks[kind])))
