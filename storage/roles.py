"""Roles: who acts for which organisation (or for the whole alliance), since when and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage import persons as people
from storage.columns import Id, Utc, Verbs, id_column, metadata
from storage.persons import Person, persons

roles = Table(
    "roles",
    metadata,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("organisation", Text, ForeignKey("organisations.slug")),  # none: a role of the alliance
    Column("since", Utc, nullable=False),
    Column("until", Utc),
    Column("granted_by", Id, ForeignKey("persons.id")),
    Column("ended_by", Id, ForeignKey("persons.id")),
)
_stands = roles.c.until.is_(None)
_alone = _stands & roles.c.organisation.is_(None)
Index("ux_roles_standing", roles.c.person_id, roles.c.role, roles.c.organisation,
      unique=True, sqlite_where=_stands, postgresql_where=_stands)  # fmt: skip
Index("ux_roles_standing_alliance", roles.c.person_id, roles.c.role,
      unique=True, sqlite_where=_alone, postgresql_where=_alone)  # fmt: skip
Index("ix_roles_organisation", roles.c.organisation, sqlite_where=_stands, postgresql_where=_stands)
Index("ix_roles_role", roles.c.role, sqlite_where=_stands, postgresql_where=_stands)


@dataclass(frozen=True, slots=True)
class Role:
    """One role of one person. `role` is a key of the charter; `organisation` a slug, "" for a role of
    the whole alliance; it stands while `until` is None."""

    id: int
    person_id: int
    role: str
    organisation: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with one of the roles they hold."""

    person: Person
    role: Role


COLUMNS = (
    roles.c.id,
    roles.c.person_id,
    roles.c.role,
    func.coalesce(roles.c.organisation, "").label("organisation"),
    roles.c.since,
    roles.c.until,
)
# The insert of PostgreSQL's dialect, here and elsewhere: SQLite's compiler reads its ON CONFLICT too.
GRANT = insert(roles).on_conflict_do_nothing().returning(*COLUMNS)
STANDING = select(*COLUMNS).where(
    roles.c.person_id == bindparam("person"),
    roles.c.role == bindparam("role"),
    func.coalesce(roles.c.organisation, "") == bindparam("organisation"),
    _stands,
)
END = (
    update(roles)
    .where(roles.c.id == bindparam("one"), _stands)
    .values(until=bindparam("now", type_=Utc), ended_by=bindparam("by"))
)
GET = select(*COLUMNS).where(roles.c.id == bindparam("one"))
OF_PERSON = select(*COLUMNS).where(roles.c.person_id == bindparam("person"), _stands).order_by(roles.c.id)
HOLDERS = (
    select(*people.COLUMNS, *COLUMNS)
    .join_from(roles, persons, persons.c.id == roles.c.person_id)
    .where(_stands, persons.c.left_at.is_(None))
    .order_by(roles.c.id)
)
OF_ORGANISATION = HOLDERS.where(roles.c.organisation == bindparam("organisation"))
OF_ROLE = HOLDERS.where(roles.c.role == bindparam("role"))


class Roles(Verbs):
    """The verbs over roles."""

    def grant(self, person_id: int, role: str, organisation: str, now: datetime, by: int | None) -> Role:
        """Give a person a role in an organisation (slug; "" = the alliance). `by`: the person who
        gives it, None for the program. The same role given twice is the one that stands."""
        given = {"person_id": person_id, "role": role, "organisation": organisation or None}
        row = self._connection.execute(GRANT, given | {"since": now, "granted_by": by}).first()
        if row is None:
            asked = {"person": person_id, "role": role, "organisation": organisation}
            row = self._connection.execute(STANDING, asked).one()
        return Role(*row)

    def end(self, role_id: int, now: datetime, by: int | None) -> Role:
        """End a role; one that ended before keeps its day. Raises LookupError if there is none."""
        self._connection.execute(END, {"one": role_id, "now": now, "by": by})
        role = self.get(role_id)
        if role is None:
            raise LookupError(f"role {role_id}")
        return role

    def get(self, role_id: int) -> Role | None:
        """The role with this number (also one that ended), or None."""
        row = self._connection.execute(GET, {"one": role_id}).first()
        return None if row is None else Role(*row)

    def of_person(self, person_id: int) -> tuple[Role, ...]:
        """The roles that a person holds now, oldest first."""
        return tuple(Role(*row) for row in self._connection.execute(OF_PERSON, {"person": person_id}))

    def of_organisation(self, slug: str) -> tuple[Holder, ...]:
        """Who acts for an organisation now, oldest role first."""
        return _holders(self._connection.execute(OF_ORGANISATION, {"organisation": slug}))

    def standing(self) -> tuple[Holder, ...]:
        """Everybody's roles that stand now, oldest first."""
        return _holders(self._connection.execute(HOLDERS))

    def holders(self, role: str) -> tuple[Holder, ...]:
        """Who holds this role now, in any organisation, oldest first."""
        return _holders(self._connection.execute(OF_ROLE, {"role": role}))


def _holders(rows: Any) -> tuple[Holder, ...]:
    split = len(people.COLUMNS)
    return tuple(Holder(Person(*row[:split]), Role(*row[split:])) for row in rows)
