"""The alliance that this database serves, and the versions of its charter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, Table, Text, func, select

from storage.columns import Id, Utc, Words, metadata
from storage.recall import RecallingVerbs

alliances = Table(
    "alliances",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("slug", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("founded_at", Utc, nullable=False),
    CheckConstraint("id = 1", name="only_one"),  # one database serves one alliance
)
charters = Table(
    "charters",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("in_force_from", Date, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("added_at", Utc, nullable=False),
    Column("motion", Id, ForeignKey("motions.number")),  # none: no motion made it
)


@dataclass(frozen=True, slots=True)
class Alliance:
    """The community served."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class CharterVersion:
    """One version of the charter: `text` is its JSON, `fingerprint` tells whether two are the same,
    `motion` is the number of the one that made it (None: no motion did)."""

    version: int
    in_force_from: date
    fingerprint: str
    text: str
    motion: int | None = None


ALLIANCE = select(alliances.c.slug, alliances.c.name)
FOUND = alliances.insert().values(id=1)
LATEST = select(func.coalesce(func.max(charters.c.version), 0))
ADD = charters.insert()
VERSIONS = select(
    charters.c.version, charters.c.in_force_from, charters.c.fingerprint, charters.c.text, charters.c.motion
).order_by(charters.c.version)


class Charters(RecallingVerbs):
    """The verbs over the alliance and its charter."""

    def alliance(self) -> Alliance | None:
        """The alliance that this database serves, or None before it is founded."""
        row = self._connection.execute(ALLIANCE).first()
        return None if row is None else Alliance(*row)

    def found(self, slug: str, name: str, now: datetime) -> Alliance:
        """Say which alliance this database serves: once. Raises Duplicate if it serves one already."""
        self._connection.execute(FOUND, {"slug": slug, "name": name, "founded_at": now})
        return Alliance(slug, name)

    def add(
        self, fingerprint: str, text: str, in_force_from: date, now: datetime, motion: int | None = None
    ) -> int:
        """Add a version (`text` is JSON), which this motion made, and return its number: 1, 2, 3, without
        gaps."""
        self._recall.changed("charters")
        version: int = self._connection.execute(LATEST).scalar_one() + 1
        given = {"version": version, "in_force_from": in_force_from, "fingerprint": fingerprint}
        self._connection.execute(ADD, given | {"text": text, "added_at": now, "motion": motion})
        return version

    def lock(self) -> None:
        """Wait for whoever else is adding a version, so that what is read next is what stands."""
        self._recall.lock("charters")

    def versions(self) -> tuple[CharterVersion, ...]:
        """Every version, oldest first: the very same ones until there is a new one."""
        return self._recall.read("charters", "versions", self._versions)

    def _versions(self) -> tuple[CharterVersion, ...]:
        return tuple(CharterVersion(*row) for row in self._connection.execute(VERSIONS))
