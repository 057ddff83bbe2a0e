"""The moments that attention knows: digests, a reader's days and weeks, the end of an absence, snoozes."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.rules.attention.hours import LOOKED_AHEAD, Waking, is_waking, next_waking
from bot.rules.attention.values import Budget, Habits
from bot.rules.clocks import first_moment

Snooze = Literal["tomorrow", "monday", "two weeks"]
SNOOZES: Final = ("tomorrow", "monday", "two weeks")
LONGEST_JITTER: Final = 20  # minutes
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def day_of(moment: datetime, zone: str) -> date:
    """The day that it is by the clocks of a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def week_of(moment: datetime, zone: str) -> date:
    """The Monday of the week that it is by the clocks of a zone."""
    day = day_of(moment, zone)
    return day - timedelta(days=day.weekday())


def digest_on(day: date, habits: Habits, budget: Budget) -> datetime:
    """When the digest of a day comes (UTC): at its hour, on the first day from that one on at which they are
    at work then. Where nobody works at that hour, it is when they begin."""
    for ahead in range(LOOKED_AHEAD + 1):
        digest = first_moment(datetime.combine(day + ahead * DAY, budget.digest), _zone(habits))
        if is_waking(digest, habits.waking):
            return digest
    return next_waking(first_moment(datetime.combine(day, budget.digest), _zone(habits)), habits.waking)


def digest_from(moment: datetime, habits: Habits, budget: Budget, *, weekly: bool = False) -> datetime:
    """The first digest (UTC) that comes at this moment or later; the first of a week if `weekly`."""
    zone = habits.waking.zone
    first = week_of(moment, zone) if weekly else day_of(moment, zone)
    digest = digest_on(first, habits, budget)
    while digest < moment:
        first += WEEK if weekly else DAY
        digest = digest_on(first, habits, budget)
    return digest


def digest_of_next_day(now: datetime, habits: Habits, budget: Budget) -> datetime:
    """The first digest (UTC) of a day after today, by their clocks."""
    return digest_on(day_of(now, habits.waking.zone) + DAY, habits, budget)


def digest_of_next_week(now: datetime, habits: Habits, budget: Budget) -> datetime:
    """The first digest (UTC) of next week, by their clocks."""
    return digest_on(week_of(now, habits.waking.zone) + WEEK, habits, budget)


def after_absence(now: datetime, habits: Habits) -> datetime | None:
    """The first waking moment (UTC) after somebody is back; None for who is there."""
    today = day_of(now, habits.waking.zone)
    if habits.away_until is None or not (habits.away_from or today) <= today <= habits.away_until:
        return None
    back = first_moment(datetime.combine(habits.away_until + DAY, habits.waking.opens), _zone(habits))
    return next_waking(back, habits.waking)


def local_time(moment: datetime, at: time, waking: Waking) -> datetime:
    """A time of day (UTC) on the day that it is for somebody at a moment, moved on into waking hours."""
    day = day_of(moment, waking.zone)
    return next_waking(first_moment(datetime.combine(day, at), ZoneInfo(waking.zone)), waking)


def snoozed(until: Snooze | date, now: datetime, habits: Habits, budget: Budget) -> datetime:
    """When something comes again (UTC) that was put off: at the hour of digests, on the first waking day
    from the one meant, tomorrow at the earliest."""
    today = day_of(now, habits.waking.zone)
    if until == "monday":
        return digest_of_next_week(now, habits, budget)
    meant = {"tomorrow": today + DAY, "two weeks": today + 2 * WEEK}
    day = until if isinstance(until, date) else meant[until]
    return digest_on(max(day, today + DAY), habits, budget)


def after_opening(opening: datetime, habits: Habits) -> datetime:
    """When what waited for an opening (UTC) is looked at again: some minutes after it, if they still are at
    work then."""
    then = opening + jitter(opening, habits.person)
    return then if is_waking(then, habits.waking) else opening


def jitter(opening: datetime, person: int) -> timedelta:
    """By how much what waited comes after an opening, so that not all is said at once: 0 to 20 minutes, the
    same for one person and opening."""
    mixed = hashlib.blake2b(f"{person}:{opening.isoformat()}".encode(), digest_size=8).digest()
    return timedelta(minutes=int.from_bytes(mixed) % (LONGEST_JITTER + 1))


def _zone(habits: Habits) -> ZoneInfo:
    return ZoneInfo(habits.waking.zone)
