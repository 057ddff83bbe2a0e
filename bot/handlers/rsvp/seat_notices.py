"""What somebody is told of a seat: it is theirs, held for them, gone, or there for the first tap."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import N_
from bot.context import Context
from bot.events.standing import found_event, seats_of, topic_of
from bot.events.telling import LAST_CALL, SEAT, begins_before_work
from bot.handlers.events.answers import answer_taps, cannot
from bot.handlers.rsvp.own_answers import spoken, taps
from bot.messages import Button, Reply
from bot.notices import EVENT_CHANGE, Values, notice
from bot.people.waking import waking_of
from bot.rules.attention import is_waking
from bot.rules.events.moments import phase
from bot.rules.events.values import Event
from bot.rules.rsvp.promoting import free
from bot.rules.rsvp.values import Rsvp, State

DAYS = timedelta(days=3)
STANDS: dict[str, State] = {
    "going": "going",
    "offer": "offered",
    "back": "waitlisted",
    "out": "withdrawn",
    "released": "waitlisted",
}


def is_still_so(ctx: Context, values: Values) -> bool:
    """Whether the reader's seat still is as the message says."""
    event, own = _known(ctx, values)
    if event is None or own is None or phase(event, ctx.now) in ("over", "cancelled"):
        return False
    if values["what"] == "offer":
        until = datetime.fromisoformat(values["until"])
        return own.state == "offered" and own.offered_until == until > ctx.now
    return own.state == STANDS[values["what"]]


@notice(
    SEAT,
    N_("Your seats at events"),
    N_("You get this because you answered this event."),
    still_due=is_still_so,
    useful=DAYS,
    priority=EVENT_CHANGE,
    theme="events",
    counts=False,
    any_hour=begins_before_work,
)
def seat_told(ctx: Context, values: Values) -> Reply:
    """What became of somebody's seat, with the next taps (voice.md, sample 5)."""
    event = found_event(ctx, values["event"])
    own = ctx.store.rsvps.get(event.number, ctx.person.id)
    assert own is not None, "asked in `is_still_so`"
    next_taps = taps(event, own)
    if values["what"] == "going":
        next_taps = (*next_taps[:-1], cannot(event, N_("I can't any more")))
    elif values["what"] == "out":
        next_taps = (answer_taps(event)[0],)
    said = {**spoken(ctx, event, own), "what": values["what"], "held": values["until"]}
    return Reply("event_seat", said, next_taps, topic=topic_of(event), silent=_at_rest(ctx))


def is_in_line(ctx: Context, values: Values) -> bool:
    """Whether the reader still waits for a seat; if one became free, whether it still is."""
    event, own = _known(ctx, values)
    if event is None or own is None or own.state != "waitlisted":
        return False
    if phase(event, ctx.now) in ("over", "cancelled"):
        return False
    return not values["free"] or _is_seat_free(ctx, event, own)


@notice(
    LAST_CALL,
    N_("Last seats at events"),
    N_("You get this because you wait in line for a seat."),
    still_due=is_in_line,
    useful=timedelta(hours=12),
    priority=EVENT_CHANGE,
    theme="events",
    counts=False,
    any_hour=True,  # two hours before the start; out of hours without a sound
)
def last_seats(ctx: Context, values: Values) -> Reply:
    """Shortly before the start: the first tap gets a free seat."""
    event = found_event(ctx, values["event"])
    own = ctx.store.rsvps.get(event.number, ctx.person.id)
    assert own is not None, "asked in `is_in_line`"
    is_free = _is_seat_free(ctx, event, own)
    take = (Button(N_("Take a seat"), "take seat", {"event": str(event.number)}),) if is_free else ()
    said = {**spoken(ctx, event, own), "is_free": is_free}
    buttons = (*take, *taps(event, own))
    return Reply("event_seat_last", said, buttons, topic=topic_of(event), silent=_at_rest(ctx))


def _known(ctx: Context, values: Values) -> tuple[Event | None, Rsvp | None]:
    event = ctx.store.events.get(values["event"])
    return event, ctx.store.rsvps.get(event.number, ctx.person.id) if event else None


def _is_seat_free(ctx: Context, event: Event, own: Rsvp) -> bool:
    left = free(seats_of(event, ctx.now), ctx.store.rsvps.taken(event.number), own.organisation)
    return left is None or left >= own.seats


def _at_rest(ctx: Context) -> bool:
    """Whether the reader is not at work: then the message makes no sound."""
    return not is_waking(ctx.now, waking_of(ctx, ctx.person.id))
