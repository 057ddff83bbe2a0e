"""Which commands stand in which chat's menu, and what a person reads before START, in every language we
speak."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.charter import Charter
from bot.commands import N_, REGISTRY, Registry
from bot.context.speaking import language_of
from bot.in_force import charters_in
from bot.messages import Account
from bot.platforms.telegram.places import NAME
from storage.buttons import Stored
from storage.store import Storage, Store

# What anybody does every day (spec/engagement.md section 10: a member's six come first), help last.
EVERYDAY = (
    "log", "events", "rsvp", "vote", "indicators", "motions", "todo", "activities", "people", "profile",
    "notify", "help",
)  # fmt: skip
IN_GROUPS = ("indicators", "events", "motions", "help")
OF_GROUP_ADMINS = ("indicators", "events", "motions", "places", "announce", "help")
COORDINATING = (
    "todo", "announce", "event new", "call assembly", "motions", "events", "indicators", "invite all",
    "people", "places", "jobs", "log", "help",
)  # fmt: skip
SCOPES = (
    ("all_private_chats", EVERYDAY),
    ("all_group_chats", IN_GROUPS),
    ("all_chat_administrators", OF_GROUP_ADMINS),
)
MOST_COORDINATORS = 50  # chats that have a menu of their own
KEPT = timedelta(days=3650)  # that a menu stands in Telegram, which forgets none
LONGEST_NAME, LONGEST_SAYS = 32, 256  # characters of a command and of what it says (platforms.md section 9)
DESCRIPTION = N_(
    "I keep the diary and the votes of your alliance: activities, events, motions. Press START, and we begin."
)
SHORT = N_("Diary, events and votes of your alliance, in a few taps.")
Translate = Callable[[str, str], str]  # a message id, a language


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands of one scope in one language ("" for all others): name and description each."""

    scope: Mapping[str, Any]
    language: str
    commands: tuple[tuple[str, str], ...]

    @property
    def where(self) -> dict[str, Any]:
        """Which menu it is, as parameters of a call."""
        return {"scope": dict(self.scope), **({"language_code": self.language} if self.language else {})}


@dataclass(frozen=True, slots=True)
class About:
    """What a person reads about us before START (at most 512 characters), and where we are shared (120)."""

    language: str
    description: str
    short: str


class Menus:
    """What ought to stand in Telegram. `languages` are those that we have a catalogue of; the menus of
    coordinators follow who is one now, as `storage` tells."""

    def __init__(
        self,
        languages: Iterable[str],
        translate: Translate,
        now: Callable[[], datetime],
        storage: Storage | None = None,
        registry: Registry = REGISTRY,
    ) -> None:
        self._languages = ("", *sorted(set(languages) - {"en"}))
        self._translate, self._now, self._storage, self._registry = translate, now, storage, registry

    async def wanted(self) -> tuple[Menu, ...]:
        """Every menu, those that most people see first."""
        menus = [
            Menu({"type": scope}, language, self._commands(names, language))
            for scope, names in SCOPES
            for language in self._languages
        ]
        if self._storage is not None:
            menus += [
                Menu({"type": "chat", "chat_id": int(user)}, "", self._commands(COORDINATING, language))
                for user, language in await self._storage.read(self._coordinators)
            ]
        return tuple(menus)

    def about(self) -> tuple[About, ...]:
        """What is read about us, by language."""
        return tuple(
            About(one, self._said(DESCRIPTION, one), self._said(SHORT, one)) for one in self._languages
        )

    async def standing(self, bot: str) -> Mapping[str, str] | None:
        """What a bot's menus are known to say in Telegram, as it was kept last; None without a database."""
        if self._storage is None:
            return None
        note = await self._storage.read(lambda store: store.buttons.get(_note(bot)))
        return note.arguments if note else {}

    async def stand(self, bot: str, menus: Mapping[str, str]) -> None:
        """Keep what a bot's menus say in Telegram: a note that nobody taps."""
        if self._storage is not None:
            note = Stored(_note(bot), "help", menus, None, self._now() + KEPT)
            await self._storage.write(lambda store: store.buttons.add_all([note], again=True))

    def _commands(self, names: Iterable[str], language: str) -> tuple[tuple[str, str], ...]:
        declared = (self._registry.commands.get(name) for name in names)
        return tuple(
            (one.name.replace(" ", "_")[:LONGEST_NAME], self._said(one.summary, language)[:LONGEST_SAYS])
            for one in declared
            if one is not None and not one.hidden
        )

    def _said(self, words: str, language: str) -> str:
        return self._translate(words, language) if language and language != "en" else words

    def _coordinators(self, store: Store) -> list[tuple[str, str]]:
        """The private chats of whoever looks after the whole alliance, with their language."""
        charter = charters_in(store).at(self._now().date())
        roles = (one for one in charter.roles if one.scope == "alliance")
        keys = [one.key for one in roles if charter.allows(one.key, "invite_all")]
        held = (holder for key in keys for holder in store.roles.holders(key))
        people = {holder.person.id: holder.person for holder in held}
        return [
            (linked.account.user, self._language(store, linked.account, charter))
            for person in people.values()
            for linked in store.accounts.of_person(person.id)
            if linked.account.platform == NAME and linked.reachable
        ][:MOST_COORDINATORS]

    def _language(self, store: Store, account: Account, charter: Charter) -> str:
        """The language in which somebody is answered."""
        identity, spoken = store.accounts.identify(account), ("en", *self._languages[1:])
        return language_of(identity, account.language, store.organisations.all(), charter, spoken)


def _note(bot: str) -> str:
    return "m" + hashlib.blake2b(bot.encode(), digest_size=12).hexdigest()
