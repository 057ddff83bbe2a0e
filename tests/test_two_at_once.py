"""Two people decide about the same announcement or edition in the same moment, on two platforms: one of them
is first, and what stands in the end is what the two decided, once (engagement.md sections 3 and 4)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from bot.broadcasts.mending import fix
from bot.broadcasts.standing import found_broadcast, how_far
from bot.context import Context
from bot.messages import Call, Place
from bot.rules.broadcasts.values import Tally
from storage.store import Storage
from tests.announce_stage import (
    announcing_hall,
    broadcast,
    cooled,
    coordinator,
    kept,
    lines_in,
    shuts_out,
    written,
)
from tests.assembly_stage import acting, in_house
from tests.batches_stage import Held, down
from tests.both_platforms import Both, Side
from tests.lanes_stage import read_by
from tests.newsletter_stage import (
    DRAFT,
    SEND,
    edition_of,
    filled,
    it_is,
    messages_of,
    second_person,
    subscribed,
)
from tests.world import World

BODY = "**Once only** for everybody"
FIRST = "Once only for everybody"


@pytest.fixture
async def both(storage: Storage) -> AsyncIterator[Both]:
    """The alliance on both platforms; each test runs over both databases."""
    async with Both(storage) as both:
        yield both


class Pair:
    """Vera coordinates on Slack and Theo on Telegram; Marie and Zane read, and each has a hall."""

    def __init__(self, both: Both) -> None:
        self.both = both

    async def here(self) -> Pair:
        self.vera = await coordinator(self.both, on="slack")
        self.theo = await coordinator(self.both, "Theo", on="telegram")
        self.marie = await self.both.member("Marie", "cimes", on="slack")
        self.zane = await self.both.member("Zane", "green-tech", on="telegram")
        self.channel = await announcing_hall(self.marie, name="Channel")
        self.group = await announcing_hall(self.zane, name="Group")
        return self

    async def at_once(self, vera: str, theo: str) -> tuple[str, str]:
        """Both press at once; what each of them reads then."""
        await asyncio.gather(self.vera.taps(vera), self.theo.taps(theo))
        return self.vera.reads().first, self.theo.reads().first

    async def stands(self) -> list[str]:
        """The first lines of all copies in the two halls and before the eyes of the two readers."""
        halls = [*lines_in(self.marie, self.channel), *lines_in(self.zane, self.group)]
        read = [*read_by(self.marie), *read_by(self.zane)]
        posts = (lines[0] for lines in halls if not lines[0].startswith("I'm back."))
        return [*posts, *(one for one in read if "Once" in one or "Twice" in one)]

    async def tally(self, batch: str = "broadcast:1") -> Tally:
        return await self.both.storage.read(lambda store: store.deliveries.tally(batch))

    async def out(self) -> None:
        """It is out, and both look at its report."""
        await written(self.vera, BODY)
        await self.vera.taps("Send to 6")
        await cooled(self.both)
        assert await self.stands() == [FIRST] * 4
        await self.vera.types("/announcement 1")
        await self.theo.types("/announcement 1")


@pytest.fixture
async def pair(both: Both) -> Pair:
    """Everybody is there."""
    return await Pair(both).here()


# ---- through the pipe, on two platforms ----


async def test_send_and_send(pair: Pair) -> None:
    await written(pair.vera, BODY)
    await pair.theo.types("/announcement 1")
    said = await pair.at_once("Send to 6", "Send to 6")
    assert sorted(one.partition(":")[0] for one in said) == [
        f"{FIRST} is already on its way",
        f"✓ {FIRST}",
    ]
    await cooled(pair.both)
    assert await pair.stands() == [FIRST] * 4
    assert (await pair.tally()).total == 6
    assert await kept(pair.both) == ["sending"]


async def test_stop_and_the_first_message(pair: Pair) -> None:
    """Whoever is told that nobody got it is right, and so is who is told that some did."""
    await written(pair.vera, BODY)
    await pair.vera.taps("Send to 6")
    await pair.theo.types("/announcement 1")
    pair.both.clock.pass_(minutes=3)
    await asyncio.gather(pair.both.worker.settle(), pair.theo.taps("Stop"))
    await pair.both.settled()
    at_once = len(await pair.stands())
    await pair.both.passes(minutes=30)

    counts, found = await pair.tally(), await broadcast(pair.both)
    assert len(await pair.stands()) == at_once
    assert counts.sent + counts.skipped == 6
    assert (found.state == "stopped") == (counts.skipped > 0)
    assert (counts.queued, counts.attempting, counts.unknown, counts.failed) == (0, 0, 0, 0)


async def test_take_back_and_fix_text(pair: Pair) -> None:
    await pair.out()
    await pair.vera.taps("Take back")
    await pair.theo.taps("Fix text")
    await pair.theo.says("Twice as good")
    await pair.at_once("Yes, take it back", "Just fix it")
    await pair.both.passes(minutes=5)

    assert await pair.stands() == []
    assert (await broadcast(pair.both)).state == "retracted"
    assert (await pair.tally("broadcast:1:back")).sent == 6


async def test_fix_text_and_fix_text(pair: Pair) -> None:
    await pair.out()
    await pair.vera.taps("Fix text")
    await pair.vera.gives(text="Once more")
    await pair.theo.taps("Fix text")
    await pair.theo.says("Twice as good")
    await pair.at_once("Just fix it", "Just fix it")
    await pair.both.passes(minutes=5)

    found = await broadcast(pair.both)
    [text] = found.texts.values()
    assert text in ("Once more", "Twice as good")
    assert await pair.stands() == [text] * 4


async def test_retry_and_retry(pair: Pair) -> None:
    await written(pair.vera, BODY)
    await pair.vera.taps("Send to 6")
    shuts_out(_on(pair.both, "slack"), pair.channel)
    shuts_out(_on(pair.both, "telegram"), pair.group)
    await cooled(pair.both)
    assert (await pair.tally()).failed == 2
    await pair.vera.types("/announcement 1")
    await pair.theo.types("/announcement 1")
    await pair.both.slack.adds_bot(pair.channel, pair.marie.user)
    pair.group.add_bot(pair.zane.user)
    await pair.both.settled()

    await pair.at_once("Retry failed", "Retry failed")
    await pair.both.passes(minutes=5)
    counts = await pair.tally()
    assert await pair.stands() == [FIRST] * 4
    assert (counts.sent, counts.failed) == (6, 0)


async def test_stop_and_stop(pair: Pair) -> None:
    await written(pair.vera, BODY)
    await pair.vera.taps("Send to 6")
    await pair.theo.types("/announcement 1")
    await pair.at_once("Stop", "Stop")
    await cooled(pair.both)
    assert await pair.stands() == []
    assert (await pair.tally()).skipped == 6


async def test_approve_and_stop_of_an_edition(both: Both) -> None:
    """A stop holds, whoever of the two is first."""
    vera = await coordinator(both, on="slack")
    theo = await coordinator(both, "Theo", on="telegram")
    marie = await both.member("Marie", "cimes", on="slack")
    await subscribed(both, marie)
    await filled(both, marie)
    await it_is(both, DRAFT)
    await second_person(both)
    edition = await edition_of(both)
    calls = [
        _pressed(both, vera, "approve edition", {"number": "1", "sealed": edition.seal}),
        _pressed(both, theo, "stop edition", {"number": "1"}),
    ]
    await asyncio.gather(*(both.dispatch.receive(one) for one in calls))
    await it_is(both, SEND)
    assert (await edition_of(both)).state == "stopped"
    assert await messages_of(both) == ()


# ---- where the two are only a moment apart ----


async def test_fix_text_in_the_moment_the_three_minutes_end(postgres_url: str) -> None:
    """A lane claims with the old words after somebody looked at what is out, and before the fix is written:
    whoever was claimed in between reads the new words soon."""
    storage = Storage(postgres_url)
    async with World("telegram", storage) as world:
        vera = await coordinator(world)
        marie = await world.member("Marie", "cimes")
        hall = await announcing_hall(marie)
        await written(vera, "Wrong room")
        await vera.taps("Send to 3")
        world.clock.pass_(minutes=3)

        def meanwhile(ctx: Context) -> None:
            counted = found_broadcast(ctx, 1, lock=True)
            how_far(ctx, counted)  # as the handler does
            done = threading.Event()
            loop.call_soon_threadsafe(lambda: _then(world.worker.settle(), done))
            done.wait(3)  # the lane may have to wait for us, too
            fix(acting(ctx, vera), counted, next(iter(counted.texts)), "Right room")

        loop = asyncio.get_running_loop()
        await in_house(world, meanwhile)
        await world.passes(minutes=5)
        assert [lines[0] for lines in lines_in(marie, hall)] == ["Right room"]
        assert "Right room" in read_by(marie)
    storage.close_now()


async def test_a_stop_that_stops_nothing_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are on their way when somebody presses Stop, which says that there was nothing to stop; then the
    platform puts them off: they go out later."""
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Patience")
    await vera.taps("Send to 3")
    held, gate = Held(world, monkeypatch), asyncio.Event()
    held.by(gate)
    world.clock.pass_(minutes=3)
    under_way = asyncio.create_task(world.worker.settle())
    while (await _tally(world, "broadcast:1")).attempting < 3 or len(held.begun) < 3:
        await asyncio.sleep(0.001)
    await world.dispatch.receive(_pressed(world, vera, "announcement stop", {"number": "1"}))
    state = (await broadcast(world)).state
    down(world)
    gate.set()
    await under_way
    down(world, False)
    await world.passes(minutes=30)
    counts = await world.storage.read(lambda store: store.deliveries.tally("broadcast:1"))
    if state == "sending":  # it was not stopped
        assert [lines[0] for lines in lines_in(marie, hall)] == ["Patience"]
        assert (counts.sent, counts.skipped) == (3, 0)
    else:
        assert (counts.sent, counts.skipped) == (0, 3)


