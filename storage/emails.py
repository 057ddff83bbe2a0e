"""E-mail addresses: which person says that an address is theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Table, bindparam, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, metadata
from storage.persons import persons

emails = Table(
    "emails",
    metadata,
    Column("address", Words, primary_key=True),  # casefolded
    Column("person", Id, ForeignKey("persons.id"), nullable=False),
    Column("added_at", Utc, nullable=False),
    Index("ix_emails_person", "person"),
)

_new = insert(emails)
_gone = exists().where(persons.c.id == emails.c.person, persons.c.left_at.is_not(None))
# Who left keeps no address from who comes (back).
ADD = _new.on_conflict_do_update(
    index_elements=["address"],
    set_={"person": _new.excluded.person, "added_at": _new.excluded.added_at},
    where=or_(emails.c.person == _new.excluded.person, _gone),
).returning(emails.c.person)
REMOVE = delete(emails).where(
    emails.c.address == bindparam("address"), emails.c.person == bindparam("person")
)
OF_PERSON = (
    select(emails.c.address)
    .where(emails.c.person == bindparam("person"))
    .order_by(emails.c.added_at, emails.c.address)
)
OWNER = (
    select(emails.c.person)
    .join(persons, persons.c.id == emails.c.person)
    .where(emails.c.address == bindparam("address"), persons.c.left_at.is_(None))
)


class Emails(Verbs):
    """The verbs over e-mail addresses. However an address is written ("Ana@Example.org "), it is the same."""

    def add(self, person: int, address: str, now: datetime) -> bool:
        """The address is this person's. False, and nothing changed, if it is somebody else's who is here."""
        given = {"address": _folded(address), "person": person, "added_at": now}
        return self._connection.execute(ADD, given).first() is not None

    def remove(self, person: int, address: str) -> bool:
        """The address is this person's no more. False if it was not."""
        asked = {"person": person, "address": _folded(address)}
        return self._connection.execute(REMOVE, asked).rowcount > 0

    def of_person(self, person: int) -> tuple[str, ...]:
        """Somebody's addresses, first added first."""
        return tuple(self._connection.execute(OF_PERSON, {"person": person}).scalars())

    def owner(self, address: str) -> int | None:
        """Whose the address is, by person; None if it is nobody's who is here."""
        return self._connection.execute(OWNER, {"address": _folded(address)}).scalar()


def _folded(address: str) -> str:
    return address.strip().casefold()
