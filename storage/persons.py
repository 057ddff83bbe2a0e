"""Persons: the humans who act for organisations, whichever platform they use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Table, Text, bindparam, select, update

from storage.columns import Utc, Words, id_column, metadata
from storage.recall import RecallingVerbs

persons = Table(
    "persons",
    metadata,
    id_column(),
    Column("name", Words, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("notice_seen_at", Utc),
    Column("left_at", Utc),
    Column("added_at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A human. `language` IETF tag, `zone` IANA name; `notice_seen_at`: saw the privacy notice."""

    id: int
    name: str
    language: str
    zone: str
    notice_seen_at: datetime | None = None
    left_at: datetime | None = None


COLUMNS = (
    persons.c.id,
    persons.c.name,
    persons.c.language,
    persons.c.zone,
    persons.c.notice_seen_at,
    persons.c.left_at,
)
ADD = persons.insert()
GET = select(*COLUMNS).where(persons.c.id == bindparam("person"))
# NO KEY: whoever adds rows that point to it need not wait
HOLD = select(persons.c.id).where(persons.c.id == bindparam("person")).with_for_update(key_share=True)
ONE = update(persons).where(persons.c.id == bindparam("person"))
LEAVE = ONE.where(persons.c.left_at.is_(None)).values(left_at=bindparam("now", type_=Utc))


class Persons(RecallingVerbs):
    """The verbs over persons."""

    def add(self, name: str, language: str, zone: str, now: datetime) -> Person:
        """A new person."""
        given = {"name": name, "language": language, "zone": zone, "added_at": now}
        key = self._connection.execute(ADD, given).inserted_primary_key
        assert key is not None
        return Person(key[0], name, language, zone)

    def get(self, person_id: int) -> Person | None:
        """The person with this number (also one who left), or None."""
        row = self._connection.execute(GET, {"person": person_id}).first()
        return None if row is None else Person(*row)

    def hold(self, person_id: int) -> None:
        """Let nobody else decide about this person's messages until the transaction ends."""
        if self._writes:
            self._connection.execute(HOLD, {"person": person_id}).close()

    def change(
        self,
        person_id: int,
        *,
        name: str | None = None,
        language: str | None = None,
        zone: str | None = None,
        notice_seen_at: datetime | None = None,
    ) -> Person:
        """Change what is given, leave the rest. Raises LookupError if there is no such person."""
        given = {"name": name, "language": language, "zone": zone, "notice_seen_at": notice_seen_at}
        given = {key: value for key, value in given.items() if value is not None}
        if name is not None:
            self._recall.changed("activities")  # they carry the name of who logged them
        if given:
            self._connection.execute(ONE.values(given), {"person": person_id})
        person = self.get(person_id)
        if person is None:
            raise LookupError(f"person {person_id}")
        return person

    def leave(self, person_id: int, now: datetime) -> None:
        """The person leaves: from now on nobody's holder, and a stranger on each account. Roles and
        accounts keep their rows; end and detach them with their own verbs."""
        self._connection.execute(LEAVE, {"person": person_id, "now": now})
