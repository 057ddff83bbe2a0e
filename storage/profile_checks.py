"""Profile checks: when each organisation last looked after its profile on the ECCP (charter, Art. 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, id_column, metadata
from storage.organisations import organisations

profile_checks = Table(
    "profile_checks",
    metadata,
    id_column(),
    Column("organisation", Text, ForeignKey(organisations.c.slug), nullable=False),
    Column("link", Words, nullable=False),
    Column("checked_on", Date, nullable=False),
    Column("by", Id, ForeignKey("persons.id")),
    Column("at", Utc, nullable=False),
)
Index("ix_profile_checks_organisation", profile_checks.c.organisation, profile_checks.c.id)


@dataclass(frozen=True, slots=True)
class ProfileCheck:
    """Somebody of an organisation said that its profile is right: its `link`, on which day, `by` whom (a
    person's number)."""

    organisation: str
    link: str
    checked_on: date
    by: int | None
    at: datetime


COLUMNS = tuple(profile_checks.c[name] for name in ("organisation", "link", "checked_on", "by", "at"))
ADD = insert(profile_checks)
_newest = select(func.max(profile_checks.c.id)).group_by(profile_checks.c.organisation)
LATEST = select(*COLUMNS).where(profile_checks.c.id.in_(_newest)).order_by(profile_checks.c.organisation)
OF = (
    select(*COLUMNS)
    .where(profile_checks.c.organisation == bindparam("which"))
    .order_by(profile_checks.c.id.desc())
)


class ProfileChecks(Verbs):
    """The verbs over profile checks."""

    def add(self, organisation: str, link: str, on: date, by: int | None, now: datetime) -> None:
        """Somebody looked, and it is right."""
        given = {"organisation": organisation, "link": link, "checked_on": on, "by": by, "at": now}
        self._connection.execute(ADD, given)

    def latest(self) -> Mapping[str, ProfileCheck]:
        """The newest check of each organisation that ever made one, by slug."""
        return {row[0]: ProfileCheck(*row) for row in self._connection.execute(LATEST)}

    def of(self, organisation: str) -> tuple[ProfileCheck, ...]:
        """The checks of an organisation, the newest first."""
        return tuple(ProfileCheck(*row) for row in self._connection.execute(OF, {"which": organisation}))
