"""Rough weather: an hour's outage, a revoked token, a place that disappears, a restart (section 4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.announce_stage import (
    announcing_hall,
    cooled,
    coordinator,
    heard_with,
    lines_in,
    shuts_out,
    written,
)
from tests.batches_stage import down, revoked
from tests.lanes_stage import read_by, states
from tests.world import World


@pytest.mark.parametrize("trouble", [down, revoked])
async def test_it_waits_for_an_hour_and_arrives_once(world: World, trouble: Callable[..., None]) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Patience")
    await vera.taps("Send to 3")
    trouble(world)
    await world.passes(hours=1)
    assert lines_in(marie, hall) == []
    assert "failed" not in (await states(world)).values()

    trouble(world, False)
    await world.passes(hours=1)
    assert lines_in(marie, hall) == [["Patience", "From Vera, Green Manufacturing"]]
    assert read_by(marie).count("Patience") == 1
    assert heard_with(vera, "is out").first == "✓ Patience is out: 3 of 3 readers have it."


async def test_a_fix_waits_for_an_outage_too(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Wrnog")
    await vera.taps("Send to 3")
    await cooled(world)
    await vera.taps("Fix text")
    await vera.gives(text="Right")
    await vera.taps("Just fix it")
    down(world)
    await world.passes(hours=1)
    down(world, False)
    await world.passes(hours=1)
    assert [lines[0] for lines in lines_in(marie, hall)] == ["Right"]


async def test_a_restart_between_loses_nothing(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall = await announcing_hall(marie)
    await written(vera, "Again")
    await vera.taps("Send to 3")
    await world.passes(minutes=1)
    await world.stop_bot()
    await world.start_bot()
    heard = await vera.taps("Stop")
    assert heard.first == "Stopped: Again. Nobody got it."
    await vera.taps("Send after all")
    await vera.taps("Send to 3")
    await world.stop_bot()
    world.clock.pass_(minutes=30)
    await world.start_bot()
    await world.passes(minutes=1)
    await world.settled()
    assert lines_in(marie, hall) == [["Again", "From Vera, Green Manufacturing"]]
    assert read_by(marie).count("Again") == 1


async def test_a_place_that_disappears_is_left_out_of_the_fix(world: World) -> None:
    vera = await coordinator(world)
    marie = await world.member("Marie", "cimes")
    hall, other = await announcing_hall(marie), await announcing_hall(marie, name="Gone soon")
    await written(vera, "First")
    await vera.taps("Send to 4")
    await cooled(world)
    shuts_out(world, other)
    await vera.taps("Fix text")
    await vera.gives(text="Second")
    await vera.taps("Just fix it")
    await world.passes(minutes=1)
    assert lines_in(marie, hall)[0][0] == "Second"
    heard = await vera.types("/announcement 1")
    edited = 3 if world.platform == "telegram" else 4  # Slack lets us edit where we are no more
    assert heard.lines[:2] == [
        "✓ Second is out: 4 of 4 readers have it.",
        f"Fixed at 10:33: edited in {edited} of 4.",
    ]