async def test_pause_while_a_message_is_on_its_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put off by the platform meanwhile, it waits with the others, and is sent after Resume."""
    vera = await coordinator(world)
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await subscribed(world, marie, luc)
    await filled(world, marie)
    await it_is(world, DRAFT)
    world.clock.at = SEND
    held, gate = Held(world, monkeypatch), asyncio.Event()
    held.by(gate)
    await world.ticker.tick()
    under_way = asyncio.create_task(world.worker.settle())
    while (await _tally(world, "edition:1")).attempting < 2 or len(held.begun) < 2:
        await asyncio.sleep(0.001)
    await world.dispatch.receive(_pressed(world, vera, "pause edition", {"number": "1"}))
    assert (await edition_of(world)).state == "held"
    down(world)
    gate.set()
    await under_way
    down(world, False)
    await world.passes(minutes=30)
    assert [one.state for one in await messages_of(world)].count("sent") == 0

    await world.dispatch.receive(_pressed(world, vera, "resume edition", {"number": "1"}))
    await world.passes(minutes=30)
    counts = await world.storage.read(lambda store: store.deliveries.tally("edition:1"))
    assert (counts.sent, counts.skipped) == (2, 0)


async def test_a_slow_message_that_nobody_could_tell_of_and_a_fix(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A send took so long that it counted as unclear, the text was fixed, then it arrived after all with the
    old words: it is fixed then."""
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Wrong room")
    await vera.taps("Send to 3")
    held, gate = Held(world, monkeypatch), asyncio.Event()
    held.by(gate)
    world.clock.pass_(minutes=3)
    under_way = asyncio.create_task(world.worker.settle())
    while (await _tally(world, "broadcast:1")).attempting < 3 or len(held.begun) < 3:
        await asyncio.sleep(0.001)
    world.clock.pass_(minutes=2)
    await world.worker._sweep()
    await in_house(world, partial(_fixes, vera, "Right room"))
    gate.set()
    await under_way
    await world.passes(minutes=5)
    assert [lines[0] for lines in lines_in(marie, hall)] == ["Right room"]


