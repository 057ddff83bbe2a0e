"""Subscriptions: who reads the newsletter, which is another matter than membership."""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.rules.newsletter.values import Subscription
from storage.accounts import accounts
from storage.columns import Id, Utc, Verbs, Words, id_column, metadata
from storage.emails import MAIL, emails, folded
from storage.json_words import JsonWords
from storage.persons import persons

BYTES = 20  # 160 bits: 32 letters and digits
LARGEST = 2**63 - 1  # more does not fit in a row's number

# A column for each field of `bot.rules.newsletter.values.Subscription` by the same name.
subscriptions = Table(
    "subscriptions",
    metadata,
    id_column(),
    Column("person", Id, ForeignKey("persons.id")),
    Column("account", Id, ForeignKey("accounts.id")),
    Column("topics", JsonWords, nullable=False),
    Column("language", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("word", Words, nullable=False, unique=True),  # not its hash: it stands in every mail
    Column("source", Text, nullable=False),
    Column("text_version", Words, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("since", Utc),
    Column("ended_at", Utc),
    Column("why", Words, nullable=False),
    CheckConstraint("(person IS NULL) <> (account IS NULL)", name="one_reader"),
)
_of_person, _of_account = subscriptions.c.person.is_not(None), subscriptions.c.account.is_not(None)
Index("ix_subscriptions_person", subscriptions.c.person, unique=True,
      sqlite_where=_of_person, postgresql_where=_of_person)  # fmt: skip
Index("ix_subscriptions_account", subscriptions.c.account, unique=True,
      sqlite_where=_of_account, postgresql_where=_of_account)  # fmt: skip

FIELDS = tuple(field.name for field in fields(Subscription))
COLUMNS = tuple(subscriptions.c[name] for name in FIELDS)
_every = select(*COLUMNS)
GET = _every.where(subscriptions.c.id == bindparam("one"))
OF_PERSON = _every.where(subscriptions.c.person == bindparam("one"))
OF_ACCOUNT = _every.where(subscriptions.c.account == bindparam("one"))
BY_WORD = _every.where(subscriptions.c.word == bindparam("secret", type_=Words))
_address = bindparam("address", type_=Words)
AT_ADDRESS = _every.join(accounts, accounts.c.id == subscriptions.c.account).where(
    accounts.c.platform == MAIL, accounts.c.workspace == "", accounts.c.user_id == _address
)
OF_OWNER = (
    _every.join(emails, emails.c.person == subscriptions.c.person)
    .join(persons, persons.c.id == emails.c.person)
    .where(emails.c.address == _address, persons.c.left_at.is_(None))
)
ON = (
    _every.outerjoin(persons, persons.c.id == subscriptions.c.person)
    .outerjoin(accounts, accounts.c.id == subscriptions.c.account)
    .where(
        subscriptions.c.state == "on",
        persons.c.left_at.is_(None),
        accounts.c.unreachable_at.is_(None),
    )
    .order_by(subscriptions.c.id)
)
_new = insert(subscriptions)
_anew = {name: _new.excluded[name] for name in FIELDS if name not in ("id", "person", "account", "word")}
ADD_PERSON = _new.on_conflict_do_update(
    index_elements=["person"], index_where=_of_person, set_=_anew
).returning(*COLUMNS)
ADD_ACCOUNT = _new.on_conflict_do_update(
    index_elements=["account"], index_where=_of_account, set_=_anew
).returning(*COLUMNS)
WRITE = update(subscriptions).where(subscriptions.c.id == bindparam("one")).returning(*COLUMNS)
_unanswered = (
    subscriptions.c.state == "asked",
    subscriptions.c.asked_at < bindparam("before", type_=Utc),
)
FORGET = delete(subscriptions).where(*_unanswered, subscriptions.c.ended_at.is_(None))
STAYS_ENDED = (
    update(subscriptions).where(*_unanswered, subscriptions.c.ended_at.is_not(None)).values(state="ended")
)


class Subscriptions(Verbs):
    """The verbs over subscriptions."""

    def get(self, subscription_id: int) -> Subscription | None:
        """The subscription with this number in whatever state, or None."""
        return self._one(GET, one=subscription_id) if 0 < subscription_id <= LARGEST else None

    def of_person(self, person: int) -> Subscription | None:
        """Somebody's subscription in whatever state, or None."""
        return self._one(OF_PERSON, one=person)

    def of_account(self, account: int) -> Subscription | None:
        """The subscription of a mail account of nobody we know, in whatever state, or None."""
        return self._one(OF_ACCOUNT, one=account)

    def by_word(self, word: str) -> Subscription | None:
        """The subscription that this secret word ends, in whatever state, or None."""
        return self._one(BY_WORD, secret=word) if word else None

    def of_address(self, address: str) -> Subscription | None:
        """The subscription of this e-mail address, however it is written: its own, or else that of the person
        whose address it is; None if there is none."""
        asked = {"address": folded(address)}
        return self._one(AT_ADDRESS, **asked) or self._one(OF_OWNER, **asked)

    def write(self, subscription: Subscription) -> Subscription:
        """The subscription is like this from now on; as a new one if its id is 0, with a fresh secret word if
        it has none. A reader who has one already keeps that one's number and word, and all else is as
        given. Raises LookupError if the id is not 0 and there is none."""
        given = {name: getattr(subscription, name) for name in FIELDS}
        given |= {"topics": list(subscription.topics), "word": subscription.word or _fresh_word()}
        number = given.pop("id")
        if number:
            row = self._connection.execute(WRITE, given | {"one": number}).mappings().first()
        else:
            add = ADD_ACCOUNT if subscription.person is None else ADD_PERSON
            row = self._connection.execute(add, given).mappings().one()
        if row is None:
            raise LookupError(f"subscription {number}")
        return _subscription(row)

    def on(self) -> tuple[Subscription, ...]:
        """Every subscription that is on, of persons who are here and mail accounts within reach, oldest
        first."""
        return tuple(_subscription(row) for row in self._connection.execute(ON).mappings())

    def forget_asked(self, before: datetime) -> None:
        """Nobody said yes to what was asked for them before this moment: that is forgotten. Who had ended it
        earlier has ended it."""
        self._connection.execute(FORGET, {"before": before})
        self._connection.execute(STAYS_ENDED, {"before": before})

    def _one(self, statement: Select[Any], **given: object) -> Subscription | None:
        row = self._connection.execute(statement, given).mappings().first()
        return None if row is None else _subscription(row)


def _fresh_word() -> str:
    return b32encode(secrets.token_bytes(BYTES)).decode().lower()


def _subscription(row: Mapping[Any, Any]) -> Subscription:
    return Subscription(**{**row, "topics": tuple(row["topics"])})
