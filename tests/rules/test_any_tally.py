"""What holds for every tally, under every rule and every combination of them (spec/decisions.md 2)."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.decisions.tallying import (
    counts_of,
    decide,
    missing_for_quorum,
    outcome_json,
    verdict_of,
)
from bot.rules.decisions.values import Condition, Counts, Majority, Profile, Quorum
from tests.rules.test_tallying import BASES, CARRYING, ORDINARY, under

shares = st.builds(lambda one, two: Fraction(min(one, two), max(one, two)), *[st.integers(1, 9)] * 2)
bases = st.sampled_from(BASES)
carrying = st.one_of(
    st.sampled_from(CARRYING),
    st.builds(Majority, st.sampled_from(["qualified", "max_against"]), shares, bases),
)
several = st.lists(carrying, min_size=1, max_size=3).filter(
    lambda rules: any(one.rule != "max_against" for one in rules)
)
alone = st.builds(Majority, st.just("consent"), objections=st.integers(1, 4))
compares = st.sampled_from(["at_least", "more_than"])
quorums = st.one_of(
    st.just(Quorum()), st.builds(Quorum, st.sampled_from(["participation", "approval"]), shares, compares)
)
profiles = st.builds(
    lambda rules, quorum: under(*rules, quorum=quorum), st.one_of(several, st.tuples(alone)), quorums
)


@st.composite
def tallies(draw: st.DrawFn) -> Counts:
    for_, against, abstain, absent = (draw(st.integers(0, 6)) for _ in range(4))
    return Counts(for_ + against + abstain + absent, for_, against, abstain)


def as_the_table_says(one: Majority, counts: Counts) -> bool:
    """Section 2 of spec/decisions.md, word for word."""
    n, f, a, b = counts.members, counts.for_, counts.against, counts.ballots
    base = {"votes_cast": f + a, "ballots_cast": b, "members": n, None: 0}[one.base]
    p, q = (one.share.numerator, one.share.denominator) if one.share else (0, 1)
    return {
        "simple": f > a,
        "ballots_cast": 2 * f > b,
        "absolute": 2 * f > n,
        "qualified": q * f >= p * base and f >= 1,
        "unanimity": a == 0 and f >= 1,
        "consent": a < one.objections and n > 0,
        "max_against": q * a <= p * base,
    }[one.rule]


def agrees(condition: Condition) -> bool:
    """Whether the printed inequality says the same as the verdict on it."""
    left, right = condition.left, condition.right
    printed = {
        ">": left > right,
        ">=": left >= right,
        "<": left < right,
        "<=": left <= right,
        "=": left == right,
    }[condition.compare]
    most = condition.what in ("consent", "max_against")
    enough = condition.value <= condition.needed if most else condition.value >= condition.needed
    nobody = condition.what == "consent" and condition.total == 0
    return printed == condition.holds and (enough == condition.holds or nobody)


@given(profiles, tallies())
def test_the_verdict_is_the_table_s_and_what_is_printed_says_so(profile: Profile, counts: Counts) -> None:
    verdict = decide(profile, counts)
    assert [one.holds for one in verdict.conditions] == [
        as_the_table_says(one, counts) for one in profile.majority
    ]
    assert all(agrees(one) for one in verdict.conditions)
    quorum = verdict.quorum
    assert quorum is None or (agrees(quorum) and (missing_for_quorum(profile, counts) == 0) == quorum.holds)
    carried = all(one.holds for one in verdict.conditions) and (quorum is None or quorum.holds)
    assert (verdict.result == "carried") == carried
    assert (verdict.result == "inquorate") == (quorum is not None and not quorum.holds)
    if quorum and counts.members and profile.quorum.share:
        part = counts.for_ if profile.quorum.rule == "approval" else counts.ballots
        share = Fraction(part, counts.members)
        at_least = profile.quorum.compare == "at_least" and share == profile.quorum.share
        assert quorum.holds == (at_least or share > profile.quorum.share)


@given(profiles, tallies())
def test_one_more_in_favour_never_stops_what_was_carried(profile: Profile, counts: Counts) -> None:
    more = replace(counts, for_=counts.for_ + 1)
    changed = [more] if counts.absent else []
    changed += [replace(more, against=counts.against - 1)] if counts.against else []
    changed += [replace(more, abstain=counts.abstain - 1)] if counts.abstain else []
    if decide(profile, counts).result == "carried":
        assert {decide(profile, one).result for one in changed} <= {"carried"}


@given(profiles, tallies())
def test_so_many_changing_sides_change_it_and_one_fewer_do_not(profile: Profile, counts: Counts) -> None:
    verdict = decide(profile, counts)
    carried = verdict.result == "carried"
    winning = counts.for_ if carried else counts.against

    def changed(number: int) -> bool:
        moved = -number if carried else number
        after = replace(counts, for_=counts.for_ + moved, against=counts.against - moved)
        return (decide(profile, after).result == "carried") != carried

    assert not any(changed(number) for number in range(verdict.flips or winning + 1))
    assert verdict.flips == 0 or changed(verdict.flips)


@given(st.one_of(st.just(ORDINARY), profiles), tallies())
def test_so_many_more_against_tie_it(profile: Profile, counts: Counts) -> None:
    verdict = decide(profile, counts)

    def tied(number: int) -> bool:
        return decide(profile, replace(counts, against=counts.against + number)).result == "tied"

    ties = [number for number in range(1, counts.absent + 1) if tied(number)]
    assert verdict.tied_by == (ties[0] if ties and verdict.result == "carried" else 0)


@given(profiles, st.none() | tallies())
def test_an_outcome_is_read_back_as_it_was_written(profile: Profile, counts: Counts | None) -> None:
    verdict = decide(profile, counts or Counts(7))
    outcome = json.loads(json.dumps(outcome_json(verdict, counts)))
    assert outcome["result"] == verdict.result
    assert (verdict_of(outcome), counts_of(outcome)) == (verdict, counts)
