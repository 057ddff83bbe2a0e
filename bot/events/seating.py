"""Somebody answers an event: their answer is written, and a seat that this frees goes on (section 1)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.context import Context
from bot.events.promoting import has_limit, promote
from bot.events.settling import settle_event
from bot.events.standing import EVENTS, changed, organisation_of, seats_of
from bot.messages import Refusal
from bot.rules.events.sessions import ends_at, session_at
from bot.rules.events.values import Event
from bot.rules.rsvp import answering
from bot.rules.rsvp.promoting import confirmed
from bot.rules.rsvp.values import Rsvp, Taken, Wish, fresh

__all__ = ["Answered", "answer", "promote", "standing_of", "still_coming"]


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: `before` as it stood (None for no answer yet), `after` as it stands; both are
    alike if it changed nothing. `position` is the place in line, 1 for the first, 0 for who is in none."""

    event: Event
    before: Rsvp | None
    after: Rsvp
    position: int

    @property
    def is_new(self) -> bool:
        """Whether the answer changed anything."""
        return self.before != self.after


def answer(ctx: Context, event: Event, person: int, wish: Wish, party: int = 0) -> Answered:
    """One person's answer to an event that the caller holds (`found_event(…, lock=True)`); `party` is with
    how many seats, 0 for as before. What was due of the event comes first; a freed seat goes to the line.
    Raises Refusal for an event that is over or cancelled, and for more seats than there are."""
    event = settle_event(ctx, event)
    before = ctx.store.rsvps.get(event.number, person)
    own = before or fresh(event.number, person, organisation_of(ctx, person), ctx.now)
    taken = ctx.store.rsvps.taken(event.number) if has_limit(event) else Taken()
    try:
        after = answering.answer(seats_of(event, ctx.now), taken, own, wish, ctx.now, party)
    except Refusal as no:
        raise _read_back(ctx, event, no) from no
    if after != own:
        ctx.store.rsvps.write(after)
        if after.holds < own.holds and has_limit(event):
            promote(ctx, event)
        changed(ctx, event)
    return Answered(event, before, after, _position(ctx, after))


def give_up_all(ctx: Context, person: int) -> None:
    """Somebody leaves the alliance: their seats and places in line of events to come go to others."""
    for own in ctx.store.rsvps.of_person(person):
        if own.state not in ("going", "offered", "waitlisted", "maybe"):
            continue
        event = ctx.store.events.get(own.event, lock=True)
        if event is not None and event.state == "planned" and ctx.now < ends_at(event):
            answer(ctx, event, person, "no")


def still_coming(ctx: Context, event: Event, person: int) -> Answered:
    """Somebody who was asked after a move says that they still come: their seat stays theirs. The caller
    holds the event; who has no seat any more keeps what they have."""
    event = settle_event(ctx, event)
    before = ctx.store.rsvps.get(event.number, person)
    if before is None or before.state != "going" or before.asked_again_at is None:
        return standing_of(ctx, event, person)
    after = confirmed(before, ctx.now)
    ctx.store.rsvps.write(after)
    return Answered(event, before, after, 0)


def standing_of(ctx: Context, event: Event, person: int) -> Answered:
    """How somebody's answer stands; nothing changes."""
    before = ctx.store.rsvps.get(event.number, person)
    own = before or fresh(event.number, person, organisation_of(ctx, person), ctx.now)
    return Answered(event, own, own, _position(ctx, own))


def _position(ctx: Context, rsvp: Rsvp) -> int:
    return ctx.store.rsvps.position(rsvp) if rsvp.state == "waitlisted" else 0


def _read_back(ctx: Context, event: Event, no: Refusal) -> Refusal:
    """The rules' no with the event's own words, and a way on. An Ask takes `free` for itself."""
    known = {
        "number": event.number,
        "title": event.title,
        "starts": session_at(event, ctx.now).starts_at.isoformat(),
        "why": event.why,
        "capacity": event.capacity,
        "per_organisation": event.per_organisation,
    }
    given = {"left" if name == "free" else name: value for name, value in no.values.items()}
    return Refusal(no.code, no.option, no.buttons or (EVENTS,), **{**known, **given})
