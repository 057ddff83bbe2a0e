"""E-mail addresses: which person says that an address is theirs, who proved it, and whether mail arrives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    case,
    delete,
    exists,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, metadata
from storage.persons import persons

IN_A_ROW = timedelta(days=14)  # mails that did not arrive for now, longer apart, are no row

Why = Literal["", "bounced", "complained", "asked"]

MAIL: Final = "email"  # the platform on which a mail address is an account

emails = Table(
    "emails",
    metadata,
    Column("address", Words, primary_key=True),  # casefolded
    Column("person", Id, ForeignKey("persons.id"), nullable=False),
    Column("added_at", Utc, nullable=False),
    Column("confirmed_at", Utc),
    Index("ix_emails_person", "person"),
)
# How mail to an address fares, whosoever it is: also of one that nobody here says is theirs.
email_troubles = Table(
    "email_troubles",
    metadata,
    Column("address", Words, primary_key=True),  # casefolded
    Column("stopped_at", Utc),
    Column("why", Text, nullable=False),
    Column("soft", Integer, nullable=False),
    Column("changed_at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address. `person` says that it is theirs (None: nobody does) since `added_at`, and proved it
    at `confirmed_at`. Mail to it `stopped_at` that moment, and that is `why`; `soft` is how many mails in a
    row did not arrive for now."""

    address: str
    person: int | None = None
    added_at: datetime | None = None
    confirmed_at: datetime | None = None
    stopped_at: datetime | None = None
    why: Why = ""
    soft: int = 0


_new = insert(emails)
_gone = exists().where(persons.c.id == emails.c.person, persons.c.left_at.is_not(None))
_own = emails.c.person == _new.excluded.person
# Who left keeps no address from who comes (back).
ADD = _new.on_conflict_do_update(
    index_elements=["address"],
    set_={
        "person": _new.excluded.person,
        "added_at": _new.excluded.added_at,
        "confirmed_at": case((_own, emails.c.confirmed_at), else_=null()),
    },
    where=or_(_own, _gone),
).returning(emails.c.person)
CONFIRM = _new.on_conflict_do_update(
    index_elements=["address"],
    set_={
        "person": _new.excluded.person,
        "added_at": case((_own, emails.c.added_at), else_=_new.excluded.added_at),
        "confirmed_at": _new.excluded.confirmed_at,
    },
    where=or_(_own, _gone, emails.c.confirmed_at.is_(None)),
).returning(emails.c.person)
REMOVE = delete(emails).where(
    emails.c.address == bindparam("address"), emails.c.person == bindparam("person")
)
OF_PERSON = (
    select(emails.c.address)
    .where(emails.c.person == bindparam("person"))
    .order_by(emails.c.added_at, emails.c.address)
)
CONFIRMED = OF_PERSON.where(emails.c.confirmed_at.is_not(None))
OWNER = (
    select(emails.c.person)
    .join(persons, persons.c.id == emails.c.person)
    .where(emails.c.address == bindparam("address"), persons.c.left_at.is_(None))
)
CLAIM_OF = select(emails.c.person, emails.c.added_at, emails.c.confirmed_at).where(
    emails.c.address == bindparam("one", type_=Words)
)
TROUBLE_OF = select(email_troubles.c.stopped_at, email_troubles.c.why, email_troubles.c.soft).where(
    email_troubles.c.address == bindparam("one", type_=Words)
)
_trouble = insert(email_troubles)
STOP = _trouble.on_conflict_do_update(
    index_elements=["address"],
    set_={name: _trouble.excluded[name] for name in ("stopped_at", "why", "changed_at")},
)
START = (
    update(email_troubles)
    .where(email_troubles.c.address == bindparam("one", type_=Words))
    .values(stopped_at=None, why="", soft=0, changed_at=bindparam("now", type_=Utc))
)
SOFT_BOUNCE = _trouble.on_conflict_do_update(
    index_elements=["address"],
    set_={
        "soft": case(
            (email_troubles.c.changed_at < bindparam("forgotten", type_=Utc), 1),
            else_=email_troubles.c.soft + 1,
        ),
        "changed_at": _trouble.excluded.changed_at,
    },
).returning(email_troubles.c.soft)
ARRIVED = (
    update(email_troubles)
    .where(email_troubles.c.address == bindparam("one", type_=Words), email_troubles.c.soft > 0)
    .values(soft=0)
)


class Emails(Verbs):
    """The verbs over e-mail addresses. However an address is written ("Ana@Example.org "), it is the same."""

    def add(self, person: int, address: str, now: datetime) -> bool:
        """The address is this person's. False, and nothing changed, if it is somebody else's who is here."""
        given = {"address": folded(address), "person": person, "added_at": now, "confirmed_at": None}
        return self._connection.execute(ADD, given).first() is not None

    def confirm(self, person: int, address: str, now: datetime) -> bool:
        """This person proved that the address is theirs: it is, though somebody else said so before, and mail
        goes there again, whatever stopped it. False, and nothing changed, if somebody else who is here
        proved it before."""
        given = {"address": folded(address), "person": person, "added_at": now, "confirmed_at": now}
        if self._connection.execute(CONFIRM, given).first() is None:
            return False
        self.start(address, now)
        return True

    def remove(self, person: int, address: str) -> bool:
        """The address is this person's no more. False if it was not."""
        asked = {"person": person, "address": folded(address)}
        return self._connection.execute(REMOVE, asked).rowcount > 0

    def of_person(self, person: int) -> tuple[str, ...]:
        """Somebody's addresses, first added first."""
        return tuple(self._connection.execute(OF_PERSON, {"person": person}).scalars())

    def confirmed(self, person: int) -> tuple[str, ...]:
        """Those of somebody's addresses that they proved, also where mail is stopped; first added first."""
        return tuple(self._connection.execute(CONFIRMED, {"person": person}).scalars())

    def owner(self, address: str) -> int | None:
        """Whose the address is, by person; None if it is nobody's who is here."""
        return self._connection.execute(OWNER, {"address": folded(address)}).scalar()

    def state(self, address: str) -> Address | None:
        """What is known of the address, proved or not and also of somebody who left; None if nothing is."""
        one = folded(address)
        claim: Any = self._connection.execute(CLAIM_OF, {"one": one}).first()
        trouble: Any = self._connection.execute(TROUBLE_OF, {"one": one}).first()
        if claim is None and trouble is None:
            return None
        return Address(one, *(claim or (None, None, None)), *(trouble or ()))

    def stop(self, address: str, why: Why, now: datetime) -> None:
        """No mail goes there any more, and that is why."""
        given = {"address": folded(address), "stopped_at": now, "why": why, "soft": 0, "changed_at": now}
        self._connection.execute(STOP, given)

    def start(self, address: str, now: datetime) -> None:
        """Mail goes there again, and what went astray before counts no more."""
        self._connection.execute(START, {"one": folded(address), "now": now})

    def soft_bounce(self, address: str, now: datetime) -> int:
        """A mail did not arrive, for now: how many in a row that makes. One that is followed by none for two
        weeks is forgotten."""
        given = {"address": folded(address), "stopped_at": None, "why": "", "soft": 1, "changed_at": now}
        given["forgotten"] = now - IN_A_ROW
        number: int = self._connection.execute(SOFT_BOUNCE, given).scalar_one()
        return number

    def arrived(self, address: str) -> None:
        """A mail arrived: the row of those that did not is over."""
        self._connection.execute(ARRIVED, {"one": folded(address)})


def folded(address: str) -> str:
    """The address as it is kept."""
    return address.strip().casefold()
