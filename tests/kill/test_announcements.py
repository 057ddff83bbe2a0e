"""An announcement to three hundred chats and people, an edition, a fix and a withdrawal, killed again and
again: each reader has it once or is listed as unclear, and what stands says what was said last."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from storage.store import Storage
from tests.kill.announcing import (
    NEW,
    NEWS_TITLE,
    NOTE,
    OLD,
    SEEN,
    STEPS,
    UNDER_WAY,
    Audience,
    dies,
    dies_by_chance,
)
from tests.kill.world import Doom, Door, MortalWorld

pytestmark = pytest.mark.kill

MANY, FEW = (200, 100), (14, 8)
ROUNDS = int(os.environ.get("KILL_ROUNDS") or 1)  # of each loop at random points
SLOW = (0.0, 0.02, 0.05)  # seconds that a message takes
ALL_STEPS: tuple[str | Doom, ...] = (*STEPS, *map(Doom, SEEN))


@pytest.fixture(params=["polling"])
async def audience(
    request: pytest.FixtureRequest, storage: Storage, database_url: str, tmp_path: Path
) -> AsyncIterator[Audience]:
    """Everybody, over either database."""
    world = MortalWorld(cast(Door, request.param), storage, database_url, tmp_path)
    async with world:
        halls, people = (
            MANY if request.node.get_closest_marker("many") or "random" in request.node.name else FEW
        )
        yield await Audience(world, halls, people).here()


def _chance(round_: int) -> random.Random:
    seed = int(os.environ.get("KILL_SEED") or time.time_ns() % 1_000_000) + round_
    print(f"KILL_SEED={seed - round_}")
    return random.Random(seed)


both_platforms = pytest.mark.parametrize("audience", ["polling", "words by socket"], indirect=True)


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_an_announcement_at_random_points(audience: Audience, round_: int) -> None:
    chance, world = _chance(round_), audience.world
    world.telegram.delay("sendMessage", chance.choice(SLOW))
    await audience.announces()
    for _ in range(chance.randint(2, 4)):
        await dies_by_chance(world, chance, 60)
    await world.quiet()
    assert await audience.is_once("broadcast:1", OLD) <= world.deaths * UNDER_WAY


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_a_fix_in_the_middle_at_random_points(audience: Audience, round_: int) -> None:
    chance, world = _chance(round_), audience.world
    world.telegram.delay("sendMessage", chance.choice(SLOW))
    await audience.announces()
    while audience.arrived() < 100:
        await asyncio.sleep(0.01)
    await audience.fixes(NOTE)
    for _ in range(chance.randint(2, 5)):
        await dies_by_chance(world, chance, 60)
    await world.quiet()

    assert await audience.is_once("broadcast:1", NEW, OLD) <= world.deaths * UNDER_WAY
    await _corrected_once(audience)


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_taken_back_in_the_middle_at_random_points(audience: Audience, round_: int) -> None:
    chance, world = _chance(round_), audience.world
    world.telegram.delay("sendMessage", chance.choice(SLOW))
    await audience.announces()
    while audience.arrived() < 100:
        await asyncio.sleep(0.01)
    await audience.takes_back()
    for _ in range(chance.randint(2, 4)):
        await dies_by_chance(world, chance, 40)
    await world.quiet()
    await _is_away(audience)


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_an_edition_at_random_points(audience: Audience, round_: int) -> None:
    chance, world = _chance(round_), audience.world
    world.telegram.delay("sendMessage", chance.choice(SLOW))
    await audience.sends_edition()
    for _ in range(chance.randint(2, 4)):
        await dies_by_chance(world, chance, 60)
    await world.quiet()
    assert await audience.is_once(f"edition:{audience.edition}", NEWS_TITLE) <= world.deaths * UNDER_WAY


async def test_a_stop_before_a_random_kill_holds(audience: Audience) -> None:
    chance, world = _chance(0), audience.world
    world.telegram.delay("sendMessage", 0.05)
    await audience.announces()
    while audience.arrived() < 60:
        await asyncio.sleep(0.01)
    stopped = await audience.stops()
    assert stopped > 0
    if chance.random() < 0.7:
        world.kill()
        await world.died()
        await world.start_bot()
    await world.quiet()
    await audience.is_once("broadcast:1", OLD)
    counts = await audience.tally("broadcast:1")
    assert counts.skipped >= stopped
    assert counts.sent + counts.unknown <= 301 - stopped


@both_platforms
async def test_an_announcement_at_each_step(audience: Audience) -> None:
    await audience.announces()
    await _each_step(audience)
    assert await audience.is_once("broadcast:1", OLD) <= audience.world.deaths * UNDER_WAY


@both_platforms
async def test_a_fix_at_each_step(audience: Audience) -> None:
    await audience.announces()
    await audience.world.quiet()
    await audience.fixes(NOTE)
    await _each_step(audience)
    assert await audience.is_once("broadcast:1", NEW, OLD) == 0
    await _corrected_once(audience)


@both_platforms
async def test_taken_back_at_each_step(audience: Audience) -> None:
    await audience.announces()
    await audience.world.quiet()
    await audience.fixes(NOTE)
    await audience.world.quiet()
    await audience.takes_back()
    await _each_step(audience)
    await _is_away(audience)


@both_platforms
async def test_an_edition_and_its_correction_at_each_step(audience: Audience) -> None:
    await audience.sends_edition()
    await _each_step(audience)
    assert (
        await audience.is_once(f"edition:{audience.edition}", NEWS_TITLE + "\n")
        <= audience.world.deaths * UNDER_WAY
    )
    await audience.corrects_edition()
    await _each_step(audience)
    for reader, texts in audience.copies().items():
        assert sum(NOTE in text for text in texts) <= 1, reader


async def _each_step(audience: Audience) -> None:
    world = audience.world
    for step in ALL_STEPS:
        await dies(world, Doom(step.moment) if isinstance(step, Doom) else step)
    await world.quiet()


async def _corrected_once(audience: Audience) -> None:
    """Whoever is known to have it reads the correction once, or nobody can tell."""
    fates, copies = await audience.fates("broadcast:1:correction:2"), audience.copies()
    for reader, state in fates.items():
        seen = sum(NOTE in text for text in copies[reader])
        assert seen == 1 if state == "sent" else seen <= 1, f"{reader}: {state}, {seen}"
        assert state in ("sent", "unknown", "skipped"), f"{reader}: {state}"
        assert state != "skipped" or not seen


async def _is_away(audience: Audience) -> None:
    """Nothing of it stands anywhere but where nobody could tell whether it ever did."""
    fates, copies = await audience.fates("broadcast:1"), audience.copies()
    corrections = await audience.fates("broadcast:1:correction:2")
    for reader, state in fates.items():
        left = [text for text in copies[reader] if OLD in text or NEW in text or NOTE in text]
        unclear = "unknown" in (state, corrections.get(reader))
        assert not left or unclear, f"{reader} ({state}) still has {left}"
        assert state in ("sent", "skipped", "unknown")
    print(audience.world.deaths, "deaths", await audience.tally("broadcast:1:back"))
