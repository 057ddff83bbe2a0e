"""Co-hosts who did not answer are asked once more after seven days (spec/engagement.md 2 and 5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.cohosts_reminders import CONFIRMS, REMINDED
from bot.handlers.counting import unanswered
from bot.people.keeping import at_nine, keeper
from bot.timetable import job
from storage.activities import Activity

AFTER: Final = timedelta(days=7)
CAUGHT_UP: Final = timedelta(days=4)  # so long after its day it is still asked
LOOKED_BACK: Final = AFTER + CAUGHT_UP + timedelta(days=2)


@job(
    N_("Open confirmations"),
    N_("Asks co-hosts once more, seven days after they were asked"),
    useful=timedelta(hours=12),
    tells=True,
    hour=5,
)
def remind_of_confirmations(ctx: Context, slot: datetime) -> None:
    """The one person who looks after it in each organisation, at nine where they are; whatever it was asked
    on one day is one message. Nobody is asked a third time."""
    today = slot.date()
    for (slug, asked_on), numbers in _asked(ctx).items():
        person = _person(ctx, slug)
        if person is not None and asked_on + AFTER <= today <= asked_on + AFTER + CAUGHT_UP:
            values = {"organisation": slug, "activities": numbers}
            at = at_nine(ctx, person, asked_on + AFTER)
            ctx.notify(person, REMINDED, f"{REMINDED}:{slug}:{asked_on}", values, at)


def _asked(ctx: Context) -> Mapping[tuple[str, date], list[int]]:
    """What was written lately and still waits for a tap: by organisation, and by the day on which it was
    asked (the alliance's clock)."""
    found: dict[tuple[str, date], list[int]] = {}
    for one, _ in ctx.store.activities.written(ctx.now - LOOKED_BACK, ctx.now):
        if one.record.state != "withdrawn":
            for slug in unanswered(one.record):
                found.setdefault((slug, _asked_on(ctx, one, slug)), []).append(one.record.id)
    return found


def _asked_on(ctx: Context, activity: Activity, organisation: str) -> date:
    """When it was first put down as co-host, or put down anew with no answer given since."""
    at = activity.logged_at
    if activity.version > 1:
        for version in reversed(ctx.store.activities.versions(activity.record.id)):
            if organisation not in unanswered(version.record):
                break
            at = version.at
    return at.astimezone(ZoneInfo(ctx.zone)).date()


def _person(ctx: Context, organisation: str) -> int | None:
    """Who looks after it, else the first who may answer."""
    people = ctx.people_of(organisation, CONFIRMS)
    kept = keeper(ctx, organisation)
    return kept if kept in people else next(iter(people), None)
