"""Places: the chats, channels, threads and topics in which the bot has been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, Text, UniqueConstraint, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Place
from storage.columns import Utc, Verbs, Words, id_column, metadata

places = Table(
    "places",
    metadata,
    id_column(),
    Column("platform", Text, nullable=False),
    Column("installation", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("thread", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("first_seen_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    UniqueConstraint("platform", "installation", "channel", "thread"),
)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place as it is kept, with what it is used for ("" = not said)."""

    id: int
    place: Place
    purpose: str = ""


_new = insert(places)
REMEMBER = _new.on_conflict_do_update(
    index_elements=["platform", "installation", "channel", "thread"],
    set_={
        key: func.coalesce(func.nullif(_new.excluded[key], ""), places.c[key])
        for key in ("kind", "name", "purpose")
    }
    | {"seen_at": _new.excluded.seen_at},
).returning(places.c.id)
ALL = select(
    places.c.id,
    places.c.purpose,
    places.c.platform,
    places.c.installation,
    places.c.channel,
    places.c.thread,
    places.c.kind,
    places.c.name,
).order_by(places.c.id)
GET = ALL.where(places.c.id == bindparam("one"))


class Places(Verbs):
    """The verbs over places."""

    def remember(self, place: Place, now: datetime, purpose: str = "") -> int:
        """Keep a place with its latest name, and return its number. An empty name or purpose leaves
        what was known."""
        given = {"platform": place.platform, "installation": place.installation, "channel": place.channel}
        given |= {"thread": place.thread, "kind": place.kind, "name": place.name, "purpose": purpose}
        moments = {"first_seen_at": now, "seen_at": now}
        number: int = self._connection.execute(REMEMBER, given | moments).scalar_one()
        return number

    def get(self, place_id: int) -> KnownPlace | None:
        """The place with this number, or None."""
        row = self._connection.execute(GET, {"one": place_id}).first()
        return None if row is None else _known(row)

    def all(self) -> tuple[KnownPlace, ...]:
        """Every place, first seen first."""
        return tuple(_known(row) for row in self._connection.execute(ALL))


def _known(row: Any) -> KnownPlace:
    number, purpose, *place = row
    return KnownPlace(number, Place(*place), purpose)
