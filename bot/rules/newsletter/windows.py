"""When editions go out: Tuesday to Thursday, 09:00 to 16:00 by the alliance's clock.

spec/engagement.md section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.rules.clocks import first_moment
from bot.rules.newsletter.values import Newsletter

OPENS, CLOSES = time(9), time(16)
DAYS: Final = {"tue": 1, "wed": 2, "thu": 3}  # of the week, as Python counts them
NTH: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}  # of them in a month
DAY = timedelta(days=1)
ZONE: Final = "Europe/Brussels"


def next_send(newsletter: Newsletter, after: datetime, zone: str = ZONE) -> datetime:
    """The next moment (UTC) after this one at which an edition goes out: the charter's day of the month, at
    its hour by the clocks of `zone` (IANA)."""
    local = after.astimezone(ZoneInfo(zone)).date()
    moments = (_moment(newsletter, first, zone) for first in _months(local.replace(day=1)))
    return next(moment for moment in moments if moment > after)


def in_window(moment: datetime, zone: str = ZONE) -> bool:
    """Whether an edition may leave at this moment; 09:00 is in the window, 16:00 no longer."""
    opens, closes = _window(moment.astimezone(ZoneInfo(zone)).date(), zone)
    return opens <= moment < closes


def next_window(moment: datetime, zone: str = ZONE) -> datetime:
    """The first moment (UTC) from this one on at which an edition may leave: itself, or the next opening."""
    if in_window(moment, zone):
        return moment.astimezone(UTC)
    return next(opens for opens, _ in _windows(moment, zone) if opens >= moment)


def window_end(moment: datetime, zone: str = ZONE) -> datetime:
    """When (UTC) the window closes in which this moment lies, or the next one to come."""
    return next(closes for _, closes in _windows(moment, zone) if closes > moment)


def _moment(newsletter: Newsletter, first: date, zone: str) -> datetime:
    """When the edition of the month that begins with `first` goes out."""
    nth, weekday = newsletter.day.split()
    days = [first + n * DAY for n in range(31) if (first + n * DAY).month == first.month]
    day = [day for day in days if day.weekday() == DAYS[weekday]][NTH[nth]]
    return first_moment(datetime.combine(day, time.fromisoformat(newsletter.hour)), ZoneInfo(zone))


def _months(first: date) -> Iterator[date]:
    while True:
        yield first
        first = (first + 31 * DAY).replace(day=1)


def _windows(moment: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
    day = moment.astimezone(ZoneInfo(zone)).date()
    while True:
        opens, closes = _window(day, zone)
        if opens < closes:
            yield opens, closes
        day += DAY


def _window(day: date, zone: str) -> tuple[datetime, datetime]:
    """The window of one day (UTC); on other days it closes as it opens."""
    opens = first_moment(datetime.combine(day, OPENS), ZoneInfo(zone))
    if day.weekday() not in DAYS.values():
        return opens, opens
    return opens, first_moment(datetime.combine(day, CLOSES), ZoneInfo(zone))
