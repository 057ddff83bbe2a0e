"""Looking at events: what is coming, what is past, and one of them (spec/engagement.md section 1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from bot.commands import N_, Number, OneChoice, OneEvent, OneOf, command
from bot.context import COORDINATING, Context
from bot.events.standing import found_event, may_organise
from bot.handlers.events.answers import (
    after_all,
    answer_taps,
    cannot,
    described,
    kind_label,
    mine,
    own_answer,
    to_calendar,
    to_come,
)
from bot.handlers.events.cards import going_names, joined_tap
from bot.handlers.events.logging import log_tap
from bot.messages import Button, Reply, filled
from bot.rules.events.moments import is_joining, phase
from bot.rules.events.sessions import session_at
from bot.rules.events.values import FEW, Event
from bot.rules.rsvp.values import YES, Rsvp, State

PAGE = 5
MOST_PAST = 2000  # past events that are listed
NUMBER = Annotated[int, Number(hidden=True)]
EVENT = Annotated[str, OneEvent(ask=N_("Which event?"), label=N_("Event"))]
VIEWS = (
    OneChoice("coming", N_("Coming events"), ("next", "soon")),
    OneChoice("past", N_("Past events"), ("over", "old")),
)
LATER, SOONER = N_("Later events"), N_("Sooner events")
OLDER, NEWER = N_("Older events"), N_("Newer events")


@command(
    "events",
    N_("Events: what is coming, and who answered what"),
    example="/events",
    reads=True,
    own_slash=True,
)
def events(
    ctx: Context, view: Annotated[str, OneOf(VIEWS, label=N_("Which"))] = "coming", page: NUMBER = 1
) -> Reply:
    """A page of events with one's own answers: those to come, the soonest first, or the past ones, newest
    first. What is for some people only is in their lists."""
    shown, total, page, pages = _page(ctx, view, max(page, 1))
    own = _own_answers(ctx)
    values = {
        "view": view,
        "total": total,
        "page": page,
        "pages": pages,
        "events": [_line(ctx, event, own.get(event.number)) for event in shown],
        "may_announce": view == "coming" and ctx.may("organise_events"),
    }
    opens = (_open_tap(event) for event in shown)
    other = "past" if view == "coming" else "coming"
    new = (Button(N_("Announce one"), "event new"),) if values["may_announce"] and not total else ()
    views = (Button(one.label, "events", {"view": one.value}) for one in VIEWS if one.value == other)
    taps = (*opens, *_turns(view, page, pages), *new, *views)
    return Reply("events", values, taps, replace=True)


@command("event", N_("One event, and whether you go"), example="/event 12", reads=True)
def event(ctx: Context, number: EVENT) -> Reply:
    """An event with everything about it. Who reads it alone sees their own answer too, and, if they go or
    host it, the link; in a group it is what anybody may see. Raises Refusal where there is none."""
    found = found_event(ctx, int(number))
    if not ctx.reads_alone:
        joined = (joined_tap(found, in_group=True),) if is_joining(found, ctx.now) else ()
        taps = (*answer_taps(found, in_group=True), *joined) if _is_open(ctx, found) else joined
        shown = described(ctx, found)
        names = going_names(ctx, found, shown["going"])
        values = {**shown, **mine(ctx, found, None), **names, "shared": []}
        return Reply("event", values, taps)
    own = own_answer(ctx, found)
    organises = may_organise(ctx, found)
    said_yes = own is not None and (own.state in YES or own.said in YES)
    shown = described(ctx, found)
    values = {
        **shown,
        **mine(ctx, found, own),
        **going_names(ctx, found, shown["going"]),
        "shared": list(found.shared) if said_yes or organises else [],
    }
    return Reply(
        "event", values, (*_own_taps(ctx, found, own), *(_hosts_taps(ctx, found) if organises else ()))
    )


def _page(ctx: Context, view: str, page: int) -> tuple[tuple[Event, ...], int, int, int]:
    """The events of a page, how many there are, which page it is, and of how many."""
    store = ctx.store.events
    if view == "past":
        every = store.past(ctx.now, MOST_PAST)[0]
    else:  # of a series the next session is what comes
        every = tuple(sorted(store.coming(ctx.now), key=lambda one: session_at(one, ctx.now).starts_at))
    found = tuple(one for one in every if _is_for(ctx, one))
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages)
    return found[(page - 1) * PAGE : page * PAGE], len(found), page, pages


def _turns(view: str, page: int, pages: int) -> tuple[Button, ...]:
    """The taps to other pages: events to come are listed the soonest first, past ones the newest first."""
    further, back = (LATER, SOONER) if view == "coming" else (OLDER, NEWER)
    taps = ((further, page + 1, page < pages), (back, page - 1, page > 1))
    return tuple(Button(label, "events", {"view": view, "page": str(to)}) for label, to, so in taps if so)


def _is_for(ctx: Context, event: Event) -> bool:
    """Whether an event is in the caller's list: what is for hosts or the coordination is in theirs alone."""
    if event.audience in FEW and not ctx.reads_alone:
        return False
    if event.audience == "hosts":
        hosts = any(role.organisation in event.hosts for role in ctx.roles)
        return hosts or may_organise(ctx, event)
    if event.audience == "coordination":
        return any(role.organisation == COORDINATING for role in ctx.roles) or may_organise(ctx, event)
    return True


