"""Moving an event, or calling it off: everybody who answered hears of it (spec/engagement.md section 1)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from bot.commands import N_, Moment, OneOf, Text, command
from bot.context import Context
from bot.events.organising import (
    asks_again,
    cancel,
    mode_of,
    place_and_link,
    places_of,
    reschedule,
    told_of_change,
)
from bot.events.standing import found_event, topic_of
from bot.handlers.assembly.meetings import cancel_assembly, move_assembly
from bot.handlers.events.answers import as_it_was, described, in_a_question, see
from bot.handlers.events.changing import own_event
from bot.handlers.events.looking import EVENT
from bot.handlers.events.organising import HIDDEN, LENGTH, RHYTHMS, TIMES
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.events.moments import phase
from bot.rules.events.values import Event

WHEN = Moment(
    "future", lead=("to", "on"), ask=N_("To which day and time does it move?"),
    label=N_("Day and time"), hint=N_("In your own time zone: 10 December 14:00"),
)  # fmt: skip
WHERE = Text(lead=("in",), label=N_("Where"), most=300)
REPEATS = OneOf(RHYTHMS, lead=("repeats",), label=N_("Repeats"))


@command(
    "event move",
    N_("Move an event to another time or place"),
    may="organise_events",
    example="/event move 12 to 15 December 14:00",
    aliases=("move event",),
    suggested=False,
)
def event_move(
    ctx: Context,
    number: EVENT,
    when: Annotated[datetime | None, WHEN] = None,
    where: Annotated[str, WHERE] = "",
    length: Annotated[int | None, LENGTH] = None,
    repeats: Annotated[str, REPEATS] = "",
    times: Annotated[int | None, TIMES] = None,
    sure: HIDDEN = "",
) -> Reply:
    """Another start, length, place or rhythm: shown beside what it was before anybody is told; then everybody
    who answered is. Raises that Ask, Refusal for a moment that is past and for what it is anyhow."""
    ctx.in_private()
    event = own_event(ctx, int(number))
    if when is None and not (where or length or repeats or times):
        raise Ask("when", "question", prefill={"number": number}, question=WHEN.ask, hint=WHEN.hint)
    if event.meeting and (repeats or times):
        raise Refusal("assembly_once", buttons=(see(event),), title=event.title)
    if event.meeting and (when or where):
        moved = move_assembly(ctx, when or event.starts_at, where, event.meeting, sure)
        if length:
            now_there = found_event(ctx, event.number, lock=True)
            ctx.store.events.write(replace(now_there, minutes=length))
        return moved
    after = _moved(ctx, event, when, where, length, repeats, times)
    mark = _seal(event, after)
    other_link = bool(after.link) and after.link != event.link
    values = {
        **described(ctx, after),
        "before": as_it_was(ctx, event, {**places_of(event), "other_link": other_link}),
        "told": len(told_of_change(ctx, event)),
        "asks": asks_again(ctx, event, after) and described(ctx, event)["going"] > 0,
    }
    if sure != mark:
        yes = Choice(N_("Move it"), {"sure": mark})
        another = (Choice(N_("Another time"), {"when": "", "sure": ""}),) if when else ()
        raise Ask("sure", "event_move_sure", (yes, *another), free=False, **in_a_question(values))
    after = reschedule(ctx, event, after)
    return Reply("event_move_done", values, (see(after),), replace=True)


@command(
    "event cancel",
    N_("Cancel an event"),
    may="organise_events",
    example="/event cancel 12 The speaker is ill",
    aliases=("cancel event",),
    suggested=False,
)
def event_cancel(
    ctx: Context,
    number: EVENT,
    why: Annotated[str, Text(label=N_("Reason"), most=200, ask=N_("Why? People read it."))] = "",
    what: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """The event does not take place; everybody who answered is told, those in line too. Raises the Ask
    whether."""
    ctx.in_private()
    event = own_event(ctx, int(number))
    if event.meeting:
        return cancel_assembly(ctx, why, event.meeting, sure)
    if what == "why" and not why:
        raise Ask("why", "question", question=N_("Why? People read it."), hint="")
    values = {**described(ctx, event), "told": len(told_of_change(ctx, event)), "why": why}
    mark = f"yes {event.sequence}"  # to the event as it was shown
    if sure != mark:
        say = () if why else (Choice(N_("Say why"), {"what": "why"}),)
        choices = (Choice(N_("Yes, cancel it"), {"sure": mark}), *say)
        told = in_a_question(values)
        raise Ask("sure", "event_cancel_sure", choices, free=False, way_out=N_("Not now"), **told)
    after = cancel(ctx, event, why)
    cards = len(ctx.store.cards.of_topic(topic_of(after)))
    values = {**values, **described(ctx, after), "cards": cards}
    return Reply("event_cancel_done", values, (see(after),), replace=True)


def _moved(
    ctx: Context,
    event: Event,
    when: datetime | None,
    where: str,
    length: int | None,
    repeats: str,
    times: int | None,
) -> Event:
    """The event as it is to be. Raises Refusal for a moment that is past, for another start of what has
    begun, and for what it is anyhow."""
    starts = when or event.starts_at
    if starts != event.starts_at and phase(event, ctx.now) == "on":
        raise Refusal("event_begun", buttons=(see(event),), number=event.number, title=event.title)
    if starts != event.starts_at and starts <= ctx.now:
        raise Refusal("event_past", "when", when=starts.isoformat())
    room, link = place_and_link(where) if where else (event.where, event.link)
    room, link = room or event.where, link or event.link
    rhythm = "" if times == 1 else repeats or event.repeats
    after = replace(
        event, starts_at=starts, minutes=length or event.minutes, where=room, link=link, repeats=rhythm,  # type: ignore[arg-type]
        times=(times or event.times) if rhythm else 1, mode=mode_of(room, link),
    )  # fmt: skip
    if rhythm and after.times < 2 and not times:
        raise Ask("times", "question", question=TIMES.ask, hint="")
    if phase(after, ctx.now) == "over":
        off = Button(N_("Cancel the rest"), "event cancel", {"number": str(event.number)})
        raise Refusal("event_sessions_over", buttons=(off, see(event)), title=event.title)
    if after == event:
        raise Refusal("event_there", "when", buttons=(see(event),), **described(ctx, event))
    return after


def _seal(event: Event, after: Event) -> str:
    """A short mark of what was shown: a yes to it is none to another time, nor to what was moved since."""
    said = (places_of(after), after.link, event.sequence)
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()
