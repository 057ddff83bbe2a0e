"""Terms that end: told of to their holders and to the coordinators, until somebody has done something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.context import Context
from bot.people.duties import as_person, owed_by
from storage.store import Storage
from tests.assembly_stage import in_house, noticed
from tests.test_bodies import number_of
from tests.ticking_stage import only
from tests.world import World

WHY = "You get this because it is your term, or because you coordinate the alliance."
STAYS = "They hold the role until a successor is in."
ELECTS = "The Assembly elects. To be done by then it begins by {begins}."


@pytest.fixture(params=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """The alliance with one job."""
    async with World(request.param, storage, jobs=only("Terms")) as world:
        await world.passes()
        yield world


async def until(world: World, day: date) -> None:
    """It is noon of that day, and the job has run in the morning."""
    world.clock.at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    await world.happens()
    await world.settled()


async def ends(world: World, somebody: Any, role: str, day: date) -> None:
    """The term of somebody who holds this role ends on that day."""
    number = await number_of(world, somebody)

    def set_term(ctx: Context) -> None:
        held = next(one for one in ctx.store.roles.of_person(number) if one.role == role)
        ctx.store.terms.set(held.id, day, None)

    await in_house(world, set_term)


async def owed(world: World, somebody: Any) -> list[tuple[str, list[str]]]:
    """What somebody owes of terms: until which day, and the taps."""
    number = await number_of(world, somebody)

    def look(ctx: Context) -> list[tuple[str, list[str]]]:
        theirs = as_person(ctx, number)
        assert theirs is not None
        return [(one.values["day"], [tap.label for tap in one.buttons]) for one in owed_by(theirs, "term")]

    return await in_house(world, look)


async def test_a_term_is_told_of_twice_until_an_election_is_proposed(stage: World) -> None:
    giulia = await stage.member("Giulia", "", "coordinator")
    paula = await stage.member("Paula", "", "coordinator")
    ana = await stage.member("Ana", "pool-net")
    nothing = [(await one.types("/help")).lines for one in (giulia, paula, ana)]
    await ends(stage, paula, "coordinator", date(2027, 3, 31))

    await until(stage, date(2027, 1, 29))
    assert [one.reads().lines for one in (giulia, paula, ana)] == nothing
    assert await owed(stage, giulia) == []

    await until(stage, date(2027, 1, 30))  # 60 days before, a Saturday
    assert paula.reads().lines == nothing[1]
    await until(stage, date(2027, 2, 1))
    heard = paula.reads()
    begins = ELECTS.format(begins="Wed 24 Feb")
    assert heard.lines == [
        "Your term (Coordinator of the Alliance) ends Wed 31 Mar.",
        "You hold the role until a successor is in.",
        begins,
        WHY,
    ]
    assert heard.buttons[:2] == ["Propose election", "The bodies"]
    told = ["The term of Paula (Coordinator of the Alliance) ends Wed 31 Mar.", STAYS, begins, WHY]
    assert giulia.reads().lines == told
    assert await owed(stage, giulia) == [("2027-03-31", ["Propose election", "The bodies"])]
    assert await owed(stage, paula) == [("2027-03-31", ["Propose election", "The bodies"])]
    assert await owed(stage, ana) == []

    heard = await giulia.types("/help")
    await until(stage, date(2027, 3, 16))
    assert giulia.reads().lines == heard.lines
    await until(stage, date(2027, 3, 17))
    told[2] = "The Assembly elects; an election can begin at any time."
    assert giulia.reads().lines == told

    await noticed(stage, "election", proposer=ana, organisation="pool-net")
    assert await owed(stage, giulia) == []


async def test_a_term_set_anew_or_told_of_once_is_not_told_of_again(stage: World) -> None:
    giulia = await stage.member("Giulia", "", "coordinator")
    advisor = await stage.member("Ines", "", "advisor")
    await giulia.types("/help")
    await advisor.types("/help")
    await ends(stage, advisor, "advisor", date(2026, 12, 3))

    await until(stage, date(2026, 11, 26))
    assert giulia.reads().lines == ["The term of Ines (Advisor) ends Thu 3 Dec.", STAYS, WHY]
    assert giulia.reads().buttons[:2] == ["Set a term", "The bodies"]
    assert advisor.reads().lines[0] == "Your term (Advisor) ends Thu 3 Dec."
    assert await owed(stage, advisor) == []
    nothing = [(await one.types("/help")).lines for one in (giulia, advisor)]

    await until(stage, date(2026, 11, 27))
    assert [one.reads().lines for one in (giulia, advisor)] == nothing
    assert len(await owed(stage, giulia)) == 1
    await ends(stage, advisor, "advisor", date(2027, 12, 3))
    assert await owed(stage, giulia) == []
    await until(stage, date(2026, 12, 4))
    assert [one.reads().lines for one in (giulia, advisor)] == nothing
