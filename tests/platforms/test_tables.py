"""Tables that people send: read before anybody looks at what came with them, or done without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.messages import File, Said
from bot.platforms.files import LARGEST_TABLE, is_table, text_in
from bot.platforms.slack.fetching import is_slacks
from bot.platforms.telegram.documents import Tables
from bot.platforms.telegram.request import Api
from tests.platforms.slack_scene import slack
from tests.platforms.telegram_scene import telegram
from tests.servers.slack import SlackServer

TABLE = "Name,Email\nZoë,zoe@example.org\n"


def test_what_is_read_as_a_table_and_how() -> None:
    for mime, name, size, so in (
        ("text/csv", "who", 10, True),
        ("text/plain; charset=utf-8", "who.txt", LARGEST_TABLE, True),
        ("text/comma-separated-values", "who.csv", 0, True),
        ("application/vnd.ms-excel", "WHO.CSV", 10, True),
        ("application/vnd.ms-excel", "who.xls", 10, False),
        ("text/csv", "who.csv", LARGEST_TABLE + 1, False),
        ("image/jpeg", "who.csv", 10, False),
        ("", "", 0, False),
    ):
        assert is_table(File("f", name, mime, size)) is so, (mime, name)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        assert text_in(TABLE.encode(encoding)) == TABLE
    assert text_in(b"\xfe\xff" + TABLE.encode("utf-16-be")) == TABLE
    assert text_in(b"a\0b\xff") == "abÿ"
    assert text_in(b"\xff\xfeab\0") == "\u6261\N{REPLACEMENT CHARACTER}"  # broken off in the middle


def test_our_token_goes_to_slack_alone() -> None:
    real, stand_in = "https://slack.com/api/", "http://127.0.0.1:8000/api/"
    for good in (
        "https://slack.com/f",
        "https://files.slack.com/files-pri/T1-F1/download/who.csv",
        "https://FILES.slack.com:443/f",
    ):
        assert is_slacks(good, real)
    for bad in (
        "",
        "http://files.slack.com/f",
        "https://files.slack.com.evil.example/f",
        "https://evilslack.com/f",
        "https://files.slack.com@evil.example/f",
        "https://ana:x@files.slack.com/f",
        "https://files.slack.com:8443/f",
        "https://evil.example/slack.com",
        "http://127.0.0.1:8000/f",
        "https://[files.slack.com/f",
        "//files.slack.com/f",
    ):
        assert not is_slacks(bad, real), bad
    assert is_slacks("http://127.0.0.1:8000/f", stand_in)
    assert not is_slacks("http://127.0.0.1:8001/f", stand_in)


@pytest.mark.parametrize("door", ["polling", "webhook"])
async def test_on_telegram_a_table_is_read_before_anybody_looks(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Hall", [ana])
        csv: dict[str, Any] = {"document": "who.csv", "content": TABLE.encode("utf-16"), "mime": "text/csv"}
        await ana.says("who came", **csv)
        await ana.says("who came", group, mention=True, **csv)
        scene.server.privacy = False
        await ana.says("lunch", group, **csv)  # not for us
        await ana.says(**csv | {"content": b"x" * (LARGEST_TABLE + 1)})
        await ana.says(**csv | {"mime": "application/pdf"})
        scene.server.fail_next("getFile", status=500)
        await ana.says(**csv)
        scene.server.fail_next("download", status=404)
        await ana.says(**csv)
        texts = [one.files[0].text for one in scene.inbox.received if isinstance(one, Said)]
        assert texts == [TABLE, TABLE, "", "", "", "", ""]
        first = scene.inbox.received[0]
        assert isinstance(first, Said)
        assert first.files == (File("file0", "who.csv", "text/csv", len(csv["content"]), TABLE),)
        asked = [one for one in scene.server.calls if one.method == "getFile"]
        assert len(asked) == 4  # size and kind are told before


async def test_on_telegram_tables_take_so_many_seconds_of_a_minute_and_no_more() -> None:
    async with telegram(connect=False) as scene:
        root = scene.server.api_url
        api = Api(f"{root}/bot{scene.server.token}/", f"{root}/file/bot{scene.server.token}/")
        await api.initialize()
        tables = Tables(api, scene.port.pacer, patience=0.2)
        file = File(scene.server.keep(TABLE.encode())["file_id"], "who.csv", "text/csv")
        assert await tables.fetch(file) == TABLE.encode()
        scene.server.delay("download", 0.5)
        assert await tables.fetch(file) is None
        scene.server.delay("download", 0.0)
        assert await tables.fetch(file) is None  # within the minute
        assert len([one for one in scene.server.calls if one.method == "getFile"]) == 2
        await scene.clock.sleep(61)
        assert await tables.fetch(file) == TABLE.encode()
        assert await tables.fetch(replace(file, id="unknown")) is None
        await api.shutdown()


@pytest.mark.parametrize("door", ["socket", "http"])
async def test_on_slack_a_table_is_read_before_anybody_looks(door: str) -> None:
    async with slack(door) as scene:
        ana = scene.server.user("Ana")
        hall = scene.server.channel("hall", ana)
        csv = scene.server.files.brought("who came.csv", TABLE.encode(), "text/csv")
        await ana.says("who came", files=[csv])
        await ana.says("who came", hall, mention=True, files=[csv])
        root = ana.sees(hall)[-1]
        await ana.says("lunch", hall, thread=root, files=[csv])  # not for us
        large = scene.server.files.brought("who.csv", b"x" * (LARGEST_TABLE + 1), "text/csv")
        await ana.says("", files=[large])
        await ana.says("", files=[{**large, "size": 0}])  # Slack did not say how large it is
        await ana.says("", files=[{**csv, "url_private_download": ""}])
        await ana.says("", files=[{**csv, "id": "F0", "mimetype": "image/png"}, csv, csv])
        scene.server.fail_next("download", status=500)
        await ana.says("", files=[csv])
        scene.server.scopes.remove("files:read")
        await ana.says("", files=[csv])
        said = [one for one in scene.inbox.received if isinstance(one, Said)]
        texts = [[file.text for file in one.files] for one in said]
        read, unread = [TABLE], [""]
        assert texts == [read, read, unread, unread, unread, unread, ["", TABLE, ""], unread, unread]
        assert scene.server.files.signed_in == 0  # nobody follows to where people sign in


async def test_on_slack_our_token_is_shown_to_nobody_else() -> None:
    elsewhere = SlackServer()  # another host, by its port
    await elsewhere.start()
    async with slack() as scene:
        ana = scene.server.user("Ana")
        theirs = elsewhere.files.brought("who.csv", TABLE.encode(), "text/csv")
        await ana.says("", files=[theirs])
        said = scene.inbox.received[0]
        assert isinstance(said, Said)
        assert said.files[0].text == ""
    await elsewhere.stop()
