"""When an organisation that has not voted is reminded: twice at the most (spec/decisions.md 4.4 and 4.12).

Once at half of the voting time, on a morning of whoever reads it, and once as a last call: on the morning of
the closing day, or a day before a close in the morning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.rules.attention import Waking, day_of, earlier, is_waking
from bot.rules.clocks import first_moment, shown

Turn = Literal["first", "last"]
NINE, NOON = time(9), time(12)
DAY: Final = timedelta(days=1)
LEAST_LEFT: Final = timedelta(hours=4)  # from a last call to the close
SETTLING: Final = timedelta(hours=12)  # from the opening, of which they are told, to the last call
BETWEEN: Final = timedelta(hours=20)  # the two reminders, and the opening and the first of them
LOOKED_AHEAD: Final = 30  # days


@dataclass(frozen=True, slots=True)
class Turns:
    """The moments (UTC) at which one reader is reminded of a vote; None for a turn that would come too close
    to something else, or for which they have no waking hour."""

    first: datetime | None
    last: datetime | None


def turns(opens: datetime, closes: datetime, waking: Waking) -> Turns:
    """When somebody with these waking hours is reminded of a vote that opens and closes then (UTC)."""
    last = _last_call(opens, closes, waking)
    first = _morning(opens + (closes - opens) / 2, waking)
    fits = first is not None and opens + BETWEEN <= first <= (last or closes) - BETWEEN
    return Turns(first if fits else None, last)


def due(
    found: Turns, closes: datetime, waking: Waking, now: datetime, ahead: timedelta
) -> dict[Turn, datetime]:
    """The turn that comes before `now + ahead`, and when (UTC), while voting is open: at its moment, or on
    the next waking morning if the bot was down then. A first one that would be late for the last call is left
    out. Nothing is due once the vote is closed."""
    if found.last is not None and found.last < now + ahead:
        last = _late(found.last, now, waking)
        return {"last": last} if last is not None and last < closes else {}
    if found.first is None or found.first >= now + ahead:
        return {}
    first = found.first if found.first >= now else _morning(now, waking)
    fits = first is not None and first <= (found.last or closes) - BETWEEN
    return {"first": first} if first is not None and fits else {}


def _last_call(opens: datetime, closes: datetime, waking: Waking) -> datetime | None:
    morning = first_moment(datetime.combine(day_of(closes, waking.zone), NINE), ZoneInfo(waking.zone))
    in_time = is_waking(morning, waking) and closes - morning >= LEAST_LEFT
    found = morning if in_time else earlier(closes - DAY, waking)
    return found if found >= opens + SETTLING and is_waking(found, waking) else None


def _morning(moment: datetime, waking: Waking) -> datetime | None:
    """The first waking moment from this one on between nine and noon, by their clocks; None for who has
    none in a month."""
    zone = ZoneInfo(waking.zone)
    if NINE <= shown(moment, zone).time() < NOON and is_waking(moment, waking):
        return moment.astimezone(UTC)
    day: date = day_of(moment, waking.zone)
    for ahead in range(LOOKED_AHEAD):
        nine = first_moment(datetime.combine(day + ahead * DAY, NINE), zone)
        if nine >= moment and is_waking(nine, waking):
            return nine
    return None


def _late(at: datetime, now: datetime, waking: Waking) -> datetime | None:
    """The moment of a last call, or now if it is past and they are at work; None if they aren't any more."""
    if at >= now:
        return at
    return now.astimezone(UTC) if is_waking(now, waking) else _morning(now, waking)
