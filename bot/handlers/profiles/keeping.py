"""Who looks after what an organisation owes, when it works, and how its profile stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.duties import as_person, in_one_line, still_owed
from bot.notices import Renders, StillDue, Values
from bot.public_holidays import is_free
from bot.rules.clocks import first_moment
from bot.rules.membership import FIRST_ROLE
from bot.rules.reminding.profiles import Profile, Works
from bot.waking import waking_of
from storage.organisations import Organisation
from storage.profile_checks import ProfileCheck

DUTY: Final = "eccp-profile"  # a key of the charter's duties
KEEPING: Final = ("cluster-manager", FIRST_ROLE)  # roles that look after what an organisation owes, in order
EDITS: Final = "edit_activities"
NINE = time(9)  # in each reader's own zone (spec/engagement.md section 2)
SATURDAY = 5


def keeper(ctx: Context, organisation: str) -> int | None:
    """The one person of an organisation who is asked for what it owes: its cluster manager, else its
    representative, else whoever keeps its list of activities; of those the first who is within reach."""
    holders = [
        holder
        for holder in ctx.store.roles.of_organisation(organisation)
        if ctx.charter.allows(holder.role.role, EDITS)
    ]
    order = {role: at for at, role in enumerate(KEEPING)}
    ranked = sorted(holders, key=lambda one: order.get(one.role.role, len(order)))
    people = tuple(dict.fromkeys(holder.person.id for holder in ranked))
    return next((one for one in people if ctx.reached(one)), next(iter(people), None))


def owner(ctx: Context, organisation: str, check: ProfileCheck | None) -> int | None:
    """Who is asked about an organisation's profile: who checked it last, if they are still of it."""
    people = {holder.person.id for holder in ctx.store.roles.of_organisation(organisation)}
    return check.by if check and check.by in people else keeper(ctx, organisation)


def works(organisation: Organisation) -> Works:
    """A function that says whether an organisation works on a day: by the holidays of its country."""
    free = is_free(frozenset({organisation.country} - {""}))
    return lambda day: day.weekday() < SATURDAY and not free(day)


def at_nine(ctx: Context, person: int, day: date) -> datetime:
    """Nine o'clock of that day where somebody is (UTC)."""
    return first_moment(datetime.combine(day, NINE), ZoneInfo(waking_of(ctx, person).zone))


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


def whose(ctx: Context, values: Values) -> Context:
    """The same moment for the one whose duty a notice is about: its reader, or who is away and for whom the
    reader stands in (engagement.md 2)."""
    away = values.get("stands_for")
    return (as_person(ctx, away) if away else None) or ctx


def is_theirs(kind: str) -> StillDue:
    """For a notice about something that an organisation owes (`values["owed"]` is its key): whether whose
    duty it is still owes it, and the reader may do it."""
    return lambda ctx, values: (
        still_owed(whose(ctx, values), kind, values["owed"]) is not None
        and ctx.may(EDITS, values["organisation"])
    )


def line_of(kind: str) -> Renders:
    """For such a notice: how a digest says it."""
    return lambda ctx, values: in_one_line(kind)(whose(ctx, values), values)
