"""A broadcast to a thousand places, killed again and again: each has it once, or is listed as unclear."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import Storage
from tests.kill.broadcast import UNDER_WAY, Broadcast
from tests.kill.world import Doom, MortalWorld

pytestmark = pytest.mark.kill

PLACES, ROUNDS = 1000, 3
STEPS = ("claiming", "claimed", "sending", "noting", "any")
SEEN = ("asked", "done")  # what the platform sees of a message
SLOW = (0.0, 0.02, 0.05)  # seconds that a message takes: so many are under way


@pytest.fixture
async def world(storage: Storage, database_url: str, tmp_path: Path) -> AsyncIterator[MortalWorld]:
    """A world on Telegram, over either database."""
    world = MortalWorld("polling", storage, database_url, tmp_path)
    async with world:
        yield world


@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_a_broadcast_killed_at_random_points(world: MortalWorld, round_: int) -> None:
    seed = int(os.environ.get("KILL_SEED") or time.time_ns() % 1_000_000) + round_
    print(f"KILL_SEED={seed - round_}")
    chance = random.Random(seed)
    broadcast, kills = Broadcast(world, PLACES), chance.randint(2, 4)
    world.telegram.delay("sendMessage", chance.choice(SLOW))
    await broadcast.begins()

    for left in range(kills, 0, -1):
        nobody_knows = UNDER_WAY * (kills + 1)
        await _dies(
            broadcast, chance, chance.randint(1, (PLACES - broadcast.arrived() - nobody_knows) // left)
        )
        assert broadcast.arrived() < PLACES, "the kill came after the broadcast"
        await world.start_bot()
    await world.quiet()

    assert await broadcast.nothing_is_lost_or_doubled() <= world.deaths * UNDER_WAY


async def test_a_broadcast_killed_at_each_step(world: MortalWorld) -> None:
    broadcast = Broadcast(world, PLACES // 5)
    await broadcast.begins()

    steps: list[str | Doom] = [*STEPS, *map(Doom, SEEN)]
    for step in steps:
        world.let_die(step)
        await world.died()
        await world.start_bot()
    await world.quiet()

    assert 0 < await broadcast.nothing_is_lost_or_doubled() <= world.deaths * UNDER_WAY


async def _dies(broadcast: Broadcast, chance: random.Random, times: int) -> None:
    """The bot dies at a random step about `times` messages further on, or in any moment after so many."""
    world, way = broadcast.world, chance.random()
    if way < 0.5:
        world.let_die(chance.choice(STEPS), times)
    elif way < 0.8:
        world.let_die(Doom(chance.choice(SEEN), times=times))
    else:
        goal = broadcast.arrived() + times
        while broadcast.arrived() < goal:
            await asyncio.sleep(0)
        await asyncio.sleep(chance.uniform(0, 0.01))
        world.kill()
    await world.died()
