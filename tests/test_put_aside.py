"""A new command in the middle of a dialogue: what somebody wrote is kept and said, the rest is let go."""

from __future__ import annotations

import pytest

from tests.world import World

ASIDE = "Unfinished from before: Energy audits. It's kept until Sun 29 Nov, 10:30."
UNFINISHED = "log training Energy audits on 14 May smes 12"  # asks whether there is a list of the SMEs


async def test_the_notice_names_the_thing_and_its_taps_come_before_the_way_out(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.says(UNFINISHED)

    heard = await marie.types("/log workshop Mould recycling on 12 May with MecaTech")

    assert heard.first == "✓ Logged: Mould recycling · workshop · Tue 12 May · CIMES and MecaTech"
    assert heard.lines[-1] == ASIDE
    assert heard.buttons[-3:] == ["Continue", "Throw away", "Undo"]


async def test_a_question_keeps_its_cancel_last(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.says(UNFINISHED)

    heard = await marie.types("/leave")

    assert heard.lines[-1] == ASIDE
    assert heard.buttons == ["Yes, leave", "Continue", "Throw away", "Cancel"]


@pytest.mark.parametrize(
    "line", ["/leave", "/end role", "/timezone nowhere", "/revoke", "/invite CIMES king"]
)
async def test_what_nobody_would_miss_is_let_go_without_a_word(world: World, line: str) -> None:
    marie = await world.member("Marie", "cimes")
    await world.member("Zoe", "cimes", "member")
    await marie.types("/invite")
    asked = await marie.types(line)
    assert "Cancel" in asked.buttons

    heard = await marie.types("/indicators")

    assert heard.first == "The alliance in 2026"
    assert "Continue" not in heard.buttons
    assert not [one for one in heard.lines if one.startswith("Unfinished")]
    assert (await marie.says("hello")).first == "Hello Marie! Good to see you. What shall we do?"


async def test_a_command_typed_once_more_finishes_what_it_repeats(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.says("log workshop Mould recycling on 31 Feb with MecaTech")

    heard = await marie.types("/log workshop mould recycling on 12 May with MecaTech")

    assert heard.first == "✓ Logged: mould recycling · workshop · Tue 12 May · CIMES and MecaTech"
    assert not [one for one in heard.lines if one.startswith("Unfinished")]
