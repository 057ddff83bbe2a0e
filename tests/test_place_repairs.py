"""What needs repair in a place, in plain words and with what to do now; the list of all places."""

from __future__ import annotations

from typing import Any

import pytest

from tests.places_stage import (
    PURPOSES,
    adds_bot,
    group_of,
    hall_for_votes,
    known,
    on_slack,
    on_telegram,
    place_of,
    seen,
    stage,
)
from tests.world import World

__all__ = ["stage"]  # a fixture


async def repaired(world: World, marie: Any, says: str, *first: str) -> None:
    """What somebody reads about the one place there is, in the list and by itself; the first of its taps."""
    title = f"Hall · {world.platform.capitalize()}"
    heard = await marie.types("/places")
    assert heard.lines == ["Places · 1", f"1 · {title} · votes", says]
    heard = await marie.taps("Open 1")
    assert heard.lines == [title, "It is for votes.", says]
    assert heard.buttons == [*first, "✓ Votes", *PURPOSES[1:], "Forget it", "All places"]


async def test_where_it_was_removed_it_says_what_to_do(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)

    await stage.removes_bot(marie, hall)

    says = "I was removed from there on Tue 24 Nov. Ask somebody there to add me again."
    await repaired(stage, marie, says)


@on_slack
async def test_an_archived_channel_is_silent_until_it_is_opened(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)

    await stage.slack.archives(hall, marie.user)
    await repaired(stage, marie, "It was archived on Tue 24 Nov. I go on once somebody there opens it again.")

    await stage.slack.unarchives(hall, marie.user)
    assert (await marie.taps("All places")).lines == ["Places · 1", "1 · Hall · Slack · votes"]
    assert len(seen(marie, hall)) == 1


@on_telegram
async def test_where_it_may_not_write_it_says_what_to_do(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)

    hall.mute_bot(marie.user)
    await stage.settled()
    says = "Since Tue 24 Nov I can't write there. Ask an admin there to allow it."
    await repaired(stage, marie, says, "Try again")

    hall.unmute_bot(marie.user)
    await stage.settled()
    assert (await marie.taps("All places")).lines == ["Places · 1", "1 · Hall · Telegram · votes"]
    assert len(seen(marie, hall)) == 1


async def muted_hall(world: World, marie: Any) -> Any:
    """A group that shows the indicators, in which members may not write any more: nobody told the bot, which
    noticed when it could not show what was logged."""
    hall = group_of(world, "Hall", marie)
    await adds_bot(world, hall, marie)
    await marie.taps("Indicators")
    await world.settled()
    hall.chat.bot = "restricted"
    await marie.types("/log workshop Mould recycling on 17 Nov with MecaTech")
    await world.settled()
    assert [one.state for one in await known(world)] == ["muted"]
    return hall


@on_telegram
@pytest.mark.parametrize("words", ["/places", "/indicators", "/log training Pumps on 13 Nov smes Pumps SA"])
async def test_whoever_speaks_to_it_in_a_muted_group_has_it_try_again(stage: World, words: str) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await muted_hall(stage, marie)
    hall.chat.bot = "member"  # mended, and nobody tells this either
    stage.clock.pass_(hours=1)

    await marie.user.types(words, hall)
    await stage.settled()

    assert [one.state for one in await known(stage)] == ["open"]
    card = next(one for one in seen(marie, hall) if "Knowledge exchange" in one)
    assert "Knowledge exchange: 1 of 2" in card


