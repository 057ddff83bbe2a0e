"""The post office: answers left behind, messages and cards, one lane for each platform.

A lane works only in the process that leads (`bot/leading.py`); what was given is written down in all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.batches import changed
from bot.delivery.kept import Kept
from bot.delivery.lane import Lane
from bot.delivery.way import LOST_AFTER, Counts, Way
from bot.dispatch import Dispatch, Surroundings
from bot.platforms.port import Port
from storage.deliveries import Delivery
from storage.store import Storage, Store

__all__ = ["Counts", "Worker"]

log = structlog.get_logger()

AT_THE_START = timedelta(seconds=5)
TICK, GATHER = 1.0, 0.05  # seconds: the longest sleep, and how long many answers are gathered into one write


class Worker:
    """Gives and sends until told to stop. It leads until it is told otherwise."""

    def __init__(
        self, storage: Storage, dispatch: Dispatch, ports: Mapping[str, Port], around: Surroundings
    ) -> None:
        self.counts: Counts = Counter()
        self._storage, self._dispatch, self._around = storage, dispatch, around
        kept = Kept()
        self._ways = tuple(Way(port, storage, around, self.counts, kept) for port in ports.values())
        self._bell, self._stopping, self._running = asyncio.Event(), False, False
        self._lanes: tuple[Lane, ...] = ()
        self._work: list[asyncio.Task[None]] = []
        self._swept: datetime | None = None
        self._began = around.now()
        self.lead(True)

    def lead(self, leading: bool) -> None:
        """Begin, or stop, what only one process may do at a time: giving what was left behind, and sending.
        What is under way ends by itself."""
        for lane in self._lanes:
            lane.stop()
        self._lanes = self._new_lanes() if leading else ()
        self._swept = None
        if self._running:
            self._start()
        self.wake()

    def _new_lanes(self) -> tuple[Lane, ...]:
        """Whoever leads as soon as it begins follows a process that is gone; later, others may be giving
        answers too, and are given time."""
        now = self._around.now()
        alone_since = now if now - self._began < AT_THE_START else None
        return tuple(Lane(way, now, alone_since, self._dispatch.is_giving) for way in self._ways)

    def wake(self) -> None:
        """There is something to give or to send."""
        self._bell.set()

    def next_moment(self) -> datetime | None:
        """When the next message is due, as far as the last turn knows (UTC)."""
        return min((lane.next_moment for lane in self._lanes if lane.next_moment), default=None)

    async def run(self) -> None:
        """Work until `stop`; faults of a platform or the database are logged and tried again. Every lane is
        woken at each bell and at each tick, so what one leaves to another waits for a second at most."""
        self._running = True
        self._start()
        while not self._stopping:
            self._bell.clear()
            await self._note()
            for lane in self._lanes:
                lane.bell.set()
            with contextlib.suppress(TimeoutError):  # wait_for would lose a cancel that comes with the bell
                async with asyncio.timeout(TICK):
                    await self._bell.wait()
            await asyncio.sleep(0 if self._stopping else GATHER)
        for lane in self._lanes:
            lane.stop()
        await asyncio.gather(*self._work)

    def stop(self) -> None:
        """Begin nothing new; `run` returns when the sends under way have ended."""
        self._stopping = True
        for lane in self._lanes:
            lane.stopping = True
        self._bell.set()

    async def settle(self) -> None:
        """Give and send everything that is due now and may go. Raises what the database raises."""
        await self._dispatch.flush()
        await self._sweep()
        before = -1
        while before != (before := self.counts.total()):  # what one lane did may be another one's to send
            for lane in self._lanes:
                await _settle(lane)
        await self._dispatch.flush()

    def _start(self) -> None:
        self._work = [task for task in self._work if not task.done()]
        self._work += [asyncio.create_task(lane.run()) for lane in self._lanes]

    async def _note(self) -> None:
        try:
            await self._dispatch.flush()
            await self._sweep()
        except Exception as trouble:
            log.warning("delivery_waits", exc_info=trouble)

    async def _sweep(self) -> None:
        """What was claimed and never finished: nobody can tell whether it arrived, so it is left alone."""
        now = self._around.now()
        if not self._lanes or (self._swept is not None and now - self._swept < LOST_AFTER):
            return
        self._swept = now
        for one in await self._storage.write(partial(_unknown, now - LOST_AFTER)):
            self.counts[one.platform, "unknown"] += 1
            log.warning("delivery_unknown", delivery=one.id, template=one.template, platform=one.platform)


async def _settle(lane: Lane) -> None:
    lane.bell.set()
    while lane.bell.is_set():  # whatever ends may have left something to do
        lane.bell.clear()
        await lane.turn()
        await lane.finish()


def _unknown(before: datetime, store: Store) -> tuple[Delivery, ...]:
    """What is unknown from now on; the cards of the batches that it belongs to show that."""
    found = store.deliveries.unknown_since(before)
    for batch in sorted({one.batch for one in found if one.batch}):
        changed(store, batch)
    return found
