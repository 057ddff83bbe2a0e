"""A seat becomes free: it goes to the next in line, is held for them, or goes to the first tap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.context import Context
from bot.events.standing import changed, seats_of, waking_of
from bot.events.telling import LAST_CALL, SEAT, notify_event
from bot.rules.events.moments import is_last_call
from bot.rules.events.values import Event
from bot.rules.rsvp.holding import held_until
from bot.rules.rsvp.promoting import free, promoted
from bot.rules.rsvp.values import Rsvp


def has_limit(event: Event) -> bool:
    """Whether there can be a line at all: only where seats are counted."""
    return event.capacity is not None or event.per_organisation is not None


def promote(ctx: Context, event: Event) -> tuple[Rsvp, ...]:
    """All seats that are free go to the line in one pass, and whoever got one is told; the answers that this
    changed. The caller holds the event. From two hours before the start nobody moves up any more: the whole
    line is told, and the first tap gets the seat (engagement.md section 1)."""
    line = ctx.store.rsvps.line(event.number)
    if not line:
        return ()
    if is_last_call(event, ctx.now):
        tell_line(ctx, event, line, f"free:{ctx.now.isoformat()}")
        return ()
    seats = seats_of(event, ctx.now)

    def until(waiting: Rsvp) -> datetime:
        return held_until(ctx.now, seats.starts_at, waking_of(ctx, waiting.person))

    moved = promoted(seats, ctx.store.rsvps.taken(event.number), line, ctx.now, until)
    for one in moved:
        ctx.store.rsvps.write(one)
        tell_seat(ctx, event, one, "offer" if one.state == "offered" else "going")
    if moved:
        changed(ctx, event)
    return moved


def tell_seat(ctx: Context, event: Event, rsvp: Rsvp, what: str) -> None:
    """One person hears what became of their seat, `rsvp` being their answer while it was held: "going" (it is
    theirs), "offer" (held for an answer), "back" (held too long, back in line), "out" (held too long twice),
    "released" (they had not confirmed it)."""
    until = rsvp.offered_until.isoformat() if rsvp.offered_until else ""
    key = f"{what}:{ctx.now.isoformat()}"
    notify_event(ctx, SEAT, event, (rsvp.person,), key, what=what, until=until)


def tell_line(ctx: Context, event: Event, line: Iterable[Rsvp], key: str) -> None:
    """So shortly before the start the line hears that the first tap gets a seat: all of it once (`key`
    "last"), and at each freeing those for whom there is one."""
    seats, taken = seats_of(event, ctx.now), ctx.store.rsvps.taken(event.number)
    persons = []
    for one in line:
        left = free(seats, taken, one.organisation)
        if key == "last" or left is None or left >= one.seats:
            persons.append(one.person)
    notify_event(ctx, LAST_CALL, event, persons, key, free=key != "last")
