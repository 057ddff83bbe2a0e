"""Updates and their two ways out: getUpdates and the webhook. Kept until the bot confirms them."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.servers.telegram.checks import Refused
from tests.servers.telegram.state import Chat

_DEFAULT = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})


class Updates:
    """What happened and is not confirmed yet."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        # told of each moment: "asked" and "done" with a method, "acked" with getUpdates when it confirms
        # something; True means that the bot died in that moment, so that it is given no answer
        self.witness: Callable[[str, str, dict[str, Any]], bool] = lambda *_: False
        self.updates: list[dict[str, Any]] = []
        self.webhook_url = self.webhook_trouble = ""
        self._secret = ""
        self._allowed = _DEFAULT
        self._numbers = itertools.count(1)
        self._again: list[dict[str, Any]] = []
        self._again_out: list[dict[str, Any]] = []
        self._polls = 0
        self._news = asyncio.Event()
        self._lanes: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._deliveries: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Be able to post to a webhook."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))

    async def close(self) -> None:
        """End deliveries and polls."""
        for task in list(self._deliveries):
            task.cancel()
        self._polls += 1
        self._news.set()
        if self._session is not None:
            await self._session.close()

    def unconfirmed(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.updates) + len(self._again) + len(self._again_out)

    def enqueue(self, kind: str, body: dict[str, Any], chat: Chat) -> dict[str, Any]:
        """Something happened: keep it for the bot until it is confirmed."""
        update = {"update_id": 900000 + next(self._numbers), kind: body}
        if kind in self._allowed:
            self.updates.append(update)
            self._news.set()
            if self.webhook_url:
                self._deliver_soon(chat.id, update)
        return update

    async def deliver_again(self, update: dict[str, Any]) -> None:
        """Deliver an update once more, as Telegram does when it missed the confirmation."""
        if self.webhook_url:
            await self._post(update)
        else:
            self._again.append(update)
            self._news.set()

    def hook_to(self, url: str, secret: str) -> None:
        """Deliver by webhook from now on ("" = keep for getUpdates)."""
        self.webhook_url, self._secret, self.webhook_trouble = url, secret, ""
        if url:
            self._polls += 1  # a poll that waits is ended with 409
            self._news.set()
            for update in self.updates:
                self._deliver_soon(0, update)

    def allow(self, p: dict[str, Any]) -> None:
        """Remember which kinds of updates the bot asked for (it is kept between calls)."""
        if p.get("allowed_updates") is not None:
            self._allowed = frozenset(p["allowed_updates"]) or _DEFAULT

    async def get_updates(self, p: dict[str, Any]) -> Any:
        """Long polling: the offset confirms what is below it; the newer of two pollers wins."""
        if self.webhook_url:
            raise Refused(409, "can't use getUpdates method while webhook is active; use deleteWebhook to "
                          "delete the webhook first")  # fmt: skip
        self._polls += 1
        mine, offset = self._polls, int(p.get("offset") or 0)
        self.allow(p)
        before = len(self.updates)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if len(self.updates) < before:
            self.witness("acked", "getUpdates", p)
        self._again_out.clear()
        self._news.set()  # ends an older poll
        until = time.monotonic() + float(p.get("timeout") or 0)
        while not (self.updates or self._again) and time.monotonic() < until:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), until - time.monotonic())
            except TimeoutError:
                break
            if self._polls != mine:
                raise Refused(409, "terminated by other getUpdates request; make sure that only one bot "
                              "instance is running")  # fmt: skip
        self._again_out, self._again = self._again, []
        return (self._again_out + self.updates)[: int(p.get("limit") or 100)]

    def _deliver_soon(self, lane: int, update: dict[str, Any]) -> None:
        task = asyncio.create_task(self._deliver(lane, update))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _deliver(self, lane: int, update: dict[str, Any]) -> None:
        """Post one update until it is taken; in order within a chat."""
        pause = 0.02
        async with self._lanes[lane]:
            while self.webhook_url and update in self.updates:
                status = await self._post(update)
                if status == 200:
                    self.updates.remove(update)
                    self.witness("acked", "webhook", update)
                    return
                self.webhook_trouble = f"Wrong response from the webhook: {status}"
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)

    async def _post(self, update: dict[str, Any]) -> int:
        assert self._session is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            async with self._session.post(self.webhook_url, json=update, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
