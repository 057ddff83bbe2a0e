"""Counting a vote, and counting it again from an export: what does not fit is said in sentences.

Pure: no database, no settings. docs/ballot-book.md lists the checks for everybody; spec/decisions.md 4.6.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.messages import Refusal
from bot.rules.decisions import book
from bot.rules.decisions.exporting import Export, Unreadable, export, read
from bot.rules.decisions.motions import Candidate, Entry, Voter
from bot.rules.decisions.phases import GRACE
from bot.rules.decisions.tallying import count, decide, elect, outcome_json, read_choice
from bot.rules.decisions.values import Counts, ElectionVerdict, Profile, Verdict

__all__ = ["Recount", "Unreadable", "export", "recount", "tally"]

SUMS = {"motion", "roll", "rule"}  # what a first line binds


@dataclass(frozen=True, slots=True)
class Recount:
    """What an export says when it is counted again. `findings`: a sentence for each thing that does not fit.
    `outcome` and `verdict` are what the ballots give, nothing when the motion or its rule was changed.
    `declared` is the result that was declared, "" while the book is open."""

    motion: int
    title: str
    declared: str
    findings: tuple[str, ...]
    outcome: Mapping[str, Any]
    verdict: Verdict | ElectionVerdict | None
    counts: Counts | None

    @property
    def ok(self) -> bool:
        """Whether everything fits."""
        return not self.findings


def tally(
    rule: Profile,
    seats: int,
    candidates: Sequence[Candidate],
    voters: Sequence[Voter],
    entries: Sequence[Entry],
) -> tuple[Verdict | ElectionVerdict, Counts]:
    """What a book says, by its rule: the ballots that stand, of the organisations on the roll, of N as the
    book has it. `outcome_json` of both is a motion's outcome. Raises ValueError for an impossible choice."""
    on_roll = {voter.organisation for voter in voters}
    ballots = {slug: choice for slug, choice in book.ballots(entries).items() if slug in on_roll}
    members = book.members(voters, entries)
    counts = count(rule, members, ballots)
    if rule.is_election:
        return elect(rule, members, seats, candidates, ballots), counts
    return decide(rule, counts), counts


def recount(exported: Mapping[str, Any]) -> Recount:
    """Check an export line by line and count it again. Raises Unreadable for what is no export."""
    given = read(exported)
    sums = _sums(given)
    findings = [*_bound(given, sums), *_chain(given, sums), *_recusals(given), *_closing(given)]
    declared = str(given.outcome.get("result", ""))
    known = (int(given.motion["number"]), str(given.motion["title"]), declared)
    fits = (book.fingerprint(given.rule), book.fingerprint(given.motion))
    if fits != (sums.get("rule"), sums.get("motion")):
        return Recount(*known, tuple(findings), {}, None, None)
    try:
        rule = Profile.from_json(given.rule)
        strange = dict(_strange(given, rule))
        usual = [entry for entry in given.entries if entry.seq not in strange]
        verdict, counts = tally(rule, given.motion["seats"], given.candidates, given.voters, usual)
    except (KeyError, TypeError, IndexError, ValueError, ArithmeticError) as problem:
        raise Unreadable("The rule is none that this program knows.") from problem
    outcome = json.loads(book.canonical(outcome_json(verdict, counts)))
    if given.outcome and _last_closing(given).get("outcome", {}).get("result") != "void":
        findings += _unlike(given.outcome, outcome, "the ballots say")
    findings += [*strange.values(), *_late(given)]
    return Recount(*known, tuple(findings), outcome, verdict, counts)


def _sums(given: Export) -> dict[str, Any]:
    """What the book's first line binds, by name; empty when it cannot be read."""
    if not given.entries or given.entries[0].event != "opened":
        return {}
    sums = _json_of(given.entries[0])
    return sums if set(sums) == SUMS else {}


def _bound(given: Export, sums: Mapping[str, Any]) -> Iterator[str]:
    if not sums:
        yield "The book does not begin with the line that opens it."
        return
    if book.roll_hash(given.motion["number"], given.voters) != sums["roll"]:
        yield "The roll does not fit its hash."
    if given.roll_hash != sums["roll"]:
        yield "The roll's hash is not the one that the book was opened with."
    if book.fingerprint(given.rule) != sums["rule"]:
        yield "The rule does not fit its hash: it is not the one that the book was opened with."
    if book.fingerprint(given.motion) != sums["motion"]:
        yield "The motion does not fit its hash: it is not what the book was opened with."


def _chain(given: Export, sums: Mapping[str, Any]) -> Iterator[str]:
    first_previous = book.genesis(given.motion["number"], str(sums.get("roll", given.roll_hash)))
    for fault in book.faults(given.entries, first_previous):
        yield f"Line {fault.seq} of the book was changed: {fault.what}."
    if given.entries and given.entries[-1].hash != given.head:
        yield f"The book does not end with its last line: line {given.entries[-1].seq} is another."


