"""Accounts: a person's identities on the platforms, known or still strangers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Account, Place
from storage import persons as people
from storage import roles as parts
from storage.aliases import Called, key_in, key_of, keys_of, this_account
from storage.aliases import accounts as accounts
from storage.columns import Utc, Value
from storage.drafts import drafts
from storage.persons import Person, persons
from storage.roles import Role, roles


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is behind an account: nobody we know (`person` None), or a person with the roles that stand.
    `asking`: a draft waits for this account's next words; `lost`: what is kept of the account is behind, for
    the platform said before they wrote that it is out of reach, or calls them by one more name now
    (`Account.known_as`); `name`: as it was kept."""

    account_id: int | None = None
    person: Person | None = None
    roles: tuple[Role, ...] = ()
    asking: bool = False
    lost: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """An account as it is kept. `direct` is where its person alone reads us; `preferred`: messages to
    the person go here; `reachable` is False once the platform said that this account is out of reach;
    `closed_at` is when it said that the account itself is no more."""

    account_id: int
    account: Account
    direct: Place | None = None
    preferred: bool = False
    person_id: int | None = None
    installation: str = ""
    reachable: bool = True
    closed_at: datetime | None = None


IDENTIFY = (
    select(
        accounts.c.id,
        exists().where(drafts.c.account_id == accounts.c.id, drafts.c.state == "asking").label("asking"),
        accounts.c.unreachable_at.is_not(None),
        accounts.c.name,
        *people.COLUMNS,
        *parts.COLUMNS,
    )
    .select_from(accounts)
    .outerjoin(persons, and_(persons.c.id == accounts.c.person_id, persons.c.left_at.is_(None)))
    .outerjoin(roles, and_(roles.c.person_id == persons.c.id, roles.c.until.is_(None)))
    .where(accounts.c.id == this_account)
    .order_by(roles.c.id)
)
_new = insert(accounts)
REMEMBER = _new.on_conflict_do_update(
    index_elements=["platform", "workspace", "user_id"],
    set_={
        key: func.coalesce(func.nullif(_new.excluded[key], ""), accounts.c[key])
        for key in ("name", "language", "zone", "installation")
    }
    | {
        "direct": func.coalesce(_new.excluded.direct, accounts.c.direct),
        "seen_at": _new.excluded.seen_at,
        "unreachable_at": None,  # they wrote: they are within reach
        "closed_at": None,
    },
).returning(accounts.c.id)
_one = update(accounts).where(accounts.c.id == bindparam("account"))
_has_preferred = exists().where(
    accounts.alias("other").c.person_id == bindparam("person"), accounts.alias("other").c.preferred
)
ATTACH = _one.values(person_id=bindparam("person"), preferred=bindparam("first"))
DETACH = _one.values(person_id=None, preferred=False)
READS_AT = _one.where(accounts.c.direct.is_(None)).values(direct=bindparam("there", type_=Value(Place)))
LOST = _one.values(unreachable_at=bindparam("now", type_=Utc))
CLOSED = _one.where(accounts.c.closed_at.is_(None)).values(
    unreachable_at=bindparam("now", type_=Utc), closed_at=bindparam("now", type_=Utc)
)
PREFERS = select(accounts.c.id).where(accounts.c.person_id == bindparam("person"), accounts.c.preferred)
PREFER = (
    update(accounts)
    .where(accounts.c.person_id == bindparam("person"))
    .values(preferred=case((accounts.c.id == bindparam("account"), true()), else_=~true()))
)
COLUMNS = (
    accounts.c.id,
    accounts.c.direct,
    accounts.c.preferred,
    accounts.c.person_id,
    accounts.c.installation,
    accounts.c.unreachable_at,
    accounts.c.closed_at,
    accounts.c.platform,
    accounts.c.workspace,
    accounts.c.user_id,
    accounts.c.name,
    accounts.c.language,
    accounts.c.zone,
)
GET = select(*COLUMNS).where(accounts.c.id == bindparam("account"))
OF_EVERYBODY = (
    select(*people.COLUMNS, *COLUMNS)
    .join_from(accounts, persons, persons.c.id == accounts.c.person_id)
    .where(persons.c.left_at.is_(None))
    .order_by(persons.c.id, accounts.c.preferred.desc(), accounts.c.id)
)
OF_PERSON = (
    select(*COLUMNS)
    .where(accounts.c.person_id == bindparam("person"))
    .order_by(accounts.c.preferred.desc(), accounts.c.id)
)


