"""Two processes over one database: the one that leads is killed, ended or frozen, and the other goes on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from storage.store import Storage
from tests.kill.broadcast import UNDER_WAY, Broadcast
from tests.kill.pair import Pair
from tests.kill.process import BotProcess
from tests.kill.stage import Stage

pytestmark = pytest.mark.kill

PLACES = 300
LONG = 3600.0  # seconds: nobody waits for that
WAYS = {
    "one machine": (("here", "here"), LONG),  # a dead process is seen to be dead
    "two machines": (("here", "there"), 3.0),  # it is only not heard of; a busy machine may starve one
    "leaving": (("here", "there"), LONG),  # it says that it goes
}


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Two processes need PostgreSQL."""
    return postgres_url


@pytest.fixture(params=["one machine", "two machines"])
async def stage(
    request: pytest.FixtureRequest, storage: Storage, database_url: str, tmp_path: Path
) -> AsyncIterator[Stage]:
    """A world with two processes, Marie and Luc in it. One way alone leads from one leader to the next."""
    machines, silent = WAYS[request.param]
    pair = Pair(machines, silent, storage, database_url, tmp_path)
    async with pair:
        marie, luc = await pair.member("Marie", "cimes"), await pair.member("Luc", "mecatech")
        yield Stage(pair, marie, luc)


async def test_the_other_takes_over_when_the_leader_is_killed(stage: Stage) -> None:
    pair = _pair(stage)
    old, broadcasts = pair.both[0], []
    async with Talk(stage):
        for number in range(2):  # and back again
            broadcasts.append(await _in_the_middle(pair, f"broadcast {number}"))
            _does_nothing(pair.beside(old))
            new = await pair.hands_over(old, partial(_killed, old))
            pair.deaths += 1
            await pair.a_minute_is_said()
            old.forget_steps()
            old.start()
            await pair.serves(old)
            old = new
    await pair.quiet()

    await stage.nothing_is_lost_or_doubled()
    for broadcast in broadcasts:
        assert await broadcast.nothing_is_lost_or_doubled() <= UNDER_WAY
    await pair.each_minute_came_once()
    pair.nobody_fought()


@pytest.mark.parametrize("stage", ["leaving"], indirect=True)
async def test_the_other_takes_over_at_once_when_the_leader_is_told_to_end(stage: Stage) -> None:
    pair = _pair(stage)
    old = pair.both[0]
    async with Talk(stage):
        broadcast = await _in_the_middle(pair)
        await pair.hands_over(old, partial(_ended, old))
        await pair.a_minute_is_said()
    await pair.quiet()

    await stage.nothing_is_lost_or_doubled()
    assert [stage.seen(stage.marie, line.answer) for line in stage.lines] == [1] * len(stage.lines)
    assert await broadcast.nothing_is_lost_or_doubled() == 0
    await pair.each_minute_came_once()
    pair.nobody_fought()


@pytest.mark.parametrize("stage", ["two machines"], indirect=True)
@pytest.mark.parametrize("step", ["claiming", "claimed", "noting", "committing", "ticking"])
async def test_a_leader_that_was_frozen_finds_another_one_leading(stage: Stage, step: str) -> None:
    """What it had begun it ends; it begins nothing new. Its last confirmation to Telegram may end the
    other's poll, once."""
    pair = _pair(stage)
    old = pair.both[0]
    async with Talk(stage):
        broadcast = await _in_the_middle(pair)
        new = await pair.hands_over(old, partial(_frozen, old, step))
        await pair.a_minute_is_said()
        old.forget_steps()
        old.send(signal.SIGCONT)
        await pair.stands_by(old)
        await pair.a_minute_is_said()
        _does_nothing_new(old)
    await pair.quiet()

    assert await pair.leader() is new
    await stage.nothing_is_lost_or_doubled()
    assert await broadcast.nothing_is_lost_or_doubled() <= UNDER_WAY
    await pair.each_minute_came_once()
    assert new.whole_log().count("Conflict") <= 1, new.whole_log()


class Talk:
    """Marie logs one line after another, as long as this lasts."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._over = stage, asyncio.Event()

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._talks())

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._task

    async def _talks(self) -> None:
        while not self._over.is_set() and len(self._stage.lines) < 60:
            await self._stage.logs()
            await asyncio.sleep(0.15)


def _pair(stage: Stage) -> Pair:
    assert isinstance(stage.world, Pair)
    return stage.world


def _does_nothing(one: BotProcess) -> None:
    assert {step: one.taken(step) for step in ("polling", "claimed", "ticking")} == {
        "polling": 0, "claimed": 0, "ticking": 0,
    }  # fmt: skip


def _does_nothing_new(one: BotProcess) -> None:
    assert one.taken("polling") <= 1, one.log()
    assert one.taken("claimed") <= UNDER_WAY
    assert one.taken("ticking") == 0


async def _in_the_middle(pair: Pair, name: str = "broadcast") -> Broadcast:
    """A broadcast, a third of which is sent."""
    broadcast = Broadcast(pair, PLACES, name)
    await broadcast.begins()
    while broadcast.arrived() < PLACES // 3:
        await asyncio.sleep(0.001)
    return broadcast


async def _killed(one: BotProcess) -> None:
    one.send(signal.SIGKILL)
    await one.left()


async def _ended(one: BotProcess) -> None:
    one.send(signal.SIGTERM)
    assert await one.left() == 0


async def _frozen(one: BotProcess, step: str) -> None:
    one.order(step, what=signal.SIGSTOP)
    await one.frozen()