def _recusals(given: Export) -> Iterator[str]:
    """The roll and the book say the same of who takes no part."""
    lines: dict[str, Entry] = {}
    for entry in given.entries:
        if entry.event in book.TAKES_OUT:
            lines.setdefault(entry.organisation, entry)
    for voter in given.voters:
        if voter.organisation not in lines:
            if voter.recused_at or voter.recused_why:
                yield f"The roll says that {voter.name} is recused; the book has no line of it, so it counts."
            continue
        entry = lines.pop(voter.organisation)
        if (voter.recused_at, voter.recused_why) != (entry.at, entry.payload):
            yield f"The roll and line {entry.seq} of the book differ about the recusal of {voter.name}."
    for entry in lines.values():
        yield f"Line {entry.seq} of the book takes out {entry.organisation}, which is not on the roll."


def _closing(given: Export) -> Iterator[str]:
    """The last closing line fits the closing hash, and says what is declared."""
    closings = [entry for entry in given.entries if entry.event == "closed"]
    if not closings:
        yield "The book is not closed: there is nothing to declare yet."
        if given.closing_hash or given.outcome:
            yield "A result is declared, and the book has no line that closes it."
        return
    if closings[-1].hash != given.closing_hash:
        yield f"The closing hash is not that of line {closings[-1].seq}, which closes the book."
    closing = _last_closing(given)
    if set(closing) != {"closing", "outcome"}:
        yield f"Line {closings[-1].seq} of the book was changed: it does not say what was counted."
        return
    yield from _unlike(given.outcome, closing["outcome"], f"line {closings[-1].seq} of the book says")
    for name in sorted({*given.closing, *closing["closing"]}):
        if book.canonical(given.closing.get(name)) != book.canonical(closing["closing"].get(name)):
            yield f"The closing has another {name} than line {closings[-1].seq} of the book."


def _last_closing(given: Export) -> dict[str, Any]:
    closings = [entry for entry in given.entries if entry.event == "closed"]
    said = _json_of(closings[-1]) if closings else {}
    return said if all(isinstance(part, dict) for part in said.values()) else {}


def _strange(given: Export, rule: Profile) -> Iterator[tuple[int, str]]:
    """Ballots that nobody could have given, by their lines: they are not counted."""
    on_roll = {voter.organisation for voter in given.voters}
    stood = [replace(one, withdrawn=False) for one in given.candidates]
    closed = False
    for entry in given.entries:
        closed = closed or entry.event == "closed"
        if entry.event not in book.GIVES_BALLOT:
            continue
        where = f"Line {entry.seq} of the book"
        if entry.organisation not in on_roll:
            yield entry.seq, f"{where} is a ballot of {entry.organisation}, which is not on the roll."
        elif closed:
            yield entry.seq, f"{where} is a ballot given after the book was closed; it does not count."
        elif not _is_offered(rule, given.motion["seats"], stood, entry.payload):
            yield entry.seq, f"{where} is a ballot for {entry.payload!r}, which is no choice."


def _is_offered(rule: Profile, seats: int, candidates: Sequence[Candidate], choice: str) -> bool:
    try:
        return read_choice(rule, seats, candidates, choice) == choice
    except Refusal:
        return False


def _late(given: Export) -> Iterator[str]:
    for entry in book.effective(given.entries):
        if entry.event in book.GIVES_BALLOT and entry.at - given.closes_at > GRACE:
            yield f"Line {entry.seq} of the book is a ballot given after the deadline."


def _json_of(entry: Entry) -> dict[str, Any]:
    try:
        said = json.loads(entry.payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _unlike(declared: Mapping[str, Any], other: Mapping[str, Any], who_says: str) -> Iterator[str]:
    """Where a declared outcome differs, the result first."""
    here, there = dict(_leaves("", declared)), dict(_leaves("", other))
    if here.get("result") != there.get("result"):
        yield f"The declared result is {_said(here, 'result')}; {who_says} {_said(there, 'result')}."
    for name in sorted({*here, *there} - {"result"}):
        if here.get(name) != there.get(name):
            yield f"The declared outcome has {name} {_said(here, name)}; {who_says} {_said(there, name)}."


def _leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), part)
    elif isinstance(value, list | tuple) and value:
        for place, part in enumerate(value, 1):
            yield from _leaves(f"{name} {place}", part)
    else:
        yield name, book.canonical(value)


def _said(leaves: Mapping[str, str], name: str) -> str:
    return leaves.get(name, "nothing").strip('"').replace("_", " ")
