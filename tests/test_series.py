"""Events with several sessions: the line rests around each of them, and moves on in between."""

from __future__ import annotations

from datetime import timedelta

from tests.assembly_stage import slack_world
from tests.events_stage import START, answers, event_of, it_is, people, planned
from tests.lanes_stage import read_by
from tests.test_rsvp_line import states
from tests.world import World

__all__ = ["slack_world"]  # a fixture

HOURS, WEEK = timedelta(hours=1), timedelta(days=7)


async def test_between_two_sessions_the_line_moves_on(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    number = await planned(world, capacity=1, repeats="weekly", times=3)
    luc, jan = await people(world, 2)
    await answers(world, number, "going", luc, marie)
    await it_is(world, START - HOURS)
    await answers(world, number, "no", luc)
    assert await states(world, number, luc, marie) == ["withdrawn", "waitlisted"], "the first tap gets it"
    await it_is(world, START + 1 * HOURS)
    await world.settled()
    assert await states(world, number, marie) == ["going"]
    assert marie.reads().first.startswith("A seat is free: you're going to Green hydrogen 101")

    await answers(world, number, "going", jan)
    await it_is(world, START + WEEK - 3 * HOURS)
    assert await states(world, number, marie, jan) == ["going", "waitlisted"]
    await answers(world, number, "no", marie)
    assert await states(world, number, marie, jan) == ["withdrawn", "going"]


async def test_a_seat_held_into_a_session_goes_on_after_it_also_if_nobody_looked(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    number = await planned(world, capacity=1, mode="offer", where="Hall 2", repeats="weekly", times=3)
    luc, jan = await people(world, 2)
    await answers(world, number, "going", luc, marie, jan)
    await it_is(world, START - 5 * HOURS)
    await answers(world, number, "no", luc)
    assert await states(world, number, marie, jan) == ["offered", "waitlisted"]
    world.clock.at = START + 2 * HOURS  # we were down meanwhile
    await world.happens()
    assert await states(world, number, marie, jan) == ["waitlisted", "offered"]
    assert len(read_by(marie)) == 2, "that it is held for her, and that it is no more"


async def test_one_session_is_no_series(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    number = await planned(world, by=ana, repeats="weekly", times=5)
    await ana.types(f"/event move {number} times 1")
    await ana.taps("Move it")
    event = await event_of(world, number)
    assert (event.repeats, event.times) == ("", 1)

    number = await planned(world, by=ana, title="Board", repeats="weekly", times=5)
    await it_is(world, START + timedelta(days=8))
    heard = await ana.types(f"/event move {number} times 2")
    assert heard.lines == ["Then Board would be over already.", "To stop it now, cancel the rest."]
    assert heard.buttons == ["Cancel the rest", "Open it"]
