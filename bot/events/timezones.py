"""A time zone as calendars read it (RFC 5545, 3.6.5): when its clocks change around events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from bot.rules.events.sessions import nth_weekday

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # by the clocks there


@dataclass(frozen=True, slots=True)
class Change:
    """The clocks of a zone change at `at`, by the clocks before it; offsets are ahead of UTC."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str


class Yearly(NamedTuple):
    """A day of the year, as the nth of its weekday (Monday is 0) in a month, -1 for the last."""

    month: int
    weekday: int
    nth: int


@lru_cache(maxsize=256)
def timezone(zone: str, first: int, last: int) -> Timezone:
    """The VTIMEZONE of a zone (IANA), right from year `first` to year `last`: as yearly rules where its
    clocks follow such, which every client reads; else each change by itself."""
    first, last = first - 1, last + 1
    part = Timezone()
    part.add("TZID", zone)
    kinds = _alike(_changes(ZoneInfo(zone), first, last))
    rules = [rule for alike in kinds if (rule := _yearly(alike, first, last))]
    if kinds and len(rules) == len(kinds):
        for alike, rule in zip(kinds, rules, strict=True):
            part.add_component(_observance(replace(alike[0], at=_first_ever(rule, alike[0].at)), rule))
        return part
    part.add_component(_before_all(ZoneInfo(zone), first))
    for change in sorted(chain.from_iterable(kinds), key=lambda one: one.at):
        part.add_component(_observance(change))
    return part


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    """Every change of its clocks in those years, in order."""
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + timedelta(days=1)
        if _offset(zone, at) != _offset(zone, following):
            moment = _moment(zone, at, following)
            before, after = _offset(zone, moment - timedelta(seconds=1)), _offset(zone, moment)
            name = moment.astimezone(zone).tzname() or zone.key
            yield Change(moment.replace(tzinfo=None) + before, before, after, name)
        at = following


def _moment(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second from which the offset is the one of `after`."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _offset(zone, middle) == _offset(zone, after):
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _alike(changes: Iterable[Change]) -> list[list[Change]]:
    """Changes between the same two offsets, together."""
    kinds: dict[tuple[timedelta, timedelta, str], list[Change]] = {}
    for change in changes:
        kinds.setdefault((change.before, change.after, change.name), []).append(change)
    return list(kinds.values())


def _yearly(alike: Sequence[Change], first: int, last: int) -> Yearly | None:
    """The day on which the clocks change so each year ("last Sunday in March"), None if there is no rule."""
    if [one.at.year for one in alike] != list(range(first, last + 1)):
        return None
    if len({(one.at.month, one.at.weekday(), one.at.time()) for one in alike}) > 1:
        return None
    counted = {nth_weekday(one.at.date()) for one in alike}
    if all((one.at + timedelta(days=7)).month != one.at.month for one in alike):
        counted = {-1}
    if len(counted) > 1:
        return None
    return Yearly(alike[0].at.month, alike[0].at.weekday(), counted.pop())


def _first_ever(rule: Yearly, at: datetime) -> datetime:
    """That day in 1970, as calendars write it: some readers look at what the clocks said in the year 2000."""
    month = [ALWAYS.replace(month=rule.month) + timedelta(days=day) for day in range(31)]
    days = [day for day in month if (day.month, day.weekday()) == (rule.month, rule.weekday)]
    return datetime.combine(days[rule.nth if rule.nth < 0 else rule.nth - 1], at.time())


def _before_all(zone: ZoneInfo, year: int) -> TimezoneStandard | TimezoneDaylight:
    start = datetime(year, 1, 1, tzinfo=UTC)
    offset = _offset(zone, start)
    return _observance(Change(ALWAYS, offset, offset, start.astimezone(zone).tzname() or zone.key))


def _observance(change: Change, rule: Yearly | None = None) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    part.add("DTSTART", change.at)
    part.add("TZOFFSETFROM", change.before)
    part.add("TZOFFSETTO", change.after)
    part.add("TZNAME", change.name)
    if rule:
        by_day = f"{rule.nth}{WEEKDAYS[rule.weekday]}"
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": rule.month, "BYDAY": by_day})
    return part
