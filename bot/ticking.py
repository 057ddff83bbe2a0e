"""The ticker: runs what the timetable says, each slot once, whoever else believes to be running it too.

A slot is one transaction: it is claimed, its job decides, and the messages and stale cards that come of it
are written with the claim. So whatever stops a process, a slot is done whole or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.dispatch import new_reference
from bot.dispatch.effects import leave_behind
from bot.dispatch.surroundings import Surroundings, context_for
from bot.messages import Call
from bot.timetable import (
    DEADLINES,
    JOBS,
    NOBODY,
    NOWHERE,
    Deadlines,
    Job,
    Slot,
    job_context,
    latest_slot,
    next_slot,
    tries_again,
)
from storage.store import Busy, Storage, Store

log = structlog.get_logger()

LONGEST_SLEEP = timedelta(seconds=30)  # a clock on the wall that is put forward is noticed within it
LONGEST_REST = timedelta(hours=1)  # of a job: what was believed may be wrong (a clock, the alliance's zone)
WHILE_BUSY = timedelta(seconds=5)


class Broken(Exception):
    """A job that raised in one of its slots, on its way out of the rolled-back work."""

    def __init__(self, slot: Slot) -> None:
        super().__init__(slot.key)
        self.slot = slot


class Ticker:
    """Keeps the timetable while it is told to. `wake` is called when there may be something to send."""

    def __init__(
        self,
        storage: Storage,
        around: Surroundings,
        wake: Callable[[], None] = lambda: None,
        jobs: Mapping[str, Job] = JOBS,
        deadlines: Mapping[str, Deadlines] = DEADLINES,
    ) -> None:
        self._storage, self._around, self._wake, self._jobs = storage, around, wake, jobs
        self._deadlines = deadlines
        self._due: dict[str, datetime | None] = {}  # when a deadline is next, as it was last seen
        self._next: dict[str, datetime | None] = {}  # when a job is due next; None is never
        self._looked: dict[str, datetime] = {}  # when that was found out
        self._stop = asyncio.Event()

    def next_moment(self) -> datetime | None:
        """When something is due next (UTC), as far as this process knows; now for a job that it has not
        looked at yet, None if nothing ever is."""
        now = self._around.now()
        jobs = (self._next.get(name, now) for name in self._jobs)
        moments = (*jobs, *(self._due.get(name, now) for name in self._deadlines))
        return min((moment for moment in moments if moment is not None), default=None)

    async def tick(self) -> None:
        """Run everything that is due now, each job in a transaction of its own: one that breaks stops no
        other."""
        for one in self._jobs.values():
            now = self._around.now()
            if self._is_to_look_at(one.name, now):
                self._next[one.name] = await self._look(one, now)
                self._looked[one.name] = now
        for deadline in self._deadlines.values():
            await self._meet(deadline)

    async def _meet(self, deadline: Deadlines) -> None:
        """Bring about the deadlines that have come. They are looked up each time: anybody may set one."""
        now = self._around.now()
        try:
            moment = await self._storage.read(deadline.next)
            if moment is not None and moment <= now:
                await self._storage.write(partial(self._bring_about, deadline))
                self._wake()
                moment = await self._storage.read(deadline.next)
                if moment is not None and moment <= now:  # what broke nothing and did nothing is not hurried
                    moment = now + LONGEST_SLEEP
        except Busy as busy:
            log.warning("deadlines_wait", deadlines=deadline.name, exc_info=busy)
            moment = now + WHILE_BUSY
        except Exception as bug:
            log.error("deadlines_broke", deadlines=deadline.name, exc_info=bug)
            moment = now + LONGEST_SLEEP
        self._due[deadline.name] = moment

    def _bring_about(self, deadline: Deadlines, store: Store) -> None:
        call = Call(f"deadline:{deadline.name}", NOBODY, NOWHERE, self._around.now())
        ctx = job_context(context_for(self._around, call, store), deadline, "")
        deadline.function(ctx)
        made = leave_behind(ctx)
        log.info("deadlines_met", deadlines=deadline.name, made=made)

    def _is_to_look_at(self, name: str, now: datetime) -> bool:
        """Whether a job is due, or what is known of it is too old, or of a time that is still to come: then
        the clock was wrong."""
        moment, looked = self._next.get(name, now), self._looked.get(name, now)
        return (moment is not None and moment <= now) or not looked <= now < looked + LONGEST_REST

    def run(self) -> Coroutine[Any, Any, None]:
        """Tick until the next `stop`, or until cancelled. It may be run again after that, also while a
        transaction of the last time is still under way."""
        return self._keep(self._stop)

    def stop(self) -> None:
        """Begin nothing new; what `run` returned before ends when the transaction under way has ended."""
        self._stop.set()
        self._stop = asyncio.Event()

    async def _keep(self, stop: asyncio.Event) -> None:
        self._due.clear()
        self._next.clear()  # somebody else may have kept the timetable meanwhile
        while not stop.is_set():
            await self.tick()
            await self._sleep(stop)

    async def _sleep(self, stop: asyncio.Event) -> None:
        now = self._around.now()
        until = min(self.next_moment() or now + LONGEST_SLEEP, now + LONGEST_SLEEP)
        asleep = asyncio.ensure_future(self._around.clock.sleep(max(0.0, (until - now).total_seconds())))
        stopped = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({asleep, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            asleep.cancel()
            stopped.cancel()

    async def _look(self, one: Job, now: datetime) -> datetime | None:
        """Run what is due of one job, and say when to look at it again."""
        try:
            again = await self._storage.write(partial(self._turn, one, now))
        except Broken as broken:
            again = await self._broke(one, broken, now)
        except Busy as busy:
            log.warning("job_waits", job=one.name, exc_info=busy)
            again = now + WHILE_BUSY
        except Exception as bug:
            log.error("timetable_broke", job=one.name, exc_info=bug)
            again = now + LONGEST_SLEEP
        else:
            self._wake()
        slot = next_slot(one, now, self._zone(now))
        moments = (again, slot.at if slot else None)
        return min((moment for moment in moments if moment is not None), default=None)

    def _turn(self, one: Job, now: datetime, store: Store) -> datetime | None:
        """Claim the newest slot that is due and run it. Returns when it may be tried again, if it broke a
        moment ago."""
        row = store.jobs.known(one.name, now)
        if row.since > now and not row.paused_at:  # it was met first, or resumed, while a clock was wrong
            store.jobs.resume(one.name, now)
        slot = None if row.paused_at else latest_slot(one, row.since, now, self._zone(now))
        if slot is None:
            return None
        again = tries_again(one, slot, store.jobs.last_runs().get(one.name))
        if again is not None and again > now:
            return again
        if store.jobs.claim(one.name, slot.key, now) is None:
            return None
        try:
            made = self._run(one, slot, store)
        except Busy:
            raise
        except Exception as fault:
            raise Broken(slot) from fault
        store.jobs.finished(one.name, slot.key, made)
        log.info("job_ran", job=one.name, slot=slot.key, made=made)
        return None

    def _run(self, one: Job, slot: Slot, store: Store) -> int:
        """The job in its slot, with all that comes of it; how many messages are new."""
        call = Call(f"job:{one.name}:{slot.key}", NOBODY, NOWHERE, self._around.now())
        ctx = job_context(context_for(self._around, call, store), one, slot.key)
        one.function(ctx, slot.at.astimezone(ZoneInfo(one.zone_in(ctx.zone))))
        return leave_behind(ctx)

    async def _broke(self, one: Job, broken: Broken, now: datetime) -> datetime | None:
        """Keep that a slot went wrong, under a reference that people can be shown."""
        reference = new_reference()
        slot = broken.slot
        log.error("job_broke", job=one.name, slot=slot.key, reference=reference, exc_info=broken.__cause__)

        def note(store: Store) -> datetime | None:
            store.jobs.broke(one.name, slot.key, reference, now)
            return tries_again(one, slot, store.jobs.last_runs().get(one.name))

        try:
            return await self._storage.write(note)
        except Exception as trouble:
            log.warning("job_waits", job=one.name, exc_info=trouble)
            return now + WHILE_BUSY

    def _zone(self, now: datetime) -> str:
        return self._around.charters.at(now.date()).alliance.zone
