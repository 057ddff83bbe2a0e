"""One platform's lane: answers left behind first, then what is most urgent, at the platform's pace."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.delivery import cards, media, sending
from bot.delivery.answers import IsGiving, LeftBehind
from bot.delivery.way import LOST_AFTER, Way
from bot.notices import QUESTION
from storage.store import Busy, Store

log = structlog.get_logger()

AT_ONCE = 32  # sends under way at the same time; only one while nobody can tell of the last
LOOKS_EVERY = timedelta(seconds=1)  # for answers left behind, in the middle of much work
LONGEST_SLEEP = timedelta(seconds=30)
AFTER_TROUBLE = 1.0  # seconds


@dataclass(frozen=True)
class Due:
    """When the next delivery and the next card are to go, and the next file is to be fetched (UTC), None for
    none."""

    delivery: datetime | None
    card: datetime | None
    file: datetime | None

    def by(self, now: datetime) -> bool:
        """Whether anything is due to go."""
        return any(at is not None and at <= now for at in (self.delivery, self.card))

    def first(self) -> datetime | None:
        """When the first of all these is due."""
        return min((at for at in (self.delivery, self.card, self.file) if at is not None), default=None)


class Lane:
    """Works while it leads. `since` is when it began to; answers of before `alone_since` are nobody else's
    to give, for no other process was there."""

    def __init__(self, way: Way, since: datetime, alone_since: datetime | None, is_giving: IsGiving) -> None:
        self.way, self.name, self.stopping = way, way.port.name, False
        self.bell = asyncio.Event()
        self.next_moment: datetime | None = None  # when something is due, as far as is known
        self._left_behind = LeftBehind(way, alone_since, is_giving)
        self._looks_for_cards = since  # that a process claimed which then died: nothing else tells of them
        self._turn = asyncio.Lock()
        self._under_way: dict[asyncio.Task[None], str] = {}  # and the chat of each: one at a time goes there
        self._fetching: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Take a turn at each ring of the bell, and when something is due, until told to stop. Faults of
        the platform or the database are logged and tried again."""
        while not self.stopping:
            self.bell.clear()
            try:
                await self.turn()
                if not self.stopping:
                    await self._wait()
            except Busy as busy:
                log.warning("delivery_waits", platform=self.name, exc_info=busy)
                await self.way.around.clock.sleep(AFTER_TROUBLE)
            except Exception as bug:
                log.error("delivery_broke", platform=self.name, exc_info=bug)
                await self.way.around.clock.sleep(AFTER_TROUBLE)
        await self.finish()

    def stop(self) -> None:
        """Begin nothing new; `run` returns when the sends under way have ended."""
        self.stopping = True
        self.bell.set()

    async def turn(self) -> None:
        """Give what was left behind and begin to send all that is due and may go now."""
        async with self._turn:
            while not self._resting():
                if await self._left_behind.turn():
                    continue
                due = await self.way.storage.read(self._due)
                self.next_moment = due.first()
                now = self.way.around.now()
                self._fetch(due, now)
                if now >= self._looks_for_cards:
                    due = replace(due, card=min(due.card or now, now))
                if not due.by(now) or not await self._send(due):
                    return

    async def finish(self) -> None:
        """Wait for the sends under way."""
        while tasks := {*self._under_way, *([self._fetching] if self._fetching else [])}:
            await asyncio.wait(tasks)

    def _resting(self) -> bool:
        return self.stopping or not self.way.port.ready() or self.way.port.pacer.paused()

    def _due(self, store: Store) -> Due:
        platforms = (self.name,)
        deliveries = store.deliveries
        return Due(
            deliveries.next_due(platforms),
            store.cards.next_due(platforms),
            deliveries.next_fetch(platforms),
        )

    def _fetch(self, due: Due, now: datetime) -> None:
        """Begin to fetch a file that somebody sent along, one at a time and beside all that is sent."""
        if self._fetching is None and due.file is not None and due.file <= now:
            self._fetching = asyncio.create_task(media.fetch_next(self.way))
            self._fetching.add_done_callback(self._fetched)

    async def _send(self, due: Due) -> bool:
        """Begin to send what is due, one at each slot, for a second; False if the rest has to wait."""
        began, now = self.way.around.now(), self.way.around.now
        with_cards = due.card is not None and due.card <= began
        if with_cards:
            self._looks_for_cards = began + LOST_AFTER
        while now() - began < LOOKS_EVERY:
            while len(self._under_way) >= (1 if self.way.doubts.count else AT_ONCE):
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            if not await self.way.port.pacer.slot() or self._resting():
                return False
            claimed = await self._claim(with_cards)
            if claimed is None:
                return False
            chat, doing = claimed
            task = asyncio.create_task(doing)
            self._under_way[task] = chat
            task.add_done_callback(self._ended)
        return True

    async def _claim(self, with_cards: bool) -> tuple[str, Coroutine[Any, Any, None]] | None:
        """The next thing to send and the chat it goes into: changes and questions, then cards, then
        reminders and broadcasts."""
        way, pacer = self.way, self.way.port.pacer
        resting = (*pacer.resting(), *self._under_way.values())
        if with_cards:
            if (urgent := await sending.claim(way, resting, above=QUESTION)) is not None:
                return urgent.delivery.target, sending.send(way, urgent)
            if (card := await cards.claim(way, resting, pacer.may_edit())) is not None:
                return card.row.place.channel, cards.show(way, card)
        one = await sending.claim(way, resting)
        return (one.delivery.target, sending.send(way, one)) if one is not None else None

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        if not task.cancelled() and (bug := task.exception()) is not None:
            log.error("delivery_broke", platform=self.name, exc_info=bug)
        self.bell.set()  # it may have made room, or left something to do

    def _fetched(self, task: asyncio.Task[None]) -> None:
        self._fetching = None
        if not task.cancelled() and (bug := task.exception()) is not None:
            log.error("media_broke", platform=self.name, exc_info=bug)
        else:
            self.bell.set()  # there may be another one

    async def _wait(self) -> None:
        """Until the bell rings, or the next moment at which something may go."""
        now = self.way.around.now()
        moments = [
            at for at in (self.next_moment, self.way.port.pacer.frees_at()) if at is not None and at > now
        ]
        until = min((*moments, now + LONGEST_SLEEP))
        sleep = asyncio.ensure_future(self.way.around.clock.sleep((until - now).total_seconds()))
        bell = asyncio.ensure_future(self.bell.wait())
        try:
            await asyncio.wait({sleep, bell}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            bell.cancel()
