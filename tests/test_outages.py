"""A platform, or the mail server, that is out for an hour, or takes our password no more, in the middle of an
announcement: all of it goes out afterwards, once (engagement.md section 4)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from bot.rules.broadcasts.values import Tally
from bot.seeding import charters_of
from bot.web import website
from storage.store import Storage
from tests.announce_stage import (
    announcing_hall,
    coordinator,
    heard_with,
    lines_in,
    shuts_out,
    written,
)
from tests.batches_stage import _orders
from tests.lanes_stage import read_by, server, until
from tests.world import World

WORDS = "Patience"
METHODS = ("chat.postMessage", "chat.update", "conversations.open", "sendMessage", "editMessageText")


@pytest.fixture(params=["slack", "telegram"])
async def world(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """A platform and e-mail beside it; each test runs on both platforms and on both databases."""
    async with World(request.param, storage, mail=True) as world:
        yield world


class Round:
    """Vera announces to Marie and a hall on the platform, and to Anna, who reads mail alone."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def begun(self) -> Round:
        self.vera = await coordinator(self.world)
        self.marie = await self.world.member("Marie", "cimes")
        self.anna = await self.world.mail.person("Anna", "mecatech")
        self.hall = await announcing_hall(self.marie)
        await written(self.vera, WORDS)
        await self.vera.taps("Send to 4")
        return self

    def copies(self) -> tuple[int, int, int]:
        """How many copies stand with Marie, in the hall and in Anna's mailbox."""
        hall = [lines[0] for lines in lines_in(self.marie, self.hall)]
        return read_by(self.marie).count(WORDS), hall.count(WORDS), len(self.anna.mails)

    async def tally(self) -> Tally:
        return await self.world.storage.read(lambda store: store.deliveries.tally("broadcast:1"))


@pytest.fixture
async def tour(world: World) -> Round:
    """It goes in three minutes."""
    return await Round(world).begun()


# ---- the platform ----


def says_503(world: World, on: bool) -> None:
    _orders(server(world), {"status": 503}, on)


def says_429(world: World, on: bool) -> None:
    _orders(server(world), {"status": 429, "retry_after": 1500}, on)


def token_is_revoked(world: World, on: bool) -> None:
    fault = {"code": "token_revoked"} if world.platform == "slack" else {"status": 401}
    _orders(server(world), fault, on)
    if world.platform == "slack":
        server(world)._faults["auth.test"].clear()
        if on:
            server(world).fail_next("auth.test", times=10_000, **fault)
    if world.platform == "telegram":
        server(world)._faults["getUpdates"].clear()
        if on:
            server(world).fail_next("getUpdates", status=401, times=10_000)


@pytest.mark.parametrize("trouble", [says_503, says_429])
async def test_an_hour_of_the_platform(tour: Round, trouble: Callable[[World, bool], None]) -> None:
    """Whoever says that it is out of order has not taken the message: nothing counts as unclear for it."""
    trouble(tour.world, True)
    await tour.world.passes(hours=1)
    assert tour.copies() == (0, 0, 1)
    counts = await tour.tally()
    assert (counts.failed, counts.unknown, counts.skipped) == (0, 0, 0)

    trouble(tour.world, False)
    await tour.world.passes(hours=1)
    assert tour.copies() == (1, 1, 1)
    assert heard_with(tour.vera, "is out").first == "✓ Patience is out: 4 of 4 readers have it."


async def test_an_hour_without_telegram_at_all(storage: Storage) -> None:
    async with World("telegram", storage, mail=True) as world:
        tour = await Round(world).begun()
        port = int(world.telegram.api_url.rpartition(":")[2])
        await world.telegram.stop()
        await world.passes(hours=1)
        counts = await tour.tally()
        assert (counts.failed, counts.unknown, counts.skipped) == (0, 0, 0)
        await world.telegram.start(port)
        await until(lambda: world.port is not None and world.port.ready())
        await world.passes(hours=1)
        assert tour.copies() == (1, 1, 1)
        assert heard_with(tour.vera, "is out").first == "✓ Patience is out: 4 of 4 readers have it."


