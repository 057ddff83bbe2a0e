"""When a member is at work, and how they want to be written to (spec/engagement.md section 2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from bot.context import COORDINATING, Context
from bot.public_holidays import is_free
from bot.rules.attention import Habits, Waking, day_of

AUGUST = 8
EVENTS = "events"  # the theme that a quiet August leaves alone


def waking_of(ctx: Context, person: int, theme: str = EVENTS) -> Waking:
    """When somebody is at work: by their zone, else their platform's, their organisation's or the
    alliance's, and the public holidays of their organisation's country; without August for who wants that,
    but for events."""
    known = ctx.store.persons.get(person)
    organisation = ctx.organisations.get(organisation_of(ctx, person))
    zone = (known.zone if known else "") or _zone_of_accounts(ctx, person)
    zone = zone or (organisation.zone if organisation else "") or ctx.charter.alliance.zone
    free = is_free(frozenset({organisation.country} if organisation and organisation.country else ()))
    if theme != EVENTS and ctx.store.attention.quiet_august(person):
        free = _or_august(free)
    hours = ctx.charter.attention
    return Waking(zone, free, time.fromisoformat(hours.opens), time.fromisoformat(hours.closes))


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
    )


def away(ctx: Context, person: int) -> int | None:
    """Who stands in for somebody who is away today: a person's number, 0 if nobody does; None for who is
    there."""
    absence = ctx.store.attention.absence(person)
    if absence is None or day_of(ctx.now, waking_of(ctx, person).zone) > absence.until:
        return None
    return absence.deputy or 0


def organisation_of(ctx: Context, person: int, hosts: tuple[str, ...] = ()) -> str:
    """Whose seat somebody takes (slug): of several organisations one of the `hosts`, so that nobody of the
    host counts as come from elsewhere (5.1); else the first by name, "" for nobody's."""
    roles = ctx.store.roles.of_person(person)
    worn = {role.organisation for role in roles if role.organisation != COORDINATING}
    return min(worn & set(hosts) or worn, default="")


def _zone_of_accounts(ctx: Context, person: int) -> str:
    accounts = ctx.store.accounts.of_person(person)
    return next((one.account.zone for one in accounts if one.account.zone), "")


def _or_august(free: Callable[[date], bool]) -> Callable[[date], bool]:
    return lambda day: day.month == AUGUST or free(day)