def _own_answers(ctx: Context) -> dict[int, Rsvp]:
    if not ctx.reads_alone:
        return {}
    return {one.event: one for one in ctx.store.rsvps.of_person(ctx.person.id)}


def _line(ctx: Context, event: Event, own: Rsvp | None) -> dict[str, Any]:
    session = session_at(event, ctx.now)
    return {
        "number": event.number,
        "title": event.title,
        "kind": kind_label(ctx, event.kind),
        "starts": session.starts_at.isoformat(),
        "zone": event.zone,
        "repeats": event.repeats,
        "phase": phase(event, ctx.now),
        "answer": own.state if own else "",
        "to_come": to_come(ctx, event, own),
    }


def _open_tap(event: Event) -> Button:
    return Button(filled(N_("Open {number}"), number=event.number), "event", {"number": str(event.number)})


def _is_open(ctx: Context, event: Event) -> bool:
    return phase(event, ctx.now) in ("coming", "on")


def _own_taps(ctx: Context, event: Event, own: Rsvp | None) -> tuple[Button, ...]:
    """What is likely next, by what somebody answered before."""
    state: State | None = own.state if own else None
    given = {"event": str(event.number)}
    calendar = to_calendar(event)
    joining = is_joining(event, ctx.now) and state != "attended"
    joined = (joined_tap(event),) if joining else ()
    if is_joining(event, ctx.now) and state == "attended":
        joined = (Button(N_("I wasn't there"), "not there", given),)
    if not _is_open(ctx, event):
        return joined
    match state:
        case "going" | "attended":
            asked = own is not None and own.asked_again_at is not None
            still = (Button(N_("Still coming"), "still coming", given),) if asked else ()
            coming = to_come(ctx, event, own)
            if coming == "no":
                return (*joined, after_all(event))
            off = (cannot(event),) if state == "going" or coming else ()  # who joined the last one is there
            return (*joined, *still, calendar, *off)
        case "offered":
            take = Button(N_("Take it"), "take seat", given)
            return (take, Button(N_("Pass"), "pass seat", given))
        case "waitlisted":
            return (*joined, Button(N_("Leave the line"), "leave line", given))
    return (*answer_taps(event), *joined)


def _hosts_taps(ctx: Context, event: Event) -> tuple[Button, ...]:
    """What the hosts' people can do about it, as far as it has come."""
    number = {"number": str(event.number)}
    change, move = Button(N_("Change"), "event change", number), Button(N_("Move it"), "event move", number)
    came = Button(N_("Who came"), "who came", number)
    match phase(event, ctx.now):
        case "coming":
            return (*_if(is_joining(event, ctx.now), came), change, move, _cancel(number))
        case "on":
            return (came, change, _cancel(number))
        case "over":
            share = Button(N_("Share the recording"), "event share", number)
            said = Button(N_("What they said"), "event results", {"event": str(event.number)})
            return (*log_tap(ctx, event), came, share, said)
    return ()


def _cancel(number: dict[str, str]) -> Button:
    return Button(N_("Cancel it"), "event cancel", number)


def _if(so: bool, *taps: Button) -> Iterable[Button]:
    return taps if so else ()
