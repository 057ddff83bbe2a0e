"""One event that everybody answers at once, on one database, in a process of its own.

Run as `python -m benchmarks.answering PEOPLE CAPACITY PACE URL`: so many people tap [Going] on the event's
card at the same moment, every other one in a Telegram group and in a Slack channel; CAPACITY 0 is no limit.
Then, where there is a line, a tenth as many of those who go tap [Can't]. The worker beside keeps both cards
up to date and tells those who move up. PACE "free": answers go as fast as they can, cards at the platforms'
pace; "platforms": both at theirs. Prints one line of JSON, unless something was lost.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from benchmarks.balloting import TOKEN, Api, Timed, bot_api, percentile
from benchmarks.gathering import Gathering, announced, gathering
from benchmarks.lost_nothing import all_answered, all_moved_up
from benchmarks.rsvp_store import by_insert, through_store
from bot.delivery import Worker
from bot.messages import Account, Answer, Incoming, Post, Topic
from bot.platforms.port import Port
from bot.platforms.slack import SlackPort
from bot.platforms.slack.port import PACE as SLACK
from bot.platforms.telegram import TelegramPort
from bot.platforms.telegram.outgoing import PACE as TELEGRAM
from storage.store import Store

WARM = 50  # people who answer another event before
AT_ONCE = 33  # transactions that wait at the same time: Slack's 32, and the one of a Telegram group
LONGEST = 300  # seconds for one burst
PLATFORMS = ("telegram", "slack")


class Watched(Timed):
    """Our inbox with a watch, which remembers who came when, and what they were answered."""

    said: list[tuple[Account, Answer]]  # in the order of the commits
    answered: list[float]  # seconds from the tap, everybody's at once, until the answer was there

    def expect(self, ballots: int) -> None:
        """So many calls come now."""
        super().expect(ballots)
        self.said, self.answered = [], []

    async def receive(self, incoming: Incoming) -> Answer:
        """Remember it, beside what is always done."""
        answer = await super().receive(incoming)
        self.said.append((incoming.account, answer))
        return answer

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        """Time it, then as always."""
        self.answered.append(time.perf_counter() - self.tapped)
        super().given(incoming, post)


@dataclass(frozen=True)
class Bot:
    """The bot at work, and the platforms on which it is."""

    house: Gathering
    dispatch: Watched
    worker: Worker
    api: Api

    async def cards_stand(self, event: int) -> None:
        """Until every card shows the event as it is."""
        async with asyncio.timeout(LONGEST):
            while not await self.house.storage.read(partial(_is_shown, event)):
                await asyncio.sleep(0.1)

    async def seen(self) -> dict[str, Any]:
        """What both platforms were told since this was asked before (benchmarks/crowd_api.py)."""
        async with self.api.session.get("/seen") as response:
            told: dict[str, Any] = await response.json()
        return told

    async def burst(self, accounts: Sequence[Account], label: str) -> dict[str, float]:
        """All of them tap this button at once; until the last one has their answer. What it took."""
        self.dispatch.expect(len(accounts))
        asked: dict[str, Any] = {"label": label}
        asked["telegram"] = [int(one.user) for one in accounts if one.platform == "telegram"]
        asked["slack"] = [one.user for one in accounts if one.platform == "slack"]
        wall, cpu = time.perf_counter(), time.process_time()
        await (await self.api.session.post("/taps", json=asked)).read()
        async with asyncio.timeout(LONGEST):
            await self.dispatch.done.wait()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        committed, answered = self.dispatch.committed, self.dispatch.answered
        return {
            "seconds": wall,
            "rate": len(accounts) / wall,
            "cpu": cpu / len(accounts) * 1000,
            "p50": percentile(committed, 50),
            "p99": percentile(committed, 99),
            "tap50": percentile(answered, 50),
            "tap99": percentile(answered, 99),
        }


@asynccontextmanager
async def at_work(house: Gathering, pace: str) -> AsyncIterator[Bot]:
    """The whole bot but for its timetable: both ports, the pipe, the worker."""
    dispatch = Watched(house.storage, house.around, wake=lambda: worker.wake())
    async with bot_api("crowd_api") as api:
        on_telegram, on_slack = TELEGRAM, SLACK
        if pace == "free":
            on_telegram, on_slack = replace(TELEGRAM, overall=0.0), replace(SLACK, overall=0.0)
        ports: dict[str, Port] = {
            "telegram": TelegramPort(TOKEN, api.address, pace=on_telegram),
            "slack": SlackPort("xoxb-1", "xapp-1", api_url=f"{api.address}/api/", pace=on_slack),
        }
        worker = Worker(house.storage, dispatch, ports, house.around)
        work = asyncio.create_task(worker.run())
        for port in ports.values():
            await port.connect(dispatch)
        while not all(port.ready() for port in ports.values()):
            await asyncio.sleep(0.01)
        try:
            yield Bot(house, dispatch, worker, api)
        finally:
            worker.stop()
            await work
            for port in ports.values():
                await port.disconnect()


async def everybody_answers(bot: Bot, people: int, capacity: int | None) -> dict[str, Any]:
    """The burst of answers, then that of those who cannot come after all. Raises AssertionError where
    anything was lost, out of order, or said twice."""
    event, accounts = await _opened(bot, capacity), bot.house.accounts[:people]
    took: dict[str, Any] = dict(await bot.burst(accounts, "Going"))
    await bot.cards_stand(event)
    seen = await bot.seen()
    found = all_answered(bot.house, event, capacity, bot.dispatch.said, seen)
    took |= {"edits": {one: _edits(seen[one]["shown"]) for one in PLATFORMS}}
    if not found.line:
        return took
    leaving = found.going[: min(people // 10, len(found.line))]
    left = await bot.burst([bot.house.accounts[bot.house.persons.index(one)] for one in leaving], "Can't")
    left["told"] = await _told(bot, len(leaving))
    await bot.cards_stand(event)
    all_moved_up(bot.house, event, found, leaving, await bot.seen())
    return took | {"left": left}


async def _opened(bot: Bot, capacity: int | None) -> int:
    """An event whose card stands in both places."""
    event = announced(bot.house, capacity)
    bot.worker.wake()
    await bot.cards_stand(event)
    await bot.seen()
    return event


async def _told(bot: Bot, persons: int) -> float:
    """Seconds from the taps until so many were told that a seat is theirs."""
    async with asyncio.timeout(LONGEST):
        while sum(bot.worker.counts[one, "sent"] for one in PLATFORMS) < persons:
            await asyncio.sleep(0.02)
    return time.perf_counter() - bot.dispatch.tapped


def _edits(shown: Sequence[float]) -> dict[str, float]:
    """How often a card was edited, and the least seconds between two."""
    gaps = [later - before for before, later in pairwise(shown)]
    return {"edits": len(shown), "least": min(gaps, default=0.0)}


def _is_shown(event: int, store: Store) -> bool:
    cards = store.cards.of_topic(Topic("event", str(event)))
    return all(card.message_id and card.shown == card.wanted for card in cards)


async def main(people: int, seats: int, pace: str, url: str) -> None:
    """Let them answer, and print what it took, beside the bare store."""
    house, capacity = gathering(url, people + WARM), seats or None
    async with at_work(house, pace) as bot:
        event = await _opened(bot, capacity)
        await bot.burst(house.accounts[people:], "Going")
        await bot.cards_stand(event)
        counted = await everybody_answers(bot, people, capacity)
    await through_store(house, house.persons[people:], capacity, AT_ONCE)
    counted["store"] = await through_store(house, house.persons[:people], capacity, AT_ONCE)
    counted["insert"] = by_insert(house, url, house.persons[:people])
    await house.storage.close()
    print(json.dumps(counted))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]))
