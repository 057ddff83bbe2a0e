"""Somebody answers an event: their answer is written, and a seat that this frees goes on (section 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.commands import N_
from bot.context import Context
from bot.events.mailed import mail_answer
from bot.events.promoting import has_limit, promote
from bot.events.reminding import remind
from bot.events.settling import settle_event
from bot.events.standing import EVENTS, changed, seats_of
from bot.messages import Button, Refusal
from bot.people.waking import organisation_of
from bot.rules.events.moments import is_joining
from bot.rules.events.sessions import ends_at, session_at
from bot.rules.events.values import Event
from bot.rules.rsvp import answering
from bot.rules.rsvp.promoting import behind, confirmed, minus, plus
from bot.rules.rsvp.values import Rsvp, Taken, Wish, fresh
from storage.rsvps import STANDING

SEATLESS = ("invited", "maybe", "declined", "withdrawn")

__all__ = ["Answered", "answer", "promote", "standing_of", "still_coming"]


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: `before` as it stood (None for no answer yet), `after` as it stands; both are
    alike if it changed nothing. `position` is the place in line, 1 for the first, 0 for who is in none;
    `taken` are all seats that are held by then, None if they were not counted."""

    event: Event
    before: Rsvp | None
    after: Rsvp
    position: int
    taken: Taken | None = None

    @property
    def is_new(self) -> bool:
        """Whether the answer changed anything."""
        return self.before != self.after


def answer(ctx: Context, event: Event, person: int, wish: Wish, party: int = 0) -> Answered:
    """One person's answer to an event that the caller holds (`found_event(…, lock=True)`); `party` is with
    how many seats, 0 for as before. What was due of the event comes first; a freed seat goes to the line, and
    who joins that stands behind all in it, whoever's clock was ahead. Raises Refusal for an event that is
    over or cancelled, and for more seats than there are."""
    event = settle_event(ctx, event)
    before = ctx.store.rsvps.get(event.number, person)
    own = before or fresh(event.number, person, organisation_of(ctx, person, event.hosts), ctx.now)
    if before is not None and wish == "going" and own.state in SEATLESS:  # for another one, by now
        own = replace(own, organisation=organisation_of(ctx, person, event.hosts))
    taken = ctx.store.rsvps.taken(event.number)
    try:
        after = answering.answer(seats_of(event, ctx.now), taken, own, wish, ctx.now, party)
    except Refusal as no:
        raise _read_back(ctx, event, no) from no
    if after == own:
        return Answered(event, before, after, _position(ctx, after), taken)
    if after.state == "waitlisted" and after.queued_at != own.queued_at:
        after = behind(after, ctx.store.rsvps.last_queued(event.number))
    ctx.store.rsvps.write(after)
    mail_answer(ctx, event, before, after)
    remind(ctx, event, after)
    taken = plus(minus(taken, own), after)
    moved = promote(ctx, event, taken) if after.holds < own.holds and has_limit(event) else ()
    if not moved:  # else it is known already
        changed(ctx, event)
    return Answered(event, before, after, _position(ctx, after), plus(taken, *moved))


def catch_up(ctx: Context) -> None:
    """Who holds a seat, or a place in line, by an organisation for which they act no more has it by another
    one; who acts for none gives it up. However their role ended."""
    for person in ctx.store.rsvps.outdated():
        if ctx.store.roles.of_person(person):
            change_hats(ctx, person)
        else:
            give_up_all(ctx, person)


def change_hats(ctx: Context, person: int) -> None:
    """Somebody acts for an organisation no more but stays here: what they hold in events to come is by
    whom they act for now, and what that frees of an organisation's seats goes to its line."""
    hats = {role.organisation for role in ctx.store.roles.of_person(person)}
    for known in ctx.store.rsvps.of_person(person):
        if known.state not in STANDING or known.organisation in hats:
            continue  # who came, came for whom they acted then
        event = ctx.store.events.get(known.event, lock=True)
        if event is None or event.state == "cancelled" or ctx.now >= ends_at(event):
            continue
        event = settle_event(ctx, event)
        own = ctx.store.rsvps.get(event.number, person) or known
        ctx.store.rsvps.write(replace(own, organisation=organisation_of(ctx, person, event.hosts)))
        if own.holds and has_limit(event):
            promote(ctx, event)
        changed(ctx, event)


def give_up_all(ctx: Context, person: int) -> None:
    """Somebody leaves the alliance: their seats and places in line of events to come go to others."""
    for own in ctx.store.rsvps.of_person(person):
        if own.state not in ("going", "offered", "waitlisted", "maybe", "attended"):
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
    own = before or fresh(event.number, person, organisation_of(ctx, person, event.hosts), ctx.now)
    return Answered(event, own, own, _position(ctx, own))


def _position(ctx: Context, rsvp: Rsvp) -> int:
    return ctx.store.rsvps.position(rsvp) if rsvp.state == "waitlisted" else 0


def _read_back(ctx: Context, event: Event, no: Refusal) -> Refusal:
    """The rules' no with the event's own words, and a way on. An Ask takes `free` for itself."""
    joining = is_joining(event, ctx.now)
    joined = Button(N_("I joined"), "i joined", {"event": str(event.number)})
    taps = (joined, EVENTS) if joining and no.code == "event_over" else (EVENTS,)
    known = {
        "number": event.number,
        "title": event.title,
        "starts": session_at(event, ctx.now).starts_at.isoformat(),
        "why": event.why,
        "joining": joining,
        "capacity": event.capacity,
        "per_organisation": event.per_organisation,
    }
    given = {"left" if name == "free" else name: value for name, value in no.values.items()}
    return Refusal(no.code, no.option, no.buttons or taps, **{**known, **given})
