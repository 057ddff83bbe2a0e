"""The alliance with one platform and e-mail beside it, and mails that come back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.messages import Call, Place
from bot.platforms.email.addresses import sender_of
from storage.store import Storage
from tests.mail_stage import SENDER, MailReader
from tests.world import World

ADDRESS = sender_of(SENDER).address


@pytest.fixture(params=["slack", "telegram"])
async def world(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """A world in which mails can be sent; each test runs on both platforms and on both databases."""
    async with World(request.param, storage, mail=True) as world:
        yield world


async def comes_back(world: World, reader: MailReader, kind: str = "hard") -> None:
    """The mailbox tells that a mail to them came back, as the port does."""
    place, now = Place("email", "", reader.address), world.clock.now()
    number = len(reader.mails), await world.received()
    said = {"kind": kind, "says": "5.1.1 No such user"}
    event = f"bounce:{reader.address}:{number}"
    await world.dispatch.receive(
        Call(event, reader.account, place, now, command="mail bounced", arguments=said)
    )
    await world.settled()


async def person_of(world: World, somebody: Any) -> int:
    """The person behind somebody's account, by number."""
    found = await world.storage.read(lambda store: store.accounts.identify(somebody.account).person)
    assert found is not None
    return int(found.id)
