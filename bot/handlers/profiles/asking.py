"""Which times an organisation was asked about its profile, as the deliveries have it (engagement.md 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.people.keeping import works
from bot.rules.reminding.profiles import DAY, TURNS, Profile, Turn, due_by, turn_on
from storage.deliveries import Delivery
from storage.organisations import Organisation
from storage.profile_checks import ProfileCheck

CHECK: Final = "profile check"
WENT: Final = ("sent", "folded", "attempting", "unknown")
TRIES_AGAIN: Final = timedelta(days=28)  # after one that never went: they wanted none, or were out of reach


def next_asked(
    ctx: Context, organisation: Organisation, check: ProfileCheck | None, profile: Profile, today: date
) -> tuple[Turn, str] | None:
    """The time that it is to be asked today and the key of that message; None while none is due, or one is on
    its way."""
    due = due_by(profile, today, works(organisation))
    if due is None:
        return None
    turn = turn_on(profile, today, _asked_on(ctx, organisation, check, due), works(organisation))
    if turn is None:
        return None
    before = tuple(_messages(ctx, organisation.slug, check, turn))
    if any(one.state == "queued" or one.not_before + TRIES_AGAIN > ctx.now for one in before):
        return None
    return turn, _key(organisation.slug, check, turn, len(before) + 1)


def was_asked_twice(
    ctx: Context, organisation: Organisation, check: ProfileCheck | None, profile: Profile, today: date
) -> bool:
    """Whether it was asked twice for the check that is due now, or for the one of the year before, and nobody
    has looked since."""
    due = due_by(profile, today, works(organisation))
    while due is not None and due + timedelta(days=366) + TRIES_AGAIN > today:
        if len(_asked_on(ctx, organisation, check, due)) == TURNS:
            return True
        due = due_by(profile, due - DAY, works(organisation))
    return False


def _asked_on(
    ctx: Context, organisation: Organisation, check: ProfileCheck | None, due: date
) -> tuple[date, ...]:
    """The days on which it was asked for the check that became due then."""
    zone, found = ZoneInfo(organisation.zone), []
    for number in range(1, TURNS + 1):
        went = [
            _went_at(one)
            for one in _messages(ctx, organisation.slug, check, Turn(due, number))
            if one.state in WENT
        ]
        if not went:
            break
        found.append(min(went).astimezone(zone).date())
    return tuple(found)


def _messages(ctx: Context, slug: str, check: ProfileCheck | None, turn: Turn) -> Iterator[Delivery]:
    """What was put on its way for one time, to whomever of the organisation: one message, and another for
    each that never went."""
    people = {holder.person.id for holder in ctx.store.roles.of_organisation(slug)}
    for time_ in count(1):
        key = _key(slug, check, turn, time_)
        kept = [one for who in people if (one := ctx.store.deliveries.by_key(f"{key}:{who}")) is not None]
        if not kept:
            return
        yield from kept


def _key(slug: str, check: ProfileCheck | None, turn: Turn, time_: int) -> str:
    since = check.checked_on.isoformat() if check else "never"
    return f"{CHECK}:{slug}:{since}:{turn.due.year}:{turn.number}:{time_}"


def _went_at(one: Delivery) -> datetime:
    return one.attempted_at or one.not_before
