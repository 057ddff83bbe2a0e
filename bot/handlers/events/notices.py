"""What people are told of an event unasked: that they are invited, that it is moved or cancelled, that they
are put down as co-host (spec/engagement.md section 1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.commands import N_
from bot.context import Context
from bot.events.mailed import calendar_part
from bot.events.standing import EVENTS, topic_of
from bot.events.telling import CANCELLED, CO_HOST, INVITED, MOVED, begins_before_work, can_wait, comes_in_time
from bot.handlers.events.answers import (
    answer_taps,
    as_it_was,
    cannot,
    described,
    mine,
    own_answer,
    see,
    to_calendar,
)
from bot.handlers.events.cards import shortened
from bot.handlers.rsvp.own_answers import taps as own_taps
from bot.messages import Button, Reply
from bot.notices import EVENT_CHANGE, QUESTION, Values, notice
from bot.people.waking import waking_of
from bot.rules.attention import is_waking
from bot.rules.events.moments import phase
from bot.rules.events.values import Event
from bot.rules.rsvp.values import Rsvp

WEEKS = timedelta(days=21)
AWAY = ("declined", "withdrawn")
CAME = ("attended", "no_show")  # a tap that they can't changes nothing once no session is to come


def is_invited(ctx: Context, values: Values) -> bool:
    """Whether the event is still to come and the reader has not answered."""
    event = _event(ctx, values)
    own = own_answer(ctx, event) if event else None
    return event is not None and _is_open(ctx, event) and (own is None or own.state == "invited")


@notice(
    INVITED,
    N_("Invitations to events"),
    N_("You get this because the event is for you."),
    still_due=is_invited,
    useful=WEEKS,
    priority=QUESTION,
    theme="events",
    counts=comes_in_time,
    any_hour=begins_before_work,
    about=lambda values: (f"event answer:{values['event']}",),
)
def event_invitation(ctx: Context, values: Values) -> Reply:
    """When, where, what about; answered with a tap."""
    event = _known(ctx, values)
    taps = (*answer_taps(event), see(event))
    file = calendar_part(ctx, event, own_answer(ctx, event))
    told = _told(ctx, event)
    return Reply("event_invited", told, taps, topic=topic_of(event), file=file, silent=_is_quiet(ctx))


def is_moved(ctx: Context, values: Values) -> bool:
    """Whether it is still to come, was not moved again meanwhile, and the reader has not said no."""
    event = _event(ctx, values)
    if event is None or not _is_open(ctx, event) or event.sequence != values.get("sequence", event.sequence):
        return False
    own = own_answer(ctx, event)
    return own is None or not (own.state in AWAY or own.gave_back)


@notice(
    MOVED,
    N_("Events that move"),
    N_("You get this because you were invited, answered, or host it."),
    still_due=is_moved,
    useful=WEEKS,
    priority=EVENT_CHANGE,
    theme="events",
    counts=can_wait,
    any_hour=begins_before_work,
)
def event_moved(ctx: Context, values: Values) -> Reply:
    """What it was and what it is; who has a seat keeps it, and is asked if they still come where the day
    changed or somebody waits."""
    event = _known(ctx, values)
    own = own_answer(ctx, event)
    shown = {**_told(ctx, event), "before": as_it_was(ctx, event, values["before"])}
    taps, file = _moved_taps(event, own, shown["to_come"]), calendar_part(ctx, event, own)
    return Reply("event_moved", shown, taps, topic=topic_of(event), file=file, silent=_is_quiet(ctx))


def _moved_taps(event: Event, own: Rsvp | None, coming: str) -> tuple[Button, ...]:
    if own is None or own.state in AWAY:
        return (see(event),)
    calendar = to_calendar(event)
    if own.state == "going":
        return (*own_taps(event, own)[:-2], cannot(event), calendar, see(event))  # asked first, if they are
    if own.state == "offered":
        return (*own_taps(event, own), calendar, see(event))
    if own.state == "invited":
        return (*answer_taps(event), see(event))
    done = own.state in CAME and not coming
    return (calendar, see(event)) if done else (cannot(event), calendar, see(event))


def is_cancelled(ctx: Context, values: Values) -> bool:
    """Whether the event is cancelled."""
    event = _event(ctx, values)
    return event is not None and event.state == "cancelled"


@notice(
    CANCELLED,
    N_("Events that are cancelled"),
    N_("You get this because you were invited, answered, or host it."),
    still_due=is_cancelled,
    useful=WEEKS,
    priority=EVENT_CHANGE,
    theme="events",
    counts=can_wait,
    any_hour=begins_before_work,
)
def event_cancelled(ctx: Context, values: Values) -> Reply:
    """It does not take place, and why."""
    event = _known(ctx, values)
    off = Button(N_("Out of my calendar"), "calendar file", {"event": str(event.number)})
    own = own_answer(ctx, event)
    file = calendar_part(ctx, event, own, off=True)
    taps = (*((off,) if own is not None and file is None else ()), EVENTS)
    return Reply("event_cancelled", _told(ctx, event), taps, file=file, silent=_is_quiet(ctx))


def is_cohost(ctx: Context, values: Values) -> bool:
    """Whether the organisation is still put down as co-host of what is still to come, and the reader may take
    it off."""
    event, organisation = _event(ctx, values), values["organisation"]
    if event is None or not _is_open(ctx, event) or organisation not in event.hosts[1:]:
        return False
    return ctx.may("organise_events", organisation)


@notice(
    CO_HOST,
    N_("Being put down as co-host"),
    N_("You get this because you organise events for your organisation."),
    still_due=is_cohost,
    useful=WEEKS,
    priority=QUESTION,
    theme="events",
    any_hour=begins_before_work,
    duty=True,
)
def event_cohost(ctx: Context, values: Values) -> Reply:
    """Somebody put the reader's organisation down as co-host; one tap takes it off."""
    event, organisation = _known(ctx, values), str(values["organisation"])
    given = {"event": str(event.number), "organisation": organisation}
    taps = (*answer_taps(event), Button(N_("Not us"), "not cohost", given))
    shown = {**_told(ctx, event), "organisation": ctx.short_name(organisation)}
    return Reply("event_cohost", shown, taps, silent=_is_quiet(ctx))


def _told(ctx: Context, event: Event) -> dict[str, Any]:
    own = own_answer(ctx, event)
    return {**described(ctx, event), **mine(ctx, event, own), "about": shortened(event.about)}


def _event(ctx: Context, values: Values) -> Event | None:
    return ctx.store.events.get(values["event"])


def _known(ctx: Context, values: Values) -> Event:
    event = _event(ctx, values)
    if event is None:
        raise LookupError(f"no event {values['event']}")
    return event


def _is_open(ctx: Context, event: Event) -> bool:
    return phase(event, ctx.now) in ("coming", "on")


def _is_quiet(ctx: Context) -> bool:
    """Whether the reader is not at work now: what can't wait comes without a sound."""
    return not is_waking(ctx.now, waking_of(ctx, ctx.person.id))
