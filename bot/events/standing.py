"""How an event stands: which one is meant, whom it is for, who may change it, whose seat somebody takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.commands import N_
from bot.context import COORDINATING, Context
from bot.messages import Button, Call, Refusal, Topic
from bot.rules.events.moments import goes_on
from bot.rules.events.sessions import ends_at, session_at
from bot.rules.events.values import FEW, Event
from bot.rules.rsvp.values import Seats

PURPOSE = "events"
EVENTS = Button(N_("Events"), "events")


def found_event(ctx: Context, number: int, *, lock: bool = False) -> Event:
    """The event with this number, held if it is to be changed or answered. Raises Refusal where none is, or
    none that the caller is to know of."""
    event = ctx.store.events.get(number, lock=lock)
    if event is not None and may_see(ctx, event):
        return event
    if event is not None and _on_its_card(ctx, event):
        raise closed(ctx, event)
    raise Refusal("event_missing", buttons=(EVENTS,), number=number)


def may_see(ctx: Context, event: Event) -> bool:
    """Whether an event is to be known to the caller: what is for the hosts or the coordination alone is for
    them, for whom they let answer, and for nobody who guesses its number."""
    if event.audience not in FEW or ctx.identity.person is None:
        return True
    person = ctx.identity.person.id
    answered = ctx.store.rsvps.get(event.number, person) is not None
    return answered or may_organise(ctx, event) or person in audience_of(ctx, event)


def closed(ctx: Context, event: Event) -> Refusal:
    """The no to who saw the card of an event that is for the hosts or the coordination alone."""
    host = ctx.short_name(event.host)
    return Refusal("event_closed", buttons=(EVENTS,), audience=event.audience, title=event.title, host=host)


def topic_of(event: Event) -> Topic:
    """What the posts of an event are about."""
    return Topic("event", str(event.number))


def changed(ctx: Context, event: Event) -> None:
    """Every card of the event is to be shown anew."""
    ctx.store.cards.stale(topic_of(event))


def seats_of(event: Event, now: datetime) -> Seats:
    """What an event offers, as the rules take it."""
    return Seats(
        event.capacity,
        event.per_organisation,
        event.mode,
        session_at(event, now).starts_at,
        ends_at(event),
        event.state == "cancelled",
        goes_on(event, now),
    )


def may_organise(ctx: Context, event: Event) -> bool:
    """Whether the caller may change an event: the hosts' people who organise; so the coordinator, whose role
    holds for every organisation. Whoever announced it and acts for no host any more may not."""
    return any(ctx.may("organise_events", host) for host in event.hosts)


def audience_of(ctx: Context, event: Event) -> tuple[int, ...]:
    """Whom an event is for, by person: they are invited and told. Others may answer too."""
    return tuple(dict.fromkeys(_audience(ctx, event)))


def hosts_people(ctx: Context, event: Event) -> tuple[int, ...]:
    """Who looks after an event, by person: first whoever announced it, if they still may, then the host's
    people who do so; where the host has nobody left, the coordinators."""
    roles = ctx.store.roles.of_person(event.created_by)
    may = any(
        ctx.charter.allows(role.role, "organise_events") and role.organisation in (*event.hosts, COORDINATING)
        for role in roles
    )
    first = (event.created_by,) if may else ()
    return tuple(dict.fromkeys((*first, *ctx.people_of(event.host, "organise_events")))) or ctx.coordinators()


def _on_its_card(ctx: Context, event: Event) -> bool:
    """Whether the caller tapped on the event's card, which somebody chose to put in that chat."""
    tapped = isinstance(ctx.incoming, Call) and bool(ctx.incoming.token)
    there = (ctx.place.platform, ctx.place.installation, ctx.place.channel)
    places = (card.place for card in ctx.store.cards.of_topic(topic_of(event)))
    return tapped and any((one.platform, one.installation, one.channel) == there for one in places)


def _audience(ctx: Context, event: Event) -> Iterator[int]:
    if event.audience == "voters":
        for slug in ctx.organisations:
            yield from ctx.people_of(slug, "vote")
        yield from ctx.coordinators()
    elif event.audience == "coordination":
        for role in ctx.charter.roles:
            if role.scope == "alliance" and ctx.charter.allows(role.key, "organise_events"):
                yield from (holder.person.id for holder in ctx.store.roles.holders(role.key))
    else:
        hosts = event.hosts if event.audience == "hosts" else tuple(ctx.organisations)
        for slug in hosts:
            yield from ctx.people_of(slug, "answer_events")
        if event.audience != "hosts":
            yield from ctx.coordinators()
