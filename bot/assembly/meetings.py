"""General Assemblies: which one is next, who is there, and whether that is enough (Art. 5(1))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.charter import Charter
from bot.context import Context
from bot.in_force import charter_of, version_at
from bot.rules.decisions.majorities import quorum_condition
from bot.rules.decisions.values import Condition, Counts
from storage.meetings import Attendance, Meeting

DOORS = timedelta(hours=1)  # before the start: from then on "we are here" is more than a plan
LINGERS = timedelta(days=1)  # for so long after its start it is still the next one

There = Literal["present", "remote", "coming", "apologies", ""]


@dataclass(frozen=True, slots=True)
class Turnout:
    """How each organisation that votes takes part (slug → how; "" where nothing was said), and whether those
    that are there make a quorum: None where the rules ask for none."""

    there: dict[str, There]
    quorum: Condition | None

    def those(self, *how: There) -> tuple[str, ...]:
        """The organisations that take part like this."""
        return tuple(slug for slug, said in self.there.items() if said in how)


def next_meeting(ctx: Context) -> Meeting | None:
    """The General Assembly that is called and comes first, or is under way; None if none is called."""
    called = (one for one in ctx.store.meetings.all() if one.state == "called")
    return min(
        (one for one in called if one.starts_at + LINGERS > ctx.now),
        key=lambda one: (one.starts_at, one.number),
        default=None,
    )


def last_meeting(ctx: Context, before: Meeting | None = None) -> Meeting | None:
    """The newest General Assembly that was held; with `before` the newest ahead of that one."""
    held = (one for one in ctx.store.meetings.all() if one.state == "held")
    return max(
        (one for one in held if before is None or _order(one) < _order(before)), key=_order, default=None
    )


def day_of(meeting: Meeting) -> date:
    """The day of a meeting, in the zone in which it was called: the alliance's."""
    return meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date()


def year_ends(charter: Charter, day: date) -> date:
    """The last day of the alliance's year that a day belongs to."""
    month, first = charter.year_starts
    return date(charter.year_of(day) + 1, month, first) - timedelta(days=1)


def voting_members(ctx: Context) -> tuple[str, ...]:
    """The organisations that have their vote now, by slug."""
    votes = {one.key for one in ctx.charter.classes if one.votes}
    every = ctx.store.organisations.all()  # one that was admitted a moment ago, too
    return tuple(sorted(one.slug for one in every if one.standing == "voting" and one.member_class in votes))


def turnout(ctx: Context, meeting: Meeting, members: Iterable[str]) -> Turnout:
    """How these organisations take part in a meeting. The quorum is that of an ordinary resolution, by the
    charter of the meeting's day (spec/decisions.md 2 and 6)."""
    said = {one.organisation: _there(meeting, one) for one in ctx.store.meetings.attendance(meeting.number)}
    there: dict[str, There] = {slug: said.get(slug, "") for slug in members}
    version = version_at(ctx.store, day_of(meeting))
    rule = charter_of(version).decision("ordinary_resolution").rule("ordinary_resolution", version.version)
    here = sum(how in ("present", "remote") for how in there.values())
    return Turnout(there, quorum_condition(rule.quorum, Counts(len(there), for_=here)))


def _there(meeting: Meeting, said: Attendance) -> There:
    if said.how == "apologies":
        return "apologies"
    return said.how if said.at >= meeting.starts_at - DOORS else "coming"


def _order(meeting: Meeting) -> tuple[date, int]:
    return day_of(meeting), meeting.number
