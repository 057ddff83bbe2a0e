"""Groups for the tests of places: what people do to them, and what they read there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.messages import Place
from storage.places import KnownPlace
from storage.store import Storage
from tests.servers.slack import BOT_USER, TEAM
from tests.world import World, plain

HELLO = [
    "Hello! I keep the diary and the votes of the European Cluster Alliance for Green Manufacturing.",
    "What is this place for? Until somebody picks, I only answer when asked.",
]
PURPOSES = ["Votes", "Events", "Announcements", "Newsletter", "Indicators"]
on_slack = pytest.mark.parametrize("stage", ["slack"], indirect=True)
on_telegram = pytest.mark.parametrize("stage", ["telegram"], indirect=True)


@pytest.fixture(params=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on one platform; what is only wording does not depend on the database."""
    storage = Storage(sqlite_url)
    async with World(request.param, storage) as world:
        yield world
    storage.close_now()


# ---- what people do to groups ----


def group_of(world: World, name: str, *people: Any) -> Any:
    """A channel or group of these people, without the bot."""
    users = [one.user for one in people]
    if world.platform == "slack":
        return world.slack.channel(name, *users, bot=False)
    return world.telegram.group(name, users, bot=False)


async def adds_bot(world: World, group: Any, by: Any = None) -> None:
    """Somebody (or nobody in particular) lets the bot in."""
    if world.platform == "slack":
        await world.slack.adds_bot(group, by.user if by else None)
    else:
        group.add_bot(by.user if by else None)
    await world.settled()


async def moves(world: World, group: Any, by: Any, joined_first: bool = False) -> Any:
    """The group gets another id: shared with another workspace, or become a supergroup."""
    if world.platform == "slack":
        await world.slack.changes_id(group)
    else:
        group = group.upgrade(by.user, joined_first)
    await world.settled()
    return group


def place_of(world: World, group: Any) -> Place:
    """A group as the bot knows it."""
    return Place(world.platform, TEAM if world.platform == "slack" else "", group.id, kind="group")


async def known(world: World) -> list[KnownPlace]:
    """Every place the bot knows."""
    return list(await world.storage.read(lambda store: store.places.all()))


def posts(somebody: Any, group: Any) -> list[Any]:
    """The bot's messages in a group, to be tapped."""
    if somebody.world.platform == "slack":
        return [one for one in somebody.user.sees(group) if one.author == BOT_USER]
    return [one for one in somebody.user.sees(group) if one.from_bot]


def seen(somebody: Any, group: Any) -> list[str]:
    """What the bot's messages in a group say, as somebody there reads them."""
    said = "words" if somebody.world.platform == "slack" else "text"
    return [plain(getattr(one, said)) for one in posts(somebody, group)]


async def hall_for_votes(world: World, marie: Any) -> Any:
    """A group that the bot is in."""
    hall = group_of(world, "Hall", marie)
    await adds_bot(world, hall, marie)
    await marie.taps("Votes")
    return hall
