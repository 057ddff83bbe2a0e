"""Limits: a pause is kept by what it names and by nothing else, no limit is passed, chaos ends well."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from storage.store import Storage
from tests.lanes_stage import (
    EDITS,
    SENDS,
    Hurried,
    Turned,
    at_work,
    cards,
    fails,
    halls,
    queue,
    said,
    server,
    states,
    to_person,
    to_place,
    turned_away,
    until,
    with_card,
    world_on,
)
from tests.places_stage import on_slack, on_telegram, seen, stage
from tests.world import World

__all__ = ["stage"]  # a fixture

both = pytest.mark.parametrize("platform", ["slack", "telegram"])
LOG = "log workshop Mould recycling on 17 Nov with MecaTech"


# ---- pauses ----


async def test_a_chat_that_rests_holds_up_no_other(stage: World) -> None:
    [hall, other] = await halls(stage, "Hall", "Other")
    luc = await stage.member("Luc", "mecatech")
    fails(stage, SENDS, status=429, retry_after=40)
    await queue(
        stage,
        to_place(stage, hall, "One?"),
        to_place(stage, hall, "Two?"),
        to_place(stage, other, "Elsewhere?"),
        await to_person(stage, luc, "For you?"),
    )
    await stage.settled()
    assert sorted(said(stage)) == ["Elsewhere?", "For you?"]

    stage.clock.pass_(seconds=39)
    await stage.settled()
    assert len(said(stage)) == 2
    stage.clock.pass_(seconds=1)
    await stage.settled()
    assert said(stage)[2:] == ["One?", "Two?"]


@on_telegram
async def test_a_pause_of_everything_holds_up_messages_and_no_answer(stage: World) -> None:
    luc, marie = await stage.member("Luc", "mecatech"), await stage.member("Marie", "cimes")
    fails(stage, SENDS, status=429, retry_after=40)
    await queue(stage, await to_person(stage, luc, "One?"))
    await stage.settled()
    await queue(stage, await to_person(stage, marie, "Two?"))
    await stage.settled()
    assert said(stage) == []

    assert (await marie.types("/indicators")).first == "The alliance in 2026"
    stage.clock.pass_(seconds=39)
    await stage.settled()
    assert said(stage) == ["The alliance in 2026"]
    stage.clock.pass_(seconds=1)
    await stage.settled()
    assert said(stage)[1:] == ["One?", "Two?"]


@on_slack
async def test_a_pause_of_edits_holds_up_cards_and_no_message(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await with_card(stage, marie)
    await stage.settled()
    fails(stage, EDITS, status=429, retry_after=40)
    await marie.types(f"/{LOG}")
    await stage.settled()
    await queue(stage, to_place(stage, hall, "One?"))
    await stage.settled()
    assert [one.split("\n")[0] for one in seen(marie, hall)] == ["The alliance in 2026", "One?"]
    assert "Knowledge exchange: 0 of 2" in seen(marie, hall)[0]

    await stage.passes(seconds=39)
    assert "Knowledge exchange: 0 of 2" in seen(marie, hall)[0]
    await stage.passes(seconds=1)
    assert "Knowledge exchange: 1 of 2" in seen(marie, hall)[0]


# ---- the pace, in earnest ----


@pytest.mark.kill
@both
async def test_a_hundred_messages_and_answers_meanwhile_are_never_too_much(
    platform: str, sqlite_url: str
) -> None:
    storage = Storage(sqlite_url)
    async with world_on(platform, storage, Hurried()) as world, at_work(world):
        people = [await world.member(f"P{n}", "cimes") for n in range(20)]
        rooms = [world.group(f"Hall {n}", people[0]) for n in range(100)]
        await queue(world, *(to_place(world, room, f"News {n}?") for n, room in enumerate(rooms)))
        world.worker.wake()
        asked = []
        for somebody in people:
            asked.append(asyncio.create_task(somebody.says("indicators")))
            await asyncio.sleep(0.01)
        await asyncio.gather(*asked)
        await until(lambda: len(said(world)) == 120)
        news = [one for one in said(world) if one.startswith("News")]
        assert (len(news), said(world).count("The alliance in 2026")) == (100, 20)
        assert said(world).index("The alliance in 2026") < said(world).index(news[60])
        assert turned_away(world) == 0
    storage.close_now()


@pytest.mark.kill
@both
async def test_a_groups_budget_is_shared_by_answers_the_card_and_messages(
    platform: str, sqlite_url: str
) -> None:
    storage = Storage(sqlite_url)
    async with world_on(platform, storage, Turned()) as world:
        marie = await world.member("Marie", "cimes")
        hall = await with_card(world, marie)
        await queue(world, *(to_place(world, hall, f"News {n}?") for n in range(12)))
        for number in range(1, 25):
            day = date(2026, 5, 1) + timedelta(weeks=number)
            line = f"log training Heat {number} on {day:%d %b} smes Firm {number}"
            await marie.says(line, hall, mention=True)
            await world.passes(seconds=2)
        await world.passes(minutes=5)

        assert [one for one in said(world) if one.startswith("News")] == [f"News {n}?" for n in range(12)]
        card = next(one for one in seen(marie, hall) if one.startswith("The alliance"))
        assert "SMEs reached: 24 of 20" in card
        assert len(await world.logged()) == 24
        assert turned_away(world) == 0
    storage.close_now()


@pytest.mark.kill
@both
async def test_sixty_cards_are_brought_up_to_date_one_after_another(platform: str, sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with world_on(platform, storage, Turned()) as world:
        marie = await world.member("Marie", "cimes")
        rooms = [await with_card(world, marie) for _ in range(60)]
        await world.settled()
        await marie.types(f"/{LOG}")
        await world.passes(minutes=3)
        for room in rooms:
            [card] = seen(marie, room)
            assert "Knowledge exchange: 1 of 2" in card
        assert turned_away(world) == 0
    storage.close_now()


# ---- chaos ----


@both
@pytest.mark.parametrize("seed", range(6))
async def test_whatever_goes_wrong_nothing_is_said_twice_and_all_that_is_sure_arrives(
    platform: str, seed: int, sqlite_url: str
) -> None:
    storage = Storage(sqlite_url)
    async with World(platform, storage) as world:
        marie = await world.member("Marie", "cimes")
        hall = await with_card(world, marie)
        rooms = await halls(world, "A", "B", "C", "D", "E", "F")
        people = [await world.member(f"P{n}", "emc2") for n in range(6)]
        messages = [to_place(world, room, f"{room.id} {n}?") for n in range(3) for room in rooms]
        messages += [await to_person(world, one, f"{one.name} {n}?") for n in range(3) for one in people]
        await queue(world, *messages)
        server(world).chaos(seed=seed, rate=0.4)
        await marie.types(f"/{LOG}")
        while "queued" in (await states(world)).values():
            await world.passes(seconds=30)
        server(world).chaos(seed=0, rate=0)
        await world.passes(minutes=15)

        every, said_now = await states(world), said(world)
        mine = {one.key: every[one.key] for one in messages}
        assert set(mine.values()) == {"sent", "unknown"}
        for words, state in mine.items():
            assert said_now.count(words) == 1 if state == "sent" else said_now.count(words) <= 1, words
        for chat in (*(room.id for room in rooms), *(one.name for one in people)):
            there = [words for words in said_now if words.startswith(f"{chat} ")]
            assert there == sorted(there)
        newest = [one for one in seen(marie, hall) if one.startswith("The alliance")][-1]
        assert "Knowledge exchange: 1 of 2" in newest
        assert [(row.wanted - row.shown, row.attempts) for row in await cards(world)] == [(0, 0)]
    storage.close_now()


@pytest.mark.kill
async def test_people_never_written_to_hold_up_no_group(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with world_on("slack", storage, Turned()) as world:
        people = [await world.member(f"P{n}", "cimes") for n in range(60)]
        hall = world.group("Hall", people[0])
        await queue(world, *[await to_person(world, one, f"{n}?") for n, one in enumerate(people)])
        await world.settled()
        await queue(world, to_place(world, hall, "Change?", priority=1))
        await world.settled()
        assert "Change?" in said(world)
        await world.passes(minutes=3)
        assert len(said(world)) == 61  # each in its turn
        assert turned_away(world) == 0
    storage.close_now()
