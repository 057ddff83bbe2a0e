"""Notices of every sort for tests of attention, and what became of them.

await notify(calm, luc, "Seats left?")                    # a notice of the kind "seats", said in these words
await several(calm, luc, "Heat day?", "Steel day?")       # in the same moment
await it_is(calm, 25, 9)                                  # Wednesday 25 November, nine in Brussels
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.context import Context
from bot.messages import Reply
from bot.notices import NOTICES, Notice, Values
from storage.attention import Chosen
from storage.deliveries import Delivery
from storage.store import Store
from tests.assembly_stage import in_house
from tests.world import MORNING, World

DAY = timedelta(days=1)
WHY = "You get this because you keep your organisation's list."
DONE: set[str] = set()


def says(_ctx: Context, values: Values) -> Reply:
    return Reply("question", {"question": values["asks"], "hint": ""})


def stands(_ctx: Context, values: Values) -> bool:
    return values["asks"] not in DONE


KINDS: dict[str, dict[str, Any]] = {
    "seats": {"theme": "events"},
    "vote": {"theme": "votes", "duty": True},
    "promised": {"theme": "events", "counts": False},
    "join": {"theme": "events", "counts": False, "any_hour": True},
    "safety": {"counts": False, "any_hour": True, "stoppable": False},
}


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of notices that differ in what they ask of a reader; each helps for two days."""
    DONE.clear()
    for priority, (kind, more) in enumerate(KINDS.items(), 1):
        made: Any = Notice(kind, kind, WHY, says, stands, 2 * DAY, priority, **more)
        monkeypatch.setitem(NOTICES, kind, made)


async def notify(world: World, somebody: Any, asks: str, kind: str = "seats", **more: Any) -> None:
    """A notice for somebody is on its way, as a job leaves it."""
    await in_house(
        world,
        lambda ctx: ctx.notify(person_of(ctx.store, somebody), kind, asks, {"asks": asks}, **more),
    )
    await world.settled()


async def several(world: World, somebody: Any, *asks: str, kind: str = "seats") -> None:
    """Notices that come in the same moment."""

    def put(ctx: Context) -> None:
        for one in asks:
            ctx.notify(person_of(ctx.store, somebody), kind, one, {"asks": one})

    await in_house(world, put)
    await world.settled()


def person_of(store: Store, somebody: Any) -> int:
    found = store.accounts.identify(somebody.account).person
    assert found is not None
    return found.id


async def chooses(world: World, somebody: Any, theme: str, **chosen: Any) -> None:
    now = world.clock.now()
    await world.storage.write(
        lambda store: store.attention.choose(person_of(store, somebody), theme, Chosen(**chosen), now)
    )


async def away(world: World, somebody: Any, until: date, deputy: Any = None) -> None:
    def leave(store: Store) -> None:
        instead = person_of(store, deputy) if deputy else None
        store.attention.away(person_of(store, somebody), until, instead, world.clock.now())

    await world.storage.write(leave)


async def every(world: World) -> tuple[Delivery, ...]:
    """All deliveries, as they were queued."""

    def read(store: Store) -> tuple[Delivery, ...]:
        found = (store.deliveries.get(number) for number in range(1, 40))
        return tuple(one for one in found if one is not None)

    return await world.storage.read(read)


async def fates(world: World) -> list[tuple[str, str]]:
    """What became of each, with what is said of it."""
    return [(one.state, one.says) for one in await every(world)]


async def it_is(world: World, day: int, hour: int, minute: int = 0) -> None:
    """It becomes that moment of November 2026 by the clocks of Brussels."""
    at = datetime(2026, 11, day, hour - 1, minute, tzinfo=MORNING.tzinfo)
    await world.passes(seconds=(at - world.clock.now()).total_seconds())
