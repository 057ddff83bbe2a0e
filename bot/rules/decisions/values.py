"""What the rules of decision work with: profiles, counts and verdicts (spec/decisions.md 1 and 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
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


def _share_text(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"


def _share(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
