"""What was decided elsewhere is recorded, and the register of all decisions (spec/decisions.md 4.10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.rules.decisions.tallying import outcome_json
from bot.rules.decisions.values import Verdict
from tests.assembly_stage import ballots, closes, noticed, opened, stands
from tests.world import World

PREVIEW = [
    "This is what will be recorded:",
    "A joint newsletter",
    "A resolution · Art. 5(1) · decided Tue 12 May",
    "We write one every quarter.",
]
MARKED = "It's marked as recorded, not voted here. Members are told and may object for seven days."


async def coordinator(world: World) -> Any:
    return await world.member("Carla", "", "coordinator")


async def test_a_decision_of_before_is_recorded_told_and_final_in_a_week(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")

    await carla.types("/record decision A joint newsletter on 12 May")
    heard = await carla.gives(text="We write one every quarter.")
    assert heard.lines == [*PREVIEW, MARKED]
    assert heard.buttons == ["Record it", "Add the count", "Add the minutes", "Look at it again", "Cancel"]
    heard = await carla.taps("Add the count")
    assert heard.lines == ["How was it decided? As in 12-5-3 of 30, or: no objection."]
    heard = await _answers(carla, "5-1-0")
    assert heard.lines == [*PREVIEW, "5 for · 1 against · 0 abstained (7 members)", MARKED]
    await carla.taps("Look at it again")
    heard = await _answers(carla, "1 June 2027")
    assert heard.lines[-2] == "To be looked at again Tue 1 Jun 2027."
    heard = await carla.taps("Record it")
    assert heard.lines == [
        "✓ Recorded as motion 1, decided Tue 12 May: A joint newsletter",
        "Members are told. It's final on Tue 1 Dec, 10:30 in Brussels, unless one objects.",
    ]
    await world.settled()
    assert ana.reads().lines == [
        "Carla recorded a decision that wasn't voted here, as motion 1:",
        *PREVIEW[1:],
        "5 for · 1 against · 0 abstained (7 members)",
        "To be looked at again Tue 1 Jun 2027.",
        "It's final on Tue 1 Dec, 09:30 in Lisbon, unless a member objects.",
        "You get this because you vote for your organisation.",
    ]
    assert ana.reads().buttons == ["Read it", "Object", "Later", "Stop these"]
    now = await stands(world, 1)
    assert (now.phase, now.motion.origin, now.motion.result) == ("closed", "recorded", "carried")

    line = "1 · A joint newsletter · Tue 12 May · Art. 5(1) · 5 for, 1 against, 0 abstained"
    heard = await ana.types("/decisions")
    assert heard.lines == [
        "What the Assembly has decided · 1",
        f"{line} · recorded, not voted here · not final yet · looked at again Tue 1 Jun 2027",
    ]
    await world.passes(days=7)
    assert (await stands(world, 1)).phase == "final"
    world.clock.pass_(days=190)
    heard = await ana.types("/decisions")
    assert heard.lines == [
        "What the Assembly has decided · 1",
        "One is to be looked at again.",
        f"{line.replace('12 May', '12 May 2026')} · recorded, not voted here · to be looked at again",
    ]


async def test_a_member_may_object_to_what_was_recorded(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")
    await _record(carla, "no objection")
    await world.settled()

    assert "Nobody objected." in ana.reads().lines
    heard = await ana.types("/decisions")
    assert heard.lines[1] == (
        "1 · A joint newsletter · Tue 12 May · Art. 5(1) · nobody objected · recorded, not voted here"
        " · not final yet"
    )
    await ana.taps("Object")
    await ana.gives(why="We were not there.")
    await world.passes(days=8)
    assert (await stands(world, 1)).phase == "closed"
    await carla.taps("Uphold")
    heard = await carla.gives(why="Only three of us were.")
    assert heard.first == "Motion 1 is void: A joint newsletter. Everybody who votes is told."
    heard = await ana.types("/decisions")
    assert heard.lines == [
        "What the Assembly has decided · 0",
        "Nothing yet. Once a motion is carried, it stands here.",
    ]


async def test_what_was_not_carried_or_is_still_to_come_is_not_recorded(world: World) -> None:
    carla, ana = await coordinator(world), await world.member("Ana", "pool-net")

    for counts, said in (
        ("many", 'I couldn\'t read "many" as counts. For, against and abstained are written as in 5-1-0, '
                 "or: no objection."),
        ("12-5-3", "That's 20 votes, and 7 members have one today. How many were there then? "
                   "As in 12-5-3 of 30."),
        ("12-5-3 of 15", "That's 20 votes of 15 members, and each has one. Which counts were they?"),
        ("1-5-0", "With 1 for, 5 against and 0 abstained, nothing was decided. I record what was carried; "
                  "nothing is saved."),
    ):  # fmt: skip
        heard = await carla.types(f"/record A joint newsletter text We write one on 12 May counts {counts}")
        assert heard.first == said
    heard = await carla.types("/record A joint newsletter text We write one on 12 May 2027")
    assert heard.first == (
        "Wed 12 May 2027 is still to come. What is to be decided then can be proposed as a motion."
    )
    heard = await ana.types("/record A joint newsletter text We write one on 12 May")
    assert heard.first.startswith("Your role here doesn't include keeping the Assembly's records")
    heard = await carla.types("/record A joint newsletter text We write one on 12 May counts 12-5-3 of 30")
    assert heard.lines[4] == "12 for · 5 against · 3 abstained (30 members)"


async def test_the_register_lists_what_was_voted_and_what_was_recorded_page_by_page(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    now = world.clock.now()
    for n in range(5):
        at = now - timedelta(days=30 + n)
        fields: dict[str, Any] = {"outcome": outcome_json(Verdict("carried", None, ()), None)}
        fields |= {"origin": "recorded", "closed_at": now, "final_at": now, "closes_at": at, "opens_at": at}
        await noticed(world, title=f"Before the bot {n}", **fields)
    number = await opened(world, review_on=date(2026, 12, 1))
    await ballots(world, number, cimes="for", mecatech="for", emc2="for", evoluma="against")
    await closes(world, number)
    lost = await opened(world, title="Lost")
    await closes(world, lost)

    heard = await ana.types("/decisions")
    assert heard.lines[:4] == [
        "What the Assembly has decided · 6 · page 1 of 2",
        "One is to be looked at again.",
        "6 · A joint newsletter · Wed 2 Dec · Art. 5(1) · 3 for, 1 against, 0 abstained"
        " · to be looked at again",
        "1 · Before the bot 0 · Sun 25 Oct · Art. 5(1) · recorded, not voted here",
    ]
    assert heard.buttons == ["Motion 6", "Motion 1", "Motion 2", "Motion 3", "Motion 4", "Older"]
    heard = await ana.taps("Older")
    assert heard.lines[2:] == ["5 · Before the bot 4 · Wed 21 Oct · Art. 5(1) · recorded, not voted here"]
    assert heard.buttons == ["Motion 5", "Newer"]


async def _record(carla: Any, counts: str) -> None:
    await carla.types(f"/record A joint newsletter text We write one on 12 May counts {counts}")
    await carla.taps("Record it")


async def _answers(carla: Any, words: str) -> Any:
    """A question in the direct chat, answered in words."""
    await carla.says(words)
    return carla.reads()
