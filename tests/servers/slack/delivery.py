"""How the stand-in reaches the bot: signed HTTP posts, or envelopes over the socket, with Slack's patience.

Commands, buttons and forms are sent once. Events come again until they are acknowledged: at once, and
then whenever a new socket says hello or the test asks for it (the real one: after 1 and 5 minutes).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.servers.slack.world import APP_ID, BOT_USER, TEAM

Payload = dict[str, Any]
Ack = Any  # what came with the acknowledgement: a dict, a text, or nothing

RETRIES = 3


class NotAcknowledged(Exception):
    """The bot did not acknowledge in time, or said no; people see "operation_timeout" or nothing."""


@dataclass
class Unacknowledged:
    """An event that the bot still owes an acknowledgement."""

    payload: Payload
    attempts: int = 1
    reason: str = "timeout"


def signed(secret: str, body: str, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack signs a request, at a Unix time (now by default)."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + digest}


def event_payload(name: str, event: Mapping[str, Any], seconds: float, from_outside: bool = False) -> Payload:
    """What the Events API sends: an event with its id, sent at a Unix time."""
    authorization = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": "legacy",
        "team_id": TEAM,
        "api_app_id": APP_ID,
        "event": dict(event),
        "type": "event_callback",
        "event_id": name,
        "event_time": int(seconds),
        "authorizations": [authorization],
        "is_ext_shared_channel": from_outside,
    }


class Delivery:
    """The way to the bot. `owed` lists the events that are still unacknowledged."""

    def __init__(self, patience: float, secret: str) -> None:
        self.patience, self.secret, self.url = patience, secret, ""
        self.retries = RETRIES
        self.acked: Callable[[], object] = lambda: None  # told when an acknowledgement is here
        self.sockets: list[web.WebSocketResponse] = []
        self.owed: list[Unacknowledged] = []
        self.sent: dict[str, Payload] = {}  # every event, by event_id
        self.envelopes: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Ack]]] = {}
        self.given_up: set[str] = set()  # envelopes whose acknowledgement came too late, or will
        self.acknowledged: list[str] = []  # envelope ids, in the order of their acks
        self.session: aiohttp.ClientSession | None = None
        self._numbers = itertools.count(1)
        self._turn = itertools.count()

    async def interact(self, kind: str, payload: Payload) -> Ack:
        """Send a "slash_commands" or "interactive" payload, once. Raises NotAcknowledged."""
        if not self.url:
            return await self._over_socket(kind, payload)
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body = urlencode({name: value for name, value in fields.items() if value is not None})
        status, text = await self.post(body, "application/x-www-form-urlencoded")
        if status != 200:
            raise NotAcknowledged(f"status {status}")
        return json.loads(text) if text.startswith("{") else text

    async def event(self, payload: Payload) -> None:
        """Send an event; if it is not acknowledged, once more at once, and later again."""
        self.sent[payload["event_id"]] = payload
        owed = Unacknowledged(payload, attempts=0)
        if not await self._try(owed) and not await self._try(owed):
            self.owed.append(owed)

    async def retry(self) -> None:
        """Send what is owed again, as the real one does after a minute and after five."""
        owed, self.owed = self.owed, []
        for one in owed:
            if not await self._try(one) and one.attempts <= self.retries:
                self.owed.append(one)

    async def post(
        self, body: str | bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Post a signed body to the bot: status and body of its answer; status 0 if it took too long.
        `headers` replace those of the signature."""
        assert self.session is not None
        text = body if isinstance(body, str) else body.decode("latin-1")
        sent = {"Content-Type": kind, **(signed(self.secret, text) if headers is None else headers)}
        data = body.encode() if isinstance(body, str) else body
        try:
            timeout = aiohttp.ClientTimeout(total=self.patience)
            async with self.session.post(self.url, data=data, headers=sent, timeout=timeout) as response:
                answer = await response.text()
                if response.status == 200:
                    self.acked()
                return response.status, answer
        except (TimeoutError, aiohttp.ClientError):
            return 0, ""

    def acknowledge(self, envelope: Mapping[str, Any]) -> None:
        """Take an acknowledgement that came over a socket. Raises KeyError for one that was never sent."""
        name = str(envelope["envelope_id"])
        if name in self.given_up:
            return
        _, waiting = self.envelopes.pop(name)
        self.acknowledged.append(name)
        self.acked()
        if not waiting.done():
            waiting.set_result(envelope.get("payload"))

    def lost(self, socket: web.WebSocketResponse) -> None:
        """A socket is gone: nobody will acknowledge on it any more."""
        if socket in self.sockets:
            self.sockets.remove(socket)
        for name, (used, waiting) in list(self.envelopes.items()):
            if used is socket:
                del self.envelopes[name]
                if not waiting.done():
                    waiting.set_exception(NotAcknowledged("socket closed"))

    async def _try(self, owed: Unacknowledged) -> bool:
        attempt, owed.attempts = owed.attempts, owed.attempts + 1
        try:
            if self.url:
                body = json.dumps(owed.payload)
                again = (
                    {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": owed.reason}
                    if attempt
                    else {}
                )
                headers = {**signed(self.secret, body), **again}
                status, _ = await self.post(body, "application/json", headers)
                owed.reason = "http_timeout" if status == 0 else "http_error"
                return status == 200
            more: Payload = {"retry_attempt": attempt, "retry_reason": owed.reason}
            await self._over_socket("events_api", owed.payload, more)
        except NotAcknowledged as why:
            owed.reason = str(why)
            return False
        return True

    async def _over_socket(self, kind: str, payload: Payload, more: Payload | None = None) -> Ack:
        if not self.sockets:
            raise NotAcknowledged("no socket")
        socket = self.sockets[next(self._turn) % len(self.sockets)]
        name = f"envelope-{next(self._numbers)}"
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self.envelopes[name] = (socket, waiting)
        wanted = kind != "events_api"
        frame = {"envelope_id": name, "type": kind, "payload": payload, "accepts_response_payload": wanted}
        try:
            await socket.send_str(json.dumps({**frame, **(more or {})}))
            return await asyncio.wait_for(waiting, self.patience)
        except (TimeoutError, ConnectionError) as trouble:
            self.envelopes.pop(name, None)
            self.given_up.add(name)
            raise NotAcknowledged("timeout") from trouble