class Accounts(Called):
    """The verbs over accounts."""

    def identify(self, account: Account) -> Identity:
        """Who this is, in one statement (one more for each other name that the platform calls them by): it
        runs on every call. Someone who left is a stranger again."""
        found = [self._connection.execute(IDENTIFY, key).all() for key in keys_of(account)]
        rows = next((one for one in found if one and one[0][4] is not None), next(filter(None, found), None))
        if rows is None:
            return Identity()
        first, split = rows[0], 4 + len(people.COLUMNS)
        behind = any(not one or one[0][0] != first[0] for one in found)
        person = None if first[4] is None else Person(*first[4:split])
        held = tuple(Role(*row[split:]) for row in rows if row[split] is not None)
        return Identity(first[0], person, held, bool(first[1]), bool(first[2]) or behind, first[3])

    def remember(
        self, account: Account, now: datetime, direct: Place | None = None, installation: str = ""
    ) -> int:
        """Keep an account (known by platform, workspace and user) with its latest name and hints, and
        return its number. What is empty or None leaves what was known; a person who goes by the name that
        the platform showed before goes by the new one."""
        kept = self._kept(account)
        given = key_of(account) if kept is None else key_in(account.platform, kept)
        given |= {"name": account.name, "language": account.language, "zone": account.zone}
        given |= {"preferred": False, "direct": direct, "installation": installation}
        given |= {"first_seen_at": now, "seen_at": now}
        number: int = self._connection.execute(REMEMBER, given).scalar_one()
        if kept is not None and account.name not in ("", kept.name):
            self._follow(kept, account)
        if account.known_as:
            self._call(number, account, kept)
        return number

    def attach(self, account_id: int, person_id: int) -> None:
        """This account is that person's. Their first one is the preferred one."""
        first = self._connection.execute(PREFERS, {"person": person_id}).first() is None
        self._connection.execute(ATTACH, {"account": account_id, "person": person_id, "first": first})

    def detach(self, account_id: int) -> None:
        """This account is nobody's any more. If it was the preferred one, the person's oldest other
        account takes its place."""
        before = self.get(account_id)
        self._connection.execute(DETACH, {"account": account_id})
        if before.person_id is not None and before.preferred:
            for left in self.of_person(before.person_id)[:1]:
                self.prefer(left.account_id, before.person_id)

    def prefer(self, account_id: int, person_id: int) -> None:
        """Messages to this person go to this one of their accounts."""
        self._connection.execute(PREFER, {"account": account_id, "person": person_id})

    def of_person(self, person_id: int) -> tuple[Linked, ...]:
        """A person's accounts, the preferred one first."""
        return tuple(_linked(row) for row in self._connection.execute(OF_PERSON, {"person": person_id}))

    def of_everybody(self) -> Mapping[int, tuple[Person, tuple[Linked, ...]]]:
        """Everybody who has an account and has not left, by person, each with their accounts, the preferred
        one first. In one statement, for what goes to many."""
        split, found = len(people.COLUMNS), dict[int, tuple[Person, tuple[Linked, ...]]]()
        for row in self._connection.execute(OF_EVERYBODY):
            person = Person(*row[:split])
            _, before = found.get(person.id, (person, ()))
            found[person.id] = (person, (*before, _linked(row[split:])))
        return found

    def get(self, account_id: int) -> Linked:
        """The account with this number. Raises LookupError if there is none."""
        row = self._connection.execute(GET, {"account": account_id}).first()
        if row is None:
            raise LookupError(f"account {account_id}")
        return _linked(row)

    def reads_at(self, account_id: int, direct: Place) -> None:
        """Where this account's person alone reads us."""
        self._connection.execute(READS_AT, {"account": account_id, "there": direct})

    def lost(self, account_id: int, now: datetime) -> None:
        """The platform said that this account cannot be reached; its next word undoes that."""
        self._connection.execute(LOST, {"account": account_id, "now": now})

    def closed(self, account_id: int, now: datetime) -> bool:
        """The platform said that this account is no more: it cannot be reached, and False if that was known.
        A word of it undoes that, for platforms open accounts again."""
        return self._connection.execute(CLOSED, {"account": account_id, "now": now}).rowcount > 0


def within_reach(accounts: Iterable[Linked]) -> Linked | None:
    """The first of somebody's accounts (the preferred one stands first) that is not out of reach."""
    return next((one for one in accounts if one.reachable), None)


def _linked(row: Any) -> Linked:
    number, direct, preferred, person_id, installation, unreachable_at, closed_at, *account = row
    reachable = unreachable_at is None
    return Linked(number, Account(*account), direct, preferred, person_id, installation, reachable, closed_at)
