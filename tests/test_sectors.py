"""An organisation's sectors: added and taken out with a tap, in the words that others use too."""

from __future__ import annotations

from tests.assembly_stage import slack_world
from tests.world import World

__all__ = ["slack_world"]  # a fixture

WHY = "They help to find partners for joint events."


async def test_sectors_are_named_in_the_words_of_others(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/sectors")
    assert heard.lines == ["CIMES works in mechanical engineering.", WHY]
    assert heard.buttons == ["Add a sector", "Without mechanical…", "Find partners"]

    heard = await marie.types("/sectors plastic, Robotics")
    assert heard.lines == [
        'Do you mean plastics by "plastic"?',
        "Others say plastics; with the same word you find each other.",
    ]
    assert heard.buttons == ["Yes, plastics", "No, plastic", "Cancel"]
    heard = await marie.taps("Yes, plastics")
    assert heard.lines == [
        "✓ Noted for CIMES: plastics and Robotics.",
        "CIMES works in mechanical engineering, plastics and Robotics.",
        WHY,
    ]
    heard = await marie.taps("Without plastics")
    assert heard.lines[:2] == [
        "✓ Taken out for CIMES: plastics.",
        "CIMES works in mechanical engineering and Robotics.",
    ]
    heard = await marie.taps("Put back plastics")
    assert heard.first == "✓ Noted for CIMES: plastics."

    heard = await marie.types("/sectors MECHANICAL engineering")
    assert heard.lines[0] == "Nothing changed."
    heard = await marie.types("/sectors without robotics")
    assert heard.first == "✓ Taken out for CIMES: Robotics."


async def test_a_word_of_ones_own_stays(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await marie.types("/sectors plastic and pasta")
    await marie.types("/sectors plastic")
    heard = await marie.taps("No, plastic")
    assert heard.first == "✓ Noted for CIMES: plastic."


async def test_others_sectors_are_a_tap_away_and_eight_are_enough(slack_world: World) -> None:
    paul = await slack_world.member("Paul", "emc2")
    heard = await paul.types("/sectors")
    assert heard.first == "I don't know yet in which sectors EMC2 works."
    heard = await paul.taps("Add a sector")
    assert heard.first == "In which sectors do you work?"
    assert heard.buttons == ["mechanical engineer…", "engines", "green technology", "mechatronics", "Cancel"]
    heard = await paul.taps("mechanical engineer…")
    assert heard.first == "✓ Noted for EMC2: mechanical engineering."
    heard = await paul.types("/sectors a1, b2, c3, d4, e5, f6, g7, h8")
    assert heard.lines == [
        "That would be more than 8 sectors; the main ones help most.",
        "Nothing is saved. Which are the main ones?",
    ]
