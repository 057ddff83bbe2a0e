"""The bare store: the least that an answer costs in the same database, without our pipe.

`through_store`: one transaction of `Storage.write` for each answer, in which the event is locked, what the
person said before and the seats that are held are read, and the answer is written. `by_insert`: one row and a
commit, with nothing but SQLAlchemy.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

from benchmarks.gathering import Gathering, announced
from bot.rules.rsvp.values import Rsvp, Taken
from storage.database import read_url, writer_engine
from storage.rsvps import rsvps
from storage.store import Store


async def through_store(
    house: Gathering, persons: Sequence[int], capacity: int | None, at_once: int
) -> dict[str, float]:
    """Each of these persons answers one event by the verbs alone, so many of them at the same time."""
    number, turns = announced(house, capacity), iter(persons)

    async def one_after_another() -> None:
        for person in turns:
            await house.storage.write(partial(answer, number, capacity, person), quick=True)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return _measured(len(persons), began, cpu)


def answer(number: int, capacity: int | None, person: int, store: Store) -> None:
    """One answer by the verbs alone: a seat while there is one, then the line."""
    assert store.events.get(number, lock=True) is not None
    assert store.rsvps.get(number, person) is None
    taken = store.rsvps.taken(number) if capacity is not None else Taken()
    store.rsvps.write(_going(number, person, is_full=capacity is not None and taken.total >= capacity))


def by_insert(house: Gathering, url: str, persons: Sequence[int]) -> dict[str, float]:
    """So many rows, each with a commit, one after the other. They were made before."""
    number = announced(house, None)
    rows = [asdict(_going(number, person)) | {"organisation": None} for person in persons]
    engine, statement = writer_engine(read_url(url)), rsvps.insert()
    engine.connect().close()  # the first connection is not counted
    began, cpu = time.perf_counter(), time.process_time()
    for row in rows:
        with engine.connect() as connection, connection.begin():
            connection.execute(statement, row)
    measured = _measured(len(rows), began, cpu)
    engine.dispose()
    return measured


def _going(number: int, person: int, *, is_full: bool = False) -> Rsvp:
    now = datetime.now(UTC)
    if is_full:
        return Rsvp(number, person, "", "waitlisted", now, queued_at=now)
    return Rsvp(number, person, "", "going", now)


def _measured(count: int, began: float, cpu: float) -> dict[str, float]:
    wall = time.perf_counter() - began
    return {"rate": count / wall, "cpu": (time.process_time() - cpu) / count * 1000}
