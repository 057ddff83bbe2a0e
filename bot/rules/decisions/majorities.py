"""The rules a motion is measured by, each with its numbers filled in (spec/decisions.md 2).

The inequality of a `Condition`, `left` `compare` `right`, is the decision: whole numbers on both sides, and
nothing else is looked at. Where there is nothing to measure by (nobody on the roll, no votes cast), "at
least" is read as "more than": 0 > 0 does not hold, so that nothing is carried without one vote for it.
"""

from __future__ import annotations

from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Final, Literal

from bot.rules.decisions.values import (
    Base,
    Condition,
    Counts,
    Majority,
    Profile,
    Quorum,
)

Compare = Literal[">", ">=", "<", "<=", "="]

_HALF: Final = Fraction(1, 2)
_COMPARE: Final = {">": gt, ">=": ge, "<": lt, "<=": le, "=": eq}


def quorum_condition(quorum: Quorum, counts: Counts) -> Condition | None:
    """How many took part of those the quorum asks for, None where it asks for nobody. `participation` looks
    at the ballots cast, abstentions included; `approval` at the votes for (spec/decisions.md 2). With nobody
    on the roll it is missed."""
    if quorum.rule == "none":
        return None
    value = counts.for_ if quorum.rule == "approval" else counts.ballots
    share = _given(quorum.share)
    more = quorum.compare == "more_than"
    return _least(quorum.rule, "members", share, value, counts.members, more=more)


def conditions(profile: Profile, counts: Counts) -> tuple[Condition, ...]:
    """The profile's majority rules with their numbers, in its order; all of them have to hold. A rule that
    only shows the counts ("none") has no condition. Raises ValueError for an election, which is not for or
    against."""
    return tuple(_condition(one, counts) for one in profile.majority if one.rule != "none")


def _condition(majority: Majority, counts: Counts) -> Condition:
    match majority.rule:
        case "simple":
            return _simple(counts)
        case "ballots_cast":
            return _least("ballots_cast", "ballots_cast", _HALF, counts.for_, counts.ballots, more=True)
        case "absolute":
            return _least("absolute", "members", _HALF, counts.for_, counts.members, more=True)
        case "qualified":
            base, share = majority.base or "votes_cast", _given(majority.share)
            return _least("qualified", base, share, counts.for_, _total(base, counts), more=False)
        case "unanimity":
            return _unanimity(counts)
        case "consent":
            return _consent(majority.objections, counts)
        case "max_against":
            return _max_against(majority.base or "votes_cast", _given(majority.share), counts)
    raise ValueError(f"a motion is not carried by the rule {majority.rule!r}")


def _least(what: str, base: Base, share: Fraction, value: int, total: int, *, more: bool) -> Condition:
    """`value` is that share of `total` at least, or more than that: q·value ≥ p·total."""
    p, q = share.numerator, share.denominator
    if more or total == 0:
        return _filled(what, base, share, (value, total), q * value, ">", p * total, p * total // q + 1)
    return _filled(what, base, share, (value, total), q * value, ">=", p * total, -(-p * total // q))


def _simple(counts: Counts) -> Condition:
    """F > A. Of V votes cast, more than half are needed."""
    needed = counts.votes // 2 + 1
    numbers = (counts.for_, counts.votes)
    return _filled("simple", "votes_cast", None, numbers, counts.for_, ">", counts.against, needed)


def _unanimity(counts: Counts) -> Condition:
    """F = V, which says A = 0; without one vote for it, it does not hold."""
    numbers = (counts.for_, counts.votes)
    compare: Compare = "=" if counts.votes else ">"
    needed = max(counts.votes, 1)
    return _filled("unanimity", "votes_cast", None, numbers, counts.for_, compare, counts.votes, needed)


def _consent(objections: int, counts: Counts) -> Condition:
    """A < k: silence adopts. With nobody on the roll there is nobody whose silence it could be: A < 0."""
    stopped_by = objections if counts.members else 0
    numbers = (counts.against, counts.members)
    most = max(stopped_by - 1, 0)
    return _filled("consent", "members", None, numbers, counts.against, "<", stopped_by, most)


def _max_against(base: Base, share: Fraction, counts: Counts) -> Condition:
    """q·A ≤ p·base."""
    p, q, total = share.numerator, share.denominator, _total(base, counts)
    numbers = (counts.against, total)
    return _filled("max_against", base, share, numbers, q * counts.against, "<=", p * total, p * total // q)


def _filled(
    what: str,
    base: Base,
    share: Fraction | None,
    numbers: tuple[int, int],
    left: int,
    compare: Compare,
    right: int,
    needed: int,
) -> Condition:
    value, total = numbers
    holds = bool(_COMPARE[compare](left, right))
    return Condition(what, base, share, value, total, left, right, compare, needed, holds)


def _total(base: Base, counts: Counts) -> int:
    return {"votes_cast": counts.votes, "ballots_cast": counts.ballots, "members": counts.members}[base]


def _given(share: Fraction | None) -> Fraction:
    if share is None:
        raise ValueError("this rule needs a share")
    return share
