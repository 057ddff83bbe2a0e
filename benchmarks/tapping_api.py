"""A Bot API whose people tap one button of a card, in a process of its own, and which answers at once.

Run as `python -m benchmarks.tapping_api`: it prints its port. A POST of `{"token", "taps", "apart"}` to /taps
lets the first so many voters tap that button once each, all at the same moment: in the group, or with
`apart` each in their own chat. A GET of /sent tells how often each method was called.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter

from aiohttp import web

from benchmarks.telegram_api import BATCH, ME, ok

FIRST_VOTER = 100_000  # the user id of the first one
GROUP = -100_500
CARD = 1  # the number of the card's message, in every chat


class Api:
    """The taps to hand out, and what was called."""

    def __init__(self) -> None:
        self.taps: list[dict[str, object]] = []
        self.confirmed = 0  # the first tap that nobody has confirmed
        self.news = asyncio.Event()  # a tap more
        self.called: Counter[str] = Counter()

    async def answer(self, request: web.Request) -> web.Response:
        """One method of the Bot API."""
        method, body = request.match_info["method"], await request.read()
        self.called[method] += 1
        if method == "getUpdates":
            asked = json.loads(body)
            return ok(await self.fetched(int(asked.get("offset") or 0), asked.get("timeout") or 0))
        if method == "sendMessage":
            chat = {"id": int(json.loads(body)["chat_id"]), "type": "private"}
            return ok({"message_id": self.called[method] + CARD, "date": 1, "chat": chat, "text": "x"})
        return ok(ME if method == "getMe" else [] if method == "getMyCommands" else True)

    async def fetched(self, offset: int, patience: float) -> list[dict[str, object]]:
        """The next batch, as soon as there is one; none after `patience` seconds. What is below the offset
        that was asked for is confirmed, and never handed out again."""
        self.confirmed = offset = max(offset, self.confirmed)
        if offset >= len(self.taps) and patience:
            self.news.clear()
            try:
                async with asyncio.timeout(patience):
                    await self.news.wait()
            except TimeoutError:
                return []
        return self.taps[offset : offset + BATCH]

    async def tap(self, request: web.Request) -> web.Response:
        """Everybody taps."""
        asked = await request.json()
        for voter in range(int(asked["taps"])):
            self.taps.append(tapped(len(self.taps), FIRST_VOTER + voter, asked["token"], asked["apart"]))
        self.news.set()
        return ok(True)

    async def sent(self, _: web.Request) -> web.Response:
        """How often each method was called."""
        return web.json_response(dict(self.called))


def tapped(number: int, person: int, token: str, apart: bool, message: int = CARD) -> dict[str, object]:
    """The update of this number: somebody taps the button with this token, under that message."""
    chat = (
        {"id": person, "type": "private", "first_name": f"V{person}"}
        if apart
        else {"id": GROUP, "type": "supergroup", "title": "Assembly"}
    )
    return {
        "update_id": number,
        "callback_query": {
            "id": str(number),
            "from": {"id": person, "is_bot": False, "first_name": f"V{person}", "language_code": "en"},
            "chat_instance": "1",
            "data": token,
            "message": {"message_id": message, "date": int(time.time()), "chat": chat, "text": "x"},
        },
    }


async def serve() -> None:
    """Serve until the process is ended."""
    api = Api()
    app = web.Application()
    app.router.add_post("/taps", api.tap)
    app.router.add_get("/sent", api.sent)
    app.router.add_route("*", "/bot{token}/{method}", api.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
