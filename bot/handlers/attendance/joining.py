"""[I joined]: people say themselves that they came, while it is on and a day after (spec section 1)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.commands import N_, Number, command
from bot.context import Context
from bot.events.settling import settle_event
from bot.events.standing import found_event
from bot.handlers.attendance.attending import came, did_not_come
from bot.handlers.events.answers import see
from bot.handlers.events.cards import joined_tap
from bot.handlers.rsvp.own_answers import timed
from bot.messages import Button, Refusal, Reply
from bot.rules.events.moments import DOORS, is_joining, last_begun, phase
from bot.rules.events.values import Event

NUMBER = Annotated[int, Number(hidden=True)]


@command("i joined", N_("Say that you are there"), may="answer_events", hidden=True)
def i_joined(ctx: Context, event: NUMBER) -> Reply:
    """Whoever taps is down as there, whatever they had answered, and who had not answered too."""
    found = found_event(ctx, event, lock=True)
    if not is_joining(found, ctx.now):
        raise _not_now(ctx, found)
    found = settle_event(ctx, found)
    new = bool(came(ctx, found, {ctx.person.id: 0}, "joined").persons)
    back = Button(N_("I wasn't there"), "not there", {"event": str(event)})
    return _said(ctx, found, "new" if new else "same", (back,))


@command("not there", N_("Say that you were not there"), may="answer_events", hidden=True)
def not_there(ctx: Context, event: NUMBER) -> Reply:
    """[I wasn't there]: the tap was a mistake, or somebody else put them down; what they had said stands."""
    found = settle_event(ctx, found_event(ctx, event, lock=True))
    was = did_not_come(ctx, found, ctx.person.id)
    again = (joined_tap(found),) if is_joining(found, ctx.now) else (see(found),)
    return _said(ctx, found, "off" if was else "never", again)


def _said(ctx: Context, event: Event, what: str, taps: tuple[Button, ...]) -> Reply:
    starts = last_begun(event, ctx.now).starts_at.isoformat()
    values = {**timed(ctx, event), "starts": starts, "what": what}
    return Reply("event_joined", values, taps, replace=True, aside=True)


def _not_now(ctx: Context, event: Event) -> Refusal:
    """When [I joined] can be tapped, for who came too early or too late."""
    minutes = int(DOORS.total_seconds()) // 60
    stands = phase(event, ctx.now)
    code = {"cancelled": "event_cancelled", "over": "event_joined_late"}.get(stands, "event_joined_early")
    values: dict[str, Any] = {**timed(ctx, event), "minutes": minutes, "why": event.why}
    return Refusal(code, buttons=(see(event),), **values)
