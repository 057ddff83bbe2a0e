"""Pictures and documents with bytes: sent the way each platform wants, kept through edits, taken away."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot.messages import Account, Attachment, Key, Message, Place, Post
from bot.platforms.files import picture_size
from bot.platforms.pacing import FREE
from bot.platforms.port import SendFailed
from tests.platforms.slack_scene import Scene as SlackScene
from tests.platforms.slack_scene import place, slack
from tests.platforms.telegram_scene import telegram


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), alt: str = "") -> Attachment:
    """A picture of one colour."""
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, kind)
    return Attachment(f"hall.{kind.lower()}", f"image/{kind.lower()}", content=content.getvalue(), alt=alt)


HALL = picture(alt="The hall in @Porto")
REPORT = Attachment("report.pdf", "application/pdf", content=b"%PDF-1.7 \xff")
NEWS = Message("**News** of the week", (Key("Read it", token="t"),), file=HALL)
LONG = " ".join(["word"] * 300)


def test_the_size_of_a_picture_is_read_from_its_beginning() -> None:
    assert picture_size(HALL.data) == (40, 30)
    assert picture_size(picture("JPEG", (3, 4)).data) == (3, 4)
    assert picture_size(b"GIF89a") == picture_size(b"no picture") == picture_size(b"") == (0, 0)


# ---- Telegram ----


async def test_on_telegram_a_picture_has_the_words_under_it() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        here = Place("telegram", "", ana.id)
        post = await scene.port.send(here, replace(NEWS, silent=True), reply_to="1")
        shown = ana.sees()[-1]
        assert (shown.text, shown.marked("bold"), shown.marked("italic"), shown.buttons, shown.silent) == (
            "News of the week\n\nThe hall in @\u2060Porto",
            ["News"],
            ["The hall in @\u2060Porto"],
            ["Read it"],
            True,
        )
        assert (shown.photo["width"], shown.reply_to) == (40, ana.sees()[0])
        assert scene.server.files[shown.photo["file_id"]] == HALL.data
        assert post == Post(here, str(shown.id), more=(f"caption:{shown.id}",))

        edited = await scene.port.edit(post, Message("*Other* news", file=HALL))
        assert (edited, shown.text) == (post, "Other news\n\nThe hall in @\u2060Porto")
        assert await scene.port.edit(Post(here, post.message_id), Message("Third")) == post  # it finds out
        longer = await scene.port.edit(post, Message(LONG, NEWS.keys, file=HALL))
        first, second = ana.sees()[-2:]
        assert (bool(first.photo), first.buttons, second.buttons, second.silent) == (
            True,
            [],
            ["Read it"],
            True,
        )
        assert len(first.text) <= 1024
        assert longer.more == (f"caption:{first.id}", str(second.id))
        assert await scene.port.edit(longer, NEWS) == post
        await scene.port.delete(longer)
        assert len(ana.sees()) == 1


async def test_on_telegram_a_picture_follows_words_that_are_too_long_for_it() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        here = Place("telegram", "", ana.id)
        post = await scene.port.send(here, Message(LONG, NEWS.keys, file=HALL))
        words, shown = ana.sees()[-2:]
        assert (words.text, words.buttons, words.silent) == (LONG, ["Read it"], False)
        assert (bool(shown.photo), shown.text, shown.buttons, shown.silent) == (
            True,
            "The hall in @\u2060Porto",
            [],
            True,
        )
        assert post == Post(here, str(words.id), more=(f"file:{shown.id}",))
        longer = await scene.port.edit(post, Message("\n\n".join([LONG] * 4), file=HALL))
        assert longer.more == (str(shown.id + 1), f"file:{shown.id}")
        assert await scene.port.edit(longer, Message("Short")) == post
        await scene.port.delete(longer)
        assert len(ana.sees()) == 1
        room = Message(" ".join(["word"] * 204), file=HALL)  # 1,019 characters leave none for the picture's
        await scene.port.send(here, room)
        assert ana.sees()[-1].text == room.text
        bare = await scene.port.send(here, Message("", file=replace(HALL, alt="")))
        assert (ana.sees()[-1].text, bare.more) == ("", (f"caption:{bare.message_id}",))


@pytest.mark.parametrize(
    "file",
    [
        REPORT,
        picture("GIF", alt="A wave"),
        picture(size=(9_990, 11)),
        picture(size=(210, 10)),
        replace(HALL, mime="image/webp"),
    ],
)
async def test_on_telegram_what_it_would_not_show_is_a_document(file: Attachment) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        post = await scene.port.send(Place("telegram", "", ana.id), replace(NEWS, file=file))
        words, shown = ana.sees()[-2:]
        assert (words.text, shown.document["file_name"]) == ("News of the week", file.name)
        assert scene.server.files[shown.document["file_id"]] == file.data
        assert shown.text == file.alt.replace("@", "@\u2060")
        assert post.more == (f"file:{shown.id}",)


@pytest.mark.parametrize(("file", "method"), [(HALL, "sendPhoto"), (REPORT, "sendDocument")])
async def test_on_telegram_a_file_for_many_is_brought_once(file: Attachment, method: str) -> None:
    async with telegram() as scene:
        people = [scene.server.user(f"Ana {n}") for n in range(3)]
        for one in people:
            await one.starts()
            await scene.port.send(Place("telegram", "", one.id), replace(NEWS, file=file))
        calls = [one for one in scene.server.calls if one.method == method]
        assert [isinstance(one.parameters[method[4:].lower()], str) for one in calls] == [False, True, True]
        for one in people:
            shown = one.sees()[-1]
            assert scene.server.files[(shown.photo or shown.document)["file_id"]] == file.data
        scene.server.sent.clear()  # Telegram knows it no more
        await scene.port.send(Place("telegram", "", people[0].id), replace(NEWS, file=file))
        assert scene.server.files[(people[0].sees()[-1].photo or people[0].sees()[-1].document)["file_id"]]


async def test_on_telegram_where_there_may_be_no_pictures_the_words_stand() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Hall", [ana])
        group.chat.pictures = False
        here = Place("telegram", "", group.id, kind="group")
        post = await scene.port.send(here, NEWS)
        assert [(one.text, one.photo) for one in ana.sees(group)] == [("News of the week", {})]
        assert post.more == ()
        scene.server.fail_next("sendPhoto", status=429, retry_after=7)
        with pytest.raises(SendFailed) as failed:
            await scene.port.send(here, NEWS)
        assert (failed.value.kind, failed.value.after) == ("later", 7.0)
        scene.server.fail_next("sendPhoto", drop=True, after_processing=True)
        with pytest.raises(SendFailed, match="unknown"):
            await scene.port.send(here, NEWS)


# ---- Slack ----


def shown(scene: SlackScene, file: str) -> bytes:
    found = scene.server.files.picture(file)
    assert found is not None
    return found.content or b""


async def test_on_slack_a_picture_stands_in_the_message() -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        hall = scene.server.channel("hall", ana)
        scene.server.files.looking = 3.0  # seconds until Slack knows that it is a picture
        post = await scene.port.send(place(hall.id), NEWS)
        (message,) = ana.sees(hall)
        ((file, alt),) = message.pictures
        assert (message.words, message.buttons, alt) == ("*News* of the week", ["Read it"], HALL.alt)
        assert (shown(scene, file), post.more) == (HALL.data, (f"image:{file}",))
        assert [block["type"] for block in message.blocks] == ["section", "image", "actions"]

        assert await scene.port.edit(post, replace(NEWS, text="Other news")) == post
        assert (message.words, message.pictures) == ("Other news", [(file, HALL.alt)])
        long = "\n\n".join([LONG] * 20)
        longer = await scene.port.edit(post, replace(NEWS, text=long))
        assert [one.pictures for one in ana.sees(hall)] == [[], [], [(file, HALL.alt)]]
        assert longer.more == (*(one.ts for one in ana.sees(hall)[1:]), f"image:{file}")
        await scene.port.delete(longer)
        await scene.port.delete(longer)
        assert (ana.sees(hall), scene.server.files.picture(file)) == ([], None)


async def test_on_slack_a_picture_that_somebody_deleted_stops_no_edit() -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        post = await scene.port.send(place(ana.direct.id), NEWS)
        scene.server.files.delete(post.more[0].removeprefix("image:"))
        await scene.port.edit(post, Message("Other news"))
        assert [(one.words, one.pictures) for one in ana.sees()] == [("Other news", [])]


async def test_on_slack_documents_follow_their_words_and_go_with_them() -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        hall = scene.server.channel("hall", ana)
        post = await scene.port.send(place(hall.id), replace(NEWS, file=REPORT))
        words, file = ana.sees(hall)
        assert file.file is not None
        assert (words.words, file.file.content) == ("*News* of the week", REPORT.data)
        assert post.more == (f"file:{file.file.id}",)
        await scene.port.edit(post, Message("Other news"))
        assert [bool(one.file) for one in ana.sees(hall)] == [False, True]
        await scene.port.delete(post)
        assert ana.sees(hall) == []
        yours = Account("slack", "T1", ana.id)
        await scene.port.send(place(hall.id), NEWS, only_for=yours)  # for her eyes: in her direct chat
        assert [bool(one.file) for one in ana.sees()] == [False, True]
        told = scene.server.files.info("F0002")
        assert told is not None
        assert told["alt_txt"] == HALL.alt


@pytest.mark.parametrize(
    ("method", "trouble", "arrives"),
    [
        ("files.getUploadURLExternal", {"status": 429, "retry_after": 7}, True),
        ("files.getUploadURLExternal", {"status": 500, "times": 2}, False),
        ("files.completeUploadExternal", {"drop": True, "after_processing": True}, False),
        ("files.info", {"code": "missing_scope"}, False),
        ("chat.postMessage", {"code": "invalid_blocks"}, False),
    ],
)
async def test_on_slack_a_picture_that_cannot_be_had_loses_no_words(
    method: str, trouble: dict[str, Any], arrives: bool
) -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        scene.server.fail_next(method, **trouble)
        post = await scene.port.send(place(ana.direct.id), NEWS)
        assert [(one.words, len(one.pictures)) for one in ana.sees()] == [
            ("*News* of the week", int(arrives))
        ]
        assert len(post.more) == int(arrives)


# ---- what people send ----


async def test_a_file_of_somebodys_is_fetched_by_its_id() -> None:
    async with telegram() as scene:
        server = scene.server
        kept, large = server.keep(HALL.data)["file_id"], server.keep(b"x" * 20_000_001)["file_id"]
        assert await scene.port.fetch(kept) == HALL.data
        for ref, kind in ((large, "refused"), ("nothing", "gone")):
            with pytest.raises(SendFailed, match=kind):
                await scene.port.fetch(ref)
        for method, fault in (("getFile", {"status": 429}), ("getFile", {"drop": True}), ("download", {})):
            server.fail_next(method, **fault)
            with pytest.raises(SendFailed, match="later"):
                await scene.port.fetch(kept)
    async with slack() as there:
        files = there.server.files
        sent = files.brought("hall.png", HALL.data, "image/png")
        away = files.brought("a.png", b"x", "image/png")
        away["url_private_download"] = "https://elsewhere.example/a.png"
        external = files.brought("b.gdoc", b"x", "text/html")
        del external["url_private_download"]
        page = files.brought("page.html", b"<html>", "text/html")
        assert await there.port.fetch(sent["id"]) == HALL.data
        for file, kind in (
            (away, "refused"),
            (external, "refused"),
            (page, "refused"),
            ({"id": "F0404"}, "gone"),
        ):
            with pytest.raises(SendFailed, match=kind):
                await there.port.fetch(file["id"])
        for method, fault in (
            ("files.info", {"status": 429}),
            ("download", {"status": 503}),
            ("download", {"drop": True, "times": 2}),  # aiohttp tries a broken connection twice
        ):
            there.server.fail_next(method, **fault)  # type: ignore[arg-type]
            with pytest.raises(SendFailed, match="later"):
                await there.port.fetch(sent["id"])
        files.forget(sent["id"])
        with pytest.raises(SendFailed, match="gone"):
            await there.port.fetch(sent["id"])
        assert files.signed_in == 0
