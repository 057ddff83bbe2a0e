"""The ballot book: every line of a motion's vote, chained by hashes so that none can change unseen.

Pure: lines in, lines out. docs/ballot-book.md describes the format for everybody; the rules are those of
spec/decisions.md 3 (ballot), 4.6 (verify CODE) and 5.5 (recused, struck).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.rules.decisions.motions import Entry, Event, Motion, Voter

# No 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B, no U beside the V: each is itself, also in handwriting.
ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"
RECEIPT_LETTERS = 6
WITH_RECEIPT: frozenset[Event] = frozenset(
    {"cast", "replaced", "entered", "withdrawn", "recused", "confirmed"}
)
GIVES_BALLOT: frozenset[Event] = frozenset({"cast", "replaced", "entered"})
TAKES_BALLOT: frozenset[Event] = frozenset({"withdrawn", "contested", "struck", "recused"})
# The organisation is out for good, as a member and with its ballot; all that still changes a closed book.
TAKES_OUT: frozenset[Event] = frozenset({"struck", "recused"})


@dataclass(frozen=True, slots=True)
class Tampered:
    """A line that does not fit, by its number, and what about it."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"line {self.seq}: {self.what}"


def open_book(motion: Motion, voters: Sequence[Voter], *, at: datetime, salt: str) -> Entry:
    """The first line of a motion's book, when its roll is frozen. It binds the roll, the rule and what is
    voted on, so that none of them can change any more. The motion's `roll_hash` is `roll_hash(…)` of the same
    voters; who is recused from the start has a "recused" line of its own."""
    roll = roll_hash(motion.number, voters)
    sums = {"motion": fingerprint(motion_facts(motion)), "roll": roll}
    payload = canonical({**sums, "rule": fingerprint(motion.rule.to_json())})
    return line(None, motion=motion.number, event="opened", at=at, payload=payload, salt=salt, roll_hash=roll)


def close_book(
    previous: Entry, motion: Motion, outcome: Mapping[str, Any], *, at: datetime, salt: str
) -> Entry:
    """The line that closes a book: it binds the outcome and what may change while a vote runs. Its hash is
    the motion's `closing_hash`. A book is closed once more when something is struck after the close, or the
    vote is void: the last "closed" line is what is declared."""
    payload = canonical({"closing": closing_facts(motion), "outcome": outcome})
    return line(previous, motion=motion.number, event="closed", at=at, payload=payload, salt=salt)


def line(
    previous: Entry | None,
    *,
    motion: int,
    event: Event,
    organisation: str = "",
    person: int = 0,
    at: datetime,
    payload: str = "",
    via: str = "",
    salt: str,
    roll_hash: str = "",
) -> Entry:
    """The line that follows `previous`. `payload` is the choice, the reason, or what the book's own lines
    bind; `at` has a zone (ValueError without). `roll_hash` is for a first line only: see `open_book`."""
    seq, before = (previous.seq + 1, previous.hash) if previous else (1, genesis(motion, roll_hash))
    digest = digest_of(salt, payload)
    sum_ = _line_hash(motion, seq, event, organisation, person, at, digest, before)
    return Entry(
        motion=motion,
        seq=seq,
        event=event,
        organisation=organisation,
        person=person,
        at=at,
        payload=payload,
        salt=salt,
        digest=digest,
        previous=before,
        hash=sum_,
        receipt=receipt(sum_) if event in WITH_RECEIPT else "",
        via=via,
    )


def new_salt() -> str:
    """128 bits in hexadecimal, so that a digest does not give its few possible choices away."""
    return secrets.token_hex(16)


def verify(entries: Sequence[Entry], first_previous: str) -> Tampered | None:
    """The first line that does not fit, None when all do. `first_previous` is `genesis(…)` of the motion and
    its roll. `via` is no part of the chain; a line cut off the end is seen by the closing hash only."""
    return next(faults(entries, first_previous), None)


def faults(entries: Sequence[Entry], first_previous: str) -> Iterator[Tampered]:
    """Every line that does not fit, and what about it; a changed line is named once."""
    seq, before = 0, first_previous
    for entry in entries:
        if what := _misfit(entry, seq, before):
            yield Tampered(entry.seq, what)
        seq, before = entry.seq, entry.hash


