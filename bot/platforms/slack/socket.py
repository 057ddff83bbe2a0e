"""Socket Mode: one WebSocket that is opened again, with a fresh ticket, whenever it is lost.

Own loop instead of slack_sdk's client, which keeps trying a dead ticket for ever if the connection does
not come about after apps.connections.open (measured; design/platforms.md section 4).
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import structlog

from bot.platforms.port import SendFailed

log = structlog.get_logger()

HELLO_PATIENCE = 10.0  # seconds for the handshake and for Slack's hello
HEARTBEAT = 10.0  # a ping each; no pong in half of it means that the link is dead
GRACE = 8.0  # a connection that Slack is about to close still takes our acks so long
LONGEST_PAUSE = 30.0
STEADY = 30.0  # seconds after which a connection counts as a good one
LARGEST = 4_000_000  # bytes of one envelope

Envelope = dict[str, Any]
Acknowledge = Callable[[Any], Awaitable[None]]
Socket = aiohttp.ClientWebSocketResponse


class SlackSocket:
    """Keeps one Socket Mode connection open.

    `ticket` fetches a fresh address; `take` is given each envelope with the function that acknowledges
    it (which raises ConnectionError if the connection is gone; Slack then sends the event again).
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        ticket: Callable[[], Awaitable[str]],
        take: Callable[[Envelope, Acknowledge], Awaitable[None]],
        pause: float = 0.5,
        proxy: str | None = None,
    ) -> None:
        self._session, self._ticket, self._take = session, ticket, take
        self._pause, self._proxy = pause, proxy
        self._current: Socket | None = None
        self._open: set[Socket] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """True from Slack's hello until the connection is lost."""
        return self._current is not None and not self._current.closed

    async def run(self) -> None:
        """Connect, read, and connect again, until cancelled. Pauses grow from `pause` to 30 s."""
        pause = self._pause
        while True:
            try:
                socket = await self._connect()
            except (SendFailed, aiohttp.ClientError, TimeoutError, ConnectionError, ValueError) as trouble:
                limited = isinstance(trouble, SendFailed) and trouble.says in ("ratelimited", "429")
                wait = max(pause, trouble.after) if isinstance(trouble, SendFailed) and limited else pause
                log.warning("slack.socket_not_connected", reason=_why(trouble), again_in=wait)
                await asyncio.sleep(wait * random.uniform(0.8, 1.2))
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            self._current = socket
            log.info("slack.socket_connected")
            began = asyncio.get_running_loop().time()
            await self._until_replaced(socket)
            self._current = None if socket.closed else socket
            if asyncio.get_running_loop().time() - began > STEADY:
                pause = self._pause
            else:  # a Slack that takes us in and drops us at once is not to be hammered
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def close(self) -> None:
        """Close every connection; what is being handled should be finished before."""
        for socket in tuple(self._open):
            await socket.close()
        for task in tuple(self._tasks):
            task.cancel()

    async def _connect(self) -> Socket:
        address = await self._ticket()
        async with asyncio.timeout(HELLO_PATIENCE):
            socket = await self._session.ws_connect(
                address, heartbeat=HEARTBEAT, max_msg_size=LARGEST, proxy=self._proxy
            )
            self._open.add(socket)
            try:
                first = await socket.receive()
                if first.type is not aiohttp.WSMsgType.TEXT or json.loads(first.data).get("type") != "hello":
                    raise ConnectionError("no hello")
            except BaseException:
                self._open.discard(socket)
                await socket.close()
                raise
        return socket

    async def _until_replaced(self, socket: Socket) -> None:
        """Read the connection until it is lost or Slack announces its end; then it drains by itself."""
        leaving = asyncio.Event()
        reading = self._start(self._read(socket, leaving))
        told = asyncio.create_task(leaving.wait())
        try:
            await asyncio.wait({reading, told}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
        if not reading.done():
            self._start(self._drain(socket))

    async def _read(self, socket: Socket, leaving: asyncio.Event) -> None:
        try:
            async for frame in socket:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    continue
                try:
                    envelope = json.loads(frame.data)
                    kind = envelope["type"]
                except (ValueError, KeyError, TypeError):
                    log.warning("slack.socket_frame_unreadable")
                    continue
                if kind == "disconnect":
                    log.info("slack.socket_leaving", reason=envelope.get("reason"))
                    leaving.set()
                elif "envelope_id" in envelope:
                    self._start(self._take(envelope, _acknowledge(socket, envelope["envelope_id"])))
        finally:
            self._open.discard(socket)
            await socket.close()

    async def _drain(self, socket: Socket) -> None:
        await asyncio.sleep(GRACE)
        await socket.close()

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _why(trouble: Exception) -> str:
    return trouble.says if isinstance(trouble, SendFailed) else type(trouble).__name__


def _acknowledge(socket: Socket, envelope_id: str) -> Acknowledge:
    async def acknowledge(payload: Any) -> None:
        answer = {"envelope_id": envelope_id, **({"payload": payload} if payload else {})}
        if socket.closed:
            raise ConnectionError("the socket is gone")
        await socket.send_str(json.dumps(answer))

    return acknowledge
