"""The dates of the charter ahead: who hears by which day a vote has to begin, and until when."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.context import Context
from bot.people.duties import as_person, owed_by
from bot.timetable import JOBS
from storage.store import Storage
from tests.assembly_stage import in_house, noticed
from tests.test_bodies import number_of
from tests.ticking_stage import only
from tests.world import Clock, World

AGREEMENT = [
    "The Partnership Agreement is planned for Thu 26 Feb 2026 (Preamble). The founders decide on it.",
    "Working days that it takes: 18, with 5 in hand if a member asks for more time.",
    "So it is to be proposed by Thu 22 Jan 2026.",
]
RENEWAL = [
    "The alliance goes on until Wed 26 Aug (Art. 8). The Assembly decides about another year.",
    "Working days that it takes: 15, with 5 in hand if a member asks for more time.",
    "No vote closes from Sat 1 Aug to Mon 31 Aug.",
    "So it is to be proposed by Tue 30 Jun.",
]
WHY = "You get this because you may propose it to the Assembly."


@pytest.fixture(params=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """The alliance in its first autumn, with one job: neither date of its charter is past yet."""
    clock = Clock(datetime(2025, 10, 23, 9, 30, tzinfo=UTC))
    async with World(request.param, storage, clock, jobs=only("Dates ahead")) as world:
        await world.passes()
        yield world


@pytest.fixture
async def spring(sqlite_url: str) -> AsyncIterator[World]:
    """The same half a year later: the renewal is ahead, on the 26th of August."""
    storage = Storage(sqlite_url)
    clock = Clock(datetime(2026, 3, 30, 9, 30, tzinfo=UTC))
    async with World("telegram", storage, clock, jobs=only("Dates ahead")) as world:
        await world.passes()
        yield world
    storage.close_now()


async def until(world: World, day: date) -> None:
    """It is noon of that day, and the job has run in the morning."""
    world.clock.at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    await world.happens()
    await world.settled()


async def owed(world: World, somebody: Any) -> list[tuple[str, str]]:
    """What of the charter's dates somebody owes, and by when."""
    number = await number_of(world, somebody)

    def look(ctx: Context) -> list[tuple[str, str]]:
        theirs = as_person(ctx, number)
        assert theirs is not None
        return [(one.key, f"{one.by:%d %b}") for one in owed_by(theirs, "agreement", "renewal")]

    return await in_house(world, look)


async def waits(world: World, *people: Any) -> int:
    """How many messages wait for these people once somebody has run the job by hand."""
    numbers = [await number_of(world, one) for one in people]
    await in_house(world, lambda ctx: JOBS["Dates ahead"].function(ctx, ctx.now))
    return await in_house(
        world, lambda ctx: sum(len(ctx.store.deliveries.waiting_for(one)) for one in numbers)
    )


async def test_the_agreement_is_counted_down_to_until_it_is_proposed(stage: World) -> None:
    vera = await stage.member("Vera", "", "coordinator")
    ana, rui = await stage.member("Ana", "pool-net"), await stage.member("Rui", "pool-net", "member")
    before = [(await one.types("/help")).lines for one in (vera, ana, rui)]
    assert await owed(stage, vera) == []

    await until(stage, date(2025, 10, 24))
    heard = vera.reads()
    assert heard.lines == [*AGREEMENT, WHY]
    assert heard.buttons[:2] == ["Start the agreement", "The agreement"]
    assert (await owed(stage, vera), await owed(stage, ana)) == ([("agreement:2026-02-26", "22 Jan")], [])

    await until(stage, date(2025, 12, 22))
    assert ana.reads().lines == before[1]
    await until(stage, date(2025, 12, 23))
    assert ana.reads().lines == [*AGREEMENT, WHY]
    assert await waits(stage, vera, ana, rui) == 0

    await noticed(stage, "charter_amendment", effect={"agreement": {"quorum": "half"}}, electorate="founders")
    assert (await owed(stage, vera), await owed(stage, ana)) == ([], [])
    shown = [(await one.types("/help")).lines for one in (vera, ana)]
    await until(stage, date(2026, 1, 16))
    assert [one.reads().lines for one in (vera, ana)] == shown
    assert rui.reads().lines == before[2]  # may not propose, so never hears of it


async def test_a_renewal_in_august_begins_in_june_and_its_end_is_nobodys_fault(spring: World) -> None:
    vera = await spring.member("Vera", "", "coordinator")
    ana = await spring.member("Ana", "pool-net")
    await vera.types("/help")
    nothing = (await ana.types("/help")).lines

    await until(spring, date(2026, 4, 1))
    assert (vera.reads().lines, ana.reads().lines) == ([*RENEWAL, WHY], nothing)
    await until(spring, date(2026, 5, 29))
    assert ana.reads().lines == [*RENEWAL, WHY]
    assert await owed(spring, ana) == [("renewal:2026-08-26", "30 Jun")]
    heard = await ana.types("/help")
    await until(spring, date(2026, 6, 18))
    assert ana.reads().lines == heard.lines
    await until(spring, date(2026, 6, 19))
    assert ana.reads().lines == [*RENEWAL, WHY]
    assert ana.reads().buttons[:2] == ["Propose it", "The renewal"]
    heard = await vera.types("/help")

    await until(spring, date(2026, 8, 26))  # three times, and not once more
    assert await owed(spring, vera) == [("renewal:2026-08-26", "26 Aug")]
    await until(spring, date(2026, 8, 27))
    assert await owed(spring, vera) == []
    assert vera.reads().lines == heard.lines
