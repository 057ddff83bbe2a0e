"""A clock on which waiting is what makes time pass: whoever waits longest for nothing else is woken next."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from tests.world import MORNING


class Passing:
    """Time stands still while anybody works and jumps to the next one who waits. Only for what needs no
    network: a socket's answer is nobody's waiting."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Return when so much time has passed here."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        at = self.at + timedelta(seconds=seconds)
        heapq.heappush(self._waiting, (at, next(self._numbers), woken))
        await woken

    async def until_done(self, *doing: Coroutine[Any, Any, Any]) -> list[Any]:
        """Do these beside each other, letting time pass whenever all of them wait."""
        tasks = [asyncio.ensure_future(one) for one in doing]
        while not all(task.done() for task in tasks):
            for _ in range(20):  # whoever can work, does
                await asyncio.sleep(0)
            if not all(task.done() for task in tasks):
                self._wake()
        return [task.result() for task in tasks]

    def seconds(self) -> float:
        """Since the morning began."""
        return round((self.at - MORNING).total_seconds(), 3)

    def _wake(self) -> None:
        at, _, woken = heapq.heappop(self._waiting)
        self.at = max(self.at, at)
        if not woken.done():
            woken.set_result(None)
