"""What people are reminded of around an event: put on its way where their answer, or the event, is written.

A job does the same every two hours for what comes due by itself. What they say stands in
`bot/handlers/events/reminders.py`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.context import Context
from bot.people.waking import waking_of
from bot.rules.attention import Waking
from bot.rules.events.moments import phase
from bot.rules.events.sessions import sessions
from bot.rules.events.values import Event
from bot.rules.reminding.events import decide_at, join_at, nudge_at, tomorrow_at
from bot.rules.rsvp.values import Rsvp, State

TOMORROW: Final = "event tomorrow"
JOIN: Final = "event join link"
NUDGE: Final = "event nudge"
DECIDE: Final = "event decide"
COMING: Final[tuple[State, ...]] = ("going", "offered", "attended")
REMINDED: Final[tuple[State, ...]] = ("invited", "maybe", *COMING)
AHEAD: Final = timedelta(days=2)  # so long before its moment a reminder is on its way
LONG_WEEKEND: Final = timedelta(days=10)  # so much earlier than the day before a reminder can come
BEFORE: Final = timedelta(days=12)  # of what begins later nobody is reminded yet
LEAST_LEFT: Final = timedelta(hours=1)  # before the start: so late a reminder still helps
OVER: Final = ("over", "cancelled")
TOLD: Final = "no longer due"  # kept, so that nobody else puts it on its way
Known = dict[int, Waking]


def remind(
    ctx: Context,
    event: Event,
    own: Rsvp,
    known: Known | None = None,
    *,
    other_link: bool = False,
    just_told: bool = False,
) -> None:
    """Every reminder of the next two days that one person's answer asks for is put on its way, each once; one
    whose moment was missed goes now, as long as it helps and they have not heard of it otherwise. What
    becomes of the event or of the answer meanwhile is looked at when it is sent. `known` are working hours by
    person that were looked up already; `other_link`: the link is another one, which nobody was told;
    `just_told`: they are told at this moment that they have a seat, and when and where."""
    if own.state not in REMINDED or event.starts_at > ctx.now + BEFORE or phase(event, ctx.now) in OVER:
        return
    hours = known if known is not None else {}
    if own.state in COMING:
        _of_sessions(ctx, event, own, hours, other_link, just_told)
        return
    waking, heard = _waking(ctx, own.person, hours), _heard(event, own)
    values = {"event": event.number, "sequence": event.sequence, "starts": event.starts_at.isoformat()}
    if own.state == "invited":  # repeated once, however often the event moves: of that they are told
        at = nudge_at(event, waking, own.answered_at)
        if at is not None and at + AHEAD > ctx.now:
            _queue(ctx, own.person, NUDGE, f"{NUDGE}:{event.number}", values, at, event.starts_at)
    else:
        key = f"{DECIDE}:{event.number}:{event.sequence}:{event.starts_at.isoformat()}"
        at = decide_at(event, heard, waking)
        _queue(ctx, own.person, DECIDE, key, values, at, event.starts_at - LEAST_LEFT)


def remind_all(ctx: Context, event: Event, known: Known | None = None, *, other_link: bool = False) -> None:
    """The same for everybody whom an event concerns."""
    if event.starts_at > ctx.now + BEFORE or phase(event, ctx.now) in OVER:
        return
    hours = known if known is not None else {}
    for own in ctx.store.rsvps.of_event(event.number, REMINDED):
        remind(ctx, event, own, hours, other_link=other_link)


def comes_to(event: Event, own: Rsvp | None, starts_at: datetime) -> bool:
    """Whether somebody means to come to the session that starts then, or is held a seat. Who came to one
    comes to those after it, unless they gave back their seats."""
    if own is None or own.state not in COMING or own.gave_back:
        return False
    return own.state != "attended" or starts_at > event.starts_at


def way_in(event: Event) -> str:
    """What tells one link of an event from another, without saying it."""
    return f"{zlib.crc32(event.link.encode()):08x}" if event.link else ""


def _of_sessions(
    ctx: Context, event: Event, own: Rsvp, known: Known, other_link: bool, just_told: bool
) -> None:
    """The day before each session that is near, and the link to it. A session keeps its reminders wherever
    the event moves, as long as it begins at that time."""
    for starts_at, over_at in _near_sessions(ctx, event, own):
        starts = starts_at.isoformat()
        values, heard = {"event": event.number, "starts": starts}, _heard(event, own)
        at = tomorrow_at(starts_at, heard, _waking(ctx, own.person, known))
        key = f"{TOMORROW}:{event.number}:{starts}"
        before = len(ctx.told)
        _queue(ctx, own.person, TOMORROW, key, values, at, starts_at - LEAST_LEFT, starts_at)
        if just_told and at is not None and at <= ctx.now:
            ctx.told[before:] = [replace(one, state="skipped", says=TOLD) for one in ctx.told[before:]]
        if event.link and own.state != "offered":
            at = join_at(starts_at, starts_at - AHEAD if other_link else heard)
            link = {**values, "link": way_in(event)}
            key = f"{JOIN}:{event.number}:{starts}:{way_in(event)}"
            _queue(ctx, own.person, JOIN, key, link, at, over_at)


def _near_sessions(ctx: Context, event: Event, own: Rsvp) -> Iterator[tuple[datetime, datetime]]:
    """When each session begins and ends (UTC) that is not over, of those of which somebody may hear now."""
    until = ctx.now + BEFORE
    for one in sessions(event):
        if ctx.now < one.ends_at and one.starts_at < until and comes_to(event, own, one.starts_at):
            yield one.starts_at, one.ends_at


def _queue(
    ctx: Context,
    person: int,
    kind: str,
    key: str,
    values: dict[str, Any],
    at: datetime | None,
    helps_until: datetime,
    until: datetime | None = None,
) -> None:
    """Once for each `key`: at its moment, or now if that was missed and it still helps."""
    if at is None or at >= ctx.now + AHEAD:
        return
    then = max(at, ctx.now)
    if then < helps_until:
        ctx.notify(person, kind, key, values, then, until or helps_until)


def _heard(event: Event, own: Rsvp) -> datetime:
    """When somebody last read when and where it is: as they answered, or as it was moved."""
    return max(own.answered_at, event.changed_at) if event.sequence else own.answered_at


def _waking(ctx: Context, person: int, known: Known) -> Waking:
    if person not in known:
        known[person] = waking_of(ctx, person)
    return known[person]
