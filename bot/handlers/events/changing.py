"""Changing an event: its words and seats, silently; its time and place, and whether it takes place at all, so
that everybody who answered hears of it (spec/engagement.md section 1)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from bot.commands import N_, Link, LongText, Moment, Number, OneOf, Text, command
from bot.context import Context
from bot.events.organising import asks_again, cancel, mode_of, place_and_link, reschedule, told_of_change
from bot.events.seating import promote
from bot.events.settling import settle_event
from bot.events.standing import changed, found_event, may_organise, topic_of
from bot.handlers.assembly.meetings import cancel_assembly, move_assembly
from bot.handlers.events.answers import AUDIENCES, as_it_was, described, in_a_question, places_of, see
from bot.handlers.events.audience import audience_taps, check_audience, told_of_audience
from bot.handlers.events.looking import EVENT
from bot.handlers.events.organising import HIDDEN, LENGTH, RHYTHMS, TIMES
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.events.moments import phase
from bot.rules.events.values import Event

NOTHING = "-"  # typed for what is taken away
TITLE = Text(lead=("title",), label=N_("Title"), most=150, ask=N_("What is it called now?"))
ABOUT = LongText(
    lead=("about",), label=N_("What it is about"), most=1500, ask=N_("What is it about?"),
    hint=N_("A dash takes it away"),
)  # fmt: skip
LINK = Text(
    lead=("link",), label=N_("Link"), most=500, ask=N_("What's the link to the meeting?"),
    hint=N_("Only for those who go. A dash takes it away"),
)  # fmt: skip
SEATS = Number(
    lead=("seats",), label=N_("Seats"), ask=N_("How many seats are there?"), hint=N_("0 is for no limit")
)  # fmt: skip
EACH = Number(
    lead=("each",), label=N_("Seats each"), ask=N_("How many seats at most for one organisation?"),
    hint=N_("0 is for no limit"),
)  # fmt: skip
AUDIENCE = OneOf(AUDIENCES, lead=("audience",), label=N_("Who is invited"), ask=N_("Who is it for?"))
CHANGES = {"title": TITLE, "about": ABOUT, "link": LINK, "seats": SEATS, "each": EACH, "audience": AUDIENCE}
WHEN = Moment(
    "future", lead=("to", "on"), ask=N_("To which day and time does it move?"),
    label=N_("Day and time"), hint=N_("In your own time zone: 10 December 14:00"),
)  # fmt: skip
WHERE = Text(lead=("in",), label=N_("Where"), most=300)
REPEATS = OneOf(RHYTHMS, lead=("repeats",), label=N_("Repeats"))


@command(
    "event change",
    N_("Change an event's title, text, link or seats"),
    may="organise_events",
    example="/event change 12 seats 30",
    aliases=("change event",),
)
def event_change(
    ctx: Context,
    number: EVENT,
    title: Annotated[str, TITLE] = "",
    about: Annotated[str, ABOUT] = "",
    link: Annotated[str, LINK] = "",
    seats: Annotated[int | None, SEATS] = None,
    each: Annotated[int | None, EACH] = None,
    audience: Annotated[str, AUDIENCE] = "",
    what: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """Words, link and seats change without a message to anybody: the cards are brought up to date. More seats
    go to those in line at once; fewer take none away. Raises the Ask what to change, and the one whether it
    becomes public."""
    ctx.in_private()
    event = _own_event(ctx, int(number))
    given: dict[str, Any] = {
        "title": title, "about": about, "link": link, "seats": seats, "each": each, "audience": audience,
    }  # fmt: skip
    if not any(value not in ("", None) for value in given.values()):
        if what == "move":
            move = Button(N_("Move it"), "event move", {"number": number})
            return Reply("event_move_first", described(ctx, event), (move,), replace=True)
        raise _what(ctx, event, what)
    after = replace(
        event,
        title=title or event.title,
        about=_kept(about, event.about),
        link=_kept(_link(ctx, link), event.link),
        capacity=event.capacity if seats is None else seats or None,
        per_organisation=event.per_organisation if each is None else each or None,
        audience=audience or event.audience,  # type: ignore[arg-type]
    )
    if after.capacity and after.per_organisation:  # no organisation gets more than there are
        after = replace(after, per_organisation=min(after.per_organisation, after.capacity))
    if after == event:
        return Reply("event_changed", {**described(ctx, event), "same": True}, (see(event),))
    check_audience(ctx, event, after, sure)
    after = ctx.store.events.write(replace(after, mode=mode_of(after.where, after.link), changed_at=ctx.now))
    seats_changed = (after.capacity, after.per_organisation) != (event.capacity, event.per_organisation)
    moved_up = promote(ctx, after) if seats_changed else ()
    changed(ctx, after)
    values = {**described(ctx, after), "same": False, "moved_up": len(moved_up)}
    values |= {"unlimited": event.capacity is not None and after.capacity is None}
    values |= told_of_audience(ctx, event, after)
    return Reply("event_changed", values, (see(after), *audience_taps(ctx, event, after)), replace=True)


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
    event = _own_event(ctx, int(number))
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
    event = _own_event(ctx, int(number))
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


def _own_event(ctx: Context, number: int) -> Event:
    """The event, held for a change. Raises Refusal for somebody else's, and for one that is over or
    cancelled."""
    event = settle_event(ctx, found_event(ctx, number, lock=True))
    if not may_organise(ctx, event):
        host = ctx.short_name(event.host)
        raise Refusal("event_not_yours", buttons=(see(event),), number=number, title=event.title, host=host)
    if event.meeting and not ctx.may("keep_assembly"):
        raise Refusal("not_allowed", permission="keep_assembly")
    now = phase(event, ctx.now)
    if now in ("over", "cancelled"):
        raise Refusal("event_too_late", buttons=(see(event),), number=number, title=event.title, phase=now)
    return event


def _link(ctx: Context, text: str) -> str:
    """A link as it is kept, with the code behind it. Raises Refusal for what is none."""
    if text in ("", NOTHING):
        return text
    room, link = place_and_link(text)
    Link().read(text if room or not link else link.split()[0], ctx.reading, "link")
    return link


def _kept(given: str, before: str) -> str:
    return "" if given == NOTHING else given or before


def _what(ctx: Context, event: Event, what: str) -> Ask:
    """The question what to change, or for the new value of what was picked."""
    if what in CHANGES:
        kind = CHANGES[what]
        taps = tuple(Choice(label, {what: value}) for value, label in kind.offered(ctx.reading))
        return Ask(what, "question", taps, question=kind.ask, hint=kind.hint)
    current = {
        "number": str(event.number), "title": event.title, "about": event.about, "link": event.link,
        "seats": str(event.capacity or 0), "each": str(event.per_organisation or 0),
        "audience": event.audience,
    }  # fmt: skip
    parts = tuple(Choice(kind.label, {"what": option}) for option, kind in CHANGES.items())
    move = Choice(N_("Move it"), {"what": "move"})
    return Ask("", "event_change_which", (*parts, move), free=False, prefill=current, title=event.title)


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
