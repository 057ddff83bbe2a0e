"""Attention where things go wrong, where many are told, and where two platforms meet one person
(engagement.md section 2)."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.broadcasts.mending import fix
from bot.broadcasts.standing import found_broadcast
from bot.context import Context
from bot.delivery import sending
from bot.delivery.rendering import Ready
from storage.attention import Chosen
from storage.deliveries import Delivery
from storage.store import Storage, Store
from tests.announce_stage import cooled, coordinator, written
from tests.assembly_stage import acting, in_house
from tests.attention_deliveries import (
    every,
    fates,
    kinds,
    notify,
    person_of,
)
from tests.attention_stage import calm
from tests.both_platforms import Both
from tests.lanes_stage import SENDS, fails, read_by
from tests.world import MORNING, World

__all__ = ["calm", "kinds"]
pytestmark = pytest.mark.usefixtures("kinds")


# ---- what goes wrong on the way ----


async def test_a_flood_wait_counts_once_and_an_unclear_one_counts(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    fails(calm, SENDS, status=429, retry_after=3)
    await notify(calm, luc, "Seats?")
    await calm.passes(minutes=1)
    assert read_by(luc) == ["Seats?"]
    ana = await calm.member("Ana", "pool-net")
    await in_house(calm, lambda ctx: ctx.notify(person_of(ctx.store, ana), "seats", "lost", {"asks": "?"}))
    way = calm.worker._ways[0]
    assert await sending.claim(way, ()) is not None  # and the process dies
    await calm.passes(minutes=2)
    await notify(calm, ana, "Steel day?")
    assert read_by(ana) == []

    def had(store: Store) -> list[tuple[datetime, ...]]:
        return [store.deliveries.had(person_of(store, one), MORNING) for one in (luc, ana)]

    assert [len(one) for one in await calm.storage.read(had)] == [1, 1]
    assert [one for one, _ in await fates(calm)] == ["sent", "unknown", "queued"]


# ---- what goes to many ----


async def test_an_announcement_may_be_read_in_a_digest(calm: World) -> None:
    vera = await coordinator(calm)
    luc, ana = await calm.member("Luc", "mecatech"), await calm.member("Ana", "pool-net")
    await written(vera, "**Call opens** Monday")
    await vera.taps("Send to 3")
    at = calm.clock.now() + timedelta(minutes=3)
    await in_house(
        calm, lambda ctx: ctx.notify(person_of(ctx.store, luc), "seats", "x", {"asks": "Heat day?"}, at)
    )
    await cooled(calm)
    tally = await calm.storage.read(lambda store: store.deliveries.tally("broadcast:1"))
    assert (tally.sent, tally.folded, tally.arrived, tally.total, tally.open) == (2, 1, 3, 3, 0)
    await vera.types("/announcement 1")
    assert vera.reads().lines[:2] == [
        "✓ Call opens Monday is out: 3 of 3 readers have it.",
        "1 reader got it in a digest.",
    ]
    assert (read_by(ana), len(read_by(luc))) == (["Call opens Monday"], 1)
    assert "Call opens" in luc.reads().text

    def mends(ctx: Context) -> int:
        acts = acting(ctx, vera)
        return fix(
            acts, found_broadcast(acts, 1, lock=True), "en", "**Call opens** Tuesday", "Not Monday."
        ).edited

    assert await in_house(calm, mends) == 2
    await calm.settled()
    edits = [one for one in await every(calm) if one.act == "edit"]
    assert {one.person_id for one in edits} == {1, 3}
    replies = [one for one in await every(calm) if one.act == "reply"]
    assert {(one.person_id, one.state) for one in replies} == {(n, "sent") for n in (1, 2, 3)}
    assert read_by(luc)[1:] == read_by(ana)[1:]
    assert "Not Monday." in luc.reads().text


# ---- two lanes ----


async def on_both(storage: Storage) -> tuple[Both, Any]:
    """Luc on Telegram, where he is told things, and on Slack; the limits are those of the charter."""
    both = Both(storage)
    both.charter = both.charter.model_copy(update={"attention_table": None})
    await both.__aenter__()
    luc = await both.member("Luc", "mecatech", on="telegram")
    there = both.stranger("Luc", on="slack")

    def link(store: Store) -> None:
        account = store.accounts.remember(there.account, both.clock.now())
        store.accounts.attach(account, person_of(store, luc))

    await storage.write(link)
    return both, there


async def test_one_person_is_told_on_one_platform_and_where_they_want_it(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    both, there = await on_both(storage)
    luc = next(iter(await in_house(both, lambda ctx: ctx.store.accounts.of_person(1))))
    at = both.clock.now() + timedelta(hours=1)

    def asks(ctx: Context) -> None:
        for kind in ("seats", "vote"):
            ctx.notify(1, kind, kind, {"asks": kind}, at)

    await in_house(both, asks)
    now = both.clock.now()
    await storage.write(lambda store: store.attention.choose(1, "votes", Chosen(platform="slack"), now))
    await storage.write(lambda store: store.attention.choose(1, "events", Chosen(pace="daily"), now))
    await both.passes(hours=1)
    assert luc.account.platform == "telegram"
    assert [one.words.split("\n")[0] for one in there.user.sees(there.user.direct)] == ["vote"]
    assert [one.platform for one in await every(both)] == ["telegram", "slack"]
    await both.__aexit__()
    storage.close_now()


async def test_what_one_lane_leaves_to_the_other_goes_at_once(sqlite_url: str) -> None:
    """Slack's lane has had its turn when that of Telegram finds what is to go there."""
    storage = Storage(sqlite_url)
    both, there = await on_both(storage)
    now, slack = both.clock.now(), Chosen(platform="slack")
    await in_house(both, lambda ctx: ctx.notify(1, "promised", "one", {"asks": "Heat day."}))
    await storage.write(lambda store: store.attention.choose(1, "events", slack, now))
    await both.settled()
    assert [one.platform for one in await every(both)] == ["slack"]

    def asks(ctx: Context) -> None:
        for words in ("Steel day?", "Pump day?"):
            ctx.notify(1, "vote", words, {"asks": words})

    await in_house(both, asks)
    await storage.write(lambda store: store.attention.choose(1, "alliance", slack, now))
    await both.settled()
    told = [one.words.split("\n")[0] for one in there.user.sees(there.user.direct)]
    assert (told[0], len(told)) == ("Heat day.", 2)
    assert [(one.platform, one.state) for one in await every(both)] == [
        ("slack", "sent"),
        *[("telegram", "folded")] * 2,
        ("slack", "sent"),
    ]
    await both.__aexit__()
    storage.close_now()


