"""The verbs over rolls, ballot books and explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.rules.decisions.motions import Entry, Voter
from storage.ballots.tables import Explanation, ballots, explanations, rolls
from storage.columns import Utc, Verbs, Words, as_kept
from storage.database import Duplicate

VOTER = tuple(rolls.c[field.name] for field in fields(Voter))
_voter = (rolls.c.motion == bindparam("of_motion"), rolls.c.organisation == bindparam("who"))
FREEZE = rolls.insert()
ROLL = select(*VOTER).where(rolls.c.motion == bindparam("of_motion")).order_by(rolls.c.organisation)
ON_ROLL = select(*VOTER).where(*_voter)
RECUSE = (
    update(rolls)
    .where(*_voter, rolls.c.recused_at.is_(None))
    .values(recused_at=bindparam("now", type_=Utc), recused_why=bindparam("why", type_=Words))
)
OPTIONAL = {"organisation": "", "person": 0}  # what an entry says where the row has nothing
ENTRY = tuple(
    func.coalesce(ballots.c[field.name], OPTIONAL[field.name]) if field.name in OPTIONAL
    else ballots.c[field.name]
    for field in fields(Entry)
)  # fmt: skip
_book = select(*ENTRY).where(ballots.c.motion == bindparam("of_motion"))
LINE = _book.where(ballots.c.seq == bindparam("line"))
APPEND = insert(ballots).on_conflict_do_nothing(index_elements=["motion", "seq"]).returning(ballots.c.seq)
BOOK = _book.order_by(ballots.c.seq)
LAST = _book.order_by(ballots.c.seq.desc()).limit(1)
BY_RECEIPT = (
    select(*ENTRY).where(ballots.c.receipt == bindparam("code")).order_by(ballots.c.motion, ballots.c.seq)
)
_days = ballots.c.at.between(bindparam("first", type_=Utc), bindparam("last", type_=Utc))
OF_ORGANISATION = (
    select(*ENTRY)
    .where(ballots.c.organisation == bindparam("who"), _days)
    .order_by(ballots.c.at, ballots.c.motion, ballots.c.seq)
)
_new = insert(explanations)
EXPLAIN = _new.on_conflict_do_update(
    index_elements=["motion", "organisation"],
    set_={key: _new.excluded[key] for key in ("person", "text", "at")},
)
SAY_NOTHING = delete(explanations).where(
    explanations.c.motion == bindparam("of_motion"), explanations.c.organisation == bindparam("who")
)
EXPLANATIONS = (
    select(explanations)
    .where(explanations.c.motion == bindparam("of_motion"))
    .order_by(explanations.c.organisation)
)


class Ballots(Verbs):
    """The verbs over rolls, ballot books and explanations. Hold the motion's lock (`motions.get`) from
    reading the last line of its book to appending the next one."""

    def freeze(self, number: int, voters: Sequence[Voter]) -> None:
        """Write down who is entitled to vote on a motion: once. Raises Duplicate if that is done already,
        and the transaction can go on."""
        if self.roll(number):
            raise Duplicate(f"roll of motion {number}")
        rows = [
            {"motion": number} | {column.key: getattr(one, column.key) for column in VOTER} for one in voters
        ]
        if rows:
            self._connection.execute(FREEZE, rows)

    def roll(self, number: int) -> tuple[Voter, ...]:
        """Who is entitled to vote on a motion, recused ones too, by slug; () before it is frozen."""
        return tuple(Voter(*row) for row in self._connection.execute(ROLL, {"of_motion": number}))

    def recuse(self, number: int, organisation: str, why: str, now: datetime) -> Voter:
        """An organisation takes no part in a motion. One that said so before keeps its moment and reason.
        Raises LookupError if it is not on the roll."""
        asked = {"of_motion": number, "who": organisation}
        self._connection.execute(RECUSE, asked | {"now": now, "why": why})
        row = self._connection.execute(ON_ROLL, asked).first()
        if row is None:
            raise LookupError(f"{organisation} on the roll of motion {number}")
        return Voter(*row)

    def append(self, entry: Entry) -> None:
        """Write the next line into a motion's ballot book. Raises Duplicate if its number is taken there,
        and the transaction can go on; ValueError for a payload that the database would keep otherwise than
        it stands in the digest (make it `as_kept` before)."""
        if as_kept(entry.payload) != entry.payload:
            raise ValueError("a payload with characters that no database keeps")
        line = {"of_motion": entry.motion, "line": entry.seq}
        # Looked for first: on SQLite the trigger against REPLACE comes before ON CONFLICT.
        taken = self._connection.execute(LINE, line).first() is not None
        if taken or self._connection.execute(APPEND, _row(entry)).first() is None:
            raise Duplicate(f"line {entry.seq} of motion {entry.motion}")

    def book(self, number: int) -> tuple[Entry, ...]:
        """A motion's ballot book, first line first."""
        return tuple(Entry(*row) for row in self._connection.execute(BOOK, {"of_motion": number}))

    def last(self, number: int) -> Entry | None:
        """The last line of a motion's ballot book; None while it has none."""
        row = self._connection.execute(LAST, {"of_motion": number}).first()
        return None if row is None else Entry(*row)

    def by_receipt(self, code: str) -> tuple[Entry, ...]:
        """The lines with this receipt, in every book; () for "", which is no receipt."""
        rows = self._connection.execute(BY_RECEIPT, {"code": code}) if code else ()
        return tuple(Entry(*row) for row in rows)

    def of_organisation(self, slug: str, first: datetime, last: datetime) -> tuple[Entry, ...]:
        """What an organisation did in every book between these moments, both included, oldest first."""
        asked = {"who": slug, "first": first, "last": last}
        return tuple(Entry(*row) for row in self._connection.execute(OF_ORGANISATION, asked))

    def explain(self, number: int, organisation: str, person: int, text: str, now: datetime) -> None:
        """An organisation explains its vote; what it said before is gone, with "" without a new one."""
        if text:
            given = {"motion": number, "organisation": organisation, "person": person}
            self._connection.execute(EXPLAIN, given | {"text": text, "at": now})
        else:
            self._connection.execute(SAY_NOTHING, {"of_motion": number, "who": organisation})

    def explanations(self, number: int) -> tuple[Explanation, ...]:
        """How organisations explain their votes on a motion, by slug."""
        return tuple(
            Explanation(*row) for row in self._connection.execute(EXPLANATIONS, {"of_motion": number})
        )


def _row(entry: Entry) -> dict[str, Any]:
    row = asdict(entry)
    return row | {name: row[name] or None for name in OPTIONAL}
