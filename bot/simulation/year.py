"""A year, lived: what people do, what the bot says by itself, and how they take it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.rules.attention import Waking
from bot.simulation.answering import taken
from bot.simulation.house import PaperHouse
from bot.simulation.ledger import Ledger, Line
from bot.simulation.script import Deed, script
from storage.deliveries import Delivery

SECOND = timedelta(seconds=1)


def nobody_is_off(_: object) -> bool:
    """People look at their chats on holidays too."""
    return False


@dataclass
class Year:
    """What was said, until when (UTC), what became of every delivery, and what people wanted to
    tap where there was no such button."""

    lines: tuple[Line, ...]
    fates: tuple[Delivery, ...]
    ended: datetime
    in_vain: tuple[str, ...] = ()


async def simulate(
    charter_file: Path,
    year: int,
    seed: int = 1,
    since: datetime | None = None,
    until: datetime | None = None,
    said: Callable[[str, str, str], None] = lambda _name, _words, _answer: None,
) -> Year:
    """Live the year from 1 January or `since`, to its end or `until` (UTC). The same seed lives the same one.
    `said` is told what each of the people does, and what they are answered. Raises CharterFault."""
    begins = since or datetime(year, 1, 1, tzinfo=UTC)
    house = PaperHouse(charter_file, begins)
    await house.open()
    try:
        life = _Life(house, seed, said)
        deeds = (deed for deed in script(year, seed, life.zones) if deed.at >= begins)
        return await life.lives(deeds, until or datetime(year + 1, 1, 1, tzinfo=UTC))
    finally:
        await house.close()


class _Life:
    """The deeds that are still to come, and the book of what was said."""

    def __init__(self, house: PaperHouse, seed: int, said: Callable[[str, str, str], None]) -> None:
        self.house, self.seed, self.said = house, seed, said
        self.zones = {one.name: one.zone for one in house.people.values()}
        self.ledger = Ledger(house)
        self.in_vain: list[str] = []
        self._to_come: list[tuple[datetime, int, Deed]] = []
        self._numbers = itertools.count()

    async def lives(self, deeds: Iterable[Deed], end: datetime) -> Year:
        """All that happens until the end."""
        self._plan(deeds)
        await self._happens()
        while (at := self._next()) is not None and at < end:
            self.house.clock.at = max(at, self.house.clock.at)
            while self._to_come and self._to_come[0][0] <= self.house.clock.at:
                await self._does(heapq.heappop(self._to_come)[2])
            await self._happens()
        self.house.clock.at = end
        await self.ledger.look(whole=True)
        fates = tuple(self.ledger.fates.values())
        return Year(tuple(self.ledger.lines), fates, end, tuple(self.in_vain))

    def _plan(self, deeds: Iterable[Deed]) -> None:
        for deed in deeds:
            heapq.heappush(self._to_come, (deed.at, next(self._numbers), deed))

    def _next(self) -> datetime | None:
        deed = max(self._to_come[0][0], self.house.clock.at + SECOND) if self._to_come else None
        moments = (self.house.next_moment(), deed)
        return min((at for at in moments if at is not None), default=None)

    async def _does(self, deed: Deed) -> None:
        for words in deed.words:
            if words.startswith("["):
                answer = await self.house.taps(deed.name, words.strip("[]"))
            else:
                answer = await self.house.types(deed.name, words)
            if answer is None:
                self.in_vain.append(f"{deed.at:%F} {deed.name}: {words}")
            else:
                self.said(deed.name, words, answer)

    async def _happens(self) -> None:
        await self.house.happens()
        new = await self.ledger.look()
        answers = (taken(line, self.seed, Waking(line.zone, nobody_is_off)) for line in new)
        self._plan(deed for deed in answers if deed is not None)
