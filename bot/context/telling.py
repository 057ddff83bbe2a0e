"""Telling others: messages and notices that a handler or a job leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.messages import Button, Topic
from bot.notices import NOTICES, QUESTION
from storage.accounts import Identity, Linked, within_reach
from storage.deliveries import Delivery
from storage.store import Store


class Telling:
    """What a Context can say to others. All of it is queued when the handler or job has returned."""

    store: Store
    now: datetime
    identity: Identity
    told: list[Delivery]

    def tell(
        self,
        persons: Iterable[int],
        template: str,
        key: str,
        values: Mapping[str, Any] | None = None,
        buttons: tuple[Button, ...] = (),
        topic: Topic | None = None,
        kind: str = "",
    ) -> int:
        """Queue a private message to each person, once per `key`, on the one platform that they
        prefer, or another where that is out of reach. Nobody is told what they just did themselves.
        `kind` is a kind of notice (`bot.notices.told`): then it waits for their working hours, takes from
        their attention and says how to stop it. Without one it is an answer to what they did, and goes at
        once. How many of them get it: not who stopped it, or is out of reach."""
        before = len(self.told)
        own = self.identity.person.id if self.identity.person else None
        for person in dict.fromkeys(persons):
            there = self._wants(person, kind) if person != own else None
            if there is not None:
                self._tell(there, person, template, f"{key}:{person}", values, buttons, topic, kind)
        return len(self.told) - before

    def tell_account(
        self,
        account_id: int,
        template: str,
        key: str,
        values: Mapping[str, Any] | None = None,
        buttons: tuple[Button, ...] = (),
        topic: Topic | None = None,
    ) -> None:
        """Queue a private message to one account, whoever is behind it then; a second one with the same
        key is not queued."""
        self._tell(self.store.accounts.get(account_id), None, template, key, values, buttons, topic)

    def notify(
        self,
        person: int,
        kind: str,
        key: str,
        values: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        """Queue a notice (`bot.notices`) for a person, once per `key`, to go at that moment (UTC, now if
        none is given). Who stopped this kind or its theme, or is out of reach, gets none. It helps until that
        moment (`until`, UTC), however long attention makes it wait; without one as long as its kind does
        from the moment on to which it was put off."""
        there = self._wants(person, kind)
        if there is None:
            return
        notice, when = NOTICES[kind], at or self.now
        self.told.append(
            Delivery.new(
                key=f"{key}:{person}",
                platform=there.account.platform,
                account_id=there.account_id,
                person_id=person,
                kind=kind,
                template="",
                values=dict(values or {}),
                priority=notice.priority,
                not_before=when,
                useful_until=until or when + notice.useful,
                fixed_end=until is not None,
            )
        )

    def reached(self, person: int, theme: str = "") -> Linked | None:
        """The one account by which a person is told of a theme: where they want that, else the preferred one,
        or another that can be reached."""
        accounts = self.store.accounts.of_person(person)
        chosen = self.store.attention.of(person).get(theme) if theme and len(accounts) > 1 else None
        there = (one for one in accounts if chosen and one.account.platform == chosen.platform)
        return within_reach(there) or within_reach(accounts)

    def _wants(self, person: int, kind: str) -> Linked | None:
        """Where a person gets this kind of notice ("" for what is none); None if they don't."""
        if not kind:
            return self.reached(person)
        notice = NOTICES[kind]
        if notice.stoppable and kind in self.store.silenced.kinds(person):
            return None
        chosen = self.store.attention.of(person).get(notice.theme)
        if chosen is not None and chosen.pace == "off" and notice.counts is True:
            return None
        return self.reached(person, notice.theme)

    def _tell(
        self,
        there: Linked,
        person: int | None,
        template: str,
        key: str,
        values: Mapping[str, Any] | None,
        buttons: tuple[Button, ...],
        topic: Topic | None,
        kind: str = "",
    ) -> None:
        notice = NOTICES.get(kind)
        self.told.append(
            Delivery.new(
                key=key,
                platform=there.account.platform,
                account_id=there.account_id,
                person_id=person,
                template=template,
                values=dict(values or {}),
                buttons=buttons,
                topic=topic,
                not_before=self.now,
                kind=kind,
                priority=notice.priority if notice else QUESTION,
                useful_until=self.now + notice.useful if notice else None,
            )
        )
