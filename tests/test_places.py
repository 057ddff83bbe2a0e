"""Places: what they are for and what happens to them (spec/engagement.md section 10)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import Account, Call
from storage.deliveries import Delivery
from tests.places_stage import (
    HELLO,
    PURPOSES,
    adds_bot,
    group_of,
    hall_for_votes,
    known,
    moves,
    on_telegram,
    place_of,
    seen,
    stage,
)
from tests.world import World

__all__ = ["stage"]  # a fixture


async def test_a_new_group_is_asked_what_it_is_for(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = group_of(world, "Hall", marie, luc)

    await adds_bot(world, hall, marie)
    assert luc.reads().lines == HELLO
    assert luc.reads().buttons == [*PURPOSES, "Only answers"]

    await luc.taps("Votes")
    assert luc.reads().lines == ["What is this place for? For now: votes."]
    assert luc.reads().buttons == ["✓ Votes", *PURPOSES[1:], "Done"]
    await marie.taps("Events")
    assert marie.reads().lines == ["What is this place for? For now: votes and events."]
    await marie.taps("✓ Votes")
    await marie.taps("Announcements")
    await luc.taps("Done")

    assert seen(marie, hall) == ["This place is for events and announcements."]
    assert marie.reads().buttons == ["Change"]
    [there] = await known(world)
    assert there.purposes == ("announcements", "events")
    assert there.place.name == "Hall"
    assert there.added_by is not None


async def test_where_nobody_chooses_it_is_for_answers_only(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = group_of(stage, "Hall", marie)
    await adds_bot(stage, hall)

    [there] = await known(stage)
    assert (there.purposes, there.added_by) == ((), None)
    await marie.taps("Votes")
    await marie.taps("✓ Votes")
    assert marie.reads().lines == ["What is this place for? For now I only answer when asked."]
    await marie.taps("Only answers")
    assert seen(marie, hall) == ["Here I only answer when asked."]
    await marie.taps("Change")
    assert marie.reads().buttons == [*PURPOSES, "Only answers"]


async def test_who_may_not_choose_is_told_so_kindly(stage: World) -> None:
    zoe, otto = await stage.member("Zoe", "cimes", "member"), stage.stranger("Otto")
    hall = group_of(stage, "Hall", zoe, otto)
    await adds_bot(stage, hall, otto)

    assert (await zoe.taps("Votes")).lines == [
        "Your role here doesn't include choosing what places are for, so I left it. "
        "Your coordinator can change that; nothing has changed."
    ]
    heard = await otto.taps("Votes")
    opened = getattr(heard.raw, "opened", "")  # on Telegram the tap opens the direct chat
    assert opened or heard.first.startswith("Hello! I keep the diary and the votes of the European Cluster")
    assert seen(zoe, hall)[0].splitlines()[0] == HELLO[0]
    assert [one.purposes for one in await known(stage)] == [()]


async def test_two_people_choose_at_once(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    group = group_of(world, "Hall", marie, luc)
    await adds_bot(world, group, marie)
    hall = place_of(world, group)
    [there] = await known(world)

    def chooses(somebody: Any, purpose: str) -> Call:
        chosen = {"place": str(there.id), "purpose": purpose, "on": "yes", "group": "yes"}
        event = f"at once {purpose}"
        return Call(event, somebody.account, hall, world.clock.now(), command="place for", arguments=chosen)

    await asyncio.gather(
        *(world.dispatch.receive(chooses(who, what)) for who, what in ((marie, "votes"), (luc, "events")))
    )

    assert (await known(world))[0].purposes == ("events", "votes")


async def test_a_place_for_indicators_shows_them_and_keeps_the_post_when_it_is_no_more(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    hall = group_of(world, "Hall", marie)
    await adds_bot(world, hall, marie)

    await marie.taps("Indicators")
    await world.settled()
    [question, card] = seen(marie, hall)
    assert question == "What is this place for? For now: indicators."
    assert "Knowledge exchange: 0 of 2" in card

    await marie.types("/log workshop Mould recycling on 17 Nov with MecaTech")
    await world.settled()
    [question, newer] = seen(marie, hall)
    assert "Knowledge exchange: 1 of 2" in newer

    await marie.taps("✓ Indicators")
    await marie.types("/log workshop Steel day on 18 Nov with EMC2")
    await world.settled()
    assert seen(marie, hall)[1] == newer


async def test_added_again_it_knows_what_the_place_was_for(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = group_of(stage, "Hall", marie)
    await adds_bot(stage, hall, marie)
    await marie.taps("Votes")
    await marie.taps("Events")
    before = seen(marie, hall)

    await stage.removes_bot(marie, hall)
    assert seen(marie, hall) == before
    assert (await known(stage))[0].state == "removed"
    await adds_bot(stage, hall, marie)

    assert marie.reads().lines == ["I'm back. This place is for votes and events."]
    assert marie.reads().buttons == ["Change"]
    [there] = await known(stage)
    assert (there.state, there.purposes) == ("open", ("events", "votes"))


@pytest.mark.parametrize("first", ["missed", "known"])
async def test_that_it_was_removed_comes_after_it_was_added_again(stage: World, first: str) -> None:
    marie = await stage.member("Marie", "cimes")
    here = place_of(stage, await hall_for_votes(stage, marie))
    start = stage.clock.now()

    async def told(what: str, event: str, minutes: int) -> None:
        """What the platform tells, of so many minutes after the start."""
        await stage.dispatch.receive(
            Call(
                event,
                Account(stage.platform, "", ""),
                here,
                stage.clock.now(),
                command="place changed",
                arguments={"what": what},
                sent_at=start + timedelta(minutes=minutes),
            )
        )

    stage.clock.pass_(minutes=2)
    if first == "known":
        await told("removed", "first", 1)
        assert [one.state for one in await known(stage)] == ["removed"]
    await told("added", "added", 2)
    stage.clock.pass_(minutes=4)
    await told("removed", "late", 1)

    [there] = await known(stage)
    assert (there.state, there.purposes) == ("open", ("votes",))
    assert there.state_at == start + timedelta(minutes=2)


async def test_a_place_is_renamed(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)

    await stage.renames(marie, hall, "Big hall")

    line = f"1 · Big hall · {stage.platform.capitalize()} · votes"
    assert (await marie.types("/places")).lines == ["Places · 1", line]
    assert len(seen(marie, hall)) == 1


@pytest.mark.parametrize("joined_first", [False, True])
async def test_a_group_that_moved_takes_everything_along(stage: World, joined_first: bool) -> None:
    marie = await stage.member("Marie", "cimes")
    old = group_of(stage, "Hall", marie)
    await adds_bot(stage, old, marie)
    await marie.taps("Indicators")
    await marie.taps("Done")
    here, later = place_of(stage, old), stage.clock.now() + timedelta(days=1)
    waits = Delivery.new(
        key="w", platform=here.platform, template="place_back", values={"purposes": ["votes"]},
        place=here, not_before=later,
    )  # fmt: skip
    await stage.storage.write(lambda store: store.deliveries.queue([waits]))

    new = await moves(stage, old, marie, joined_first)
    [there] = await known(stage)
    assert (there.place.channel, there.purposes, there.state) == (new.id, ("indicators",), "open")
    card = seen(marie, new)[-1]
    assert "Knowledge exchange: 0 of 2" in card
    if stage.platform == "telegram" and not joined_first:
        assert seen(marie, new) == [card]  # nobody is asked again

    stage.clock.pass_(days=1)
    await stage.settled()
    assert seen(marie, new)[-1] == "I'm back. This place is for votes."


@on_telegram
async def test_a_question_asked_while_a_group_moved_is_still_good(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)
    new = await moves(stage, hall, marie, joined_first=True)
    assert marie.reads().lines == HELLO

    await marie.taps("Events")

    assert seen(marie, new) == ["What is this place for? For now: votes and events."]


async def test_typed_in_a_group_it_shows_that_group_and_remembers_it(stage: World) -> None:
    marie, luc = await stage.member("Marie", "cimes"), await stage.member("Luc", "mecatech")
    hall = group_of(stage, "Hall", marie, luc)
    await adds_bot(stage, hall, marie)
    await stage.storage.write(lambda store: store.places.forget(1))  # it came in before it kept places

    heard = await marie.types("/places", hall)
    assert heard.lines == ["What is this place for? For now I only answer when asked."]
    assert heard.buttons == [*PURPOSES, "Only answers", "All places"]
    await luc.taps("Votes")
    await luc.taps("Done")
    assert marie.reads().lines == ["This place is for votes."]

    heard = await marie.types("/places", hall)
    assert heard.lines == ["This place is for votes."]
    assert heard.buttons == ["Change", "All places"]
    assert [(one.place.name, one.purposes) for one in await known(stage)] == [("Hall", ("votes",))]


async def test_the_list_of_all_places_is_not_for_a_whole_group(stage: World) -> None:
    marie, luc = await stage.member("Marie", "cimes"), await stage.member("Luc", "mecatech")
    hall = group_of(stage, "Hall", marie, luc)
    for group in (hall, group_of(stage, "Back room", marie)):
        await adds_bot(stage, group)
    await marie.types("/places", hall)

    heard = await marie.taps("All places")

    if stage.platform == "telegram":
        await marie.user.opens(heard.raw.opened)
        heard = marie.reads()
    assert heard.first == "Places · 2"
    assert not [one for one in seen(luc, hall) if "Back room" in one]


async def test_bringing_the_bot_in_does_not_show_a_dialogue_to_the_group(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = group_of(stage, "Hall", marie)
    await marie.says("log training Energy audits on 14 May smes 12")  # asks about the SMEs in the direct chat

    await adds_bot(stage, hall, marie)

    [question] = seen(marie, hall)
    assert question.splitlines() == [HELLO[0], "", HELLO[1]]