async def test_two_lanes_never_spend_the_same_room(postgres_url: str) -> None:
    storage = Storage(postgres_url)
    both, _ = await on_both(storage)
    stays = {"kind": "seats", "template": "", "person_id": 1, "not_before": MORNING}
    these = [
        Delivery.new(key=f"{name}>1", platform=name, account_id=n, values={"asks": name}, **stays)
        for n, name in enumerate(("telegram", "slack"), 1)
    ]
    await storage.write(lambda store: store.deliveries.queue(these[:1]))
    deciding, decided = threading.Event(), threading.Event()
    ways = {way.port.name: way for way in both.worker._ways}

    def slowly(store: Store) -> Any:
        found = sending._claim(ways["telegram"], (), None, store)
        deciding.set()
        assert decided.wait(10)
        return found

    first = asyncio.create_task(storage.write(slowly))
    await asyncio.to_thread(deciding.wait, 10)
    await storage.write(lambda store: store.deliveries.queue(these[1:]))
    assert await sending.claim(ways["slack"], ()) is None  # somebody decides about Luc at this moment
    decided.set()
    assert isinstance(await first, Ready)
    both.clock.pass_(seconds=2)
    assert await sending.claim(ways["slack"], ()) is None
    assert [(one.state, one.counted, one.says) for one in await every(both)] == [
        ("attempting", True, ""),
        ("queued", False, "day is full"),
    ]
    await both.__aexit__()
    storage.close_now()


async def test_however_two_lanes_meet_one_goes(database_url: str) -> None:
    storage = Storage(database_url)
    both, _ = await on_both(storage)
    stays = {"kind": "seats", "template": "", "person_id": 1, "not_before": MORNING}
    these = [
        Delivery.new(key=f"{name}:{turn}>1", platform=name, account_id=n, values={"asks": "?"}, **stays)
        for turn in range(4)
        for n, name in enumerate(("telegram", "slack"), 1)
    ]
    await storage.write(lambda store: store.deliveries.queue(these))
    for _ in range(4):
        await asyncio.gather(*(sending.claim(way, ()) for way in both.worker._ways))
        both.clock.pass_(seconds=2)
    found = await every(both)
    counted = [one for one in found if one.counted]
    assert [one.state for one in counted] == ["attempting"]
    said = {item for one in counted for item in one.values.get("items", (one.id,))}
    assert said | {one.id for one in found if one.state == "queued"} == set(range(1, 9))
    await both.__aexit__()
    storage.close_now()
