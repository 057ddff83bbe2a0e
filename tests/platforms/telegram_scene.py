"""The stage of the Telegram tests: the stand-in, the real port, and an inbox that records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import uvicorn
from starlette.applications import Starlette

from bot.messages import NOTHING, Answer, Call, Incoming, Key, Message, Post
from bot.platforms.pacing import FREE, Pace
from bot.platforms.telegram import TelegramPort
from tests.servers.telegram import TelegramServer

SECRET = "a-shared-secret"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


class RecordingInbox:
    """Records what comes in and gives prepared answers: by text or token, else `always`. What happens to
    places is kept apart, in `changes`, and answered by its `what`; so is what people edit (`edits`), and what
    the port itself asks to be said (`asked`), answered by its command."""

    def __init__(self) -> None:
        self.changes: list[Call] = []
        self.edits: list[Call] = []
        self.asked: list[Call] = []
        self.begun: list[Incoming] = []  # also what is held or raises
        self.received: list[Incoming] = []
        self.done: list[tuple[Incoming, Post | None]] = []
        self.given_up: list[Incoming] = []
        self.answers: dict[str, Answer] = {}
        self.always = NOTHING
        self.held: dict[str, asyncio.Event] = {}  # receive waits here, by text
        self.failing = 0  # so many calls of receive raise

    async def receive(self, incoming: Incoming) -> Answer:
        if isinstance(incoming, Call) and incoming.command == "place changed":
            self.changes.append(incoming)
            return self.answers.get(incoming.arguments["what"], NOTHING)
        if isinstance(incoming, Call) and incoming.command in ("edited", "answer waits", "asked by nobody"):
            (self.edits if incoming.command == "edited" else self.asked).append(incoming)
            return self.answers.get(incoming.command, NOTHING)
        self.begun.append(incoming)
        text = incoming.text or getattr(incoming, "token", "")
        if text in self.held:
            await self.held[text].wait()
        if self.failing:
            self.failing -= 1
            raise ConnectionError("the database is away")
        self.received.append(incoming)
        return self.answers.get(text, self.always)

    def left(self, incoming: Incoming) -> None:
        self.given_up.append(incoming)

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        self.done.append((incoming, post))

    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.received]


class SceneClock:
    """Pauses are noted and take no time; the clock on the wall then shows what they took."""

    def __init__(self) -> None:
        self.time, self.sleeps = NOW, list[float]()

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        until = self.time + timedelta(seconds=seconds)
        self.sleeps.append(seconds)
        await asyncio.sleep(0.005)
        self.time = max(self.time, until)


class Scene:
    """Everything a test needs; `sleeps` are the pauses the port asked for, which take no time here."""

    def __init__(self, server: TelegramServer, door: str) -> None:
        self.server, self.door, self.inbox = server, door, RecordingInbox()
        self.clock = SceneClock()
        self.sleeps = self.clock.sleeps
        self.public_url = ""
        self.port = self.new_port()

    def new_port(self, token: str = "", pace: Pace | None = FREE) -> TelegramPort:
        return TelegramPort(
            token or self.server.token,
            self.server.api_url,
            webhook_secret=SECRET if self.door == "webhook" else "",
            public_url=self.public_url,
            clock=self.clock,
            pace=pace,
        )

    async def until(self, so: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(10):
            while not so():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def telegram(door: str = "polling", connect: bool = True) -> AsyncIterator[Scene]:
    """A stand-in and a port that is connected to it and ready."""
    server = TelegramServer()
    await server.start()
    scene = Scene(server, door)
    web = None
    if door == "webhook":
        web = uvicorn.Server(uvicorn.Config(Starlette(), port=0, log_level="error", lifespan="off"))
        serving = asyncio.create_task(web.serve())
        await scene.until(lambda: web.started)
        scene.public_url = "http://127.0.0.1:%d" % web.servers[0].sockets[0].getsockname()[1]  # noqa: UP031
        scene.port = scene.new_port()
        web.config.loaded_app.app.router.routes.extend(scene.port.routes())
    server.watch(lambda: scene.port.busy())
    try:
        if connect:
            await scene.port.connect(scene.inbox)
            await scene.until(scene.port.ready)
        yield scene
    finally:
        await scene.port.disconnect()
        if web is not None:
            web.should_exit = True
            await serving
        await server.stop()


def says(text: str, *labels: str, replace: bool = False, public: bool = False) -> Answer:
    """An answer with buttons; the token of each is its label in small letters."""
    keys = tuple(Key(label, token=label.lower()) for label in labels)
    return Answer(Message(text, keys), replace=replace, public=public)
