"""Moments as people write them: a day and a time, understood in the person's zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.commands.days import LONGEST, YEARS, Direction, day_in
from bot.commands.values import Reading

_TIME = re.compile(r"(?P<at>(?:^|\s)(?:at|@|alle(?:\s+ore)?|(?:la\s+)?or[ae]|a\s+las?|la|[aà]s?|um|"
                   r"o(?:\s+godz(?:\.|inie)?)?|plkst\.?)\s*)?"
                   r"(?:(?<=\s)|(?<=@)|^)(?P<hour>\d{1,2})(?:(?P<sign>[:.h])(?P<minute>\d{2}))?\s*"
                   r"(?P<half>am|pm|h|uhr)?$", re.IGNORECASE | re.ASCII)  # fmt: skip


def moment_in(text: str, direction: Direction, reading: Reading) -> datetime | None:
    """The moment (UTC) that `text` names: a day and a time in the person's zone ("12 May 14:00", "tomorrow
    at 9", "17h30"), or ISO text with its own offset. A time alone is the next one, or for the past the
    last."""
    zone = ZoneInfo(reading.zone)
    if (iso := _iso_moment(text, zone)) is not None:
        return iso if iso.year in YEARS else None
    clock = _TIME.search(text.strip())
    if not clock or (at := _clock(clock)) is None:
        return None
    hour, minute = at
    rest = text.strip()[: clock.start()].strip(" ,")
    day = day_in(rest, direction, reading) if rest else reading.today
    if day is None:
        return None
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    if not rest and direction == "future" and moment < reading.now:
        moment += timedelta(days=1)
    if not rest and direction == "past" and moment > reading.now:
        moment -= timedelta(days=1)
    return moment.astimezone(UTC)


def is_time(text: str) -> bool:
    """Whether `text` is a time of the day and nothing else: "14h", "at 9", "17:30"."""
    clock = _TIME.search(text.strip())
    return clock is not None and clock.start() == 0 and _clock(clock) is not None


def trailing_moment(words: Sequence[str], direction: Direction, reading: Reading) -> int:
    """How many words at the end of `words` are a day with a time; 0 for none."""
    for count in range(min(LONGEST + 3, len(words)), 0, -1):
        text = " ".join(words[-count:])
        if _iso_moment(text, ZoneInfo(reading.zone)):
            return count
        clock = _TIME.search(text)
        if (
            clock
            and day_in(text[: clock.start()], direction, reading)
            and moment_in(text, direction, reading)
        ):
            return count
    return 0


def _iso_moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text.strip(), re.ASCII):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _clock(clock: re.Match[str]) -> tuple[int, int] | None:
    """Hour and minute; None where the words name no time for sure, or none that there is."""
    hour, minute = _hour(clock), int(clock["minute"] or 0)
    named = clock["at"] or clock["minute"] or clock["half"]
    return (hour, minute) if named and hour <= 23 and minute <= 59 else None


def _hour(clock: re.Match[str]) -> int:
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if half in ("am", "pm"):
        return hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 24
    return hour
