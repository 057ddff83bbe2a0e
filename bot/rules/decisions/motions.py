"""A motion, its roll and the lines of its ballot book, as values (spec/decisions.md 1 and 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from bot.rules.decisions.values import Kind, Profile


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who stands for election, or something to choose; `key` is "1", "2" …; `person` their number
    (0 for somebody whom the bot does not know); `organisation` a slug or "". `withdrawn`: stands no more,
    votes for them are kept and not counted."""

    key: str
    name: str
    person: int = 0
    organisation: str = ""
    withdrawn: bool = False


Phase = Literal["notice", "open", "counting", "closed", "final", "withdrawn", "void", "lapsed"]


@dataclass(frozen=True, slots=True)
class Motion:
    """A proposal and every fact of its life; moments are UTC, None while they have not come.

    `before` and `after` are an article's text as it was in charter version `base` and as it is to be;
    `subject` is the organisation it is about; `effect` what it sets once final, beyond that (JSON).
    `electorate`: whose vote it is. `origin`: "voted" here, or "recorded" from elsewhere. `organisation` is
    for whom it was proposed, "" for the alliance. `outcome` is the verdict as JSON once it is closed;
    `final_at` when it becomes final unless a member objects, `certified_at` when it did.
    """

    number: int
    kind: Kind
    title: str
    text: str
    rule: Profile
    proposer: int
    organisation: str
    proposed_at: datetime
    notice_at: datetime
    opens_at: datetime
    closes_at: datetime
    article: int | None = None
    before: str = ""
    after: str = ""
    base: int = 1
    subject: str = ""
    role: str = ""
    seats: int = 1
    candidates: tuple[Candidate, ...] = ()
    effect: Mapping[str, Any] = field(default_factory=dict)
    electorate: Literal["members", "founders"] = "members"
    origin: Literal["voted", "recorded"] = "voted"
    version: int = 1  # of its text
    extended_by: str = ""
    extended_at: datetime | None = None
    withdrawn_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str = ""
    opened_at: datetime | None = None  # the roll was frozen, as of `opens_at`
    roll_hash: str = ""
    closed_at: datetime | None = None  # counted, as of `closes_at`
    closing_hash: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    final_at: datetime | None = None
    certified_at: datetime | None = None
    in_force_on: date | None = None
    review_on: date | None = None
    link: str = ""  # to minutes or a longer text

    @property
    def result(self) -> str:
        """The outcome in a word, "" while there is none."""
        return str(self.outcome.get("result", ""))


@dataclass(frozen=True, slots=True)
class Voter:
    """One organisation on a motion's electoral roll. `recused_at`: it takes no part, for that reason."""

    organisation: str
    name: str
    member_class: str
    recused_at: datetime | None = None
    recused_why: str = ""


Event = Literal[
    "opened",  # payload: the hashes of roll, rule and motion (book.open_book)
    "cast",
    "replaced",
    "entered",  # by the coordinator, for an organisation that said so by phone or letter
    "confirmed",  # what was entered
    "contested",  # what was entered: it counts no more
    "withdrawn",
    "refused",  # payload: why
    "struck",  # payload: why; it is out, as one that is recused
    "recused",  # payload: why
    "closed",  # payload: the outcome and the dates (book.close_book)
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a motion's ballot book. The chain holds ids and salted digests: `digest` is that of
    `salt` and `payload` (the choice, mostly), `hash` that of the line and `previous`."""

    motion: int
    seq: int  # 1, 2, 3 … within the motion
    event: Event
    organisation: str  # a slug, "" for the book's own lines
    person: int  # who did it, 0 for the program
    at: datetime
    payload: str
    salt: str
    digest: str
    previous: str
    hash: str
    receipt: str = ""
    via: str = ""  # the platform
