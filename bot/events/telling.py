"""Who is told what of an event. What it says is rendered when sent (`bot/handlers/events/`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.context import Context
from bot.events.mailed import mail_seat
from bot.people.waking import habits_of, waking_of
from bot.rules.attention import Wish, next_waking, verdict
from bot.rules.attention.moments import LONGEST_JITTER
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event
from storage.deliveries import Delivery

INVITED: Final = "event invitation"
SEAT: Final = "event seat"  # a seat is free, was held too long, or went to somebody else
LAST_CALL: Final = "event last seats"
MOVED: Final = "event moved"
CANCELLED: Final = "event cancelled"
CO_HOST: Final = "event co-host"  # an organisation was put down as one
ENDED: Final = "event log"
QUESTIONS: Final = "event questions"
SHARED: Final = "event shared"
AHEAD: Final = timedelta(hours=48)  # a change that is read so long before the start may wait (section 2)
LONGEST_TURN: Final = timedelta(days=21)  # a message waits less long for its turn, holidays and all
COMING: Final = ("going", "offered", "waitlisted", "maybe")


def on_its_way(ctx: Context, kind: str, number: int, person: int, key: str = "") -> Delivery | None:
    """The notice of that kind about an event, by its number, that a person has not been sent yet."""
    waits = kept_notice(ctx, kind, number, person, key)
    return waits if waits is not None and waits.state == "queued" else None


def kept_notice(ctx: Context, kind: str, number: int, person: int, key: str = "") -> Delivery | None:
    """What became of the notice that `notify_event` queued for a person under this key; None for none."""
    return ctx.store.deliveries.by_key(f"{kind}:{number}:{key}:{person}")


def notify_event(
    ctx: Context,
    kind: str,
    event: Event,
    persons: Iterable[int],
    key: str = "",
    at: datetime | None = None,
    **values: Any,
) -> None:
    """A notice about an event to each of these persons, once for each `key`; at that moment (UTC) or now. Its
    values are the event's number and `values`, plain JSON. What it says of a seat, calendars hear too."""
    for person in dict.fromkeys(persons):
        ctx.notify(person, kind, f"{kind}:{event.number}:{key}", {"event": event.number, **values}, at)
        if kind == SEAT and values["what"] in ("going", "released"):
            mail_seat(ctx, event, person)


def begins_before_work(ctx: Context, values: Mapping[str, Any]) -> bool:
    """Whether an event begins before the reader is at work: then word of it comes at any hour."""
    waking = waking_of(ctx, ctx.person.id)
    return _begins(ctx, values) <= next_waking(ctx.now, waking) + timedelta(minutes=LONGEST_JITTER)


def can_wait(ctx: Context, values: Mapping[str, Any]) -> bool:
    """Whether a change may take its turn among other messages: as long as it is read two days before the
    start even so (section 2, "event changes <48 h"). Who switched events off and yet comes hears of it."""
    habits = habits_of(ctx, ctx.person.id, "events")
    then = verdict(Wish("events", ctx.now), habits, ctx.charter.attention.budget, ctx.now)
    if then.at is None:
        own = ctx.store.rsvps.get(values["event"], ctx.person.id)
        return own is None or own.state not in COMING
    return _begins(ctx, values) - AHEAD > then.at


def comes_in_time(ctx: Context, values: Mapping[str, Any]) -> bool:
    """Whether an invitation may take its turn among other messages: as long as it is read before the start
    even so. One that would come later is worth nothing, and goes at once (section 2). Who switched events
    off, or is away, is not disturbed for it."""
    left = _begins(ctx, values) - ctx.now
    if left > LONGEST_TURN:
        return True
    habits = habits_of(ctx, ctx.person.id, "events")
    then = verdict(Wish("events", ctx.now), habits, ctx.charter.attention.budget, ctx.now)
    return then.at is None or then.why == "away" or then.at - ctx.now < left


def _begins(ctx: Context, values: Mapping[str, Any]) -> datetime:
    """When an event begins for those who hear of it (UTC): the earlier start of one that is moved."""
    if "begins" in values:
        return datetime.fromisoformat(values["begins"])
    event = ctx.store.events.get(values["event"])
    return session_at(event, ctx.now).starts_at if event is not None else ctx.now
