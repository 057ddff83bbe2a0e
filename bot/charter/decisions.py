"""How the Assembly decides, as data: one profile per kind of motion (spec/decisions.md 1, 2 and 6)."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.charter.expected import ArticleReference, Positive, Share, Slug, TitlePhrase, Whole, as_fraction
from bot.rules.decisions import values

DecisionKind = Literal[
    "consultation",
    "consent_item",
    "ordinary_resolution",
    "admission",
    "annual_renewal",
    "charter_amendment",
    "election",
    "exclusion",
]


class Part(BaseModel):
    """A piece of a charter file: unchangeable, no unknown keys, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Quorum(Part):
    """How many take part at least; `share` of the roll, reached ("at_least") or passed ("more_than")."""

    rule: Literal["none", "participation", "approval"]
    share: Share | None = None
    compare: Literal["at_least", "more_than"] = "at_least"


class Majority(Part):
    """One condition for carrying a motion; a profile's conditions all have to hold. "none" only shows
    the counts."""

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
    share: Share | None = None
    base: Literal["votes_cast", "ballots_cast", "members"] | None = None
    objections: Positive | None = None  # "consent": so many stop it


class DecisionProfile(Part):
    """The rule for one kind of motion. All days are working days of all members' countries."""

    title: TitlePhrase
    article: ArticleReference
    provisional: bool
    proposers: tuple[Slug, ...] = Field(min_length=1)
    discussion_days: Whole
    voting_days: Positive
    quorum: Quorum
    majority: tuple[Majority, ...] = Field(min_length=1)
    tie: Literal["lost", "chair", "runoff", "lot"] = "lost"
    secrecy: Literal["open", "sealed", "secret"] = "open"
    secret_from: Positive | None = None  # organisations; below that, people are warned first
    challenge_days: Whole = 0
    early_close: bool = False
    subject_is_recused: bool = False

    def rule(self, kind: DecisionKind, version: int) -> values.Profile:
        """This profile as the rules of decision take it, for a motion of this kind, with the charter's
        version that it is of."""
        quorum = values.Quorum(self.quorum.rule, _share(self.quorum.share), self.quorum.compare)
        majority = tuple(
            values.Majority(one.rule, _share(one.share), one.base, one.objections or 0)
            for one in self.majority
        )
        return values.Profile(
            kind=kind,
            title=self.title,
            article=self.article,
            provisional=self.provisional,
            discussion_days=self.discussion_days,
            voting_days=self.voting_days,
            quorum=quorum,
            majority=majority,
            tie=self.tie,
            secrecy=self.secrecy,
            secret_from=self.secret_from,
            challenge_days=self.challenge_days,
            early_close=self.early_close,
            subject_is_recused=self.subject_is_recused,
            version=version,
        )


class Decisions(Part):
    """The eight kinds of motion. A charter file gives all of them, so that no motion is without a rule."""

    consultation: DecisionProfile
    consent_item: DecisionProfile
    ordinary_resolution: DecisionProfile
    admission: DecisionProfile
    annual_renewal: DecisionProfile
    charter_amendment: DecisionProfile
    election: DecisionProfile
    exclusion: DecisionProfile


def _share(text: str | None) -> Fraction | None:
    return None if text is None else as_fraction(text)
