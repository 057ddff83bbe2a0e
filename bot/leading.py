"""Leading: of several processes over one database, one polls, sends and keeps the timetable.

One row names it. The leader raises a number there every two seconds; whoever sees the same number for six
seconds, by its own clock, takes over. No two clocks are ever compared. A leader that cannot raise the number
stops leading before anybody else may begin.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from bot.clock import Clock
from storage.leases import Lease
from storage.store import Storage, Store

log = structlog.get_logger()

LEASE = "leader"
EVERY = 2.0  # seconds between two beats, and between two looks of a standby
SILENT = timedelta(seconds=6)  # after which a leader counts as gone
STEPS_DOWN = timedelta(seconds=4.5)  # after which a leader that cannot write stops by itself

Lead = Callable[[bool], None]


class Leading:
    """Tells `lead` whether this process leads. `home` and `pid` say who it is (`here`)."""

    def __init__(self, storage: Storage, clock: Clock, lead: Lead, home: str = "", pid: int = 0) -> None:
        self.leads = False
        self._storage, self._clock, self._lead = storage, clock, lead
        self._home, self._pid = home or here(), pid or os.getpid()
        self._me = f"{self._home} {self._pid} {secrets.token_hex(4)}"
        self._seen: tuple[Lease | None, datetime] | None = None  # what the row said, and since when
        self._wrote = clock.now()

    async def run(self) -> None:
        """Keep the lead, or wait for it, until cancelled."""
        while True:
            await self.turn()
            await self._clock.sleep(EVERY)

    async def turn(self) -> None:
        """One beat of a leader, or one look of a standby. A leader that was away (a machine that slept) for
        so long that somebody else may lead stops first, and asks then."""
        if self._is_late():
            self._tell(False)
        asked = self._clock.now()
        try:
            async with asyncio.timeout(self._patience()):  # a server that went silent is not waited for
                leads = await self._storage.write(self._beats if self.leads else self._looks)
        except Exception as trouble:  # whatever keeps the database from us, somebody else may lead by now
            log.warning("lead_unsure", leads=self.leads, exc_info=trouble)
            if self._is_late() or (self.leads and isinstance(trouble, TimeoutError)):
                self._tell(False)
            return
        if leads:
            self._wrote = asked  # it may have been written long before we hear of it
        leads = leads and self._clock.now() - asked < STEPS_DOWN
        if leads != self.leads:
            self._tell(leads)

    async def give_up(self) -> None:
        """Let somebody else lead at once."""
        if self.leads:
            self._tell(False)
            await self._storage.write(lambda store: store.leases.give_up(LEASE, self._me))

    def _is_late(self) -> bool:
        return self.leads and self._clock.now() - self._wrote >= STEPS_DOWN

    def _patience(self) -> float | None:
        """Seconds until a leader that cannot write has to stop."""
        return (self._wrote + STEPS_DOWN - self._clock.now()).total_seconds() if self.leads else None

    def _tell(self, leads: bool) -> None:
        self.leads, self._seen = leads, None
        log.info("leads" if leads else "stands_by")
        self._lead(leads)

    def _beats(self, store: Store) -> bool:
        return store.leases.beat(LEASE, self._me)

    def _looks(self, store: Store) -> bool:
        lease, now = store.leases.look(LEASE), self._clock.now()
        if self._seen is None or self._seen[0] != lease:
            self._seen = (lease, now)
        vacant = lease is None or not lease.holder or self._is_dead(lease.holder)
        if vacant or now - self._seen[1] >= SILENT:
            return store.leases.take(LEASE, self._me, lease)
        return False

    def _is_dead(self, holder: str) -> bool:
        """Whether the holder was a process beside us that is there no more: then nobody waits for it."""
        home, _, rest = holder.partition(" ")
        pid = rest.partition(" ")[0]
        if home != self._home or not pid.isdecimal():
            return False
        return int(pid) == self._pid or not _lives(int(pid))


def here() -> str:
    """Where process numbers mean what they mean to us: this machine, since it was started, in this
    container."""
    parts = [socket.gethostname()]
    for read in (
        partial(os.readlink, "/proc/self/ns/pid"),
        Path("/proc/sys/kernel/random/boot_id").read_text,
    ):
        try:
            parts.append(read().strip())
        except OSError:  # not on Linux
            parts.append("")
    return "/".join(parts).replace(" ", "-")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's process
        return True
    return True
