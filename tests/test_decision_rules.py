"""The rules of decision in words, and what-ifs."""

from __future__ import annotations

import pytest

from bot.rules.decisions.counts_said import Numbers, read_counts
from tests.assembly_stage import slack_world
from tests.world import World

__all__ = ["slack_world"]  # a fixture

WHAT_IF = "This is a what-if; nothing is recorded."
BY_ARTICLE_8 = "Rule, provisional: two-thirds of votes cast, at least half take part (Art. 8 leaves it open)."
ORDINARY = (
    "Rule, provisional: a simple majority of votes cast, at least half take part (Art. 5(1) leaves it open)."
)


async def test_the_rules_stand_in_a_line_each_and_one_in_full(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/rule")
    assert heard.lines[:3] == [
        "By which rule each kind is decided",
        "Ordinary resolution · 5 + 5 days · a simple majority of votes cast · at least half take part",
        "Change of the charter · 10 + 5 days · two-thirds of votes cast · at least half take part",
    ]
    assert heard.lines[-3:] == [
        "No-objection item · 0 + 10 days · no objection",
        "Consultation · 0 + 5 days · advice only, nothing is decided",
        "Working days to discuss + to vote. Provisional until the Partnership Agreement sets them.",
    ]
    assert heard.buttons[:3] == ["Resolution", "Charter change", "Renewal"]

    heard = await marie.taps("Charter change")
    assert heard.lines == [
        "Change of the charter · Art. 8",
        "May propose: Representative, Alternate and Coordinator of the Alliance.",
        "Working days: 10 to discuss, then 5 to vote.",
        "Quorum: at least half take part. With fewer it can be put to the vote once more.",
        "Majority: two-thirds of votes cast. Abstaining counts for the quorum only.",
        "Open: everybody sees which organisation voted how.",
        "Members may object for 3 working days; then it is final.",
        "All this is provisional: Art. 8 leaves it to the Partnership Agreement.",
    ]
    assert heard.buttons == ["What if", "All rules"]
    for typed in ("amendment", "charter_amendment", "change of the charter"):
        assert (await marie.types(f"/rule {typed}")).lines == heard.lines


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("resolution", ["A tie: not carried.", "Final at the close."]),
        ("consent", ["Voting opens with the notice, for 10 working days.", "Majority: no objection."]),
        ("consultation", ["No quorum: it is valid however many take part."]),
        (
            "election",
            [
                "A tie for the last seat: a second round between those.",
                "Secret from 8 organisations on.",
                "A secret ballot isn't possible here yet: who voted how is shown after the close.",
            ],
        ),
        (
            "exclusion",
            [
                "Sealed: who voted how is shown after the close.",
                "The organisation that it is about has no vote on it.",
                "Members may object for 5 working days; then it is final.",
            ],
        ),
    ],
)
async def test_each_kind_has_its_own_numbers(slack_world: World, kind: str, says: list[str]) -> None:
    marie = await slack_world.member("Marie", "cimes")
    heard = await marie.types(f"/rule {kind}")
    assert [line for line in heard.lines if line in says] == says


