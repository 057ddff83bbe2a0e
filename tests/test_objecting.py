"""Objecting to how something was decided, and the coordinator's answer (spec/decisions.md 3 and 6)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assembly.exporting import export_of
from bot.rules.decisions.recounting import recount
from tests.assembly_stage import ballots, becomes_final, closes, opened, stands
from tests.lanes_stage import read_by
from tests.places_stage import adds_bot, group_of
from tests.world import World

WHY = "The dates in the notice were wrong."


async def decided(world: World) -> tuple[Any, Any, Any, int]:
    """A carried change of the charter to which members may object; Ana of Pool-Net, Luc, the coordinator."""
    carla = await world.member("Carla", "", "coordinator")
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await opened(world, "charter_amendment", proposer=luc)
    await ballots(world, number, cimes="for", mecatech="for", emc2="for", evoluma="for")
    await closes(world, number)
    return ana, luc, carla, number


async def objects(who: Any, number: int) -> Any:
    await who.types(f"/object {number}")
    return await who.gives(why=WHY)


async def test_a_member_objects_and_nothing_becomes_final_until_it_is_dismissed(world: World) -> None:
    ana, luc, carla, number = await decided(world)

    heard = await objects(ana, number)
    assert heard.lines == [
        "Pool-Net objects to how motion 1 was decided, A small membership fee.",
        WHY,
        "The coordinator is asked to answer. Until then nothing becomes final.",
    ]
    assert "Object" not in (await ana.types("/motion 1")).buttons
    assert (await luc.types("/motion 1")).buttons[-1] == "Object"
    heard = await ana.types("/object 1 again")
    assert heard.lines == ["Pool-Net objects to motion 1 already; the coordinator is asked to answer."]
    await world.settled()
    assert carla.reads().lines == [
        "Pool-Net (Ana) objects to how motion 1 was decided, A small membership fee:",
        WHY,
        "Dismissed, the result stands. Upheld, the motion is void. Nothing becomes final meanwhile.",
        "You get this because you coordinate the alliance.",
    ]
    assert carla.reads().buttons == [
        "Dismiss",
        "Uphold",
        "Read it",
        "Later",
        "Stop these",
    ]
    await world.passes(days=7)
    now = await stands(world, number)
    assert (now.phase, now.challenged) == ("closed", True)
    assert "Object" not in (await luc.types("/motion 1")).buttons
    heard = await luc.types("/object 1 me too")
    assert heard.lines == [
        "Objecting to motion 1 was possible until Mon 7 Dec, 17:00 in Brussels. Nothing is recorded."
    ]

    await carla.taps("Dismiss")
    heard = await carla.gives(why="They were as announced.")
    assert heard.lines == [
        "Dismissed; Pool-Net is told. Motion 1 is final: A small membership fee.",
        "Reason: They were as announced.",
    ]
    await world.settled()
    assert "Pool-Net objected to motion 1, A small membership fee. The result stands." in read_by(ana)
    assert (await stands(world, number)).phase == "final"
    heard = await ana.types("/object 1 again")
    assert heard.first.startswith("Motion 1 is final since Wed 9 Dec, 16:01 in Lisbon")


async def test_an_objection_that_is_upheld_makes_the_motion_void(world: World) -> None:
    ana, luc, carla, number = await decided(world)
    await objects(ana, number)
    await world.settled()

    await carla.taps("Uphold")
    if world.platform == "telegram":
        assert carla.reads().lines == [
            "Motion 1, A small membership fee, is then void, and everybody who votes is told. Why?",
            f"Pool-Net objected: {WHY}",
        ]
    heard = await carla.gives(why="They were, indeed.")
    assert heard.lines == [
        "Motion 1 is void: A small membership fee. Everybody who votes is told.",
        "Reason: They were, indeed.",
    ]
    await world.settled()
    for somebody in (ana, luc):
        assert somebody.reads().lines == [
            "Motion 1 is void: A small membership fee. What it decided doesn't hold.",
            f"Pool-Net objected: {WHY}",
            "The coordinator's answer: They were, indeed.",
            "It can be proposed anew.",
            "You get this because you vote, proposed it, or coordinate the alliance.",
        ]
    now = await stands(world, number)
    assert (now.phase, now.motion.result, now.challenged) == ("void", "void", False)
    assert now.motion.closing_hash == now.entries[-1].hash
    exported = await world.storage.read(lambda store: export_of(store, number))
    found = recount(exported)
    assert (found.findings, found.declared) == ((), "void")
    await world.passes(days=7)
    assert (await stands(world, number)).motion.certified_at is None
    heard = await luc.types("/object 1 me too")
    assert heard.lines == [
        "Motion 1 decides nothing any more, so there is nothing to object to. Nothing is recorded."
    ]


async def test_each_objection_is_answered_and_then_the_result_is_final_on_its_day(world: World) -> None:
    ana, luc, carla, number = await decided(world)
    asked = []
    for somebody in (ana, luc):
        await objects(somebody, number)
        await world.settled()
        asked.append(carla.reads().raw)

    await carla.taps("Dismiss", on=asked[1])
    heard = await carla.gives(why="No.")
    assert heard.first == (
        "Dismissed; MecaTech is told. Another member objects to motion 1, A small membership fee."
    )
    await world.settled()
    assert luc.reads().lines == [
        "MecaTech objected to motion 1, A small membership fee. The result stands.",
        "The coordinator's answer: No.",
        "You get this because you vote, proposed it, or coordinate the alliance.",
    ]
    await carla.taps("Dismiss", on=asked[0])
    heard = await carla.gives(why="They were as announced.")
    assert heard.first == (
        "Dismissed; Pool-Net is told. "
        "Motion 1, A small membership fee, is final on Mon 7 Dec, 17:00 in Brussels."
    )
    await world.settled()
    assert ana.reads().lines == [
        "Pool-Net objected to motion 1, A small membership fee. The result stands.",
        "The coordinator's answer: They were as announced.",
        "It's final on Mon 7 Dec, 16:00 in Lisbon.",
        "You get this because you vote, proposed it, or coordinate the alliance.",
    ]
    await becomes_final(world, number)
    assert (await stands(world, number)).phase == "final"
    heard = await ana.types("/object 1 again")
    assert heard.first == (
        "Motion 1 is final since Mon 7 Dec, 16:00 in Lisbon, so objecting is over. You can propose a change."
    )


async def test_there_is_nothing_to_object_to_before_the_close_nor_without_a_window(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    number = await opened(world)
    heard = await ana.types("/object 1 it is wrong")
    assert heard.lines == [
        "Motion 1 isn't decided yet, so there is nothing to object to. Nothing is recorded."
    ]
    await closes(world, number)
    heard = await ana.types("/object 1 it is wrong")
    assert heard.first.startswith("Motion 1 is final since Wed 2 Dec, 16:00 in Lisbon")
    assert (await stands(world, number)).challenges == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_button_on_the_card_asks_in_private_and_the_card_says_that_somebody_objects(
    world: World,
) -> None:
    marie = await world.member("Marie", "cimes")
    group = group_of(world, "Assembly", marie)
    await adds_bot(world, group, marie)
    await marie.taps("Votes")
    await decided(world)
    card = marie.finds("A small membership fee", group)
    heard = await marie.taps("Object", on=card)
    if world.platform == "telegram":
        heard = await marie.starts(heard.raw.opened.partition("start=")[2])
        assert heard.first == (
            "What wasn't right about how motion 1 was decided, A small membership fee? You object for CIMES."
        )
    heard = await marie.gives(why=WHY)
    assert heard.first == "CIMES objects to how motion 1 was decided, A small membership fee."
    await world.passes(minutes=2)
    card = marie.finds("A small membership fee", group)
    assert marie.reads_on(card).lines[-1] == (
        "A member objects to how it was decided. It waits for the coordinator."
    )
