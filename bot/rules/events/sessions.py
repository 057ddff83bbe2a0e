"""When an event takes place: its sessions by the clocks of its zone, over both nights in which they jump."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.events.values import Event, Repeats, Session

MOST_TIMES = 60  # sessions of one event
DAYS: dict[Repeats, int] = {"weekly": 7, "fortnightly": 14}


def sessions(event: Event) -> tuple[Session, ...]:
    """Every session, first to last: at the same time of day by the clocks of the event's zone, each as long
    as the first. Monthly is the same weekday of the month ("second Tuesday"; a fifth one is the last). A time
    that the clocks jump over is read by the offset before the jump, one that comes twice is the first
    (RFC 5545)."""
    zone, length = ZoneInfo(event.zone), timedelta(minutes=event.minutes)
    first = event.starts_at.astimezone(zone)
    if not event.repeats or event.times <= 1:
        return (Session(event.starts_at, event.starts_at + length),)
    clock = first.time().replace(fold=0)
    starts = [datetime.combine(day, clock, zone).astimezone(UTC) for day in _days(first.date(), event)]
    starts[0] = event.starts_at
    return tuple(Session(start, start + length) for start in starts)


def ends_at(event: Event) -> datetime:
    """When the last session is over (UTC)."""
    return sessions(event)[-1].ends_at


def session_at(event: Event, now: datetime) -> Session:
    """The session that is on at that moment, or the next one; the last one once all are over."""
    every = sessions(event)
    return next((one for one in every if now < one.ends_at), every[-1])


def nth_weekday(day: date) -> int:
    """Which of its weekday in its month a day is: 1 to 4, or -1 for a fifth, which not every month has."""
    nth = (day.day - 1) // 7 + 1
    return nth if nth < 5 else -1


def _days(first: date, event: Event) -> Iterator[date]:
    if event.repeats in DAYS:
        for passed in range(event.times):
            yield first + timedelta(days=DAYS[event.repeats] * passed)
        return
    for passed in range(event.times):
        year, month = divmod(first.year * 12 + first.month - 1 + passed, 12)
        yield _weekday_in(year, month + 1, first.weekday(), nth_weekday(first))


def _weekday_in(year: int, month: int, weekday: int, nth: int) -> date:
    if nth > 0:
        start = date(year, month, 1)
        return start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * (nth - 1))
    following = date(year + month // 12, month % 12 + 1, 1)
    last = following - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)
