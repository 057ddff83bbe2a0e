"""The stage of the tests of batches: parcels for halls and people, whose words may change on the way.

await sends(world, hall_reader(world, hall), await reader(world, luc))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from bot import batches
from bot.cards import CARDS, Card
from bot.context import Context
from bot.dispatch.surroundings import context_for
from bot.messages import Account, Call, Message, Place, Post, Reply
from bot.notices import BROADCAST, NOTICES, Notice, Values
from bot.rules.broadcasts.values import Tally
from storage.deliveries import Outcome
from storage.store import Store
from tests.places_stage import place_of
from tests.world import World

BATCH = "parcel:7"
WHY = "You get this because you wait for a parcel."
T = TypeVar("T")
text = {"says": "First"}  # what the parcel says at this moment


@dataclass(frozen=True)
class Reader:
    """Whom or what a parcel is for."""

    key: str
    platform: str
    account_id: int | None = None
    person: int | None = None
    place: Place | None = None


def says(ctx: Context, values: Values) -> Reply:
    """The parcel as it stands now."""
    words = f"{text['says']} · {ctx.zone.rpartition('/')[2]}"
    topic = batches.topic_of(BATCH)
    media = int(values.get("media", 0))
    return Reply("question", {"question": words, "hint": ""}, topic=topic, media=media)


def corrects(ctx: Context, values: Values) -> Reply:
    """What a correction says."""
    return Reply("question", {"question": f"Correction: {text['says']}", "hint": ""})


def withdrawn(ctx: Context, values: Values) -> Reply:
    """What stands where a parcel cannot be taken away."""
    return Reply("question", {"question": "It was withdrawn.", "hint": ""})


def shown(ctx: Context, key: str) -> Reply:
    """How far the parcels are."""
    tally = batches.tally(ctx, f"parcel:{key}")
    return Reply("question", {"question": f"{tally.sent} of {tally.total} sent", "hint": ""})


@pytest.fixture(autouse=True)
def parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notices and the card of parcels, good for two days."""
    two_days = timedelta(days=2)
    for kind, render in (("parcel", says), ("parcel correction", corrects), ("parcel withdrawn", withdrawn)):
        notice = Notice(kind, "Parcels", WHY, render, lambda *_: True, two_days, BROADCAST)
        monkeypatch.setitem(NOTICES, kind, notice)
    monkeypatch.setitem(CARDS, "parcel", Card("parcel", shown))
    text["says"] = "First"


# ---- what is done with a batch ----


async def does(world: World, work: Callable[[Context], T]) -> T:
    """Do something as a handler does it, in one transaction."""

    def put(store: Store) -> T:
        call = Call("test", Account("", "", ""), Place("", "", ""), world.clock.now())
        return work(context_for(world.worker._around, call, store))

    return await world.storage.write(put)


async def sends(world: World, *readers: Reader, at: datetime | None = None, **values: Any) -> int:
    """Put a parcel on its way to all of these."""
    moment = at or world.clock.now()
    return await does(world, lambda ctx: batches.send(ctx, BATCH, "parcel", values, readers, moment))


async def edits(world: World, words: str, version: int = 2) -> int:
    """The text changes, and what stands with it."""

    def work(ctx: Context) -> int:
        text["says"] = words
        return batches.edit(ctx, BATCH, "parcel", {}, version)

    return await does(world, work)


async def takes_back(world: World) -> int:
    """The parcel is taken back."""
    return await does(world, lambda ctx: batches.take_back(ctx, BATCH, "parcel withdrawn", {}))


async def corrected(world: World, name: str = "correction") -> int:
    """A correction is said in reply to it."""
    return await does(world, lambda ctx: batches.reply(ctx, BATCH, name, "parcel correction", {}))


async def stops(world: World) -> int:
    """What waits is stopped."""
    return await does(world, lambda ctx: batches.stop(ctx, BATCH, "stopped"))


async def tried_again(world: World) -> int:
    """What failed is tried once more."""
    return await does(world, lambda ctx: batches.again(ctx, BATCH))


async def tally(world: World, batch: str = BATCH) -> Tally:
    """How a batch stands."""
    return await world.storage.read(lambda store: store.deliveries.tally(batch))


async def outcomes(world: World, batch: str = BATCH) -> dict[str, Outcome]:
    """What became of a batch, by its readers' names."""
    found = await world.storage.read(lambda store: store.deliveries.outcomes(batch))
    return {one.name: one for one in found}


# ---- whom it is for ----


def hall_reader(world: World, hall: Any, name: str = "Hall") -> Reader:
    """A group as a reader."""
    place = place_of(world, hall)
    return Reader(
        f"place:{hall.id}",
        world.platform,
        place=Place(place.platform, place.installation, place.channel, kind="group", name=name),
    )


async def reader(world: World, somebody: Any) -> Reader:
    """A person as a reader, by the account that they have on this platform."""
    who = await world.storage.read(lambda store: store.accounts.identify(somebody.account))
    assert who.person is not None
    return Reader(f"person:{who.person.id}", world.platform, who.account_id, who.person.id)


# ---- a platform in trouble ----


class Held:
    """A port whose next sends wait until they are let go; whatever else it does, it does at once."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        assert world.port is not None
        self.begun: list[Place] = []
        self._send, self._gates = world.port.send, list[Any]()
        monkeypatch.setattr(world.port, "send", self._held)

    async def _held(
        self, place: Place, message: Message, only_for: Account | None = None, reply_to: str = ""
    ) -> Post:
        self.begun.append(place)
        for gate in self._gates:
            await gate.wait()
        return await self._send(place, message, only_for, reply_to)

    def by(self, gate: Any) -> None:
        """Wait for this event from now on."""
        self._gates.append(gate)


def down(world: World, on: bool = True) -> None:
    """The platform is out of order, and says so before anything is done; or no more."""
    server: Any = world.slack if world.platform == "slack" else world.telegram
    _orders(server, {"status": 503} if world.platform == "slack" else {"status": 429, "retry_after": 30}, on)


def revoked(world: World, on: bool = True) -> None:
    """The bot's token is good no more; or again."""
    server: Any = world.slack if world.platform == "slack" else world.telegram
    _orders(server, {"code": "token_revoked"} if world.platform == "slack" else {"status": 401}, on)


def _orders(server: Any, fault: dict[str, Any], on: bool) -> None:
    methods = ("chat.postMessage", "chat.update", "conversations.open", "sendMessage", "editMessageText")
    for method in methods:
        server._faults[method].clear()
        if on:
            server.fail_next(method, times=10_000, **fault)
