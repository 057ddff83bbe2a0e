"""The stage of the worker's tests: a world on Telegram, and ways to put messages on their way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.messages import Account, Call, Place
from storage.deliveries import Delivery
from storage.received import Received
from storage.store import Storage, Store
from tests.world import MORNING, World

LOG = "log workshop Green hydrogen 101 on 12 May with MecaTech"


@pytest.fixture
async def stage(storage: Storage) -> AsyncIterator[World]:
    """A world on Telegram, on either database."""
    async with World("telegram", storage) as world:
        yield world


async def member(world: World, name: str = "Luc", organisation: str = "mecatech") -> Any:
    """Somebody who has pressed START, so that they can be written to."""
    somebody = await world.member(name, organisation)
    await somebody.starts()
    return somebody


def texts(somebody: Any) -> list[str]:
    """The first lines of what somebody was sent, without the welcome."""
    seen = somebody.world.telegram.chats[int(somebody.account.user)].messages.values()
    return [one.text.split("\n")[0] for one in seen if one.from_bot][1:]


async def queue(world: World, to: Account, *keys: str, platform: str = "telegram", **more: Any) -> list[int]:
    """Put one question to somebody on its way for each key, and return their numbers."""
    given = {"template": "question", "values": {"question": "Where?", "hint": "", "command": "log"}} | more

    def put(store: Store) -> list[int]:
        account = store.accounts.identify(to).account_id
        new = [
            Delivery.new(key=key, platform=platform, account_id=account, not_before=MORNING, **given)
            for key in keys
        ]
        assert store.deliveries.queue(new) == len(keys)
        # the only way to learn their numbers
        claimed = []
        while (one := store.deliveries.claim(MORNING, platform)) is not None:
            claimed.append(one)
        for one in claimed:
            store.deliveries.later(one.id, MORNING, "")
        return [one.id for one in claimed]

    return await world.storage.write(put)


async def state(world: World, number: int) -> tuple[str, str]:
    one = await world.storage.read(lambda store: store.deliveries.get(number))
    assert one is not None
    return one.state, one.says


async def recorded(world: World, somebody: Any, event: str) -> Received:
    """A call whose answer was recorded, and the process that took it died before giving it."""
    user = somebody.account.user
    call = Call(event, somebody.account, Place("telegram", "", user), world.clock.now(), text=LOG)
    await world.dispatch.receive(call)
    world.dispatch.left(call)  # this process does not count on its port
    return await found(world, event)


async def found(world: World, event: str) -> Received:
    one = await world.storage.read(lambda store: store.received.find("telegram", event))
    assert one is not None
    return one
