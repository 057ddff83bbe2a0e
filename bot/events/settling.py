"""What is due of events: offers that run out, seats nobody confirmed, the last call, the end, the questions.

Whoever answers an event settles it first, and the timetable does when a moment comes. Each step looks again
and leaves its mark on the event, which is held: so it makes no difference who does it, how late, or who else
tries.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from bot.context import Context
from bot.events.promoting import has_limit, promote, tell_line, tell_seat
from bot.events.standing import changed, hosts_people
from bot.events.telling import ENDED, QUESTIONS, notify_event
from bot.people.waking import waking_of
from bot.rules.attention import next_waking
from bot.rules.events.moments import LAST_CALL, RELEASE, asks_at, is_last_call, next_moment, next_turn
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from bot.rules.reminding.events import log_at
from bot.rules.rsvp.promoting import expired, released
from bot.rules.rsvp.values import Rsvp
from storage.store import Busy, Store

log = structlog.get_logger()


def next_due(store: Store) -> datetime | None:
    """When something is due next of any event (UTC), past moments included; None if nothing ever is."""
    expiry = store.rsvps.next_expiry()
    moments = [expiry[1]] if expiry else []
    moments += [moment for event in store.events.live() if (moment := _moment(store, event)) is not None]
    return min(moments, default=None)


def settle(ctx: Context) -> int:
    """Bring about all that is due by now of every event; of how many something was. One that breaks stops no
    other."""
    due = [event.number for event in ctx.store.events.live() if _is_due(ctx, event)]
    return sum(_attempt(ctx, number) for number in due)


def settle_event(ctx: Context, event: Event) -> Event:
    """Bring about all that is due by now of one event, which the caller holds; the event as it is then."""
    if event.state == "cancelled":
        return event
    if has_limit(event):
        _expire(ctx, event)
        event = _last_called(ctx, _released(ctx, event))
    return _asked(ctx, _ended(ctx, _turned(ctx, event)))


def _is_due(ctx: Context, event: Event) -> bool:
    moment = _moment(ctx.store, event)
    if moment is not None and moment <= ctx.now:
        return True
    return has_limit(event) and bool(expired(ctx.store.rsvps.offered(event.number), ctx.now))


def _moment(store: Store, event: Event) -> datetime | None:
    """When something is due next of an event by itself, apart from offers that run out."""
    line = has_limit(event) and event.last_call_at is None and store.rsvps.waits(event.number)
    unconfirmed = line and event.released_at is None and bool(store.rsvps.unconfirmed(event.number))
    return next_moment(event, line=line, unconfirmed=unconfirmed)


def _attempt(ctx: Context, number: int) -> bool:
    """All that is due of one event, done whole or not at all. Whether it was done."""
    told = len(ctx.told)
    try:
        with ctx.store.attempt():
            event = ctx.store.events.get(number, lock=True)
            if event is not None:
                settle_event(ctx, event)
    except Busy:
        raise
    except Exception as bug:
        del ctx.told[told:]
        log.error("event_not_settled", event_number=number, trouble=repr(bug))
        log.debug("event_broke", event_number=number, exc_info=bug)  # it is tried again and again
        return False
    return True


def _expire(ctx: Context, event: Event) -> None:
    """Seats that were held too long go on to the next in line: once back in line, twice out of it."""
    held = {one.person: one for one in ctx.store.rsvps.offered(event.number)}
    last = ctx.store.rsvps.last_queued(event.number) if held else None
    changes = expired(held.values(), ctx.now, last)
    if not changes:
        return
    begins = event.starts_at  # from two hours before it, the last call says it to the line
    calls = event.last_call_at is None and begins - LAST_CALL <= ctx.now < begins
    for one in changes:
        ctx.store.rsvps.write(one)
        if one.state != "waitlisted" or not calls:
            tell_seat(ctx, event, held[one.person], "back" if one.state == "waitlisted" else "out")
    if not calls:
        promote(ctx, event)
    changed(ctx, event)


def _released(ctx: Context, event: Event) -> Event:
    """Seats that nobody confirmed after the event was moved go to the line a day before the start, if there
    is one (section 1). So late that nobody moves up any more, nobody loses a seat either."""
    if event.released_at is not None or not event.starts_at - RELEASE <= ctx.now:
        return event
    unconfirmed = ctx.store.rsvps.unconfirmed(event.number)
    if not unconfirmed or not ctx.store.rsvps.waits(event.number):
        return event
    if ctx.now < event.starts_at - LAST_CALL:
        reached = [one for one in unconfirmed if _was_reached(ctx, event, one)]
        gone = released(reached, True, ctx.now, ctx.store.rsvps.last_queued(event.number))
        ctx.store.rsvps.write(*gone)
        back = {one.person for one in promote(ctx, event)}  # what the line leaves over goes back to them
        for one in gone:
            if one.person not in back:
                tell_seat(ctx, event, one, "released")
        changed(ctx, event)
    return ctx.store.events.write(replace(event, released_at=ctx.now))


def _was_reached(ctx: Context, event: Event, rsvp: Rsvp) -> bool:
    """Whether somebody who was asked again could read that while at work, before their seat is given away."""
    asked_at = rsvp.asked_again_at
    if asked_at is None:
        return False
    return next_waking(asked_at, waking_of(ctx, rsvp.person)) < event.starts_at - RELEASE


def _last_called(ctx: Context, event: Event) -> Event:
    """Two hours before the start the line rests: all in it are told that the first tap gets a free seat. Who
    joins the line later has read that in the answer. Before a later session nobody is told that again, but
    of each seat that becomes free."""
    if event.last_call_at is not None or ctx.now < event.starts_at - LAST_CALL:
        return event
    if ctx.now < event.starts_at:
        tell_line(ctx, event, ctx.store.rsvps.line(event.number), "last")
    return ctx.store.events.write(replace(event, last_call_at=ctx.now))


def _turned(ctx: Context, event: Event) -> Event:
    """Doors open, or a session is over: the cards show it. The line rests from two hours before a session to
    its end; after each but the last it moves on."""
    turn = next_turn(event)
    if turn is None or ctx.now < turn:
        return event
    changed(ctx, event)
    if has_limit(event) and ctx.now < ends_at(event) and not is_last_call(event, ctx.now):
        promote(ctx, event)
    return ctx.store.events.write(replace(event, turned_at=ctx.now))


def _ended(ctx: Context, event: Event) -> Event:
    """The last session is over: the host's people are given the log, two hours later. Who still waits in line
    did so to the end, and hears nothing more."""
    if event.ended_at is not None or ctx.now < ends_at(event):
        return event
    notify_event(ctx, ENDED, event, hosts_people(ctx, event), at=max(ctx.now, log_at(event)))
    changed(ctx, event)
    return ctx.store.events.write(replace(event, ended_at=ctx.now))


def _asked(ctx: Context, event: Event) -> Event:
    """The morning after, those who came are asked two questions."""
    if event.asked_at is not None or ctx.now < asks_at(event):
        return event
    came = ctx.store.rsvps.of_event(event.number, ("attended",))
    notify_event(ctx, QUESTIONS, event, (one.person for one in came))
    changed(ctx, event)
    return ctx.store.events.write(replace(event, asked_at=ctx.now))
