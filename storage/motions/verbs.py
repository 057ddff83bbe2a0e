"""The verbs over motions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.rules.decisions.motions import Candidate, Motion
from bot.rules.decisions.values import Profile
from storage.columns import Verbs
from storage.counters import next_number
from storage.motions.tables import MotionText, is_live, motion_texts, motions

LARGEST = 2**63 - 1  # more does not fit in a row's number
FIELDS = tuple(field.name for field in fields(Motion))

COLUMNS = tuple(motions.c[name] for name in FIELDS)
ADD = motions.insert().returning(*COLUMNS)
GET = select(*COLUMNS).where(motions.c.number == bindparam("one"))
# NO KEY: whoever adds rows that point to it need not wait
GET_LOCKED = GET.with_for_update(key_share=True)
WRITE = update(motions).where(motions.c.number == bindparam("one")).returning(*COLUMNS)
ALL = select(*COLUMNS).order_by(motions.c.number)
LIVE = ALL.where(is_live)
ADD_TEXT = motion_texts.insert()
TEXTS = select(motion_texts).where(motion_texts.c.motion == bindparam("one")).order_by(motion_texts.c.version)


class Motions(Verbs):
    """The verbs over motions."""

    def add(self, motion: Motion) -> Motion:
        """Keep a new motion under the next number (1, 2, 3 without gaps; the one it has is not looked at):
        the motion as it is kept."""
        given = _row(motion) | {"number": next_number(self._connection, "motions")}
        return _motion(self._connection.execute(ADD, given).mappings().one())

    def get(self, number: int, lock: bool = False) -> Motion | None:
        """The motion with this number in whatever phase, or None. With `lock` nobody else who asks for it
        decides about it, or writes into its ballot book, until the transaction ends."""
        if not 0 < number <= LARGEST:
            return None
        statement = GET_LOCKED if lock and self._writes else GET
        row = self._connection.execute(statement, {"one": number}).mappings().first()
        return None if row is None else _motion(row)

    def write(self, motion: Motion) -> Motion:
        """The motion is like this from now on, in everything but its number. Lock it first. Raises
        LookupError if there is none."""
        given = _row(motion)
        number = given.pop("number")
        row = self._connection.execute(WRITE, given | {"one": number}).mappings().first()
        if row is None:
            raise LookupError(f"motion {number}")
        return _motion(row)

    def edit(self, motion: Motion, by: int, now: datetime) -> Motion:
        """A person wrote its text anew, during notice (spec/decisions.md 3): `write` it as its next version,
        and keep what it said before. Raises LookupError if there is none."""
        before = self.get(motion.number, lock=True)
        if before is None:
            raise LookupError(f"motion {motion.number}")
        kept = {"motion": before.number, "version": before.version, "by": by, "at": now}
        said = {"title": before.title, "text": before.text, "after": before.after}
        self._connection.execute(ADD_TEXT, kept | said)
        return self.write(replace(motion, version=before.version + 1))

    def texts(self, number: int) -> tuple[MotionText, ...]:
        """What it said before, oldest version first; what it says now is in the motion."""
        return tuple(MotionText(*row) for row in self._connection.execute(TEXTS, {"one": number}))

    def all(self) -> tuple[Motion, ...]:
        """Every motion, oldest first."""
        return tuple(_motion(row) for row in self._connection.execute(ALL).mappings())

    def live(self) -> tuple[Motion, ...]:
        """The motions that are neither withdrawn nor void nor certified, oldest first."""
        return tuple(_motion(row) for row in self._connection.execute(LIVE).mappings())


def _row(motion: Motion) -> dict[str, Any]:
    row = {name: getattr(motion, name) for name in FIELDS}
    row |= {"rule": motion.rule.to_json(), "candidates": [asdict(one) for one in motion.candidates]}
    row |= {"effect": dict(motion.effect), "outcome": dict(motion.outcome)}
    return row | {"organisation": motion.organisation or None, "extended_by": motion.extended_by or None}


def _motion(row: Mapping[Any, Any]) -> Motion:
    given = dict(row)
    given["rule"] = Profile.from_json(given["rule"])
    given["candidates"] = tuple(Candidate(**one) for one in given["candidates"])
    for name in ("organisation", "extended_by"):
        given[name] = given[name] or ""
    return Motion(**given)
