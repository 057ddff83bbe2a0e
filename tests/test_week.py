"""A whole week of seven members: what each read, and when it was where they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from storage.jobs import runs
from storage.store import Storage
from tests.lanes_stage import with_card
from tests.places_stage import seen
from tests.servers.slack import BOT_USER
from tests.ticking_stage import only
from tests.world import Clock, World, plain

MEMBERS = {
    "Marie": ("cimes", "Europe/Paris"),
    "Yann": ("emc2", "Europe/Paris"),
    "Luc": ("mecatech", "Europe/Brussels"),
    "Kasia": ("evoluma", "Europe/Warsaw"),
    "Ana": ("pool-net", "Europe/Lisbon"),
    "Chiara": ("clust-er-mech", "Europe/Rome"),
    "Inga": ("green-tech", "Europe/Riga"),
}
TIDY = select(runs.c.ran_at).where(runs.c.job == "Tidy up").order_by(runs.c.ran_at)
WRITERS = {"Paul": "cimes", "Rui": "pool-net", "Oskars": "green-tech"}
RUNS = select(runs.c.job, runs.c.slot, runs.c.state, runs.c.attempts).order_by(runs.c.job, runs.c.slot)


@pytest.fixture(params=["slack", "telegram"])
async def week(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on one platform with three jobs, early on a Monday."""
    storage, clock = Storage(sqlite_url), Clock(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))
    async with World(request.param, storage, clock, only("Cards", "Tidy up", "Weekly line")) as world:
        yield world
    storage.close_now()


async def until(world: World, moment: datetime) -> None:
    """The clock goes on to a moment, and everything happens that is due on the way."""
    await world.passes(seconds=(moment - world.clock.now()).total_seconds())


def told(somebody: Any, zone: str) -> list[str]:
    """What the bot wrote to somebody by itself, each with the time that their clocks showed."""
    if somebody.world.platform == "slack":
        chat = somebody.user.direct
        every = (one for one in somebody.user.sees(chat) if one.author == BOT_USER)
        found = [(float(one.ts), plain(one.words)) for one in every]
    else:
        found = [(one.date, plain(one.text)) for one in somebody.user.sees() if one.from_bot]
    moments = (datetime.fromtimestamp(at, ZoneInfo(zone)) for at, _ in found)
    return [f"{at:%a %H:%M} {text.splitlines()[0]}" for at, (_, text) in zip(moments, found, strict=True)]


async def ran(world: World) -> list[Any]:
    """Every run of every job: its name, slot, what came of it, and how often it was tried."""
    rows = await world.storage.read(lambda store: store._connection.execute(RUNS).all())
    return [tuple(row) for row in rows]


def nightly(*days: str, mondays: tuple[str, ...]) -> list[Any]:
    """What ran: the two jobs of these nights, and the one of these Mondays."""
    slots = [("Cards", f"{day}T00:05") for day in days] + [("Tidy up", f"{day}T02:30") for day in days]
    return [(*slot, "done", 1) for slot in (*slots, *(("Weekly line", f"{day}T07:30") for day in mondays))]


async def members(world: World) -> tuple[dict[str, Any], Any]:
    """The seven, three who log for three of them, by their names; and a group of theirs with a card."""
    people = {name: await world.member(name, where) for name, (where, _) in MEMBERS.items()}
    people |= {name: await world.member(name, where, "member") for name, where in WRITERS.items()}
    return people, await with_card(world, people["Marie"])


def all_told(people: dict[str, Any]) -> dict[str, list[str]]:
    """What each of the seven was told, and when; without those who were told nothing."""
    every = {name: told(people[name], zone) for name, (_, zone) in MEMBERS.items()}
    return {name: lines for name, lines in every.items() if lines}


async def test_a_week_of_seven_members(week: World) -> None:
    people, hall = await members(week)
    figures = []

    async def goes_on(day: int, hour: int) -> None:
        await until(week, datetime(2026, 11, day, hour, tzinfo=UTC))
        [card] = seen(people["Marie"], hall)
        figures.append(card.splitlines()[2].removeprefix("Knowledge exchange: "))

    await goes_on(24, 15)
    await people["Paul"].types("/log workshop Mould recycling on 24 Nov with MecaTech")
    await goes_on(25, 8)
    await people["Luc"].taps("We did")
    await people["Oskars"].types("/log webinar Heat pumps on 27 Nov 2026 with EMC2")
    await goes_on(26, 12)
    await people["Rui"].types("/log training Energy audits on 26 Nov smes Acme")
    for day, hour in ((26, 23), (27, 0), (30, 6), (30, 12)):
        await goes_on(day, hour)

    assert figures == [
        "0 of 2",
        "1 of 2 · 0 confirmed, 1 logged",
        "1 of 2 · 1 confirmed, 0 logged · 1 planned",
        "1 of 2 · 1 confirmed, 0 logged · 1 planned",
        *(["2 of 2 ✓ · 1 confirmed, 1 logged"] * 3),
    ]
    assert all_told(people) == {
        "Marie": ["Mon 09:00 Logged by CIMES last week: "
                  "Mould recycling · workshop · Tue 24 Nov · with MecaTech"],
        "Yann": ["Wed 09:00 Green-Tech Cluster says that EMC2 will take part in "
                 "Heat pumps (webinar, Fri 27 Nov)."],
        "Luc": ["Tue 16:00 ✓ Confirmed for MecaTech: Mould recycling, Tue 24 Nov."],
        "Ana": ["Mon 09:00 Logged by Pool-Net last week: Energy audits · training · Thu 26 Nov"],
        "Inga": ["Mon 09:00 Logged by Green-Tech Cluster last week: "
                 "Heat pumps · webinar · Fri 27 Nov · with EMC2"],
    }  # fmt: skip
    days = (f"2026-11-{day}" for day in range(24, 31))
    assert await ran(week) == nightly(*days, mondays=("2026-11-23", "2026-11-30"))


async def test_the_week_in_which_the_clocks_go_back(week: World) -> None:
    week.clock.at = datetime(2026, 10, 19, 5, 0, tzinfo=UTC)  # seven in Brussels, in summer
    people, _ = await members(week)
    await week.passes(days=3)
    await people["Paul"].types("/log training Heat pumps on 20 Oct smes Acme")
    await people["Rui"].types("/log training Energy audits on 20 Oct smes Verre")
    await until(week, datetime(2026, 10, 26, 12, 0, tzinfo=UTC))

    assert all_told(people) == {
        "Marie": ["Mon 09:00 Logged by CIMES last week: Heat pumps · training · Tue 20 Oct"],
        "Ana": ["Mon 09:00 Logged by Pool-Net last week: Energy audits · training · Tue 20 Oct"],
    }
    days = (f"2026-10-{day}" for day in range(20, 27))
    assert await ran(week) == nightly(*days, mondays=("2026-10-19", "2026-10-26"))
    moments = await week.storage.read(lambda store: store._connection.execute(TIDY).scalars().all())
    assert [f"{at:%d %H:%M}" for at in moments] == [
        *(f"{day} 00:30" for day in range(20, 26)), "26 01:30",
    ]  # fmt: skip
