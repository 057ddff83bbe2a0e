"""The stage of the ticker's tests: a database with one person in it, a clock moved by hand, tickers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.charter import load
from bot.context import Context
from bot.dispatch import Surroundings
from bot.messages import Account
from bot.seeding import charters_of, seed
from bot.templating import Templates
from bot.ticking import Ticker
from bot.timetable import JOBS, Job, Runs
from storage.jobs import Run
from storage.store import Storage, Store
from tests.world import CHARTER, ROOT

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # seven in Brussels
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANA = Account("telegram", "", "42", "Ana")
KEYS = text("SELECT key FROM deliveries ORDER BY id")


@dataclass
class Hand:
    """A clock moved by hand; whoever sleeps on it moves it."""

    at: datetime = MONDAY
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass
class Stage:
    """A database with Ana in it, a clock, and tickers over jobs of the test's own."""

    storage: Storage
    url: str
    clock: Hand = field(default_factory=Hand)
    woken: int = 0

    def __post_init__(self) -> None:
        seed(self.storage, load(CHARTER), self.clock.at)
        self.ana = self.storage.write_now(self._let_in)
        self.templates = Templates(ROOT / "templates")

    def _let_in(self, store: Store) -> int:
        person = store.persons.add("Ana", "en", "Europe/Lisbon", self.clock.at)
        store.accounts.attach(store.accounts.remember(ANA, self.clock.at), person.id)
        return person.id

    def ticker(self, *jobs: Job, storage: Storage | None = None) -> Ticker:
        storage = storage or self.storage
        around = Surroundings(charters_of(storage), self.templates, self.clock)
        return Ticker(storage, around, self._wake, {one.name: one for one in jobs})

    def _wake(self) -> None:
        self.woken += 1

    def tells(self, *before: BaseException) -> Runs:
        """What a job does: it tells Ana its slot; at first it raises these instead, when that is done."""
        left, tries = list(before), iter(range(1, 100))

        def tell(ctx: Context, slot: datetime) -> None:
            ctx.tell([self.ana], "welcome_back", f"{slot:%a %H:%M} try {next(tries)}", {"name": "Ana"})
            if left:
                raise left.pop(0)

        return tell

    def told(self) -> list[str]:
        """The keys of what is on its way, without whom it is for."""
        rows = self.storage.read_now(lambda store: store._connection.scalars(KEYS).all())
        return [key.rpartition(":")[0] for key in rows]

    def last(self, name: str) -> Run | None:
        return self.storage.read_now(lambda store: store.jobs.last_runs().get(name))


@pytest.fixture
def stage(storage: Storage, database_url: str) -> Stage:
    return Stage(storage, database_url)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    """What is logged, instead of a page for each exception."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def second(stage: Stage) -> Iterator[Storage]:
    """Another process's way to the same database."""
    storage = Storage(stage.url)
    yield storage
    storage.close_now()


def only(*names: str) -> dict[str, Job]:
    """The bot's jobs with these names, for a world in which no others run."""
    return {name: JOBS[name] for name in names}


def daily(function: Runs, name: str = "Daily", useful: timedelta = 24 * HOUR, **at: object) -> Job:
    return Job(name, "", function, at or {"hour": 7, "minute": 30}, useful)
