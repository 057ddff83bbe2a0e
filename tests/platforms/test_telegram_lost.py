"""What people lost on Telegram once: late taps, photos of several, edits of edits, names that nobody sees."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import Answer, Key, Message
from bot.platforms.telegram.edits import read_edit
from bot.templating.catalogues import Catalogues
from storage.store import Storage
from tests.platforms.telegram_scene import Scene, says, telegram
from tests.world import ROOT, World

LOG = "/log workshop Green hydrogen on 12 May with MecaTech"
GO_ON = Answer(
    Message("Let us go on.", (Key("Go on in private", url="https://t.me/alliance_bot?start=d_x"),))
)


@pytest.fixture
async def chats(sqlite_url: str) -> AsyncIterator[World]:
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def test_a_photo_proves_the_log_that_it_came_with_and_no_older_one(chats: World) -> None:
    marie: Any = await chats.member("Marie", "cimes")
    await marie.types("/log webinar Older one on 3 May with MecaTech")
    chats.clock.pass_(hours=2)
    await marie.user.says("/log workshp Green hydrogen on 12 May with MecaTech", photo=True)
    heard = await marie.taps("Add it now")  # before [Yes, workshop]
    assert "Tap once the log is in." in heard.text
    assert "Older one" not in heard.text


async def test_an_album_is_answered_once_whoever_sends_it(chats: World) -> None:
    stranger: Any = chats.stranger("Eve")
    seen = await stranger.user.sends_album("", "", "")
    assert len(seen.messages) == 1
    assert "file sent" not in seen.text
    assert len((await stranger.user.sends_album("", "", text=LOG)).messages) == 1
    adviser: Any = await chats.member("Ada", "cimes", "advisor")
    assert len((await adviser.user.sends_album("", "", "")).messages) == 1


async def test_the_newest_text_of_an_edit_is_the_one_that_is_used(chats: World) -> None:
    marie: Any = await chats.member("Marie", "cimes")
    await marie.types(LOG)
    await marie.edits(marie.wrote(), "/log workshop Other on 12 May with MecaTech")
    await marie.edits(marie.wrote(), "/events")
    assert "Logged: Other" not in (await marie.taps("Use the new text")).text


async def test_an_edit_that_made_no_sense_and_is_put_right_can_be_used(chats: World) -> None:
    marie: Any = await chats.member("Marie", "cimes")
    await marie.types(LOG)
    await marie.edits(marie.wrote(), "oops")
    await marie.edits(marie.wrote(), "/log workshop Green hydrogen on 13 May with MecaTech")
    await chats.settled()
    assert "Use the new text" in marie.reads().buttons


async def test_an_update_that_changes_no_word_is_no_edit(chats: World) -> None:
    marie: Any = await chats.member("Marie", "cimes")
    await marie.types(LOG)
    before = len(marie.user.sees())
    await marie.edits(marie.wrote(), LOG)
    await chats.settled()
    assert len(marie.user.sees()) == before


async def test_an_update_that_changes_no_word_is_no_edit_after_a_restart_either(chats: World) -> None:
    marie: Any = await chats.member("Marie", "cimes")
    hall = chats.group("Hall", marie)
    await marie.types(LOG)
    await marie.says("log webinar Solar roofs on 13 May", hall, mention=True)
    mine, ours = marie.wrote(), marie.wrote(hall)
    await chats.stop_bot()
    await chats.start_bot()
    before = len(marie.user.sees())
    await marie.edits(mine, LOG)
    await marie.edits(ours, ours.text)
    assert len(marie.user.sees()) == before
    await marie.edits(mine, LOG.replace("12", "13"))
    assert len(marie.user.sees()) == before + 1


async def test_who_has_no_name_to_be_seen_has_one_in_each_reader_s_language(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with World("telegram", storage, catalogues=Catalogues(ROOT / "catalogues")) as world:
        marie: Any = await world.member("Marie", "cimes")
        luc: Any = await world.member("Luc", "cimes")
        nameless: Any = world.stranger("\u3164")
        await nameless.says("hello")
        await nameless.taps("I'm with a member")
        await nameless.taps("CIMES")
        await world.settled()
        await luc.types("/language fr")
        heard = await marie.taps("Let them in")
        assert heard.first.startswith("A Telegram user is in for CIMES (")
        await world.settled()
        assert nameless.reads().first.startswith("Welcome, A Telegram user!")
        assert "A Telegram user" in (await marie.types("/people")).text
        shown = (await luc.types("/people")).text
        assert "A Telegram user" not in shown
        assert "Telegram" in shown
    storage.close_now()


async def test_who_holds_an_invitation_and_is_in_elsewhere_can_link(chats: World) -> None:
    ana: Any = await chats.member("Ana", "cimes")
    code = re.search(r"start=([A-Z2-7]{28})", (await ana.types("/invite")).text)
    assert code
    rui: Any = chats.stranger("Rui")
    await rui.starts(code[1])
    heard = await rui.taps("I'm in already")
    assert heard.first == "Type the code you got on the other platform."


def test_an_edit_gives_nobody_a_name_that_cannot_be_seen() -> None:
    person = {"id": 5, "is_bot": False, "first_name": "\u3164", "username": "rui"}
    message = {"message_id": 2, "date": 1, "text": "/log x", "chat": {"id": 5, "type": "private"}}
    call = read_edit({"update_id": 1, "edited_message": message | {"from": person}}, datetime.now(UTC))
    assert call is not None
    assert call.account.name == "rui"


async def late(scene: Scene, who: Any, card: Any, label: str, token: str) -> None:
    """A tap that is read after Telegram forgot it."""
    scene.inbox.held[token] = asyncio.Event()
    await who.taps(card, label, wait=False)
    await scene.until(lambda: any(getattr(one, "token", "") == token for one in scene.inbox.begun))
    for query in scene.server.queries.values():
        query.at -= 3600
    scene.inbox.held[token].set()
    await scene.server.settled()


async def test_taps_that_are_read_late_are_answered_in_private_or_by_a_line_in_the_group() -> None:
    async with telegram() as scene:
        ana, luc = scene.server.user("Ana"), scene.server.user("Luc")
        await luc.starts()
        group = scene.server.group("Green group", [ana, luc])
        scene.inbox.answers |= {"motion": says("Motion 7", "Propose", "For"), "propose": GO_ON}
        scene.inbox.answers |= {"for": says("Recorded: For.", "Change")}
        scene.inbox.answers |= {"answer waits": says("It waits in our own chat.", public=True)}
        card = (await luc.types("/motion", group)).message
        await late(scene, luc, card, "Propose", "propose")
        assert luc.sees()[-1].text == "Let us go on."
        await late(scene, ana, card, "For", "for")
        assert ana.sees(group)[-1].text == "It waits in our own chat."


async def test_whoever_never_pressed_start_reads_that_their_vote_counts() -> None:
    async with telegram() as scene:
        ana, luc = scene.server.user("Ana"), scene.server.user("Luc")
        await luc.starts()
        group = scene.server.group("Green group", [ana, luc])
        scene.inbox.answers |= {"motion": says("Motion 7", "For"), "for": says("Recorded: For.", "Change")}
        card = (await luc.types("/motion", group)).message
        assert (await ana.taps(card, "For")).alert == "Recorded: For."
