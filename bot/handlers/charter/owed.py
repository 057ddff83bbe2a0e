"""What is owed to the charter's dates: the Partnership Agreement, the yearly renewal (Preamble, Art. 8).

Facts only, and only ahead of a date: of one that is past the coordinator is asked once (`first_dates`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from bot.assembly.agreement import recorded_agreement
from bot.assembly.calendar import alliance_zone, calendar_of
from bot.assembly.founding import About, agreement_due, agreement_motions, founding, running_renewal, term
from bot.charter.decisions import DecisionKind
from bot.commands import N_
from bot.context import COORDINATING, Context
from bot.handlers.charter.agreement import START
from bot.handlers.charter.renewal import PROPOSE
from bot.handlers.proposing.proposing import homes_of
from bot.messages import Button
from bot.people.duties import Owed, duty
from bot.rules.clocks import first_moment
from bot.rules.reminding.countdown import Countdown, Takes, countdown

AGREEMENT: Final[About] = "agreement"
RENEWAL: Final[About] = "renewal"
KINDS: Final[dict[About, DecisionKind]] = {AGREEMENT: "charter_amendment", RENEWAL: "annual_renewal"}
TAPS: Final[dict[About, tuple[Button, ...]]] = {
    AGREEMENT: (START, Button(N_("The agreement"), "agreement")),
    RENEWAL: (PROPOSE, Button(N_("The renewal"), "renewal")),
}
MEMBERS_TURN = (
    1  # of the countdown's reminders: coordinators are told from the first on, members from the second
)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date of the charter that is ahead, about which nothing is proposed yet, and how it counts down."""

    about: About
    counted: Countdown

    @property
    def key(self) -> str:
        """Its name for ever: another year's renewal is another one."""
        return f"{self.about}:{self.counted.last.isoformat()}"


@duty(AGREEMENT)
def agreement_owed(ctx: Context) -> Iterator[Owed]:
    """The Partnership Agreement, while nothing about it is proposed or recorded (Preamble): owed by
    coordinators, and by whoever may propose it for a founder."""
    yield from _owed(ctx, AGREEMENT)


@duty(RENEWAL)
def renewal_owed(ctx: Context) -> Iterator[Owed]:
    """The renewal for another year, while it is not proposed (Art. 8): owed by coordinators, and by whoever
    may propose it for a member."""
    yield from _owed(ctx, RENEWAL)


def ahead(ctx: Context, about: About) -> Ahead | None:
    """The date that is ahead and how it counts down; None where it is past, something about it is proposed,
    or the calendar leaves no room for a vote."""
    day = _day(ctx, about)
    if day is None or day < ctx.counting_day:
        return None
    rule = ctx.charter.decision(KINDS[about])
    takes = Takes(rule.discussion_days, rule.voting_days, rule.challenge_days)
    try:
        return Ahead(about, countdown(day, takes, calendar_of(ctx)))
    except ValueError:
        return None


def hats_for(ctx: Context, about: About) -> tuple[str, ...]:
    """For whom the caller may begin it: slugs of members (the agreement: founders), "" for the alliance."""
    if about == RENEWAL:
        return homes_of(ctx, KINDS[about])
    founders = {one.slug for one in ctx.members if one.founding}
    whole = (COORDINATING,) if ctx.may("propose", COORDINATING) else ()
    return (*(slug for slug in ctx.hats("propose") if slug in founders), *whole)


def _owed(ctx: Context, about: About) -> Iterator[Owed]:
    hats = hats_for(ctx, about)
    found = ahead(ctx, about) if hats else None
    if found is None:
        return
    turn = found.counted.turn(ctx.counting_day)
    if turn is None or (turn < MEMBERS_TURN and COORDINATING not in hats):
        return
    last, begins = found.counted.last, found.counted.begins
    in_time = ctx.counting_day <= begins
    values = {"about": about, "day": last.isoformat(), "begins": begins.isoformat(), "in_time": in_time}
    yield Owed(about, found.key, "owed/date_ahead", values, TAPS[about], _end_of(ctx, begins, last))


def _day(ctx: Context, about: About) -> date | None:
    if about == AGREEMENT:
        settled = agreement_motions(ctx) or recorded_agreement(ctx)
        return None if settled or founding(ctx).in_force is None else agreement_due(ctx)
    return None if running_renewal(ctx) else term(ctx).until


def _end_of(ctx: Context, begins: date, last: date) -> datetime:
    """Until when it is owed: the day by which it has to begin, or once that is past the last one."""
    at = time.fromisoformat(ctx.charter.calendar.deadline_time)
    moment = first_moment(datetime.combine(begins, at), alliance_zone(ctx))
    return moment if moment > ctx.now else first_moment(datetime.combine(last, at), alliance_zone(ctx))
