"""Calls that end badly on a test's order: refused, late, or with the connection dropped."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True)
class Fault:
    """How one call ends; `after_processing` means that Slack has done it all the same. A mere `delay`
    (seconds) gives the right answer late."""

    status: int = 200
    retry_after: int = 0
    after_processing: bool = False
    drop: bool = False
    delay: float = 0.0
    code: str = ""


MISHAPS = (
    Fault(status=429, retry_after=1),
    Fault(status=500),
    Fault(drop=True),  # nothing was done
    Fault(drop=True, after_processing=True),  # it was done, and the answer is lost
    Fault(status=500, after_processing=True),
    Fault(delay=0.02),
)


class Chaos:
    """Some of the posts and edits end badly, by chance: the same ones for the same `seed`. `rate` of them
    do, from 0 to 1."""

    methods = ("chat.postMessage", "chat.update")

    def __init__(self, seed: int, rate: float) -> None:
        self._random, self._rate = random.Random(seed), rate

    def strikes(self, method: str) -> Fault | None:
        """How this call ends; None if it goes well."""
        if method not in self.methods or self._random.random() >= self._rate:
            return None
        return self._random.choice(MISHAPS)


class Troubles:
    """What a test orders to go wrong."""

    def __init__(self) -> None:
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._chaos = Chaos(0, 0.0)

    def fail_next(
        self,
        method: str,
        status: int = 200,
        retry_after: int = 0,
        after_processing: bool = False,
        drop: bool = False,
        delay: float = 0.0,
        code: str = "",
        times: int = 1,
    ) -> None:
        """Let the next calls of a method ("respond" for response_urls) end badly: with an HTTP status, with
        Slack's `code`, late, or with the connection dropped; before or after it has been done."""
        fault = Fault(status, retry_after, after_processing, drop, delay, code)
        self._faults[method].extend([fault] * times)

    def chaos(self, seed: int, rate: float) -> None:
        """From now on let such a part of the posts and edits end badly, by chance (0: none of them)."""
        self._chaos = Chaos(seed, rate)

    def fault_of(self, method: str) -> Fault | None:
        """How the next call of a method ends; None if it goes well."""
        ordered = self._faults[method]
        return ordered.popleft() if ordered else self._chaos.strikes(method)


async def spoil(
    fault: Fault, request: web.Request, answered: Callable[[], web.Response]
) -> web.StreamResponse:
    """Answer one request as `fault` says; `answered` does what was asked."""
    await asyncio.sleep(fault.delay)
    if fault.status == 200 and not fault.drop and not fault.code:
        return answered()
    if fault.after_processing:
        answered()
    if fault.drop:
        assert request.transport is not None
        request.transport.abort()
        return web.Response(status=500)
    if fault.code:
        return web.json_response({"ok": False, "error": fault.code})
    if fault.status == 429:
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    return web.Response(status=fault.status, text="<html>busy</html>", content_type="text/html")
