"""When a motion is noticed, opened and closed: working days and deadlines (spec/decisions.md section 6).

Days are counted in the alliance's zone and stored in UTC. Pure: who has a public holiday is asked of
`WorkCalendar.free`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.rules.clocks import first_moment

OPENING = time(9)  # alliance time
SATURDAY = 5
DAY = timedelta(days=1)
FARTHEST = 1000  # days that are looked through for the next working day

DayOfYear = tuple[int, int]  # month, day


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """On which days all members work, and on which of them voting may close.

    `zone` is the alliance's (IANA), `deadline_weekdays` count from Monday, 0; `deadline_time` is local.
    `quiet` periods come every year, first and last day included; one may go over the turn of the year.
    `free` says whether any member has a public holiday.
    """

    zone: str
    deadline_weekdays: frozenset[int]
    deadline_time: time
    quiet: tuple[tuple[DayOfYear, DayOfYear], ...]
    free: Callable[[date], bool]

    def is_working(self, day: date) -> bool:
        """Whether all members work on this day: Monday to Friday, nobody's holiday, no quiet period."""
        return day.weekday() < SATURDAY and not self._is_quiet(day) and not self.free(day)

    def is_deadline_day(self, day: date) -> bool:
        """Whether voting may close on this day."""
        return day.weekday() in self.deadline_weekdays and self.is_working(day)

    def working_days_after(self, day: date, days: int) -> date:
        """The working day that comes so many working days after `day`. For 0 it is `day` itself, or the
        next working day. Raises ValueError if none is in sight (see `next_deadline_day`)."""
        found = day if days else day - DAY
        for _ in range(days or 1):
            found = _first(found + DAY, self.is_working)
        return found

    def next_deadline_day(self, day: date) -> date:
        """The first day, from `day` on, on which voting may close. Raises ValueError if there is none in
        nearly three years: the calendar leaves none."""
        return _first(day, self.is_deadline_day)

    def deadline_on(self, day: date) -> datetime:
        """The deadline time of this day, in UTC."""
        return first_moment(datetime.combine(day, self.deadline_time), ZoneInfo(self.zone))

    def _is_quiet(self, day: date) -> bool:
        today = (day.month, day.day)
        return any(
            first <= today <= last if first <= last else today >= first or today <= last
            for first, last in self.quiet
        )


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates in a notice, moments in UTC. `told_on` is the working day from which its days count."""

    notice_at: datetime
    opens_at: datetime
    closes_at: datetime
    told_on: date


def schedule(now: datetime, discussion_days: int, voting_days: int, calendar: WorkCalendar) -> Dates:
    """The dates of a motion whose notice goes out `now` (spec 6). People are told today if it is a working
    day and the deadline time is not past, else on the next working day. So many full working days of
    discussion follow, then voting opens at nine; without discussion it opens at once. It stays open for
    `voting_days` (at least 1) full working days and closes on the last of them or the next deadline day."""
    local = now.astimezone(ZoneInfo(calendar.zone))
    told_on = _told_on(local.replace(tzinfo=None), calendar)
    notice_at = opens_at = now.astimezone(UTC)
    last = calendar.working_days_after(told_on, voting_days)  # the day on which they are told is not full
    if discussion_days:
        opening = calendar.working_days_after(told_on, discussion_days + 1)
        opens_at = first_moment(datetime.combine(opening, OPENING), ZoneInfo(calendar.zone))
        is_full = calendar.deadline_time > OPENING
        last = calendar.working_days_after(opening, voting_days - 1 if is_full else voting_days)
    closes_at = calendar.deadline_on(calendar.next_deadline_day(last))
    return Dates(notice_at, opens_at, closes_at, told_on)


def extended(closes_at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The deadline (UTC) after an extension by so many working days, at least 1: again on a deadline day,
    at the deadline time (spec 3)."""
    last = calendar.working_days_after(_local_day(closes_at, calendar), days)
    return calendar.deadline_on(calendar.next_deadline_day(last))


def challenge_ends(closes_at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Until when (UTC) members may object to a result: the deadline time so many working days after the
    close, whatever the weekday. 0 days: no objection, final at the close (spec 6)."""
    if not days:
        return closes_at
    return calendar.deadline_on(calendar.working_days_after(_local_day(closes_at, calendar), days))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _told_on(local: datetime, calendar: WorkCalendar) -> date:
    today = local.date()
    in_time = calendar.is_working(today) and local.time() < calendar.deadline_time
    return today if in_time else calendar.working_days_after(today, 1)


def _local_day(moment: datetime, calendar: WorkCalendar) -> date:
    return moment.astimezone(ZoneInfo(calendar.zone)).date()


def _first(day: date, fits: Callable[[date], bool]) -> date:
    for found in islice(_days_from(day), FARTHEST):
        if fits(found):
            return found
    raise ValueError(f"the calendar has no such day within {FARTHEST} days of {day}")


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += DAY
