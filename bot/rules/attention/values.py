"""How somebody wants to be written to, and what a message that nobody asked for is (engagement.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Literal

from bot.rules.attention.hours import Waking

Pace = Literal["instant", "daily", "weekly", "off"]
Why = Literal["now", "quiet", "away", "daily", "weekly", "day is full", "week is full", "off"]
PACES: Final = ("instant", "daily", "weekly", "off")


@dataclass(frozen=True, slots=True)
class Budget:
    """How many messages that nobody asked for one person gets: `a_day`, and `a_week` from Monday on, by
    their clocks. What is more is said in one digest at `digest` (local time)."""

    a_day: int = 1
    a_week: int = 3
    digest: time = time(9)


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that somebody is to get. `since` is when it was wanted (UTC). `counts` is False for what
    their own yes promised, or what would harm them if it came late: it takes nothing from the budget and
    waits for no digest. `any_hour`: it may come outside waking hours."""

    theme: str
    since: datetime
    counts: bool = True
    any_hour: bool = False


@dataclass(frozen=True, slots=True)
class Habits:
    """How one person wants to be written to. `paces` by theme, "instant" where nothing is said; `had` are
    the moments (UTC) of the messages that counted, of this week at least; `away_until` the last day on which
    they are not there, `away_from` the first (None for at once). `person` only spreads what waits for an
    opening over some minutes."""

    waking: Waking
    paces: Mapping[str, Pace] = field(default_factory=dict)
    had: tuple[datetime, ...] = ()
    away_until: date | None = None
    person: int = 0
    away_from: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message: it goes now (`at` is that moment), is looked at again later (`at`, UTC), or
    never goes (`at` is None)."""

    at: datetime | None
    why: Why

    @property
    def goes(self) -> bool:
        return self.why == "now"
