"""Calendar links: the secret address at which somebody's own calendar is read."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, metadata
from storage.persons import persons

BYTES = 20  # 160 bits: 32 letters and digits

calendar_links = Table(
    "calendar_links",
    metadata,
    Column("person", Id, ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("issued_at", Utc, nullable=False),
    Column("ended_at", Utc),
)

_new = insert(calendar_links)
ISSUE = _new.on_conflict_do_update(
    index_elements=["person"],
    set_={key: _new.excluded[key] for key in ("token_hash", "issued_at", "ended_at")},
)
PERSON_OF = (
    select(calendar_links.c.person)
    .join(persons, persons.c.id == calendar_links.c.person)
    .where(
        calendar_links.c.token_hash == bindparam("hash"),
        calendar_links.c.ended_at.is_(None),
        persons.c.left_at.is_(None),
    )
)
_standing = (calendar_links.c.person == bindparam("one"), calendar_links.c.ended_at.is_(None))
SINCE = select(calendar_links.c.issued_at).where(*_standing)
END = update(calendar_links).where(*_standing).values(ended_at=bindparam("now", type_=Utc))


class CalendarLinks(Verbs):
    """The verbs over calendar links: one for each person. Only a token's hash is kept."""

    def issue(self, person: int, now: datetime) -> str:
        """A new random token (32 small letters and digits), kept nowhere; the one before ends."""
        token = b32encode(secrets.token_bytes(BYTES)).decode().lower()
        given = {"person": person, "token_hash": _hash(token), "issued_at": now, "ended_at": None}
        self._connection.execute(ISSUE, given)
        return token

    def person_of(self, token: str) -> int | None:
        """Whose token it is; None if it is nobody's, has ended, or is of somebody who left."""
        return self._connection.execute(PERSON_OF, {"hash": _hash(token)}).scalar()

    def since(self, person: int) -> datetime | None:
        """Since when (UTC) somebody's link stands; None if they have none."""
        return self._connection.execute(SINCE, {"one": person}).scalar()

    def end(self, person: int, now: datetime) -> None:
        """Somebody's link leads nowhere from now on."""
        self._connection.execute(END, {"one": person, "now": now})


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
