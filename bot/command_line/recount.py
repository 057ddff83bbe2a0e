"""`python -m bot recount FILE`: counts an exported ballot book again, without database or settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.rules.decisions.recounting import Recount, recount
from bot.rules.decisions.values import Condition, ElectionVerdict

AGREES, DIFFERS, UNREADABLE = 0, 1, 2
_KINDS = {
    "simple": "more for than against",
    "unanimity": "everybody who voted is for it",
    "consent": "objections, less than what stops it",
}
_BASES = {"votes_cast": "votes cast", "ballots_cast": "ballots cast", "members": "all members"}


def main(path: str | Path) -> int:
    """Print in sentences what an export says when it is counted again, with the inequality that decides.
    0: everything fits; 1: something does not; 2: the file cannot be read."""
    try:
        counted = recount(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as problem:
        print(f"{path} cannot be opened: {problem.strerror}.")
        return UNREADABLE
    except (ValueError, RecursionError) as problem:
        print(f"{path} is no export of a ballot book. {problem}")
        return UNREADABLE
    for sentence in sentences(counted):
        print(sentence)
    return AGREES if counted.ok else DIFFERS


def sentences(counted: Recount) -> Iterator[str]:
    """A recount as lines of text."""
    yield f"Motion {counted.motion}: {counted.title}"
    yield from _counts(counted)
    verdict = counted.verdict
    if verdict is None:
        yield "Nothing was counted: the motion or its rule is not what the vote was about."
    else:
        if verdict.quorum:
            yield f"Quorum, {_inequality(verdict.quorum)}"
        if isinstance(verdict, ElectionVerdict):
            for one in verdict.candidates:
                yield f"Candidate {one.candidate}: {one.votes} votes, {_words(one.result)}."
            filled = f"Seats filled: {verdict.filled} of {verdict.seats}."
            yield f"None of these: {verdict.none_of_these}. {filled}"
        else:
            yield from (f"Rule, {_inequality(one)}" for one in verdict.conditions)
        yield f"Counted again: {_words(verdict.result)}. Declared: {_words(counted.declared) or 'nothing'}."
    if counted.ok:
        yield "Everything fits."
        return
    several = len(counted.findings) > 1
    yield f"{len(counted.findings)} things do not fit:" if several else "One thing does not fit:"
    yield from (f"- {finding}" for finding in counted.findings)


def _counts(counted: Recount) -> Iterator[str]:
    counts = counted.counts
    if counts is None:
        return
    if isinstance(counted.verdict, ElectionVerdict):
        cast = f"{counts.ballots} voted, {counts.abstain} of them abstained"
    else:
        cast = f"{counts.for_} for, {counts.against} against, {counts.abstain} abstained"
    yield f"{counts.members} members could vote: {cast}, {counts.absent} took no part."


def _inequality(condition: Condition) -> str:
    """What is compared, with its numbers: "at least 2/3 of votes cast: 3 × 5 = 15 >= 2 × 6 = 12." """
    left, right = str(condition.left), str(condition.right)
    if condition.share is not None:
        p, q = condition.share.numerator, condition.share.denominator
        left, right = f"{q} × {condition.value} = {left}", f"{p} × {condition.total} = {right}"
    holds = "It holds." if condition.holds else "It does not hold."
    return f"{_kind(condition)}: {left} {condition.compare} {right}. {holds}"


def _kind(condition: Condition) -> str:
    if condition.share is None:
        return _KINDS[condition.what]
    how_much = {">": "more than", "<=": "against it at most"}.get(condition.compare, "at least")
    who = {"participation": "taking part, ", "max_against": ""}.get(condition.what, "for it, ")
    return f"{who}{how_much} {condition.share} of {_BASES[condition.base]}"


def _words(name: str) -> str:
    return name.replace("_", " ")
