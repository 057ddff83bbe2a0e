"""Files of ours: each follows its words, and none that cannot be placed loses them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.messages import Account, Answer, Attachment, Key, Message, Place
from bot.platforms.files import safe_name
from bot.platforms.pacing import FREE
from bot.platforms.terminal import TerminalPort, account_of, direct_of
from tests.platforms.slack_scene import place, slack
from tests.platforms.telegram_scene import Scene as TelegramScene
from tests.platforms.telegram_scene import telegram
from tests.servers.slack import SlackServer

ICS = Attachment("hydrogen-101.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n")
GOING = Answer(Message("You're going.", file=ICS))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("who-came.csv", "who-came.csv"),
        ("Été à Liège.ics", "Ete-a-Liege.ics"),
        ("../../.ssh/keys", "ssh-keys"),
        ('a"; b=\r\n.csv', "a-b-.csv"),
        ("новости", "file.txt"),
        ("x" * 200 + ".ics", "x" * 76 + ".ics"),
    ],
)
def test_names_that_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(Attachment(name, "text/csv", "")) == safe


# ---- Telegram ----


def here(chat: Any) -> Place:
    return Place("telegram", "", chat.id, kind="direct" if int(chat.id) > 0 else "group")


def document(scene: TelegramScene, message: Any) -> tuple[str, str, str]:
    found = message.document
    content = scene.server.files[found["file_id"]].decode()
    return found["file_name"], found["mime_type"], content


async def test_on_telegram_a_file_follows_its_words() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.answers["calendar"] = GOING
        words, file = (await ana.types("/calendar")).messages
        assert (words.text, document(scene, file)) == ("You're going.", (ICS.name, ICS.mime, ICS.text))
        assert [post.message_id for _, post in scene.inbox.done if post] == [str(words.id)]

        silent = Message("Moved to Wed 9 Dec.", file=ICS, silent=True)
        post = await scene.port.send(here(ana), silent)
        words, file = ana.sees()[-2:]
        assert (post.message_id, words.silent, file.silent) == (str(words.id), True, True)
        await scene.port.edit(post, replace(silent, text="Moved to Thu 10 Dec."))  # an edit brings no file
        assert len(ana.sees()) == 5
        await scene.port.give(here(ana), Account("telegram", "", ana.id), GOING)
        assert [bool(one.document) for one in ana.sees()[-2:]] == [False, True]
        assert not ana.sees()[-1].silent


async def test_on_telegram_what_is_not_for_a_group_goes_to_the_direct_chat() -> None:
    async with telegram() as scene:
        ana, luc = scene.server.user("Ana"), scene.server.user("Luc")
        forum = scene.server.group("Hall", [ana, luc], forum=True)
        topic = forum.topic("Events", by=ana)
        scene.inbox.answers |= {"calendar": GOING, "list": replace(GOING, public=True), "ics": GOING}
        ana.person.started = True
        await ana.types("/calendar", forum, thread=topic)
        assert [one.text for one in ana.sees(forum)][-1] == "You're going."
        assert [document(scene, one)[0] for one in ana.sees()] == [ICS.name]
        await ana.types("/list", forum, thread=topic)
        file = ana.sees(forum)[-1]
        assert (document(scene, file)[0], file.thread) == (ICS.name, topic)

        card = Message("Hydrogen 101")
        scene.inbox.always = GOING
        post = await scene.port.send(here(forum), replace(card, keys=(Key("To my calendar", "t"),)))
        shown = next(one for one in ana.sees(forum) if str(one.id) == post.message_id)
        before = len(ana.sees(forum))
        seen = await ana.taps(shown, "To my calendar")
        assert seen.alert == "You're going."
        assert [one.text for one in ana.sees()][1:] == ["You're going.", ""]
        await luc.types("/calendar", forum)  # no direct chat with Luc: the words stand, the file is left out
        assert luc.sees() == []
        assert (len(scene.inbox.done), scene.inbox.given_up) == (4, [])
        luc_account = Account("telegram", "", luc.id)
        assert await scene.port.give(here(forum), luc_account, GOING) is not None
        new = ana.sees(forum)[before:]
        assert [bool(one.document) for one in new if one.from_bot] == [False, False]


@pytest.mark.parametrize(
    ("trouble", "arrives"),
    [
        ({"status": 429, "retry_after": 7}, True),
        ({"status": 429, "retry_after": 7, "times": 2}, False),
        ({"status": 400}, False),
        ({"drop": True}, False),
        ({"status": 500}, False),
    ],
)
async def test_on_telegram_a_file_that_cannot_be_placed_loses_no_words(
    trouble: dict[str, Any], arrives: bool
) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.answers["calendar"] = GOING
        scene.server.fail_next("sendDocument", **trouble)
        seen = await ana.types("/calendar")
        assert [bool(one.document) for one in seen.messages] == [False, *[True] * arrives]
        assert (len(scene.inbox.done), scene.inbox.given_up) == (1, [])
        scene.server.fail_next("sendDocument", **trouble)
        await scene.port.send(here(ana), GOING.message or Message(""))
        assert ana.sees()[-1 - arrives].text == "You're going."


# ---- Slack ----


async def test_on_slack_a_file_follows_its_words() -> None:
    async with slack() as scene:
        ana, luc = scene.server.user("Ana"), scene.server.user("Luc")
        hall = scene.server.channel("hall", ana, luc)
        scene.inbox.answers |= {"calendar": GOING, "list": replace(GOING, public=True)}
        words, file = await ana.says("calendar")
        assert (words.words, file.file and (file.file.name, file.file.text)) == (
            "You're going.",
            (ICS.name, ICS.text),
        )
        assert [post.message_id for _, post in scene.inbox.done if post] == [words.ts]
        done = scene.server.called("files.completeUploadExternal")[-1].arguments
        assert done["files"][0]["title"] == ICS.name
        assert "initial_comment" not in done

        for said in (ana.types("/alliance calendar", hall), ana.says("calendar", hall, mention=True)):
            words, file = await said  # for her eyes, so the file goes to her direct chat
            assert (words.channel, words.ephemeral, file.channel) == (hall.id, True, ana.direct.id)
        words, file = await ana.types("/alliance list", hall)
        assert (words.channel, words.ephemeral, file.channel) == (hall.id, False, hall.id)
        root = luc.sees(hall)[0]
        words, file = await ana.says("list", hall, thread=root, mention=True)
        assert (words.thread, file.thread, file.channel) == (root.ts, root.ts, hall.id)
        assert [bool(one.file) for one in luc.sees() if one.author == "UBOT"] == [False, True] * 2

        here, account = place(hall.id), Account("slack", "T1", ana.id)
        await scene.port.send(here, Message("All of it", file=ICS, silent=True))
        assert [one.channel for one in luc.sees() if one.file][-1] == hall.id
        await scene.port.send(here, Message("Yours", file=ICS), only_for=account)
        await scene.port.give(here, account, GOING)
        assert [one.channel for one in ana.sees() if one.file][-2:] == [ana.direct.id] * 2
        assert scene.inbox.given_up == []


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize(
    ("trouble", "arrives"),
    [
        ({"status": 429, "retry_after": 7}, True),
        ({"code": "not_in_channel"}, False),
        ({"status": 500, "times": 2}, False),
        ({}, False),
    ],
)
async def test_on_slack_a_file_that_cannot_be_placed_loses_no_words(
    method: str, trouble: dict[str, Any], arrives: bool
) -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        scene.inbox.answers["calendar"] = GOING
        if trouble:
            scene.server.fail_next(method, **trouble)
        else:
            scene.server.scopes.remove("files:write")
        seen = await ana.says("calendar")
        assert [bool(one.file) for one in seen] == [False, *[True] * arrives]
        assert (len(scene.inbox.done), scene.inbox.given_up) == (1, [])
        assert not scene.port.pacer.paused()


async def test_the_slack_stand_in_takes_files_in_three_steps_only() -> None:
    server = SlackServer()
    await server.start()
    ana = server.user("Ana")
    hall = server.channel("hall", ana)
    headers = {"Authorization": f"Bearer {server.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def call(method: str, **body: str) -> dict[str, Any]:
            async with session.post(f"{server.api_url}files.{method}", data=body) as response:
                answer: dict[str, Any] = await response.json()
                return answer

        async def complete(file: str, channel: str = hall.id) -> str:
            answer = await call("completeUploadExternal", files=f'[{{"id": "{file}"}}]', channel_id=channel)
            return str(answer.get("error") or "ok")

        async def upload(address: str, content: bytes) -> int:
            async with session.post(address, data=content) as response:
                return response.status

        for lacking in ({"length": "2"}, {"filename": "a"}, {"filename": "a", "length": "0"}):
            assert (await call("getUploadURLExternal", **lacking))["error"] == "invalid_arguments"
        room = await call("getUploadURLExternal", filename="a.csv", length="2")
        assert await complete(room["file_id"]) == "file_not_found"  # no bytes yet
        assert await upload(room["upload_url"], b"abc") == 400
        assert await upload(room["upload_url"], b"ab") == 404  # good once
        room = await call("getUploadURLExternal", filename="a.csv", length="2")
        assert await upload(room["upload_url"], b"ab") == 200
        assert await complete(room["file_id"], "C0404") == "channel_not_found"
        assert await complete("F0404") == "file_not_found"
        assert await complete(room["file_id"]) == "ok"
        assert await complete(room["file_id"]) == "file_not_found"  # it is shared
        assert [one.file.text for one in ana.sees() if one.file] == ["ab"]
        server.scopes.remove("files:write")
        assert (await call("getUploadURLExternal", filename="a", length="1"))["error"] == "missing_scope"
    await server.stop()


# ---- the terminal ----


async def test_at_the_terminal_a_file_is_written_and_named(tmp_path: Any) -> None:
    ana = account_of("Ana")
    port = TerminalPort(tmp_path / "files")
    await port.send(direct_of(ana), Message("You're going.", file=ICS))
    (written,) = port.written
    assert written.file == str(tmp_path / "files" / ICS.name)
    assert (tmp_path / "files" / ICS.name).read_bytes() == ICS.text.encode()
    (tmp_path / "file").write_text("in the way")
    blocked = TerminalPort(tmp_path / "file")
    await blocked.give(direct_of(ana), ana, GOING)
    assert [(one.text, one.file) for one in blocked.written] == [("You're going.", "")]
