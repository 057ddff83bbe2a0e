"""Editions: the numbers of the newsletter, each with its items as they stood when they were taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, Select, Table, Text, bindparam, func, select, update

from bot.rules.newsletter.values import Consent, Edition, Item, Note
from storage.columns import Id, Utc, Verbs, Words, metadata
from storage.counters import next_number
from storage.json_words import JsonWords, day_from_json, moment_from_json, moment_to_json

LARGEST = 2**63 - 1  # more does not fit in a row's number

# A column for each field of `bot.rules.newsletter.values.Edition` by the same name.
editions = Table(
    "editions",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("slug", Words, nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("intro", Words, nullable=False),
    Column("items", JsonWords, nullable=False),
    Column("approval", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("created_by", Id, ForeignKey("persons.id")),  # none: by the clock
    Column("changed_by", JsonWords, nullable=False),
    Column("collected_since", Utc, nullable=False),
    Column("collected_until", Utc, nullable=False),
    Column("send_at", Utc, nullable=False),
    Column("shown_at", Utc),
    Column("seal", Text, nullable=False),
    Column("approved_by", Id, ForeignKey("persons.id")),
    Column("approved_at", Utc),
    Column("stopped_by", Id, ForeignKey("persons.id")),
    Column("stopped_at", Utc),
    Column("sent_at", Utc),
    Column("why", Words, nullable=False),
    Column("notes", JsonWords, nullable=False),
    Column("version", Integer, nullable=False),
)

FIELDS = tuple(field.name for field in fields(Edition))
ITEM_FIELDS = tuple(field.name for field in fields(Item))
COLUMNS = tuple(editions.c[name] for name in FIELDS)
ADD = editions.insert().returning(*COLUMNS)
GET = select(*COLUMNS).where(editions.c.number == bindparam("one"))
# NO KEY: the items that point to it need not wait
GET_LOCKED = GET.with_for_update(key_share=True)
BY_SLUG = select(*COLUMNS).where(editions.c.slug == bindparam("which", type_=Words))
WRITE = update(editions).where(editions.c.number == bindparam("one")).returning(*COLUMNS)
LATEST = select(*COLUMNS).order_by(editions.c.number.desc()).limit(1)
OPEN = LATEST.where(editions.c.state.in_(("draft", "held", "approved")), editions.c.sent_at.is_(None))
_sent = editions.c.sent_at.is_not(None)
SENT = (
    select(*COLUMNS)
    .where(_sent)
    .order_by(editions.c.sent_at.desc(), editions.c.number.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
HOW_MANY_SENT = select(func.count()).select_from(editions).where(_sent)


class Editions(Verbs):
    """The verbs over editions."""

    def add(self, edition: Edition) -> Edition:
        """Keep a new edition under the next number (1, 2, 3 without gaps; the one it has is not looked at):
        the edition as it is kept. Raises Duplicate if its slug is taken."""
        given = _row(edition) | {"number": next_number(self._connection, "editions")}
        return _edition(self._connection.execute(ADD, given).mappings().one())

    def get(self, number: int, lock: bool = False) -> Edition | None:
        """The edition with this number in whatever state, or None. With `lock` nobody else who asks for it
        decides about it until the transaction ends."""
        if not 0 < number <= LARGEST:
            return None
        return self._one(GET_LOCKED if lock and self._writes else GET, one=number)

    def by_slug(self, slug: str) -> Edition | None:
        """The edition with this address in the archive, in whatever state, or None."""
        return self._one(BY_SLUG, which=slug)

    def write(self, edition: Edition) -> Edition:
        """The edition is like this from now on, in everything but its number. Lock it first. Raises
        LookupError if there is none, Duplicate if another one has its slug."""
        given = _row(edition)
        number = given.pop("number")
        row = self._connection.execute(WRITE, given | {"one": number}).mappings().first()
        if row is None:
            raise LookupError(f"edition {number}")
        return _edition(row)

    def latest(self) -> Edition | None:
        """The edition with the highest number, in whatever state; None if there is none yet."""
        return self._one(LATEST)

    def open(self) -> Edition | None:
        """The newest edition that may still go out: a draft, held or approved, and not sent. None if none."""
        return self._one(OPEN)

    def sent(self, limit: int, offset: int = 0) -> tuple[tuple[Edition, ...], int]:
        """A page of the editions that went out, newest first; and how many there are in all."""
        total: int = self._connection.execute(HOW_MANY_SENT).scalar_one()
        rows = self._connection.execute(SENT, {"most": limit, "skipped": offset}).mappings()
        return tuple(_edition(row) for row in rows), total

    def _one(self, statement: Select[Any], **given: object) -> Edition | None:
        row = self._connection.execute(statement, given).mappings().first()
        return None if row is None else _edition(row)


def _row(edition: Edition) -> dict[str, Any]:
    row = {name: getattr(edition, name) for name in FIELDS}
    row |= {"items": [_item_to_json(item) for item in edition.items]}
    row |= {"changed_by": list(edition.changed_by)}
    return row | {"notes": [[moment_to_json(one.at), one.by, one.text, one.consent] for one in edition.notes]}


def _item_to_json(item: Item) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in ITEM_FIELDS}
    row |= {"at": moment_to_json(item.at), "dropped_at": moment_to_json(item.dropped_at)}
    row |= {"embargo": None if item.embargo is None else item.embargo.isoformat()}
    return row | {"topics": list(item.topics)}


def _edition(row: Mapping[Any, Any]) -> Edition:
    given = dict(row)
    given |= {"items": tuple(_item_from_json(item) for item in given["items"])}
    given |= {"notes": tuple(_note_from_json(*note) for note in given["notes"])}
    given |= {"changed_by": tuple(given["changed_by"])}
    return Edition(**given)


def _item_from_json(item: Mapping[str, Any]) -> Item:
    given = {**item, "topics": tuple(item["topics"]), "embargo": day_from_json(item["embargo"])}
    moments = {name: moment_from_json(item[name]) for name in ("at", "dropped_at")}
    return Item(**given | moments)


def _note_from_json(at: str, by: int, text: str, consent: Consent) -> Note:
    moment = moment_from_json(at)
    assert moment is not None
    return Note(moment, by, text, consent)
