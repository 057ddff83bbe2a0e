"""The stand-in refuses what Telegram refuses; without that the other tests would prove little."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.servers.telegram import TelegramServer, User


class Bot:
    """Bare calls over HTTP."""

    def __init__(self, server: TelegramServer, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session

    async def call(self, method: str, token: str = "", **parameters: Any) -> tuple[int, Any]:
        url = f"{self.server.api_url}/bot{token or self.server.token}/{method}"
        async with self.session.post(url, json=parameters) as response:
            answer = await response.json()
            return response.status, answer["result"] if answer["ok"] else answer["description"]


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    server = TelegramServer()
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Bot(server, session)
    await server.stop()


@pytest.fixture
async def ana(bot: Bot) -> User:
    ana = bot.server.user("Ana")
    await ana.starts(wait=False)
    return ana


def keys(*rows: int, data: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Key", "callback_data": data}] * width for width in rows]}


def bold(offset: int, length: int) -> list[dict[str, Any]]:
    return [{"type": "bold", "offset": offset, "length": length}]


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ({"text": "x" * 4096}, None),
        ({"text": "x" * 4097}, "Bad Request: message is too long"),
        ({"text": "🌱" * 2049}, "Bad Request: message is too long"),
        ({"text": " \n"}, "Bad Request: message text is empty"),
        ({"text": "🌱", "entities": bold(0, 2)}, None),
        ({"text": "🌱", "entities": bold(1, 2)}, "Bad Request: ENTITY_BOUNDS_INVALID"),
        ({"text": "x", "reply_markup": keys(*[8] * 12, 4)}, None),
        ({"text": "x", "reply_markup": keys(*[8] * 12, 5)}, "Bad Request: reply markup is too long"),
        ({"text": "x", "reply_markup": keys(9)}, "Bad Request: reply markup is too long"),
        ({"text": "x", "reply_markup": keys(1, data="é" * 32)}, None),
        ({"text": "x", "reply_markup": keys(1, data="é" * 33)}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "x", "message_thread_id": 3}, "Bad Request: message thread not found"),
        (
            {"text": "x", "reply_parameters": {"message_id": 9}},
            "Bad Request: message to be replied not found",
        ),
    ],
)
async def test_messages_are_checked(bot: Bot, ana: User, message: dict[str, Any], says: str | None) -> None:
    status, answer = await bot.call("sendMessage", chat_id=ana.id, **message)
    assert (status, answer if says else None) == ((400, says) if says else (200, None))


async def test_who_can_be_written_to(bot: Bot, ana: User) -> None:
    ben = bot.server.user("Ben")
    group = bot.server.group("Green group", [ana])
    ana.blocks()
    group.remove_bot(by=ana)
    answers = [
        await bot.call("sendMessage", chat_id=chat, text="x") for chat in (ana.id, ben.id, group.id, 7)
    ]
    assert answers == [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (400, "Bad Request: chat not found"),
    ]


async def test_only_its_own_token_and_known_methods(bot: Bot) -> None:
    assert await bot.call("getMe", token="1:x") == (401, "Unauthorized")
    assert (await bot.call("getMe", token="x"))[0] == 404
    assert (await bot.call("getCoffee"))[0] == 404


async def test_the_offset_confirms_and_everything_else_is_kept(bot: Bot, ana: User) -> None:
    await ana.types("/log", wait=False)
    first = (await bot.call("getUpdates"))[1]
    assert [update["message"]["text"] for update in first] == ["/start", "/log"]
    assert (await bot.call("getUpdates"))[1] == first
    assert (await bot.call("getUpdates", offset=first[1]["update_id"]))[1] == first[1:]
    assert (await bot.call("getUpdates", offset=first[1]["update_id"] + 1))[1] == []


async def test_a_tap_is_answered_once_and_within_fifteen_seconds(bot: Bot, ana: User) -> None:
    _, sent = await bot.call("sendMessage", chat_id=ana.id, text="x", reply_markup=keys(1))
    message = ana.chat.messages[sent["message_id"]]
    for _ in range(2):
        await ana.taps(message, "Key", wait=False)
    first, second = bot.server.queries
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bot.call("answerCallbackQuery", callback_query_id=first, text="x" * 201) == (
        400,
        "Bad Request: MESSAGE_TOO_LONG",
    )
    assert await bot.call("answerCallbackQuery", callback_query_id=first) == (200, True)
    assert await bot.call("answerCallbackQuery", callback_query_id=first) == (400, too_old)
    pressed = bot.server.queries[second].at
    bot.server.now = lambda: pressed + 15.1
    assert await bot.call("answerCallbackQuery", callback_query_id=second) == (400, too_old)


async def test_edits(bot: Bot, ana: User) -> None:
    group = bot.server.group("Green group", [ana])
    where = {"chat_id": group.id, "text": "x"}
    await bot.call("sendMessage", **where)
    status, says = await bot.call("editMessageText", message_id=1, **where)
    assert (status, says.partition(":")[2].partition(":")[0]) == (400, " message is not modified")
    status, edited = await bot.call("editMessageText", message_id=1, chat_id=group.id, text="y")
    assert (status, edited["text"]) == (200, "y")
    gone = (400, "Bad Request: message to edit not found")
    assert await bot.call("editMessageText", message_id=77, **where) == gone
    ana.deletes(group.chat.messages[1])
    assert await bot.call("editMessageText", message_id=1, **where) == gone
    assert await bot.call("deleteMessage", message_id=1, chat_id=group.id) == (
        400,
        "Bad Request: message to delete not found",
    )


async def test_pictures_have_captions_and_limits(bot: Bot, ana: User) -> None:
    async def photo(content: bytes, **parameters: str) -> tuple[int, Any]:
        form = aiohttp.FormData({"chat_id": ana.id, **parameters})
        form.add_field("photo", content, filename="a.png", content_type="image/png")
        url = f"{bot.server.api_url}/bot{bot.server.token}/sendPhoto"
        async with bot.session.post(url, data=form) as response:
            answer = await response.json()
            return response.status, answer["result"] if answer["ok"] else answer["description"]

    def png(*size: int) -> bytes:
        made = io.BytesIO()
        Image.new("1", (size[0], size[1])).save(made, "PNG")
        return made.getvalue()

    status, sent = await photo(png(40, 30), caption="x" * 1024)
    assert (status, sent["photo"][0]["width"], sent["caption"]) == (200, 40, "x" * 1024)
    for content, caption, says in (
        (png(40, 30), "x" * 1025, "message caption is too long"),
        (png(21, 1), "", "PHOTO_INVALID_DIMENSIONS"),
        (png(5001, 5000), "", "PHOTO_INVALID_DIMENSIONS"),
        (b"none", "", "IMAGE_PROCESS_FAILED"),
        (b"x" * 10_000_001, "", "file of size 10000001 bytes is too big for a photo"),
    ):
        assert await photo(content, caption=caption) == (400, f"Bad Request: {says}")
    where = {"chat_id": ana.id, "message_id": sent["message_id"]}
    text, caption = "Bad Request: there is no text in the message to edit", "Bad Request: there is no caption"
    assert await bot.call("editMessageText", **where, text="y") == (400, text)
    assert (await bot.call("editMessageCaption", **where, caption="y"))[1]["caption"] == "y"
    assert (await bot.call("editMessageCaption", **where, caption=""))[0] == 200
    _, words = await bot.call("sendMessage", chat_id=ana.id, text="x")
    where["message_id"] = words["message_id"]
    assert (await bot.call("editMessageCaption", **where, caption="y"))[1].startswith(caption)


async def test_after_two_days_nothing_is_taken_away(bot: Bot, ana: User) -> None:
    began = bot.server.now()
    _, sent = await bot.call("sendMessage", chat_id=ana.id, text="x")
    where = {"chat_id": ana.id, "message_id": sent["message_id"]}
    bot.server.now = lambda: began + 48 * 3600 + 2
    assert await bot.call("deleteMessage", **where) == (400, "Bad Request: message can't be deleted")
    bot.server.now = lambda: began + 48 * 3600 - 2
    assert await bot.call("deleteMessage", **where) == (200, True)


async def test_twenty_messages_and_edits_a_minute_in_a_group(bot: Bot, ana: User) -> None:
    group, now = bot.server.group("Green group", [ana]), 1000.0
    bot.server.limits, bot.server.now = True, lambda: now
    for number in range(20):
        where = {"chat_id": group.id, "text": f"{number}"}
        method = "editMessageText" if number % 2 else "sendMessage"
        assert (await bot.call(method, **where, message_id=1))[0] == 200
        now += 1.1
    assert await bot.call("sendMessage", **where) == (429, "Too Many Requests: retry after 38")
    now = 1060.0
    assert (await bot.call("sendMessage", **where))[0] == 200


async def test_thirty_a_second_in_all_and_five_in_five_seconds_in_a_chat(bot: Bot, ana: User) -> None:
    now, others = 1000.0, [bot.server.user(f"Person {number}") for number in range(26)]
    bot.server.limits, bot.server.now = True, lambda: now
    for other in others:
        await other.starts(wait=False)
    answers = [(await bot.call("sendMessage", chat_id=ana.id, text="x"))[0] for _ in range(6)]
    assert answers == [200] * 5 + [429]
    answers = [(await bot.call("sendMessage", chat_id=other.id, text="x"))[0] for other in others]
    assert answers == [200] * 25 + [429]
    now = 1001.0
    assert (await bot.call("sendMessage", chat_id=others[-1].id, text="x"))[0] == 200
    assert (await bot.call("sendMessage", chat_id=ana.id, text="x")) == (
        429,
        "Too Many Requests: retry after 4",
    )
    now = 1005.0
    assert (await bot.call("sendMessage", chat_id=ana.id, text="x"))[0] == 200


async def test_where_a_bot_may_not_write(bot: Bot, ana: User) -> None:
    group = bot.server.group("Green group", [ana], forum=True, bot=False)
    topic, other = group.topic("Motions", by=ana), group.topic("Votes", by=ana)

    async def says(thread: int = 0) -> object:
        return (await bot.call("sendMessage", chat_id=group.id, text="x", message_thread_id=thread))[1]

    assert await says() == "Forbidden: bot is not a member of the supergroup chat"
    group.add_bot(by=ana)
    group.mute_bot(by=ana)
    assert await says(topic) == "Bad Request: not enough rights to send text messages to the chat"
    group.unmute_bot(by=ana)
    group.close_topic(topic, by=ana)
    assert await says(topic) == "Bad Request: TOPIC_CLOSED"
    assert isinstance(await says(other), dict)
    group.promote_bot(by=ana)
    assert isinstance(await says(topic), dict)
    group.delete_topic(topic)
    assert await says(topic) == "Bad Request: message thread not found"
    new = group.upgrade(by=ana)
    assert await says() == "Bad Request: group chat was upgraded to a supergroup chat"
    assert (await bot.call("sendMessage", chat_id=new.id, text="x"))[0] == 200


async def test_chaos_strikes_a_share_of_the_sends_the_same_way_for_the_same_seed(bot: Bot, ana: User) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    bot.server.sleep = sleep

    async def run() -> list[object]:
        bot.server.chaos(seed=7, rate=0.5, slow=30.0)
        came: list[object] = []
        for number in range(60):
            before = len(ana.chat.messages)
            try:
                status: object = (await bot.call("sendMessage", chat_id=ana.id, text=f"{number}"))[0]
            except aiohttp.ClientError:
                status = "lost" if len(ana.chat.messages) > before else "reset"
            came.append(status)
        return came

    first = await run()
    assert set(first) == {200, 429, 500, "reset", "lost"}
    assert 15 <= sum(status != 200 for status in first) <= 35
    assert waits
    assert set(waits) == {30.0}
    assert await run() == first
    bot.server.chaos(seed=7, rate=0)
    answers = [(await bot.call("sendMessage", chat_id=ana.id, text="x"))[0] for _ in range(20)]
    assert answers == [200] * 20


async def test_slow_and_lost_answers_on_purpose(bot: Bot, ana: User) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    bot.server.sleep = sleep
    bot.server.fail_next("sendMessage", 200, slow=9.0)
    assert (await bot.call("sendMessage", chat_id=ana.id, text="slow"))[0] == 200
    bot.server.fail_next("sendMessage", drop=True, after_processing=True)
    with pytest.raises(aiohttp.ClientError):
        await bot.call("sendMessage", chat_id=ana.id, text="lost")
    bot.server.fail_next("sendMessage", drop=True)
    with pytest.raises(aiohttp.ClientError):
        await bot.call("sendMessage", chat_id=ana.id, text="reset")
    assert [one.text for one in ana.sees()] == ["/start", "slow", "lost"]
    assert waits == [9.0]
