"""Broadcasts: announcements as they stand, and every text that they had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.rules.broadcasts.values import Broadcast, Segment, Version
from storage.columns import Id, Json, Utc, Verbs, Words, metadata
from storage.counters import next_number
from storage.json_words import JsonWords

LARGEST = 2**63 - 1  # more does not fit in a row's number

# A column for each field of `bot.rules.broadcasts.values.Broadcast` by the same name.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("texts", JsonWords, nullable=False),
    Column("created_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("organisation", Words, ForeignKey("organisations.slug")),  # none: for the alliance
    Column("segments", JsonWords, nullable=False),
    Column("places", Json),
    Column("without", Json, nullable=False),
    Column("media", Id, ForeignKey("media.id", ondelete="SET NULL")),
    Column("urgent", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("confirmed_by", Id, ForeignKey("persons.id")),
    Column("confirmed_at", Utc),
    Column("second_by", Id, ForeignKey("persons.id")),
    Column("send_at", Utc),
    Column("stopped_by", Id, ForeignKey("persons.id")),
    Column("stopped_at", Utc),
    Column("version", Integer, nullable=False),
    Column("edited_by", Id, ForeignKey("persons.id")),
    Column("edited_at", Utc),
    Column("retracted_by", Id, ForeignKey("persons.id")),
    Column("retracted_at", Utc),
    Column("authors", Json, nullable=False),
    Column("copy_of", Id, ForeignKey("broadcasts.number")),
    Column("tries", Integer, nullable=False),
)
Index("ix_broadcasts_copy_of", broadcasts.c.copy_of)

broadcast_texts = Table(
    "broadcast_texts",
    metadata,
    Column("broadcast", Id, ForeignKey("broadcasts.number"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("texts", JsonWords, nullable=False),
    Column("by", Id, ForeignKey("persons.id"), nullable=False),
    Column("at", Utc, nullable=False),
)

UNSENT: Final = ("draft", "awaiting")  # nobody reads it yet: its text may still change
FIELDS = tuple(field.name for field in fields(Broadcast))
COLUMNS = tuple(broadcasts.c[name] for name in FIELDS)
ADD = broadcasts.insert().returning(*COLUMNS)
GET = select(*COLUMNS).where(broadcasts.c.number == bindparam("one"))
# NO KEY: the texts that point to it need not wait
GET_LOCKED = GET.with_for_update(key_share=True)
WRITE = update(broadcasts).where(broadcasts.c.number == bindparam("one")).returning(*COLUMNS)
LATEST = (
    select(*COLUMNS)
    .order_by(broadcasts.c.number.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
COPIES = select(*COLUMNS).where(broadcasts.c.copy_of == bindparam("one")).order_by(broadcasts.c.number.desc())
HOW_MANY = select(func.count()).select_from(broadcasts)
_text = insert(broadcast_texts)
_this_version = ["broadcast", "version"]
KEEP_TEXT = _text.on_conflict_do_nothing(index_elements=_this_version)
REWRITE_TEXT = _text.on_conflict_do_update(index_elements=_this_version, set_={"texts": _text.excluded.texts})
VERSIONS = (
    select(*broadcast_texts.c)
    .where(broadcast_texts.c.broadcast == bindparam("one"))
    .order_by(broadcast_texts.c.version)
)


class Broadcasts(Verbs):
    """The verbs over announcements."""

    def add(self, broadcast: Broadcast) -> Broadcast:
        """Keep a new announcement under the next number (1, 2, 3 without gaps; the one it has is not looked
        at), and its text as a version: the announcement as it is kept."""
        given = _row(broadcast) | {"number": next_number(self._connection, "broadcasts")}
        kept = _broadcast(self._connection.execute(ADD, given).mappings().one())
        self._keep_text(kept)
        return kept

    def get(self, number: int, lock: bool = False) -> Broadcast | None:
        """The announcement with this number in whatever state, or None. With `lock` nobody else who asks for
        it decides about it until the transaction ends."""
        if not 0 < number <= LARGEST:
            return None
        statement = GET_LOCKED if lock and self._writes else GET
        row = self._connection.execute(statement, {"one": number}).mappings().first()
        return None if row is None else _broadcast(row)

    def write(self, broadcast: Broadcast) -> Broadcast:
        """The announcement is like this from now on, in everything but its number. Lock it first. A new
        `version` is kept beside the earlier ones, as the text of whoever edited it last (the author, if
        nobody did). Once confirmed, what an earlier version said never changes (spec/engagement.md
        section 4). Raises LookupError if there is none."""
        given = _row(broadcast)
        number = given.pop("number")
        row = self._connection.execute(WRITE, given | {"one": number}).mappings().first()
        if row is None:
            raise LookupError(f"announcement {number}")
        kept = _broadcast(row)
        self._keep_text(kept)
        return kept

    def versions(self, number: int) -> tuple[Version, ...]:
        """Every text that it had, first one first; the last one is what it says now."""
        return tuple(Version(*row) for row in self._connection.execute(VERSIONS, {"one": number}))

    def latest(self, limit: int, offset: int = 0) -> tuple[tuple[Broadcast, ...], int]:
        """A page of all announcements, drafts too, newest first; and how many there are in all."""
        total: int = self._connection.execute(HOW_MANY).scalar_one()
        rows = self._connection.execute(LATEST, {"most": limit, "skipped": offset}).mappings()
        return tuple(_broadcast(row) for row in rows), total

    def copies(self, number: int) -> tuple[Broadcast, ...]:
        """What was made of this one after it was stopped or thrown away, the newest first."""
        rows = self._connection.execute(COPIES, {"one": number}).mappings()
        return tuple(_broadcast(row) for row in rows)

    def _keep_text(self, kept: Broadcast) -> None:
        given = {"broadcast": kept.number, "version": kept.version, "texts": dict(kept.texts)}
        given |= {"by": kept.edited_by or kept.created_by, "at": kept.edited_at or kept.created_at}
        self._connection.execute(REWRITE_TEXT if kept.state in UNSENT else KEEP_TEXT, given)


def _row(broadcast: Broadcast) -> dict[str, Any]:
    row = {name: getattr(broadcast, name) for name in FIELDS}
    row |= {"texts": dict(broadcast.texts), "without": list(broadcast.without)}
    row |= {"authors": list(broadcast.authors)}
    row |= {"segments": [[one.kind, one.value] for one in broadcast.segments]}
    row |= {"places": None if broadcast.places is None else list(broadcast.places)}
    return row | {"organisation": broadcast.organisation or None, "media": broadcast.media or None}


def _broadcast(row: Mapping[Any, Any]) -> Broadcast:
    given = dict(row)
    given |= {"segments": tuple(Segment(*one) for one in given["segments"])}
    given |= {"without": tuple(given["without"]), "authors": tuple(given["authors"])}
    given |= {"places": None if given["places"] is None else tuple(given["places"])}
    return Broadcast(**given | {"organisation": given["organisation"] or "", "media": given["media"] or 0})
