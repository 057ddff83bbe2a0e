"""Elections: who is elected, who shares the last seat, what a ballot holds (spec/decisions.md 5, case 17)."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Refusal
from bot.rules.decisions.motions import Candidate
from bot.rules.decisions.tallying import (
    count,
    counts_of,
    elect,
    missing_for_quorum,
    offered,
    outcome_json,
    read_choice,
    verdict_of,
)
from bot.rules.decisions.values import ElectionVerdict, Majority, Profile, Quorum

ELECTION = Profile(
    kind="election",
    title="Election",
    article="Art. 5(2)",
    provisional=True,
    discussion_days=10,
    voting_days=5,
    quorum=Quorum("participation", Fraction(1, 2)),
    majority=(Majority("plurality"),),
    tie="runoff",
    secrecy="secret",
    secret_from=8,
    challenge_days=3,
)
MARIE = Candidate("1", "Marie", 1, "cimes")
JANIS = Candidate("2", "Jānis", 2, "green-tech")
JOAO = Candidate("3", "João", 3, "pool-net")
ALL = (MARIE, JANIS, JOAO)


def held(*choices: str, seats: int = 1, candidates: tuple[Candidate, ...] = ALL) -> ElectionVerdict:
    """An election in which these ballots were all there were."""
    ballots = {f"organisation-{number}": choice for number, choice in enumerate(choices)}
    return elect(ELECTION, len(choices), seats, candidates, ballots)


def fared(verdict: ElectionVerdict) -> dict[str, str]:
    return {one.candidate: one.result for one in verdict.candidates}


# ---- one seat ----


def test_most_votes_win_without_being_half() -> None:
    verdict = held("1", "2", "2", "2", "3", "3", "abstain")
    assert [(one.candidate, one.votes, one.result) for one in verdict.candidates] == [
        ("2", 3, "elected"),
        ("3", 2, "not_elected"),
        ("1", 1, "not_elected"),
    ]
    assert (verdict.result, verdict.filled, verdict.seats) == ("carried", 1, 1)
    assert (verdict.none_of_these, verdict.abstain) == (0, 1)


def test_equal_votes_for_the_one_seat_elect_nobody() -> None:
    verdict = held("1", "2", "1", "2", "3")
    assert fared(verdict) == {"1": "tied_at_cutoff", "2": "tied_at_cutoff", "3": "not_elected"}
    assert (verdict.result, verdict.filled) == ("tied", 0)


@pytest.mark.parametrize(
    ("choices", "result"),
    [
        (("1",), "elected_unopposed"),
        (("1", "abstain", "abstain"), "elected_unopposed"),
        (("1", "1", "none"), "elected_unopposed"),
        (("1", "none"), "not_elected"),
        (("1", "none", "none"), "not_elected"),
        (("abstain", "abstain"), "not_elected"),
        (("none",), "not_elected"),
    ],
)
def test_one_candidate_needs_a_vote_and_more_than_none_of_these(
    choices: tuple[str, ...], result: str
) -> None:
    verdict = held(*choices, candidates=(MARIE,))
    assert fared(verdict) == {"1": result}
    assert verdict.result == ("carried" if result == "elected_unopposed" else "not_carried")


@pytest.mark.parametrize("against_all", [2, 3])
def test_none_of_these_can_win_against_several_too(against_all: int) -> None:
    verdict = held("1", "1", "2", *["none"] * against_all)
    assert set(fared(verdict).values()) == {"not_elected"}
    assert (verdict.result, verdict.none_of_these) == ("not_carried", against_all)


def test_nobody_stands() -> None:
    assert held("none", "abstain", candidates=()).result == "not_carried"


# ---- several seats ----


def test_a_tie_across_the_last_seat_touches_only_those_who_share_it() -> None:
    four = (*ALL, Candidate("4", "Chiara"))
    verdict = held("1+2", "1+3", "1", "4+2", "3", seats=2, candidates=four)
    assert fared(verdict) == {
        "1": "elected",
        "2": "tied_at_cutoff",
        "3": "tied_at_cutoff",
        "4": "not_elected",
    }
    assert (verdict.result, verdict.filled) == ("tied", 1)


def test_a_tie_above_the_last_seat_is_none() -> None:
    verdict = held("1+2", "1+2", "3", seats=2)
    assert fared(verdict) == {"1": "elected", "2": "elected", "3": "not_elected"}
    assert verdict.result == "carried"


def test_more_seats_than_candidates() -> None:
    verdict = held("1+2", "1", "abstain", seats=3, candidates=(MARIE, JANIS))
    assert fared(verdict) == {"1": "elected_unopposed", "2": "elected_unopposed"}
    assert (verdict.result, verdict.filled) == ("not_carried", 2)


def test_without_a_vote_nobody_is_elected_however_many_seats_there_are() -> None:
    verdict = held("1", "1", seats=2, candidates=(MARIE, JANIS))
    assert fared(verdict) == {"1": "elected_unopposed", "2": "not_elected"}
    assert held("1", "1", seats=2).filled == 1


def test_who_withdraws_while_votes_are_cast_is_not_counted_and_the_ballot_is() -> None:
    before = ["1", "1", "1", "2", "2+3", "none"]
    verdict = held(*before, seats=2, candidates=(replace(MARIE, withdrawn=True), JANIS, JOAO))
    assert [(one.candidate, one.votes, one.result) for one in verdict.candidates] == [
        ("2", 2, "elected_unopposed"),
        ("3", 1, "not_elected"),  # as many for none of these
    ]
    assert verdict.quorum is not None
    assert verdict.quorum.value == 6


# ---- quorum ----


@pytest.mark.parametrize(
    ("members", "result", "missing"), [(4, "carried", 0), (5, "inquorate", 1), (0, "inquorate", 1)]
)
def test_abstaining_helps_the_quorum_and_a_missed_one_elects_nobody(
    members: int, result: str, missing: int
) -> None:
    ballots = {"cimes": "1", "emc2": "abstain"} if members else {}
    verdict = elect(ELECTION, members, 1, ALL, ballots)
    assert verdict.result == result
    assert verdict.filled == (result == "carried")
    assert missing_for_quorum(ELECTION, count(ELECTION, members, ballots)) == missing


# ---- what a ballot can hold ----


def test_what_is_offered_and_how_it_is_kept() -> None:
    withdrawn = (MARIE, replace(JANIS, withdrawn=True), JOAO)
    assert offered(ELECTION, withdrawn) == ("1", "3", "none", "abstain")
    assert read_choice(ELECTION, 1, withdrawn, " 3 ") == "3"
    assert read_choice(ELECTION, 3, ALL, "3+1") == "1+3"  # fewer than the three seats
    assert read_choice(ELECTION, 1, ALL, "2 + 2") == "2"
    assert read_choice(ELECTION, 2, ALL, "None") == "none"
    eleven = tuple(Candidate(str(number), f"Candidate {number}") for number in range(1, 12))
    assert read_choice(ELECTION, 2, eleven, "10+9") == "9+10"


@pytest.mark.parametrize("choice", ["4", "2", "1+2", "none+1", "abstain+none", "for", "", "+", "1+"])
def test_somebody_else_who_withdrew_or_a_contradiction_is_not_offered(choice: str) -> None:
    candidates = (MARIE, replace(JANIS, withdrawn=True), JOAO)
    with pytest.raises(Refusal) as no:
        read_choice(ELECTION, 2, candidates, choice)
    assert (no.value.code, no.value.values["choice"]) == ("choice_not_offered", choice)


def test_more_than_there_are_seats_are_too_many() -> None:
    with pytest.raises(Refusal) as no:
        read_choice(ELECTION, 2, ALL, "1+2+3")
    assert (no.value.code, no.value.values) == ("too_many_chosen", {"chosen": 3, "seats": 2})


@pytest.mark.parametrize("choice", ["1+2", "9", "for", ""])
def test_a_ballot_that_no_member_could_have_cast_is_never_counted_in_silence(choice: str) -> None:
    with pytest.raises(ValueError, match="no ballot of this election"):
        held(choice)


# ---- whatever the ballots ----

SEVERAL = tuple(Candidate(str(number), f"Candidate {number}") for number in range(1, 6))


@st.composite
def elections(draw: st.DrawFn) -> tuple[int, tuple[Candidate, ...], dict[str, str]]:
    """Seats, candidates, of whom some withdrew, and ballots."""
    seats = draw(st.integers(1, 4))
    gone = draw(st.sets(st.sampled_from("12345")))
    candidates = tuple(replace(one, withdrawn=one.key in gone) for one in SEVERAL)
    some = st.sets(st.sampled_from("12345"), min_size=1, max_size=seats)
    choice = st.one_of(st.sampled_from(["none", "abstain"]), some.map(lambda keys: "+".join(sorted(keys))))
    choices = draw(st.lists(choice, max_size=9))
    return seats, candidates, {f"organisation-{number}": one for number, one in enumerate(choices)}


def by_the_book(rivals: list[int], votes: int, seats: int) -> str:
    """How somebody with so many votes fares among `rivals`, the votes of all who have enough of them."""
    if votes not in rivals:
        return "not_elected"
    if sum(other >= votes for other in rivals) <= seats:
        return "elected"
    return "tied_at_cutoff" if sum(other > votes for other in rivals) < seats else "not_elected"


@given(elections(), st.integers(0, 4))
def test_each_candidate_fares_as_the_others_votes_say(
    election: tuple[int, tuple[Candidate, ...], dict[str, str]], absent: int
) -> None:
    seats, candidates, ballots = election
    members = max(len(ballots), 1) + absent
    counts = count(ELECTION, members, ballots)
    verdict = elect(ELECTION, members, seats, candidates, ballots)
    chosen = [key for choice in ballots.values() for key in choice.split("+")]
    votes = {one.key: chosen.count(one.key) for one in candidates if not one.withdrawn}
    rivals = [number for number in votes.values() if number > chosen.count("none")]
    if 2 * len(ballots) < members:
        rivals = []
        assert verdict.result == "inquorate"
    assert {one.candidate: one.votes for one in verdict.candidates} == votes
    for one in verdict.candidates:
        expected = by_the_book(rivals, one.votes, seats)
        assert one.result.removesuffix("_unopposed") == expected
        assert one.result.endswith("_unopposed") == (expected == "elected" and len(votes) <= seats)
    assert verdict.filled == sum(one.result.startswith("elected") for one in verdict.candidates) <= seats

    assert elect(ELECTION, members, seats, candidates, dict(reversed(ballots.items()))) == verdict
    outcome = json.loads(json.dumps(outcome_json(verdict, counts)))
    assert (verdict_of(outcome), counts_of(outcome)) == (verdict, counts)
