"""Acknowledged means recorded: the bot is killed between any two steps, and nothing is lost or doubled."""

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
from tests.kill.stage import Stage
from tests.kill.world import Doom, Door, MortalWorld

pytestmark = pytest.mark.kill

DOORS: tuple[Door, ...] = ("polling", "webhook", "words by socket", "commands by socket", "commands by http")
RANDOM_KILLS, MOST_LINES = 6, 50
HOOKS = 25  # about as many steps as three lines take


@pytest.fixture(params=DOORS)
async def stage(
    request: pytest.FixtureRequest, storage: Storage, database_url: str, tmp_path: Path
) -> AsyncIterator[Stage]:
    """A world with Marie and Luc in it, once for each door and each database."""
    world = MortalWorld(cast(Door, request.param), storage, database_url, tmp_path)
    async with world:
        marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
        yield Stage(world, marie, luc)


async def test_killed_at_each_step_of_a_line(stage: Stage) -> None:
    world, marie, luc = stage.world, stage.chat(stage.marie), stage.chat(stage.luc)
    steps = [*_taken(), *([] if stage.answers_ride_on_acks else _answered(marie))]

    for step in [*steps, "claimed", Doom("asked", luc), Doom("done", luc)]:
        await world.listening()
        world.let_die(step)
        typing = asyncio.create_task(stage.logs())
        await world.died()
        await typing
        await world.start_bot()
        await world.quiet()

    await stage.nothing_is_lost_or_doubled()


@pytest.mark.parametrize("stage", ["polling", "words by socket", "commands by http"], indirect=True)
async def test_killed_at_each_step_of_a_tap(stage: Stage) -> None:
    world = stage.world
    ways = [(stage.marie, "Undo", "withdrawn"), (stage.luc, "We did", "confirmed")]
    steps = [*_taken(), *_answered("")]
    for _ in steps:
        await stage.logs()
    await world.quiet()

    for number, (step, line) in enumerate(zip(steps, stage.lines, strict=True)):
        somebody, label, state = ways[number % 2]
        await world.listening()
        world.let_die(step)
        tapping = asyncio.create_task(stage.taps(somebody, line, label))
        await world.died()
        acknowledged = await tapping
        await world.start_bot()
        await world.quiet()
        if not acknowledged and not await stage.changes(line):
            await stage.taps(somebody, line, label)
            await world.quiet()

        assert await stage.changes(line) == [state], f"killed at {step}"
        assert stage.seen(somebody, (line.undone, line.confirmed)[number % 2]), f"killed at {step}"
    assert not stage.strange()


async def test_killed_at_random_points_while_lines_come(stage: Stage) -> None:
    world, seed = stage.world, int(os.environ.get("KILL_SEED") or time.time_ns() % 1_000_000)
    print(f"KILL_SEED={seed}")
    chance = random.Random(seed)
    typing = asyncio.create_task(_type_until_all_kills_are_done(stage))

    while world.deaths < RANDOM_KILLS:
        until = _ordered_by_chance(world, chance)
        while world.alive():
            if time.monotonic() > until:
                world.kill()
            await asyncio.sleep(0.005)
        await world.died()
        await world.start_bot()
    await typing
    await world.quiet()

    await stage.nothing_is_lost_or_doubled()


async def _type_until_all_kills_are_done(stage: Stage) -> None:
    while stage.world.deaths < RANDOM_KILLS and len(stage.lines) < MOST_LINES:
        await stage.logs()
        await asyncio.sleep(0.08)


def _ordered_by_chance(world: MortalWorld, chance: random.Random) -> float:
    """Order a death at a random step; returns the moment (monotonic) of a death at no step in particular,
    which comes if that step does not."""
    way = chance.random()
    if way < 0.6:
        world.let_die("any", chance.randint(1, HOOKS))
    elif way < 0.85:
        world.let_die(Doom(chance.choice(("acked", "asked", "done")), times=chance.randint(1, 5)))
    else:
        return time.monotonic() + chance.uniform(0.2, 0.8)
    return time.monotonic() + 1.0


def _taken() -> list[str | Doom]:
    return ["received", "committing", "committed", "acking", Doom("acked")]


def _answered(chat: str) -> list[str | Doom]:
    return ["sending", Doom("asked", chat), Doom("done", chat)]
