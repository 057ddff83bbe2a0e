"""Before the newsletter is made, whoever had something to tell lately is asked for an item: twice at most."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.jobs.newsletter_items import ask_for_items
from tests.assembly_stage import in_house, slack_world
from tests.newsletter_stage import DRAFT, it_is, news, subscribed, told
from tests.world import World

__all__ = ["slack_world"]

WHY = "You get this because you told the others of something in the last three months."
FIVE, ONE = DRAFT - timedelta(days=5), DRAFT - timedelta(days=1)  # Thu 24 and Mon 28 Dec, ten in Brussels
TITLE = "Green Manufacturing News"
ASKED = f"{TITLE} of Tue 5 Jan 2027 takes items until Tue 29 Dec, 10:00 in Paris."


def asked(who: Any) -> list[Any]:
    """What somebody was asked for, oldest first."""
    return [one for one in told(who) if WHY in one.lines]


async def started(world: World, *people: Any) -> None:
    """These have written to the bot, the first of them reads the newsletter, and a month has begun."""
    for one in people:
        await one.types("/help")
    await subscribed(world, people[0])
    await it_is(world, FIVE - timedelta(days=1))


async def test_who_logged_is_asked_five_days_and_one_day_before(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes", "member")
    luc, ana = await world.member("Luc", "mecatech"), await world.member("Ana", "pool-net")
    await paul.types("/log training Pumps on 12 Nov smes Pumps SA")
    await luc.types("/log training Moulds on 12 Nov smes Moulds SA")
    await started(world, marie, paul, luc, ana)
    assert asked(paul) == []

    await it_is(world, FIVE)
    (heard,) = asked(paul)
    assert heard.lines == [
        ASKED,
        "Has CIMES something for the others? A title and a line are enough.",
        "What you log and announce stands in it anyway, if it counts.",
        WHY,
    ]
    assert heard.buttons[:2] == ["Send an item", "Nothing this time"]
    assert (len(asked(luc)), asked(marie), asked(ana)) == (
        1,
        [],
        [],
    )  # one of each that had something to tell

    heard = await luc.taps("Nothing this time")
    assert heard.lines == [
        "Noted: nothing from MecaTech for the next Green Manufacturing News.",
        "I won't ask again for this one.",
    ]
    await it_is(world, ONE)
    again = asked(paul)[-1].first
    assert again == f"{TITLE} has nothing from CIMES yet; it takes items until Tue 29 Dec, 10:00 in Paris."
    assert len(asked(paul)) == 2
    assert len(asked(luc)) == 0  # the answer stands in place of what was asked
    await it_is(world, DRAFT + timedelta(hours=2))
    assert len(asked(paul)) == 2


async def test_who_sent_one_is_not_asked_and_a_colleagues_item_is_enough(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    luc = await slack_world.member("Luc", "mecatech")
    ana, rui = await slack_world.member("Ana", "pool-net"), await slack_world.member("Rui", "pool-net")
    for somebody, title in ((marie, "Pumps"), (luc, "Moulds"), (ana, "Heat")):
        await somebody.types(f"/log training {title} on 12 Nov smes {title} SA")
    await started(slack_world, marie, luc, ana, rui)
    await news(slack_world, luc, organisation="mecatech")
    await it_is(slack_world, FIVE)
    assert (len(asked(marie)), len(asked(luc)), len(asked(ana))) == (1, 0, 1)
    await news(slack_world, rui, organisation="pool-net")
    await it_is(slack_world, ONE - timedelta(hours=2))
    for _ in range(2):
        await in_house(slack_world, lambda ctx: ask_for_items(ctx, ONE))
    await it_is(slack_world, ONE)
    assert (len(asked(marie)), len(asked(luc)), len(asked(ana)), len(asked(rui))) == (2, 0, 1, 0)


async def test_while_nobody_reads_it_nobody_is_asked(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await marie.types("/log training Pumps on 12 Nov smes Pumps SA")
    for moment in (FIVE - timedelta(days=1), FIVE, ONE):
        await it_is(slack_world, moment)
    assert asked(marie) == []
