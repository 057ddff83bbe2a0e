"""How an event is read back: when it is, for whom, how many come, one's own answer, its next likely taps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from bot.commands import N_, OneChoice
from bot.context import Context
from bot.events.standing import may_organise, seats_of
from bot.messages import Button
from bot.rules.events.moments import goes_on, last_begun, phase
from bot.rules.events.sessions import ends_at, session_at
from bot.rules.events.values import Audience, Event
from bot.rules.rsvp.promoting import free, over_by
from bot.rules.rsvp.values import Rsvp, Taken, Wish

A_YEAR = 24 * 365  # hours: what stands in a group is not soon asked again
ANSWERS: tuple[tuple[Wish, str], ...] = (("going", N_("Going")), ("maybe", N_("Maybe")), ("no", N_("Can't")))
AUDIENCES: tuple[OneChoice, ...] = (
    OneChoice("public", N_("Everybody"), ("public", "all", "open")),
    OneChoice("members", N_("Members"), ("member",)),
    OneChoice("voters", N_("Who votes"), ("voting",)),
    OneChoice("coordination", N_("Coordination"), ("coordinators",)),
    OneChoice("hosts", N_("Only the hosts"), ("host",)),
)
GOES_TO: dict[Audience, str] = {
    "public": N_("everybody"),
    "members": N_("members"),
    "voters": N_("who votes"),
    "coordination": N_("the coordination team"),
    "hosts": N_("the hosts' people"),
}


def described(ctx: Context, event: Event) -> dict[str, Any]:
    """An event in the words that every template reads back. The link to the meeting is in it only for those
    who go and for the hosts, where nobody else reads along."""
    return {**without_link(ctx, event), "link": event.link if _reads_link(ctx, event) else ""}


def without_link(ctx: Context, event: Event, taken: Taken | None = None) -> dict[str, Any]:
    """An event in the same words, but for the link to the meeting. `taken` are the seats that are held, where
    they were counted already."""
    session = session_at(event, ctx.now)
    return {
        **_planned(ctx, event),
        **_counted(ctx, event, taken),
        "starts": session.starts_at.isoformat(),
        "ends": session.ends_at.isoformat(),
        "first": event.starts_at.isoformat(),
        "last_ends": ends_at(event).isoformat(),
        "has_link": bool(event.link),
        "phase": phase(event, ctx.now),
    }


def in_a_question(values: dict[str, Any]) -> dict[str, Any]:
    """What `described` says, for an Ask: its `free` means something else."""
    return {key: value for key, value in values.items() if key != "free"}


def mine(ctx: Context, event: Event, own: Rsvp | None, position: int = 0) -> dict[str, Any]:
    """Somebody's own answer as templates take it: `answer` is its state, "" for none; `position` in line
    (given where it is known already) and `until` (a moment, ISO) only where there is one; `asked_again`
    whether they were asked if they still come. `to_come` ("going" or "no") is what holds of the sessions to
    come for who came to one (`came_on`, its day) already, "" for others."""
    if own is None:
        return {
            "answer": "", "seats": 0, "position": 0, "until": "", "asked_again": False, "to_come": "",
            "came_on": "",
        }  # fmt: skip
    return {
        "answer": own.state,
        "seats": own.seats,
        "position": (position or ctx.store.rsvps.position(own)) if own.state == "waitlisted" else 0,
        "until": own.offered_until.isoformat() if own.state == "offered" and own.offered_until else "",
        "asked_again": own.asked_again_at is not None and event.state == "planned",
        "to_come": to_come(ctx, event, own),
        "came_on": last_begun(event, ctx.now).starts_at.isoformat() if own.state == "attended" else "",
    }


def to_come(ctx: Context, event: Event, own: Rsvp | None) -> Wish | Literal[""]:
    """What holds of the sessions to come for somebody who came to one already: "going", or "no" once they
    gave back their seats. "" for everybody else."""
    if own is None or own.state != "attended" or not goes_on(event, ctx.now):
        return ""
    return "no" if own.gave_back else "going"


def answer_taps(event: Event, *, in_group: bool = False) -> tuple[Button, ...]:
    """Going, Maybe, Can't. In a group whoever answers events may press them."""
    return tuple(_tap(event, wish, label, in_group=in_group) for wish, label in ANSWERS)


