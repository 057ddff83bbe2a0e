"""The house as the benchmarks run it: a fresh database, twenty people, a meter at the far end."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog

from benchmarks.telegram_api import LOG, PEOPLE, worded
from bot import handlers
from bot.charter import load
from bot.clock import WALL_CLOCK
from bot.commands import warm
from bot.dispatch import Dispatch, Surroundings
from bot.messages import Account, Call, Incoming, Place, Post
from bot.seeding import charters_of, seed
from bot.templating import Templates
from storage.store import Storage, Store

ROOT = Path(__file__).parents[1]


class Meter:
    """CPU and wall time from the end of the warm-up to the last update."""

    def __init__(self, count: int) -> None:
        self.count, self.seen, self.warm = count, 0, count // 10
        self.done = asyncio.Event()
        self.cpu = self.wall = 0.0

    def tick(self) -> None:
        """One more update is done."""
        self.seen += 1
        if self.seen == self.warm:
            self.cpu, self.wall = time.process_time(), time.perf_counter()
        if self.seen == self.count:
            self.cpu, self.wall = time.process_time() - self.cpu, time.perf_counter() - self.wall
            self.done.set()

    def report(self) -> None:
        """The line of JSON."""
        print(json.dumps({"updates": self.count - self.warm, "cpu": self.cpu, "wall": self.wall}))


class Metered(Dispatch):
    """Our inbox with a meter at its far end: an update is done when its answer was given."""

    meter: Meter

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        """Count, then as always."""
        super().given(incoming, post)
        self.meter.tick()


def house(url: str, platform: str, workspace: str) -> tuple[Storage, Surroundings]:
    """A fresh database with twenty people in it, and what surrounds every call."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    assert handlers.__path__
    warm()
    storage = Storage(url)
    storage.migrate()
    charter = load(ROOT / "charters/green-manufacturing.toml")
    at_any_hour = charter.attention.model_copy(update={"quiet": False})  # benches run at night, too
    charter = charter.model_copy(update={"attention_table": at_any_hour})
    now = datetime.now(UTC)
    seed(storage, charter, now)

    def let_in(store: Store) -> None:
        for n in range(PEOPLE):
            person = store.persons.add(f"P{n}", "en", "Europe/Brussels", now)
            account = store.accounts.remember(Account(platform, workspace, str(1000 + n), f"P{n}"), now)
            store.accounts.attach(account, person.id)
            store.roles.grant(person.id, "representative", ("cimes", "emc2", "evoluma")[n % 3], now, None)

    storage.write_now(let_in)
    return storage, Surroundings(charters_of(storage), Templates(ROOT / "templates"), WALL_CLOCK)


def world(url: str, platform: str, workspace: str, count: int) -> tuple[Metered, Storage, Meter]:
    """Our pipe in such a house, with a meter at its far end."""
    storage, around = house(url, platform, workspace)
    dispatch = Metered(storage, around)
    dispatch.meter = Meter(count)
    return dispatch, storage, dispatch.meter


async def flushing(dispatch: Dispatch) -> None:
    """What the worker does beside: note what was given, many at once."""
    while True:
        await asyncio.sleep(0.05)
        await dispatch.flush()


async def fill(dispatch: Dispatch, platform: str, activities: int) -> list[Call]:
    """A year of the alliance as it is when somebody looks at the indicators; returns what was logged."""
    calls = []
    for n in range(activities):
        who = str(1000 + n % PEOPLE)
        line = worded(LOG, n).removeprefix("/")
        line = line.rsplit(" on ", 1)[0] + f" on {n % 28 + 1}.{n % 10 + 1}.2026 with MecaTech"
        account = Account(platform, "T1" if platform == "slack" else "", who, f"P{n}")
        calls.append(Call(f"fill{n}", account, Place(platform, "", who), datetime.now(UTC), text=line))
        await dispatch.receive(calls[-1])
    return calls
