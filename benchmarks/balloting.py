"""A vote of one alliance on one database, in a process of its own.

Run as `python -m benchmarks.balloting MEMBERS BALLOTS URL`. Every member votes once, all at the same moment,
by a button of the motion's card: in the group, where updates are taken in order, then on another motion each
in their own chat. With fewer members than BALLOTS there are several motions, one after the other. Prints one
line of JSON: the pipe, the bare store, the tally.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from benchmarks.assembly import Assembly, assembly, open_motion, put_away
from benchmarks.ballot_store import AT_ONCE, by_insert, through_store
from benchmarks.tallies import tallies
from benchmarks.world import ROOT, flushing
from bot.dispatch import Dispatch
from bot.messages import Answer, Incoming, Post
from bot.platforms.pacing import FREE
from bot.platforms.telegram import TelegramPort

TOKEN = "1:bench"
WARM = 50  # ballots before the first that counts
TIMES = 20  # how often a tally is taken


@dataclass(frozen=True)
class Spent:
    """Seconds, on the wall and of this process's CPU."""

    wall: float
    cpu: float


class Timed(Dispatch):
    """Our inbox with a watch: what each call took until it was committed, in the order of the commits."""

    committed: list[float]  # seconds from `receive` to the commit
    waited: list[float]  # seconds from the tap, everybody's at once, to the commit
    tapped: float
    pending: int  # answers that were not given yet
    done: asyncio.Event

    def expect(self, ballots: int) -> None:
        """So many calls come now."""
        self.committed, self.waited, self.tapped = [], [], time.perf_counter()
        self.pending, self.done = ballots, asyncio.Event()

    async def receive(self, incoming: Incoming) -> Answer:
        """Time it, beside what is always done."""
        began = time.perf_counter()
        answer = await super().receive(incoming)
        self.committed.append(time.perf_counter() - began)
        self.waited.append(time.perf_counter() - self.tapped)
        return answer

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        """Count, then as always."""
        super().given(incoming, post)
        self.pending -= 1
        if not self.pending:
            self.done.set()


@dataclass(frozen=True)
class Api:
    """A Bot API whose people tap (benchmarks/tapping_api.py, benchmarks/crowd_api.py)."""

    address: str
    session: aiohttp.ClientSession

    async def sent(self) -> dict[str, int]:
        """How often each method was called."""
        async with self.session.get("/sent") as response:
            counted: dict[str, int] = await response.json()
        return counted


@asynccontextmanager
async def bot_api(module: str = "tapping_api") -> AsyncIterator[Api]:
    """A Bot API in a process of its own, for as long as it is needed."""
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout
        address = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        async with aiohttp.ClientSession(address, timeout=aiohttp.ClientTimeout(10)) as session:
            yield Api(address, session)
    finally:
        process.kill()
        process.wait()


async def vote(house: Assembly, dispatch: Timed, api: Api, voters: int, *, apart: bool) -> Spent:
    """So many vote for one motion at once, in the group or each apart; until the last one has their answer.
    Raises AssertionError unless each ballot is in the book."""
    motion = open_motion(house)
    spent = await everybody_taps(dispatch, api, motion.token, voters, apart=apart)
    cast = put_away(house, motion.number)
    assert cast == voters, f"{cast} of {voters} ballots are in the book"
    return spent


async def everybody_taps(dispatch: Timed, api: Api, token: str, voters: int, *, apart: bool) -> Spent:
    """So many tap a card's button at once; until the last one has their answer."""
    dispatch.expect(voters)
    wall, cpu = time.perf_counter(), time.process_time()
    asked = {"token": token, "taps": voters, "apart": apart}
    await (await api.session.post("/taps", json=asked)).read()
    await dispatch.done.wait()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


async def through_pipe(house: Assembly, api: Api, rounds: int, *, apart: bool) -> dict[str, float]:
    """The whole pipe: polling, dispatch, commit, answer; so many motions, after a warm-up."""
    dispatch, members = Timed(house.storage, house.around), len(house.slugs)
    port = TelegramPort(TOKEN, api.address, pace=FREE)
    beside = asyncio.create_task(flushing(dispatch))
    await port.connect(dispatch)
    for _ in range(max(1, WARM // members)):
        await vote(house, dispatch, api, min(members, WARM), apart=apart)
    spent: list[Spent] = []
    committed, waited, first, last = [], [], [], []
    for _ in range(rounds):
        spent.append(await vote(house, dispatch, api, members, apart=apart))
        committed += dispatch.committed
        waited += dispatch.waited
        first += dispatch.committed[: members // 10 or 1]
        last += dispatch.committed[-(members // 10 or 1) :]
    await port.disconnect()
    beside.cancel()
    await dispatch.flush()
    return {
        "rate": members * rounds / sum(one.wall for one in spent),
        "cpu": sum(one.cpu for one in spent) / (members * rounds) * 1000,
        "p50": percentile(committed, 50),
        "p99": percentile(committed, 99),
        "waited": percentile(waited, 99),
        "first": percentile(first, 50),
        "last": percentile(last, 50),
    }


def percentile(seconds: Sequence[float], percent: int) -> float:
    """In milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000


async def main(members: int, ballots: int, url: str) -> None:
    """Vote in every way, and print what it took."""
    house = assembly(url, members)
    rounds = max(1, ballots // members)
    counted: dict[str, dict[str, float]] = {}
    async with bot_api() as api:
        for where, apart, at_once in (("group", False, 1), ("apart", True, AT_ONCE)):
            counted[where] = await through_pipe(house, api, rounds, apart=apart)
            await through_store(house, WARM, at_once)
            counted[f"{where} store"] = await through_store(house, members * rounds, at_once)
    counted["insert"] = by_insert(house, url, members * rounds)
    counted["tally"] = tallies(house, TIMES)
    await house.storage.close()
    print(json.dumps(counted))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
