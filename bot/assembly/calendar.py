"""The Assembly's calendar: the working days of all members' countries (spec/decisions.md 6)."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from bot.charter import month_and_day
from bot.context import Context
from bot.people.public_holidays import is_free
from bot.rules.decisions.dates import WorkCalendar

WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4}


def calendar_of(ctx: Context) -> WorkCalendar:
    """The days on which notice runs and votes end, by the charter's calendar and every member's holidays."""
    rules = ctx.charter.calendar
    countries = frozenset(one.country for one in ctx.members if one.standing == "voting" and one.country)
    return WorkCalendar(
        zone=ctx.charter.alliance.zone,
        deadline_weekdays=frozenset(WEEKDAYS[day] for day in rules.deadline_weekdays),
        deadline_time=time.fromisoformat(rules.deadline_time),
        quiet=tuple((month_and_day(one.first), month_and_day(one.last)) for one in rules.quiet_periods),
        free=is_free(countries),
    )


def alliance_zone(ctx: Context) -> ZoneInfo:
    """The zone by which the Assembly's days are counted."""
    return ZoneInfo(ctx.charter.alliance.zone)
