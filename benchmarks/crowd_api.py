"""Telegram and Slack whose people tap a button of one card, in a process of its own. Both answer at once.

Run as `python -m benchmarks.crowd_api`: it prints its port. The Bot API is at /bot…, Slack's Web API at
/api/…, its socket at /socket. A POST of `{"label", "telegram", "slack"}` to /taps: each of these users taps
the button with this label once, all at the same moment, on the newest card of the group or the channel. A GET
of /seen tells what stands there, and what was said since it was asked before.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from benchmarks import tapping_api
from benchmarks.tapping_api import CARD, GROUP, tapped
from benchmarks.telegram_api import ok

TEAM, CHANNEL = "T1", "C500"
STARTED = 1_800_000_000  # the Unix time in the stamp of the channel's first message


@dataclass
class Card:
    """A post with buttons: what it says now, the calls behind its buttons, when it was shown (seconds)."""

    text: str = ""
    keys: dict[str, str] = field(default_factory=dict)  # by label
    shown: list[float] = field(default_factory=list)

    def show(self, text: str, keys: dict[str, str]) -> None:
        """It was posted or edited."""
        self.text, self.keys = text, keys
        self.shown.append(time.monotonic())


class Chats:
    """What one platform was told: cards by their message, messages in private by their chat."""

    def __init__(self) -> None:
        self.cards: dict[str, Card] = {}
        self.private: Counter[str] = Counter()

    def card(self) -> tuple[str, Card]:
        """The newest card and its message."""
        return next(reversed(self.cards.items()))

    def seen(self) -> dict[str, Any]:
        """How the newest card stands, when it was shown, how many messages each private chat got; the
        last two only since it was asked for before."""
        _, card = self.card()
        told = {"text": card.text, "shown": card.shown, "private": dict(self.private)}
        card.shown, self.private = [], Counter()
        return told


class Telegram(tapping_api.Api):
    """The Bot API: what was posted is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.chats = Chats()

    async def answer(self, request: web.Request) -> web.Response:
        """One method: a message is remembered, all others are as in `tapping_api`."""
        method = request.match_info["method"]
        if method == "sendMessage":
            message = await request.json()
            number = self.called[method] + 1 + CARD  # the one that the answer will name
            if message["chat_id"] == GROUP:
                self.chats.cards[str(number)] = _telegram_card(Card(), message)
            else:
                self.chats.private[str(message["chat_id"])] += 1
        elif method == "editMessageText":
            message = await request.json()
            _telegram_card(self.chats.cards[str(message["message_id"])], message)
        return await super().answer(request)

    def tap_all(self, label: str, users: list[int]) -> None:
        """All of them tap the card at once."""
        message, card = self.chats.card()
        for user in users:
            self.taps.append(tapped(len(self.taps), user, card.keys[label], False, int(message)))
        self.news.set()


class Slack:
    """Slack's Web API, its socket, and what was posted."""

    def __init__(self) -> None:
        self.chats, self.address, self.taps = Chats(), "", 0
        self.socket: web.WebSocketResponse | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """One method of the Web API."""
        method, body = request.match_info["method"], await _body(request)
        told: dict[str, Any] = {"team_id": TEAM, "user_id": "UB", "bot_id": "BB"}
        if method == "apps.connections.open":
            told = {"url": f"{self.address.replace('http', 'ws', 1)}/socket"}
        elif method == "users.info":
            told = {"user": {"id": body["user"], "name": body["user"], "tz": "Europe/Brussels"}}
        elif method == "chat.postMessage":
            told = {"ts": self._posted(body)}
        elif method == "chat.update":
            _slack_card(self.chats.cards[body["ts"]], body)
        return web.json_response({"ok": True, **told})

    async def respond(self, _: web.Request) -> web.Response:
        """An answer over a response_url, for one person's eyes."""
        return web.Response(text="ok")

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The socket, until it is closed; what is acknowledged is of no interest."""
        self.socket = web.WebSocketResponse()
        await self.socket.prepare(request)
        await self.socket.send_json({"type": "hello"})
        async for _ in self.socket:
            pass
        return self.socket

    async def tap_all(self, label: str, users: list[str]) -> None:
        """All of them tap the card at once."""
        message, card = self.chats.card()
        for user in users:
            self.taps += 1
            assert self.socket is not None
            payload = self._tap(user, message, card.keys[label])
            await self.socket.send_json(
                {"type": "interactive", "envelope_id": f"e{self.taps}", "payload": payload}
            )

    def _posted(self, body: dict[str, Any]) -> str:
        stamp = f"{STARTED + len(self.chats.cards)}.000100"
        if body["channel"] == CHANNEL:
            self.chats.cards[stamp] = _slack_card(Card(), body)
        else:
            self.chats.private[body["channel"]] += 1
        return stamp

    def _tap(self, user: str, message: str, token: str) -> dict[str, Any]:
        return {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM, "name": user},
            "team": {"id": TEAM},
            "container": {"type": "message", "message_ts": message, "channel_id": CHANNEL},
            "trigger_id": f"t{self.taps}",
            "response_url": f"{self.address}/respond/{self.taps}",
            "actions": [{"type": "button", "action_id": "key:0", "value": token, "action_ts": message}],
        }


def _telegram_card(card: Card, message: dict[str, Any]) -> Card:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    card.show(message["text"], {key["text"]: key.get("callback_data", "") for row in rows for key in row})
    return card


def _slack_card(card: Card, body: dict[str, Any]) -> Card:
    rows = [block["elements"] for block in body["blocks"] if block["type"] == "actions"]
    card.show(body["text"], {key["text"]["text"]: key.get("value", "") for row in rows for key in row})
    return card


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        return dict(parse_qsl((await request.read()).decode()))
    body: dict[str, Any] = await request.json()
    return body


async def serve() -> None:
    """Serve until the process is ended."""
    telegram, slack = Telegram(), Slack()

    async def tap(request: web.Request) -> web.Response:
        asked = await request.json()
        telegram.tap_all(asked["label"], asked["telegram"])
        await slack.tap_all(asked["label"], asked["slack"])
        return ok(True)

    async def seen(_: web.Request) -> web.Response:
        return web.json_response({"telegram": telegram.chats.seen(), "slack": slack.chats.seen()})

    app = web.Application()
    app.router.add_post("/taps", tap)
    app.router.add_get("/seen", seen)
    app.router.add_get("/socket", slack.serve)
    app.router.add_post("/respond/{number}", slack.respond)
    app.router.add_route("*", "/api/{method}", slack.answer)
    app.router.add_route("*", "/bot{token}/{method}", telegram.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    slack.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
