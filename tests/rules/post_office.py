"""A small post office of one reader: wishes are looked at when they come, put off, folded, sent, counted."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.rules.attention import Budget, Habits, Wish, room, verdict

SOON = timedelta(hours=1)  # what is due by then is said along
LOOKED_BACK = timedelta(days=8)
MOST_LOOKS = 40  # at one wish, after which it is held to be put off for ever


@dataclass
class Letter:
    """A wish on its way: `until` when it helps (UTC), `looks` how often it was put off."""

    number: int
    wish: Wish
    due: datetime
    until: datetime
    looks: int = 0


@dataclass
class Went:
    """A message that went: when, whether it counted, and the numbers of the wishes that it said."""

    at: datetime
    counted: bool
    numbers: tuple[int, ...]


@dataclass
class Office:
    """One reader's post: what went, and the numbers of what came too late or was not wanted."""

    habits: Habits
    budget: Budget
    went: list[Went] = field(default_factory=list)
    past: list[int] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)

    def plays(self, wishes: Iterable[tuple[Wish, datetime]]) -> None:
        """Take each wish, with until when it helps, from when it was wanted on, until none is left."""
        waiting = [Letter(number, wish, wish.since, until) for number, (wish, until) in enumerate(wishes)]
        line = [(one.due, one.number, one) for one in waiting]
        heapq.heapify(line)
        gone: set[int] = set()
        while line:
            due, _, one = heapq.heappop(line)
            if one.number in gone or due != one.due:
                continue
            companions = [other for _, _, other in line if other.number not in gone and other is not one]
            left = self._looks(one, companions, due)
            gone.update(left)
            if not left:
                heapq.heappush(line, (one.due, one.number, one))

    def _looks(self, one: Letter, waiting: Sequence[Letter], now: datetime) -> tuple[int, ...]:
        """Look at a wish; the numbers of those that wait no more."""
        if now >= one.until:
            self.past.append(one.number)
            return (one.number,)
        found = verdict(one.wish, self._habits(now), self.budget, now)
        if found.at is None:
            self.unwanted.append(one.number)
            return (one.number,)
        if not found.goes:
            one.due, one.looks = found.at, one.looks + 1
            assert found.at > now, "put off into the past"
            assert one.looks <= MOST_LOOKS, f"put off for ever: {one}"
            return ()
        with_it = self._with_it(one, waiting, now)
        said = tuple(letter.number for letter in (one, *with_it))
        self.went.append(Went(now, one.wish.counts, said))
        return said

    def _with_it(self, one: Letter, waiting: Sequence[Letter], now: datetime) -> list[Letter]:
        """What is said along with a message that counts, because there is no room for each of them."""
        if not one.wish.counts:
            return []
        along = [
            other
            for other in waiting
            if other.wish.counts
            and other.wish.since <= now + SOON
            and other.due <= now + SOON
            and now < other.until
            and verdict(other.wish, self._habits(now), self.budget, now).goes
        ]
        return along if room(self._habits(now), self.budget, now) < 1 + len(along) else []

    def _habits(self, now: datetime) -> Habits:
        """The reader as of now, with what they had this week."""
        newest = takewhile(lambda one: one.at >= now - LOOKED_BACK, reversed(self.went))
        return replace(self.habits, had=tuple(one.at for one in newest if one.counted))


def most(office: Office) -> tuple[int, int]:
    """The most messages that counted on any one day and in any one week (ISO) of the reader."""
    local = [one.at.astimezone(ZoneInfo(office.habits.waking.zone)) for one in office.went if one.counted]
    days = Counter(moment.date() for moment in local)
    weeks = Counter(moment.isocalendar()[:2] for moment in local)
    return max(days.values(), default=0), max(weeks.values(), default=0)
