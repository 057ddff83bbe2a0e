"""Cards: posted once, edited as rarely as may be, always as things stand, posted again when deleted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.delivery import Worker
from bot.dispatch import Surroundings
from bot.seeding import charters_of
from storage.store import Storage
from tests.lanes_stage import (
    EDITS,
    INDICATORS,
    PACES,
    SENDS,
    Turned,
    calls,
    cards,
    deletes,
    fails,
    limits,
    said,
    server,
    with_card,
    world_on,
)
from tests.places_stage import adds_bot, group_of, known, moves, on_telegram, place_of, seen, stage
from tests.world import World

__all__ = ["stage"]  # a fixture

LOG = "/log workshop Mould recycling on 17 Nov with MecaTech"
OTHER = "/log workshop Steel day on 10 Nov with EMC2"
NOTHING_YET = [
    "The alliance in 2026",
    "Knowledge exchange: 0 of 2",
    "Joint proposals: 0 of 1",
    "SMEs reached: 0 of 20",
    "Policy voice: 0 of 1",
    "Tap one to see why it stands there.",
]


async def shown(world: World, *names: str) -> tuple[Any, ...]:
    """Marie, a group of hers with a card that stands, and more people in it."""
    marie = await world.member("Marie", "cimes")
    others = [await world.member(name, "mecatech") for name in names]
    hall = await with_card(world, marie, *others)
    await world.settled()
    return marie, hall, *others


def card(somebody: Any, group: Any) -> list[str]:
    """The lines of the one card in a group."""
    [text] = [one for one in seen(somebody, group) if one.startswith("The alliance")]
    return [line for line in text.splitlines() if line]


async def test_it_is_posted_once_somebody_chooses_it_and_once_only(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    hall = group_of(world, "Hall", marie)
    await adds_bot(world, hall, marie)
    await marie.taps("Indicators")
    for _ in range(3):
        await world.settled()

    assert card(marie, hall) == NOTHING_YET
    assert marie.reads().buttons == [
        "Knowledge exchange",
        "Joint proposals",
        "SMEs reached",
        "Policy voice",
        "As a picture",
    ]


async def test_it_says_what_was_logged_and_never_who_is_missing(world: World) -> None:
    marie, hall = await shown(world)
    await marie.types(LOG)
    await marie.types("/log webinar Pump care on 14 June")
    await world.settled()

    assert card(marie, hall) == [
        NOTHING_YET[0],
        "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged",
        "By CIMES (1).",
        *NOTHING_YET[2:],
    ]


async def test_nothing_is_edited_before_it_is_posted(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await with_card(stage, marie)
    fails(stage, SENDS, status=429, retry_after=40)
    await stage.settled()
    await marie.types(LOG)
    await stage.settled()
    assert (calls(stage, EDITS), seen(marie, hall)) == (0, [])

    await stage.passes(seconds=41)

    assert "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged" in card(marie, hall)
    assert calls(stage, EDITS) == 0


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_ten_logs_in_a_row_are_one_edit(platform: str, sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with world_on(platform, storage, Turned()) as world:
        limits(world, False)  # here one person logs faster than anybody can be answered
        marie, hall = await shown(world)
        world.clock.pass_(seconds=PACES[platform].group + 0.5)
        for number in range(1, 11):
            await marie.types(f"/log training Heat on {number * 2} May smes Firm {number}")
            await world.worker.settle()
        assert (calls(world, EDITS), card(marie, hall)) == (0, NOTHING_YET)

        await world.passes(minutes=1)

        assert "SMEs reached: 10 of 20 · 0 confirmed, 10 logged" in card(marie, hall)
        assert calls(world, EDITS) == 1
    storage.close_now()


async def test_what_nobody_would_see_is_no_edit(stage: World) -> None:
    marie, hall = await shown(stage)
    await marie.types(LOG)
    await stage.settled()
    edits, before = calls(stage, EDITS), card(marie, hall)

    assert (await marie.types("/edit 1 title Mould recycling in practice")).first.startswith("✓ Changed")
    await stage.settled()

    assert (calls(stage, EDITS), card(marie, hall)) == (edits, before)
    assert [(row.wanted, row.attempts) for row in await cards(stage)] == [(3, 0)]


async def test_where_somebody_deleted_it_it_is_posted_again(world: World) -> None:
    marie, hall = await shown(world)
    deletes(world, marie, hall)
    await marie.types(LOG)
    await world.settled()
    assert "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged" in card(marie, hall)

    await marie.types(OTHER)
    await world.settled()
    assert "Knowledge exchange: 2 of 2 ✓ · 0 confirmed, 2 logged" in card(marie, hall)


async def test_its_buttons_are_good_after_edits_and_answered_privately(stage: World) -> None:
    marie, hall, luc = await shown(stage, "Luc")
    await marie.types(LOG)
    await stage.settled()
    before = len(seen(marie, hall))

    heard = await luc.taps("Knowledge exchange")

    assert heard.lines == [
        "Knowledge exchange: 1 of 2 for 2026 (Art. 2(1))",
        "1 · Mould recycling · Tue 17 Nov · CIMES and MecaTech · counts 1, logged, not confirmed",
    ]
    assert len(seen(marie, hall)) == before


async def test_its_buttons_are_good_after_months_in_which_nothing_changed(stage: World) -> None:
    _, hall, luc = await shown(stage, "Luc")
    stage.clock.pass_(days=34)
    for _ in range(3):
        await stage.passes(days=1)

    heard = await luc.taps("Knowledge exchange")

    assert heard.first == "Knowledge exchange: 0 of 2 for 2026 (Art. 2(1))"
    assert card(luc, hall) == NOTHING_YET


async def test_it_goes_along_with_its_group(stage: World) -> None:
    marie, hall = await shown(stage)
    before = len(said(stage))
    new = await moves(stage, hall, marie)
    await marie.types(LOG)
    await stage.settled()

    assert "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged" in seen(marie, new)[-1].splitlines()
    assert [row.place.channel for row in await cards(stage)] == [new.id]
    if stage.platform == "telegram":
        assert len(said(stage)) == before + 2  # the card, and what Marie was answered


@on_telegram
async def test_a_group_that_moved_unheard_gets_it_where_it_is_now(stage: World) -> None:
    marie, hall = await shown(stage)
    grown = stage.telegram.group("Hall", [marie.user], bot=False)
    grown.chat.bot, hall.chat.migrated_to = "member", grown.chat.id
    await marie.types(LOG)
    await stage.settled()

    assert "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged" in card(marie, grown)
    assert [there.place.channel for there in await known(stage)] == [grown.id]


async def test_where_it_is_taken_away_while_it_is_posted_nothing_stays(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await with_card(stage, marie)
    place = place_of(stage, hall)

    def stops(moment: str, method: str, _: dict[str, Any]) -> bool:
        if (moment, method) == ("asked", SENDS[stage.platform]):
            stage.storage.write_now(lambda store: store.cards.stop(INDICATORS, place))
        return False

    server(stage).witness = stops
    await stage.settled()

    assert seen(marie, hall) == []
    assert await cards(stage) == ()


async def test_a_change_while_it_is_sent_is_shown_too(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await with_card(stage, marie)
    fails(stage, SENDS, **({"delay": 0.1} if stage.platform == "slack" else {"status": 200, "slow": 0.1}))
    sending = asyncio.create_task(stage.worker.settle())
    while not [row for row in await cards(stage) if row.attempts]:
        await asyncio.sleep(0)
    await marie.types(LOG)
    await sending
    await stage.settled()

    assert "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged" in card(marie, hall)


async def test_what_was_planned_for_yesterday_counts_as_the_day_begins(stage: World) -> None:
    marie, hall = await shown(stage)
    await marie.types("/log workshop Mould recycling on 26 Nov 2026 with MecaTech")
    await stage.settled()
    assert card(marie, hall)[1] == "Knowledge exchange: 0 of 2 · 1 planned"
    await stage.passes(hours=36)
    assert card(marie, hall)[1] == "Knowledge exchange: 0 of 2 · 1 planned"

    await stage.passes(hours=1, minutes=36)  # five past midnight in Brussels

    assert card(marie, hall)[1] == "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged"


async def test_two_lanes_at_once_post_each_card_once(postgres_url: str) -> None:
    storage, other = Storage(postgres_url), Storage(postgres_url)
    async with World("telegram", storage) as world:
        marie = await world.member("Marie", "cimes")
        rooms = [await with_card(world, marie) for _ in range(20)]
        around = Surroundings(charters_of(other), world.worker._around.templates, world.clock)
        assert world.port is not None
        second = Worker(other, world.dispatch, {"telegram": world.port}, around)
        await asyncio.gather(world.worker.settle(), second.settle())
        assert [len(seen(marie, room)) for room in rooms] == [1] * 20

        await marie.types(LOG)
        await asyncio.gather(second.settle(), world.worker.settle())
        for room in rooms:
            assert "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged" in card(marie, room)
    other.close_now()
    storage.close_now()
