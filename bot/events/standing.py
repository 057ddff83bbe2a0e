"""How an event stands: which one is meant, whom it is for, who may change it, whose seat somebody takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.commands import N_
from bot.context import COORDINATING, Context
from bot.messages import Button, Refusal, Topic
from bot.public_holidays import is_free
from bot.rules.attention import Waking
from bot.rules.events.sessions import ends_at, session_at
from bot.rules.events.values import Event
from bot.rules.rsvp.values import Seats

PURPOSE = "events"
EVENTS = Button(N_("Events"), "events")


def found_event(ctx: Context, number: int, *, lock: bool = False) -> Event:
    """The event with this number, held if it is to be changed or answered. Raises Refusal where none is."""
    event = ctx.store.events.get(number, lock=lock)
    if event is None:
        raise Refusal("event_missing", buttons=(EVENTS,), number=number)
    return event


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
    )


def may_organise(ctx: Context, event: Event) -> bool:
    """Whether the caller may change an event: whoever announced it, and the hosts' people who organise; so
    the coordinator, whose role holds for every organisation."""
    own = ctx.identity.person is not None and ctx.identity.person.id == event.created_by
    return own or any(ctx.may("organise_events", host) for host in event.hosts)


def organisation_of(ctx: Context, person: int) -> str:
    """Whose seat somebody takes (slug): of several organisations the first by name, "" for nobody's."""
    roles = ctx.store.roles.of_person(person)
    return min((role.organisation for role in roles if role.organisation != COORDINATING), default="")


def audience_of(ctx: Context, event: Event) -> tuple[int, ...]:
    """Whom an event is for, by person: they are invited and told. Others may answer too."""
    return tuple(dict.fromkeys(_audience(ctx, event)))


def hosts_people(ctx: Context, event: Event) -> tuple[int, ...]:
    """Who looks after an event, by person: first whoever announced it, then the host's people who do so."""
    return tuple(dict.fromkeys((event.created_by, *ctx.people_of(event.host, "organise_events"))))


def waking_of(ctx: Context, person: int) -> Waking:
    """When somebody is at work: by their zone, and the public holidays of their organisation's country."""
    known = ctx.store.persons.get(person)
    organisation = ctx.organisations.get(organisation_of(ctx, person))
    zone = (known.zone if known else "") or (organisation.zone if organisation else "")
    countries = frozenset({organisation.country} if organisation and organisation.country else ())
    return Waking(zone or ctx.charter.alliance.zone, is_free(countries))


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
