"""When a member is at work: by the clock where they are, without weekends and their country's holidays."""

from __future__ import annotations

from bot.context import COORDINATING, Context
from bot.public_holidays import is_free
from bot.rules.attention import Waking


def waking_of(ctx: Context, person: int) -> Waking:
    """When somebody is at work: by their zone, and the public holidays of their organisation's country."""
    known = ctx.store.persons.get(person)
    organisation = ctx.organisations.get(organisation_of(ctx, person))
    zone = (known.zone if known else "") or (organisation.zone if organisation else "")
    countries = frozenset({organisation.country} if organisation and organisation.country else ())
    return Waking(zone or ctx.charter.alliance.zone, is_free(countries))


def organisation_of(ctx: Context, person: int, hosts: tuple[str, ...] = ()) -> str:
    """Whose seat somebody takes (slug): of several organisations one of the `hosts`, so that nobody of the
    host counts as come from elsewhere (5.1); else the first by name, "" for nobody's."""
    roles = ctx.store.roles.of_person(person)
    worn = {role.organisation for role in roles if role.organisation != COORDINATING}
    return min(worn & set(hosts) or worn, default="")
