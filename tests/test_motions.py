"""Looking at motions: the list, one of them, what else can be done, and its pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.assembly.standing import found_motion
from bot.context import Context
from bot.rules.decisions.values import Kind
from bot.templating import Templates
from tests.assembly_stage import ballots, closes, in_house, noticed, opened, slack_world, votes
from tests.both_platforms import votes_hall
from tests.world import World

__all__ = ["slack_world"]  # a fixture

RULE = (
    "Rule, provisional: a simple majority of votes cast, at least half take part (Art. 5(1) leaves it open)."
)
OPEN = "Open until Wed 2 Dec, 17:00 in Paris."


async def withdrawn(world: World, number: int) -> None:
    def withdraw(ctx: Context) -> None:
        found = found_motion(ctx, number, lock=True)
        ctx.store.motions.write(replace(found, withdrawn_at=ctx.now))

    await in_house(world, withdraw)


async def test_where_there_is_no_motion_the_list_offers_to_begin_one(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/motions")
    assert heard.lines == ["Motions · 0", "No motion yet.", "One tap begins one."]
    assert heard.buttons == ["Propose", "Open motions", "Past motions", "Our motions"]
    heard = await marie.taps("Our motions")
    assert heard.lines == ["Motions that we proposed · 0", "Your organisation hasn't proposed any yet."]
    heard = await marie.types("/motions past")
    assert heard.lines == ["Past motions · 0", "No motion is past yet."]
    assert heard.buttons == ["All motions", "Open motions", "Our motions"]

    luc = await world.member("Luc", "mecatech", "member")
    heard = await luc.types("/motions open")
    assert heard.lines == ["Open and coming motions · 0", "No motion is open or coming."]
    assert heard.buttons == ["All motions", "Past motions", "Our motions"]
    heard = await luc.types("/motion 7")
    assert heard.lines == ["There is no motion 7 here. /motions lists all there are; nothing has changed."]


async def test_the_list_begins_with_what_closes_first(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    old = await noticed(world, "consultation", title="An old one", organisation="emc2")
    await withdrawn(world, old)
    exclusion = await opened(world, "exclusion", organisation="pool-net")
    newsletter = await opened(world, "ordinary_resolution")
    amendment = await noticed(world, "charter_amendment", organisation="mecatech")
    await noticed(world, "ordinary_resolution", title="A prize", organisation="emc2")
    consent = await opened(world, "consent_item")
    await ballots(world, newsletter, mecatech="for", green_tech="against")
    await votes(marie, newsletter, "for")

    heard = await marie.types("/motions")
    assert heard.lines == [
        "Motions · 6 · page 1 of 2",
        "3 · A joint newsletter · 3 of 7 have voted · closes Wed 2 Dec, 17:00 in Paris · ✓ CIMES voted",
        "2 · EMC2 leaves · 0 of 6 have voted · closes Wed 9 Dec, 17:00 in Paris",
        "6 · The minutes of May · 0 of 7 have voted · closes Thu 10 Dec, 17:00 in Paris",
        "5 · A prize · voting opens Thu 3 Dec, 09:00 in Paris",
        "4 · A small membership fee · voting opens Fri 11 Dec, 09:00 in Paris",
    ]
    assert [exclusion, newsletter, consent, amendment] == [2, 3, 6, 4]
    opens = [f"Open {number}" for number in (3, 2, 6, 5, 4)]
    assert heard.buttons == [*opens, "Older", "Open motions", "Past motions", "Our motions"]
    heard = await marie.taps("Older")
    assert heard.lines == ["Motions · 6 · page 2 of 2", "1 · An old one · withdrawn"]
    assert heard.buttons == ["Open 1", "Newer", "Open motions", "Past motions", "Our motions"]
    heard = await marie.taps("Our motions")
    assert [line[:4] for line in heard.lines[1:]] == ["3 · ", "6 · "]
    heard = await marie.taps("Past motions")
    assert heard.lines == ["Past motions · 1", "1 · An old one · withdrawn"]

    await closes(world, newsletter)
    heard = await marie.types("/motions past")
    assert heard.lines[1:] == [
        "3 · A joint newsletter · too few took part · Wed 2 Dec",
        "1 · An old one · withdrawn",
    ]


async def test_a_decision_that_is_not_final_says_when_it_will_be(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world, "charter_amendment")
    await ballots(world, number, mecatech="for", green_tech="for", emc2="for", cimes="against")
    await closes(world, number)

    heard = await marie.types("/motions open")
    assert heard.lines[1:] == ["1 · A small membership fee · carried · final on Mon 7 Dec, 17:00 in Paris"]
    heard = await marie.taps("Open 1")
    assert heard.lines[0] == "Motion 1 is carried: A small membership fee"
    assert heard.lines[1] == "3 for · 1 against · 0 abstained · 3 did not take part (7 members)"
    assert heard.lines[-2] == "The result is final on Mon 7 Dec, 17:00 in Paris, unless a member objects."
    assert heard.lines[-1].startswith("CIMES voted Against, receipt ")
    assert heard.buttons == ["Before and after", "Who voted how", "Proof", "As a picture", "Object"]


async def test_one_motion_shows_how_we_stand_and_takes_our_vote(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    number = await opened(world)
    await ballots(world, number, mecatech="for")

    heard = await marie.types("/motion 1")
    assert heard.lines == [
        "🗳 Motion 1: A joint newsletter",
        "Ordinary resolution · proposed by CIMES",
        "We do this together, starting in January.",
        RULE,
        f"{OPEN} 1 of 7 have voted. 3 more organisations make it valid.",
        "So far: 1 for · 0 against · 0 abstained.",
        "CIMES hasn't voted.",
    ]
    assert heard.buttons == ["For", "Against", "Abstain", "More"]
    receipt = (await marie.taps("Against")).lines[-1].rpartition("Receipt ")[2].rstrip(".")

    heard = await marie.types("/motion 1")
    assert heard.lines[-2:] == [
        "So far: 1 for · 1 against · 0 abstained.",
        f"CIMES voted Against, receipt {receipt}.",
    ]
    assert heard.buttons == ["Change", "More"]
    heard = await marie.taps("Change")
    assert heard.lines[1] == f"CIMES voted Against. Receipt {receipt}."

    await closes(world, number)
    luc = await world.member("Luc", "evoluma", "member")
    heard = await luc.types("/motion 1")
    assert (
        heard.lines[0]
        == "Too few took part in motion 1: A joint newsletter. It can be put to the vote once more."
    )
    assert heard.lines[-1] == "EVOLUMA did not take part."
    assert heard.buttons == ["Who voted how", "Proof", "As a picture"]
    assert "Second call" in (await marie.types("/motion 1")).buttons


async def test_somebody_of_two_organisations_sees_both_and_is_asked_for_which(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.grants(marie, "alternate", "emc2")
    await opened(world, "exclusion")
    await opened(world)

    heard = await marie.types("/motion 1")
    assert heard.lines[-2:] == ["CIMES hasn't voted.", "EMC2 takes no part in this one."]
    heard = await marie.types("/motion 2")
    assert heard.lines[-2:] == ["CIMES hasn't voted.", "EMC2 hasn't voted."]
    assert (await marie.taps("For")).buttons[:2] == ["CIMES", "EMC2"]
    await marie.types("/motion 2")
    heard = await marie.taps("More")
    assert heard.buttons == [
        "Step aside: CIMES",
        "Step aside: EMC2",
        "Ask for time",
        "Board page",
        "The rule",
        "As a picture",
    ]


async def test_a_group_reads_no_receipts_along(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await opened(world, "exclusion")
    await votes(marie, 1, "for")
    hall = world.group("hall", marie)

    heard = await marie.types("/motion 1", hall)
    assert ("receipt" in heard.text) == (world.platform == "slack")
    assert heard.buttons[-1] == "More"


async def test_before_it_opens_its_proposer_can_change_it(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    ola = await world.member("Ola", "", "coordinator")
    await noticed(world, proposer=marie)

    heard = await marie.types("/motion 1")
    assert heard.lines[-1] == "Voting opens Thu 3 Dec, 09:00 and closes Thu 10 Dec, 17:00 in Paris."
    assert heard.buttons == ["Edit", "Withdraw", "More"]
    assert (await ola.types("/motion 1")).buttons == ["Edit", "Withdraw", "More"]
    assert (await luc.types("/motion 1")).buttons == ["More"]
    heard = await luc.taps("More")
    assert heard.lines == ["Motion 1, A joint newsletter: what else you can do."]
    assert heard.buttons == ["Ask for time", "Board page", "The rule"]


async def test_more_is_what_one_may_do_and_the_coordinator_sees_who_is_missing(world: World) -> None:
    marie, ola = await world.member("Marie", "cimes"), await world.member("Ola", "", "coordinator")
    number = await opened(world)
    await ballots(world, number, mecatech="for", green_tech="for", emc2="for", evoluma="for")
    await votes(marie, number, "for")

    await marie.types("/motion 1")
    heard = await marie.taps("More")
    assert heard.lines == ["Motion 1, A joint newsletter: what else you can do."]
    assert heard.buttons == [
        "Add a reason",
        "Step aside",
        "Ask for time",
        "Board page",
        "The rule",
        "As a picture",
    ]
    await ola.types("/motion 1")
    heard = await ola.taps("More")
    assert heard.lines[1:] == ["For your eyes as coordinator: Clust-ER MECH and Pool-Net haven't voted yet."]
    assert heard.buttons == ["Board page", "The rule", "As a picture"]


async def test_the_taps_on_a_card_answer_the_presser_alone(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = await votes_hall(marie, luc)
    number = await opened(world)
    await votes(marie, number, "for")
    card = marie.finds("A joint newsletter", hall)
    posts = len(luc.posts(hall))

    await marie.taps("More", on=card)
    assert marie.reads().buttons[:2] == ["Add a reason", "Step aside"]
    await closes(world, number)
    card = marie.finds("A joint newsletter", hall)
    await marie.taps("Who voted how", on=card)
    assert "CIMES: For" in marie.reads().lines
    await marie.taps("Proof", on=card)
    assert any(line.startswith("CIMES's receipt: ") for line in marie.reads().lines)
    assert len(luc.posts(hall)) == posts


async def test_before_and_after_are_told_apart_sentence_by_sentence(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await noticed(world, "charter_amendment")
    await noticed(world)

    await marie.types("/motion 1")
    heard = await marie.taps("Before and after")
    assert heard.lines[:5] == [
        "Motion 1: before and after · A small membership fee",
        "Article 7 · Money, compared with version 1 of the charter",
        "At the start, taking part is voluntary and costs nothing.",
        "− There is no membership fee at the outset.",
        "＋ The fee is 100 euro a year.",
    ]
    assert heard.lines[5].startswith("A later fee or any other financial arrangement")
    assert heard.buttons == ["The rule", "Read it"]
    heard = await marie.taps("The rule")
    assert heard.lines[0] == "The rule of motion 1: Change of the charter"
    assert heard.lines[-1] == "As in version 1 of the charter; a later change doesn't touch this vote."


@pytest.mark.parametrize(
    ("kind", "silence"),
    [
        (
            "ordinary_resolution",
            [
                "It counts neither for nor against: the others decide.",
                "4 of 7 members have to take part, or it isn't valid. Abstaining is taking part.",
            ],
        ),
        (
            "exclusion",
            [
                "It weighs against: 4 of all 6 members have to vote for it.",
                "4 of 6 members have to take part, or it isn't valid. Abstaining is taking part.",
            ],
        ),
        ("consent_item", ["Our silence adopts it: it is carried unless a member objects."]),
        ("consultation", ["It is advice and decides nothing; ours would be missing."]),
        (
            "election",
            [
                "The others choose without us.",
                "4 of 7 members have to take part, or it isn't valid. Abstaining is taking part.",
            ],
        ),
    ],
)
async def test_a_board_reads_what_it_means_not_to_vote(
    slack_world: World, kind: Kind, silence: list[str]
) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await opened(slack_world, kind)

    await marie.types("/motion 1")
    await marie.taps("More")
    heard = await marie.taps("Board page")
    assert heard.lines[0].startswith("Motion 1: ")
    assert heard.lines[1].startswith("European Cluster Alliance for Green Manufacturing · ")
    assert heard.lines[heard.lines.index("What if we don't vote") + 1 :] == silence


async def test_a_board_reads_what_an_amendment_changes(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await noticed(world, "charter_amendment")
    await marie.types("/motion 1")
    await marie.taps("More")
    heard = await marie.taps("Board page")
    assert heard.lines == [
        "Motion 1: A small membership fee",
        "European Cluster Alliance for Green Manufacturing · Change of the charter · proposed by CIMES",
        "We do this together, starting in January.",
        "What changes in Article 7 · Money",
        "− There is no membership fee at the outset.",
        "＋ The fee is 100 euro a year.",
        "How it is decided",
        "Rule, provisional: two-thirds of votes cast, at least half take part (Art. 8 leaves it open).",
        "Voting opens Fri 11 Dec, 09:00 and closes Thu 17 Dec, 17:00 in Paris.",
        "What if we don't vote",
        "It counts neither for nor against: the others decide.",
        "4 of 7 members have to take part, or it isn't valid. Abstaining is taking part.",
    ]


@pytest.mark.parametrize(
    ("phase", "says"),
    [
        ("notice", "Voting on motion 7 isn't open yet, so nothing is recorded."),
        ("open", "Voting on motion 7 is open, and for that it's too late. Nothing has changed."),
        ("counting", "Voting on motion 7 just closed and I'm counting, so nothing has changed."),
        ("closed", "Voting on motion 7 is over, so nothing has changed."),
        ("final", "Motion 7 is decided and final, so nothing has changed."),
        ("withdrawn", "Motion 7 was withdrawn, so there is nothing to vote on."),
        ("void", "Motion 7 is void, so there is nothing to vote on."),
    ],
)
def test_what_is_not_open_says_what_it_is(phase: str, says: str) -> None:
    templates = Templates(Path(__file__).parents[1] / "templates")
    said = templates.render("refusals/not_open", {"number": 7, "phase": phase})
    assert said.replace("\\", "").splitlines()[0] == says
