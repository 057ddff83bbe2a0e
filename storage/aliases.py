"""The tables of accounts, and by what an account is found: one human, whatever a platform calls them at this
door or that (docs/decisions/0028)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Account, Place
from storage.columns import Id, Utc, Value, Words, id_column, metadata
from storage.persons import persons
from storage.recall import RecallingVerbs

Key = dict[str, Any]

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column("platform", Text, nullable=False),
    Column("workspace", Words, nullable=False),  # home: never changes with the installation
    Column("user_id", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("zone", Words, nullable=False),
    Column("person_id", Id, ForeignKey("persons.id")),
    Column("preferred", Boolean, nullable=False),
    Column("direct", Value(Place)),
    Column("installation", Words, nullable=False),  # through which the bot saw them last
    Column("unreachable_at", Utc),
    Column("closed_at", Utc),  # the platform said that the account itself is no more
    Column("first_seen_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    UniqueConstraint("platform", "workspace", "user_id"),
)
Index("ix_accounts_person_id", accounts.c.person_id)
account_aliases = Table(
    "account_aliases",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Words, primary_key=True),
    Column("user_id", Words, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False),
)
Index("ix_account_aliases_account_id", account_aliases.c.account_id)


def _called_so(table: Table, number: str) -> Any:
    key = (table.c[name] == bindparam(name) for name in ("platform", "workspace", "user_id"))
    return select(table.c[number]).where(*key).scalar_subquery()


# an alias goes first: a row of its own is from before the platform told that both are one
this_account = func.coalesce(_called_so(account_aliases, "account_id"), _called_so(accounts, "id"))
WHICH = select(accounts.c.id, accounts.c.workspace, accounts.c.user_id, accounts.c.person_id, accounts.c.name)
WHICH = WHICH.where(accounts.c.id == this_account)
FOLLOWS = (  # the name in our books, as long as it is what the platform showed
    update(persons)
    .where(persons.c.id == bindparam("person"), persons.c.name.in_(bindparam("before", expanding=True)))
    .values(name=bindparam("shown", type_=Words))
    .returning(persons.c.id)
)
REHOUSED = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(workspace=bindparam("home", type_=Words), user_id=bindparam("user", type_=Words))
)
_new = insert(account_aliases)
CALLED = _new.on_conflict_do_update(
    index_elements=["platform", "workspace", "user_id"],
    set_={"account_id": _new.excluded.account_id},
)


def key_of(account: Account) -> Key:
    """By which an account is known: its platform, home workspace and user."""
    return {"platform": account.platform, "workspace": account.workspace, "user_id": account.user}


def keys_of(account: Account) -> tuple[Key, ...]:
    """The same, and then all else that the platform calls them just now."""
    others = (other.partition("/")[::2] for other in account.known_as)
    return (
        key_of(account),
        *({"platform": account.platform, "workspace": home, "user_id": user} for home, user in others),
    )


class Called(RecallingVerbs):
    """The verbs over what an account is called."""

    def _kept(self, account: Account) -> Any:
        """The row under any of the account's names, one that is somebody's before one that is nobody's."""
        found = [row for key in keys_of(account) if (row := self._which(key)) is not None]
        return next((row for row in found if row.person_id is not None), next(iter(found), None))

    def _which(self, key: Key) -> Any:
        return self._connection.execute(WHICH, key).first()

    def _follow(self, kept: Any, account: Account) -> None:
        given = {"person": kept.person_id, "before": [kept.name], "shown": account.name}
        if kept.person_id is not None and self._connection.execute(FOLLOWS, given).first() is not None:
            self._recall.changed("activities")  # they carry the name of who logged them

    def _call(self, number: int, account: Account, kept: Any) -> None:
        """From now on this account is found under each of its names, and kept under the first if that is
        free. What is somebody else's stays so: two persons are made one by nobody but themselves."""
        own, keys = key_in(account.platform, kept) if kept else key_of(account), keys_of(account)
        if own != keys[0] and self._which(keys[0]) is None:
            home = {"account": number, "home": account.workspace, "user": account.user}
            self._connection.execute(REHOUSED, home)
            own, keys = keys[0], (*keys[1:], own)
        for key in keys:
            there = self._which(key)
            free = there is None or there.person_id in (None, kept.person_id if kept else None)
            if key != own and free and (there is None or there.id != number):
                self._connection.execute(CALLED, {**key, "account_id": number})


def key_in(platform: str, row: Any) -> Key:
    """By which a row of theirs is known."""
    return {"platform": platform, "workspace": row.workspace, "user_id": row.user_id}
