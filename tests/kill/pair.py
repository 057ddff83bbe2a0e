"""Two processes of the bot over one PostgreSQL database: one leads, the other stands by."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select

from bot.leading import LEASE
from bot.messages import Place
from storage.deliveries import deliveries
from storage.jobs import runs
from tests.kill.child import Life
from tests.kill.hurry import FastClock
from tests.kill.minutes import KEY, MINUTES
from tests.kill.process import PATIENCE, BotProcess
from tests.kill.world import MortalWorld, free_port
from tests.world import Clock

SPEED = 30.0  # a minute takes two seconds
MINUTE = timedelta(minutes=1)
TURNS = re.compile(r'"event": "(leads|stands_by)"')


class HurriedClock(Clock):
    """The fast clock of the two processes, as the test's world reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.fast = FastClock(time.time(), SPEED)

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return self.fast.now()


class Pair(MortalWorld):
    """A world on Telegram, served by two processes that poll. `machines` says where each believes to be: on
    one machine each sees when the other is dead. `silent`: real seconds after which a leader that nothing is
    heard of counts as gone."""

    clock: HurriedClock

    def __init__(
        self, machines: Sequence[str], silent: float, storage: Any, database_url: str, home: Path
    ) -> None:
        super().__init__("polling", storage, database_url, home, HurriedClock())
        self.machines, self.silent, self.both = machines, silent, list[BotProcess]()
        self.outages: list[tuple[datetime, datetime]] = []  # in which nobody may have led

    async def start_bot(self) -> None:
        """Start one, which leads, then the other, which stands by."""
        for number, machine in enumerate(self.machines):
            life = Life(machine, self.clock.fast, self.silent)
            self.both.append(BotProcess(self.settings(free_port()), self.home / str(number), life))
        self._bot = self.both[0]
        self.minutes = self._minutes_group()
        await self._keeps_minutes()
        for one in self.both:
            one.start()
            await self.serves(one)
        assert await self.leader() is self.both[0]
        self.both[1].forget_steps()

    async def stop_bot(self) -> None:
        """Kill both, for the test is over."""
        for one in self.both:
            one.end()

    def alive(self) -> bool:
        """Whether one of them runs."""
        return any(one.runs() for one in self.both)

    def log(self) -> str:
        """The end of what each logged."""
        return "\n\n".join(one.log() for one in self.both)

    def beside(self, one: BotProcess) -> BotProcess:
        """The other one."""
        return self.both[1 - self.both.index(one)]

    # ---- who leads ----

    async def leader(self) -> BotProcess | None:
        """Whom the database names."""
        lease = await self.storage.read(lambda store: store.leases.look(LEASE))
        return next((one for one in self.both if lease and f" {one.pid} " in lease.holder), None)

    async def hands_over(self, old: BotProcess, hurt: Callable[[], Awaitable[object]]) -> BotProcess:
        """Something happens to the one that leads, and the other takes over."""
        new, began = self.beside(old), self.clock.now()
        await hurt()
        await self._until(lambda: self._leads_alone(new), "the other one never took over")
        self.outages.append((began, self.clock.now()))
        return new

    async def stands_by(self, one: BotProcess) -> None:
        """Wait until a process believes that it does not lead."""
        await self._until(lambda: self._believes(one, "stands_by"), "it never stepped down")

    async def serves(self, one: BotProcess) -> None:
        """Wait until a process says over HTTP that it is ready."""
        async with aiohttp.ClientSession() as web:
            await self._until(lambda: self._is_ready(web, one), "it never was ready")

    async def a_minute_is_said(self) -> None:
        """Wait for the next line of the timetable."""
        before = len(self._said())

        async def said() -> bool:
            return len(self._said()) > before

        await self._until(said, "no job ran any more")

    # ---- what holds at the end ----

    async def each_minute_came_once(self) -> None:
        """Each slot was run once and said once (or nobody can tell); those that are missing came while
        nobody led, and a later one was run for them."""
        slots, told, said = await self._between_two_minutes()
        for before, after in pairwise(slots):
            while (before := before + MINUTE) < after:
                assert any(began <= before <= ended for began, ended in self.outages), (
                    f"{before} was left out"
                )
        keys = [f"{slot:{KEY}}" for slot in slots]
        assert sorted(minute for minute, _ in told) == keys
        assert len(said) == len(set(said))
        assert set(said) <= set(keys)
        lost = {(minute, state) for minute, state in told if minute not in said and state != "unknown"}
        assert not lost, lost

    async def _between_two_minutes(self) -> tuple[list[datetime], list[tuple[str, str]], list[str]]:
        """The slots that were run, the minutes that were told with their states, and those that were said,
        while none is under way: the timetable goes on, a minute every two seconds."""
        asked = select(runs.c.slot, runs.c.state).where(runs.c.job == MINUTES)
        lines = select(deliveries.c["values"], deliveries.c.state).where(
            deliveries.c.key.startswith("minute:")
        )
        end = time.monotonic() + PATIENCE
        while True:
            rows, told, said = await self._rows(asked), await self._rows(lines), self._said()
            under_way = [row for row in told if row[1] in ("queued", "attempting")]
            if not under_way and {row.state for row in rows} == {"done"} and rows == await self._rows(asked):
                slots = sorted(datetime.strptime(f"{row.slot}+0000", f"{KEY}%z") for row in rows)
                return slots, [(row[0]["question"], row[1]) for row in told], said
            assert time.monotonic() < end, f"{rows}\n{told}"
            await asyncio.sleep(0.02)

    def nobody_fought(self) -> None:
        """Neither was told by Telegram that another one polls."""
        assert not [one for one in self.both if "Conflict" in one.whole_log()], self.log()

    # ---- inside ----

    def _minutes_group(self) -> Any:
        group = self.telegram.group("Minutes", [], bot=False)
        group.chat.bot = "member"
        return group

    async def _keeps_minutes(self) -> None:
        now = self.clock.now()
        place = Place("telegram", "", self.minutes.id, kind="group", name="Minutes")

        def keep(store: Any) -> None:
            store.places.set_purposes(store.places.remember(place, now), [MINUTES])

        await self.storage.write(keep)

    def _said(self) -> list[str]:
        return [one.text for one in self.minutes.chat.messages.values() if one.from_bot]

    async def _leads_alone(self, one: BotProcess) -> bool:
        return await self.leader() is one and await self._believes(one, "leads")

    async def _believes(self, one: BotProcess, what: str) -> bool:
        turns: list[str] = TURNS.findall(one.whole_log())
        return turns[-1:] == [what]

    async def _is_ready(self, web: aiohttp.ClientSession, one: BotProcess) -> bool:
        assert one.alive(), one.log()
        try:
            async with web.get(f"http://127.0.0.1:{one.settings['HTTP_PORT']}/readyz") as page:
                return page.status == 200
        except aiohttp.ClientError:
            return False

    async def _until(self, true: Callable[[], Awaitable[bool]], otherwise: str) -> None:
        end = time.monotonic() + PATIENCE
        while not await true():
            assert time.monotonic() < end, f"{otherwise}:\n{self.log()}"
            await asyncio.sleep(0.01)

    async def _rows(self, asked: Any) -> Sequence[Any]:
        return await self.storage.read(lambda store: store._connection.execute(asked).all())