async def test_what_was_taken_and_never_answered_is_unclear(tour: Round) -> None:
    """It stands there or it does not: nobody sends it again unasked, and the report says so."""
    world = tour.world
    method = "chat.postMessage" if world.platform == "slack" else "sendMessage"
    world.clock.pass_(minutes=3)
    server(world).fail_next(method, drop=True, after_processing=True, times=2)  # one is the card, posted anew
    tour.world.mail.server.hangs_up("over")
    await world.passes(hours=1)
    counts = await tour.tally()
    assert (counts.sent, counts.unknown, counts.failed) in ((2, 2, 0), (1, 3, 0))
    assert tour.copies() == (1, 1, 1)
    heard = await tour.vera.types("/announcement 1")
    assert heard.first == f"✓ Patience is out: {counts.sent} of 4 readers have it."
    assert any(str(counts.unknown) in line for line in heard.lines[1:]), heard.lines
    assert "See which" in heard.buttons


# ---- a password that is good no more ----


async def test_a_token_revoked_for_two_hours(tour: Round) -> None:
    """Nothing is given up for it, and whoever watches over us learns of it."""
    world = tour.world
    token_is_revoked(world, True)
    if world.platform == "telegram":  # whose next look for news comes by itself, in earnest
        await tour.marie.user.says("Hello?", wait=False)
        await asyncio.sleep(0.2)
    await world.passes(hours=2)
    counts = await tour.tally()
    assert (counts.failed, counts.unknown, counts.skipped) == (0, 0, 0)
    assert tour.copies() == (0, 0, 1)
    health = await _health(world)

    token_is_revoked(world, False)
    assert world.port is not None
    await until(world.port.ready)
    await world.passes(hours=1)
    assert tour.copies() == (1, 1, 1)
    assert heard_with(tour.vera, "is out").first == "✓ Patience is out: 4 of 4 readers have it."
    assert health[world.platform] is False
    assert (await _health(world))[world.platform] is True


# ---- the mail server ----


@pytest.mark.parametrize(
    ("point", "says"),
    [
        ("greeting", "421 4.3.2 Come back later"),
        ("from", "451 4.7.1 Too many mails"),
        ("to", "450 4.2.1 Busy"),
        ("from", "535 5.7.8 Authentication credentials invalid"),
        ("greeting", ""),
        ("from", ""),
    ],
)
async def test_two_hours_of_the_mail_server(tour: Round, point: Any, says: str) -> None:
    mails, world = tour.world.mail.server, tour.world
    mails.says_no(point, says, times=10_000) if says else mails.hangs_up(point, times=10_000)
    await world.passes(hours=2)
    counts = await tour.tally()
    assert tour.copies() == (1, 1, 0)
    assert (counts.sent, counts.queued, counts.failed, counts.unknown) == (3, 1, 0, 0)
    assert heard_with(tour.vera, "Sending").first == "⏳ Sending Patience: 3 of 4 readers"
    mails._faults.clear()
    await world.passes(hours=1)
    assert tour.copies() == (1, 1, 1)
    assert heard_with(tour.vera, "is out").first == "✓ Patience is out: 4 of 4 readers have it."


async def test_health_says_that_the_mail_server_is_gone(tour: Round) -> None:
    world = tour.world
    await world.mail.server.stop()
    await world.passes(hours=2)
    health = await _health(world)
    await world.mail.server.start()
    await world.passes(hours=1)
    assert tour.copies() == (1, 1, 1)
    assert health["email"] is False


async def _health(world: World) -> dict[str, Any]:
    """What /readyz says of the platforms."""
    ports = [one for one in (world.port, world.mail and world.mail.port) if one]
    site = website(
        world.storage, ports, lambda: {"received": Counter()}, world.clock, inbox=world.dispatch,
        pages=world.mail.pages, charters=charters_of(world.storage), public_url="",
    )  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url="http://here") as browser:
        found: dict[str, Any] = (await browser.get("/readyz")).json()
        return found


# ---- a place or a person that disappears ----


async def test_a_chat_that_disappears_in_the_middle(tour: Round) -> None:
    shuts_out(tour.world, tour.hall)
    await tour.world.passes(minutes=10)
    assert tour.copies() == (1, 0, 1)
    heard = await tour.vera.types("/announcement 1")
    assert heard.first == "✓ Patience is out: 3 of 4 readers have it."
    assert any("Partners" in line for line in heard.lines), heard.lines
    assert any("I was removed" in line for line in heard.lines), heard.lines
    assert "Retry failed" in heard.buttons


