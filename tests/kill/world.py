"""A world whose bot is a process of its own, to be killed (SIGKILL) in any moment and started again.

The stand-ins, the database and the people live on in the test's process, as they do in the real world.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, select

from storage.cards.tables import cards
from storage.deliveries import deliveries
from storage.received import received
from storage.store import Store
from tests.kill.child import SHOWING
from tests.kill.process import PATIENCE, BotProcess
from tests.world import CHARTER, Clock, World

Door = Literal["polling", "webhook", "words by socket", "commands by socket", "commands by http"]

SECRET = "a-shared-secret"


class NowClock(Clock):
    """The clock of the real world, which the bot's process reads too."""

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return datetime.now(UTC)


@dataclass
class Doom:
    """When the platform sees the bot die: at the `times`-th such moment ("asked", "done", "acked"), of
    messages to `chat` only if one is given."""

    moment: str
    chat: str = ""
    times: int = 1


class MortalWorld(World):
    """`door` is the way by which events reach the bot."""

    def __init__(
        self, door: Door, storage: Any, database_url: str, home: Path, clock: Clock | None = None
    ) -> None:
        platform = "telegram" if door in ("polling", "webhook") else "slack"
        super().__init__(platform, storage, clock or NowClock())
        self.door, self.database_url = door, database_url
        self.doom: Doom | None = None
        self.deaths = 0
        self.http_port = free_port() if door in ("webhook", "commands by http") else 0
        self.server: Any = self.slack if self.platform == "slack" else self.telegram
        self.server.witness = self._witness
        self.slack.delivery.acked = lambda: self._witness("acked", "", {})
        self.slack.delivery.patience, self.slack.delivery.retries = PATIENCE, 1000
        if door == "commands by http":
            self.slack.delivery.url = f"http://127.0.0.1:{self.http_port}/slack/events"
        self.home = home
        self._bot: BotProcess | None = None

    @property
    def bot(self) -> BotProcess:
        """The bot's process, by settings that are known once the platform is there."""
        if self._bot is None:
            self._bot = BotProcess(self.settings(self.http_port), self.home)
        return self._bot

    # ---- the bot's life ----

    async def start_bot(self) -> None:
        """Start the bot's process."""
        self.bot.start()

    async def stop_bot(self) -> None:
        """Kill it, for the test is over."""
        self.bot.end()

    def let_die(self, step: str | Doom, times: int = 1) -> None:
        """The bot is to kill itself at a step of `tests.kill.child` ("any": count them all), or to be
        killed in a moment that the platform sees."""
        if isinstance(step, Doom):
            self.doom = step
            return
        self.bot.order(step, times)

    def let_live(self) -> None:
        """No more deaths."""
        self.bot.no_orders()
        self.doom = None

    async def died(self) -> None:
        """Wait for the death that was ordered."""
        until = time.monotonic() + PATIENCE
        while self.alive():
            assert time.monotonic() < until, f"the bot was to die at {self._ordered()}:\n{self.log()}"
            await asyncio.sleep(0.005)
        self.deaths += 1
        self.let_live()

    def alive(self) -> bool:
        """Whether the process runs. Raises AssertionError if it ended otherwise than by SIGKILL."""
        return self.bot.alive()

    def kill(self) -> None:
        """SIGKILL, now."""
        self.bot.send(signal.SIGKILL)

    async def listening(self) -> None:
        """Wait until people's taps and commands can reach it."""
        until = time.monotonic() + PATIENCE
        while not (self.alive() and await self._reachable()):
            assert time.monotonic() < until, f"the bot never listened:\n{self.log()}"
            await asyncio.sleep(0.01)

    async def quiet(self) -> None:
        """Wait until everything is taken, answered and sent, or nobody can tell any more."""
        until = time.monotonic() + PATIENCE
        while True:
            assert self.alive(), f"the bot died unasked:\n{self.log()}"
            if self.slack.delivery.owed and await self._reachable():
                await self.slack.delivery.retry()
            if await self.at_rest():
                return
            assert time.monotonic() < until, f"it never came to rest:\n{self.log()}"
            await asyncio.sleep(0.03)

    async def at_rest(self) -> bool:
        """Whether everything that people did is taken, answered and sent as far as it ever will be."""
        return not (await self.storage.read(_left) + self._unconfirmed())

    def log(self) -> str:
        """The end of what the bot logged."""
        return self.bot.log()

    # ---- inside ----

    def _witness(self, moment: str, method: str, given: dict[str, Any]) -> bool:
        doom = self.doom
        if (
            doom is None
            or moment != doom.moment
            or (moment != "acked" and method not in (*SHOWING, "respond"))
        ):
            return False
        chat = str(given.get("chat_id") or given.get("channel") or doom.chat)
        if doom.chat and chat != doom.chat:
            return False
        doom.times -= 1
        if doom.times == 0:
            self.kill()
        return doom.times <= 0

    def _ordered(self) -> str:
        return str(self.doom or self.bot.ordered())

    def _unconfirmed(self) -> int:
        if self.platform == "telegram":
            return int(self.telegram.unconfirmed())
        return len(self.slack.delivery.owed) + len(self.slack.delivery.envelopes) + len(self.slack._tasks)

    async def _reachable(self) -> bool:
        if self.platform == "telegram":
            return True  # what happens meanwhile is kept
        if not self.http_port:
            return bool(self.slack.delivery.sockets)
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.http_port)
        except OSError:
            return False
        writer.close()
        return True

    def settings(self, http_port: int) -> dict[str, str]:
        """What the environment of a process says, whose web side listens on this port (0: any)."""
        given = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database_url,
            "CHARTER": str(CHARTER),
            "HTTP_PORT": str(http_port),
        }
        if self.platform == "telegram":
            given |= {"TELEGRAM_BOT_TOKEN": self.telegram.token, "TELEGRAM_API_URL": self.telegram.api_url}
        else:
            given |= {"SLACK_BOT_TOKEN": self.slack.bot_token, "SLACK_API_URL": self.slack.api_url}
        if self.door == "webhook":
            here = f"http://127.0.0.1:{self.http_port}"
            given |= {"TELEGRAM_WEBHOOK_SECRET": SECRET, "PUBLIC_URL": here}
        elif self.door == "commands by http":
            given["SLACK_SIGNING_SECRET"] = self.slack.signing_secret
        elif self.platform == "slack":
            given["SLACK_APP_TOKEN"] = self.slack.app_token
        return given


def _left(store: Store) -> int:
    """Answers not given, messages to others that are on their way, and cards that show what was."""
    answers = select(func.count()).select_from(received).where(received.c.state == "unsent")
    under_way = deliveries.c.state.in_(("queued", "attempting"))
    messages = select(func.count()).select_from(deliveries).where(under_way)
    stale = select(func.count()).select_from(cards).where(cards.c.wanted > cards.c.shown)
    return sum(store._connection.execute(one).scalar_one() for one in (answers, messages, stale))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
