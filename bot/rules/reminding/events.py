"""When people are reminded of an event, by their own clocks (spec/engagement.md section 2)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.rules.attention import Waking, earlier, next_waking
from bot.rules.clocks import first_moment, shown
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event

NUDGED_AT: Final = time(9, 30)
NUDGE_DAYS: Final = 7  # before the start
DECIDE_DAYS: Final = 3  # before the start
KNOWN_FOR: Final = timedelta(hours=72)  # a nudge repeats nothing that was said less long ago
JUST_SAID: Final = timedelta(hours=24)  # who said maybe so short a time ago is not asked to decide
JOINS: Final = timedelta(minutes=15)  # before a session
LOGS: Final = timedelta(hours=2)  # after the end
LOG_DAYS: Final = (3, 10)  # after the end


def nudge_at(event: Event, waking: Waking, invited_at: datetime | None = None) -> datetime | None:
    """When somebody who was invited (then, or as it was announced) and has not answered is asked once more
    (UTC): at half past nine, seven days before the start, or at their next opening. None where they were
    invited, or it was moved, less than 72 hours before that; so for everything at short notice."""
    day = shown(event.starts_at, ZoneInfo(waking.zone)).date() - timedelta(days=NUDGE_DAYS)
    wanted = first_moment(datetime.combine(day, NUDGED_AT), ZoneInfo(waking.zone))
    moment = next_waking(wanted, waking)
    said = event.changed_at if event.sequence else event.created_at
    said = max(said, invited_at or said)
    return moment if said + KNOWN_FOR <= moment < event.starts_at else None


def decide_at(event: Event, answered_at: datetime, waking: Waking) -> datetime | None:
    """When somebody who answered maybe at that moment is asked to decide (UTC): three days before the start,
    or at their next opening. None for who said it within a day of that, or later."""
    moment = next_waking(days_on(event.starts_at, -DECIDE_DAYS, waking.zone), waking)
    return moment if answered_at + JUST_SAID <= moment < event.starts_at else None


def tomorrow_at(starts_at: datetime, heard_at: datetime, waking: Waking) -> datetime | None:
    """When somebody who comes is reminded of a session that starts then (UTC): at that time on the day
    before, moved earlier into their waking hours. None for who answered, or heard of a move, later than
    that: they know."""
    moment = earlier(days_on(starts_at, -1, waking.zone), waking)
    return moment if heard_at <= moment else None


def join_at(starts_at: datetime, heard_at: datetime) -> datetime | None:
    """When somebody who comes gets the link to a session that starts then (UTC), whatever the hour. None for
    who answered, or heard of a move, later than that: the link is in what they read."""
    moment = starts_at - JOINS
    return moment if heard_at <= moment else None


def log_at(event: Event) -> datetime:
    """When the host's people are given the log, filled in (UTC): two hours after the last session."""
    return ends_at(event) + LOGS


def log_again_at(event: Event, waking: Waking) -> tuple[datetime, datetime]:
    """When they are given it once more, and for the last time (UTC): three and ten days after the last
    session, at their next opening."""
    first, last = (next_waking(days_on(ends_at(event), days, waking.zone), waking) for days in LOG_DAYS)
    return first, last


def days_on(moment: datetime, days: int, zone: str) -> datetime:
    """The moment (UTC) at which the clocks of a zone show the same time so many days later, or earlier for
    less than none; where they jump over it, the moment of the jump."""
    return first_moment(shown(moment, ZoneInfo(zone)) + timedelta(days=days), ZoneInfo(zone))
