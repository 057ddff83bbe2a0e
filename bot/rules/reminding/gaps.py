"""When an organisation hears of targets that are not met: at three quarters of the year, then near its end.

spec/engagement.md section 2, "Indicator gap". Days in, days out: whose clock strikes nine is the caller's.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

QUARTERS: Final = (2, 3, 4)  # at the first working day of which it is said
DAYS_LEFT: Final = (45, 21, 7)  # before the year's last day
CAUGHT_UP: Final = timedelta(days=4)  # so long after its day a turn still helps
DAY = timedelta(days=1)
MOST_FREE: Final = 30  # days in a row without a working day, after which nobody looks for one
Works = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that it is said: its name for ever ("Q2", "45 days") and the day."""

    name: str
    day: date


def turns(first: date, last: date, works: Works) -> tuple[Turn, ...]:
    """The times at which it is said in a year from `first` to `last`, in the order of their days. A quarter
    is told of on its first working day; a day near the end that is free makes way for the working day
    before, so that nothing of the time left is lost."""
    quarters = (Turn(f"Q{n}", _working(_months_after(first, 3 * (n - 1)), DAY, works)) for n in QUARTERS)
    ends = (Turn(f"{left} days", _working(last - left * DAY, -DAY, works)) for left in DAYS_LEFT)
    return tuple(sorted((*quarters, *ends), key=lambda turn: turn.day))


def turn_on(day: date, first: date, last: date, works: Works) -> Turn | None:
    """The newest time that has come by this day and still helps on it; None if there is none."""
    come = [turn for turn in turns(first, last, works) if turn.day <= day <= min(turn.day + CAUGHT_UP, last)]
    return come[-1] if come else None


def _working(day: date, step: timedelta, works: Works) -> date:
    """The first working day from this one on, in steps; the day itself where there is none for a month."""
    return next((day + n * step for n in range(MOST_FREE) if works(day + n * step)), day)


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
