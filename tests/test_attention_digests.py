"""Digests in the post office: as many as one message says, and nothing due is lost when one comes to nothing
(engagement.md section 2)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from bot.context import Context
from bot.delivery import fates, sending
from bot.delivery.instead import Waits
from bot.delivery.rendering import ready
from bot.handlers.attention.digest import MOST
from bot.platforms.port import SendFailed
from storage.deliveries import Delivery
from storage.store import Store
from tests.announce_stage import cooled, coordinator, written
from tests.assembly_stage import in_house
from tests.attention_deliveries import DAY, DONE, away, every, it_is, kinds, notify, person_of, several
from tests.attention_stage import calm
from tests.lanes_stage import read_by
from tests.newsletter_stage import told
from tests.world import MORNING, World

__all__ = ["calm", "kinds"]
pytestmark = pytest.mark.usefixtures("kinds")

HALF = timedelta(minutes=30)
TWO = ("Heat day?", "Steel day?")
TEN = tuple(f"Thing {n}?" for n in range(1, 11))


def times_said(somebody: Any, words: str) -> int:
    """In how many of the messages that somebody got."""
    return sum(any(words in line for line in one.lines) for one in told(somebody))


async def digests(world: World) -> list[tuple[str, list[int]]]:
    """What became of each digest, and what is in it."""
    return [(one.state, list(one.values["items"])) for one in await every(world) if one.kind == "digest"]


async def folds(world: World, somebody: Any, *asks: str, **more: Any) -> Delivery:
    """What comes together for somebody has become one digest, which is still to be claimed."""

    def put(ctx: Context) -> None:
        for words in asks:
            ctx.notify(person_of(ctx.store, somebody), "seats", words, {"asks": words}, **more)

    await in_house(world, put)
    way = world.worker._ways[0]

    def decides(store: Store) -> Delivery:
        one = store.deliveries.claim(world.clock.now(), way.port.name)
        assert one is not None
        with pytest.raises(Waits):
            ready(way.around, store, one, way.kept)
        found = store.deliveries.claim(world.clock.now(), way.port.name)
        assert found is not None
        assert found.kind == "digest"
        return found

    return await world.storage.write(decides)


# ---- as many as one says ----


async def test_seven_at_a_time_and_each_is_said_once(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await away(calm, luc, date(2026, 11, 25))
    await several(calm, luc, *TEN)
    await it_is(calm, 26, 9)
    assert await digests(calm) == [("sent", [1, 2, 3, 4, 5, 6, 7])]
    assert MOST == 7
    waits = [(one.state, one.says, one.since) for one in (await every(calm))[7:10]]
    assert waits == [("queued", "day is full", MORNING)] * 3
    await it_is(calm, 27, 9)
    assert [len(items) for _, items in await digests(calm)] == [7, 3]
    assert [times_said(luc, words) for words in TEN] == [1] * 10


async def test_a_digest_that_waits_takes_up_more_and_lets_the_rest_go(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    digest = await folds(calm, luc, *TEN[:5])
    later = calm.clock.now() + timedelta(seconds=30)
    await calm.storage.write(lambda store: store.deliveries.later(digest.id, later, "busy"))
    DONE.add(TEN[0])
    await several(calm, luc, *TEN[5:9], kind="vote")
    await calm.passes(minutes=1)
    assert [state for state, _ in await digests(calm)] == ["folded", "sent"]
    assert [times_said(luc, words) for words in TEN] == [0, *[1] * 7, 0, 0]
    first, eighth = (await every(calm))[0], next(o for o in await every(calm) if o.key.startswith(TEN[8]))
    assert (first.state, first.says) == ("skipped", "no longer due")
    assert (eighth.state, eighth.says) == ("queued", "day is full")
    await it_is(calm, 25, 9)
    assert times_said(luc, TEN[8]) == 1


async def test_what_may_still_be_stopped_is_in_no_digest(calm: World) -> None:
    vera = await coordinator(calm)
    luc, _ = await calm.member("Luc", "mecatech"), await calm.member("Ana", "pool-net")
    await written(vera, "**Call opens** Monday")
    await vera.taps("Send to 3")
    await notify(calm, luc, "Heat day?")
    assert read_by(luc) == ["Heat day?"]
    await vera.taps("Stop")
    await cooled(calm)
    await it_is(calm, 25, 11)
    assert read_by(luc) == ["Heat day?"]


# ---- one that never arrives ----


async def test_after_an_outage_what_still_helps_is_said(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await it_is(calm, 27, 10)
    digest = await folds(calm, luc, *TWO, until=calm.clock.now() + 14 * DAY)
    short = await folds(calm, luc, "Weld day?", "Pump day?")

    def is_down(store: Store) -> None:
        for one in (digest, short):
            store.deliveries.later(one.id, MORNING, "down")

    await calm.storage.write(is_down)
    calm.clock.pass_(days=3)  # and nothing is claimed
    await calm.settled()
    assert [state for state, _ in await digests(calm)][:2] == ["skipped"] * 2
    assert [state for state, _ in await digests(calm) if state == "sent"] == ["sent"]
    assert [times_said(luc, words) for words in (*TWO, "Weld day?", "Pump day?")] == [1] * 4
    assert {one.since for one in await every(calm) if one.kind == "seats"} == {MORNING + 3 * DAY - HALF}


async def test_one_that_is_refused_is_tried_on_another_day_and_not_for_ever(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")

    def refuses(one: Delivery, store: Store) -> None:
        fates.not_sent(one, None, SendFailed("refused", "too long"), calm.clock.now(), store)

    digest = await folds(calm, luc, *TWO)
    await calm.storage.write(partial(refuses, digest))
    await calm.settled()
    assert read_by(luc) == []
    one = (await every(calm))[0]
    assert (one.state, one.not_before, one.folded_into) == ("queued", MORNING + DAY, None)
    for _ in range(5):
        calm.clock.pass_(days=1)
        ready_one = await sending.claim(calm.worker._ways[0], ())
        if ready_one is not None:
            await calm.storage.write(partial(refuses, ready_one.delivery))
    assert {one.state for one in await every(calm)} == {"failed"}


async def test_a_digest_that_goes_another_way_keeps_what_is_in_it(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    digest = await folds(calm, luc, *TWO)
    other = calm.stranger("Luc")

    def another(store: Store) -> None:
        there = store.accounts.remember(other.account, calm.clock.now())
        store.accounts.attach(there, person_of(store, luc))
        fates.not_sent(digest, None, SendFailed("gone", ""), calm.clock.now(), store)

    await calm.storage.write(another)
    await calm.settled()
    again = (await every(calm))[-1]
    assert (again.key, again.state) == (f"{digest.key}>{again.account_id}", "sent")
    assert {(one.state, one.folded_into) for one in (await every(calm))[:2]} == {("folded", again.id)}
    assert [times_said(other, words) for words in TWO] == [1, 1]


async def test_what_is_in_a_digest_has_arrived_when_that_has(calm: World) -> None:
    vera = await coordinator(calm)
    luc, _ = await calm.member("Luc", "mecatech"), await calm.member("Ana", "pool-net")
    await written(vera, "**Call opens** Monday")
    await vera.taps("Send to 3")
    calm.clock.pass_(minutes=3)
    way = calm.worker._ways[0]

    def folds_for_luc(store: Store) -> Delivery:
        mine = next(one for one in store.deliveries.of_batch("broadcast:1") if one.person_id == LUC)
        digest = Delivery.new(
            key="digest:x", platform=mine.platform, account_id=mine.account_id, person_id=LUC, kind="digest",
            template="", values={"items": [mine.id]}, not_before=calm.clock.now(),
        )  # fmt: skip
        assert person_of(store, luc) == LUC
        assert store.deliveries.queue([digest]) == 1
        store.deliveries.fold([mine.id], calm.clock.now(), "digest:x")
        found = store.deliveries.by_key("digest:x")
        assert found is not None
        return found

    LUC = 2
    digest = await calm.storage.write(folds_for_luc)

    def counts(store: Store) -> tuple[int, int, int, int]:
        found = store.deliveries.tally("broadcast:1")
        return found.arrived, found.folded, found.open, found.total

    async def now() -> tuple[int, int, int, int]:
        return await calm.storage.read(counts)

    assert await now() == (0, 0, 3, 3)
    fails_then = SendFailed("refused", "")
    await calm.storage.write(lambda store: fates.not_sent(digest, None, fails_then, calm.clock.now(), store))
    assert await now() == (0, 0, 3, 3)
    await calm.settled()
    assert await now() == (2, 0, 1, 3)
    await it_is(calm, 25, 11)
    assert await now() == (3, 0, 0, 3)
    assert way.port.name == digest.platform
    assert "Call opens" in luc.reads().text
