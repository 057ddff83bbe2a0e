"""What the counts mean, to the last vote (spec/decisions.md 2 and 5, cases 1 to 5)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.messages import Refusal
from bot.rules.decisions.tallying import (
    count,
    decide,
    missing_for_quorum,
    offered,
    read_choice,
)
from bot.rules.decisions.values import (
    Base,
    Condition,
    Counts,
    Majority,
    Profile,
    Quorum,
    Verdict,
)

# ---- the rules of charters/green-manufacturing.toml ----

HALF = Quorum("participation", Fraction(1, 2))
TWO_THIRDS = Majority("qualified", Fraction(2, 3), "votes_cast")
ORDINARY = Profile(
    kind="ordinary_resolution",
    title="Ordinary resolution",
    article="Art. 5(1)",
    provisional=True,
    discussion_days=5,
    voting_days=5,
    quorum=HALF,
    majority=(Majority("simple"),),
)
RENEWAL = replace(ORDINARY, kind="annual_renewal", article="Art. 8", discussion_days=10)
ADMISSION = replace(ORDINARY, kind="admission", article="Art. 4", majority=(TWO_THIRDS,))
AMENDMENT = replace(RENEWAL, kind="charter_amendment", majority=(TWO_THIRDS,), challenge_days=3)
CONSULTATION = replace(ORDINARY, kind="consultation", quorum=Quorum(), majority=(Majority("none"),))
CONSENT_ITEM = replace(
    ORDINARY, kind="consent_item", quorum=Quorum(), majority=(Majority("consent", objections=1),)
)
EXCLUSION = replace(
    ORDINARY,
    kind="exclusion",
    quorum=Quorum("participation", Fraction(2, 3)),
    majority=(Majority("qualified", Fraction(2, 3), "members"),),
    secrecy="sealed",
    challenge_days=5,
    subject_is_recused=True,
)

# ---- every rule that carries a motion ----

SIMPLE, UNANIMITY, ABSOLUTE = Majority("simple"), Majority("unanimity"), Majority("absolute")
OF_BALLOTS = Majority("ballots_cast")
BASES: tuple[Base, ...] = ("votes_cast", "ballots_cast", "members")
FEW_AGAINST = Majority("max_against", Fraction(1, 4), "members")
CARRYING = [SIMPLE, OF_BALLOTS, ABSOLUTE, TWO_THIRDS, UNANIMITY]
CARRYING += [
    Majority("qualified", Fraction(3, 4), "ballots_cast"),
    Majority("qualified", Fraction(4, 5), "members"),
]


def under(*majority: Majority, quorum: Quorum | None = None) -> Profile:
    return replace(ORDINARY, majority=majority, quorum=quorum or Quorum())


def result(profile: Profile, members: int, for_: int = 0, against: int = 0, abstain: int = 0) -> str:
    return decide(profile, Counts(members, for_, against, abstain)).result


# ---- 1: no votes ----


@pytest.mark.parametrize("majority", CARRYING)
@pytest.mark.parametrize("members", [0, 1, 2, 3, 7])
def test_without_votes_nothing_is_carried(majority: Majority, members: int) -> None:
    assert result(under(majority), members) == "not_carried"
    assert decide(under(majority), Counts(members)).conditions[0].needed >= 1
    assert result(under(majority, FEW_AGAINST), members, abstain=members) == "not_carried"
    met = "inquorate" if members == 0 else "not_carried"
    assert result(under(majority, quorum=HALF), members, abstain=members) == met


@pytest.mark.parametrize(("members", "carried"), [(0, "not_carried"), (1, "carried"), (7, "carried")])
def test_silence_adopts_a_no_objection_item_where_there_is_somebody_to_be_silent(
    members: int, carried: str
) -> None:
    assert result(CONSENT_ITEM, members) == carried


def test_an_objection_stops_a_no_objection_item() -> None:
    assert result(CONSENT_ITEM, 7, for_=6, against=1) == "not_carried"
    two_stop_it = under(Majority("consent", objections=2))
    assert [result(two_stop_it, 7, against=objections) for objections in (1, 2)] == ["carried", "not_carried"]


def test_a_consultation_is_noted_whatever_is_said() -> None:
    assert {result(CONSULTATION, 7), result(CONSULTATION, 7, 1, 6), result(CONSULTATION, 0)} == {"noted"}
    assert decide(CONSULTATION, Counts(7, 5, 1)) == Verdict("noted", None, ())


# ---- 2: ties ----


def test_as_many_for_as_against_is_a_tie_under_a_simple_majority_only() -> None:
    assert result(ORDINARY, 7, 3, 3) == result(RENEWAL, 7, 2, 2, 1) == "tied"
    assert result(ORDINARY, 8, 1, 1) == "inquorate"
    assert result(ADMISSION, 7, 3, 3) == result(under(ABSOLUTE), 6, 3, 3) == "not_carried"
    assert result(under(SIMPLE, ABSOLUTE), 6, 3, 3) == "not_carried"  # the tie alone did not stop it
    assert result(under(SIMPLE, FEW_AGAINST), 8, 2, 2) == "tied"
    assert result(under(SIMPLE, FEW_AGAINST), 8, 3, 3) == "not_carried"


# ---- 3: very few members; half of odd and even rolls ----


@pytest.mark.parametrize(
    ("members", "at_least", "more_than"),
    [(0, 1, 1), (1, 1, 1), (2, 1, 2), (3, 2, 2), (4, 2, 3), (7, 4, 4), (8, 4, 5)],
)
def test_half_of_the_members(members: int, at_least: int, more_than: int) -> None:
    passed = Quorum("participation", Fraction(1, 2), "more_than")
    for quorum, needed in ((HALF, at_least), (passed, more_than)):
        for ballots in range(members + 1):
            profile, counts = under(SIMPLE, quorum=quorum), Counts(members, ballots)
            assert (decide(profile, counts).result == "carried") == (ballots >= needed)
            assert missing_for_quorum(profile, counts) == max(needed - ballots, 0)


@pytest.mark.parametrize(
    ("members", "for_", "carried_by"),
    [
        (0, 0, set()),
        (1, 1, {"simple", "ballots_cast", "absolute", "qualified", "unanimity"}),
        (2, 1, {"simple", "ballots_cast", "qualified", "unanimity"}),
        (3, 2, {"simple", "ballots_cast", "absolute", "qualified", "unanimity"}),
    ],
)
def test_an_assembly_of_three_at_most(members: int, for_: int, carried_by: set[str]) -> None:
    rules = (SIMPLE, OF_BALLOTS, ABSOLUTE, TWO_THIRDS, UNANIMITY)
    assert {one.rule for one in rules if result(under(one), members, for_) == "carried"} == carried_by


# ---- 4: exact thresholds ----


@pytest.mark.parametrize(
    ("share", "votes", "needed"),
    [
        ("2/3", 3, 2),
        ("2/3", 6, 4),
        ("2/3", 9, 6),
        ("2/3", 50, 34),
        ("3/4", 4, 3),
        ("4/5", 5, 4),
        ("1/1", 3, 3),
    ],
)
def test_a_share_is_reached_to_the_vote(share: str, votes: int, needed: int) -> None:
    profile = under(Majority("qualified", Fraction(share), "votes_cast"))
    assert result(profile, 60, needed, votes - needed, 3) == "carried"
    assert result(profile, 60, needed - 1, votes - needed + 1, 3) == "not_carried"
    assert decide(profile, Counts(60, votes)).conditions[0].needed == needed


@pytest.mark.parametrize(("share", "needed"), [("14/25", 14), ("7/25", 7)])
def test_a_quorum_in_percent_asks_for_not_one_too_many(share: str, needed: int) -> None:
    profile = under(SIMPLE, quorum=Quorum("participation", Fraction(share)))
    assert missing_for_quorum(profile, Counts(25)) == needed
    assert [result(profile, 25, needed - 1), result(profile, 25, needed)] == ["inquorate", "carried"]


def test_the_base_decides_what_an_abstention_does() -> None:
    of_votes, of_ballots, of_members = (under(Majority("qualified", Fraction(2, 3), base)) for base in BASES)
    assert result(of_votes, 9, 4, 2, 1) == "carried"
    assert [result(of_ballots, 9, 4, against, 1) for against in (1, 2)] == ["carried", "not_carried"]
    assert [result(of_members, 9, number) for number in (5, 6)] == ["not_carried", "carried"]
    assert result(under(OF_BALLOTS), 7, 2, 1, 1) == "not_carried"
    assert result(under(SIMPLE), 7, 2, 1, 1) == result(under(OF_BALLOTS), 7, 3, 1, 1) == "carried"


def test_rules_hold_together() -> None:
    blocked = under(SIMPLE, FEW_AGAINST)
    assert [result(blocked, 8, 5, against) for against in (2, 3)] == ["carried", "not_carried"]
    assert [one.holds for one in decide(blocked, Counts(8, 5, 3)).conditions] == [True, False]
    assert [result(under(UNANIMITY), 7, 3, against, 4) for against in (0, 1)] == ["carried", "not_carried"]


# ---- 5: quorum ----


def test_abstentions_count_for_the_quorum_and_nowhere_else() -> None:
    assert [result(ORDINARY, 7, 1, 0, abstain) for abstain in (2, 3)] == ["inquorate", "carried"]
    assert [result(EXCLUSION, 6, 4), result(EXCLUSION, 6, 3, 0, 1)] == ["carried", "not_carried"]


def test_a_recusal_lowers_the_roll() -> None:
    assert [result(AMENDMENT, members, 2, 1) for members in (7, 6)] == ["inquorate", "carried"]


def test_an_approval_quorum_looks_at_the_votes_for() -> None:
    profile = under(SIMPLE, quorum=Quorum("approval", Fraction(1, 3)))
    assert [result(profile, 9, 2, 0, 7), result(profile, 9, 3, 0, 0)] == ["inquorate", "carried"]
    assert missing_for_quorum(profile, Counts(9, 1, 6)) == 2


# ---- as it is printed ----


def test_the_result_card_of_motion_7() -> None:
    verdict = decide(replace(AMENDMENT, kind="annual_renewal"), Counts(7, 5, 1))
    share = Fraction(2, 3)
    rule = Condition("qualified", "votes_cast", share, 5, 6, 15, 12, ">=", needed=4, holds=True)
    quorum = Condition("participation", "members", Fraction(1, 2), 6, 7, 12, 7, ">=", needed=4, holds=True)
    assert verdict == Verdict("carried", quorum, (rule,), flips=2)


def test_the_numbers_of_the_other_rules() -> None:
    counts = Counts(9, 4, 2, 1)
    every = (SIMPLE, OF_BALLOTS, ABSOLUTE, UNANIMITY, FEW_AGAINST, Majority("consent", objections=3))
    printed = [decide(under(one), counts).conditions[0] for one in every]
    assert [(one.what, one.value, one.total, one.needed) for one in printed] == [
        ("simple", 4, 6, 4),
        ("ballots_cast", 4, 7, 4),
        ("absolute", 4, 9, 5),
        ("unanimity", 4, 6, 6),
        ("max_against", 2, 9, 2),
        ("consent", 2, 9, 2),
    ]
    assert [f"{one.left} {one.compare} {one.right}" for one in printed] == [
        "4 > 2",
        "8 > 7",
        "8 > 9",
        "4 = 6",
        "8 <= 9",
        "2 < 3",
    ]


def test_how_close_it_was() -> None:
    close = decide(ORDINARY, Counts(7, 3, 2))
    assert (close.flips, close.tied_by) == (1, 1)
    assert decide(ORDINARY, Counts(7, 4, 1)).tied_by == 0  # two were absent, three are needed
    assert decide(ORDINARY, Counts(9, 3, 1)).tied_by == 0  # nothing was carried: too few took part
    assert decide(ADMISSION, Counts(9, 4, 2)).tied_by == 0
    lost = decide(ORDINARY, Counts(7, 1, 6))
    assert (lost.result, lost.flips, lost.tied_by) == ("not_carried", 3, 0)
    assert decide(ORDINARY, Counts(7, 3, 3)).flips == 1
    assert decide(ORDINARY, Counts(7, 0, 3)).flips == 0  # too few took part, whoever changes sides


# ---- choices ----


def test_what_is_offered_and_read() -> None:
    assert offered(ORDINARY) == offered(CONSULTATION) == ("for", "against", "abstain")
    assert offered(CONSENT_ITEM) == ("for", "against")
    assert read_choice(ORDINARY, 1, (), " Abstain") == "abstain"
    for profile, choice in ((CONSENT_ITEM, "abstain"), (ORDINARY, "none"), (ORDINARY, "")):
        with pytest.raises(Refusal) as no:
            read_choice(profile, 1, (), choice)
        assert (no.value.code, no.value.values) == ("choice_not_offered", {"choice": choice})


def test_ballots_are_counted_and_what_is_none_is_never_skipped() -> None:
    ballots = {"cimes": "for", "emc2": "against", "mecatech": "for", "pool-net": "abstain"}
    assert count(ORDINARY, 7, ballots) == Counts(7, 2, 1, 1)
    assert count(ORDINARY, 7, dict(reversed(ballots.items()))) == Counts(7, 2, 1, 1)
    with pytest.raises(ValueError, match="perhaps"):
        count(ORDINARY, 7, {**ballots, "evoluma": "perhaps"})