def current(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Organisation -> the line with the ballot that stands, from a whole book in its order. A withdrawn or
    contested one is gone until another is given, none counts of who is struck or recused, and once the book
    is closed a ballot can only be lost (spec/decisions.md 3, 5.5)."""
    standing: dict[str, Entry] = {}
    out: set[str] = set()
    for entry in effective(entries):
        if entry.event in GIVES_BALLOT and entry.organisation not in out:
            standing[entry.organisation] = entry
        elif entry.event in TAKES_BALLOT:
            standing.pop(entry.organisation, None)
        if entry.event in TAKES_OUT:
            out.add(entry.organisation)
    return standing


def ballots(entries: Iterable[Entry]) -> dict[str, str]:
    """Organisation -> its choice, of the ballots that stand."""
    return {organisation: entry.payload for organisation, entry in current(entries).items()}


def members(voters: Iterable[Voter], entries: Iterable[Entry]) -> int:
    """N: the organisations of the roll, less those that the book recuses or strikes (spec/decisions.md 2,
    5.5)."""
    out = {entry.organisation for entry in entries if entry.event in TAKES_OUT}
    return len({voter.organisation for voter in voters} - out)


def effective(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The lines that may change the count: all before the book was first closed, then only the ones that
    strike or recuse."""
    closed = False
    for entry in entries:
        if not closed or entry.event in TAKES_OUT:
            yield entry
        closed = closed or entry.event == "closed"


def roll_hash(motion: int, voters: Sequence[Voter]) -> str:
    """The hash of an electoral roll. Recusals are no part of it: the book holds them."""
    rows = sorted([voter.organisation, voter.name, voter.member_class] for voter in voters)
    return fingerprint([motion, rows])


def genesis(motion: int, roll_hash: str) -> str:
    """What the first line of a book names as the line before it."""
    return fingerprint(["ballot book", motion, roll_hash])


def receipt(line_hash: str) -> str:
    """The short code of a line, such as "K7Q4-M3", from its hash. Two lines may share one, rarely."""
    rest, letters = int(line_hash, 16), ""
    for _ in range(RECEIPT_LETTERS):
        rest, index = divmod(rest, len(ALPHABET))
        letters += ALPHABET[index]
    return f"{letters[:4]}-{letters[4:]}"


def normal_receipt(text: str) -> str:
    """A typed code as `receipt` writes it: "k7q4 m3" -> "K7Q4-M3"; "" for what cannot be one."""
    letters = "".join(sign for sign in text.upper() if sign.isalnum())
    if len(letters) != RECEIPT_LETTERS or not set(letters) <= set(ALPHABET):
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def motion_facts(motion: Motion) -> dict[str, Any]:
    """What is voted on, as the first line binds it: nothing of it changes once voting is open."""
    same = ("number", "kind", "title", "text", "version", "article", "before", "after", "base", "subject")
    more = ("role", "seats", "electorate", "proposer", "organisation", "effect")
    moments = {name: moment_text(getattr(motion, name)) for name in ("proposed_at", "notice_at", "opens_at")}
    candidates = [asdict(candidate) for candidate in motion.candidates]
    for candidate in candidates:
        del candidate["withdrawn"]  # may come while the vote runs: bound at the close
    return {**{name: getattr(motion, name) for name in same + more}, **moments, "candidates": candidates}


def closing_facts(motion: Motion) -> dict[str, Any]:
    """What may change while a vote runs, as the closing line binds it."""
    return {
        "closes_at": moment_text(motion.closes_at),
        "extended_at": moment_text(motion.extended_at) if motion.extended_at else None,
        "extended_by": motion.extended_by,
        "withdrawn_candidates": sorted(one.key for one in motion.candidates if one.withdrawn),
    }


def canonical(value: Any) -> str:
    """JSON in the one form that is hashed: keys sorted, no spaces, nothing escaped without need."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def fingerprint(value: Any) -> str:
    """The SHA-256 of a value's canonical JSON, in hexadecimal."""
    return sha256(canonical(value).encode()).hexdigest()


def digest_of(salt: str, payload: str) -> str:
    """The salted digest that stands in the chain for what a line says."""
    return sha256(f"{salt}\n{payload}".encode()).hexdigest()


def moment_text(at: datetime) -> str:
    """A moment in its one form, "2026-11-24T09:30:00.000000Z". Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _misfit(entry: Entry, seq: int, before: str) -> str:
    if entry.seq != seq + 1:
        return f"line {seq + 1} is missing before it" if entry.seq > seq else f"it stands after line {seq}"
    if entry.digest != digest_of(entry.salt, entry.payload):
        return "its digest does not fit what it says"
    if entry.hash != _entry_hash(entry):
        return "its hash does not fit the line"
    if entry.previous != before:
        return "it does not follow the line before it"
    if entry.receipt != (receipt(entry.hash) if entry.event in WITH_RECEIPT else ""):
        return "its receipt does not fit its hash"
    return ""


def _entry_hash(entry: Entry) -> str:
    who = (entry.motion, entry.seq, entry.event, entry.organisation, entry.person)
    return _line_hash(*who, entry.at, entry.digest, entry.previous)


def _line_hash(
    motion: int,
    seq: int,
    event: str,
    organisation: str,
    person: int,
    at: datetime,
    digest: str,
    previous: str,
) -> str:
    return fingerprint([motion, seq, event, organisation, person, moment_text(at), digest, previous])
