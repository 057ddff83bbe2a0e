"""A co-host who did not answer is asked once more after seven days, and several times is one message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.context import Context
from bot.handlers.cohosts_reminders import in_a_line
from bot.jobs.confirmations import remind_of_confirmations
from bot.messages import Reply
from bot.people.duties import as_person
from tests.assembly_stage import in_house, slack_world
from tests.events_stage import it_is
from tests.newsletter_stage import told
from tests.test_bodies import number_of
from tests.world import World

__all__ = ["slack_world"]

WHY = "You get this because you look after your organisation's activities. This is the last time I ask."
FIRST = "CIMES says that MecaTech took part in Mould recycling (workshop, Thu 12 Nov)."
SEVENTH = datetime(2026, 12, 1, 8, tzinfo=UTC)  # nine in Brussels, seven days after the morning of every test


def reminded(who: Any) -> list[Any]:
    """What somebody was told once more, oldest first."""
    return [one for one in told(who) if WHY in one.lines]


async def test_one_activity_is_asked_about_once_more_and_never_again(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    lena = await world.member("Lena", "mecatech", "member")
    for somebody in (luc, lena):
        await somebody.types("/help")
    await marie.types("/log workshop Mould recycling on 12 Nov with MecaTech")
    await world.happens()
    await it_is(world, SEVENTH.replace(hour=7, minute=59))
    assert reminded(luc) == []

    await it_is(world, SEVENTH)
    (heard,) = reminded(luc)
    assert heard.lines == [FIRST, "Is that right? It counts meanwhile, and stays if you say nothing.", WHY]
    assert heard.buttons[:2] == ["We did", "Not us"]
    assert reminded(lena) == []  # one person of an organisation
    for day in (2, 5, 8, 15):
        await it_is(world, SEVENTH.replace(day=day))
    assert len(reminded(luc)) == 1
    heard = await luc.taps("We did")
    assert heard.first == "✓ Confirmed for MecaTech: Mould recycling, Thu 12 Nov."


async def test_six_are_one_message_with_both_answers_for_five(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await luc.types("/help")
    for day, title in enumerate(("Pumps", "Moulds", "Heat", "Steel", "Water", "Robots", "Sand", "Glue"), 2):
        await marie.types(f"/log workshop {title} on {day} Nov with MecaTech")
    await marie.types("/withdraw 8")
    await world.happens()
    await it_is(world, SEVENTH.replace(hour=5))
    await luc.types("/activity 1")
    await luc.taps("We did")
    await it_is(world, SEVENTH)

    (heard,) = reminded(luc)
    assert heard.lines == [
        "Still open: MecaTech's tap for what it had a part in.",
        "1 · Moulds · workshop · Tue 3 Nov · logged by CIMES",
        "2 · Heat · workshop · Wed 4 Nov · logged by CIMES",
        "3 · Steel · workshop · Thu 5 Nov · logged by CIMES",
        "4 · Water · workshop · Fri 6 Nov · logged by CIMES",
        "5 · Robots · workshop · Sat 7 Nov · logged by CIMES",
        "One more is in your list.",
        "They count meanwhile, and stay if you say nothing.",
        WHY,
    ]
    answers = [f"{answer}: {n}" for n in range(1, 6) for answer in ("We did", "Not us")]
    assert heard.buttons[:11] == [*answers, "The others"]
    heard = await luc.taps("Not us: 2")
    assert heard.first == "MecaTech is off Heat. CIMES is told."


async def test_who_was_put_down_later_has_their_own_seven_days_and_a_second_run_adds_nothing(
    slack_world: World,
) -> None:
    marie, luc = await slack_world.member("Marie", "cimes"), await slack_world.member("Luc", "mecatech")
    ana = await slack_world.member("Ana", "pool-net")
    for somebody in (luc, ana):
        await somebody.types("/help")
    await marie.types("/log workshop Mould recycling on 12 Nov with MecaTech")
    await slack_world.settled()
    await luc.taps("We did")
    await it_is(slack_world, SEVENTH.replace(hour=10))
    await marie.types("/edit 1 with MecaTech and Pool-Net")
    await it_is(slack_world, SEVENTH.replace(day=7, hour=10))
    assert reminded(ana) == []
    await it_is(slack_world, SEVENTH.replace(day=8, hour=9))  # nine in Lisbon
    slot = SEVENTH.replace(day=9, hour=4)
    for _ in range(2):
        await in_house(slack_world, lambda ctx: remind_of_confirmations(ctx, slot))
        await slack_world.settled()
    assert len(reminded(ana)) == 1
    assert len(reminded(luc)) == 1  # with other hosts it is another activity: they were asked anew


async def test_an_answer_about_one_leaves_the_others_where_they_are(slack_world: World) -> None:
    marie, luc = await slack_world.member("Marie", "cimes"), await slack_world.member("Luc", "mecatech")
    await luc.types("/help")
    for day, title in enumerate(("Pumps", "Moulds", "Heat"), 2):
        await marie.types(f"/log workshop {title} on {day} Nov with MecaTech")
    await slack_world.happens()
    await it_is(slack_world, SEVENTH)
    (asked,) = reminded(luc)
    assert (await luc.taps("We did: 1")).first == "✓ Confirmed for MecaTech: Pumps, Mon 2 Nov."
    assert [one.lines for one in reminded(luc)] == [asked.lines]
    heard = await luc.taps("Not us: 3", on=asked.raw)
    assert heard.first == "MecaTech is off Heat. CIMES is told."


async def test_a_digest_says_of_one_what_is_asked_and_of_several_how_many(slack_world: World) -> None:
    marie, luc = await slack_world.member("Marie", "cimes"), await slack_world.member("Luc", "mecatech")
    for day, title in enumerate(("Pumps", "Moulds", "Heat"), 2):
        await marie.types(f"/log workshop {title} on {day} Nov with MecaTech")
    number = await number_of(slack_world, luc)

    async def line(*activities: int) -> Reply:
        values = {"organisation": "mecatech", "activities": activities}
        return await in_house(slack_world, lambda ctx: in_a_line(reader(ctx, number), values))

    one = await line(2)
    assert (one.template, one.values["title"]) == ("owed/confirmation", "Moulds")
    assert [tap.label for tap in one.buttons] == ["We did", "Not us"]
    several = await line(1, 2, 3)
    assert several.values == {"count": 3, "organisation": "MecaTech"}
    assert [(tap.label, tap.command) for tap in several.buttons] == [("Look at them", "activity")]

    await in_house(slack_world, lambda ctx: ctx.tell((number,), several.template, "t", several.values))
    await slack_world.settled()
    assert luc.reads().lines == ["3 activities wait for MecaTech's tap; they count meanwhile."]
    await luc.types("/activity 1")
    assert "Next one" in (await luc.taps("We did")).buttons  # so the first leads through all of them


def reader(ctx: Context, number: int) -> Context:
    seen = as_person(ctx, number)
    assert seen is not None
    return seen
