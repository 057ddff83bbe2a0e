"""The ballot book as a file that anybody can check: written here, and read back (docs/ballot-book.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast, get_args

from bot.rules.decisions.book import canonical, closing_facts, moment_text, motion_facts
from bot.rules.decisions.motions import Candidate, Entry, Event, Motion, Voter

FORMAT = 1

_Shape = Mapping[str, type | tuple[type, ...]]
_EXPORT: _Shape = {
    **{"format": int, "alliance": dict, "motion": dict, "rule": dict, "roll": list, "roll_hash": str},
    **{"closing": dict, "book": list, "head": str, "closing_hash": str, "outcome": dict},
}
_ALLIANCE: _Shape = {"slug": str, "name": str}
_CLOSING: _Shape = {
    **{"closes_at": str, "extended_at": (str, type(None)), "extended_by": str, "withdrawn_candidates": list},
}
_VOTER: _Shape = {
    **{"organisation": str, "name": str, "member_class": str},
    **{"recused_at": (str, type(None)), "recused_why": str},
}
_LINE: _Shape = {
    **{"motion": int, "seq": int, "event": str, "organisation": str, "person": int, "at": str},
    **{"payload": str, "salt": str, "digest": str, "previous": str, "hash": str, "receipt": str},
}
_MOTION: _Shape = {"number": int, "title": str, "seats": int, "candidates": list}  # what a recount looks at
_CANDIDATE: _Shape = {"key": str, "name": str, "person": int, "organisation": str}
_EVENTS = frozenset(get_args(Event))


class Unreadable(ValueError):
    """This is no export of a ballot book; the sentence says where it stops being one."""


@dataclass(frozen=True, slots=True)
class Export:
    """An export, read. What is hashed as a whole stays as it came: `motion`, `rule`, `closing`, `outcome`."""

    motion: Mapping[str, Any]
    rule: Mapping[str, Any]
    closing: Mapping[str, Any]
    outcome: Mapping[str, Any]
    candidates: tuple[Candidate, ...]
    closes_at: datetime
    voters: tuple[Voter, ...]
    entries: tuple[Entry, ...]
    roll_hash: str
    head: str
    closing_hash: str


def export(
    alliance_slug: str, alliance_name: str, motion: Motion, voters: Sequence[Voter], entries: Sequence[Entry]
) -> dict[str, Any]:
    """A motion's ballot book with everything that is needed to count it again, as plain JSON values. The
    platform that a ballot came from is left out. Raises ValueError for a motion that has no book."""
    if not entries:
        raise ValueError(f"motion {motion.number} has no ballot book")
    written = {
        "format": FORMAT,
        "alliance": {"slug": alliance_slug, "name": alliance_name},
        "motion": motion_facts(motion),
        "rule": motion.rule.to_json(),
        "roll_hash": motion.roll_hash,
        "roll": [_voter_row(voter) for voter in sorted(voters, key=lambda one: one.organisation)],
        "book": [_line_row(entry) for entry in entries],
        "head": entries[-1].hash,
        "closing": closing_facts(motion),
        "closing_hash": motion.closing_hash,
        "outcome": motion.outcome,
    }
    plain: dict[str, Any] = json.loads(canonical(written))
    return plain


def read(given: object) -> Export:
    """An export as values. Raises Unreadable, with a sentence that names the place."""
    try:
        canonical(given).encode()
    except (TypeError, ValueError) as problem:
        raise Unreadable("The file cannot be read: something in it is no JSON.") from problem
    format_ = given.get("format") if isinstance(given, dict) else None
    if format_ is not None and format_ != FORMAT:
        raise Unreadable(f"The file has format {format_!r}; this program reads format {FORMAT}.")
    parts = _fields(given, _EXPORT, "The file")
    _fields(parts["alliance"], _ALLIANCE, "The alliance")
    motion = _fields(parts["motion"], _MOTION, "The motion", more=True)
    closing = _fields(parts["closing"], _CLOSING, "The closing")
    return Export(
        motion=motion,
        rule=parts["rule"],
        closing=closing,
        outcome=parts["outcome"],
        candidates=_candidates(motion["candidates"], closing["withdrawn_candidates"]),
        closes_at=_moment(closing["closes_at"], "The closing"),
        voters=tuple(_voter(row, place) for place, row in enumerate(parts["roll"], 1)),
        entries=tuple(_entry(row, place) for place, row in enumerate(parts["book"], 1)),
        roll_hash=parts["roll_hash"],
        head=parts["head"],
        closing_hash=parts["closing_hash"],
    )


def _voter_row(voter: Voter) -> dict[str, Any]:
    return {
        "organisation": voter.organisation,
        "name": voter.name,
        "member_class": voter.member_class,
        "recused_at": moment_text(voter.recused_at) if voter.recused_at else None,
        "recused_why": voter.recused_why,
    }


def _line_row(entry: Entry) -> dict[str, Any]:
    return {**{name: getattr(entry, name) for name in _LINE}, "at": moment_text(entry.at)}


def _candidates(rows: Sequence[object], withdrawn: Sequence[object]) -> tuple[Candidate, ...]:
    found = [_fields(row, _CANDIDATE, f"Candidate {place}") for place, row in enumerate(rows, 1)]
    return tuple(Candidate(**row, withdrawn=row["key"] in withdrawn) for row in found)


def _voter(row: object, place: int) -> Voter:
    where = f"Row {place} of the roll"
    values = _fields(row, _VOTER, where)
    recused_at = values["recused_at"]
    return Voter(**{**values, "recused_at": _moment(recused_at, where) if recused_at is not None else None})


def _entry(row: object, place: int) -> Entry:
    where = f"Line {place} of the book"
    values = _fields(row, _LINE, where)
    if values["event"] not in _EVENTS:
        raise Unreadable(f"{where} was changed: {values['event']!r} is no event.")
    event = cast(Event, values["event"])
    return Entry(**{**values, "event": event, "at": _moment(values["at"], where)})


def _moment(text: str, where: str) -> datetime:
    """A moment in its one form only, so that two texts never mean the same line."""
    try:
        moment = datetime.fromisoformat(text)
        if moment_text(moment) == text:
            return moment
    except (ValueError, OverflowError):
        pass
    raise Unreadable(f"{where} was changed: {text!r} is no moment.")


def _fields(row: object, shape: _Shape, where: str, more: bool = False) -> dict[str, Any]:
    """A row with exactly these fields, of exactly these types (`True` is no number); `more`: and others."""
    if not isinstance(row, dict):
        raise Unreadable(f"{where} cannot be read: it is no list of fields.")
    unlike = set(shape) - set(row) if more else set(shape) ^ set(row)
    for name, type_ in shape.items():
        if name in row and type(row[name]) not in (type_ if isinstance(type_, tuple) else (type_,)):
            unlike.add(name)
    if unlike:
        raise Unreadable(f"{where} cannot be read: {', '.join(sorted(map(str, unlike)))}.")
    return row
