"""Threads: where transactions run, so that the event loop never waits for a disk.

Each result that is handed to the loop wakes it, and then the two threads fight for the interpreter while the
next transaction runs. So while more work waits that is quick, results are handed over several at a time
(docs/performance.md). What may take long (a job, tidying up, other databases' locks) holds up no result.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

LONGEST_HELD = 0.01  # seconds that a result waits for others; more only if the next transaction takes more

_thread = threading.local()


@dataclass(slots=True, eq=False)
class Job:
    """A piece of work, who waits for it (`loop` is None for a plain program), and what came of it. `quick`:
    others' results may wait until it is done."""

    work: Callable[[], Any]
    done: asyncio.Future[Any] | concurrent.futures.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    quick: bool = False
    result: Any = None
    fault: BaseException | None = None

    def do(self) -> None:
        """Do the work and keep what came of it."""
        try:
            self.result = self.work()
        except BaseException as fault:  # whatever it is, it belongs to who waits
            self.fault = fault

    def tell(self) -> None:
        """Tell who waits, unless they have stopped waiting."""
        if self.done.done():
            return
        if self.fault is None:
            self.done.set_result(self.result)
        else:
            self.done.set_exception(self.fault)


class Threads:
    """A few threads that take work in the order in which it comes. They start with the first of it.
    `holds`: results may wait for quick work that comes after them."""

    def __init__(self, count: int, name: str, *, holds: bool = True) -> None:
        self._holds = holds
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        # Daemons: a program that ends without `close` must not hang, and what is not committed never was.
        self._threads = [threading.Thread(None, self._run, f"{name}-{n}", daemon=True) for n in range(count)]
        self._lock = threading.Lock()
        self._started = self._closed = False

    async def run(self, work: Callable[[], T], *, quick: bool = False) -> T:
        """What `work` returns or raises. A cancelled caller does not stop work that has begun."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._put(Job(work, done, loop, quick and self._holds))
        return await done

    def run_now(self, work: Callable[[], T]) -> T:
        """`run` for a plain program. Raises RuntimeError inside such work."""
        if getattr(_thread, "is_ours", False):
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        done: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._put(Job(work, done))
        return done.result()

    def close(self) -> None:
        """Wait until everything that was given is done. Raises RuntimeError to who comes later."""
        with self._lock:
            self._closed = True
            for _ in self._threads:
                self._jobs.put(None)
        for thread in self._threads if self._started else ():
            thread.join()

    def _put(self, job: Job) -> None:
        with self._lock:
            if self._closed:
                raise RuntimeError("the database is closed")
            if not self._started:
                self._started = True
                for thread in self._threads:
                    thread.start()
            self._jobs.put(job)

    def _run(self) -> None:
        _thread.is_ours = True
        held: list[Job] = []
        since = 0.0
        while True:
            try:
                job = self._jobs.get(block=not held)
            except Empty:
                _hand_over(held)
                held = []
                continue
            if job is None:
                _hand_over(held)
                return
            if not job.quick:
                _hand_over(held)
                held = []
            if not job.done.cancelled():
                job.do()
                since = since if held else time.monotonic()
                held.append(job)
                if time.monotonic() - since > LONGEST_HELD:
                    _hand_over(held)
                    held = []
            del job  # nothing that a transaction returned is kept while waiting for the next


def _hand_over(held: Sequence[Job]) -> None:
    for loop, jobs in groupby(held, lambda job: job.loop):
        together = tuple(jobs)
        if loop is None:
            _tell(together)
        else:
            try:
                loop.call_soon_threadsafe(_tell, together)
            except RuntimeError:  # the loop is closed: nobody waits there any more
                continue


def _tell(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.tell()
