"""One process of the bot, as the test that owns it sees it: to be started, ordered about and killed."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.kill.child import ANY, NONE, STEPS, TALLY, Life, live

# Seconds after which a bot that should have died or come to rest never will: longer than the thirty for which
# PostgreSQL lets a process that is frozen inside a transaction keep its rows.
PATIENCE = 90.0

# Each bot is forked from a process that has the bot's modules imported and nothing running: as good as
# a fresh start, and three seconds quicker.
_fresh = multiprocessing.get_context("forkserver")
_fresh.set_forkserver_preload(["tests.kill.fresh"])


class BotProcess:
    """`python -m bot run` with these settings in the folder `home`, again and again."""

    def __init__(self, settings: Mapping[str, str], home: Path, life: Life | None = None) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.settings, self.home, self.life = settings, home, life
        self.orders = _fresh.RawArray("i", [NONE, 0, signal.SIGKILL, *(0 for _ in STEPS)])
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        """Start it."""
        given = (self.orders, self.settings, str(self.home), self.life)
        self._process = _fresh.Process(target=live, args=given, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """The number of the process that was started last."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def alive(self) -> bool:
        """Whether it runs (or is frozen). Raises AssertionError if it ended otherwise than by SIGKILL."""
        code = self._code()
        assert code in (None, -signal.SIGKILL), f"the bot ended with {code}:\n{self.log()}"
        return code is None

    def runs(self) -> bool:
        """Whether it has not ended, however it may have."""
        return self._process is not None and self._code() is None

    def send(self, what: signal.Signals) -> None:
        """A signal, now; fine if it is dead already, even between looking and sending."""
        if self.runs():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, what)

    def end(self) -> None:
        """Kill it and wait for its end, if it was ever started."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    async def left(self) -> int | None:
        """Wait until it has ended; its status."""
        await until(lambda: self._code() is not None, lambda: f"it never ended:\n{self.log()}")
        return self._code()

    async def frozen(self) -> None:
        """Wait until it stands still after a SIGSTOP."""
        stat = Path(f"/proc/{self.pid}/stat")
        await until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", lambda: "it never froze")

    def order(self, step: str, times: int = 1, what: signal.Signals = signal.SIGKILL) -> None:
        """It is to send itself a signal at a step of `tests.kill.child`, or at the n-th of "any"."""
        self.orders[0] = NONE
        self.orders[1], self.orders[2] = times, what
        self.orders[0] = ANY if step == "any" else STEPS.index(step)

    def no_orders(self) -> None:
        """It is to live on."""
        self.orders[0] = NONE

    def ordered(self) -> str:
        """The step that it was ordered to die at."""
        step = self.orders[0]
        return "any" if step == ANY else "none" if step == NONE else STEPS[step]

    def taken(self, step: str) -> int:
        """How often it took a step, in all its lives."""
        return int(self.orders[TALLY + STEPS.index(step)])

    def forget_steps(self) -> None:
        """Begin to count its steps anew."""
        for number in range(len(STEPS)):
            self.orders[TALLY + number] = 0

    def whole_log(self) -> str:
        """All that it logged, in all its lives."""
        file = self.home / "bot.log"
        return file.read_text() if file.exists() else "(no log)"

    def log(self) -> str:
        """The end of what it logged."""
        return self.whole_log()[-4000:]

    def _code(self) -> int | None:
        assert self._process is not None
        return self._process.exitcode


async def until(true: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Wait until something is true, or fail with the sentence of `otherwise`."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, otherwise()
        await asyncio.sleep(0.01)
