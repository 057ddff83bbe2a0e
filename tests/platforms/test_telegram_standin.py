"""The stand-in refuses what Telegram refuses; without that the other tests would prove little."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

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
    group.kicks_bot(by=ana)
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


async def test_edits_and_limits(bot: Bot, ana: User) -> None:
    group = bot.server.group("Green group", [ana])
    bot.server.limits, bot.server.now = True, lambda: 1000.0
    where = {"chat_id": group.id, "text": "x"}
    sent = [(await bot.call("sendMessage", **where))[0] for _ in range(20)]
    assert sent == [200] * 20
    status, says = await bot.call("sendMessage", **where)
    assert (status, says) == (429, "Too Many Requests: retry after 60")
    bot.server.now = lambda: 1060.0
    status, says = await bot.call("editMessageText", message_id=1, **where)
    assert (status, says.partition(":")[2].partition(":")[0]) == (400, " message is not modified")
    assert await bot.call("editMessageText", message_id=77, **where) == (
        400,
        "Bad Request: message to edit not found",
    )
    status, edited = await bot.call("editMessageText", message_id=1, chat_id=group.id, text="y")
    assert (status, edited["text"]) == (200, "y")
