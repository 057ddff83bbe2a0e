"""Votes as they once went wrong: sealed ones in a group, ballots by phone, lists of taps, long cards."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from bot.context import Context
from bot.rules.decisions.motions import Candidate
from bot.rules.decisions.values import Quorum
from storage.store import Store
from tests.assembly_stage import acting, ballots, in_house, opened, slack_world, stands, votes
from tests.both_platforms import book_of, card_lines, votes_hall
from tests.places_stage import on_telegram, stage
from tests.world import World

__all__ = ["slack_world", "stage"]  # fixtures

TAPS = ["For", "Against", "Abstain"]
IN_PRIVATE = "Let's go on with vote in our own chat, where nobody else reads along."
AGREED = "We do number {} of many things together, as was agreed in May."


async def reasons(world: World) -> dict[str, str]:
    """Why organisations voted as they did on motion 1, as it is kept."""

    def read(store: Store) -> dict[str, str]:
        return {one.organisation: one.text for one in store.ballots.explanations(1)}

    return await world.storage.read(read)


async def explains(somebody: Any, why: str) -> None:
    """Somebody gives the reason for the vote that they have just given."""
    await somebody.taps("Add a reason")
    await somebody.gives(why=why)


async def stand(world: World, *names: Any) -> tuple[Candidate, ...]:
    """The candidates "1", "2" … of an election: people of the world, or names of others."""

    def read(ctx: Context) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(str(key), one) if isinstance(one, str)
            else Candidate(str(key), one.name, acting(ctx, one).person.id)
            for key, one in enumerate(names, 1)
        )  # fmt: skip

    return await in_house(world, read)


# ---- sealed, in a group ----


@on_telegram
async def test_a_sealed_vote_is_not_read_out_in_a_group(stage: World) -> None:
    luc, eva = await stage.member("Luc", "mecatech"), await stage.member("Eva", "cimes")
    hall = await votes_hall(luc, eva)
    number = await opened(stage, "exclusion")
    await votes(luc, number, "against")
    receipt = (await stands(stage, number)).current["mecatech"].receipt
    own = {
        "/vote": f"✓ Motion 1, EMC2 leaves: MecaTech voted Against. Receipt {receipt}.",
        "/vote 1": f"MecaTech voted Against. Receipt {receipt}.",
    }
    for line, read in own.items():
        heard = await luc.types(line, hall)
        assert (heard.lines, heard.buttons) == ([IN_PRIVATE], ["Go on in private", "Cancel"])
        heard = await luc.taps("Go on in private", on=heard.raw)
        heard = await luc.starts(heard.raw.opened.partition("start=")[2])
        assert heard.lines[1] == read
    await luc.types("/vote 1 for", hall)
    assert [eva.reads_on(one).text for one in eva.posts(hall)[1:]] == [IN_PRIVATE] * 3
    assert (await stands(stage, number)).ballots == {"mecatech": "against"}


async def test_a_sealed_vote_does_not_say_how_many_in_favour_are_missing(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    rule = slack_world.charter.decisions.exclusion.rule("exclusion", 1)
    rule = replace(rule, quorum=Quorum("approval", Fraction(2, 3)))
    number = await opened(slack_world, "exclusion", rule=rule)
    for voted, choice in ((1, "for"), (2, "against")):
        await ballots(slack_world, number, **{("cimes", "evoluma")[voted - 1]: choice})
        line = f"Open until Wed 9 Dec, 17:00 in Brussels. {voted} of 6 have voted."
        assert line in card_lines(luc, hall, "EMC2 leaves")


# ---- by phone ----


async def test_what_was_entered_is_their_own_once_they_vote_the_same(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    noor = await slack_world.member("Noor", "mecatech", "alternate")
    carla = await slack_world.member("Carla", "", "coordinator")
    number = await opened(slack_world)
    await carla.types("/enter ballot 1 mecatech for")
    await slack_world.settled()
    await votes(luc, number, "for")
    assert await book_of(slack_world, number) == ["entered mecatech for", "replaced mecatech for"]

    heard = await carla.types("/enter ballot 1 mecatech against")
    assert heard.lines == [
        "MecaTech's vote on motion 1 is its own, so I left it as it is.",
        "Luc and Noor can change it. Nothing is recorded.",
    ]
    heard = await noor.taps("Contest")
    assert heard.lines == ["MecaTech's vote on motion 1 is For now, so I left it as it is."]
    assert heard.buttons == ["Our vote"]
    assert (await stands(slack_world, number)).ballots == {"mecatech": "for"}


async def test_an_older_message_about_an_entered_vote_says_what_stands(slack_world: World) -> None:
    ana = await slack_world.member("Ana", "pool-net")
    carla = await slack_world.member("Carla", "", "coordinator")
    number = await opened(slack_world)
    asked = []
    for choice in ("for", "against"):
        await carla.types(f"/enter ballot 1 pool-net {choice}")
        await slack_world.settled()
        asked.append(ana.reads().raw)
    for label in ("That's right", "Contest"):
        heard = await ana.taps(label, on=asked[0])
        assert heard.lines == ["Pool-Net's vote on motion 1 is Against now, so I left it as it is."]
    entered = ["entered pool-net for", "entered pool-net against"]
    assert await book_of(slack_world, number) == entered

    heard = await ana.taps("That's right", on=asked[1])
    assert heard.first == "✓ Confirmed for Pool-Net: Against, motion 1."
    assert await book_of(slack_world, number) == [*entered, "confirmed pool-net "]


# ---- what is offered ----


async def test_an_election_that_waits_offers_all_who_stand(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    names = ["Ana", "Bo", "Cy", "Di", "Ed"]
    await opened(slack_world, "election", candidates=await stand(slack_world, *names))
    every = [*names, "None of these", "Abstain"]
    heard = await luc.types("/vote")
    assert heard.buttons == [*every, "All motions"]
    await opened(slack_world)
    heard = await luc.types("/vote")
    assert heard.first == "2 votes wait for you:"
    assert heard.buttons == ["1: Vote", "2: For", "2: Against", "2: Abstain", "All motions"]
    heard = await luc.taps("1: Vote")
    assert heard.lines[:2] == ["🗳 Motion 1: Who coordinates us, for MecaTech", "MecaTech hasn't voted yet."]
    assert heard.buttons == [*every, "Read it"]


async def test_a_word_that_is_no_choice_there_shows_the_taps_that_are(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    await opened(slack_world, "election")
    await opened(slack_world, "consent_item")
    heard = await votes(luc, 1, "for")
    assert heard.lines[:2] == ["🗳 Motion 1: Who coordinates us, for MecaTech", "MecaTech hasn't voted yet."]
    assert heard.buttons == ["Ana", "Luc", "None of these", "Abstain", "Read it"]
    heard = await votes(luc, 2, "abstain")
    assert heard.lines[:2] == ["🗳 Motion 2: The minutes of May, for MecaTech", "MecaTech hasn't voted yet."]
    assert heard.buttons == ["No objection", "I object", "Read it"]
    assert [await book_of(slack_world, number) for number in (1, 2)] == [[], []]


async def test_who_stood_down_is_dropped_from_what_was_picked(slack_world: World) -> None:
    luc, ana = await slack_world.member("Luc", "mecatech"), await slack_world.member("Ana", "pool-net")
    given = {"candidates": await stand(slack_world, ana, "Bo", "Cy"), "seats": 2}
    number = await opened(slack_world, "election", **given)
    await luc.types("/vote 1")
    await luc.taps("Vote")
    await luc.taps("Ana")
    await ana.types("/stand down 1")
    await ana.taps("I stand down")
    heard = await luc.taps("Cast this vote")
    assert heard.lines == ["Ana no longer stands in motion 1. Nothing is recorded; please choose again."]
    assert (await luc.taps("Vote")).lines[1] == "Choose up to 2."
    heard = await luc.taps("Bo")
    assert heard.lines[1] == "So far: Bo. Up to 2 can be chosen."
    assert heard.buttons == ["✓ Bo", "Cy", "Cast this vote", "None of these", "Abstain"]
    heard = await luc.taps("Cast this vote")
    assert heard.first == "🗳 Recorded for MecaTech: Bo, motion 1."
    assert await book_of(slack_world, number) == ["cast mecatech 2"]


async def test_what_was_decided_elsewhere_takes_no_votes(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    carla = await slack_world.member("Carla", "", "coordinator")
    await carla.types("/record decision A joint stand on 12 May text We share a stand. counts 5-1")
    await carla.taps("Record it")
    heard = await votes(luc, 1, "for")
    assert heard.lines == [
        "Voting on motion 1 is over, so nothing has changed.",
        "Until it is final, a member may object to how it was decided.",
    ]
    assert (await stands(slack_world, 1)).entries == ()


# ---- cards and reasons ----


@on_telegram
async def test_the_card_of_a_long_motion_fits_one_message_and_stays_current(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    text = " ".join(AGREED.format(number) for number in range(72))
    assert len(text) > 4500
    await opened(stage, text=text)
    [card] = luc.posts(hall)
    lines = luc.reads_on(card).lines
    assert (lines[2][:60], lines[2][-2:]) == (text[:60], " …")
    assert len(luc.reads_on(card).text) <= 4096

    await luc.says("yes", hall, reply_to=card)
    assert luc.reads().first == "🗳 Recorded for MecaTech: For, motion 1."
    await stage.settled()
    turnout = "1 of 7 have voted. 3 more organisations make it valid."
    lines = card_lines(luc, hall, "A joint newsletter")
    assert lines[4].endswith(turnout)
    assert lines[5] == "So far: 1 for · 0 against · 0 abstained."
    assert len(luc.posts(hall)) == 1
    assert AGREED.format(71) in (await luc.types("/motion 1")).text


async def test_a_reason_goes_with_the_vote_that_it_was_about(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    noor = await slack_world.member("Noor", "mecatech", "alternate")
    carla = await slack_world.member("Carla", "", "coordinator")
    number = await opened(slack_world)
    await votes(luc, number, "for")
    await explains(luc, "It is needed")
    await votes(noor, number, "for")  # the same: it stays
    assert await reasons(slack_world) == {"mecatech": "It is needed"}
    await votes(noor, number, "against")
    assert await reasons(slack_world) == {}

    await explains(noor, "It costs too much")
    await noor.taps("Take it back")
    assert await reasons(slack_world) == {}

    await carla.types("/enter ballot 1 mecatech for")
    await slack_world.settled()
    await luc.taps("Add a reason")
    await luc.gives(why="As I said on the phone")
    assert await reasons(slack_world) == {"mecatech": "As I said on the phone"}
    await noor.taps("Contest")
    assert await reasons(slack_world) == {}

    await votes(luc, number, "for")
    await explains(luc, "It is needed")
    await noor.types("/recuse 1 It concerns us")
    await noor.taps("Yes, step aside")
    assert await reasons(slack_world) == {}
    await luc.types("/motion 1")
    assert (await luc.taps("Who voted how")).lines[1:] == ["MecaTech: takes no part, It concerns us"]
