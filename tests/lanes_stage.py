"""The stage of the tests of lanes and cards: what waits to be said, and what was said, in its order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.messages import Topic
from bot.notices import BROADCAST
from bot.platforms.pacing import Pace
from bot.platforms.slack import port as on_slack
from bot.platforms.telegram import outgoing as on_telegram
from storage.cards import CardRow
from storage.deliveries import Delivery, deliveries
from storage.store import Storage, Store
from tests.places_stage import place_of
from tests.servers.slack import BOT_USER
from tests.world import MORNING, Clock, World, plain

STATES = select(deliveries.c.key, deliveries.c.state).order_by(deliveries.c.id)
INDICATORS = Topic("indicators", "")
PACES: dict[str, Pace] = {"slack": on_slack.PACE, "telegram": on_telegram.PACE}
SENDS = {"slack": "chat.postMessage", "telegram": "sendMessage"}
EDITS = {"slack": "chat.update", "telegram": "editMessageText"}


@dataclass
class Hurried(Clock):
    """The clock on the wall, so many times as fast: waiting is real, only shorter."""

    times: float = 10.0
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return self.at + timedelta(seconds=(time.monotonic() - self.began) * self.times)

    async def sleep(self, seconds: float) -> None:
        """Return when so many of its seconds have passed."""
        await asyncio.sleep(seconds / self.times)


@dataclass
class Turned(Clock):
    """A clock that whoever waits turns on, so that nothing takes time and every pause is kept."""

    async def sleep(self, seconds: float) -> None:
        """Return when so much time has passed, which is at once."""
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def world_on(platform: str, storage: Storage, clock: Clock) -> AsyncIterator[World]:
    """A world whose platform enforces its limits, and whose bot keeps the pace that it has in earnest."""
    async with World(platform, storage, clock) as world:
        limits(world, True)
        assert world.port is not None
        world.port.pacer.pace = PACES[platform]
        yield world


@asynccontextmanager
async def at_work(world: World) -> AsyncIterator[None]:
    """The worker serves meanwhile, as in a bot that runs."""
    work = asyncio.create_task(world.worker.run())
    try:
        yield
    finally:
        world.worker.stop()
        await work


async def until(come_true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something to happen."""
    async with asyncio.timeout(seconds):
        while not come_true():
            await asyncio.sleep(0.005)


# ---- what is to be said ----


def to_place(world: World, group: Any, words: str, **more: Any) -> Delivery:
    """A question to a group that is told by its words."""
    return _one(world, words, place=place_of(world, group), **more)


async def to_person(world: World, somebody: Any, words: str, **more: Any) -> Delivery:
    """A question to a person on the platform of this world."""
    who = await world.storage.read(lambda store: store.accounts.identify(somebody.account))
    person = who.person.id if who.person else None
    return _one(world, words, account_id=who.account_id, person_id=person, **more)


def _one(world: World, words: str, **more: Any) -> Delivery:
    values = {"question": words, "hint": "", "command": "log"}
    given = {"platform": world.platform, "template": "question", "values": values, "not_before": MORNING}
    return Delivery.new(key=words, **{"priority": BROADCAST, **given, **more})


async def queue(world: World, *these: Delivery) -> None:
    """Put messages on their way, in this order."""
    assert await world.storage.write(lambda store: store.deliveries.queue(these)) == len(these)


async def states(world: World) -> dict[str, str]:
    """What became of each message, by its key, in the order in which they were queued."""
    rows = await world.storage.read(lambda store: store._connection.execute(STATES).all())
    return {row.key: row.state for row in rows}


async def cards(world: World) -> tuple[CardRow, ...]:
    """The cards of the alliance's year, wherever they stand."""
    return await world.storage.read(lambda store: store.cards.of_topic(INDICATORS))


# ---- what was said, and what the platform thought of it ----


def said(world: World) -> list[str]:
    """The first line of all that stands anywhere from the bot, in the order in which it was posted."""
    if world.platform == "slack":
        return [
            plain(one.words).split("\n")[0] for one in world.slack.world.messages if one.author == BOT_USER
        ]
    every = [one for chat in world.telegram.chats.values() for one in chat.messages.values()]
    standing = [one for one in every if one.from_bot and not one.deleted]
    return [plain(one.text).split("\n")[0] for one in sorted(standing, key=lambda one: one.number)]


def read_by(somebody: Any) -> list[str]:
    """The first line of all that the bot wrote to somebody alone."""
    if somebody.world.platform == "slack":
        messages = somebody.user.sees(somebody.user.direct)
        return [plain(one.words).split("\n")[0] for one in messages if one.author == BOT_USER]
    return [plain(one.text).split("\n")[0] for one in somebody.user.sees() if one.from_bot]


def calls(world: World, kinds: dict[str, str]) -> int:
    """How often the bot asked for a send, or for an edit."""
    return sum(1 for one in server(world).calls if one.method == kinds[world.platform])


def turned_away(world: World) -> int:
    """How often the platform said that it was too much."""
    if world.platform == "slack":
        return sum(1 for one in world.slack.calls if one.answer.get("error") == "ratelimited")
    return sum(1 for one in world.telegram.calls if one.status == 429)


def server(world: World) -> Any:
    """The stand-in of this world's platform."""
    return world.slack if world.platform == "slack" else world.telegram


def limits(world: World, on: bool) -> None:
    """Let the platform enforce its limits, or no more."""
    server(world).limits = on


def fails(world: World, kinds: dict[str, str], **how: Any) -> None:
    """Let the next call of a kind go wrong."""
    server(world).fail_next(kinds[world.platform], **how)


def deletes(world: World, somebody: Any, group: Any) -> None:
    """Somebody takes the bot's newest post in a group away; nobody tells the bot."""
    if world.platform == "slack":
        world.slack.world.messages.remove([m for m in somebody.user.sees(group) if m.author == BOT_USER][-1])
    else:
        somebody.user.deletes([m for m in somebody.user.sees(group) if m.from_bot][-1])


async def remembered(world: World, *groups: Any) -> None:
    """The bot knows these groups, by their names."""

    def keep(store: Store) -> None:
        for group in groups:
            name = group.name if world.platform == "slack" else group.chat.title
            store.places.remember(replace(place_of(world, group), name=name), MORNING)

    await world.storage.write(keep)


async def halls(world: World, *names: str) -> list[Any]:
    """Groups of Marie's with these names, in which the bot has been for long."""
    marie = await world.member("Marie", "cimes")
    groups = [world.group(name, marie) for name in names]
    await remembered(world, *groups)
    return groups


async def with_card(world: World, *people: Any) -> Any:
    """A group of these people that shows the indicators, without the question that came before."""
    hall = world.group("Hall", *people)
    place = place_of(world, hall)
    await remembered(world, hall)

    def put(store: Store) -> None:
        store.places.set_purposes(store.places.remember(place, MORNING), ["indicators"])
        store.cards.put(INDICATORS, place, MORNING)

    await world.storage.write(put)
    return hall
