"""Votes not yet cast are asked for twice at the most; a motion says what it needs (spec/decisions.md 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import chain, count
from typing import Any, Final

from bot.assembly.calendar import alliance_zone, calendar_of
from bot.assembly.standing import Standing, standing_of
from bot.commands import N_
from bot.context import Context
from bot.handlers.voting.owed import key_of
from bot.handlers.voting.reminders import DEADLINE, LAST_CALL, REMINDED, lacks, organisations_of
from bot.people.waking import away, waking_of
from bot.rules.attention import local_time
from bot.rules.clocks import first_moment
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import edit_until
from bot.rules.reminding.votes import Turn, due, turns
from bot.timetable import job
from storage.deliveries import Delivery

AHEAD = timedelta(hours=25)  # until the next time that it runs, on the longest day
EARLY, NINE = time(6), time(9)
MOST_LOOKED_BACK = 100  # days
KINDS: Final[dict[Turn, str]] = {"first": REMINDED, "last": LAST_CALL}
A_DAY, LAST_DAYS = timedelta(days=1), timedelta(days=2)


@job(
    N_("Votes"),
    N_("Reminds those who have not voted, twice at the most, and says what a motion still needs"),
    useful=timedelta(hours=12),
    tells=True,
    hour=5,
)
def remind_of_votes(ctx: Context, _slot: datetime) -> None:
    """What comes due before it runs again tomorrow: each organisation's reminders, and what a motion needs
    before a deadline."""
    for motion in ctx.store.motions.live():
        now = standing_of(ctx, motion)
        if now.phase == "open" and _is_near(motion, ctx.now):
            _remind(ctx, motion, now.missing)
        for about, at in _deadlines(ctx, now):
            _tell(ctx, now, about, at)


# ---- who has not voted ----


def _is_near(motion: Motion, now: datetime) -> bool:
    """Whether somebody's turn can come before this runs again: nobody's does before half of the time is over,
    but in the last two days."""
    half = motion.opens_at + (motion.closes_at - motion.opens_at) / 2
    return now + AHEAD >= min(half, motion.closes_at - LAST_DAYS)


def _remind(ctx: Context, motion: Motion, missing: tuple[str, ...]) -> None:
    """Each organisation is asked for its vote through one reader, at a moment of theirs, and whoever reads
    for several reads that once. What had its turn has none again, whoever read it."""
    voters = {slug: voters_in_order(ctx, slug) for slug in missing}
    coordinators = ctx.coordinators()
    everybody = tuple(dict.fromkeys((*(one for people in voters.values() for one in people), *coordinators)))
    for turn, kind in KINDS.items():
        before = {person: _asked_before(ctx, kind, motion.number, person) for person in everybody}
        asked = {
            slug
            for one in chain.from_iterable(before.values())
            if one.state != "skipped"  # they stopped it: nobody was asked
            for slug in organisations_of(one.values)
        }
        left = {slug: people for slug, people in voters.items() if slug not in asked}
        for person, slugs in _readers(ctx, left, coordinators, kind).items():
            waking = waking_of(ctx, person, "votes")
            found = turns(motion.opens_at, motion.closes_at, waking)
            at = due(found, motion.closes_at, waking, ctx.now, AHEAD).get(turn)
            if at is not None:
                key = _key(kind, motion.number, len(before[person]) + 1)
                ctx.notify(person, kind, key, _values(motion.number, slugs), at, until=motion.closes_at)


def _key(kind: str, motion: int, time_: int) -> str:
    """One reader's first notice of a kind about a motion, or the one after it: for other organisations."""
    return f"{kind}:{motion}:{time_}"


def _values(motion: int, slugs: list[str]) -> dict[str, Any]:
    first, *more = slugs
    return {"owed": key_of(motion, first), "motion": motion, "organisation": first, "more": more}


