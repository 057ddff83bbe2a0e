"""How long before a date the Assembly has to begin, and when it is reminded of that (Preamble, Art. 8).

A vote takes working days, and none closes in a quiet period: whoever counts back from a date in August has to
begin in June. Pure: the working days are those of all members (`WorkCalendar`).
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.rules.decisions.dates import DayOfYear, WorkCalendar, challenge_ends, extended, schedule

DAY: Final = timedelta(days=1)
NOON: Final = time(12)
BEFORE: Final = (90, 30, 7)  # days before the one by which it has to begin
IN_HAND: Final = 5  # working days, for the one extension that a member may ask for (spec/decisions.md 3)
FARTHEST: Final = 730  # days that are looked back


@dataclass(frozen=True, slots=True)
class Takes:
    """The working days that a decision takes: discussion, voting, and the time to object to its result."""

    discussion: int
    voting: int
    challenge: int = 0


@dataclass(frozen=True, slots=True)
class Countdown:
    """A decision that is to be there on the day `last`: notice of it is given on the working day `begins` at
    the latest. `reminders` are the days on which that is said, each a working day, in their order."""

    last: date
    begins: date
    reminders: tuple[date, ...]

    def turn(self, today: date) -> int | None:
        """Which of the reminders it is time for, the first is 0: the latest whose day has come. None before
        the first, and once the last day is over."""
        come = [turn for turn, day in enumerate(self.reminders) if day <= today]
        return come[-1] if come and today <= self.last else None


def countdown(
    last: date, takes: Takes, calendar: WorkCalendar, before: tuple[int, ...] = BEFORE
) -> Countdown:
    """When a decision has to begin that is to be final on the day `last`, an extension included, and the
    working days on which that is said: so many days `before`, or the last working day ahead of that.

    Raises ValueError if the calendar leaves no room for it in the two years before."""
    begins = latest_beginning(last, takes, calendar)
    days = dict.fromkeys(_working(begins - days * DAY, calendar) for days in before)
    return Countdown(last, begins, tuple(days))


def latest_beginning(last: date, takes: Takes, calendar: WorkCalendar) -> date:
    """The latest working day on which notice can be given so that the result is final on the day `last`,
    also if a member asks for more time. No quiet period lies in between, if the calendar leaves a month like
    that: what is discussed in July is forgotten in September. Raises ValueError as `countdown` does."""
    through = None
    day = last - (takes.discussion + takes.voting + takes.challenge) * DAY
    for _ in range(FARTHEST):
        if calendar.is_working(day) and (final := final_on(day, takes, calendar)) <= last:
            if not quiet_between(day, final, calendar):
                return day
            through = through or day
        day -= DAY
    if through is None:
        raise ValueError(f"no vote fits before {last}")
    return through


def final_on(begins: date, takes: Takes, calendar: WorkCalendar, in_hand: int = IN_HAND) -> date:
    """The day on which a decision is final whose notice is given on this day, after an extension by so many
    working days (`in_hand`, 0 for none)."""
    zone = ZoneInfo(calendar.zone)
    told = min(NOON, calendar.deadline_time)
    notice = (datetime.combine(begins, told, zone) - timedelta(minutes=1)).astimezone(UTC)
    closes = schedule(notice, takes.discussion, takes.voting, calendar).closes_at
    if in_hand:
        closes = extended(closes, in_hand, calendar)
    return challenge_ends(closes, takes.challenge, calendar).astimezone(zone).date()


def quiet_between(first: date, last: date, calendar: WorkCalendar) -> tuple[tuple[date, date], ...]:
    """The quiet periods that have a day between these two (included), each with its first and last day."""
    found = [
        (_on(year, begins), _on(year + (ends < begins), ends))
        for year in range(first.year - 1, last.year + 1)
        for begins, ends in calendar.quiet
    ]
    return tuple(sorted(one for one in found if one[0] <= last and one[1] >= first))


def _on(year: int, day: DayOfYear) -> date:
    """A day of every year in one of them; 29 February is not in each."""
    return date(year, 2, 28) if day == (2, 29) and not isleap(year) else date(year, *day)


def _working(day: date, calendar: WorkCalendar) -> date:
    """This day, or the last working day before it; itself where there was none in two years."""
    return next((found for back in range(FARTHEST) if calendar.is_working(found := day - back * DAY)), day)
