"""What is missing to the year's targets: told to one person of each member, with what could be done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bot.context import Context
from bot.jobs.gaps import tell_of_gaps
from tests.assembly_stage import acting, in_house, slack_world
from tests.attention_stage import calm
from tests.events_stage import it_is
from tests.newsletter_stage import told
from tests.world import World

__all__ = ["calm", "slack_world"]

WHY = "You get this because you look after your organisation's part in the alliance's targets."
TENTH = datetime(2026, 12, 10, 8, tzinfo=UTC)  # nine in Paris, 21 days before the year ends


def gaps(who: Any) -> list[Any]:
    """What somebody was told of gaps, oldest first."""
    return [
        one for one in told(who) if one.first.startswith(("The alliance in 2026: ", "The alliance in 2027: "))
    ]


async def test_its_manager_reads_the_numbers_what_to_do_and_with_whom(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    ola, ana = await world.member("Ola", "cimes", "cluster-manager"), await world.member("Ana", "pool-net")
    for somebody in (marie, luc, ola, ana):
        await somebody.types("/help")
    await marie.types("/log workshop Mould recycling on 12 Nov with EVOLUMA")
    await marie.types("/log training Pumps on 13 Nov smes Pumps SA, Steel SA")
    await marie.types("/log workshop Steel day on 16 Nov")
    await it_is(world, TENTH.replace(day=9))
    await it_is(world, TENTH.replace(hour=7, minute=59))
    assert gaps(ola) == []

    await it_is(world, TENTH)
    (heard,) = gaps(ola)
    assert heard.lines == [
        "The alliance in 2026: Knowledge exchange: 1 of 2, Joint proposals: 0 of 1, SMEs reached: 2 of 20, "
        "Policy voice: 0 of 1. "
        "21 days are left.",
        "What CIMES could do:",
        "· Steel day is logged and not counted yet. It takes a second member cluster.",
        "· Knowledge exchange: host an event with another member.",
        "· Joint proposals: log one with another member (project proposal).",
        "· SMEs reached: name the SMEs that took part in yours.",
        "· Policy voice: log one (policy recommendation, policy workshop).",
        "Good partners: MecaTech (nothing yet this year, both in mechanical engineering, another country, "
        "nothing together yet this year) and Pool-Net (nothing yet this year, another country, "
        "nothing together yet this year).",
        WHY,
    ]
    assert "a second member cluster.\n· Knowledge" in heard.text.replace("*", "")
    assert heard.buttons[:3] == ["Find partners", "Log something", "All indicators"]
    assert gaps(marie) == []  # one person of an organisation
    assert [one.first for one in gaps(luc)] == [heard.first]
    assert "late" not in heard.text


async def test_it_stops_when_met_and_a_second_run_adds_nothing(slack_world: World) -> None:
    marie, luc = await slack_world.member("Marie", "cimes"), await slack_world.member("Luc", "mecatech")
    for somebody in (marie, luc):
        await somebody.types("/help")
    await it_is(slack_world, TENTH.replace(day=9))
    await it_is(slack_world, TENTH)
    slot = datetime(2026, 12, 10, 5, tzinfo=UTC)
    for _ in range(2):
        await in_house(slack_world, lambda ctx: tell_of_gaps(ctx, slot))
        await slack_world.settled()
    assert (len(gaps(marie)), len(gaps(luc))) == (1, 1)

    await marie.types("/log workshop Pumps on 2 Dec with MecaTech")
    await marie.types("/log workshop Moulds on 3 Dec with MecaTech")
    await it_is(slack_world, datetime(2026, 12, 24, 8, tzinfo=UTC))
    assert len(gaps(marie)) == 2
    last = gaps(marie)[-1]
    assert last.first == (
        "The alliance in 2026: Joint proposals: 0 of 1, SMEs reached: 0 of 20, Policy voice: 0 of 1. "
        "7 days are left."
    )
    assert last.buttons[:2] == ["Log something", "All indicators"]  # no event is missing any more

    firms = ", ".join(f"Firm {n} SA" for n in range(20))
    await it_is(slack_world, datetime(2027, 9, 30, 8, tzinfo=UTC))
    seen = len(gaps(marie))
    await marie.types("/log workshop Pumps again on 2 September with MecaTech")
    await marie.types(f"/log workshop Moulds again on 3 September with MecaTech smes {firms}")
    await marie.types("/log project proposal Green moulds on 20 September with MecaTech")
    await marie.types("/log policy recommendation Repair first on 3 September")
    await it_is(slack_world, datetime(2027, 10, 1, 8, tzinfo=UTC))
    assert len(gaps(marie)) == seen


async def test_nobody_hears_of_it_in_the_first_quarter(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await marie.types("/help")
    for day in (date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 31)):
        await it_is(slack_world, datetime(day.year, day.month, day.day, 8, tzinfo=UTC))
    assert gaps(marie) == []
    await it_is(slack_world, datetime(2027, 4, 1, 7, tzinfo=UTC))
    assert len(gaps(marie)) == 1


async def test_who_looks_after_it_in_two_members_hears_of_it_once(slack_world: World) -> None:
    marie, luc = await slack_world.member("Marie", "cimes"), await slack_world.member("Luc", "mecatech")
    await slack_world.grants(marie, "cluster-manager", "mecatech")
    for somebody in (marie, luc):
        await somebody.types("/help")
    await it_is(slack_world, TENTH.replace(day=9))
    for hour in (8, 12):
        await it_is(slack_world, TENTH.replace(hour=hour))
    assert (len(gaps(marie)), len(gaps(luc))) == (1, 0)


async def test_while_they_are_away_their_deputy_reads_it(calm: World) -> None:
    ola, paul = await calm.member("Ola", "cimes", "cluster-manager"), await calm.member("Paul", "cimes")
    for somebody in (ola, paul):
        await somebody.types("/help")

    def goes(ctx: Context) -> None:
        away, deputy = acting(ctx, ola).person.id, acting(ctx, paul).person.id
        ctx.store.attention.away(away, date(2026, 12, 31), deputy, ctx.now)

    await it_is(calm, TENTH.replace(day=9))
    await in_house(calm, goes)
    await it_is(calm, TENTH)
    await it_is(calm, TENTH.replace(hour=9))
    (heard,) = gaps(paul)
    assert "What CIMES could do:" in heard.lines
    assert heard.buttons[:3] == ["Find partners", "Log something", "All indicators"]
    assert gaps(ola) == []
    heard = await paul.types("/todo")
    assert heard.lines[:2] == ["One thing to do:", "For Ola"]
    assert heard.buttons == ["Find partners", "Log something", "All indicators"]


async def test_two_reminders_of_one_morning_are_one_digest(calm: World) -> None:
    marie, luc = await calm.member("Marie", "cimes"), await calm.member("Luc", "mecatech")
    for somebody in (marie, luc):
        await somebody.types("/help")
    await it_is(calm, TENTH.replace(day=3))
    await marie.types("/log workshop Mould recycling on 12 Nov with MecaTech")
    await it_is(calm, TENTH.replace(day=9, hour=12))
    before = len(told(luc))
    await it_is(calm, TENTH)
    await it_is(calm, TENTH.replace(hour=10))
    (heard,) = told(luc)[before:]
    numbers = (
        "The alliance in 2026: Knowledge exchange: 1 of 2, Joint proposals: 0 of 1, SMEs reached: 0 of 20, "
        "Policy voice: 0 of 1. "
        "21 days are left."
    )
    assert any(line.endswith(numbers) for line in heard.lines)
    says = "CIMES says MecaTech took part in Mould recycling, Thu 12 Nov"
    assert any(says in line for line in heard.lines), heard.lines
