"""Reminders of events fall between no two runs of their job: an answer puts them on their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.context import Context
from bot.events.organising import reschedule
from bot.events.standing import found_event
from tests.assembly_stage import in_house, slack_world
from tests.events_stage import START, answers, it_is, planned
from tests.lanes_stage import read_by
from tests.newsletter_stage import told
from tests.world import World

__all__ = ["slack_world"]  # a fixture

LINK, OTHER = "https://meet.example.org/h2", "https://meet.example.org/other"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def reminded(somebody: Any) -> list[str]:
    words = ("you're coming.", "is about to begin", "has begun", "Do you still come? ")
    return [line for line in read_by(somebody) if any(word in line for word in words)]


async def moves(world: World, number: int, **fields: Any) -> None:
    """The event is moved, by nobody whom it concerns."""

    def move(ctx: Context) -> None:
        event = found_event(ctx, number, lock=True)
        reschedule(ctx, event, replace(event, **fields))

    await in_house(world, move)
    await world.settled()


async def jumps(world: World, moment: datetime) -> None:
    """It is that moment, and no job has run since: whatever was on its way arrives."""
    world.clock.at = moment
    await world.settled()


async def test_who_answers_between_two_runs_is_reminded(slack_world: World) -> None:
    await slack_world.happens()
    marie, luc = await slack_world.member("Marie", "cimes"), await slack_world.member("Luc", "mecatech")
    evening = datetime(2026, 11, 25, 19, tzinfo=UTC)  # at eight in Paris, long after the last run
    number = await planned(slack_world, starts_at=evening, link=LINK)
    monday = datetime(2026, 11, 30, 9, tzinfo=UTC)  # so it is said on Friday at a quarter to six
    room = await planned(slack_world, title="Moulds", starts_at=monday, where="Room 1")
    await it_is(slack_world, evening - 80 * MINUTE)
    await answers(slack_world, number, "going", marie)
    await jumps(slack_world, evening - 15 * MINUTE)
    assert reminded(marie) == ["Green hydrogen 101 is about to begin: Wed 25 Nov, 20:00 in Paris."]

    friday = datetime(2026, 11, 27, 16, 45, tzinfo=UTC)
    await it_is(slack_world, friday - 40 * MINUTE)
    await answers(slack_world, room, "going", luc)
    await jumps(slack_world, friday - MINUTE)
    assert reminded(luc) == []
    await jumps(slack_world, friday)
    assert reminded(luc) == ["Moulds is on Mon 30 Nov, 10:00 in Brussels; you're coming."]
    await it_is(slack_world, monday)
    assert len(reminded(luc)) == len(reminded(marie)) == 1


async def test_who_gets_a_seat_late_has_read_when_it_is_and_gets_the_link(slack_world: World) -> None:
    await slack_world.happens()
    marie, luc = await slack_world.member("Marie", "cimes"), await slack_world.member("Luc", "mecatech")
    number = await planned(slack_world, link=LINK, capacity=1)
    await answers(slack_world, number, "going", luc)
    await answers(slack_world, number, "going", marie)
    await it_is(slack_world, START - 5 * HOUR)
    await answers(slack_world, number, "no", luc)
    assert marie.reads().first.startswith("A seat is free: you're going to Green hydrogen 101")
    await it_is(slack_world, START - 2 * HOUR)
    await it_is(slack_world, START - 50 * MINUTE)
    await jumps(slack_world, START - 15 * MINUTE)
    about = [line for line in read_by(marie) if "Green hydrogen 101" in line]
    assert [line.partition(":")[0] for line in about[-2:]] == [
        "A seat is free",
        "Green hydrogen 101 is about to begin",
    ]
    assert len(reminded(marie)) == 1
    assert reminded(luc) == ["Green hydrogen 101 is on Tue 8 Dec, 15:00 in Brussels; you're coming."]


async def test_the_link_that_counts_reaches_who_goes_whatever_changes(slack_world: World) -> None:
    await slack_world.happens()
    ana, marie = await slack_world.member("Ana", "pool-net"), await slack_world.member("Marie", "cimes")
    number = await planned(slack_world, by=ana, link=LINK)
    none = await planned(slack_world, by=ana, title="Moulds")
    await answers(slack_world, number, "going", marie)
    await answers(slack_world, none, "going", marie)
    await it_is(slack_world, START - DAY)
    assert len(reminded(marie)) == 2
    await it_is(slack_world, START - 50 * MINUTE)
    await moves(slack_world, number, where="Room 9")
    await ana.types(f"/event change {number} link {OTHER}")
    await ana.types(f"/event change {none} link {LINK}")
    await jumps(slack_world, START - 15 * MINUTE)
    assert sorted(reminded(marie)[2:]) == [
        "Green hydrogen 101 is about to begin: Tue 8 Dec, 15:00 in Paris.",
        "Moulds is about to begin: Tue 8 Dec, 15:00 in Paris.",
    ]
    assert f"Link: {OTHER}" in "\n".join(one.text for one in told(marie))
    await jumps(slack_world, START - 5 * MINUTE)
    await ana.types(f"/event change {none} link {OTHER}")  # it broke, so late
    await slack_world.settled()
    assert marie.reads().lines[:2] == [
        "Moulds is about to begin: Tue 8 Dec, 15:00 in Paris.",
        f"Link: {OTHER}",
    ]
    await it_is(slack_world, START + 10 * MINUTE)
    assert len(reminded(marie)) == 5


async def test_a_series_over_the_night_in_which_clocks_go_on(slack_world: World) -> None:
    world = slack_world
    await world.happens()
    marie, zane = await world.member("Marie", "cimes"), await world.member("Zane", "green-tech")
    starts = datetime(2027, 3, 22, 8, tzinfo=UTC)  # Monday at nine in Brussels; a week later that is at seven
    number = await planned(world, starts_at=starts, repeats="weekly", times=2, link=LINK)
    night = await planned(world, title="Night", starts_at=datetime(2027, 3, 28, 1, 10, tzinfo=UTC), link=LINK)
    await it_is(world, datetime(2027, 3, 18, 12, tzinfo=UTC))
    await answers(world, number, "going", marie)
    await answers(world, night, "going", zane)
    friday, second = datetime(2027, 3, 26, 16, 45, tzinfo=UTC), datetime(2027, 3, 29, 7, tzinfo=UTC)
    for moment in (starts - 3 * DAY, starts - DAY, starts - 15 * MINUTE, friday - HOUR, friday - MINUTE):
        await it_is(world, moment)
    assert len(reminded(marie)) == 2
    assert reminded(zane) == ["Night is on Sun 28 Mar, 04:10 in Riga (03:10 CEST); you're coming."]
    await it_is(world, friday)
    assert reminded(marie)[2:] == ["Green hydrogen 101 is on Mon 29 Mar, 09:00 in Paris; you're coming."]
    await it_is(world, datetime(2027, 3, 28, 0, 54, tzinfo=UTC))
    assert len(reminded(zane)) == 1
    await it_is(world, datetime(2027, 3, 28, 0, 55, tzinfo=UTC))  # five to two; ten past three is next
    assert reminded(zane)[1:] == ["Night is about to begin: Sun 28 Mar, 04:10 in Riga (03:10 CEST)."]
    await it_is(world, second - 16 * MINUTE)
    assert len(reminded(marie)) == 3
    await it_is(world, second - 15 * MINUTE)
    assert reminded(marie)[3:] == ["Green hydrogen 101 is about to begin: Mon 29 Mar, 09:00 in Paris."]
