"""Who is asked for what an organisation owes, and when it works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.people.public_holidays import is_free
from bot.people.waking import waking_of
from bot.rules.clocks import first_moment
from bot.rules.membership import FIRST_ROLE
from storage.organisations import Organisation

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


def works(organisation: Organisation) -> Callable[[date], bool]:
    """A function that says whether an organisation works on a day: by the holidays of its country."""
    free = is_free(frozenset({organisation.country} - {""}))
    return lambda day: day.weekday() < SATURDAY and not free(day)


def at_nine(ctx: Context, person: int, day: date) -> datetime:
    """Nine o'clock of that day where somebody is (UTC)."""
    return first_moment(datetime.combine(day, NINE), ZoneInfo(waking_of(ctx, person).zone))
