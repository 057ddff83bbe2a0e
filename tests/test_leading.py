"""Of several processes over one database one leads; another takes over within seconds. On both databases."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot import leading
from bot.leading import Leading, here
from storage.store import Storage, Store
from tests.world import Clock


def process(storage: Storage, clock: Clock, told: list[bool], home: str, pid: int = 0) -> Leading:
    return Leading(storage, clock, told.append, home, pid)


def pair(storage: Storage) -> tuple[Clock, Leading, Leading, list[bool], list[bool]]:
    """Two processes on machines of their own, and what each was told."""
    clock, first, second = Clock(), [], []  # type: ignore[var-annotated]
    one, other = process(storage, clock, first, "here"), process(storage, clock, second, "there")
    return clock, one, other, first, second


async def turns(clock: Clock, seconds: int, *these: Leading) -> None:
    """So many seconds, in which each of these does what it does every two."""
    for _ in range(seconds // 2):
        clock.pass_(seconds=2)
        for one in these:
            await one.turn()


async def test_the_first_one_leads_and_the_other_stands_by(storage: Storage) -> None:
    clock, one, other, first, second = pair(storage)
    await turns(clock, 60, one, other)
    assert (one.leads, other.leads) == (True, False)
    assert (first, second) == ([True], [])


async def test_a_leader_that_died_is_followed_within_eight_seconds(storage: Storage) -> None:
    clock, one, other, _, second = pair(storage)
    await turns(clock, 20, one, other)
    await turns(clock, 4, other)
    assert not other.leads  # it might only be slow
    await turns(clock, 4, other)
    assert second == [True]


async def test_who_was_away_finds_that_somebody_else_leads(storage: Storage) -> None:
    clock, one, other, first, _ = pair(storage)
    await turns(clock, 20, one, other)
    await turns(clock, 10, other)
    await turns(clock, 2, one, other)
    assert (one.leads, other.leads) == (False, True)
    assert first == [True, False]


async def test_a_leader_that_was_asleep_stops_before_it_asks_who_leads(storage: Storage) -> None:
    clock, one, other, first, second = pair(storage)
    await turns(clock, 4, one, other)
    clock.pass_(seconds=5)  # nobody looked meanwhile, so it is still named
    await one.turn()
    assert (first, second) == ([True, False, True], [])


async def test_a_leader_that_fell_asleep_over_its_answer_does_not_believe_it(
    storage: Storage, database_url: str
) -> None:
    """The row was written in time; that is heard of when somebody else may long lead."""
    clock, told = Clock(), []  # type: ignore[var-annotated]
    own = Sleepy(database_url, clock)
    one = process(own, clock, told, "here")
    await one.turn()
    own.sleeps = True
    clock.pass_(seconds=2)
    await one.turn()
    assert told == [True, False]
    await one.turn()
    assert not one.leads  # nor does who took the lead before it slept
    own.sleeps = False
    await one.turn()
    assert told == [True, False, True]
    own.close_now()


class Sleepy(Storage):
    """The machine may go to sleep when a transaction is committed and nobody knows."""

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(url)
        self._clock, self.sleeps = clock, False

    async def write(self, work: Callable[[Store], Any], *, quick: bool = False) -> Any:
        done = await super().write(work, quick=quick)
        if self.sleeps:
            self._clock.pass_(seconds=5)
        return done


async def test_a_leader_that_leaves_is_followed_at_once(storage: Storage) -> None:
    clock, one, other, first, _ = pair(storage)
    await turns(clock, 4, one, other)
    await one.give_up()
    await other.turn()
    assert other.leads
    assert first == [True, False]


async def test_two_that_begin_at_once_never_both_lead(storage: Storage) -> None:
    clock = Clock()
    for round_ in range(10):
        told: list[list[bool]] = [[] for _ in range(4)]
        many = [process(storage, clock, told[n], f"machine {round_} {n}".replace(" ", "-")) for n in range(4)]
        await asyncio.gather(*(one.turn() for one in many))
        assert sum(one.leads for one in many) == 1
        for one in many:
            await one.give_up()


async def test_a_dead_process_beside_us_is_followed_at_once(storage: Storage) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    clock, told = Clock(), []  # type: ignore[var-annotated]
    gone = process(storage, clock, [], here(), int(dead.stdout))
    await gone.turn()
    assert gone.leads
    follower = process(storage, clock, told, here(), os.getpid())
    await follower.turn()
    assert told == [True]


async def test_a_living_process_beside_us_is_left_to_lead(storage: Storage) -> None:
    clock = Clock()
    parent = process(storage, clock, [], here(), os.getppid())
    await parent.turn()
    follower = process(storage, clock, [], here(), os.getpid())
    await follower.turn()
    assert (parent.leads, follower.leads) == (True, False)


async def test_a_leader_without_its_database_steps_down_before_another_can_begin(
    storage: Storage, database_url: str
) -> None:
    clock, told = Clock(), []  # type: ignore[var-annotated]
    cut_off: Callable[[], Storage] = lambda: Storage(database_url)  # noqa: E731
    own = cut_off()
    one = process(own, clock, told, "here")
    await one.turn()
    own.close_now()  # from here on it cannot write
    await turns(clock, 4, one)
    assert one.leads  # a hiccup
    await turns(clock, 2, one)
    assert told == [True, False]


async def test_a_leader_whose_database_went_silent_does_not_wait_for_it(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, one, _, first, _ = pair(storage)
    await one.turn()
    monkeypatch.setattr(leading, "STEPS_DOWN", timedelta(seconds=0.05))
    other, held, let_go = Storage(database_url), threading.Event(), threading.Event()

    def hold(store: Store) -> None:
        """Nobody else can write the leader's row meanwhile."""
        lease = store.leases.look(leading.LEASE)
        assert lease is not None
        store.leases.beat(leading.LEASE, lease.holder)
        held.set()
        let_go.wait()

    holding = asyncio.create_task(other.write(hold))
    await asyncio.to_thread(held.wait)
    await one.turn()
    assert first == [True, False]
    assert not holding.done()
    let_go.set()
    await holding
    other.close_now()
