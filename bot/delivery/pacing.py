"""Spacing: how far apart a platform wants its messages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Sleep = Callable[[float], Awaitable[None]]

LONGEST_WAIT = timedelta(minutes=10)  # between two tries of the same message
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two sends: into one chat, and over one platform (platforms.md section 5)."""

    chat: float = 1.0
    platform: float = 1 / 25


class Pacer:
    """Keeps one platform's pace, by spacing and without bursts."""

    def __init__(self, pace: Pace, now: Callable[[], datetime], sleep: Sleep = asyncio.sleep) -> None:
        self._chat, self._platform = timedelta(seconds=pace.chat), timedelta(seconds=pace.platform)
        self._now, self._sleep = now, sleep
        self._chats: dict[str, datetime] = {}
        self._last = LONG_AGO

    async def keep(self, chat: str) -> None:
        """Wait until something may be sent into this chat, and take that moment."""
        now = self._now()
        there = self._chats.get(chat)
        free = now if self._last == LONG_AGO else max(now, self._last + self._platform)
        free = free if there is None else max(free, there + self._chat)
        wait = min(free - now, max(self._chat, self._platform))  # a clock set back delays nobody for long
        if wait > timedelta():
            await self._sleep(wait.total_seconds())
        self._last = self._now()
        recent = {name: at for name, at in self._chats.items() if self._last - at < self._chat}
        self._chats = recent | {chat: self._last}


def pause(tries: int, after: float) -> timedelta:
    """How long a message waits after so many tries, or as long as the platform asks for."""
    return max(timedelta(seconds=after), min(timedelta(seconds=2 ** min(tries, 10)), LONGEST_WAIT))
