"""Who of many is at work at a moment, and when most of them are (spec/engagement.md sections 2 and 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from bot.rules.attention import Waking, is_waking, next_waking
from bot.rules.clocks import first_moment

NOT_BEFORE = time(9)  # by the alliance's clock
MOST: Final = (4, 5)  # four of five people are most of them
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
LATER = timedelta(hours=13)  # longer than anybody works, shorter than the night after
LOOKED_AHEAD = 14  # days; then the best moment of these
ZONE: Final = "Europe/Brussels"


class Somewhere(Protocol):
    """Whoever reads by the clocks of a `zone` (IANA)."""

    @property
    def zone(self) -> str: ...


def off(wakings: Iterable[Waking], at: datetime) -> int:
    """How many of these people are not at work at a moment."""
    return sum(people for waking, people in Counter(wakings).items() if not is_waking(at, waking))


def next_common_opening(wakings: Iterable[Waking], at: datetime, zone: str = ZONE) -> datetime:
    """The first quarter-hour (UTC) from `at` on at which at least four of five of these people are at work,
    at 09:00 or later by the clocks of `zone`, the alliance's. Where they never are within two weeks it is the
    quarter-hour at which most of them are."""
    groups = Counter(wakings)
    needed, best = sum(groups.values()), (-1, at)
    for moment in _openings(groups, _quarter(at), zone):
        there = sum(people for waking, people in groups.items() if is_waking(moment, waking))
        if there * MOST[1] >= needed * MOST[0]:
            return moment
        best = best if best[0] >= there else (there, moment)
    return best[1]


def local_hours(readers: Iterable[Somewhere], at: datetime) -> Mapping[int, int]:
    """How many read at which hour of their own clocks what comes at a moment, from the earliest hour on."""
    zones = Counter(reader.zone for reader in readers)
    hours: Counter[int] = Counter()
    for zone, people in zones.items():
        hours[at.astimezone(ZoneInfo(zone)).hour] += people
    return dict(sorted(hours.items()))


def _openings(groups: Iterable[Waking], start: datetime, zone: str) -> Iterator[datetime]:
    """The quarter-hours at which there may be more people than before, none before 09:00: the first one, and
    each at which somebody's day begins, or 09:00 passes."""
    everyone, local = tuple(groups), ZoneInfo(zone)
    day = start.astimezone(local).date()
    for _ in range(LOOKED_AHEAD + 1):
        opens = max(start, _quarter(first_moment(datetime.combine(day, NOT_BEFORE), local)))
        day += DAY
        ends = first_moment(datetime.combine(day, time()), local)
        # who is at work at first and goes home may begin once more before the day ends here, far away
        begins = {_quarter(next_waking(at, waking)) for waking in everyone for at in (opens, opens + LATER)}
        yield from sorted(moment for moment in {opens, *begins} if opens <= moment < ends)


def _quarter(moment: datetime) -> datetime:
    """The first quarter-hour (UTC) from a moment on."""
    utc = moment.astimezone(UTC)
    past = timedelta(minutes=utc.minute % 15, seconds=utc.second, microseconds=utc.microsecond)
    return utc - past + (QUARTER if past else timedelta())
