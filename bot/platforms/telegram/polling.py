"""Polling: our own getUpdates loop, in which the offset moves only past what was recorded.

python-telegram-bot's Updater confirms a batch while its handlers still queue, so a crash loses updates
(236 of 300, platforms.md section 5). Here the next getUpdates, which is the confirmation, waits until
every update of the batch was received; chats go beside each other, in order within a chat.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from telegram.error import Conflict, TelegramError

from bot.clock import Clock
from bot.platforms.telegram.incoming import UPDATES, chat_of
from bot.platforms.telegram.request import Api, Wait

LONG = 25  # seconds that Telegram holds a poll open
RETRIES = (0.1, 0.4, 1.6)  # seconds between attempts to have one update recorded
Take = Callable[[dict[str, Any], datetime], Awaitable[None]]  # an update, and when it came in
log = structlog.get_logger()


def backoff(attempt: int) -> float:
    """Seconds before attempt number `attempt` + 1: doubling up to a minute, with jitter."""
    return min(60.0, 2.0 ** min(attempt, 6) / 2) * random.uniform(0.5, 1.0)


class Poller:
    """The loop. `take` returns when an update is recorded, and raises when it cannot be now."""

    def __init__(self, api: Api, take: Take, clock: Clock) -> None:
        self._api, self._take, self._clock = api, take, clock
        self._stopping = False
        self._recorded = False  # something that Telegram was not told of yet
        self._poll: asyncio.Future[Any] | None = None
        self.offset = 0  # the first update that is not confirmed
        self.ready = False
        self.was_ready = False  # since the last trouble: then its pauses begin anew
        self.taking = False  # a batch is being recorded

    def begin(self) -> None:
        """Let `run` poll (again) until the next `stop`."""
        self._stopping = False

    async def run(self) -> None:
        """Poll until `stop`. Raises TelegramError when a poll does, for the caller to pause."""
        left = 0  # batches in a row that could not be recorded in full
        try:
            while not self._stopping:
                updates = await self._fetch()
                self.taking = True
                failed = await self._take_all(updates, self._clock.now())
                self.taking = False
                if failed is None:
                    left, self.ready, self.was_ready = 0, True, True
                    continue
                left, self.ready = left + 1, False
                await self._clock.sleep(backoff(left))
        finally:
            self.ready = self.taking = False

    def stop(self) -> None:
        """End a poll that waits; a batch under way is finished first."""
        self._stopping = True
        if self._poll is not None:
            self._poll.cancel()

    async def confirm(self) -> None:
        """Tell Telegram what was recorded, so that whoever polls next repeats nothing."""
        if not self._recorded:
            return
        try:
            await self._api.call("getUpdates", 1.5, offset=self.offset, limit=1, timeout=0)
            self._recorded = False
        except TelegramError as trouble:
            log.info("telegram_not_confirmed", trouble=type(trouble).__name__)

    async def _fetch(self) -> list[dict[str, Any]]:
        # The first poll, and the first after trouble, returns at once: it tells whether we are ready.
        seconds = LONG if self.ready else 0
        call = self._api.call(
            "getUpdates", seconds + 10.0, offset=self.offset, timeout=seconds, allowed_updates=UPDATES
        )
        self._poll = asyncio.ensure_future(call)
        try:
            updates = list(await self._poll)
            self._recorded = False
            return updates
        except Conflict:
            self._recorded = False  # the offset was read; to confirm it again would end the other's poll
            raise
        except asyncio.CancelledError:
            if not self._stopping or not self._poll.cancelled():
                raise
            return []
        finally:
            self._poll = None

    async def _take_all(self, updates: list[dict[str, Any]], at: datetime) -> int | None:
        """Take a batch that came in at that moment, and move the offset; returns the first update that could
        not be recorded. A tap has no stamp of its own: it is not late for having had to wait its turn."""
        if not updates:
            return None
        chats: dict[str, list[dict[str, Any]]] = {}
        for raw in updates:
            chats.setdefault(chat_of(raw), []).append(raw)
        if len(chats) == 1:
            failures = [await self._take_in_order(updates, at)]
        else:
            failures = await asyncio.gather(*(self._take_in_order(one, at) for one in chats.values()))
        failed = min((one for one in failures if one is not None), default=None)
        after = updates[-1]["update_id"] + 1 if failed is None else failed
        self._recorded = self._recorded or after > self.offset
        self.offset = max(self.offset, after)
        return failed

    async def _take_in_order(self, updates: list[dict[str, Any]], at: datetime) -> int | None:
        for raw in updates:
            for pause in (*RETRIES, None):
                try:
                    await self._take(raw, at)
                    break
                except Exception as trouble:
                    number = raw["update_id"]
                    log.warning("telegram_not_recorded", update_id=number, trouble=type(trouble).__name__)
                    if pause is None:
                        return int(number)
                    await self._clock.sleep(pause)
        return None


def pause_after(trouble: TelegramError, attempt: int) -> float:
    """Seconds to wait before connecting again: what Telegram asks for, or the backoff. Somebody else who
    polls with our token (409) is given five seconds at least: two who hurry would throw each other out."""
    if isinstance(trouble, Wait):
        return max(trouble.seconds, backoff(attempt))
    return backoff(attempt) + (5.0 if isinstance(trouble, Conflict) else 0.0)
