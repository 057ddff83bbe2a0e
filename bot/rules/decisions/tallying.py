"""From ballots to a verdict: what may be chosen, what is counted, what it means (spec/decisions.md 2).

Whole numbers and exact fractions only. An abstention is a ballot: it counts for the quorum, never among the
votes cast. Silence is not an abstention.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

from bot.messages import Refusal
from bot.rules.decisions.electing import LONGEST_CHOICE, elect, read_election_choice, turnout
from bot.rules.decisions.majorities import conditions, quorum_condition
from bot.rules.decisions.motions import Candidate
from bot.rules.decisions.values import (
    ABSTAIN,
    AGAINST,
    FOR,
    NONE_OF_THESE,
    Condition,
    Counts,
    Elected,
    ElectionVerdict,
    Profile,
    Result,
    Verdict,
)

__all__ = [
    "count",
    "counts_of",
    "decide",
    "elect",
    "missing_for_quorum",
    "offered",
    "outcome_json",
    "read_choice",
    "verdict_of",
]


def offered(profile: Profile, candidates: Sequence[Candidate] = ()) -> tuple[str, ...]:
    """What an organisation may choose, in the order shown. A no-objection item takes an objection as
    "against" and no abstention; an election offers everybody who still stands, by key, and where there are
    several seats some of them together ("1+3")."""
    if profile.is_election:
        standing = tuple(one.key for one in candidates if not one.withdrawn)
        return (*standing, NONE_OF_THESE, ABSTAIN)
    if any(one.rule == "consent" for one in profile.majority):
        return (FOR, AGAINST)
    return (FOR, AGAINST, ABSTAIN)


def read_choice(profile: Profile, seats: int, candidates: Sequence[Candidate], choice: str) -> str:
    """A choice as it is kept: "for"; in an election each candidate once, in the order of the ballot ("3+1" →
    "1+3"), fewer than there are seats if one likes (spec/decisions.md 5, case 17).

    Raises Refusal("choice_not_offered", "choice", choice=…) for what is not offered, and
    Refusal("too_many_chosen", "choice", chosen=…, seats=…) for more candidates than seats.
    """
    if profile.is_election:
        return read_election_choice(seats, candidates, choice)
    read = choice.strip().casefold()
    if read not in offered(profile):
        raise Refusal("choice_not_offered", "choice", choice=choice.strip()[:LONGEST_CHOICE])
    return read


def count(profile: Profile, members: int, ballots: Mapping[str, str]) -> Counts:
    """What was counted, from the current choice of each organisation (slug → choice). `members` is the roll
    less recusals, so leave out the ballots of who is recused.

    In an election a ballot that names somebody is "for" and one for none of these "against", so that turnout
    and quorum can be read from it. Raises ValueError for a choice that no ballot of a motion can hold.
    """
    if profile.is_election:
        return turnout(members, ballots)
    counted = Counter(ballots.values())
    counts = Counts(members, counted[FOR], counted[AGAINST], counted[ABSTAIN])
    if counts.ballots != len(ballots):
        raise ValueError(f"no ballot holds one of {sorted(set(counted) - {FOR, AGAINST, ABSTAIN})}")
    return counts


def decide(profile: Profile, counts: Counts) -> Verdict:
    """What the counts mean.

    A missed quorum comes first: "inquorate", whatever the votes. Then "carried" if every condition holds, and
    "noted" for a consultation, which decides nothing. "tied" is said only under a simple majority with as
    many for as against, if that alone stopped it; it is not carried. Everything else is "not_carried", no
    votes at all included. With nobody on the roll a motion is "inquorate" where there is a quorum, else
    "not_carried", even if silence would adopt it; a consultation is then still "noted".

    Raises ValueError for an election: `elect` is for those.
    """
    return Verdict(
        result=_result(profile, counts),
        quorum=quorum_condition(profile.quorum, counts),
        conditions=conditions(profile, counts),
        flips=_flips(profile, counts),
        tied_by=_tied_by(profile, counts),
    )


def missing_for_quorum(profile: Profile, counts: Counts) -> int:
    """How many organisations still have to take part (with an approval quorum: to vote for it) so that the
    quorum is met; 0 when it is, or when there is none. More than are absent, if it cannot be met."""
    quorum = quorum_condition(profile.quorum, counts)
    return 0 if quorum is None else max(quorum.needed - quorum.value, 0)


def outcome_json(verdict: Verdict | ElectionVerdict, counts: Counts | None) -> dict[str, Any]:
    """A verdict with its counts as plain values, shares as text ("2/3"). `verdict_of` and `counts_of` read
    them back. `counts` is None where nothing was counted, as in a decision recorded with "no objection"."""
    outcome = asdict(verdict)
    outcome["quorum"] = _condition_json(verdict.quorum) if verdict.quorum else None
    if isinstance(verdict, ElectionVerdict):
        outcome["candidates"] = list(outcome["candidates"])
    else:
        outcome["conditions"] = [_condition_json(one) for one in verdict.conditions]
    return {**outcome, "counts": asdict(counts) if counts else None}


def verdict_of(outcome: Mapping[str, Any]) -> Verdict | ElectionVerdict:
    """Read back the verdict that `outcome_json` wrote."""
    values = {key: value for key, value in outcome.items() if key != "counts"}
    values["quorum"] = _condition_from(values["quorum"]) if values["quorum"] else None
    if "candidates" in values:
        fared = tuple(Elected(**one) for one in values["candidates"])
        return ElectionVerdict(**{**values, "candidates": fared})
    filled = tuple(_condition_from(one) for one in values["conditions"])
    return Verdict(**{**values, "conditions": filled})


def counts_of(outcome: Mapping[str, Any]) -> Counts | None:
    """Read back the counts that `outcome_json` wrote, None where nothing was counted."""
    return Counts(**outcome["counts"]) if outcome["counts"] else None


def _result(profile: Profile, counts: Counts) -> Result:
    quorum = quorum_condition(profile.quorum, counts)
    if quorum is not None and not quorum.holds:
        return "inquorate"
    filled = conditions(profile, counts)
    if not filled:
        return "noted"
    stopped_by = [one.what for one in filled if not one.holds]
    if not stopped_by:
        return "carried"
    level = counts.for_ == counts.against > 0
    return "tied" if level and stopped_by == ["simple"] else "not_carried"


def _flips(profile: Profile, counts: Counts) -> int:
    """The least number of members whose change from the winning side to the other would have changed whether
    it is carried. Those who abstained or were silent stay as they are."""
    carried = _result(profile, counts) == "carried"
    winning = counts.for_ if carried else counts.against
    for number in range(1, winning + 1):
        moved = -number if carried else number
        changed = replace(counts, for_=counts.for_ + moved, against=counts.against - moved)
        if (_result(profile, changed) == "carried") != carried:
            return number
    return 0


def _tied_by(profile: Profile, counts: Counts) -> int:
    """How many of those who did not take part would have had to vote against what is carried, to tie it."""
    number = counts.for_ - counts.against
    if not 0 < number <= counts.absent or _result(profile, counts) != "carried":
        return 0
    with_them = replace(counts, against=counts.against + number)
    return number if _result(profile, with_them) == "tied" else 0


def _condition_json(condition: Condition) -> dict[str, Any]:
    share = condition.share
    return {**asdict(condition), "share": f"{share.numerator}/{share.denominator}" if share else None}


def _condition_from(values: Mapping[str, Any]) -> Condition:
    share = values["share"]
    return Condition(**{**values, "share": Fraction(share) if share else None})
