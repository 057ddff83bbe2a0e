"""What needs repair in a place, in plain words and with what to do now; the list of all places."""

from __future__ import annotations

from typing import Any

from bot.messages import Topic
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

INDICATORS = Topic("indicators", "")


async def repaired(world: World, marie: Any, says: str) -> None:
    """What somebody reads about the one place there is, in the list and by itself."""
    title = f"Hall · {world.platform.capitalize()}"
    heard = await marie.types("/places")
    assert heard.lines == ["Places · 1", f"1 · {title} · votes", says]
    heard = await marie.taps("Open 1")
    assert heard.lines == [title, "It is for votes.", says]
    assert heard.buttons == ["✓ Votes", *PURPOSES[1:], "Forget it", "All places"]


async def test_where_it_was_removed_it_says_what_to_do(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = await hall_for_votes(stage, marie)

    await stage.removes_bot(marie, hall)

    await repaired(stage, marie, "I was removed there on Tue 24 Nov. Ask somebody there to add me again.")


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
    await repaired(stage, marie, "I may not write there since Tue 24 Nov. Ask an admin there to allow it.")

    hall.unmute_bot(marie.user)
    await stage.settled()
    assert (await marie.taps("All places")).lines == ["Places · 1", "1 · Hall · Telegram · votes"]
    assert len(seen(marie, hall)) == 1


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

    await repaired(
        stage,
        marie,
        "I can't find it any more since Tue 24 Nov. If it's still there, ask somebody to add me again.",
    )


async def test_the_list_begins_with_what_needs_repair_and_has_pages(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    assert (await marie.types("/places")).lines == [
        "Places · 0",
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
    assert heard.lines == [f"Hall · {stage.platform.capitalize()}", "I only answer there."]
    assert heard.buttons == [*PURPOSES, "All places"]
    await marie.taps("Announcements")
    assert marie.reads().buttons == [*PURPOSES[:2], "✓ Announcements", "Indicators", "All places"]
    assert marie.reads().lines[1] == "It is for announcements."


async def test_a_broken_place_is_forgotten_in_two_taps(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall, platform = group_of(stage, "Hall", marie), stage.platform.capitalize()
    await adds_bot(stage, hall)
    await marie.taps("Indicators")
    await stage.removes_bot(marie, hall)
    await marie.types("/places")
    await marie.taps("Open 1")

    heard = await marie.taps("Forget it")
    assert heard.lines == [
        f"Shall I forget Hall ({platform})? What it was for goes too.",
        "If I'm added there again, I ask anew.",
    ]
    heard = await marie.taps("Yes, forget it")
    assert heard.lines == [f"Hall ({platform}) is off my list. If I'm added there again, I ask anew."]
    assert await known(stage) == []
    assert await stage.storage.read(lambda store: store.cards.of_topic(INDICATORS)) == ()


async def test_a_place_that_was_mended_meanwhile_is_not_forgotten(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = group_of(stage, "Hall", marie)
    await adds_bot(stage, hall)
    await stage.removes_bot(marie, hall)
    await marie.types("/places")
    await marie.taps("Open 1")
    await marie.taps("Forget it")
    await adds_bot(stage, hall, marie)

    heard = await marie.taps("Yes, forget it")

    assert heard.lines == [f"Hall · {stage.platform.capitalize()}", "I only answer there."]
    assert len(await known(stage)) == 1
