"""Announcements for tests: chats that show them, coordinators who write them, what became of them.

vera = await coordinator(world, "Vera")
hall = await announcing_hall(marie, name="Partners")              # a group that shows announcements now
await written(vera, "**Call opens** Monday")                      # the preview stands
await vera.taps("Send to 2")
await cooled(world)                                               # three minutes pass, and all is out
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.broadcasts.standing import PURPOSE
from bot.rules.broadcasts.values import Broadcast
from storage.store import Store
from tests.lanes_stage import remembered
from tests.places_stage import place_of
from tests.servers.slack import BOT_USER
from tests.world import Heard, World


async def coordinator(world: World, name: str = "Vera", **more: Any) -> Any:
    """Somebody who coordinates the alliance, and has talked to the bot."""
    somebody = await world.member(name, "", "coordinator", **more)
    await somebody.says("help")
    return somebody


async def announcing_hall(*people: Any, name: str = "Partners") -> Any:
    """A group of these people in which announcements stand from now on."""
    world: Any = people[0].world
    hall = world.group(name, *people)
    await remembered(world, hall)
    place = replace(place_of(world, hall), name=name)

    def choose(store: Store) -> None:
        store.places.set_purposes(store.places.remember(place, world.clock.now()), (PURPOSE,))

    await world.storage.write(choose)
    return hall


async def written(author: Any, text: str, to: str = "") -> Heard:
    """Somebody writes an announcement: the preview that they see."""
    line = f"/announce {text} to {to}" if to else f"/announce {text}"
    heard: Heard = await author.types(line)
    return heard


async def cooled(world: World, **more: float) -> None:
    """The minutes to stop it pass, and all that is due by then happens."""
    await world.passes(minutes=3, **more)
    await world.settled()


async def broadcast(world: World, number: int = 1) -> Broadcast:
    """An announcement as it is kept."""
    found = await world.storage.read(lambda store: store.broadcasts.get(number))
    assert found is not None
    return found


async def kept(world: World) -> list[str]:
    """The states of all announcements, oldest first."""
    every, _ = await world.storage.read(lambda store: store.broadcasts.latest(100))
    return [one.state for one in reversed(every)]


def shuts_out(world: World, hall: Any) -> None:
    """The bot is put out of a group, and nobody tells it."""
    if world.platform == "slack":
        hall.members.discard(BOT_USER)
    else:
        hall.chat.bot = "kicked"


def lines_in(somebody: Any, hall: Any) -> list[list[str]]:
    """The lines of the bot's posts in a group, as somebody there reads them."""
    return [somebody.reads_on(one).lines for one in somebody.posts(hall)]


def heard_with(somebody: Any, words: str) -> Heard:
    """The newest of the bot's messages to somebody alone with these words on it."""
    found = [one for one in _direct(somebody) if words in one.text]
    assert found, f"{somebody.name} reads no {words!r}, only {[one.text for one in _direct(somebody)]}"
    return found[-1]


def _direct(somebody: Any) -> list[Heard]:
    if somebody.world.platform == "slack":
        return [somebody.reads_on(one) for one in somebody._from_bot()]
    return [somebody.reads_on(one) for one in somebody._words()]
