"""`/todo`: what somebody and their organisations owe, until it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.context import Context
from bot.people.duties import DUTIES, Owed
from storage.store import Storage
from tests.events_stage import planned
from tests.world import World

THINGS = ("Pumps", "Steel", "Water", "Robots", "Heat", "Sand", "Glass", "Lasers", "Valves", "Paint")
NOTHING = "Nothing to do. All that was asked of you is answered."
MOULDS = "CIMES says MecaTech took part in Moulds, Thu 12 Nov."


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[World]:
    """The bot on one platform and one database, for what is the same on all."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def staff(world: World, *organisations: str) -> None:
    """Somebody else speaks for these, and so owes what only they do."""
    for organisation in organisations:
        await world.member(f"Head of {organisation}", organisation)


async def test_what_is_done_is_gone_from_the_list(world: World) -> None:
    await staff(world, "cimes", "mecatech", "pool-net")
    marie = await world.member("Marie", "cimes", "member")
    luc, lea = [await world.member(name, "mecatech", "member") for name in ("Luc", "Lea")]
    ana = await world.member("Ana", "pool-net", "member")
    assert (await luc.types("/todo")).lines == [NOTHING]
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")
    await planned(world, by=ana)

    heard = await luc.types("/todo")
    assert heard.lines == [
        "2 things to do:",
        "You",
        "1 Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels: do you go?",
        "MecaTech",
        f"2 {MOULDS}",
    ]
    assert heard.buttons == ["1 · Going", "1 · Maybe", "1 · Can't", "2 · We did", "2 · Not us"]

    assert (await luc.taps("2 · We did")).first == "✓ Confirmed for MecaTech: Moulds, Thu 12 Nov."
    heard = await lea.types("/tasks")
    assert heard.lines == [
        "One thing to do:",
        "Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels: do you go?",
    ]
    assert heard.buttons == ["Going", "Maybe", "Can't"]
    await lea.taps("Can't")
    heard = await lea.types("/todo")
    assert (heard.lines, heard.buttons) == ([NOTHING], ["What comes next"])
    heard = await lea.taps("What comes next")
    assert heard.first == "Nothing waits for you, Lea, and the next two weeks are free."


async def test_two_hats_owe_for_both_and_who_may_not_act_owes_nothing(small: World) -> None:
    await staff(small, "cimes", "mecatech", "pool-net")
    marie = await small.member("Marie", "cimes", "member")
    ines = await small.member("Ines", "mecatech", "member")
    await small.grants(ines, "member", "pool-net")
    advisor = await small.member("Otto", "", "advisor")
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech, Pool-Net")

    assert (await ines.types("/todo")).lines == [
        "2 things to do:",
        "MecaTech",
        f"1 {MOULDS}",
        "Pool-Net",
        "2 CIMES says Pool-Net took part in Moulds, Thu 12 Nov.",
    ]
    assert (await advisor.types("/todo")).lines == [NOTHING]


async def test_it_is_listed_where_its_messages_are_stopped(small: World) -> None:
    await staff(small, "cimes", "mecatech", "pool-net")
    marie = await small.member("Marie", "cimes", "member")
    luc = await small.member("Luc", "mecatech", "member")
    await luc.types("/notify activities off")
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")
    await small.settled()
    assert (await luc.types("/todo")).lines == ["One thing to do:", MOULDS]


async def test_a_kind_that_breaks_stops_no_other(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await staff(small, "cimes", "mecatech", "pool-net")
    marie = await small.member("Marie", "cimes", "member")
    luc = await small.member("Luc", "mecatech", "member")
    await marie.types("/log workshop Moulds on 12 Nov with MecaTech")

    def breaks(_ctx: Context) -> Iterator[Owed]:
        raise LookupError("gone")

    def says_nothing(_ctx: Context) -> Iterator[Owed]:
        yield Owed("mute", "mute:1", "owed/vote", {"number": 7})  # without its other words

    monkeypatch.setitem(DUTIES, "breaks", breaks)
    monkeypatch.setitem(DUTIES, "mute", says_nothing)
    assert (await luc.types("/todo")).lines == ["One thing to do:", MOULDS]


async def test_many_are_pages(small: World) -> None:
    await staff(small, "cimes", "mecatech", "pool-net")
    marie = await small.member("Marie", "cimes", "member")
    luc = await small.member("Luc", "mecatech", "member")
    for at, thing in enumerate(THINGS):
        await marie.types(f"/log workshop {thing} on {1 + 2 * at} Oct with MecaTech")

    heard = await luc.types("/todo")
    assert (heard.first, heard.lines[-1]) == ("10 things to do:", "And 2 more.")
    assert [line[:2] for line in heard.lines[1:-1]] == ["1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "7 ", "8 "]
    assert heard.buttons[-3:] == ["8 · We did", "8 · Not us", "More"]

    heard = await luc.taps("More")
    assert heard.lines[0] == "10 things to do, page 2:"
    assert heard.buttons == ["1 · We did", "1 · Not us", "2 · We did", "2 · Not us", "Back"]
    assert (await luc.taps("Back")).first == "10 things to do:"
