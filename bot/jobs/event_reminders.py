"""Reminders of events: whom, and when. What they say stands in `bot/handlers/events/reminders.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from bot.commands import N_
from bot.context import Context
from bot.events.standing import hosts_people
from bot.handlers.events.logging import activity_kind, logged_as
from bot.handlers.events.reminders import COMING, DECIDE, JOIN, LOG_AGAIN, NUDGE, TOMORROW, comes_to
from bot.rules.attention import Waking
from bot.rules.events.moments import phase
from bot.rules.events.sessions import ends_at, sessions
from bot.rules.events.values import Event
from bot.rules.reminding.events import decide_at, join_at, log_again_at, nudge_at, tomorrow_at
from bot.rules.rsvp.values import Rsvp
from bot.timetable import job
from bot.waking import waking_of

AHEAD = timedelta(days=2)  # so long before its moment a reminder is on its way: then an outage costs none
BEFORE = timedelta(days=10)  # the first of all, a week before the start, and two days ahead of that
LONG_WEEKEND = timedelta(days=10)  # so much earlier than the day before a reminder can come
AFTER = timedelta(days=16)  # the last of all: ten days, and whatever holidays there are
LAST_HELPS = timedelta(days=14)


@job(
    N_("Event reminders"),
    N_("Reminds people of events: to answer, to come, to log what took place"),
    useful=timedelta(hours=12),
    tells=True,
    hour="6-18/2",
    minute=5,
)
def event_reminders(ctx: Context, slot: datetime) -> None:  # noqa: ARG001 - what is due is so whenever it is asked
    """Every reminder of the next two days is put on its way, each once. What becomes of the event or of the
    answer meanwhile is looked at when it is sent."""
    known: dict[int, Waking] = {}
    for event in ctx.store.events.around(ctx.now - AFTER, ctx.now + BEFORE):
        if phase(event, ctx.now) == "over":
            _log_again(ctx, event, known)
        else:
            for own in ctx.store.rsvps.of_event(event.number, ("invited", "maybe", *COMING)):
                _remind(ctx, event, own, known)


def _remind(ctx: Context, event: Event, own: Rsvp, known: dict[int, Waking]) -> None:
    queue = partial(_queue, ctx, event, own.person)
    if own.state == "invited":
        queue(NUDGE, nudge_at(event, _waking(ctx, own.person, known)), event.starts_at)
    elif own.state == "maybe":
        at = decide_at(event, own.answered_at, _waking(ctx, own.person, known))
        queue(DECIDE, at, event.starts_at)
    else:
        for starts_at, over_at in _near_sessions(ctx, event, own):
            at = tomorrow_at(starts_at, own.answered_at, _waking(ctx, own.person, known))
            queue(TOMORROW, at, starts_at, starts_at)
            link_at = join_at(starts_at, own.answered_at) if event.link and own.state != "offered" else None
            if link_at is not None:  # also late: whoever has no link can't come
                queue(JOIN, max(ctx.now, link_at), over_at, starts_at)


def _near_sessions(ctx: Context, event: Event, own: Rsvp) -> Iterator[tuple[datetime, datetime]]:
    """When each session begins and ends (UTC) that is not over, of those of which somebody may hear now."""
    until = ctx.now + AHEAD + LONG_WEEKEND
    for one in sessions(event):
        if ctx.now < one.ends_at and one.starts_at < until and comes_to(event, own, one.starts_at):
            yield one.starts_at, one.ends_at


def _queue(
    ctx: Context,
    event: Event,
    person: int,
    kind: str,
    at: datetime | None,
    until: datetime,
    starts_at: datetime | None = None,
) -> None:
    """Once for each session of each time of the event; an invitation is repeated once, however often the
    event moves: then people are told of that, and may answer there."""
    if at is None or not ctx.now <= at < min(until, ctx.now + AHEAD):
        return
    session = starts_at or event.starts_at
    turn = "" if kind == NUDGE else f":{event.sequence}:{session.isoformat()}"
    values = {"event": event.number, "sequence": event.sequence, "starts": session.isoformat()}
    ctx.notify(person, kind, f"{kind}:{event.number}{turn}", values, at, until)


def _log_again(ctx: Context, event: Event, known: dict[int, Waking]) -> None:
    """The host's people are given the log twice more: then nobody asks again."""
    if event.not_countable or not activity_kind(ctx, event) or logged_as(ctx, event) is not None:
        return
    for person in hosts_people(ctx, event):
        first, last = log_again_at(event, _waking(ctx, person, known))
        for turn, at, until in ((1, first, last), (2, last, last + LAST_HELPS)):
            if ctx.now <= at < ctx.now + AHEAD:
                key = f"{LOG_AGAIN}:{event.number}:{ends_at(event).isoformat()}:{turn}"
                values = {"event": event.number, "last": turn == 2}
                ctx.notify(person, LOG_AGAIN, key, values, at, until)


def _waking(ctx: Context, person: int, known: dict[int, Waking]) -> Waking:
    if person not in known:
        known[person] = waking_of(ctx, person)
    return known[person]
