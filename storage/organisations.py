"""Organisations: the members (and applicants) of the alliance, each known by its slug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import Boolean, Column, Date, Table, Text, bindparam, select, update

from storage.columns import Json, Words, metadata
from storage.recall import RecallingVerbs

organisations = Table(
    "organisations",
    metadata,
    Column("slug", Words, primary_key=True),  # never changes, so other tables point to it
    Column("name", Words, nullable=False),
    Column("short_name", Words, nullable=False),
    Column("aliases", Json, nullable=False),
    Column("country", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("member_class", Text, nullable=False),
    Column("founding", Boolean, nullable=False),
    Column("joined_on", Date),
    Column("sectors", Json, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A member of the alliance. `country` ISO 3166 code, `zone` IANA name, `language` IETF tag;
    `standing` says whether it has its vote ("voting"), `member_class` is a class of the charter; `sectors`
    are the branches of industry that it works in, in its own words."""

    slug: str
    name: str
    short_name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    zone: str = "Europe/Brussels"
    language: str = "en"
    standing: str = "voting"
    member_class: str = ""
    founding: bool = False
    joined_on: date | None = None
    sectors: tuple[str, ...] = ()


class Changes(TypedDict, total=False):
    """What may change of an organisation: all but its slug."""

    name: str
    short_name: str
    aliases: tuple[str, ...]
    country: str
    zone: str
    language: str
    standing: str
    member_class: str
    founding: bool
    joined_on: date | None
    sectors: tuple[str, ...]


ALL = select(organisations).order_by(organisations.c.short_name, organisations.c.slug)
BY_SLUG = select(organisations).where(organisations.c.slug == bindparam("slug"))
# NO KEY: whoever adds rows that point to it need not wait
LOCK = BY_SLUG.with_for_update(key_share=True)
ADD = organisations.insert()
CHANGE = update(organisations).where(organisations.c.slug == bindparam("one")).returning(*organisations.c)


class Organisations(RecallingVerbs):
    """The verbs over organisations."""

    def all(self) -> tuple[Organisation, ...]:
        """Every organisation, by short name."""
        return self._recall.read("organisations", "all", self._all)

    def get(self, slug: str) -> Organisation | None:
        """The organisation with this slug, or None."""
        row = self._connection.execute(BY_SLUG, {"slug": slug}).mappings().first()
        return None if row is None else _organisation(row)

    def lock(self, slug: str) -> None:
        """Let nobody else who asks for it decide about this organisation until the transaction ends: take
        it before reading what is decided upon. (On SQLite a writer is alone anyway.)"""
        if self._writes:
            self._connection.execute(LOCK, {"slug": slug}).close()

    def add(self, organisation: Organisation) -> Organisation:
        """Take an organisation in. Raises Duplicate if its slug is taken."""
        self._recall.changed("organisations")
        self._connection.execute(ADD, _row(organisation))
        return organisation

    def change(self, slug: str, **given: Unpack[Changes]) -> Organisation:
        """Change what is given, leave the rest: the organisation as it is now. Raises LookupError if there
        is none."""
        self._recall.changed("organisations")
        before = self.get(slug)
        if before is None:
            raise LookupError(f"organisation {slug}")
        row = _row(replace(before, **given)) | {"one": slug}
        return _organisation(self._connection.execute(CHANGE, row).mappings().one())

    def _all(self) -> tuple[Organisation, ...]:
        return tuple(_organisation(row) for row in self._connection.execute(ALL).mappings())


def _row(organisation: Organisation) -> dict[str, Any]:
    row = {column.key: getattr(organisation, column.key) for column in organisations.c}
    return row | {"aliases": list(organisation.aliases), "sectors": list(organisation.sectors)}


def _organisation(row: Mapping[Any, Any]) -> Organisation:
    given = dict(row)
    return Organisation(**given | {key: tuple(given[key]) for key in ("aliases", "sectors")})