async def test_a_second_correction_by_mail(sqlite_url: str) -> None:
    """Of one text as many corrections go by mail as are written."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage, mail=True) as world:
        vera = await coordinator(world)
        anna = await world.mail.person("Anna", "cimes")
        await written(vera, "**Meet** at 9")
        await vera.taps("Send to 2")
        await cooled(world)
        for note in ("It begins at ten.", "And it ends at noon."):
            await world.dispatch.receive(
                _pressed(world, vera, "announcement mail", {"number": "1", "note": note})
            )
            await world.passes(minutes=1)
        assert [note for mail in anna.mails for note in ("at ten", "at noon") if note in mail.text] == [
            "at ten", "at noon",
        ]  # fmt: skip
    storage.close_now()


async def _tally(world: World, batch: str) -> Tally:
    return await world.storage.read(lambda store: store.deliveries.tally(batch))


def _fixes(vera: Any, text: str, ctx: Context) -> None:
    found = found_broadcast(ctx, 1, lock=True)
    fix(acting(ctx, vera), found, next(iter(found.texts)), text)


def _then(work: Any, done: threading.Event) -> None:
    asyncio.ensure_future(work).add_done_callback(lambda _: done.set())


_events = iter(range(10**6))


def _pressed(world: Any, who: Any, command: str, arguments: dict[str, str]) -> Call:
    """A button's call in their direct chat, as the port gives it."""
    account = who.account
    place = Place(account.platform, account.workspace, f"D{account.user}")
    if account.platform == "telegram":
        place = Place("telegram", "", account.user)
    return Call(
        f"press:{next(_events)}", account, place, world.clock.now(), command=command, arguments=arguments
    )


def _on(both: Both, platform: str) -> Any:
    return Side(both, platform)
