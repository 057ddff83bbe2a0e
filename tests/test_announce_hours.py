"""When it goes: working hours, Monday, why it can't wait, a dry run, a sample (section 4, 9.4)."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage.store import Storage, Store
from tests.announce_stage import (
    announcing_hall,
    broadcast,
    cooled,
    coordinator,
    heard_with,
    lines_in,
    written,
)
from tests.world import World

FRIDAY_EVENING = datetime(2026, 11, 27, 17, 40, tzinfo=UTC)  # 18:40 in Brussels
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 09:00 in Brussels


@pytest.fixture
async def telegram_world(sqlite_url: str) -> AsyncIterator[World]:
    """Where a message can come without a sound."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def test_on_friday_evening_monday_is_offered(world: World) -> None:
    world.clock.at = FRIDAY_EVENING
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    heard = await written(vera, "Have a look")
    assert "It's Fri 27 Nov, 18:40; both people are off. They are back on Mon 30 Nov." in heard.lines
    assert heard.buttons[:2] == ["Send Mon 09:00", "Send now to 3"]

    heard = await vera.taps("Send Mon 09:00")
    assert heard.first == "✓ Have a look goes out Mon 30 Nov, 09:00. Until then you can stop it."
    assert (await broadcast(world)).send_at == MONDAY
    await world.passes(days=2, hours=14)
    assert lines_in(marie, hall) == []
    await world.passes(minutes=30)
    assert lines_in(marie, hall) == [["Have a look", "From Vera, Green Manufacturing"]]


async def test_now_takes_a_reason_which_stands_in_the_report(world: World) -> None:
    world.clock.at = FRIDAY_EVENING
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "The venue changed")
    heard = await vera.taps("Send now to 2")
    assert heard.lines == [
        "It's Fri 27 Nov, 18:40; both people are off. They are back on Mon 30 Nov.",
        "Why can't it wait? Your words stand in the report.",
    ]
    heard = await vera.says("It is tomorrow morning")
    assert heard.first == "✓ The venue changed: on its way in 3 minutes."
    await cooled(world)
    assert heard_with(vera, "is out").lines == [
        "✓ The venue changed is out: 2 of 2 readers have it.",
        "Sent by Vera.",
        "Why it couldn't wait: It is tomorrow morning",
    ]


async def test_what_was_to_go_on_monday_is_stopped_on_sunday(world: World) -> None:
    world.clock.at = FRIDAY_EVENING
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Never mind")
    await vera.taps("Send Mon 09:00")
    await world.passes(days=1)
    heard = await vera.taps("Stop")
    assert heard.first == "Stopped: Never mind. Nobody got it."
    await world.passes(days=3)
    assert lines_in(marie, hall) == []


async def test_a_tap_on_a_preview_of_last_week_is_looked_at_again(world: World) -> None:
    world.clock.at = FRIDAY_EVENING
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "Old")
    await world.passes(days=3, hours=16)
    heard = await vera.taps("Send Mon 09:00")
    assert heard.first == "Something changed since you saw it. This is what people will see now:"
    assert heard.buttons[0] == "Send to 2"


async def test_a_dry_run_tells_who_reads_it_when(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    await world.member("=1+1", "pool-net")
    await announcing_hall(marie)
    await written(vera, "Later")
    await vera.taps("More")
    heard = await vera.taps("Dry run")
    platform = world.platform.capitalize()
    assert heard.lines == [
        "A dry run of Later, as if it went Tue 24 Nov, 10:33. Nothing is sent.",
        f"{platform}: 1 chat, 3 people.",
        "2 people at 10:33 (Paris, Brussels)." if "Paris, B" in heard.text else
        "2 people at 10:33 (Brussels, Paris).",
        "1 person at 09:33 (Lisbon).",
        "Nobody is here yet from Clust-ER MECH, EMC2, EVOLUMA and 2 more.",
        "Sending takes about a minute, at most.",
        "The file lists everybody.",
    ]  # fmt: skip
    rows = list(csv.reader(io.StringIO(vera.file("announcement-1-dry-run.csv").text)))
    assert rows[0] == ["Reader", "Organisation", "Platform", "Local time", "Why not"]
    assert ["'=1+1", "Pool-Net", world.platform, "2026-11-24 09:33", ""] in rows
    assert ["Partners", "", world.platform, "2026-11-24 10:33", ""] in rows
    assert ["EMC2", "", "", "", "nobody is here yet"] in rows


async def test_a_sample_goes_to_its_author_alone(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "> As others see it")
    await vera.taps("More")
    heard = await vera.taps("See it for real")
    assert heard.first == f"As others see it is on its way to you alone: {world.platform.capitalize()}."
    await world.settled()
    assert heard_with(vera, "asked to see it").lines[1:] == [
        "From Vera, Green Manufacturing",
        "You get this because you asked to see it.",
    ]
    assert lines_in(marie, hall) == []


@pytest.mark.parametrize("why", ["", "The room is another one"])
async def test_who_is_off_gets_it_without_a_sound_unless_it_cannot_wait(
    telegram_world: World, why: str
) -> None:
    world = telegram_world
    world.clock.at = datetime(2026, 11, 24, 20 if why else 17, 40, tzinfo=UTC)
    vera = await coordinator(world)  # in Brussels, where it is 18:40
    joao, _ = await world.member("João", "pool-net"), await world.member("Ana", "pool-net")
    await written(vera, "A word")
    if why:
        await vera.taps("Send now to 3")
        await vera.says(why)
    else:
        await vera.taps("Send to 3")
    await cooled(world)
    assert heard_with(vera, "take part in the alliance").raw.silent is not bool(why)
    assert heard_with(joao, "take part in the alliance").raw.silent is False


async def test_a_long_text_with_a_table_is_measured(world: World) -> None:
    vera = await coordinator(world)
    await world.member("Marie", "cimes")
    await written(vera, "Start")
    table = "Programme\n\n| When | Where |\n|---|---|\n| Monday | Lyon |"
    await vera.taps("Edit text")
    await vera.gives(text=table)
    lines = vera.reads().lines
    assert "On a narrow screen its table becomes a list." in lines
    assert not any(line.endswith(" messages.") for line in lines)

    def grow(store: Store) -> None:  # longer than what one typed message takes
        draft = store.broadcasts.get(1, lock=True)
        assert draft is not None
        store.broadcasts.write(replace(draft, texts={"en": "Many words. " * 700}))

    await world.storage.write(grow)
    heard = await vera.types("/announcement 1")
    found = [line for line in heard.lines if line.endswith(" messages.")]
    assert found == (["Telegram: 3 messages."] if world.platform == "telegram" else [])
