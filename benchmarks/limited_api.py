"""A Bot API that keeps Telegram's limits strictly, in a process of its own, while people write to the bot.

Run as `python -m benchmarks.limited_api SECONDS`: it prints its port and serves for so long. From the first
message of the broadcast (those that begin with NEWS) until it is asked for "over", somebody types a command
every 400 ms on average, at random moments, and the time until their answer is here is measured.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from benchmarks.telegram_api import LOG, LOOK, ME, PEOPLE, ok, private_message, worded

NEWS = "The hall opens at nine on Friday."
MOST, WINDOW = 30, 1.0  # messages and edits accepted in any second (platforms.md section 9)
CHAT_RATE, CHAT_BURST = 1.0, 5.0  # messages a second in one chat, and how many at once
THERE, BACK = 0.08, 0.04  # seconds: there 0 to 0.08 at random, back 0.04; so 80 ms with 40 of jitter
EVERY = 0.4  # seconds between two commands, on average
PATIENCE = 10.0  # seconds that answers on their way are waited for
LIMITED = ("sendMessage", "editMessageText")


class Limits:
    """What Telegram allows: a strict sliding second over all chats, and a bucket for each chat."""

    def __init__(self) -> None:
        self._accepted: deque[float] = deque()
        self._chats: dict[int, tuple[float, float]] = {}  # how full, and when that was so

    def refuses(self, chat: int, now: float) -> int:
        """Seconds to wait until this chat may get a message, 0 if it is accepted now (and counted)."""
        while self._accepted and self._accepted[0] <= now - WINDOW:
            self._accepted.popleft()
        level, since = self._chats.get(chat, (0.0, now))
        level = max(0.0, level - (now - since) * CHAT_RATE)
        if len(self._accepted) >= MOST or level + 1 > CHAT_BURST:
            return 1
        self._accepted.append(now)
        self._chats[chat] = (level + 1, now)
        return 0


class Api:
    """Updates to hand out, messages that came, and how long people waited."""

    def __init__(self) -> None:
        self.limits, self.dice = Limits(), random.Random(30)
        self.updates: list[dict[str, object]] = []
        self.news = asyncio.Event()  # an update more
        self.asked: dict[int, dict[int, float]] = defaultdict(dict)  # by chat, by message: not answered yet
        self.waited: list[float] = []
        self.came: list[float] = []  # every message that was accepted
        self.broadcast: list[float] = []  # those of the broadcast
        self.readers: Counter[int] = Counter()
        self.refused = 0
        self.typing: asyncio.Task[None] | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """One method of the Bot API, after the way there; then the way back."""
        body, method = await request.read(), request.match_info["method"]
        asked = _asked(body, request.content_type)
        await asyncio.sleep(random.uniform(0, THERE))
        result: object = ME if method == "getMe" else [] if method == "getMyCommands" else True
        if method == "getUpdates":
            result = await self.fetched(int(asked.get("offset") or 0), float(asked.get("timeout") or 0))
        elif method in LIMITED:
            chat = int(asked["chat_id"])
            if wait := self.limits.refuses(chat, time.monotonic()):
                self.refused += 1
                await asyncio.sleep(BACK)
                return _too_many(wait)
            result = self.accepted(chat, str(asked["text"]), _replies_to(asked))
        await asyncio.sleep(BACK)
        return ok(result)

    async def fetched(self, offset: int, patience: float) -> list[dict[str, object]]:
        """The updates from `offset` on, as soon as there is one, or none after `patience` seconds."""
        until = time.monotonic() + patience
        while len(self.updates) <= offset and time.monotonic() < until:
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), until - time.monotonic())
            except TimeoutError:
                break
        return self.updates[max(offset, 0) :][:100]

    def accepted(self, chat: int, text: str, replies_to: int) -> dict[str, object]:
        """A message arrived: one of the broadcast, or the answer to the message that it replies to, else to
        the first in its chat that has none (that is right only where no answer is lost)."""
        now = time.monotonic()
        self.came.append(now)
        if text.startswith(NEWS):
            self.broadcast.append(now)
            self.readers[chat] += 1
            self.typing = self.typing or asyncio.create_task(self.type())
        elif self.asked[chat]:
            first = next(iter(self.asked[chat]))
            since = self.asked[chat].pop(replies_to or first, None)
            self.waited += [] if since is None else [now - since]
        return {"message_id": len(self.came), "date": 1, "chat": {"id": chat, "type": "private"}, "text": "x"}

    async def type(self) -> None:
        """People type, now and then."""
        while True:
            await asyncio.sleep(self.dice.expovariate(1 / EVERY))
            number = len(self.updates)
            person = 1000 + self.dice.randrange(PEOPLE)
            text = worded(LOG if number % 2 else LOOK, number)
            self.updates.append(private_message(number, person, text))
            self.asked[person][number + 1] = time.monotonic()
            self.news.set()

    async def over(self, _: web.Request) -> web.Response:
        """The broadcast is over: nobody types any more, and once all are answered this says how it went."""
        if self.typing is not None:
            self.typing.cancel()
        until = time.monotonic() + PATIENCE
        while any(self.asked.values()) and time.monotonic() < until:
            await asyncio.sleep(0.05)
        return web.json_response(self.report())

    def report(self) -> dict[str, float]:
        """Messages and seconds from the first to the last of the broadcast, and what else was counted."""
        first, last = self.broadcast[0], self.broadcast[-1]
        hundredths = statistics.quantiles(self.waited, n=100, method="inclusive")
        return {
            "messages": sum(first <= at <= last for at in self.came) - 1,
            "seconds": last - first,
            "refused": self.refused,
            "reached": len(self.readers),
            "twice": sum(many - 1 for many in self.readers.values()),
            "typed": len(self.updates),
            "unanswered": sum(map(len, self.asked.values())),
            "p50": hundredths[49] * 1000,
            "p99": hundredths[98] * 1000,
        }


def _asked(body: bytes, content_type: str) -> Mapping[str, Any]:
    if content_type != "application/json":
        return dict(parse_qsl(body.decode()))
    asked: dict[str, Any] = json.loads(body or b"{}")
    return asked


def _replies_to(asked: Mapping[str, Any]) -> int:
    told = asked.get("reply_parameters") or {}
    return int((json.loads(told) if isinstance(told, str) else told).get("message_id") or 0)


def _too_many(seconds: int) -> web.Response:
    says = f"Too Many Requests: retry after {seconds}"
    told = {"ok": False, "error_code": 429, "description": says, "parameters": {"retry_after": seconds}}
    return web.json_response(told, status=429)


async def serve(seconds: float) -> None:
    """Serve for so long, or until ended."""
    api, app = Api(), web.Application()
    app.router.add_get("/over", api.over)
    app.router.add_route("*", "/bot{token}/{method}", api.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.sleep(seconds)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
