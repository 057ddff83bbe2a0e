"""`/eccp`: how an organisation's profile stands, what to look at, and that it is right (engagement.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.commands import N_, Day, Link, OneOrganisation, Text, command
from bot.context import Context
from bot.handlers.profiles.keeping import here_since, profile_of
from bot.handlers.profiles.owed import COORDINATES, described, not_checked, profile_taps
from bot.messages import Ask, Button, Choice, Refusal, Reply, filled
from bot.people.keeping import EDITS, works
from bot.rules.reminding.profiles import Profile, state, years_after
from storage.organisations import Organisation
from storage.profile_checks import ProfileCheck

MOST = 3  # own organisations with taps
HIDDEN = Annotated[str, Text(hidden=True)]
ORGANISATION = Annotated[str, OneOrganisation(hidden=True)]
DAY = Day("past", ask=N_("On which day did you look at it?"), label=N_("Day"))
LINK = Link(ask=N_("Where is the profile? Send me its address."), label=N_("Address of the profile"))
HINT = N_("It begins with https://")


@command(
    "eccp",
    N_("Your profile on the European Cluster Collaboration Platform"),
    may="see_activities",
    example="/eccp",
    aliases=("eccp profile", "our profile"),
    reads=True,
)
def eccp(
    ctx: Context,
    for_: Annotated[str, OneOrganisation(lead=("for",), label=N_("For which organisation"))] = "",
) -> Reply:
    """The profile of each of the caller's organisations: its address, the last check, how that stands, and
    what is worth a look. The coordinator also sees who was asked twice; nobody else does. Raises Refusal for
    somebody else's organisation."""
    ctx.in_private()
    if for_ and not ctx.may("see_activities", for_):
        raise Refusal("not_for_organisation", "for", organisation=ctx.short_name(for_))
    checks, here = ctx.store.profile_checks.latest(), here_since(ctx)
    own = (for_,) if for_ else ctx.hats("see_activities")
    coordinates = ctx.may(COORDINATES) and not for_
    voting = [one for one in ctx.members if one.standing == "voting"] if coordinates else []
    values = {
        "profiles": [_shown(ctx, ctx.organisations[slug], checks.get(slug), here) for slug in own],
        "coordinates": coordinates,
        "members": len(voting),
        "current": [_shown(ctx, one, checks.get(one.slug), here)["state"] for one in voting].count("current"),
        "unchecked": not_checked(ctx, checks, here) if coordinates else [],
    }
    return Reply("eccp", values, _taps(ctx, own, checks))


@command("eccp checked", N_("Say that the profile is up to date"), may=EDITS, hidden=True)
def eccp_checked(
    ctx: Context,
    organisation: ORGANISATION,
    day: Annotated[date | None, DAY] = None,
    link: Annotated[str, LINK] = "",
    what: HIDDEN = "",
) -> Reply:
    """Somebody of the organisation looked at its profile on a day, and it is right. Its address is kept from
    the last time. Raises the Ask for what is missing; Refusal for another's organisation, and for a day that
    is still to come."""
    if not ctx.may(EDITS, organisation):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    if day is None:
        today = Choice(N_("Today"), {"day": ctx.today.isoformat()})
        raise Ask("day", "question", (today,), question=DAY.ask, hint="")
    if day > ctx.today:
        raise Refusal("profile_day_ahead", "day", day=day.isoformat())
    kept = ctx.store.profile_checks.latest().get(organisation)
    link = link or ("" if what == "link" or kept is None else kept.link)
    if not link:
        raise Ask("link", "question", question=LINK.ask, hint=HINT)
    ctx.store.profile_checks.add(organisation, link, day, ctx.person.id, ctx.now)
    values = {
        "organisation": ctx.short_name(organisation),
        "on": day.isoformat(),
        "link": link,
        "again": again.isoformat() if (again := years_after(day, 1)) > ctx.today else "",
    }
    given = {"organisation": organisation, "day": day.isoformat(), "what": "link"}
    return Reply(
        "eccp_checked",
        values,
        (Button(N_("Another address"), "eccp checked", given), Button(N_("Our profile"), "eccp")),
        replace=True,
    )


def _shown(
    ctx: Context, organisation: Organisation, check: ProfileCheck | None, came: Mapping[str, datetime]
) -> dict[str, Any]:
    """One profile, with how it stands and when it is asked about next."""
    here = ctx.now.astimezone(ZoneInfo(organisation.zone)).date()
    profile = profile_of(organisation, check, came)
    if profile is None:  # nobody of it is here yet, or it has no vote
        profile = Profile(organisation.slug, check.checked_on if check else None, here)
    return {
        **described(ctx, organisation, check),
        "state": state(profile, here, works(organisation)),
        "again": years_after(check.checked_on, 1).isoformat() if check else "",
    }


def _taps(ctx: Context, own: tuple[str, ...], checks: Mapping[str, ProfileCheck]) -> tuple[Button, ...]:
    """For one organisation both taps; for several one each, by name."""
    mine = [slug for slug in own if ctx.may(EDITS, slug)][:MOST]
    if len(mine) != 1:
        return tuple(
            replace(
                profile_taps(slug, checks.get(slug))[0],
                label=filled(N_("Checked: {organisation}"), organisation=ctx.short_name(slug)),
            )
            for slug in mine
        )
    check = checks.get(mine[0])
    return profile_taps(mine[0], check)[: 2 if check and check.link else 1]