def _readers(
    ctx: Context, voters: Mapping[str, tuple[int, ...]], coordinators: tuple[int, ...], kind: str
) -> Mapping[int, list[str]]:
    """Who is asked, and for which organisations: the first of each who votes for it and can be asked, else a
    coordinator. Nobody where all who vote for it want no such message: then no coordinator either."""
    found: dict[int, list[str]] = {}
    for slug, people in voters.items():
        if people and all(_stopped(ctx, person, kind) for person in people):
            continue
        reader = next((one for one in (*people, *coordinators) if _is_there(ctx, one, kind)), None)
        if reader is not None:
            found.setdefault(reader, []).append(slug)
    return found


def voters_in_order(ctx: Context, slug: str) -> tuple[int, ...]:
    """Who votes for an organisation (slug): representatives first, then alternates, in the charter's order of
    roles (spec/decisions.md 4.4)."""
    order = {role.key: at for at, role in enumerate(ctx.charter.roles)}
    holders = [
        one for one in ctx.store.roles.of_organisation(slug) if ctx.charter.allows(one.role.role, "vote")
    ]
    holders.sort(key=lambda one: (order.get(one.role.role, len(order)), one.role.id))
    return tuple(dict.fromkeys(one.person.id for one in holders))


def _is_there(ctx: Context, person: int, kind: str) -> bool:
    """Whether somebody can be asked: within reach, not away, and they have not stopped it."""
    return (
        not _stopped(ctx, person, kind)
        and ctx.reached(person, "votes") is not None
        and away(ctx, person) is None
    )


def _stopped(ctx: Context, person: int, kind: str) -> bool:
    chosen = ctx.store.attention.of(person).get("votes")
    return kind in ctx.store.silenced.kinds(person) or (chosen is not None and chosen.pace == "off")


def _asked_before(ctx: Context, kind: str, motion: int, person: int) -> tuple[Delivery, ...]:
    """What somebody was queued of a kind about a motion already, whatever became of it."""
    found: list[Delivery] = []
    for time_ in count(1):
        one = ctx.store.deliveries.by_key(f"{_key(kind, motion, time_)}:{person}")
        if one is None:
            break
        found.append(one)
    return tuple(found)


# ---- a motion's deadlines ----


def _deadlines(ctx: Context, now: Standing) -> Iterator[tuple[str, datetime]]:
    """What a motion needs somebody for, and from when on (UTC) that is said; what is not near is left out.
    A day before the words are fixed, on the closing day, two working days before a result is final."""
    motion = now.motion
    for about in lacks(ctx, now):
        if about == "candidates":
            at = edit_until(motion) - A_DAY
        elif about == "quorum":
            at = _working_days_before(ctx, motion.closes_at, 0)
        else:  # of one that was made a moment ago they have just been told
            made = max(one.at for one in now.challenges if one.answer == "")
            at = max(_working_days_before(ctx, motion.final_at or made, 2), made + A_DAY)
        if at < ctx.now + AHEAD:
            yield about, at


def _working_days_before(ctx: Context, moment: datetime, days: int) -> datetime:
    """The early morning (UTC) of the day that lies so many working days before a moment."""
    calendar, zone = calendar_of(ctx), alliance_zone(ctx)
    day = moment.astimezone(zone).date()
    for _ in range(MOST_LOOKED_BACK):
        if days <= 0:
            break
        day -= A_DAY
        days -= calendar.is_working(day)
    return first_moment(datetime.combine(day, EARLY), zone)


def _tell(ctx: Context, now: Standing, about: str, at: datetime) -> None:
    motion, values = now.motion, {"motion": now.motion.number, "about": about}
    key = f"{DEADLINE}:{motion.number}:{about}:{len(now.challenges)}"
    proposer = (motion.proposer,) if about == "candidates" else ()
    until = motion.closes_at if about == "quorum" else None
    for person in dict.fromkeys((*proposer, *ctx.coordinators())):
        waking = waking_of(ctx, person, "votes")
        nine = next(
            (one for late in range(2) if (one := local_time(at + late * A_DAY, NINE, waking)) >= at), at
        )
        there = at if until is not None and nine >= until else nine
        ctx.notify(person, DEADLINE, key, values, max(there, ctx.now), until)
