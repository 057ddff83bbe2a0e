"""The weekly line: each organisation sees what was logged in its name (spec/engagement.md 5.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.counting import host_of
from bot.messages import Button, Reply
from bot.notices import Values, notice
from bot.rules.indicators import hosts
from bot.timetable import job
from storage.activities import Activity

KIND = "weekly line"
EDITS = "edit_activities"
USEFUL = timedelta(days=2)
NINE = time(9)  # in each reader's own zone (spec/engagement.md section 2)
WEEK = timedelta(days=7)
MOST = 5  # lines with a tap of their own


@dataclass(frozen=True)
class Week:
    """What was logged for one organisation in a week: the activities, and who of the alliance wrote there
    (person ids)."""

    organisation: str
    activities: tuple[Activity, ...]
    writers: frozenset[int]


@job(
    N_("Weekly line"),
    N_("Shows each organisation what was logged in its name last week"),
    useful=USEFUL,
    tells=True,
    day_of_week="mon",
    hour=7,
    minute=30,
)
def tell_organisations(ctx: Context, slot: datetime) -> None:
    """One private notice for each of an organisation's people who may edit, at nine on that Monday where
    they are. Who logged all of it alone knows it already. Somebody of two organisations gets one notice.
    Run by hand it is the latest Monday's line, for who has not had it; the coming Monday's still comes."""
    monday = slot.date() - timedelta(days=slot.weekday())
    meant: dict[int, dict[str, list[int]]] = {}
    for week in _weeks(ctx, monday, ZoneInfo(ctx.zone)):
        numbers = [one.record.id for one in week.activities]
        for person in ctx.people_of(week.organisation, EDITS):
            if week.writers - {person}:
                meant.setdefault(person, {})[week.organisation] = numbers
    for person, logged in meant.items():
        ctx.notify(
            person, KIND, f"weekly:{monday.isoformat()}", {"logged": logged}, _nine(ctx, person, monday)
        )


def still_due(ctx: Context, values: Values) -> bool:
    """Whether the reader still acts for one of the organisations, and something of it still stands."""
    return bool(_standing(ctx, values))


def weekly_in_short(ctx: Context, values: Values) -> Reply:
    """For how many of their activities of last week a digest asks: one line, one tap."""
    standing = _standing(ctx, values)
    number, names = sum(map(len, standing.values())), [ctx.short_name(slug) for slug in standing]
    every = Button(N_("Look at them"), "activities", {"of": next(iter(standing))})
    return Reply("weekly_in_short", {"number": number, "organisations": names}, (every,))


@notice(
    KIND,
    N_("Weekly line"),
    N_("You get this because you keep your organisation's list of activities."),
    still_due=still_due,
    useful=USEFUL,
    theme="activities",
    line=weekly_in_short,
)
def weekly_line(ctx: Context, values: Values) -> Reply:
    """What was logged, as it stands now: five lines at most, each with a tap for what isn't right."""
    standing = _standing(ctx, values)
    every = [(organisation, one) for organisation, listed in standing.items() for one in listed]
    shown = every[:MOST]
    groups = [
        {
            "organisation": ctx.short_name(slug),
            "lines": [_line(ctx, at, one) for at, (of, one) in enumerate(shown, 1) if of == slug],
        }
        for slug in dict.fromkeys(of for of, _ in shown)
    ]
    more = every[MOST:]
    rest = (Button(N_("All of them"), "activities", {"of": more[0][0]}),) if more else ()
    taps = (_not_right(ctx, at, one, len(every)) for at, (_, one) in enumerate(shown, 1))
    return Reply("weekly_line", {"groups": groups, "more": len(more)}, (*taps, *rest))


def _weeks(ctx: Context, monday: date, zone: ZoneInfo) -> Iterator[Week]:
    """What was logged, or changed by its own people, for each organisation in the seven days before a
    Monday began. A co-host's tap or question is no logging."""
    first, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (monday - WEEK, monday))
    found: dict[str, list[tuple[Activity, frozenset[int]]]] = {}
    own = {slug: {h.person.id for h in ctx.store.roles.of_organisation(slug)} for slug in ctx.organisations}
    for activity, versions in ctx.store.activities.written(first, end):
        host = host_of(activity.record)
        writers = frozenset(one.by for one in versions if one.version == 1 or one.by in own[host])
        if writers and activity.record.state != "withdrawn":
            found.setdefault(host, []).append((activity, writers))
    for host, listed in found.items():
        yield Week(
            host,
            tuple(activity for activity, _ in listed),
            frozenset(writer for _, writers in listed for writer in writers),
        )


def _nine(ctx: Context, person: int, monday: date) -> datetime:
    kept = ctx.store.persons.get(person)
    try:
        zone = ZoneInfo(kept.zone if kept and kept.zone else ctx.zone)
    except (KeyError, ValueError, OSError):  # a name that this machine's tables do not have
        zone = ZoneInfo(ctx.zone)
    return datetime.combine(monday, NINE, zone).astimezone(UTC)


def _standing(ctx: Context, values: Values) -> dict[str, list[Activity]]:
    """The activities that still stand, of the organisations for which the reader may still edit."""
    hats, standing = ctx.hats(EDITS), {}
    for organisation, numbers in values["logged"].items():
        kept = [ctx.store.activities.get(number) for number in numbers] if organisation in hats else []
        if stands := [one for one in kept if one is not None and one.record.state != "withdrawn"]:
            standing[organisation] = stands
    return standing


def _line(ctx: Context, at: int, activity: Activity) -> dict[str, Any]:
    record = activity.record
    return {
        "at": at,
        "title": record.title,
        "kind": ctx.translate(ctx.charter.activity_kind(record.kind).label),
        "day": record.day.isoformat(),
        "others": [ctx.short_name(slug) for slug in hosts(record)[1:]],
    }


def _not_right(ctx: Context, at: int, activity: Activity, of: int) -> Button:
    label = N_("Not right")
    number = {"number": str(activity.record.id)}
    return Button(label if of == 1 else f"{ctx.translate(label)}: {at}", "activity", number)