async def test_an_early_retry_leaves_it_failed(tour: Round) -> None:
    """Pressed before the chat is mended, a retry changes nothing: it is named, and can be tried again."""
    shuts_out(tour.world, tour.hall)
    await tour.world.passes(minutes=10)
    await tour.vera.types("/announcement 1")
    await tour.vera.taps("Retry failed")
    await tour.world.passes(minutes=10)
    heard = await tour.vera.types("/announcement 1")
    assert any("Partners" in line for line in heard.lines), heard.lines
    assert "Retry failed" in heard.buttons

    await _lets_in(tour.world, tour.marie, tour.hall)
    await tour.vera.taps("Retry failed")
    await tour.world.passes(minutes=10)
    assert tour.copies() == (1, 1, 1)


async def test_a_chat_that_is_mended_gets_it_by_a_retry(tour: Round) -> None:
    shuts_out(tour.world, tour.hall)
    await tour.world.passes(minutes=10)
    await _lets_in(tour.world, tour.marie, tour.hall)
    await tour.vera.types("/announcement 1")
    await tour.vera.taps("Retry failed")
    await tour.world.passes(minutes=10)
    assert tour.copies() == (1, 1, 1)


async def test_an_archived_channel(storage: Storage) -> None:
    async with World("slack", storage, mail=True) as world:
        tour = await Round(world).begun()
        await world.slack.archives(tour.hall)
        await world.passes(minutes=10)
        assert tour.copies() == (1, 0, 1)
        heard = await tour.vera.types("/announcement 1")
        assert any("the chat is archived" in line for line in heard.lines), heard.lines


async def test_a_group_that_becomes_a_supergroup(storage: Storage) -> None:
    async with World("telegram", storage, mail=True) as world:
        tour = await Round(world).begun()
        tour.hall.chat.kind = "group"  # a small one, which can still become more
        new = tour.hall.upgrade(tour.marie.user)
        await world.passes(minutes=10)
        assert [lines[0] for lines in lines_in(tour.marie, new)].count(WORDS) == 1
        await tour.vera.types("/announcement 1")
        await tour.vera.taps("Fix text")
        await tour.vera.gives(text="Thanks")
        await tour.vera.taps("Just fix it")
        await world.passes(minutes=10)
        said = [lines[0] for lines in lines_in(tour.marie, new)]
        assert (said.count("Thanks"), said.count(WORDS)) == (1, 0)


async def test_whoever_blocked_us_gets_it_as_a_mail(storage: Storage) -> None:
    async with World("telegram", storage, mail=True) as world:
        tour = await Round(world).begun()
        reader = await world.mail.address_of(tour.marie, preferred=False)
        tour.marie.user.person.blocked = True
        await world.passes(minutes=10)
        assert [mail.subject for mail in reader.mails] == [WORDS]
        assert (await tour.tally()).sent == 4
        assert heard_with(tour.vera, "is out").first == "✓ Patience is out: 4 of 4 readers have it."


async def test_a_mail_address_that_nobody_knows(tour: Round) -> None:
    tour.world.mail.server.says_no("to", "550 5.1.1 No such user", times=10_000, to=tour.anna.address)
    await tour.world.passes(minutes=10)
    counts = await tour.tally()
    assert (counts.sent, counts.failed) == (3, 1)
    heard = await tour.vera.types("/announcement 1")
    assert heard.first == "✓ Patience is out: 3 of 4 readers have it."
    assert any("gone" in line for line in heard.lines), heard.lines


async def test_an_unknown_address_of_somebody_with_a_chat(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    await marie.says("help")
    reader = await world.mail.address_of(marie)
    world.mail.server.says_no("to", "550 5.1.1 No such user", times=10_000, to=reader.address)
    await written(vera, WORDS)
    await vera.taps("Send to 2")
    await world.passes(minutes=10)
    assert read_by(marie).count(WORDS) == 1
    counts = await world.storage.read(lambda store: store.deliveries.tally("broadcast:1"))
    assert (counts.sent, counts.total) == (2, 2)


async def _lets_in(world: World, somebody: Any, hall: Any) -> None:
    if world.platform == "slack":
        await world.slack.adds_bot(hall, somebody.user)
    else:
        hall.add_bot(somebody.user)
    await world.settled()
