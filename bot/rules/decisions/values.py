"""What the rules of decision work with: profiles, counts, motions, ballots (spec/decisions.md 1 to 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

Kind = Literal[
    "consultation",
    "consent_item",
    "ordinary_resolution",
    "admission",
    "annual_renewal",
    "charter_amendment",
    "election",
    "exclusion",
]
Secrecy = Literal["open", "sealed", "secret"]
Base = Literal["votes_cast", "ballots_cast", "members"]
Tie = Literal["lost", "chair", "runoff", "lot"]
# An organisation's answer. In an election it is "abstain", "none" (none of these) or the keys of
# candidates with "+" between: "1+3".
FOR, AGAINST, ABSTAIN, NONE_OF_THESE = "for", "against", "abstain", "none"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many take part at least; `share` of the roll, reached ("at_least") or passed ("more_than")."""

    rule: Literal["none", "participation", "approval"] = "none"
    share: Fraction | None = None
    compare: Literal["at_least", "more_than"] = "at_least"


@dataclass(frozen=True, slots=True)
class Majority:
    """One condition for carrying a motion. `objections`: so many stop a no-objection item."""

    rule: Literal[
        "none",
        "simple",
        "ballots_cast",
        "absolute",
        "qualified",
        "unanimity",
        "consent",
        "max_against",
        "plurality",
    ]
    share: Fraction | None = None
    base: Base | None = None
    objections: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """The rule for one kind of motion, as it was when notice of it was given: `version` is the charter's.
    All days are working days of all members' countries."""

    kind: Kind
    title: str
    article: str
    provisional: bool
    discussion_days: int
    voting_days: int
    quorum: Quorum
    majority: tuple[Majority, ...]
    tie: Tie = "lost"
    secrecy: Secrecy = "open"
    secret_from: int | None = None
    challenge_days: int = 0
    early_close: bool = False
    subject_is_recused: bool = False
    version: int = 1

    def to_json(self) -> dict[str, Any]:
        """Plain values; shares as text ("2/3"). `from_json` reads them back."""
        values = asdict(self)
        values["quorum"]["share"] = _share_text(self.quorum.share)
        for given, majority in zip(values["majority"], self.majority, strict=True):
            given["share"] = _share_text(majority.share)
        values["majority"] = list(values["majority"])
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Profile:
        """Read back what `to_json` wrote."""
        quorum = {**values["quorum"], "share": _share(values["quorum"]["share"])}
        majority = ({**one, "share": _share(one["share"])} for one in values["majority"])
        rules = {"quorum": Quorum(**quorum), "majority": tuple(Majority(**one) for one in majority)}
        return cls(**{**values, **rules})

    @property
    def is_election(self) -> bool:
        """Whether candidates are chosen instead of for or against."""
        return self.majority[0].rule == "plurality"

    @property
    def hides_choices(self) -> bool:
        """Whether nobody sees how others voted before the close."""
        return self.secrecy != "open"


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


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted: `members` entitled (the roll less recusals), `for_`, `against`, `abstain`."""

    members: int
    for_: int = 0
    against: int = 0
    abstain: int = 0

    @property
    def ballots(self) -> int:
        """Ballots cast: an abstention is one."""
        return self.for_ + self.against + self.abstain

    @property
    def votes(self) -> int:
        """Votes cast, for and against."""
        return self.for_ + self.against

    @property
    def absent(self) -> int:
        """Organisations that did not take part."""
        return self.members - self.ballots


Result = Literal["carried", "not_carried", "tied", "inquorate", "void", "noted"]  # noted: a consultation


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition with its numbers filled in: `factor` times `value` against `share` times `total`, as
    "3 × 5 = 15, needed 2 × 6 = 12". `what` names the rule ("qualified", "participation" …), `base` of what,
    `needed` is the least value (the most, for objections and "max_against") with which it holds."""

    what: str
    base: Base | Literal[""]
    share: Fraction | None
    value: int
    total: int
    left: int
    right: int
    compare: Literal[">", ">=", "<", "<=", "="]
    needed: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counts mean under a profile. `flips` is how many members changing from the winning side to
    the other would have changed the outcome (0: no such number), `tied_by` how many more against would have
    tied it (0: none would)."""

    result: Result
    quorum: Condition | None
    conditions: tuple[Condition, ...]
    flips: int = 0
    tied_by: int = 0


SeatResult = Literal["elected", "elected_unopposed", "tied_at_cutoff", "not_elected"]


@dataclass(frozen=True, slots=True)
class Elected:
    """How one candidate fared."""

    candidate: str
    votes: int
    result: SeatResult


@dataclass(frozen=True, slots=True)
class ElectionVerdict:
    """An election's outcome. `result` is "carried" when every seat is filled, "tied" when the last seat is,
    else "not_carried"; `filled` of `seats`; `none_of_these` counts ballots for nobody."""

    result: Result
    quorum: Condition | None
    candidates: tuple[Elected, ...]
    seats: int
    filled: int
    none_of_these: int = 0
    abstain: int = 0


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
    "opened",  # payload: the roll's hash
    "cast",
    "replaced",
    "entered",  # by the coordinator, for an organisation that said so by phone or letter
    "confirmed",  # what was entered
    "contested",  # what was entered: it counts no more
    "withdrawn",
    "refused",  # payload: why
    "struck",  # payload: why
    "recused",  # payload: why
    "closed",  # payload: the counts
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


def _share_text(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"


def _share(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
