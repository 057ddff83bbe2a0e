"""The one clock: everything that asks for the time or waits for it asks here, so that tests can turn it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
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


WALL_CLOCK = WallClock()