@on_telegram
async def test_a_muted_group_is_tried_again_with_a_tap(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await muted_hall(stage, marie)
    await marie.types("/places")
    await marie.taps("Open 1")

    heard = await marie.taps("Try again")
    assert heard.lines == [
        "Hall · Telegram",
        "It is for indicators.",
        "I write there again from now on. If I still can't, it's back in the list.",
    ]
    assert heard.buttons == [*PURPOSES[:4], "✓ Indicators", "All places"]
    await stage.settled()
    assert [one.state for one in await known(stage)] == ["muted"]  # for it still is

    hall.chat.bot = "member"
    await marie.taps("All places")
    await marie.taps("Open 1")
    await marie.taps("Try again")
    await stage.settled()
    assert [one.state for one in await known(stage)] == ["open"]
    assert "Knowledge exchange: 1 of 2" in seen(marie, hall)[-1]


async def test_a_second_tap_to_try_again_says_how_it_is(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)
    now, here = stage.clock.now(), place_of(stage, hall)
    await stage.storage.write(lambda s: s.places.set_state_of(here, "lost", "", now))
    await marie.types("/places")
    await marie.taps("Open 1")
    await stage.storage.write(lambda s: s.places.set_state_of(here, "open", "", now))

    heard = await marie.taps("Try again")

    assert heard.lines == [f"Hall · {stage.platform.capitalize()}", "It is for votes."]


@on_telegram
async def test_a_topic_of_a_forum_is_a_place_of_its_own(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    forum = stage.telegram.group("Forum", [marie.user], forum=True)
    topic = forum.topic("Numbers", marie.user)
    await marie.user.types("/places", forum, thread=topic)
    await marie.taps("Events")

    forum.close_topic(topic, marie.user)
    await stage.settled()
    whole, part = "1 · Forum · Telegram · answers only", "2 · Forum · Telegram · one topic in it · events"
    closed = "The topic was closed on Tue 24 Nov. Ask somebody there to open it again."
    assert (await marie.types("/places")).lines == ["Places · 2", part, closed, whole]

    forum.reopen_topic(topic, marie.user)
    await stage.settled()
    assert (await marie.types("/places")).lines == ["Places · 2", whole, part]


async def test_what_the_platform_said_is_never_shown_raw(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)
    now, here = stage.clock.now(), place_of(stage, hall)
    await stage.storage.write(lambda s: s.places.set_state_of(here, "lost", "channel_not_found", now))

    says = "I haven't been able to reach it since Tue 24 Nov."
    await repaired(stage, marie, f"{says} If it's still there, ask somebody to add me again.", "Try again")


async def test_the_list_begins_with_what_needs_repair_and_has_pages(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    assert (await marie.types("/places")).lines == [
        "Places",
        "I'm in no group yet. Add me to one, and I ask what it is for.",
    ]
    halls = [group_of(stage, f"Hall {number}", marie) for number in range(1, 8)]
    for hall in halls:
        await adds_bot(stage, hall)
    await stage.removes_bot(marie, halls[6])

    heard = await marie.types("/places")
    assert heard.first == "Places · 7 · page 1 of 2"
    assert heard.lines[1].startswith("7 · Hall 7 · ")
    assert heard.lines[3].startswith("1 · Hall 1 · ")
    assert heard.buttons == ["Open 7", "Open 1", "Open 2", "Open 3", "Open 4", "More"]
    heard = await marie.taps("More")
    assert [line.split(" · ")[1] for line in heard.lines[1:]] == ["Hall 5", "Hall 6"]
    assert heard.buttons == ["Open 5", "Open 6", "Back"]
    assert (await marie.taps("Back")).first == "Places · 7 · page 1 of 2"


async def test_a_place_is_changed_from_the_list(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = group_of(stage, "Hall", marie)
    await adds_bot(stage, hall)
    await marie.types("/places")

    heard = await marie.taps("Open 1")
    assert heard.lines == [f"Hall · {stage.platform.capitalize()}", "There I only answer when asked."]
    assert heard.buttons == [*PURPOSES, "All places"]
    await marie.taps("Announcements")
    assert marie.reads().buttons == [
        *PURPOSES[:2],
        "✓ Announcements",
        "Newsletter",
        "Indicators",
        "All places",
    ]
    assert marie.reads().lines[1] == "It is for announcements."
