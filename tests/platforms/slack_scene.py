"""The stage of the Slack tests: the stand-in, the real port, a clock, and an inbox that records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.messages import NOTHING, Answer, Field, Form, Incoming, Key, Message, Place, Post
from bot.platforms.pacing import Pace
from bot.platforms.slack import SlackPort
from tests.servers.slack import SlackServer

BOTH = ("socket", "http")


class RecordingInbox:
    """Records what comes in and gives prepared answers: by text, token or draft, else `always`."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.done: list[tuple[Incoming, Post | None]] = []
        self.given_up: list[Incoming] = []
        self.answers: dict[str, Answer] = {}
        self.always = NOTHING
        self.failing = 0  # so many calls of receive raise
        self.held: asyncio.Event | None = None  # receive waits here
        self.begun = 0

    async def receive(self, incoming: Incoming) -> Answer:
        self.begun += 1
        if self.held:
            await self.held.wait()
        if self.failing:
            self.failing -= 1
            raise ConnectionError("the database is away")
        self.received.append(incoming)
        key = incoming.text or getattr(incoming, "token", "") or getattr(incoming, "draft", "")
        return self.answers.get(key, self.always)

    def left(self, incoming: Incoming) -> None:
        self.given_up.append(incoming)

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        self.done.append((incoming, post))

    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.received]


class StageClock:
    """A clock that moves when it is told to, and when somebody sleeps: then as far as they need."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        until = self.moment + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        self.moment = max(self.moment, until)

    def passes(self, seconds: float) -> None:
        """Let time pass, for Slack and for us."""
        self.moment += timedelta(seconds=seconds)


class Scene:
    """Everything that a test needs."""

    def __init__(self, door: str) -> None:
        self.door, self.inbox = door, RecordingInbox()
        self.clock = StageClock()
        self.began = self.clock.now()
        self.server = SlackServer(now=self.clock.now, patience=2.0)
        self.port = SlackPort("", signing_secret="replaced")

    def new_port(self, **settings: Any) -> SlackPort:
        """A port to this Slack; `settings` replace those that fit."""
        fitting: dict[str, Any] = {
            "bot_token": self.server.bot_token,
            "app_token": self.server.app_token if self.door == "socket" else "",
            "signing_secret": self.server.signing_secret if self.door == "http" else "",
            "api_url": self.server.api_url,
            "clock": self.clock,
            "commands": ("log", "indicators"),
            "pause": 0.01,
        }
        return SlackPort(**{**fitting, **settings})

    async def until(self, so: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(20):
            while not so():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def slack(door: str = "socket", connect: bool = True, pace: Pace | None = None) -> AsyncIterator[Scene]:
    """A stand-in and a port that is connected to it and ready."""
    scene = Scene(door)
    await scene.server.start()
    scene.port = scene.new_port(pace=pace)
    scene.server.also_wait_for(lambda: scene.port.idle())
    web = uvicorn.Server(uvicorn.Config(Starlette(), port=0, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(web.serve()) if door == "http" else None
    if serving:
        await scene.until(lambda: web.started)
        number = web.servers[0].sockets[0].getsockname()[1]
        scene.server.post_to(f"http://127.0.0.1:{number}/slack/events")
        web.config.loaded_app.app.router.routes.extend(scene.port.routes())
    try:
        if connect:
            await scene.port.connect(scene.inbox)
            await scene.until(scene.port.ready)
        yield scene
    finally:
        await scene.port.disconnect()
        if serving:
            web.should_exit = True
            await serving
        await scene.server.stop()


def with_buttons(text: str, *labels: str) -> Message:
    """A message with buttons; the token of each is its label in small letters."""
    return Message(text, tuple(Key(label, token=label.lower()) for label in labels))


def says(text: str, *labels: str, replace: bool = False, public: bool = False) -> Answer:
    """An answer with buttons, like `with_buttons`."""
    return Answer(with_buttons(text, *labels), replace=replace, public=public)


def log_form(**values: str) -> Form:
    """A form like that of /log, prefilled with `values`."""
    kinds = (("workshop", "Workshop"), ("webinar", "Webinar"))
    members = (("cimes", "CIMES"), ("mecatech", "MecaTech"), ("pool-net", "Pool-Net"))
    fields = (
        Field("kind", "Kind", "choice", values.get("kind", ""), options=kinds),
        Field("title", "Title", "text", values.get("title", "")),
        Field("day", "Day", "day", values.get("day", "")),
        Field("with", "Together with", "choices", values.get("with", ""), required=False, options=members),
        Field("smes", "SMEs", "number", values.get("smes", ""), required=False, hint="How many took part"),
        Field("link", "Link", "link", values.get("link", ""), required=False),
    )
    return Form("d1", "Log an activity", "Log it", "Not now", fields, intro="What did you *do*?")


def place(channel: str, thread: str = "", kind: str = "") -> Place:
    """A place of this Slack's."""
    direct = (kind or ("direct" if channel.startswith("D") else "group")) == "direct"
    return Place("slack", "T1", channel, thread, "direct" if direct else "group")
