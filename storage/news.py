"""News: the items of the newsletter, those that members sent and those that an edition found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Select,
    Table,
    Text,
    bindparam,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.rules.newsletter.values import Item, Source
from storage.columns import Id, Utc, Verbs, Words, id_column, metadata
from storage.json_words import JsonWords

LARGEST = 2**63 - 1  # more does not fit in a row's number

# A column for each field of `bot.rules.newsletter.values.Item` by the same name.
news = Table(
    "news",
    metadata,
    id_column(),
    Column("source", Text, nullable=False),
    Column("key", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("organisation", Words, ForeignKey("organisations.slug")),  # none: the whole alliance
    Column("topics", JsonWords, nullable=False),
    Column("language", Words, nullable=False),
    Column("consent", Text, nullable=False),
    Column("embargo", Date),
    Column("media", Id, ForeignKey("media.id", ondelete="SET NULL")),
    Column("by", Id, ForeignKey("persons.id")),
    Column("at", Utc, nullable=False),
    Column("used_in", Id, ForeignKey("editions.number")),
    Column("dropped_at", Utc),
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself.
_found = news.c.key != literal_column("''")
_waits = (
    (news.c.source == literal_column("'member'")) & news.c.used_in.is_(None) & news.c.dropped_at.is_(None)
)
_used = news.c.used_in.is_not(None)
Index("ix_news_found", news.c.source, news.c.key, unique=True,
      sqlite_where=_found, postgresql_where=_found)  # fmt: skip
Index("ix_news_waiting", news.c["at"], news.c.id, sqlite_where=_waits, postgresql_where=_waits)
Index("ix_news_used_in", news.c.used_in, sqlite_where=_used, postgresql_where=_used)
Index("ix_news_by", news.c.by)

FIELDS = tuple(field.name for field in fields(Item))
COLUMNS = tuple(news.c[name] for name in FIELDS)
ADD = news.insert().returning(*COLUMNS)
GET = select(*COLUMNS).where(news.c.id == bindparam("one"))
GET_LOCKED = GET.with_for_update(key_share=True)
WRITE = update(news).where(news.c.id == bindparam("one")).returning(*COLUMNS)
WAITING = select(*COLUMNS).where(_waits).order_by(news.c["at"], news.c.id)
OF_PERSON = (
    select(*COLUMNS)
    .where(news.c.by == bindparam("person"), news.c.source == "member")
    .order_by(news.c["at"].desc(), news.c.id.desc())
)
TOLD = select(news.c.used_in).where(
    _found, news.c.source == bindparam("from"), news.c.key == bindparam("which", type_=Words)
)
_edition = bindparam("edition", type_=Id)
_free = or_(news.c.used_in.is_(None), news.c.used_in == _edition)
TAKE = (
    update(news)
    .where(news.c.id.in_(bindparam("these", expanding=True)), _free, news.c.dropped_at.is_(None))
    .values(used_in=_edition)
    .returning(*COLUMNS)
)
_new = insert(news)
TAKE_FOUND = _new.on_conflict_do_update(
    index_elements=["source", "key"],
    index_where=_found,
    set_={name: _new.excluded[name] for name in FIELDS if name not in ("id", "source", "key")},
    where=or_(news.c.used_in.is_(None), news.c.used_in == _new.excluded.used_in),
).returning(news.c.id, news.c.source, news.c.key)
RELEASE = update(news).where(_used, news.c.used_in == _edition).values(used_in=None)


class News(Verbs):
    """The verbs over the newsletter's items."""

    def add(self, item: Item) -> Item:
        """Keep a new item (the id it has is not looked at): the item as it is kept. Raises Duplicate if it
        was found, and is kept already."""
        given = _row(item)
        del given["id"]
        return _item(self._connection.execute(ADD, given).mappings().one())

    def get(self, item_id: int, lock: bool = False) -> Item | None:
        """The item with this number in whatever state, or None. With `lock` nobody else who asks for it
        changes it until the transaction ends."""
        if not 0 < item_id <= LARGEST:
            return None
        statement = GET_LOCKED if lock and self._writes else GET
        return next(iter(self._all(statement, one=item_id)), None)

    def write(self, item: Item) -> Item:
        """The item is like this from now on, in everything but its number. Raises LookupError if there is
        none."""
        given = _row(item)
        given["one"] = given.pop("id")
        row = self._connection.execute(WRITE, given).mappings().first()
        if row is None:
            raise LookupError(f"item {item.id}")
        return _item(row)

    def waiting(self) -> tuple[Item, ...]:
        """What members sent and no edition has taken, oldest first; without what was taken back."""
        return self._all(WAITING)

    def of_person(self, person: int) -> tuple[Item, ...]:
        """Everything that somebody sent, in whatever state, newest first."""
        return self._all(OF_PERSON, person=person)

    def told(self, source: Source, key: str) -> int | None:
        """The number of the edition that has told of this activity, event or motion, or is about to; None if
        none."""
        found: int | None = self._connection.execute(TOLD, {"from": source, "which": key}).scalar()
        return found

    def take(self, edition: int, items: Iterable[Item]) -> tuple[Item, ...]:
        """The edition, which is kept already, takes these: they come back in their order, each with its
        number, and those that members sent as they stand now. What another edition has taken is left out,
        and so is what was taken back meanwhile."""
        items = tuple(items)
        found = self._take_found(edition, [one for one in items if one.key])
        sent = self._take_sent(edition, [one.id for one in items if not one.key])
        taken = (found.get((one.source, one.key)) if one.key else sent.get(one.id) for one in items)
        return tuple(one for one in taken if one is not None)

    def release(self, edition: int) -> None:
        """The edition tells nothing of it: what it had taken waits again, or can be found again."""
        self._connection.execute(RELEASE, {"edition": edition})

    def _take_found(self, edition: int, items: list[Item]) -> dict[tuple[str, str], Item]:
        given = {(item.source, item.key): replace(item, used_in=edition) for item in items}
        rows = [_row(item) for item in given.values()]
        for row in rows:
            del row["id"]
        taken = self._connection.execute(TAKE_FOUND, rows).all() if rows else ()
        return {(source, key): replace(given[source, key], id=number) for number, source, key in taken}

    def _take_sent(self, edition: int, numbers: list[int]) -> dict[int, Item]:
        if not numbers:
            return {}
        taken = self._connection.execute(TAKE, {"edition": edition, "these": numbers}).mappings()
        return {item.id: item for item in map(_item, taken)}

    def _all(self, statement: Select[Any], **given: object) -> tuple[Item, ...]:
        return tuple(_item(row) for row in self._connection.execute(statement, given).mappings())


def _row(item: Item) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in FIELDS}
    row |= {"topics": list(item.topics)}
    return row | {"organisation": item.organisation or None, "media": item.media or None}


def _item(row: Mapping[Any, Any]) -> Item:
    given = dict(row)
    given |= {"topics": tuple(given["topics"])}
    return Item(**given | {"organisation": given["organisation"] or "", "media": given["media"] or 0})
