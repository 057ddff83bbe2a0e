"""A seat becomes free: it goes to the next in line, is held for them, or goes to the first tap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.context import Context
from bot.events.reminding import remind
from bot.events.standing import changed, seats_of
from bot.events.telling import LAST_CALL, SEAT, notify_event
from bot.people.waking import waking_of
from bot.rules.events.moments import is_last_call
from bot.rules.events.values import Event
from bot.rules.rsvp.holding import held_until
from bot.rules.rsvp.promoting import free, plus, promoted
from bot.rules.rsvp.values import Rsvp, Taken

PAGE = 20  # of the line are read first: a freed seat is seldom for somebody further back


def has_limit(event: Event) -> bool:
    """Whether there can be a line at all: only where seats are counted."""
    return event.capacity is not None or event.per_organisation is not None


def promote(ctx: Context, event: Event, taken: Taken | None = None) -> tuple[Rsvp, ...]:
    """All seats that are free go to the line in one pass, and whoever got one is told; the answers that this
    changed, for which the cards are stale then. The caller holds the event, and says what is `taken` if they
    know. From two hours before the start nobody moves up any more: the whole line is told, and the first tap
    gets the seat (engagement.md section 1). Without a limit, nobody waits."""
    if not has_limit(event):
        held = ctx.store.rsvps.offered(event.number)
        ctx.store.rsvps.write(*(replace(one, state="waitlisted", offered_until=None) for one in held))
    elif is_last_call(event, ctx.now):
        if line := ctx.store.rsvps.line(event.number):
            tell_line(ctx, event, line, f"free:{ctx.now.isoformat()}")
        return ()
    moved = _moved_up(ctx, event, taken)
    for one in moved:
        ctx.store.rsvps.write(one)
        tell_seat(ctx, event, one, "offer" if one.state == "offered" else "going")
        remind(ctx, event, one, just_told=True)
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
    once = f"last:{event.starts_at.isoformat()}" if key == "last" else key  # one that moved has another
    notify_event(ctx, LAST_CALL, event, persons, once, free=key != "last")


def _moved_up(ctx: Context, event: Event, taken: Taken | None) -> tuple[Rsvp, ...]:
    """Who gets the free seats, as they stand then; all of the line is read only if its first people leave
    some."""
    line = ctx.store.rsvps.line(event.number, PAGE)
    if not line:
        return ()
    seats = seats_of(event, ctx.now)
    held = ctx.store.rsvps.taken(event.number) if taken is None else taken

    def until(waiting: Rsvp) -> datetime:
        return held_until(ctx.now, seats.starts_at, waking_of(ctx, waiting.person))

    moved = promoted(seats, held, line, ctx.now, until)
    if len(line) < PAGE or free(seats, plus(held, *moved)) == 0:
        return moved
    return promoted(seats, held, ctx.store.rsvps.line(event.number), ctx.now, until)
