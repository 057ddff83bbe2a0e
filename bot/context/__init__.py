"""What a handler is given: who calls, where, when, under which charter, and the store of this transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.charter import Charter
from bot.commands import N_, REGISTRY, Reading
from bot.context.speaking import language_of_place
from bot.context.telling import Telling
from bot.messages import ENGLISH, Ask, Call, Choice, Incoming, Place, Refusal, Said, spoken
from bot.rules.events.values import FEW
from bot.templating import Sentence
from storage.accounts import Identity
from storage.deliveries import Delivery
from storage.drafts import Draft
from storage.organisations import Organisation
from storage.persons import Person
from storage.roles import Role
from storage.store import Store

COORDINATING = ""  # the organisation of a role that is held for the whole alliance


@dataclass
class Context(Telling):
    """One call's view of the world. Plain data and the few questions every handler asks of it."""

    store: Store
    charter: Charter
    now: datetime  # UTC
    incoming: Incoming
    identity: Identity
    place: Place
    language: str
    zone: str
    reading: Reading
    members: tuple[Organisation, ...] = ()  # every organisation of the alliance
    languages: tuple[str, ...] = (ENGLISH,)  # those that have a catalogue
    translate_to: Callable[[str, str], str] = lambda text, _language: text
    sentences: Callable[[str], tuple[Sentence, ...]] = lambda _language: ()  # all that is said in a language
    translate: Callable[[str], str] = str  # into the reader's language
    rendered: Callable[[str, Mapping[str, Any]], str] = lambda name, _values: name  # as the caller reads it
    start_link: Callable[[str], str] = lambda _payload: ""  # opens the direct chat with a payload
    public_url: str = ""  # where our web side is reached; "" for nowhere
    mail_from: str = ""  # the address that our mails come from; "" where none are sent
    measure: Callable[[str], Mapping[str, int]] = lambda _text: {}  # messages that a text takes, by platform
    spacing: Mapping[str, float] = field(default_factory=dict)  # seconds between two messages, by platform
    card: int = 0  # the number of the card that is rendered, if one is
    told: list[Delivery] = field(default_factory=list)  # queued when the handler or job has returned

    @property
    def today(self) -> date:
        """The day it is for the person who calls."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @cached_property
    def counting_day(self) -> date:
        """The day up to which things count as over: the latest that it is for any member. It is the same
        for whoever looks, and nobody's today is in the future."""
        zones = {member.zone for member in self.members} or {self.charter.alliance.zone}
        return max(self.now.astimezone(ZoneInfo(zone)).date() for zone in zones)

    @property
    def counting_year(self) -> int:
        """The alliance's year, by its own clock (5.1)."""
        return self.charter.year_of(self.now.astimezone(ZoneInfo(self.charter.alliance.zone)).date())

    def speak(self, language: str) -> None:
        """Answer this call in another language, if we speak it."""
        if language in self.languages:
            self.language = language
            self.translate = lambda text: self.translate_to(text, language)

    def into_language_of(self, person: int) -> Callable[[str], str]:
        """What translates for somebody else, such as a button's label that is made of two phrases."""
        reader = self.store.persons.get(person)
        language = spoken(reader.language if reader else "", self.languages) or self.charter.alliance.language
        return lambda text: self.translate_to(text, language)

    @cached_property
    def place_language(self) -> str:
        """The language of the group where this is said, for what all of it reads."""
        return language_of_place(self.store, self.members, self.charter, self.place, self.languages)

    @property
    def person(self) -> Person:
        """The person who calls; commands open to strangers look at `identity` instead."""
        if self.identity.person is None:
            raise Refusal("stranger")
        return self.identity.person

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.identity.roles

    @cached_property
    def account_id(self) -> int:
        """The stored account of the caller, remembered now if it was not yet."""
        if self.identity.account_id is not None:
            return self.identity.account_id
        return self.remember_account()

    def remember_account(self) -> int:
        """Keep the caller's account as the platform shows it now. Only what somebody wrote to us shows
        where they read us: a slash command may stand in a chat between two other people."""
        ours = isinstance(self.incoming, Said) and self.place.kind == "direct"
        direct = self.place if ours else None
        return self.store.accounts.remember(self.incoming.account, self.now, direct)

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        return {organisation.slug: organisation for organisation in self.members}

    def in_private(self) -> None:
        """For an answer that carries a code or what is known about people: where a whole group would read
        it along, the call goes on by itself in the direct chat. Raises that Ask. A platform without a
        link into the direct chat shows an answer in a group to one person only."""
        if self.place.kind == "group" and self.start_link("hello"):
            raise Ask("", "go_on_elsewhere", by_link=True)

    @property
    def reads_alone(self) -> bool:
        """Whether only the caller reads the answer: in the direct chat, after a tap, or where the platform
        shows an answer in a group to one person."""
        tapped = isinstance(self.incoming, Call) and bool(self.incoming.token)
        return self.place.kind == "direct" or tapped or not self.start_link("hello")

    def called(self, draft: Draft | None) -> dict[str, str]:
        """What a draft is about, for a sentence: `thing` is its title, else its command; `kind` what kind of
        activity it is, "" if that is not said or not understood yet. Both are "" for no draft."""
        if draft is None:
            return {"thing": "", "kind": ""}
        kinds = {one.value: one.label for one in self.reading.choices.get("activity_kinds", ())}
        title, kind = draft.arguments.get("title", ""), kinds.get(draft.arguments.get("kind", ""), "")
        title = title or self._title_of(draft)
        thing = title or self.title_of(draft.command)
        return {"thing": thing, "kind": self.translate(kind) if title and kind else ""}

    def title_of(self, command: str) -> str:
        """What a command is called in a sentence: its name, where it is called no other way."""
        title = self.translate(command.capitalize())
        return command if title == command.capitalize() else title

    def _title_of(self, draft: Draft) -> str:
        """The title of the event or the motion that a draft is an answer to; "" if it is none."""
        for noun, nouns in (("event", self.store.events), ("motion", self.store.motions)):
            number = draft.arguments.get(noun, "")
            found = nouns.get(int(number)) if number.isdecimal() else None
            audience = getattr(found, "audience", "")
            if found is not None and (self.identity.person is not None or _is_seen(audience, draft)):
                return found.title
        return ""

    def short_name(self, organisation: str) -> str:
        """How an organisation is called in a sentence; the whole alliance for a role without one."""
        if organisation == COORDINATING:
            return self.charter.alliance.short_name
        return self.organisations[organisation].short_name

    def may(self, permission: str, organisation: str | None = None) -> bool:
        """Whether one of the caller's roles carries a permission: at all, or for one organisation.
        A role held for the whole alliance carries its permissions for every organisation."""
        return any(
            self.charter.allows(role.role, permission)
            for role in self.roles
            if organisation is None or role.organisation in (organisation, COORDINATING)
        )

    def hats(self, permission: str) -> tuple[str, ...]:
        """The organisations for which the caller holds a permission by a role in them."""
        worn = {r.organisation for r in self.roles if self.charter.allows(r.role, permission)}
        return tuple(sorted(worn - {COORDINATING}))

    def acting_for(self, permission: str, given: str = "", option: str = "for") -> str:
        """The organisation for which the caller does something: the one given, the only one there is,
        or the answer to a question. Raises Refusal where no role allows it."""
        hats = self.hats(permission)
        if given:
            if not self.may(permission, given):
                raise Refusal("not_for_organisation", option, organisation=self.short_name(given))
            return given
        if len(hats) == 1:
            return hats[0]
        candidates = hats or (tuple(self.organisations) if self.may(permission, COORDINATING) else ())
        if not candidates:
            raise Refusal("not_allowed", permission=permission)
        choices = tuple(Choice(self.short_name(slug), {option: slug}) for slug in candidates)
        raise Ask(option, "question", choices, free=False, question=N_("For which organisation?"), hint="")

    def people_of(self, organisation: str, permission: str) -> tuple[int, ...]:
        """Who holds a permission in an organisation, by person id."""
        holders = self.store.roles.of_organisation(organisation)
        return tuple(h.person.id for h in holders if self.charter.allows(h.role.role, permission))

    def coordinators(self) -> tuple[int, ...]:
        """Who looks after the whole alliance, by person id (charter, Art. 5)."""
        return tuple(
            holder.person.id
            for role in self.charter.roles
            if role.scope == "alliance" and self.charter.allows(role.key, "invite_all")
            for holder in self.store.roles.holders(role.key)
        )


def _is_seen(audience: str, draft: Draft) -> bool:
    """Whether a stranger may read the title of what they answer: it is public, or stood where they tapped."""
    declared = REGISTRY.commands.get(draft.command)
    on_a_card = declared is not None and declared.only_tapped and audience not in (*FEW, "voters")
    return audience == "public" or on_a_card
