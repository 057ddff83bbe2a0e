"""A small believable world: the alliance of the charter file, one platform's stand-in, the whole bot between.

marie = await world.member("Marie", "cimes")
heard = await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
assert heard.first == "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot import handlers, jobs
from bot.charter import Attention, Charter, load
from bot.commands import REGISTRY
from bot.delivery import Worker
from bot.dispatch import Dispatch, Surroundings
from bot.platforms.email.addresses import sender_of
from bot.platforms.measuring import measured
from bot.platforms.pacing import FREE
from bot.platforms.port import Port
from bot.platforms.slack import SlackPort
from bot.platforms.telegram import TelegramPort
from bot.seeding import charters_of, seed
from bot.templating import Templates
from bot.templating.catalogues import Catalogues
from bot.ticking import Ticker
from bot.timetable import JOBS, Job
from storage.received import received
from storage.store import Storage
from tests.mail_stage import PUBLIC_URL, SENDER, MailStage
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer
from tests.world.deeds import Deeds
from tests.world.people import Heard, OnSlack, OnTelegram, Sent, plain

__all__ = ["Clock", "Heard", "OnSlack", "OnTelegram", "Sent", "World", "plain"]

ROOT = Path(__file__).parents[2]
CHARTER = ROOT / "charters/green-manufacturing.toml"
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # a Tuesday
AT_ONCE = Attention(a_day=1000, a_week=1000, quiet=False)
EVENTS = select(func.count()).select_from(received)
_charter: list[Charter] = []
_templates: list[Templates] = []


@dataclass
class Clock:
    """The one clock of a world; it stands still unless it is moved, and who waits is woken soon."""

    at: datetime = MORNING

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return self.at

    def pass_(self, **time: float) -> None:
        """Let time pass: `clock.pass_(hours=24)`."""
        self.at += timedelta(**time)

    async def sleep(self, seconds: float) -> None:
        """A moment of real time, in which none passes here."""
        await asyncio.sleep(min(seconds, 0.01))


@dataclass
class World(Deeds):
    """Everything that a scenario needs. With `mail=True` there is e-mail too: `world.mail` is its stage. What
    members are told comes at once, at any hour and however much it is; with `attention=True` as the charter
    file has it. It speaks English, and the languages of `catalogues`."""

    platform: str
    storage: Storage
    clock: Clock = field(default_factory=Clock)
    jobs: Mapping[str, Job] = field(default_factory=lambda: JOBS)
    mail: Any = False
    attention: bool = False
    catalogues: Catalogues | None = None

    def __post_init__(self) -> None:
        assert handlers.__path__  # importing it declares every command
        assert jobs.__path__  # and every job
        if not _charter:
            _charter.append(load(CHARTER))
            _templates.append(Templates(ROOT / "templates"))
        self.charter = _charter[0]
        if not self.attention:
            self.charter = self.charter.model_copy(update={"attention_table": AT_ONCE})
        self.own_slash = tuple(command.name for command in REGISTRY.all() if command.own_slash)
        self.slack = SlackServer(now=self.clock.now)
        self.telegram = TelegramServer(now=lambda: self.clock.now().timestamp())
        self.telegram.quiet = 0.01  # the bot is in our own process and tells when it is at work
        self.port: Port | None = None
        self.mail = MailStage(self) if self.mail else None

    async def __aenter__(self) -> World:
        seed(self.storage, self.charter, self.clock.now())
        if self.mail:
            await self.mail.start()
        await (self.slack.start() if self.platform == "slack" else self.telegram.start())
        await self.start_bot()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop_bot()
        if self.mail:
            await self.mail.stop()
        await (self.slack.stop() if self.platform == "slack" else self.telegram.stop())

    async def start_bot(self) -> None:
        """Start the bot, as after a restart: it knows only what the database does."""
        port = self._slack_port() if self.platform == "slack" else self._telegram_port()
        ports: dict[str, Port] = {self.platform: port}
        if self.mail:
            ports["email"] = self.mail.new_port()
        around = Surroundings(
            charters_of(self.storage),
            Templates(ROOT / "templates", self.catalogues) if self.catalogues else _templates[0],
            self.clock,
            tuple(self.catalogues.languages()) if self.catalogues else ("en",),
            start_links={self.platform: port.start_link},
            public_url=PUBLIC_URL if self.mail else "",
            measure=measured(ports),
            spacing=dict.fromkeys(ports, 1.0),
            mail_from=sender_of(SENDER).address if self.mail else "",
        )
        self.dispatch = Dispatch(self.storage, around)
        self.worker = Worker(self.storage, self.dispatch, ports, around)
        self.ticker = Ticker(self.storage, around, self.worker.wake, self.jobs)
        self.port = port
        for one in ports.values():
            await one.connect(self.dispatch)
        if self.platform == "slack":
            await self.slack.connected()

    async def stop_bot(self) -> None:
        """Stop it cleanly."""
        if self.port is not None:
            await self.port.disconnect()
            if self.mail:
                await self.mail.port.disconnect()
            await self.dispatch.flush()
            self.port = None

    async def settled(self) -> None:
        """Wait until everything is answered and every message to others is out."""
        server: Any = self.slack if self.platform == "slack" else self.telegram
        await server.settled()
        await self.worker.settle()
        await server.settled()

    async def passes(self, **time: float) -> None:
        """Let time pass as it does for the bot: whatever is due on the way happens at its moment."""
        end = self.clock.now() + timedelta(**time)
        await self.happens()
        while (at := self._next_moment()) is not None and at <= end:
            self.clock.at = max(at, self.clock.at)
            await self.happens()
        self.clock.at = end
        await self.happens()

    async def happens(self) -> None:
        """All that is due now: jobs, and what they have to say."""
        await self.ticker.tick()
        await self.worker.settle()

    def _next_moment(self) -> datetime | None:
        ports = [one for one in (self.port, self.mail and self.mail.port) if one]
        moments = (
            self.ticker.next_moment(),
            self.worker.next_moment(),
            *(one.pacer.frees_at() for one in ports),
        )
        now = self.clock.now()  # what is due now has had its turn
        return min((at for at in moments if at is not None and at > now), default=None)

    async def member(self, name: str, organisation: str, role: str = "representative", **more: Any) -> Any:
        """Somebody who is in already, with a role in an organisation ("" for the whole alliance)."""
        somebody = self.stranger(name, **more)
        now = self.clock.now()

        def let_in(store: Any) -> None:
            zone = store.organisations.get(organisation).zone if organisation else "Europe/Brussels"
            person = store.persons.add(name, "en", zone, now)
            account = store.accounts.remember(somebody.account, now)
            store.accounts.attach(account, person.id)
            store.roles.grant(person.id, role, organisation, now, None)

        await self.storage.write(let_in)
        return somebody

    async def grants(self, somebody: Any, role: str, organisation: str) -> None:
        """One more role for somebody who is in."""
        now = self.clock.now()

        def grant(store: Any) -> None:
            person = store.accounts.identify(somebody.account).person
            store.roles.grant(person.id, role, organisation, now, None)

        await self.storage.write(grant)

    async def comes_twice(self, somebody: Any, words: str) -> tuple[Heard, Heard]:
        """Words in the direct chat that the platform delivers a second time, as if it had missed our
        acknowledgement: what stands there after each."""
        if self.platform == "slack":
            await somebody.says(words)
            first = somebody.reads()
            await self.slack.redeliver(list(self.slack.delivery.sent)[-1])
        else:
            await somebody.user.says(words, wait=False)
            update = self.telegram.updates[-1]
            await self.settled()
            first = somebody.reads()
            await self.telegram.redeliver(update)
        await self.settled()
        return first, somebody.reads()

    async def received(self) -> int:
        """How many events were written down."""
        return await self.storage.read(lambda store: int(store._connection.scalar(EVENTS) or 0))

    async def logged(self) -> list[Any]:
        """Every activity there is, with those that were taken back."""
        every = date(2000, 1, 1), date(2100, 12, 31)
        return list(await self.storage.read(lambda store: store.activities.between(*every)))

    def stranger(self, name: str, **more: Any) -> Any:
        """Somebody whom the bot has never met."""
        return OnSlack(self, name, **more) if self.platform == "slack" else OnTelegram(self, name, **more)

    def group(self, name: str, *members: Any) -> Any:
        """A channel or group with these people and the bot in it."""
        users = [member.user for member in members]
        if self.platform == "slack":
            return self.slack.channel(name, *users)
        group = self.telegram.group(name, users, bot=False)
        group.chat.bot = "member"  # it has been in for long: nothing is told about it now
        return group

    def _slack_port(self) -> SlackPort:
        port = SlackPort(
            self.slack.bot_token,
            self.slack.app_token,
            api_url=self.slack.api_url,
            clock=self.clock,
            commands=self.own_slash,
            pause=0.01,
            pace=FREE,
        )
        self.slack.also_wait_for(port.idle)
        return port

    def _telegram_port(self) -> TelegramPort:
        port = TelegramPort(self.telegram.token, self.telegram.api_url, clock=self.clock, pace=FREE)
        self.telegram.watch(port.busy)
        return port
