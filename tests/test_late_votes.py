"""Votes that come late, or when there is nothing to vote on: the deadline decides (decisions.md 5.11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.assembly.settling import changed
from tests.assembly_stage import in_house, noticed, opened, stands, votes
from tests.both_platforms import book_of, card_lines, is_proved, votes_hall
from tests.lanes_stage import read_by
from tests.test_voting import TITLE, is_told
from tests.world import World

SEE = ["See the result", "Tell the coordinator"]


async def over(world: World, number: int, **how: Any) -> None:
    """The motion is withdrawn or void now; nobody's screen shows it yet."""

    def end(ctx: Any) -> None:
        motion = ctx.store.motions.get(number, lock=True)
        changed(ctx, ctx.store.motions.write(replace(motion, **how)))

    await in_house(world, end)


def stamps(world: World, seconds: Callable[[], float]) -> None:
    """The platform stamps what people do from now on with these Unix seconds."""
    world.slack.world.seconds = seconds  # type: ignore[method-assign]
    world.slack.world._last_ts = 0
    world.telegram.now = seconds


async def test_a_vote_that_comes_late_is_not_counted(world: World) -> None:
    luc, eva = await world.member("Luc", "mecatech"), await world.member("Eva", "emc2")
    giulia = await world.member("Giulia", "", "coordinator")
    hall = await votes_hall(luc, eva, giulia)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    closes_at = (await stands(world, number)).motion.closes_at

    world.clock.at = closes_at  # it is over the moment that it says
    heard = await luc.taps("Against", on=card)
    late = "Voting on motion 1 closed a minute ago, Wed 2 Dec, 17:00 in Brussels, so this one isn't counted."
    is_told(world, heard, late, "MecaTech's earlier vote (For) stands.")
    assert heard.buttons == SEE
    heard = await eva.taps("For", on=card)
    is_told(world, heard, late.replace("Brussels", "Paris"))  # where her own clock is
    heard = await eva.taps("Tell the coordinator")
    assert heard.first == "I told the coordinator. The result stays as it is."
    await world.settled()
    told = f"Eva wanted to vote for EMC2 on motion 1, {TITLE}, after it closed."
    assert read_by(giulia) == [told]

    world.clock.at = closes_at + timedelta(minutes=9)
    heard = await votes(luc, number, "against")
    assert heard.lines == [
        "Voting on motion 1 closed 9 minutes ago, Wed 2 Dec, 17:00 in Brussels, so this one isn't counted.",
        "MecaTech's earlier vote (For) stands.",
    ]
    world.clock.at = closes_at + timedelta(days=2)
    heard = await votes(luc, number, "against")
    assert heard.first == "Voting on motion 1 closed Wed 2 Dec, 17:00 in Brussels, so this one isn't counted."
    assert heard.buttons == SEE[:1]
    assert await book_of(world, number) == [
        "cast mecatech for",
        "refused mecatech late",
        "refused emc2 late",
        "closed",
        "refused mecatech late",
        "refused mecatech late",
    ]
    await is_proved(world, number)


async def test_what_was_sent_in_time_counts_for_a_minute_more(world: World) -> None:
    luc, eva = await world.member("Luc", "mecatech"), await world.member("Eva", "emc2")
    hall = await votes_hall(luc, eva)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    closes_at = (await stands(world, number)).motion.closes_at
    stamps(world, lambda: (closes_at - timedelta(seconds=3)).timestamp())

    world.clock.at = closes_at + timedelta(seconds=50)
    heard = await eva.taps("Against", on=card)  # Slack stamps a tap, Telegram does not
    if world.platform == "slack":
        assert heard.first == "🗳 Recorded for EMC2: Against, motion 1."
    else:
        assert heard.first.endswith("so this one isn't counted.")
    await luc.says("no", hall, reply_to=card)  # both stamp a message
    assert luc.reads().first == "🗳 Changed for MecaTech from For to Against, motion 1."
    assert luc.sees_marks(luc.wrote(hall)) == ["ballot"]

    world.clock.at = closes_at + timedelta(seconds=60)
    heard = await luc.taps("For", on=card)
    assert heard.lines[1] == "MecaTech's earlier vote (Against) stands."
    assert (await stands(world, number)).ballots["mecatech"] == "against"
    assert (await book_of(world, number))[-2:] == ["closed", "refused mecatech late"]
    await is_proved(world, number)


async def test_a_vote_in_the_minute_of_grace_is_not_called_the_last(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    closes_at = (await stands(world, number)).motion.closes_at
    stamps(world, lambda: (closes_at - timedelta(seconds=3)).timestamp())
    world.clock.at = closes_at + timedelta(seconds=50)
    await luc.says("yes", hall, reply_to=luc.finds(TITLE, hall))
    assert luc.reads().first == "🗳 Recorded for MecaTech: For, motion 1."
    assert "That was the last vote" not in luc.reads().text


async def test_a_tap_on_what_is_no_vote_any_more_is_answered_kindly(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    hall = await votes_hall(luc)
    number = await opened(world)
    card = luc.finds(TITLE, hall)
    await luc.taps("For", on=card)
    await over(world, number, voided_at=world.clock.now(), void_reason="the text was not the one agreed")
    heard = await luc.taps("Against", on=card)
    is_told(
        world,
        heard,
        "Motion 1 is void, so there is nothing to vote on.",
        "It can be proposed anew.",
    )
    heard = await luc.taps("Take it back")
    assert heard.first == "Motion 1 is void, so there is nothing to vote on."
    await world.settled()
    assert card_lines(luc, hall, TITLE)[-1] == "Void: the text was not the one agreed"
    assert luc.reads_on(luc.finds(TITLE, hall)).buttons == []

    number = await noticed(world, title="A joint stand")
    heard = await votes(luc, number, "for")
    assert heard.lines == [
        "Voting on motion 2 opens Thu 3 Dec, 09:00 in Brussels, so this isn't a vote yet. "
        "Nothing is recorded."
    ]
    await over(world, number, withdrawn_at=world.clock.now())
    await world.settled()
    heard = await votes(luc, number, "for")
    assert heard.lines == [
        "Motion 2 was withdrawn, so there is nothing to vote on.",
        "It can be proposed anew.",
    ]
    await luc.says("yes", hall, reply_to=luc.finds("A joint stand", hall))
    assert luc.sees_marks(luc.wrote(hall)) == []
    assert card_lines(luc, hall, "A joint stand")[-1] == "Withdrawn before voting opened."
    assert (await book_of(world, 1), await book_of(world, 2)) == (["cast mecatech for"], [])
