"""Signatures: who signed the charter for which organisation, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Table, select
from sqlalchemy.dialects.postgresql import insert

from storage.columns import Id, Utc, Verbs, Words, metadata

signatures = Table(
    "signatures",
    metadata,
    Column("organisation", Words, ForeignKey("organisations.slug"), primary_key=True),
    Column("signatory", Words, nullable=False),
    Column("function", Words, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("person", Id, ForeignKey("persons.id")),
    Column("at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature block of the charter: the signatory's name and function in an organisation (slug). It was
    written down at that moment by a `person` (None: the program)."""

    organisation: str
    signatory: str
    function: str
    signed_on: date
    person: int | None
    at: datetime


_new = insert(signatures)
SIGN = _new.on_conflict_do_update(
    index_elements=["organisation"],
    set_={key: _new.excluded[key] for key in ("signatory", "function", "signed_on", "person", "at")},
)
ALL = select(signatures).order_by(signatures.c.signed_on, signatures.c.organisation)


class Signatures(Verbs):
    """The verbs over signatures."""

    def sign(
        self,
        organisation: str,
        signatory: str,
        function: str,
        signed_on: date,
        person: int | None,
        now: datetime,
    ) -> Signature:
        """Somebody signed for an organisation; what was written down of it before is replaced."""
        given = {"organisation": organisation, "signatory": signatory, "function": function}
        row = self._connection.execute(
            SIGN.returning(*signatures.c), given | {"signed_on": signed_on, "person": person, "at": now}
        ).one()
        return Signature(*row)

    def all(self) -> tuple[Signature, ...]:
        """Every signature, first signed first."""
        return tuple(Signature(*row) for row in self._connection.execute(ALL))
