"""When a member is at work, and how they want to be written to (spec/engagement.md section 2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.context import COORDINATING, Context
from bot.people.public_holidays import is_free
from bot.rules.attention import Habits, Waking, day_of
from storage.attention import Absence
from storage.organisations import Organisation

AUGUST = 8
EVENTS = "events"  # the theme that a quiet August leaves alone


def waking_of(ctx: Context, person: int, theme: str = EVENTS) -> Waking:
    """When somebody is at work: by their zone, else their platform's, their organisation's or the
    alliance's, and the public holidays of their organisation's country; without August for who wants that,
    but for events."""
    organisation = ctx.organisations.get(organisation_of(ctx, person))
    free = is_free(frozenset({organisation.country} if organisation and organisation.country else ()))
    if theme != EVENTS and ctx.store.attention.quiet_august(person):
        free = or_august(free)
    hours = ctx.charter.attention
    return Waking(
        _zone(ctx, person, organisation),
        free,
        time.fromisoformat(hours.opens),
        time.fromisoformat(hours.closes),
    )


def zone_of_person(ctx: Context, person: int) -> str:
    """By whose clocks somebody lives (IANA): what they chose, else what their platform says, else their
    organisation's, else the alliance's (spec/engagement.md section 2)."""
    return _zone(ctx, person, ctx.organisations.get(organisation_of(ctx, person)))


def habits_of(ctx: Context, person: int, theme: str, but: int = 0) -> Habits:
    """How somebody wants to be written to about a theme, and what they had this week already; the delivery
    of this number (`but`) left out."""
    waking = waking_of(ctx, person, theme)
    absence = ctx.store.attention.absence(person)
    chosen = ctx.store.attention.of(person)
    return Habits(
        waking,
        {key: one.pace for key, one in chosen.items()},
        ctx.store.deliveries.had(person, ctx.now - timedelta(days=8), but),
        absence.until if absence else None,
        person,
        absence.begins if absence else None,
    )


def absence_of(ctx: Context, person: int) -> Absence | None:
    """The absence of somebody who is away today; None for who is there."""
    absence = noted_absence(ctx, person)
    return absence if absence is not None and absence.begins is None else None


def noted_absence(ctx: Context, person: int) -> Absence | None:
    """The absence of somebody that is not over by their own clocks: today's, which `begins` with None, or the
    one that lies ahead."""
    absence = ctx.store.attention.absence(person)
    if absence is None:
        return None
    today = day_of(ctx.now, zone_of_person(ctx, person))
    if today > absence.until:
        return None
    ahead = absence.begins is not None and absence.begins > today
    return absence if ahead else replace(absence, begins=None)


def away(ctx: Context, person: int) -> int | None:
    """Who stands in for somebody who is away today: a person's number, 0 if nobody does (any more); None for
    who is there."""
    absence = absence_of(ctx, person)
    if absence is None or absence.deputy is None:
        return None if absence is None else 0
    return absence.deputy if may_stand_in(ctx, absence.deputy, person) else 0


def may_stand_in(ctx: Context, deputy: int, person: int) -> bool:
    """Whether two people act for one organisation, or both for the alliance."""
    roles = ctx.store.roles
    return not {one.organisation for one in roles.of_person(deputy)}.isdisjoint(
        one.organisation for one in roles.of_person(person)
    )


def organisation_of(ctx: Context, person: int, hosts: tuple[str, ...] = ()) -> str:
    """Whose seat somebody takes (slug): of several organisations one of the `hosts`, so that nobody of the
    host counts as come from elsewhere (5.1); else the first by name, "" for nobody's."""
    own = ctx.identity.person is not None and ctx.identity.person.id == person
    roles = ctx.roles if own else ctx.store.roles.of_person(person)
    worn = {role.organisation for role in roles if role.organisation != COORDINATING}
    return min(worn & set(hosts) or worn, default="")


def _zone(ctx: Context, person: int, organisation: Organisation | None) -> str:
    own = ctx.identity.person
    known = own if own is not None and own.id == person else ctx.store.persons.get(person)
    if known and is_zone(known.zone):
        return known.zone
    hints = (one.account.zone for one in ctx.store.accounts.of_person(person))
    near = (*hints, organisation.zone if organisation else "")
    return next(filter(is_zone, near), ctx.charter.alliance.zone)


@lru_cache(maxsize=256)
def is_zone(name: str) -> bool:
    """Whether it is a zone that we know: what a platform says need not be one."""
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (KeyError, ValueError, OSError):
        return False


def or_august(free: Callable[[date], bool]) -> Callable[[date], bool]:
    """The same free days, and all of August."""
    return lambda day: day.month == AUGUST or free(day)
