"""Away: what is owed goes to the deputy, what was promised comes, the rest waits (engagement.md 2, 9.9)."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.attention_stage import calm
from tests.lanes_stage import read_by
from tests.notify_stage import SEATS, it_is, seats, wants_to_know
from tests.world import World

__all__ = ["calm", "seats"]  # fixtures

PROMISED = (
    "What you said yes to still comes, and so do last calls of votes.",
    "The rest waits until you are back.",
)


async def test_the_deputy_is_asked_instead_until_they_are_back(calm: World) -> None:
    marie, paul = await calm.member("Marie", "cimes"), await calm.member("Paul", "cimes")
    await calm.member("Luc", "mecatech")
    heard = await marie.types("/away until 11 December")
    assert heard.lines == [
        "You're away until Fri 11 Dec. Should somebody stand in?",
        "They get the reminders and questions that they may answer for you.",
    ]
    assert heard.buttons == ["Paul", "Nobody"]
    assert (await marie.types("/away")).first == "You're away until Fri 11 Dec; nobody stands in."
    await marie.types("/away until 11 December")
    heard = await marie.taps("Paul")
    assert heard.lines == [
        "You're away until Fri 11 Dec; Paul stands in.",
        "What you owe goes to Paul meanwhile, where they may act.",
        *PROMISED,
    ]
    await calm.settled()
    assert paul.reads().lines == [
        "Marie is away until Fri 11 Dec, and you stand in.",
        "What Marie owes comes to you meanwhile, where you may act.",
        "You get this because a colleague named you.",
    ]
    assert paul.reads().buttons == ["I can't"]

    seen = read_by(marie)
    await wants_to_know(calm, marie)
    assert SEATS in paul.reads().text
    assert read_by(marie) == seen

    await it_is(calm, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    heard = await marie.types("/back")
    assert heard.lines == [
        "✓ You're here again. What waited for you comes as soon as your week has room.",
        "Paul no longer stands in.",
    ]
    await calm.settled()
    assert read_by(marie)[-1] == SEATS
    assert (await marie.types("/back")).lines == ["You weren't away for me, so nothing has changed."]


async def test_a_deputy_who_cannot_says_so(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    await world.member("Rosa", "cimes")
    await marie.types("/away until friday deputy paul")
    await world.settled()
    heard = await paul.taps("I can't")
    assert heard.lines == ["You don't stand in for Marie, and they know."]
    await world.settled()
    assert marie.reads().lines == [
        "Paul can't stand in for you; you're away until Fri 27 Nov.",
        "Until you choose another, what you owe waits for you.",
        "You get this because you're away.",
    ]
    heard = await marie.taps("Choose another")
    assert heard.buttons == ["Paul", "Rosa", "Nobody"]
    await marie.taps("Nobody")
    assert (await marie.types("/away")).lines == [
        "You're away until Fri 27 Nov; nobody stands in.",
        *PROMISED,
    ]
    assert (await paul.types("/away")).first == "Until when are you away? That day is the last one."
    assert (await paul.taps("This week")).buttons == ["Rosa", "Nobody"]  # Marie is away herself
    heard = await paul.types("/away until sunday deputy marie")
    assert heard.first == "Marie is away as well, until Fri 27 Nov. Who else could stand in?"


async def test_only_colleagues_stand_in_and_coordinators_for_coordinators(world: World) -> None:
    vera, nils = await world.member("Vera", "", "coordinator"), await world.member("Nils", "", "coordinator")
    luc = await world.member("Luc", "mecatech")
    heard = await luc.types("/away until friday")
    assert heard.lines == ["You're away until Fri 27 Nov; nobody stands in.", *PROMISED]
    heard = await luc.types("/away until friday deputy Vera")
    assert heard.first == 'I don\'t know a person called "Vera". Which one do you mean?'
    assert (await vera.types("/away until monday")).buttons == ["Nils", "Nobody"]
    await vera.taps("Nils")
    heard = await vera.types("/away until 1 december")
    assert heard.first == "You're away until Tue 1 Dec; Nils stands in. Should somebody else?"
    mentioned = await vera.types(f"/away until 1 december deputy @{nils.user.id}")
    assert mentioned.first == "You're away until Tue 1 Dec; Nils stands in.", "a platform's own mention"
    await vera.types("/away until monday deputy @nils")
    await world.settled()
    assert nils.reads().first == "Vera is away until Mon 30 Nov, and you stand in."


async def test_days_that_make_no_sense_are_asked_again(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    heard = await luc.types("/away until yesterday")
    assert heard.first == "That day has passed. The last day of being away is today or later."
    heard = await luc.says("3 march 2029")
    assert heard.first == "That is more than a year ahead. Until which day within a year?"
    heard = await luc.says("today")
    assert heard.first == "You're away until Tue 24 Nov; nobody stands in."
    world.clock.pass_(days=1)
    heard = await luc.types("/away")
    assert heard.first == "Until when are you away? That day is the last one."
    assert heard.buttons == ["This week", "Until next Sunday", "Two more weeks", "Cancel"]
    heard = await luc.taps("Until next Sunday")
    assert heard.first == "You're away until Sun 6 Dec; nobody stands in."
    assert (await luc.taps("I'm back")).lines == ["✓ You're here again. Nothing waited for you."]


async def test_an_absence_that_begins_later_is_not_noted_from_today(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/away from 28 dec to 4 jan")
    assert heard.lines == [
        "I can't note an absence ahead. Tell me again on Mon 28 Dec; nothing is saved yet."
    ]
    assert (await marie.types("/away")).first == "Until when are you away? That day is the last one."
    await marie.types("/away 28 dec to 4 jan")
    heard = await marie.taps("From today")
    assert heard.first == "You're away until Mon 4 Jan 2027; nobody stands in."
    await marie.types("/back")
    heard = await marie.types("/on holiday till 4 jan")
    assert heard.first == "You're away until Mon 4 Jan 2027; nobody stands in."
