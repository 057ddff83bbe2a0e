"""The alliance on Slack and on Telegram at once: one process, one pipe, one worker, one clock, two ports.
And what tests of votes share: halls that show motions, and what stands in a motion's ballot book.

luc = await both.member("Luc", "mecatech", on="slack")
zane = await both.member("Zane", "green-tech", on="telegram")
channel, group = await votes_hall(luc), await votes_hall(zane)
"""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from bot.assembly.exporting import export_of
from bot.delivery import Worker
from bot.dispatch import Dispatch, Surroundings
from bot.platforms.measuring import measured
from bot.platforms.port import Port
from bot.rules.decisions import book
from bot.rules.decisions.recounting import recount
from bot.seeding import charters_of
from bot.templating import Templates
from bot.ticking import Ticker
from storage.store import Storage, Store
from tests import second_recount
from tests.assembly_stage import stands
from tests.lanes_stage import remembered
from tests.places_stage import place_of
from tests.world import ROOT, OnSlack, OnTelegram, World

PEOPLE = {"slack": OnSlack, "telegram": OnTelegram}
TALK = "Vote with a tap, or reply with yes, no or abstain. Anything else is discussion."
_halls = itertools.count(1)
_templates: list[Templates] = []


class Both(World):
    """A world with both platforms' stand-ins and one bot between, put together as in `bot/app.py`."""

    def __init__(self, storage: Storage) -> None:
        super().__init__("both", storage)
        self.ports: dict[str, Port] = {}
        if not _templates:
            _templates.append(Templates(ROOT / "templates"))

    async def __aenter__(self) -> Both:
        await self.slack.start()
        await super().__aenter__()  # which starts the other one
        return self

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__()
        await self.slack.stop()

    async def start_bot(self) -> None:
        """Start the bot on both platforms, as after a restart."""
        self.ports = {"slack": self._slack_port(), "telegram": self._telegram_port()}
        links = {name: port.start_link for name, port in self.ports.items()}
        around = Surroundings(
            charters_of(self.storage),
            _templates[0],
            self.clock,
            start_links=links,
            measure=measured(self.ports),
        )
        self.dispatch = Dispatch(self.storage, around, wake=lambda: self.worker.wake())
        self.worker = Worker(self.storage, self.dispatch, self.ports, around)
        self.ticker = Ticker(self.storage, around, self.worker.wake, self.jobs)
        for port in self.ports.values():
            await port.connect(self.dispatch)
        await self.slack.connected()

    async def stop_bot(self) -> None:
        """Stop it cleanly."""
        for port in self.ports.values():
            await port.disconnect()
        await self.dispatch.flush()
        self.ports = {}

    async def settled(self) -> None:
        """Wait until everything is answered on both, and every message to others is out."""
        await self.slack.settled()
        await self.telegram.settled()
        await self.worker.settle()
        await self.slack.settled()
        await self.telegram.settled()

    def _next_moment(self) -> datetime | None:
        frees = (port.pacer.frees_at() for port in self.ports.values())
        moments = (self.ticker.next_moment(), self.worker.next_moment(), *frees)
        now = self.clock.now()
        return min((at for at in moments if at is not None and at > now), default=None)

    def stranger(self, name: str, on: str = "slack", **more: Any) -> Any:
        """Somebody whom the bot has never met, on one of the platforms."""
        side: Any = Side(self, on)
        return PEOPLE[on](side, name, **more)

    def group(self, name: str, *members: Any) -> Any:
        """A channel or group on the platform of these people, with the bot in it."""
        users = [member.user for member in members]
        if members[0].world.platform == "slack":
            return self.slack.channel(name, *users)
        group = self.telegram.group(name, users, bot=False)
        group.chat.bot = "member"
        return group


class Side:
    """The world as people on one of its platforms know it."""

    def __init__(self, both: Both, platform: str) -> None:
        self.both, self.platform = both, platform

    def __getattr__(self, name: str) -> Any:
        return getattr(self.both, name)


async def votes_hall(*people: Any) -> Any:
    """A group of these people in which motions stand from now on."""
    world: Any = people[0].world
    hall = world.group(f"Hall {next(_halls)}", *people)
    await remembered(world, hall)
    place = place_of(world, hall)

    def choose(store: Store) -> None:
        store.places.set_purposes(store.places.remember(place, world.clock.now()), ("votes",))

    await world.storage.write(choose)
    return hall


def card_lines(somebody: Any, hall: Any, title: str) -> list[str]:
    """The lines of a motion's one card in a group."""
    [found] = [one for one in somebody.posts(hall) if title in somebody.reads_on(one).first]
    lines: list[str] = somebody.reads_on(found).lines
    return lines


async def book_of(world: Any, number: int) -> list[str]:
    """The lines of a motion's ballot book without the book's own first one: "cast cimes for"."""
    entries = (await stands(world, number)).entries
    lines = (f"{one.event} {one.organisation} {one.payload}" for one in entries if one.event != "opened")
    return ["closed" if line.startswith("closed") else line for line in lines]


async def receipt_of(world: Any, number: int) -> str:
    """The receipt of the newest line in a motion's book."""
    return (await stands(world, number)).entries[-1].receipt


async def is_sound(world: Any, number: int) -> None:
    """The chain of a motion's book holds from its first line to its last."""
    now = await stands(world, number)
    assert book.verify(now.entries, book.genesis(number, now.motion.roll_hash)) is None


async def is_proved(world: Any, number: int) -> None:
    """What is handed out of a motion passes both recounts, and both come to what was declared."""
    file = await world.storage.read(lambda store: export_of(store, number))
    ours, second = recount(file), second_recount.recount(file)
    assert (ours.findings, second.wrong) == ((), [])
    assert ours.verdict is not None
    assert ours.verdict.result == second.result == ours.declared
