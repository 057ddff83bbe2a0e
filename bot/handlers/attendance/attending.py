"""Who came, put down by whichever way: their answers, the cards, the logged activity, the two questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.context import Context
from bot.events.settling import settle_event
from bot.events.standing import changed, found_event, may_organise
from bot.handlers.counting import Line
from bot.handlers.events.answers import see
from bot.handlers.events.logging import refresh_log
from bot.handlers.events.questions import ask_who_came
from bot.messages import Refusal
from bot.people.waking import organisation_of
from bot.rules.events.moments import DOORS
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event
from bot.rules.rsvp.attending import joined, measured, not_there
from bot.rules.rsvp.values import Method, Rsvp, fresh


@dataclass(frozen=True, slots=True)
class Known:
    """What became known: of whom nobody knew before that they came (by person), and the indicators for which
    the logged activity counts now and did not before."""

    persons: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()


def came(ctx: Context, event: Event, minutes: Mapping[int, int], method: Method) -> Known:
    """These persons came to an event that the caller holds; `minutes` is how long each stayed, 0 for unknown.
    Twice the same changes nothing: of two lengths the longer one is kept."""
    before = {person: _own(ctx, event, person) for person in minutes}
    after = {
        person: joined(own, ctx.now, method, max(own.minutes, minutes[person]))
        for person, own in before.items()
    }
    changes = [own for person, own in after.items() if own != before[person]]
    ctx.store.rsvps.write(*changes)
    new = tuple(person for person, own in before.items() if own.state != "attended")
    return Known(new, _known_anew(ctx, event) if new else ())


def did_not_come(ctx: Context, event: Event, person: int) -> bool:
    """Somebody did not come after all; what they had said stands again. Whether they were down as there. The
    caller holds the event."""
    own = ctx.store.rsvps.get(event.number, person)
    if own is None or own.state != "attended":
        return False
    after = not_there(own)
    if event.attendance_measured:
        after = next(iter(measured((after,))), after)
    ctx.store.rsvps.write(after)
    _known_anew(ctx, event)
    return True


def closed(ctx: Context, event: Event) -> Event:
    """The host said that everybody who came is down: who said yes and is not did not come. Of nobody else is
    it known."""
    missing = measured(ctx.store.rsvps.of_event(event.number, ("going",)))
    ctx.store.rsvps.write(*missing)
    changed(ctx, event)
    return ctx.store.events.write(replace(event, attendance_measured=True, changed_at=ctx.now))


def reopened(ctx: Context, event: Event) -> Event:
    """Not everybody was down after all: nobody is known to be missing any more."""
    missing = ctx.store.rsvps.of_event(event.number, ("no_show",))
    ctx.store.rsvps.write(*(replace(one, state=one.said or "going", said="") for one in missing))
    changed(ctx, event)
    return ctx.store.events.write(replace(event, attendance_measured=False, changed_at=ctx.now))


def with_guests(ctx: Context, event: Event, guests: int) -> Event:
    """So many came whom nobody here knows."""
    if guests == event.guests:
        return event
    changed(ctx, event)
    return ctx.store.events.write(replace(event, guests=guests, changed_at=ctx.now))


def to_attend(ctx: Context, number: int, *, lock: bool = False) -> Event:
    """An event of which the caller says who came, held and settled if it is to be changed. Raises Refusal for
    somebody else's, a cancelled one, and one that has not begun."""
    event = found_event(ctx, number, lock=lock)
    if not may_organise(ctx, event):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(event.host))
    starts = session_at(event, ctx.now).starts_at.isoformat()
    if event.state == "cancelled":
        raise Refusal("who_came_cancelled", buttons=(see(event),), title=event.title, starts=starts)
    if ctx.now < event.starts_at - DOORS:
        raise Refusal("who_came_early", buttons=(see(event),), title=event.title, starts=starts)
    return settle_event(ctx, event) if lock else event


def _own(ctx: Context, event: Event, person: int) -> Rsvp:
    own = ctx.store.rsvps.get(event.number, person)
    return own or fresh(event.number, person, organisation_of(ctx, person, event.hosts), ctx.now)


def _known_anew(ctx: Context, event: Event) -> tuple[Line, ...]:
    """Whatever shows or asks who came is brought up to date."""
    changed(ctx, event)
    ask_who_came(ctx, event)
    return refresh_log(ctx, event)
