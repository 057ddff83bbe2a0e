"""What can go wrong at Telegram: faults on purpose, calls that take long, and the limits it enforces."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.servers.telegram.checks import Refused
from tests.servers.telegram.state import Chat

LIMITED = ("sendMessage", "sendPhoto", "editMessageText", "editMessageCaption")  # what chaos strikes


@dataclass(frozen=True)
class Fault:
    """One call that goes wrong: `status` instead of 200, before or after it took effect; `drop` closes the
    connection instead of answering; `slow` seconds pass first. Status 200: it is only slow."""

    status: int = 500
    retry_after: int = 1
    after_processing: bool = False
    drop: bool = False
    slow: float = 0.0

    def refused(self) -> Refused:
        if self.status == 429:
            says = f"Too Many Requests: retry after {self.retry_after}"
            return Refused(429, says, retry_after=self.retry_after)
        return Refused(self.status, "Internal Server Error" if self.status >= 500 else "on purpose")


class Trouble:
    """The limits as Telegram enforces them (platforms.md section 9), and faults on purpose. `now` gives
    seconds and `sleep` waits for some: of the clock on the wall, or of a clock that a test turns."""

    def __init__(self, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self.now, self.sleep = now, sleep
        self.limits = False
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._delays: dict[str, float] = {}
        self._spent: dict[object, deque[float]] = defaultdict(deque)
        self._dice, self._rate, self._slow = random.Random(0), 0.0, 0.0

    def fail_next(
        self,
        method: str,
        status: int = 500,
        retry_after: int = 1,
        after_processing: bool = False,
        drop: bool = False,
        slow: float = 0.0,
        times: int = 1,
    ) -> None:
        """Let the next `times` calls of a method go wrong; see Fault."""
        self._faults[method].extend([Fault(status, retry_after, after_processing, drop, slow)] * times)

    def delay(self, method: str, seconds: float) -> None:
        """Let every call of a method take so long."""
        self._delays[method] = seconds

    def chaos(self, seed: int, rate: float, slow: float = 0.1) -> None:
        """From now on a share `rate` of all messages and edits goes wrong, in an order that depends on
        `seed` only: 429, 500, the connection reset before anything was done, an answer after `slow`
        seconds, or done and the answer lost. A rate of 0 ends it."""
        self._dice, self._rate, self._slow = random.Random(seed), rate, slow

    async def fault_for(self, method: str) -> Fault | None:
        """What goes wrong with a call that has just come in, after the time it takes."""
        await self._pass(self._delays.get(method, 0.0))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is None and method in LIMITED and self._dice.random() < self._rate:
            fault = self._dice.choice(
                (
                    Fault(429),
                    Fault(500),
                    Fault(drop=True),
                    Fault(200, slow=self._slow),
                    Fault(drop=True, after_processing=True),
                )
            )
        if fault is not None:
            await self._pass(fault.slow)
        return fault

    async def _pass(self, seconds: float) -> None:
        await (self.sleep(seconds) if seconds else asyncio.sleep(0))

    def spend(self, chat: Chat) -> None:
        """Count a message or an edit against the limits: 30 a second in all; one a second in a chat, of
        which five may come at once; 20 a minute in a group. Raises Refused(429)."""
        if not self.limits:
            return
        budgets: list[tuple[object, int, float]] = [("overall", 30, 1.0), (("chat", chat.id), 5, 5.0)]
        if chat.person is None:
            budgets.append((("group", chat.id), 20, 60.0))
        now = self.now()
        for key, most, seconds in budgets:
            spent = self._spent[key]
            while spent and spent[0] <= now - seconds:
                spent.popleft()
            if len(spent) >= most:
                wait = max(1, round(spent[0] + seconds - now + 0.5))
                raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for key, _, _ in budgets:
            self._spent[key].append(now)