async def test_a_what_if_shows_the_verdict_with_its_numbers(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/simulate 12-5-3 of 30 charter_amendment")
    assert heard.lines == [
        "It would be carried: Change of the charter",
        "12 for · 5 against · 3 abstained · 10 did not take part (30 members)",
        f"{BY_ARTICLE_8} 3 × 12 = 36, needed 2 × 17 = 34 ✓",
        "Quorum: 20 of 30 took part, 15 needed ✓",
        "One member changing sides would have stopped it.",
        WHAT_IF,
    ]
    assert heard.buttons == ["The rule", "All rules"]
    for typed in ("12 5 3 of 30 amendment", "12:5:3 of 30 charter"):
        assert (await marie.types(f"/simulate {typed}")).lines == heard.lines

    heard = await marie.types("/simulate 10-7-3 of 30 amendment")
    assert heard.first == "It would not be carried: Change of the charter"
    assert heard.lines[-2:] == ["2 members changing sides would carry it.", WHAT_IF]
    heard = await marie.types("/simulate 1-0 of 30 amendment")
    assert heard.first == "Too few would take part: Change of the charter"
    assert heard.lines[3] == "Quorum: 1 of 30 took part, 15 needed"
    heard = await marie.types("/simulate 3-1 consultation")
    assert heard.first == "It would be advice and decide nothing: Consultation"
    heard = await marie.types("/simulate 3-1 consent")
    assert heard.lines[:2] == ["It would not be carried: No-objection item", "1 objection (7 members)"]


async def test_a_what_if_is_of_todays_members_if_nothing_is_said(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/simulate 3-3-1")
    assert heard.lines[:2] == [
        "It would be tied, so not carried: Ordinary resolution",
        "3 for · 3 against · 1 abstained · 0 did not take part (7 members)",
    ]
    assert heard.lines[2].startswith(ORDINARY)
    assert heard.lines[3:] == [
        "Quorum: 7 of 7 took part, 4 needed ✓",
        "One member changing sides would carry it.",
        WHAT_IF,
    ]
    await marie.types("/rule amendment")
    await marie.taps("What if")
    heard = await marie.gives(votes="6-1")
    assert heard.first == "It would be carried: Change of the charter"


async def test_numbers_that_no_vote_can_have_are_asked_again(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/simulate 12-5-3")
    assert heard.lines == [
        "That is 20 votes of 7 members, and each has one.",
        "If there are more members, write so: of 20, for example.",
        WHAT_IF,
    ]
    assert (await marie.says("12-5-3 of 20")).first == "It would be carried: Ordinary resolution"
    heard = await marie.types("/simulate many")
    assert heard.lines == [
        'I can\'t read "many" as votes. Please write for-against-abstained, such as 12-5-3 of 30.',
        WHAT_IF,
    ]
    heard = await marie.types("/simulate 3-1 election")
    assert heard.lines == [
        "An election has candidates instead of for and against, so there is nothing to try out like this.",
        "Its rule in words is a tap away.",
    ]
    assert (await marie.taps("The rule")).first == "Election · Art. 5(2)"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12-5-3 of 30 amendment", Numbers(12, 5, 3, 30, "amendment")),
        ("12 5 3", Numbers(12, 5, 3, None, "")),
        ("12–5", Numbers(12, 5, 0, None, "")),
        ("12, 5, 3 out of 30", Numbers(12, 5, 3, 30, "")),
        ("0-0-0 of 0", Numbers(0, 0, 0, 0, "")),
        ("4/2 another year", Numbers(4, 2, 0, None, "another year")),
        ("12-5-3 no objection", Numbers(12, 5, 3, None, "no objection")),
        ("12 for, 5 against and 3 abstained of 30", Numbers(12, 5, 3, 30, "")),
        ("12 yes, 5 no", Numbers(12, 5, 0, None, "")),
        ("12 pour, 5 contre, 3 abstentions sur 30", Numbers(12, 5, 3, 30, "")),
        ("Pour : 12, contre : 5, abstention : 3", Numbers(12, 5, 3, None, "")),
        ("12-5-3 su 30 emendamento", Numbers(12, 5, 3, 30, "emendamento")),
        ("12 a favore, 5 contrari, 3 astenuti su 30", Numbers(12, 5, 3, 30, "")),
        ("12 a favor, 5 en contra y 3 abstenciones de 30", Numbers(12, 5, 3, 30, "")),
        ("12 a favor, 5 contra e 3 abstencoes de 30", Numbers(12, 5, 3, 30, "")),
        ("12 pentru, 5 împotrivă, 3 abțineri din 30", Numbers(12, 5, 3, 30, "")),
        ("12 dafür, 5 dagegen, 3 Enthaltungen von 30", Numbers(12, 5, 3, 30, "")),
        ("12 za, 5 przeciw, 3 wstrzymało się z 30", Numbers(12, 5, 3, 30, "")),
        ("12 par, 5 pret, 3 atturas no 30", Numbers(12, 5, 3, 30, "")),
        ("12-5 no 30", Numbers(12, 5, 0, 30, "")),
    ],
)
def test_votes_are_read_as_people_write_them(typed: str, read: Numbers) -> None:
    assert read_counts(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "for",
        "1-2-3-4",
        "1.5-2",
        "-3-1",
        "1-1234567",
        "12-5 of",
        "½-1",
        "12 against, 5 for",
        "12-5-3 de",
    ],
)
def test_what_are_no_votes_is_not_guessed(typed: str) -> None:
    assert read_counts(typed) is None