def cannot(event: Event, label: str = N_("Can't make it")) -> Button:
    """The tap of somebody who does not come any more."""
    return _tap(event, "no", label, in_group=False)


def after_all(event: Event) -> Button:
    """The tap of somebody who said that they can't come, and now can."""
    return _tap(event, "going", N_("Going after all"), in_group=False)


def see(event: Event, label: str = N_("Open it")) -> Button:
    """The tap that opens an event."""
    return Button(label, "event", {"number": str(event.number)})


def to_calendar(event: Event) -> Button:
    """The tap that brings an event as a file for one's calendar."""
    return Button(N_("To my calendar"), "calendar file", {"event": str(event.number)})


def own_answer(ctx: Context, event: Event) -> Rsvp | None:
    """What the caller answered, None for nothing."""
    person = ctx.identity.person
    return ctx.store.rsvps.get(event.number, person.id) if person else None


def kind_label(ctx: Context, kind: str) -> str:
    """A kind of event as people call it; its key once the charter has none of it any more."""
    labels = {one.key: one.label for one in ctx.charter.event_kinds}
    return ctx.translate(labels.get(kind, kind))


def as_it_was(ctx: Context, event: Event, before: Mapping[str, Any]) -> dict[str, Any]:
    """An event before it was moved (`places_of`), with the session that would be on or next: `starts`."""
    was = replace(
        event, starts_at=datetime.fromisoformat(before["first"]), zone=before["zone"],
        minutes=before["minutes"], repeats=before["repeats"], times=before["times"],
    )  # fmt: skip
    return {**before, "starts": session_at(was, ctx.now).starts_at.isoformat()}


def _planned(ctx: Context, event: Event) -> dict[str, Any]:
    return {
        "number": event.number,
        "title": event.title,
        "kind": kind_label(ctx, event.kind),
        "about": event.about,
        "zone": event.zone,
        "minutes": event.minutes,
        "repeats": event.repeats,
        "times": event.times,
        "where": event.where,
        "hosts": [ctx.short_name(slug) for slug in event.hosts],
        "host": ctx.short_name(event.host),
        "audience": event.audience,
        "goes_to": ctx.translate(GOES_TO[event.audience]),
        "capacity": event.capacity,
        "per_organisation": event.per_organisation,
        "state": event.state,
        "why": event.why,
        "guests": event.guests,
        "material": bool(event.shared),
    }


def _counted(ctx: Context, event: Event, held: Taken | None) -> dict[str, Any]:
    """How many answered what, in persons but for `taken`, `free` and `over`, which are seats."""
    if not event.number:  # a preview: nobody has answered
        counts, taken, left, over, gone = {}, 0, event.capacity, 0, 0
    else:
        seats, held = seats_of(event, ctx.now), held or ctx.store.rsvps.taken(event.number)
        counts = dict(ctx.store.rsvps.counts(event.number))
        taken, left, over = held.total, free(seats, held), over_by(seats, held)
        gone = ctx.store.rsvps.gave_back(event.number) if event.repeats and counts.get("attended") else 0
    return {
        "going": counts.get("going", 0) + counts.get("attended", 0) - gone,  # who joined already goes still
        "taken": taken,
        "free": left,
        "over": over,
        "maybe": counts.get("maybe", 0),
        "cant": counts.get("declined", 0) + counts.get("withdrawn", 0),
        "line": counts.get("waitlisted", 0),
        "came": counts.get("attended", 0),
    }


def _reads_link(ctx: Context, event: Event) -> bool:
    if not event.link or ctx.identity.person is None or not ctx.reads_alone:
        return False
    own = own_answer(ctx, event) if event.number else None
    goes = own is not None and own.state in ("going", "attended") and not own.gave_back
    return goes or may_organise(ctx, event)


def _tap(event: Event, wish: Wish, label: str, *, in_group: bool) -> Button:
    given = {"event": str(event.number), "wish": wish}
    if in_group:
        return Button(label, "answer event", given, who="anyone", hours=A_YEAR)
    return Button(label, "answer event", given)
