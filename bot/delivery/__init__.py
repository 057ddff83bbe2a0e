"""The worker: answers left behind, and messages to people and places, one lane for each platform.

A lane gives answers first. A delivery is claimed (committed as "attempting") before it is sent, so that
a crash between the two leaves it unknown and never sends it twice unseen; answers are given at least once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.delivery.lane import Counts, Lane
from bot.delivery.pacing import Pace, Sleep
from bot.dispatch import Dispatch, Surroundings
from bot.platforms.port import Port
from storage.store import Busy, Storage, Store

__all__ = ["Counts", "Pace", "Worker"]

log = structlog.get_logger()

RECEIVED_KEPT, DRAFTS_KEPT = timedelta(days=7), timedelta(days=30)
FORGETS_EVERY = timedelta(hours=1)
LOST_AFTER = timedelta(minutes=1)  # no platform call takes so long: whoever claimed it is gone
TICK, GATHER = 1.0, 0.05  # seconds: the longest sleep, and how long many answers are gathered into one write


class Worker:
    """Gives and sends until told to stop. `paces` are for platforms whose pace differs."""

    def __init__(
        self,
        storage: Storage,
        dispatch: Dispatch,
        ports: Mapping[str, Port],
        around: Surroundings,
        sleep: Sleep = asyncio.sleep,
        paces: Mapping[str, Pace] | None = None,
    ) -> None:
        self.counts: Counts = Counter()
        self._storage, self._dispatch, self._now = storage, dispatch, around.now
        self._bell, self._stopping = asyncio.Event(), False
        started = around.now()
        self._lanes = tuple(
            Lane(storage, port, around, started, sleep, (paces or {}).get(name, Pace()), self.counts)
            for name, port in ports.items()
        )
        self._swept: datetime | None = None
        self._forgot: datetime | None = None

    def wake(self) -> None:
        """There is something to give or to send."""
        self._bell.set()

    async def run(self) -> None:
        """Work until `stop`; faults of a platform or the database are logged and tried again."""
        async with asyncio.TaskGroup() as lanes:
            for lane in self._lanes:
                lanes.create_task(self._keep(lane))
            while not self._stopping:
                self._bell.clear()
                await self._note()
                for lane in self._lanes:
                    lane.bell.set()
                with contextlib.suppress(
                    TimeoutError
                ):  # wait_for would lose a cancel that comes with the bell
                    async with asyncio.timeout(TICK):
                        await self._bell.wait()
                await asyncio.sleep(0 if self._stopping else GATHER)
            for lane in self._lanes:
                lane.bell.set()

    def stop(self) -> None:
        """Begin nothing new; `run` returns when the sends under way have ended."""
        self._stopping = True
        for lane in self._lanes:
            lane.stopping = True
        self._bell.set()

    async def settle(self) -> None:
        """Give and send everything that is due now. Raises what the database raises."""
        await self._dispatch.flush()
        await self._sweep()
        for lane in self._lanes:
            await lane.turn()
        await self._dispatch.flush()

    async def _keep(self, lane: Lane) -> None:
        while not lane.stopping:
            await lane.bell.wait()
            lane.bell.clear()
            try:
                await lane.turn()
            except Busy as busy:
                log.warning("delivery_waits", platform=lane.name, exc_info=busy)
            except Exception as bug:
                log.error("delivery_broke", platform=lane.name, exc_info=bug)

    async def _note(self) -> None:
        try:
            await self._dispatch.flush()
            await self._sweep()
        except Exception as trouble:
            log.warning("delivery_waits", exc_info=trouble)

    async def _sweep(self) -> None:
        """What was claimed and never finished: nobody can tell whether it arrived, so it is left alone."""
        now = self._now()
        if self._swept is not None and now - self._swept < LOST_AFTER:
            return
        self._swept = now
        for one in await self._storage.write(lambda s: s.deliveries.unknown_since(now - LOST_AFTER)):
            self.counts[one.platform, "unknown"] += 1
            log.warning("delivery_unknown", delivery=one.id, template=one.template, platform=one.platform)
        if self._forgot is None or now - self._forgot >= FORGETS_EVERY:
            self._forgot = now
            await self._storage.write(lambda store: _forget(store, now))


def _forget(store: Store, now: datetime) -> None:
    """What came in, and answers with what stood in them, are kept no longer than they can be redelivered
    or gone on with (spec/engagement.md section 8)."""
    store.received.forget(now - RECEIVED_KEPT)
    store.drafts.forget(now - DRAFTS_KEPT)
    store.buttons.forget(now)
