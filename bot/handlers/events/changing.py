"""Changing an event's words and seats, silently: its cards follow (spec/engagement.md section 1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from bot.commands import N_, Link, LongText, Number, OneOf, Text, command
from bot.context import Context
from bot.events.organising import (
    mode_of,
    place_and_link,
)
from bot.events.reminding import remind_all
from bot.events.seating import promote
from bot.events.settling import settle_event
from bot.events.standing import changed, found_event, may_organise
from bot.handlers.events.answers import AUDIENCES, described, see
from bot.handlers.events.audience import audience_taps, check_audience, told_of_audience
from bot.handlers.events.looking import EVENT
from bot.handlers.events.organising import HIDDEN
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
    event = own_event(ctx, int(number))
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
    if after.link != event.link:
        remind_all(ctx, after, other_link=True)
    changed(ctx, after)
    values = {**described(ctx, after), "same": False, "moved_up": len(moved_up)}
    values |= {"unlimited": event.capacity is not None and after.capacity is None}
    values |= told_of_audience(ctx, event, after)
    return Reply("event_changed", values, (see(after), *audience_taps(ctx, event, after)), replace=True)


def own_event(ctx: Context, number: int) -> Event:
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
