"""Whom something reaches, and whom not and why: chats and people, each person once, on one platform."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from babel import Locale

from bot.commands import N_
from bot.context import COORDINATING, Context
from bot.context.speaking import sectors_of
from bot.messages import Place
from bot.notices import NOTICES
from bot.people.public_holidays import is_free
from bot.people.waking import is_zone
from bot.rules.attention import Waking
from bot.rules.broadcasts.segments import Candidate, fits
from bot.rules.broadcasts.values import Segment
from storage.accounts import Linked, within_reach
from storage.persons import Person
from storage.places import KnownPlace, PlaceState

Why = Literal[
    "muted", "taken off", "nowhere", "not_started", "removed", "archived", "closed", "cannot_post", "lost",
    "has it", "for some",
]  # fmt: skip
_WHY_NOT: Final[Mapping[PlaceState, Why]] = {
    "removed": "removed",
    "archived": "archived",
    "closed": "closed",
    "muted": "cannot_post",
    "lost": "lost",
    "forgotten": "removed",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One who gets something: a person by one account, an account of nobody we know, or a place. `key` names
    it: "person:5", "account:9", "place:3". `zone` (IANA) is where they read, `country` (ISO 3166, "" for not
    known) whose holidays they have."""

    key: str
    name: str
    platform: str
    account_id: int | None = None
    person: int | None = None
    place: Place | None = None
    place_id: int = 0
    zone: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Who or what does not get it. `why`: "muted" they stopped this kind, "taken off" by the author,
    "nowhere" no account of theirs is within reach, "not_started" nobody of this organisation
    ("organisation:emc2") is here yet, "has it" it reached them before, "for some" a chat, of what is not for
    everybody; of a place that the bot was removed, that it is archived, closed or
    lost, or that the bot cannot post there."""

    key: str
    name: str
    why: Why


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom something reaches and whom not: chats first, then people by name."""

    readers: tuple[Reader, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def chats(self) -> tuple[Reader, ...]:
        return tuple(reader for reader in self.readers if reader.place is not None)

    @property
    def people(self) -> tuple[Reader, ...]:
        return tuple(reader for reader in self.readers if reader.place is None)


@dataclass
class _Known:
    """Somebody as they are known: as a person, by the roles (role and organisation) that they hold, and by
    what they answered to events."""

    person: Person
    accounts: tuple[Linked, ...] = ()
    roles: list[tuple[str, str]] = field(default_factory=list)
    events: set[str] = field(default_factory=set)


def reach(
    ctx: Context,
    segments: Sequence[Segment],
    places: Collection[int] | None,
    kind: str,
    without: Collection[int] = (),
    purpose: str = "announcements",
) -> Reach:
    """Whom something of this kind of notice reaches (spec/engagement.md section 4): the places of these
    numbers, or (None) all that are for `purpose`, and the people who belong to the `segments`, each once, by
    the account by which they are told anything. Known are whoever holds a role, and with an event also who
    only answered to it. `without` are persons whom the author took off; organisations that belong to it and
    have nobody here are left out too. A few statements, however many they are."""
    everybody = _everybody(ctx, segments)
    involved = [one for one in everybody.values() if one.roles or one.events]
    chosen = [one for one in involved if fits(_candidate(ctx, one), segments)]
    people = _sorted_out(ctx, chosen, kind, without)
    chats = [_at_place(ctx, known) for known in _places(ctx, places, purpose)]
    absent = _nobody_of(ctx, everybody.values(), segments)
    return _as_reach([*chats, *people, *absent])


def reach_of(ctx: Context, persons: Iterable[int], kind: str) -> Reach:
    """Whom of these persons something of this kind reaches, with a role or without one. Who has left is in
    neither list. A few statements, however many they are."""
    everybody, wanted = _everybody(ctx, ()), set(persons)
    found = [everybody[person] for person in wanted & everybody.keys()]
    for person in sorted(wanted - everybody.keys()):  # without role and account: next to nobody
        alone = ctx.store.persons.get(person)
        if alone is not None and alone.left_at is None:
            found.append(_Known(alone))
    return _as_reach(_sorted_out(ctx, found, kind, ()))


def reader_of(ctx: Context, person: int, kind: str) -> Reader | LeftOut:
    """How one person gets something of this kind, or why not. Raises LookupError if there is no such
    person."""
    found = ctx.store.persons.get(person)
    if found is None:
        raise LookupError(f"person {person}")
    roles = [(role.role, role.organisation) for role in ctx.store.roles.of_person(person)]
    known = _Known(found, ctx.store.accounts.of_person(person), roles)
    return _person(ctx, known, muted=kind in ctx.store.silenced.kinds(person))


def waking_hours(reader: Reader) -> Waking:
    """When somebody is at work: by the clocks where they read, and their country's public holidays."""
    return Waking(reader.zone, is_free(frozenset({reader.country} if reader.country else ())))


def described_segments(ctx: Context, segments: Iterable[Segment]) -> list[str]:
    """The parts of everybody for whom something is, as they are called in a sentence of the reader's
    language."""
    return [_described(ctx, segment) for segment in segments]


def _everybody(ctx: Context, segments: Sequence[Segment]) -> dict[int, _Known]:
    """Everybody known, by person: who has an account or holds a role, with what they answered to the events
    of the segments."""
    known = {
        number: _Known(person, accounts)
        for number, (person, accounts) in ctx.store.accounts.of_everybody().items()
    }
    for holder in ctx.store.roles.standing():
        one = known.setdefault(holder.person.id, _Known(holder.person))
        one.roles.append((holder.role.role, holder.role.organisation))
    for event in {segment.value for segment in segments if segment.kind == "event"}:
        for rsvp in ctx.store.rsvps.of_event(int(event), ("going", "maybe", "attended")):
            if rsvp.person in known:
                known[rsvp.person].events.add(event)
    return known


def _candidate(ctx: Context, known: _Known) -> Candidate:
    """What of somebody decides whether they belong to a part. Who has no role is known by the event alone."""
    ours = [ctx.organisations[slug] for slug in _worn(known) if slug in ctx.organisations]
    roles = frozenset(role for role, _ in known.roles)
    return Candidate(
        known.person.id,
        organisations=frozenset(one.slug for one in ours),
        countries=frozenset(one.country for one in ours if one.country),
        sectors=frozenset(sector for one in ours for sector in one.sectors),
        roles=roles,
        bodies=frozenset(body.key for body in ctx.charter.bodies if roles & set(body.seats)),
        events=frozenset(known.events),
    )


def _sorted_out(
    ctx: Context, chosen: Iterable[_Known], kind: str, without: Collection[int]
) -> list[Reader | LeftOut]:
    """Each of them as a reader, or why not, by name."""
    muted, off = ctx.store.silenced.by(kind) | _off(ctx, kind), frozenset(without)
    by_name = sorted(chosen, key=lambda one: (one.person.name.casefold(), one.person.id))
    return [
        _person(ctx, one, muted=one.person.id in muted, taken_off=one.person.id in off) for one in by_name
    ]


def _off(ctx: Context, kind: str) -> frozenset[int]:
    """Who wants nothing of what this kind is about. What they asked for themselves comes even so."""
    notice = NOTICES.get(kind)
    if notice is None or notice.counts is False:
        return frozenset()
    paces = ctx.store.attention.wanted(notice.theme).paces
    return frozenset(person for person, pace in paces.items() if pace == "off")


def _person(ctx: Context, known: _Known, *, muted: bool, taken_off: bool = False) -> Reader | LeftOut:
    person, there = known.person, within_reach(known.accounts)
    key = f"person:{person.id}"
    if there is None or muted or taken_off:
        return LeftOut(key, person.name, "taken off" if taken_off else "muted" if muted else "nowhere")
    ours = ctx.organisations.get(min(_worn(known), default=""))
    near = (person.zone, *(one.account.zone for one in known.accounts), ours.zone if ours else "")
    return Reader(
        key,
        person.name,
        there.account.platform,
        there.account_id,
        person.id,
        zone=next(filter(is_zone, near), ctx.charter.alliance.zone),  # as `bot.people.waking` has it
        country=ours.country if ours else "",
    )


def _worn(known: _Known) -> set[str]:
    return {organisation for _, organisation in known.roles} - {COORDINATING}


def _places(ctx: Context, numbers: Collection[int] | None, purpose: str) -> list[KnownPlace]:
    every = ctx.store.places.all()
    if numbers is None:
        return [known for known in every if purpose in known.purposes]
    return [known for known in every if known.id in numbers]


def _at_place(ctx: Context, known: KnownPlace) -> Reader | LeftOut:
    key, name = f"place:{known.id}", known.place.name or known.place.channel
    if known.state != "open":
        return LeftOut(key, name, _WHY_NOT[known.state])
    zone = known.zone if is_zone(known.zone) else ctx.charter.alliance.zone
    return Reader(key, name, known.place.platform, place=known.place, place_id=known.id, zone=zone)


def _nobody_of(ctx: Context, everybody: Iterable[_Known], segments: Sequence[Segment]) -> list[LeftOut]:
    """The organisations that belong to it by what they are themselves, and of which nobody is here."""
    here = {slug for one in everybody for slug in _worn(one)}
    found = []
    for one in ctx.members:
        itself = Candidate(0, frozenset({one.slug}), frozenset({one.country}), frozenset(one.sectors))
        if one.slug not in here and fits(itself, segments):
            found.append(LeftOut(f"organisation:{one.slug}", one.short_name, "not_started"))
    return found


def _as_reach(found: Sequence[Reader | LeftOut]) -> Reach:
    return Reach(
        tuple(one for one in found if isinstance(one, Reader)),
        tuple(one for one in found if isinstance(one, LeftOut)),
    )


def _described(ctx: Context, segment: Segment) -> str:
    kind, value = segment.kind, segment.value
    if kind == "all":
        return ctx.translate(N_("everybody"))
    if kind == "country":
        return str(Locale.parse(ctx.language, sep="-").territories.get(value, value))
    if kind == "organisation":
        return ctx.organisations[value].short_name if value in ctx.organisations else value
    if kind == "event":
        event = ctx.store.events.get(int(value))
        return ctx.translate(N_("those who go to {event}")).format(event=event.title if event else value)
    if kind == "sector":
        return ctx.translate(value) if value in sectors_of(ctx.charter) else value
    roles, bodies = ctx.charter.roles if kind == "role" else (), ctx.charter.bodies if kind == "body" else ()
    titles = {one.key: one.title for one in roles} | {one.key: one.title for one in bodies}
    return ctx.translate(titles[value]) if value in titles else value
