"""The bare store: the least that a ballot costs in the same database, without our pipe.

`through_store`: one transaction of `Storage.write` for each ballot, in which the motion is locked, its book's
last line read and the next one appended. `by_insert`: one row and a commit, with nothing but SQLAlchemy.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks.assembly import Assembly, open_motion, put_away
from bot.rules.decisions import book
from storage.ballots.tables import ballots
from storage.database import read_url, writer_engine
from storage.store import Store

AT_ONCE = 100  # transactions that wait for a thread at the same time: as many as Telegram hands over


async def through_store(house: Assembly, count: int, at_once: int) -> dict[str, float]:
    """So many ballots by the verbs alone, so many of them under way at the same time."""
    number = open_motion(house).number
    turns = iter(range(count))

    async def one_after_another() -> None:
        for turn in turns:
            voter = turn % len(house.slugs)
            work = partial(append, number, house.slugs[voter], house.persons[voter])
            await house.storage.write(work, quick=True)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    measured = _measured(count, began, cpu)
    put_away(house, number)
    return measured


def append(number: int, slug: str, person: int, store: Store) -> None:
    """One ballot by the verbs alone: the motion is held, and its book gets a line more."""
    assert store.motions.get(number, lock=True) is not None
    store.ballots.append(_line(store.ballots.last(number), number, slug, person))


def by_insert(house: Assembly, url: str, count: int) -> dict[str, float]:
    """So many rows of a book, each with a commit, one after the other. The lines were made before."""
    number = open_motion(house).number
    last = house.storage.read_now(lambda store: store.ballots.last(number))
    rows: list[dict[str, Any]] = []
    for turn in range(count):
        voter = turn % len(house.slugs)
        last = _line(last, number, house.slugs[voter], house.persons[voter])
        rows.append(asdict(last))
    engine, statement = writer_engine(read_url(url)), ballots.insert()
    engine.connect().close()  # the first connection is not counted
    began, cpu = time.perf_counter(), time.process_time()
    for row in rows:
        with engine.connect() as connection, connection.begin():
            connection.execute(statement, row)
    measured = _measured(count, began, cpu)
    engine.dispose()
    put_away(house, number)
    return measured


def _line(last: Any, number: int, slug: str, person: int) -> Any:
    return book.line(
        last,
        motion=number,
        event="cast",
        organisation=slug,
        person=person,
        at=datetime.now(UTC),
        payload="for",
        via="telegram",
        salt=book.new_salt(),
    )


def _measured(count: int, began: float, cpu: float) -> dict[str, float]:
    wall = time.perf_counter() - began
    return {"rate": count / wall, "cpu": (time.process_time() - cpu) / count * 1000}
