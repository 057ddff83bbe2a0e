"""Media: pictures and files that people sent along, fetched from their platform and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    literal_column,
    select,
    update,
)

from storage.columns import Id, Utc, Verbs, Words, id_column, metadata

LARGEST = 2**63 - 1  # more does not fit in a row's number
CLAIMED_FOR: Final = timedelta(minutes=5)  # after that, whoever fetches it is taken for dead

media = Table(
    "media",
    metadata,
    id_column(),
    Column("platform", Text, nullable=False),
    Column("ref", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("mime", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("alt", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("says", Words, nullable=False),
    Column("by", Id, ForeignKey("persons.id")),
    Column("at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("content", LargeBinary),
    sqlite_autoincrement=True,  # editions name it by number: never another one, also when it is gone
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself.
_wanted = media.c.state == literal_column("'wanted'")
Index("ix_media_wanted", media.c.platform, media.c.not_before, media.c.id,
      sqlite_where=_wanted, postgresql_where=_wanted)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file as it is known: `wanted` from its platform, where `ref` names it, `kept`, or `failed`
    for good; `says` is what the platform said. `size` in bytes, 0 for unknown; `alt`: what a picture shows,
    for who does not see it; `by` is the person who sent it, `attempts` how often it was asked for."""

    id: int
    platform: str
    ref: str
    name: str
    mime: str
    size: int
    alt: str
    state: Literal["wanted", "kept", "failed"]
    says: str
    by: int | None
    at: datetime
    attempts: int = 0


COLUMNS = (
    media.c.id,
    media.c.platform,
    media.c.ref,
    media.c.name,
    media.c.mime,
    media.c.size,
    media.c.alt,
    media.c.state,
    media.c.says,
    media.c.by,
    media.c["at"],
    media.c.attempts,
)
WANT = media.insert().returning(media.c.id)
GET = select(*COLUMNS).where(media.c.id == bindparam("one"))
CONTENT = select(media.c.content).where(media.c.id == bindparam("one"))
_now = bindparam("now", type_=Utc)
_due = (
    select(media.c.id)
    .where(_wanted, media.c.platform == bindparam("on"), media.c.not_before <= _now)
    .order_by(media.c.not_before, media.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
    .cte("due")
)
CLAIM = (
    update(media)
    .where(media.c.id.in_(select(_due.c.id)))
    .values(attempts=media.c.attempts + 1, not_before=bindparam("until", type_=Utc))
    .returning(*COLUMNS)
)
_one = update(media).where(media.c.id == bindparam("one"))
_says = bindparam("what", type_=Words)
LATER = _one.where(_wanted).values(not_before=bindparam("then", type_=Utc), says=_says)
KEEP = _one.values(
    state="kept",
    content=bindparam("holds", type_=LargeBinary),
    size=bindparam("bytes"),
    name=bindparam("called", type_=Words),
    mime=bindparam("kind", type_=Words),
    says="",
)
FAILED = _one.where(_wanted).values(state="failed", says=_says)
DESCRIBE = _one.values(alt=bindparam("shows", type_=Words))
FORGET = delete(media).where(media.c.state != "kept", media.c["at"] < bindparam("before", type_=Utc))


class MediaVerbs(Verbs):
    """The verbs over pictures and files."""

    def want(
        self, platform: str, ref: str, name: str, mime: str, size: int, by: int | None, now: datetime
    ) -> int:
        """Somebody sent this along: it is to be fetched from its platform. Its number is returned."""
        given: dict[str, Any] = {"platform": platform, "ref": ref, "name": name, "mime": mime, "size": size}
        given |= {"alt": "", "state": "wanted", "says": "", "by": by, "at": now}
        given |= {"attempts": 0, "not_before": now, "content": None}
        number: int = self._connection.execute(WANT, given).scalar_one()
        return number

    def get(self, media_id: int) -> Media | None:
        """What is known of it, without its bytes; None if there is none with this number."""
        row = self._connection.execute(GET, {"one": media_id}).first() if _fits(media_id) else None
        return None if row is None else Media(*row)

    def content(self, media_id: int) -> bytes | None:
        """Its bytes; None if they are not kept."""
        found = self._connection.execute(CONTENT, {"one": media_id}).scalar() if _fits(media_id) else None
        return None if found is None else bytes(found)

    def next_wanted(self, platform: str, now: datetime) -> Media | None:
        """Take the one that has waited longest of those to be fetched from this platform, for one fetcher
        only; None if there is none. The fetcher says what became of it (keep, later, failed); one that never
        does is taken for dead after five minutes, and it is taken again."""
        asked = {"on": platform, "now": now, "until": now + CLAIMED_FOR}
        row = self._connection.execute(CLAIM, asked).first()
        return None if row is None else Media(*row)

    def later(self, media_id: int, not_before: datetime, says: str) -> None:
        """It could not be fetched, and may be tried again from then on."""
        self._connection.execute(LATER, {"one": media_id, "then": not_before, "what": says})

    def keep(self, media_id: int, content: bytes, name: str, mime: str) -> None:
        """Here it is, as it is to be sent."""
        given = {"one": media_id, "holds": content, "bytes": len(content), "called": name, "kind": mime}
        self._connection.execute(KEEP, given)

    def failed(self, media_id: int, says: str) -> None:
        """It will never be fetched, and that is why."""
        self._connection.execute(FAILED, {"one": media_id, "what": says})

    def describe(self, media_id: int, alt: str) -> None:
        """What it shows."""
        self._connection.execute(DESCRIBE, {"one": media_id, "shows": alt})

    def forget(self, before: datetime) -> None:
        """Delete what was sent along before this moment and never kept. An announcement or item that still
        names it has none from then on."""
        self._connection.execute(FORGET, {"before": before})


def _fits(media_id: int) -> bool:
    return 0 < media_id <= LARGEST
