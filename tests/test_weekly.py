"""The weekly line: what was logged in an organisation's name, on Mondays at nine, until somebody stops it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from storage.store import Storage, Store
from tests.world import World

SUNDAY = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)  # eight in Brussels: half an hour after the job
LINE = "Logged by CIMES last week: Mould recycling · workshop · Thu 12 Nov · with MecaTech"
WHY = "You get this because you keep your organisation's list of activities."


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[World]:
    """The bot on one platform and one database, for what is the same on all."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def until(world: World, moment: datetime) -> None:
    """The clock goes on to a moment, and everything happens that is due on the way."""
    await world.passes(seconds=(moment - world.clock.now()).total_seconds())
    await world.settled()


async def week(world: World, *others: str) -> tuple[Any, Any]:
    """Marie logs, on a Tuesday, and Paul of the same organisation does not; it is then Sunday evening."""
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes", "member")
    await paul.types("/help")
    await world.passes()
    await marie.types("/log workshop Mould recycling on 12 Nov with MecaTech")
    for title in others:
        await marie.types(f"/log training {title} on 13 Nov smes {title} SA")
    await until(world, SUNDAY)
    return marie, paul


async def test_a_colleague_reads_what_was_logged_at_nine_on_monday(world: World) -> None:
    marie, paul = await week(world)
    hers = marie.reads()
    await until(world, MONDAY)
    assert LINE not in paul.reads().lines  # it is eight

    await until(world, MONDAY.replace(hour=8))

    heard = paul.reads()
    assert heard.lines == [LINE, WHY]
    assert heard.buttons == ["Not right", "Later", "Stop these"]
    assert marie.reads().lines == hers.lines  # she logged all of it

    heard = await paul.taps("Not right")
    assert heard.first == "Mould recycling · workshop · Thu 12 Nov · CIMES and MecaTech"
    assert heard.buttons == ["Edit", "Add link or photo", "Withdraw"]
    await until(world, datetime(2026, 12, 7, 20, 0, tzinfo=UTC))
    assert paul.reads().lines == heard.lines  # a week in which nothing was logged


async def test_many_are_five_and_a_tap_to_the_rest(small: World) -> None:
    titles = ("Pumps", "Moulds", "Heat", "Steel", "Water", "Robots", "Sand")
    _, paul = await week(small, *titles)
    await until(small, MONDAY.replace(hour=8))

    heard = paul.reads()
    assert heard.lines == [
        "Logged by CIMES last week:",
        "1 Mould recycling · workshop · Thu 12 Nov · with MecaTech",
        "2 Pumps · training · Fri 13 Nov",
        "3 Moulds · training · Fri 13 Nov",
        "4 Heat · training · Fri 13 Nov",
        "5 Steel · training · Fri 13 Nov",
        "3 more are in your list.",
        WHY,
    ]
    assert heard.buttons == [*(f"Not right: {n}" for n in range(1, 6)), "All of them", "Later", "Stop these"]
    heard = await paul.taps("Not right: 3")
    assert heard.first == "Moulds · training · Fri 13 Nov · CIMES"
    assert (await paul.taps("All of them")).first == "CIMES · 8 · page 1 of 2"


async def test_each_reads_it_at_nine_where_they_are(small: World) -> None:
    _, paul = await week(small)
    await paul.types("/timezone Lisbon")
    await until(small, MONDAY.replace(hour=8, minute=59))
    assert LINE not in paul.reads().lines
    await until(small, MONDAY.replace(hour=9))
    assert paul.reads().lines == [LINE, WHY]


@pytest.mark.parametrize("reason", ["withdrawn", "role over", "stopped"])
async def test_what_is_no_longer_due_is_not_sent(small: World, reason: str) -> None:
    marie, paul = await week(small)
    await until(small, MONDAY)  # the job has run, and it is not nine yet
    before = paul.reads().lines
    if reason == "withdrawn":
        await marie.types("/withdraw 1")
    else:
        now = small.clock.now()

        def change(store: Store) -> None:
            person = store.accounts.identify(paul.account).person
            assert person is not None
            if reason == "stopped":
                store.silenced.stop(person.id, "weekly line", now)
            else:
                store.roles.end(store.roles.of_person(person.id)[0].id, now, None)

        await small.storage.write(change)

    await until(small, MONDAY.replace(hour=10))

    assert paul.reads().lines == before


async def test_stop_these_and_get_them_again(world: World) -> None:
    marie, paul = await week(world)
    await until(world, MONDAY.replace(hour=8))
    heard = await paul.taps("Stop these")
    assert heard.lines == ["I won't send you Weekly line any more. Everything else stays."]
    assert heard.buttons == ["Get them again", "What I send you"]

    await marie.types("/log training Pumps on 13 Nov smes Pumps SA")
    await until(world, datetime(2026, 12, 7, 10, 0, tzinfo=UTC))
    assert paul.reads().lines == heard.lines

    heard = await paul.taps("Get them again")
    assert heard.lines == ["You'll get Weekly line again."]
    await marie.types("/log training Heat on 13 Nov smes Heat SA")
    await until(world, datetime(2026, 12, 14, 10, 0, tzinfo=UTC))
    assert paul.reads().first == "Logged by CIMES last week: Heat · training · Fri 13 Nov"


async def test_a_cohosts_tap_is_no_logging_and_a_colleagues_change_is(small: World) -> None:
    luc = await small.member("Luc", "mecatech")
    marie, paul = await week(small)
    await until(small, MONDAY.replace(hour=8))
    await luc.taps("We did")
    seen = paul.reads().lines, marie.reads().lines
    await until(small, datetime(2026, 12, 7, 10, 0, tzinfo=UTC))
    assert (paul.reads().lines, marie.reads().lines) == seen

    heard = await paul.types("/edit 1 title Mould recycling in practice")
    await until(small, datetime(2026, 12, 14, 10, 0, tzinfo=UTC))

    assert paul.reads().lines == heard.lines
    assert marie.reads().lines == [LINE.replace("recycling", "recycling in practice"), WHY]


async def test_somebody_of_two_organisations_reads_one_message(small: World) -> None:
    luc = await small.member("Luc", "mecatech")
    _, paul = await week(small)
    await small.grants(paul, "member", "mecatech")
    await luc.types("/log training Pumps on 13 Nov smes Pumps SA")
    await until(small, MONDAY.replace(hour=8))

    assert paul.reads().lines == [
        "Logged by CIMES last week:",
        LINE.partition(": ")[2].join(("1 ", "")),
        "Logged by MecaTech last week:",
        "2 Pumps · training · Fri 13 Nov",
        WHY,
    ]
