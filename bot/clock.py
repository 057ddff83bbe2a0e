"""The one clock: everything that asks for the time or waits for it asks here, so that tests can turn it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting."""

    def now(self) -> datetime:
        """The time it is, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""


class WallClock:
    """The clock of the real world."""

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        await asyncio.sleep(seconds)


class AheadClock:
    """Another clock, put forward: a rehearsal need not wait for what comes next week."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.ahead = clock, timedelta()

    def now(self) -> datetime:
        """The time it is there, in UTC."""
        return self._clock.now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        await self._clock.sleep(seconds)


WALL_CLOCK = WallClock()
