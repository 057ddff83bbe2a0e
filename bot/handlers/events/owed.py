"""What waits for somebody's word around an event: "event decide", "event log" among what is owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from bot.commands import N_
from bot.context import COORDINATING, Context
from bot.events.standing import seats_of
from bot.handlers.events.answers import answer_taps
from bot.handlers.events.ended_notices import is_to_log
from bot.handlers.events.logging import activity_kind, last_day
from bot.handlers.rsvp.own_answers import timed
from bot.messages import Button, Reply
from bot.people.duties import Owed, duty
from bot.rules.events.moments import phase
from bot.rules.events.values import Event
from bot.rules.reminding.events import DECIDE_DAYS
from bot.rules.rsvp.promoting import free
from bot.rules.rsvp.values import Rsvp

DECIDE: Final = "event decide"
LOG: Final = "event log"
SOON = timedelta(days=DECIDE_DAYS)
LOGGED_WITHIN = timedelta(days=90)  # what is older counts for nobody's next report


@duty(DECIDE)
def decisions_owed(ctx: Context) -> Iterator[Owed]:
    """Each event to which the caller may come, from three days before its start, while it has a seat."""
    if not ctx.may("answer_events"):
        return
    for own in ctx.store.rsvps.of_person(ctx.person.id):
        event = ctx.store.events.get(own.event) if own.state == "maybe" else None
        if event is None or phase(event, ctx.now) != "coming" or ctx.now < event.starts_at - SOON:
            continue
        if has_room(ctx, event, own):
            key = f"{DECIDE}:{event.number}:{event.sequence}"
            taps = decide_taps(event)
            yield Owed(DECIDE, key, "owed/event_decide", said(ctx, event), taps, event.starts_at)


@duty(LOG)
def logs_owed(ctx: Context) -> Iterator[Owed]:
    """Each event of the last three months that the caller's organisation hosted and has not logged, nor said
    that there is nothing to log; the coordinators' for what the alliance hosted."""
    hats = (*ctx.hats("log_activities"), COORDINATING)
    for event in ctx.store.events.around(ctx.now - LOGGED_WITHIN, ctx.now):
        if event.host in hats and _is_to_log(ctx, event):
            line = logs_line(ctx, event)
            key = f"{LOG}:{event.number}"
            yield Owed(LOG, key, line.template, line.values, line.buttons, organisation=event.host)


def has_room(ctx: Context, event: Event, own: Rsvp) -> bool:
    """Whether somebody said maybe, and could have a seat."""
    if own.state != "maybe":
        return False
    left = free(seats_of(event, ctx.now), ctx.store.rsvps.taken(event.number), own.organisation)
    return left is None or left >= own.seats


def said(ctx: Context, event: Event) -> dict[str, Any]:
    """An event in one line."""
    return timed(ctx, event)


def decide_taps(event: Event) -> tuple[Button, ...]:
    """Going, or not."""
    going, _, no = answer_taps(event)
    return going, no


def logs_line(ctx: Context, event: Event) -> Reply:
    """An event that is not logged, in one line."""
    values = {"title": event.title, "day": last_day(event).isoformat(), "host": ctx.short_name(event.host)}
    return Reply("owed/event_log", values, log_taps(event))


def log_taps(event: Event) -> tuple[Button, ...]:
    """The taps that log an event, or say that there is nothing to log."""
    number = {"event": str(event.number)}
    return (
        Button(N_("Log it"), "log event", number),
        Button(N_("Change it first"), "log event", {**number, "what": "ask"}),
        Button(N_("Nothing to log"), "not countable", number),
    )


def _is_to_log(ctx: Context, event: Event) -> bool:
    return bool(activity_kind(ctx, event)) and is_to_log(ctx, {"event": event.number})
