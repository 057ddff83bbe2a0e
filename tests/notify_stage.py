"""A kind of notice to try things on: a question about the seats of an event, which a deputy can answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.context import Context
from bot.dispatch.surroundings import context_for
from bot.messages import Account, Call, Place, Reply
from bot.notices import NOTICES, QUESTION, Notice, Values
from storage.store import Store
from tests.world import World

SEATS = "Seats left at Heat day?"
WHY = "You get this because you keep your organisation's list."


def says(ctx: Context, values: Values) -> Reply:
    return Reply("question", {"question": values["asks"], "hint": ""})


def is_open(ctx: Context, values: Values) -> bool:
    return bool(ctx.hats("edit_activities"))


@pytest.fixture(autouse=True)
def seats(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind "seats", about events."""
    kind = Notice(
        "seats", "Seats", WHY, says, is_open, timedelta(hours=12), QUESTION, theme="events", duty=True
    )
    monkeypatch.setitem(NOTICES, "seats", kind)


async def wants_to_know(
    world: World, somebody: Any, asks: str = SEATS, key: str = "", until: datetime | None = None
) -> None:
    """The question is put to somebody, as a job does; on its way it may be kept waiting."""

    def put(store: Store) -> int:
        call = Call("job", Account("", "", ""), Place("", "", ""), world.clock.now())
        ctx = context_for(world.worker._around, call, store)
        person = store.accounts.identify(somebody.account).person
        assert person is not None
        ctx.notify(person.id, "seats", key or asks, {"asks": asks}, until=until)
        return store.deliveries.queue(ctx.told)

    assert await world.storage.write(put) == 1
    await world.settled()


async def it_is(world: World, at: datetime) -> None:
    """Time passes until then, and all that waits for its moment is sent; no job runs on the way."""
    world.clock.at = at
    await world.settled()
