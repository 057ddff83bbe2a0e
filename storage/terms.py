"""Terms: until when somebody holds a role, where that was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Date, ForeignKey, Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Verbs, metadata
from storage.roles import roles

terms = Table(
    "terms",
    metadata,
    Column("role_id", Id, ForeignKey("roles.id"), primary_key=True, autoincrement=False),
    Column("ends_on", Date, nullable=False),
    Column("motion", Id, ForeignKey("motions.number")),
)


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a role that somebody holds, and the motion that decided it (None: no motion did)."""

    role_id: int
    ends_on: date
    motion: int | None


_new = insert(terms)
SET = _new.on_conflict_do_update(
    index_elements=["role_id"], set_={key: _new.excluded[key] for key in ("ends_on", "motion")}
)
OF = select(terms).where(terms.c.role_id == bindparam("one"))
ALL = (
    select(terms)
    .join_from(terms, roles, roles.c.id == terms.c.role_id)
    .where(roles.c.until.is_(None))
    .order_by(terms.c.ends_on, terms.c.role_id)
)


class Terms(Verbs):
    """The verbs over terms."""

    def set(self, role_id: int, ends_on: date, motion: int | None) -> None:
        """A role is held until this day; what was set before is replaced."""
        self._connection.execute(SET, {"role_id": role_id, "ends_on": ends_on, "motion": motion})

    def of(self, role_id: int) -> Term | None:
        """The term of a role, also of one that ended; None if it has none."""
        row = self._connection.execute(OF, {"one": role_id}).first()
        return None if row is None else Term(*row)

    def all(self) -> tuple[Term, ...]:
        """The terms of the roles that are held now, the first to end first."""
        return tuple(Term(*row) for row in self._connection.execute(ALL))
