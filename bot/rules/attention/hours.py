"""When somebody is at work and may be written to; else it is quiet (spec/engagement.md section 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.clocks import first_moment

OPENS, CLOSES = time(8, 30), time(18, 0)
SATURDAY = 5
LOOKED_AHEAD = 60  # days in a row without a waking hour, after which nobody waits for one; August has 31
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Waking:
    """Somebody's waking hours: `opens` to `closes` by the clocks of `zone` (IANA), Monday to Friday, but not
    on days of which `is_free` says that they are a holiday."""

    zone: str
    is_free: Callable[[date], bool]
    opens: time = OPENS
    closes: time = CLOSES


def is_waking(moment: datetime, waking: Waking) -> bool:
    """Whether a moment lies in somebody's waking hours; their first one does, their last no longer."""
    opens, closes = _hours(moment.astimezone(ZoneInfo(waking.zone)).date(), waking)
    return opens <= moment < closes


def next_waking(moment: datetime, waking: Waking) -> datetime:
    """The first waking moment (UTC) from this one on: itself, or the next opening. Itself as well for
    somebody who has no waking hour for sixty days: nobody waits that long."""
    opening = next(_openings(moment, waking), None)
    return moment.astimezone(UTC) if opening is None else opening[0]


def earlier(moment: datetime, waking: Waking) -> datetime:
    """A moment moved back into waking hours (UTC): itself if it lies in them, else a quarter-hour before
    they closed last. Itself for somebody who has had no waking hour for sixty days."""
    day = moment.astimezone(ZoneInfo(waking.zone)).date()
    for back in range(LOOKED_AHEAD + 1):
        opens, closes = _hours(day - timedelta(days=back), waking)
        if opens <= moment < closes:
            return moment.astimezone(UTC)
        if opens < closes <= moment:
            return max(opens, closes - QUARTER)
    return moment.astimezone(UTC)


def after_waking(start: datetime, amount: timedelta, waking: Waking) -> datetime:
    """When so much waking time has passed since `start` (UTC): the clock stops in quiet hours. For somebody
    who has no waking hour for sixty days it runs through."""
    left = amount
    if left <= timedelta():
        return start.astimezone(UTC)
    for opens, closes in _openings(start, waking):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return start.astimezone(UTC) + amount


def _openings(start: datetime, waking: Waking) -> Iterator[tuple[datetime, datetime]]:
    """The waking hours after `start`, day by day; of the day that has begun what is left of it."""
    day, quiet = start.astimezone(ZoneInfo(waking.zone)).date(), 0
    while quiet <= LOOKED_AHEAD:
        opens, closes = _hours(day, waking)
        if start < closes and opens < closes:
            yield max(opens, start.astimezone(UTC)), closes
            quiet = 0
        else:
            quiet += 1
        day += timedelta(days=1)


def _hours(day: date, waking: Waking) -> tuple[datetime, datetime]:
    """The waking hours of one day (UTC); on a quiet one they end as they begin."""
    zone = ZoneInfo(waking.zone)
    opens = first_moment(datetime.combine(day, waking.opens), zone)
    if day.weekday() >= SATURDAY or waking.is_free(day):
        return opens, opens
    return opens, first_moment(datetime.combine(day, waking.closes), zone)
