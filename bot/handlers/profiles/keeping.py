"""How an organisation's profile stands, and who is asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.people.keeping import keeper
from bot.rules.reminding.profiles import Profile
from storage.organisations import Organisation
from storage.profile_checks import ProfileCheck

DUTY: Final = "eccp-profile"  # a key of the charter's duties


def owner(ctx: Context, organisation: str, check: ProfileCheck | None) -> int | None:
    """Who is asked about an organisation's profile: who checked it last, if they are still of it
    and within reach."""
    people = {holder.person.id for holder in ctx.store.roles.of_organisation(organisation)}
    last = check.by if check and check.by in people and ctx.reached(check.by) else None
    return last or keeper(ctx, organisation)


def asks_for_profiles(ctx: Context) -> bool:
    """Whether the charter wants a profile on the platform that is looked after every year."""
    return any(duty.key == DUTY and duty.every == "year" for duty in ctx.charter.duties)


def here_since(ctx: Context) -> Mapping[str, datetime]:
    """Since when (UTC) each organisation (slug) has somebody here; without those that have nobody."""
    found: dict[str, datetime] = {}
    for holder in ctx.store.roles.standing():
        slug, since = holder.role.organisation, holder.role.since
        found[slug] = min(found.get(slug, since), since)
    return found


def profile_of(
    organisation: Organisation, check: ProfileCheck | None, here: Mapping[str, datetime]
) -> Profile | None:
    """How an organisation stands to its profile; None for one that has no vote, or nobody here (`here_since`)
    who could be asked. It is here since it joined, or since its first person came."""
    came = here.get(organisation.slug)
    if came is None or organisation.standing != "voting":
        return None
    since = came.astimezone(ZoneInfo(organisation.zone)).date()
    joined = organisation.joined_on or since
    return Profile(organisation.slug, check.checked_on if check else None, max(since, joined))
