"""A profile check that is due: "profile" among what is owed (spec/engagement.md sections 2 and 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.profiles.asking import was_asked_twice
from bot.handlers.profiles.keeping import asks_for_profiles, here_since, owner, profile_of
from bot.messages import Button
from bot.people.duties import Owed, duty
from bot.people.keeping import EDITS, works
from bot.rules.reminding.profiles import due_by
from storage.organisations import Organisation
from storage.profile_checks import ProfileCheck

PROFILE: Final = "profile"
COORDINATES: Final = "keep_assembly"  # who sees how all profiles stand


@duty(PROFILE, deputy_may=EDITS)
def profiles_owed(ctx: Context) -> Iterator[Owed]:
    """The checks of which the caller is asked, each until somebody looked; for the coordinator those that
    were asked for twice, as one."""
    if not asks_for_profiles(ctx):
        return
    checks, here = ctx.store.profile_checks.latest(), here_since(ctx)
    for slug in sorted({role.organisation for role in ctx.roles} & ctx.organisations.keys()):
        found = _owed(ctx, ctx.organisations[slug], checks.get(slug), here)
        if found is not None:
            yield found
    listed = not_checked(ctx, checks, here) if ctx.may(COORDINATES) else []
    if listed:
        values = {"names": [one["name"] for one in listed]}
        key = f"{PROFILE}::{ctx.today.year}"
        yield Owed(PROFILE, key, "owed/profiles", values, (Button(N_("Who and since when"), "eccp"),))


def key_of(organisation: str, year: int) -> str:
    """What a check that became due in that year is known by."""
    return f"{PROFILE}:{organisation}:{year}"


def not_checked(
    ctx: Context, checks: Mapping[str, ProfileCheck], here: Mapping[str, datetime]
) -> list[dict[str, str]]:
    """The voting members that were asked twice and did not look, by short name: `name`, and `on` is the day
    of the last check, "" for none."""
    found = []
    for one in ctx.members:
        check = checks.get(one.slug)
        profile = profile_of(one, check, here)
        if profile is not None and was_asked_twice(ctx, one, check, profile, ctx.today):
            found.append({"name": one.short_name, "on": check.checked_on.isoformat() if check else ""})
    return found


def described(ctx: Context, organisation: Organisation, check: ProfileCheck | None) -> dict[str, Any]:
    """A profile in the words of a template."""
    return {
        "organisation": ctx.short_name(organisation.slug),
        "on": check.checked_on.isoformat() if check else "",
        "link": check.link if check else "",
    }


def profile_taps(slug: str, check: ProfileCheck | None) -> tuple[Button, ...]:
    """Saying that it is right, and a look at it, or at what is to be looked at."""
    look = (
        Button(N_("Open it"), url=check.link)
        if check and check.link
        else Button(N_("What to look at"), "eccp", {"for": slug})
    )
    return (Button(N_("It's up to date"), "eccp checked", {"organisation": slug}), look)


def _owed(
    ctx: Context, organisation: Organisation, check: ProfileCheck | None, here: Mapping[str, datetime]
) -> Owed | None:
    slug, zone = organisation.slug, ZoneInfo(organisation.zone)
    profile = profile_of(organisation, check, here)
    due = due_by(profile, ctx.now.astimezone(zone).date(), works(organisation)) if profile else None
    if due is None or owner(ctx, slug, check) != ctx.person.id:
        return None
    values = described(ctx, organisation, check)
    taps = profile_taps(slug, check)
    return Owed(PROFILE, key_of(slug, due.year), "owed/profile", values, taps, organisation=slug)
