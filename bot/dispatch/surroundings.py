"""What surrounds every call, and one call's view of it: charter, words, person, language, zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.charter import Charter, Charters
from bot.clock import Clock
from bot.commands import REGISTRY, Command, Known, OneChoice, OneEvent, Reading, Registry
from bot.context import Context
from bot.context.speaking import language_of, language_of_place, sectors_of
from bot.in_force import charters_in
from bot.messages import ENGLISH, Incoming, Phrase
from bot.rules.events.values import FEW
from bot.templating import Templates
from storage.accounts import Identity
from storage.organisations import Organisation
from storage.store import Store

RECENT_EVENTS = 10  # that are over and can still be named


@dataclass(frozen=True)
class Surroundings:
    """What every call shares: the charter's versions, the templates, the clock, the ways in."""

    charters: Charters  # as they were at the start; each call reads those in force in its transaction
    templates: Templates
    clock: Clock
    languages: tuple[str, ...] = (ENGLISH,)  # those that have a catalogue
    start_links: Mapping[str, Callable[[str], str]] = field(default_factory=dict)  # by platform
    registry: Registry = field(default_factory=lambda: REGISTRY)
    public_url: str = ""  # where our web side is reached, without a slash at the end; "" for nowhere
    mail_from: str = ""  # the address that our mails come from; "" where none are sent
    measure: Callable[[str], Mapping[str, int]] = lambda _text: {}  # messages that a text takes, by platform
    spacing: Mapping[str, float] = field(default_factory=dict)  # seconds between two messages, by platform

    def now(self) -> datetime:
        """The time it is, in UTC."""
        return self.clock.now()


def context_for(around: Surroundings, incoming: Incoming, store: Store) -> Context:
    """The view of the world for one call: its person's language and zone, never the server's."""
    now = around.now()
    around.templates.say_otherwise(store.wordings.in_force())
    charter = charters_in(store).at(now.date())
    identity = store.accounts.identify(incoming.account)
    members = in_their_words(store.organisations.all(), sectors_of(charter))
    language = language_for(incoming, identity, members, charter, store, around.languages)
    zone = zone_of(identity, incoming.account.zone, charter)
    return Context(
        store=store,
        charter=charter,
        now=now,
        incoming=incoming,
        identity=identity,
        place=incoming.place,
        language=language,
        zone=zone,
        reading=reading_for(members, charter, around.templates, now, language, zone),
        members=members,
        languages=around.languages,
        translate_to=around.templates.translate,
        sentences=around.templates.sentences,
        translate=lambda text: around.templates.translate(text, language),
        rendered=lambda name, values: around.templates.render(
            name, values, language, zone, now, platform=incoming.place.platform
        ),
        start_link=around.start_links.get(incoming.account.platform, lambda _payload: ""),
        public_url=around.public_url,
        mail_from=around.mail_from,
        measure=around.measure,
        spacing=around.spacing,
    )


def reading_for(
    members: tuple[Organisation, ...],
    charter: Charter,
    templates: Templates,
    now: datetime,
    language: str,
    zone: str,
) -> Reading:
    """What typed words can name today: organisations, and the choices that the charter offers."""
    choices = {
        "activity_kinds": tuple(OneChoice(k.key, k.label, k.words) for k in charter.activity_kinds),
        "event_kinds": tuple(OneChoice(k.key, k.label, k.words) for k in charter.event_kinds),
        "roles": tuple(OneChoice(r.key, r.title, (r.key, *r.words)) for r in charter.roles),
        "alliance_roles": tuple(
            OneChoice(r.key, r.title, (r.key, *r.words)) for r in charter.roles if r.scope == "alliance"
        ),
        "indicators": tuple(OneChoice(i.key, i.label, (i.key,)) for i in charter.indicators),
        "bodies": tuple(OneChoice(b.key, b.title, (b.key,)) for b in charter.bodies),
        "sectors": tuple(OneChoice(s, s) for s in sorted({s for one in members for s in one.sectors})),
    }
    return Reading(
        now=now,
        zone=zone,
        language=language,
        organisations=_known(members),
        choices=choices,
        translate=lambda text: templates.translate(text, language),
    )


@lru_cache(maxsize=8)
def in_their_words(members: tuple[Organisation, ...], sectors: frozenset[str]) -> tuple[Organisation, ...]:
    """The organisations with those of their sectors as phrases that the charter names."""
    return tuple(
        replace(one, sectors=tuple(Phrase(s) if s in sectors else s for s in one.sectors)) for one in members
    )


@lru_cache(maxsize=8)  # the same tuple for the same organisations: naming keeps an index of it
def _known(organisations: tuple[Organisation, ...]) -> tuple[Known, ...]:
    return tuple(Known(o.slug, (o.short_name, o.name, *o.aliases)) for o in organisations)


def language_for(
    incoming: Incoming,
    identity: Identity,
    members: tuple[Organisation, ...],
    charter: Charter,
    store: Store,
    languages: tuple[str, ...],
) -> str:
    """The language that a call is answered in: its person's, or that of the place where nobody in particular
    reads (a card, an announcement)."""
    if incoming.account.user == "" and incoming.place.kind == "group":
        return language_of_place(store, members, charter, incoming.place, languages)
    return language_of(identity, incoming.account.language, members, charter, languages)


def zone_of(identity: Identity, hint: str, charter: Charter) -> str:
    """The person's own zone > the platform's > the alliance's (spec/engagement.md section 2)."""
    for name in (identity.person.zone if identity.person else "", hint):
        if name:
            try:
                ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                continue
            return name
    return charter.alliance.zone


def name_events(ctx: Context, command: Command) -> None:
    """Where a command is about an event, people can say its title: those to come and the last that were."""
    if not any(isinstance(option.kind, OneEvent) for option in command.options):
        return
    past, _ = ctx.store.events.past(ctx.now, RECENT_EVENTS, 0)
    found = (*ctx.store.events.coming(ctx.now), *past)
    named = tuple(Known(str(one.number), (one.title,)) for one in found if one.audience not in FEW)
    ctx.reading = replace(ctx.reading, events=named)
