"""When an organisation is asked to look after its profile on the ECCP (charter, Art. 4).

spec/engagement.md sections 2 and 7: every year, once more a fortnight later, then not before the next year.
"""

from __future__ import annotations

import zlib
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Final, Literal

State = Literal["current", "due", "not checked since", "missing"]
Works = Callable[[date], bool]

AGAIN: Final = timedelta(days=14)  # after the first time it was asked
TURNS: Final = 2
SPREAD: Final = 20  # working days over which the first checks of all are spread
MOST_FREE: Final = 30  # days in a row without a working day, after which nobody looks for one
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation (slug) as it stands to its profile: the day of the last check, None for never, and
    since when the organisation is here."""

    organisation: str
    checked_on: date | None
    since: date


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that it is asked: for the check that was due on `due`, the first or the second time."""

    due: date
    number: int


def first_due(profile: Profile, works: Works) -> date:
    """The day on which the next check is due: a year after the last one. Who never made one has a month from
    the day they came, and not all are asked on one day: each waits some working days more, always as many."""
    if profile.checked_on is not None:
        return _working(years_after(profile.checked_on, 1), works)
    day = _working(_month_after(profile.since), works)
    for _ in range(zlib.crc32(profile.organisation.encode()) % SPREAD):
        day = _working(day + DAY, works)
    return day


def due_by(profile: Profile, day: date, works: Works) -> date | None:
    """The newest day, up to this one, on which a check became due; None while none did. A check that nobody
    made is due again every year."""
    first = first_due(profile, works)
    if day < first:
        return None
    yearly = (_working(years_after(first, n), works) for n in count(1))
    newest = first
    for due in yearly:
        if due > day:
            return newest
        newest = due
    raise AssertionError("the years go on for ever")


def turn_on(profile: Profile, day: date, asked: Sequence[date], works: Works) -> Turn | None:
    """Which time it is asked on this day; None for not at all. `asked` are the days on which it was asked for
    the check that is due now. Each turn stands until it was asked, however late that is; the second comes a
    fortnight after the first, and there is no third."""
    due = due_by(profile, day, works)
    if due is None or len(asked) >= TURNS:
        return None
    if asked and day < _working(max(asked) + AGAIN, works):
        return None
    return Turn(due, len(asked) + 1)


def state(profile: Profile, day: date, works: Works) -> State:
    """How a profile stands on a day (section 7): "due" for a fortnight, then "not checked since" until
    somebody looks."""
    if profile.checked_on is None:
        return "missing"
    first = first_due(profile, works)
    if day < first:
        return "current"
    return "due" if day < _working(first + AGAIN, works) else "not checked since"


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a leap day."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _month_after(day: date) -> date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _working(day: date, works: Works) -> date:
    """The first working day from this one on; the day itself where there is none for a month."""
    return next((day + n * DAY for n in range(MOST_FREE) if works(day + n * DAY)), day)
