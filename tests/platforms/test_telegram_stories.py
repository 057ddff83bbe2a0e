"""What people of an alliance meet in Telegram, with the whole bot: links, unseen admins, edits, photos."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.platforms.telegram import TelegramPort
from bot.platforms.telegram.links import line_payload
from bot.platforms.telegram.menu import MenuBringer
from bot.platforms.telegram.menus import Menus
from storage.store import Storage
from tests.both_platforms import votes_hall
from tests.events_stage import planned
from tests.world import World, plain

LINE = "/log workshop Green hydrogen 101 on 12 May with MecaTech"
TITLE = "Green hydrogen 101"
ASKS = "I see a file, but not what it belongs to."


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on Telegram."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def evidence(world: World) -> list[int]:
    """How many links and files each activity has."""
    return [one.record.evidence for one in await world.logged()]


def texts(seen: Any) -> list[str]:
    return [plain(one.text) for one in seen.messages]


# ---- links ----


async def test_a_vote_of_somebody_who_never_pressed_start_is_told_where_it_was_tapped(
    world: World,
) -> None:
    marie = await world.member("Marie", "cimes")
    marie.user.person.started = False
    event = await planned(world)
    hall = world.group("Hall", marie)
    card = (await marie.user.types(f"/event {event}", hall)).message
    seen = await marie.user.taps(card, "Going")
    assert seen.alert.startswith(f"You're going: {TITLE}")
    assert (seen.opened, seen.messages) == ("", [])


async def test_links_that_are_old_cut_or_somebody_elses_get_a_kind_sentence(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    unknown = "I don't know that link: it is old, was cut, or is for somebody else. Nothing has changed."
    hall = world.group("Hall", marie, luc)
    link = (await marie.types("/log", hall)).raw
    hers = (await marie.user.taps(link, "Go on in private")).opened
    assert "somebody else" in texts(await luc.user.opens(hers))[0]
    assert texts(await marie.user.starts("a_nothing")) == [unknown]
    assert texts(await marie.user.starts("spring_sale")) == [unknown]
    assert texts(await marie.user.opens(hers)) == ["What was it?"]


# ---- writers without a face ----


async def test_an_admin_who_stays_anonymous_is_shown_what_everybody_sees_and_else_the_way(
    world: World,
) -> None:
    marie, vera = await world.member("Marie", "cimes"), await world.member("Vera", "", "coordinator")
    hall = await votes_hall(vera, marie)
    await planned(world)
    (seen,) = (await vera.user.writes_as("/events", hall)).messages
    assert plain(seen.text).splitlines()[0] == "Events · 1"
    assert TITLE in seen.text
    (seen,) = (await vera.user.writes_as("/indicators", hall)).messages
    assert "2026" in seen.text
    (seen,) = (await vera.user.writes_as("/todo", hall)).messages
    assert plain(seen.text).splitlines() == [
        "I can't see who asked for /todo: it was written in the name of a group or channel.",
        "In our own chat I can.",
    ]
    (other,) = (await vera.user.writes_as("/end_role", hall)).messages
    assert other.text.startswith("I can't see who asked for /end_role: it was written")
    link = (await vera.user.taps(seen, "Open in private")).opened
    told = await vera.user.opens(link)
    assert [line for line in plain(told.text).splitlines() if line] == [
        "You came here for this: /todo",
        "Shall I do it? Nothing has happened yet.",
    ]
    assert (await vera.user.taps(told.message, "Go on")).messages
    assert (await vera.user.writes_as("/wether today", hall)).messages == []
    assert (await vera.user.writes_as("yes", hall)).messages == []


async def test_a_link_that_anybody_can_make_does_nothing_by_itself(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    told = await marie.user.starts(line_payload("log workshop Evil on 12 May"))
    assert (await world.logged(), told.message.buttons) == ([], ["Go on", "Not now"])
    await marie.user.taps(told.message, "Go on")
    assert len(await world.logged()) == 1


# ---- edits ----


async def test_an_edit_changes_nothing_says_so_once_and_one_tap_uses_the_newest_text(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)
    wrote = marie.wrote()
    seen = await marie.user.edits(wrote, LINE.replace("101", "102"))
    assert [line for line in plain(seen.text).splitlines() if line] == [
        "You changed a message that I had read already.",
        "Nothing has changed by that. With the new text I'd do it once more, beside the first.",
    ]
    assert seen.message.buttons == ["Use the new text", "Leave it"]
    assert (await marie.user.edits(wrote, "/log webinar Solar roofs on 13 May")).messages == []
    assert [one.record.title for one in await world.logged()] == [TITLE]
    await marie.taps("Use the new text")
    assert [one.record.title for one in await world.logged()] == [TITLE, "Solar roofs"]


async def test_an_edit_in_a_group_is_nobodys_business_and_never_a_vote(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    hall = world.group("Hall", marie)
    await marie.types(LINE, hall)
    posts = len(marie.posts(hall))
    seen = await marie.user.edits(marie.wrote(hall), "/thanks to all")
    assert len(marie.posts(hall)) == posts
    assert texts(seen)[0].splitlines()[-1] == "Nothing has changed by that: what you first wrote stands."
    right = await marie.user.edits(marie.wrote(hall), LINE)
    assert right.message.buttons == ["Use the new text", "Leave it"]  # senseless before, put right now
    assert len(marie.posts(hall)) == posts
    stranger = world.stranger("Rita")
    await stranger.types("/log workshop X")
    assert (await stranger.user.edits(stranger.wrote(), "/log workshop Y")).messages == []


async def test_a_slip_in_a_look_is_mended_by_a_tap_and_what_was_talk_stays_talk(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/activities")
    seen = await marie.user.edits(marie.wrote(), "/indicators")
    assert seen.message.buttons == ["Use the new text", "Leave it"]
    assert (await marie.taps("Leave it")).first == "Left as it was: what you first wrote stands."
    await marie.types("/activities")
    world.clock.pass_(minutes=11)
    assert (await marie.user.edits(marie.wrote(), "/indicators")).messages == []


# ---- photos and files ----


async def test_a_photo_with_a_log_under_it_is_its_evidence_and_an_album_is_answered_once(
    world: World,
) -> None:
    marie = await world.member("Marie", "cimes")
    seen = await marie.user.says(LINE, photo=True)
    assert texts(seen)[-1] == f"✓ Added to {TITLE}. It has one link or file now."
    assert await evidence(world) == [1]
    seen = await marie.user.sends_album("", "", "list.pdf")
    assert texts(seen) == [f"Is this for {TITLE}, Tue 12 May?"]
    assert (await marie.taps("Yes, add it")).lines == [f"✓ Added to {TITLE}. It has 4 links and files now."]
    assert await evidence(world) == [4]
    seen = await marie.user.sends_album("", "", text="/log webinar Solar roofs on 13 May")
    assert texts(seen)[-1] == "✓ Added to Solar roofs. It has one link or file now."
    assert sorted(await evidence(world)) == [2, 4]


async def test_a_photo_waits_for_the_log_that_is_still_being_asked_about(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    seen = await marie.user.says("/log workshop", photo=True)
    assert texts(seen)[0] == "What was it called?"
    assert texts(seen)[1].splitlines()[0] == "I keep the photo or file for this log."
    await marie.says(TITLE)
    assert await evidence(world) == [0]
    assert (await marie.taps("Add it now")).lines == [f"✓ Added to {TITLE}. It has one link or file now."]


async def test_later_it_is_asked_which_activity_a_file_is_for(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    assert (await marie.sends_photo()).buttons == ["My list"]
    await marie.types(LINE)
    world.clock.pass_(minutes=11)
    heard = await marie.sends_photo()
    assert heard.first.startswith(ASKS)
    assert heard.buttons == [TITLE, "My list"]
    await marie.taps(TITLE)
    seen = await marie.user.sends_album("", "")
    assert len(seen.messages) == 1
    await marie.user.taps(seen.message, TITLE)
    assert await evidence(world) == [3]


async def test_an_album_in_reply_to_a_log_is_its_evidence_and_talk_stays_talk(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    hall = world.group("Hall", marie)
    await marie.types(LINE, hall)
    await world.settled()
    seen = await marie.user.sends_album("", "", chat=hall, reply_to=marie.posts(hall)[-1])
    assert texts(seen) == [f"✓ Added to {TITLE}. It has one link or file now."]
    assert await evidence(world) == [2]
    assert (await marie.user.sends_album("", "", text="thanks", chat=hall)).messages == []
    seen = await marie.user.sends_album("", "")
    assert texts(seen) == [f"Is this for {TITLE}, Tue 12 May?"]


async def test_the_words_under_one_picture_of_a_group_bring_that_one_and_say_where_the_others_go(
    world: World,
) -> None:
    marie = await world.member("Marie", "cimes")
    hall = world.group("Hall", marie)
    seen = await marie.user.sends_album("", "", "", text=LINE, chat=hall)  # privacy mode keeps two of them
    others = "In groups I may miss the other pictures. Please send them in our own chat."
    assert plain(seen.message.text).splitlines() == [
        f"✓ Added to {TITLE}. It has one link or file now.",
        others,
    ]
    assert seen.message.buttons == ["Show it", "Open in private", "Indicators"]
    await marie.user.opens((await marie.user.taps(seen.message, "Open in private")).opened)
    seen = await marie.user.sends_album("", "")
    assert texts(seen) == [f"Is this for {TITLE}, Tue 12 May?"]
    await marie.taps("Yes, add it")
    assert await evidence(world) == [3]
    seen = await marie.user.sends_album("", "", text="@alliance_bot", chat=hall)
    assert others in texts(seen)[-1]
    hall.promote_bot(by=marie.user)  # then all of them reach us, and prove the same
    await marie.user.sends_album("", "", text="/log webinar Solar roofs on 13 May", chat=hall)
    assert sorted(await evidence(world)) == [2, 3]
    world.telegram.privacy = False
    await world.stop_bot()
    await world.start_bot()
    seen = await marie.user.sends_album("", "", text="/log course Welding on 14 May", chat=hall)
    assert texts(seen)[-1] == "✓ Added to Welding. It has one link or file now."
    assert sorted(await evidence(world)) == [2, 2, 3]
    assert (await marie.user.sends_album("", "", text="what a day", chat=hall)).messages == []
    received = await world.received()
    await marie.user.sends_album("", "", chat=hall)
    assert await world.received() == received  # of talk nothing is written down


async def test_an_album_of_films_gets_one_no(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)
    keep = world.telegram.keep
    large = {"file_size": 20_000_001}
    world.telegram.keep = lambda content: keep(content) | large  # type: ignore[method-assign]
    seen = await marie.user.sends_album("one.zip", "two.zip", "three.zip")
    assert texts(seen) == [
        "That file is larger than 20 MB, so I can't open it. A link to it does as well. Nothing is saved."
    ]
    assert seen.message.buttons == ["Add a link"]
    assert await evidence(world) == [0]


async def test_a_file_that_is_too_large_is_asked_for_as_a_link(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)
    heard = await marie.says("", document="film.zip", content=b"x" * 20_000_001)
    assert heard.lines == [
        "That file is larger than 20 MB, so I can't open it. A link to it does as well. Nothing is saved."
    ]
    assert (await marie.taps("Add a link")).lines == ["Paste the link here, or send the photo or file."]


# ---- menus ----


async def test_a_coordinator_has_a_menu_of_their_own_for_as_long_as_they_coordinate(world: World) -> None:
    await world.member("Marie", "cimes")
    vera = await world.member("Vera", "", "coordinator")
    assert isinstance(world.port, TelegramPort)
    menus = Menus(["en"], lambda words, _: words, world.clock.now, world.storage)
    api = world.port._api
    await MenuBringer(api, world.clock, menus, "ours").bring()
    own = {scope: found for (scope, _), found in world.telegram.menus.items() if scope.startswith("chat:")}
    assert list(own) == [f"chat:{vera.account.user}"]
    names = [one["command"] for one in own[f"chat:{vera.account.user}"]]
    assert {"announce", "invite_all", "places"} <= set(names)

    def leaves(store: Any) -> None:
        for role in store.accounts.identify(vera.account).roles:
            store.roles.end(role.id, world.clock.now(), None)

    before = len(world.telegram.calls)
    await MenuBringer(api, world.clock, menus, "ours").bring()  # after a restart: it stands, nobody is asked
    assert len(world.telegram.calls) == before
    await world.storage.write(leaves)
    await MenuBringer(api, world.clock, menus, "ours").bring()  # nor did this process see her coordinate
    assert [one.method for one in world.telegram.calls[before:]] == ["deleteMyCommands"]
    assert not [scope for scope, _ in world.telegram.menus if scope.startswith("chat:")]
