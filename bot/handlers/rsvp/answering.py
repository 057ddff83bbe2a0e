"""Answering an event: by a tap on its card, in a private message, or by `/rsvp` (engagement.md section 1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands import N_, Number, OneChoice, OneEvent, OneOf, command
from bot.context import Context
from bot.events.seating import answer, standing_of
from bot.events.seating import still_coming as keep_seat
from bot.events.standing import EVENTS, audience_of, found_event
from bot.handlers.events.answers import ANSWERS, answer_taps, mine, see
from bot.handlers.events.cards import joined_tap
from bot.handlers.rsvp.own_answers import answered, timed
from bot.messages import NAMED, Button, Refusal, Reply, filled
from bot.rules.events.moments import is_joining, phase
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event
from bot.rules.rsvp.values import Rsvp, Wish
from bot.rules.rsvp.words import ANSWERING_WORDS

MOST_SEATS = 50  # of one party
MOST_LISTED = 3  # events with their taps in one message
MOST_ANSWERED = 12
LONGEST_LABEL = 20  # characters on a button
WISHES = tuple(
    OneChoice(
        wish,
        label,
        tuple(word for known in ANSWERING_WORDS.values() for word, meant in known.items() if meant == wish),
    )
    for wish, label in ANSWERS
)
NUMBER = Annotated[int, Number(hidden=True)]
WISH = Annotated[str, OneOf(WISHES, hidden=True)]


@command(
    "rsvp",
    N_("What you answered to events, and answering one"),
    may="answer_events",
    example="/rsvp 12 yes",
    own_slash=True,
)
def rsvp(
    ctx: Context,
    event: Annotated[str, OneEvent(label=N_("Event"))] = "",
    wish: Annotated[str, OneOf(WISHES, label=N_("Answer"))] = "",
    seats: Annotated[
        int, Number(lead=("seats", "with seats"), least=1, most=MOST_SEATS, label=N_("Seats"))
    ] = 0,
) -> Reply:
    """Without an event: what the caller answered and what waits for an answer. With one: how it stands, with
    its taps; with a wish too, the answer."""
    if not event:
        ctx.in_private()
        return _listed(ctx)
    if not wish and not seats:
        return _look(ctx, found_event(ctx, int(event)))
    found = found_event(ctx, int(event), lock=True)
    return answered(ctx, answer(ctx, found, ctx.person.id, _wish(wish), seats))


@command("answer event", N_("Answer an event"), may="answer_events", hidden=True)
def answer_event(ctx: Context, event: NUMBER, wish: WISH) -> Reply:
    """A tap on a card or in a private message: going, maybe, can't."""
    found = found_event(ctx, event, lock=True)
    return answered(ctx, answer(ctx, found, ctx.person.id, _wish(wish)))


@command("still coming", N_("Say that you still come"), may="answer_events", hidden=True)
def still_coming(ctx: Context, event: NUMBER) -> Reply:
    """[Still coming], after an event was moved: the seat stays theirs."""
    return answered(ctx, keep_seat(ctx, _planned(ctx, event), ctx.person.id))


@command("take seat", N_("Take a seat that is free"), may="answer_events", hidden=True)
def take_seat(ctx: Context, event: NUMBER) -> Reply:
    """[Take it] and [Take a seat]: theirs if it is still held for them, or still free."""
    done = answer(ctx, found_event(ctx, event, lock=True), ctx.person.id, "going")
    gone = done.after.state == "waitlisted"
    return answered(ctx, done, gone=gone)


@command("pass seat", N_("Pass on a seat that is held"), may="answer_events", hidden=True)
def pass_seat(ctx: Context, event: NUMBER) -> Reply:
    """[Pass]: the seat goes to the next in line. One that is held no more changes nothing."""
    return _given_up(ctx, event, "offered")


@command("leave line", N_("Leave the line for a seat"), may="answer_events", hidden=True)
def leave_line(ctx: Context, event: NUMBER) -> Reply:
    """[Leave the line]. Who has got a seat meanwhile keeps it."""
    return _given_up(ctx, event, "waitlisted")


def _wish(value: str) -> Wish:
    return "maybe" if value == "maybe" else "no" if value == "no" else "going"


def _planned(ctx: Context, number: int) -> Event:
    """An event that is still to come, held. Raises Refusal for one that is over or cancelled."""
    event = found_event(ctx, number, lock=True)
    _check_open(ctx, event)
    return event


def _check_open(ctx: Context, event: Event) -> None:
    now = phase(event, ctx.now)
    if now in ("over", "cancelled"):
        starts = session_at(event, ctx.now).starts_at.isoformat()
        joining = is_joining(event, ctx.now)
        taps = (*((joined_tap(event),) if joining else ()), see(event), EVENTS)
        raise Refusal(
            f"event_{now}", buttons=taps, title=event.title, starts=starts, why=event.why, joining=joining
        )


def _given_up(ctx: Context, number: int, state: str) -> Reply:
    event = _planned(ctx, number)
    own = ctx.store.rsvps.get(event.number, ctx.person.id)
    if own is None or own.state != state:
        return answered(ctx, standing_of(ctx, event, ctx.person.id))
    return answered(ctx, answer(ctx, event, ctx.person.id, "no"))


def _look(ctx: Context, event: Event) -> Reply:
    _check_open(ctx, event)
    reply = answered(ctx, standing_of(ctx, event, ctx.person.id))
    return replace(reply, values={**reply.values, "same": False}, replace=False)


def _listed(ctx: Context) -> Reply:
    """The coming events: those that wait for an answer, and what was answered."""
    own = {one.event: one for one in ctx.store.rsvps.of_person(ctx.person.id)}
    coming = [event for event in ctx.store.events.coming(ctx.now) if event.state == "planned"]
    due = [event for event in coming if _is_open(ctx, event, own.get(event.number))]
    said = [event for event in coming if _is_said(own.get(event.number))]
    values = {
        "due": [timed(ctx, event) for event in due[:MOST_LISTED]],
        "more": max(0, len(due) - MOST_LISTED),
        "answered": [
            {**timed(ctx, event), **mine(ctx, event, own[event.number])} for event in said[:MOST_ANSWERED]
        ],
    }
    return Reply("rsvp_list", values, (*_list_taps(due[:MOST_LISTED], said), EVENTS))


def _list_taps(due: list[Event], said: list[Event]) -> tuple[Button, ...]:
    if len(due) == 1:
        return answer_taps(due[0])
    found = [
        replace(tap, label=filled(NAMED, what=event.number, name=tap.label))
        for event in due
        for tap in answer_taps(event)
    ]
    if due:
        return tuple(found)
    return tuple(
        Button(filled(NAMED, what=event.number, name=N_("Change")), "rsvp", {"event": str(event.number)})
        for event in said[:MOST_LISTED]
    )


def _is_open(ctx: Context, event: Event, own: Rsvp | None) -> bool:
    """Whether an event waits for the caller's answer: it is for them, and they have given none."""
    if own is not None and own.state != "invited":
        return False
    return event.audience in ("public", "members") or ctx.person.id in audience_of(ctx, event)


def _is_said(own: Rsvp | None) -> bool:
    if own is None or own.gave_back:
        return False
    return own.state not in ("invited", "declined", "withdrawn", "no_show")
