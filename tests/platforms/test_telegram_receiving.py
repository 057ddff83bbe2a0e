"""Telegram: acknowledged means recorded, whatever happens on the way in."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
import pytest
import structlog

from bot.platforms.telegram import TelegramPort
from tests.platforms.telegram_scene import SECRET, Scene, says, telegram

DOORS = pytest.mark.parametrize("door", ["polling", "webhook"])


def waiting(scene: Scene) -> list[str]:
    """The texts of the messages that Telegram keeps because they are not confirmed."""
    return [update["message"]["text"] for update in scene.server.updates]


@DOORS
async def test_nothing_is_confirmed_before_it_is_recorded_and_chats_do_not_wait_for_each_other(
    door: str,
) -> None:
    async with telegram(door) as scene:
        ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
        scene.inbox.held["slow"] = asyncio.Event()
        for person, text in ((ana, "/slow"), (ana, "/second"), (ben, "/quick")):
            await person.types(text, wait=False)
        await scene.until(lambda: "quick" in scene.inbox.texts())
        assert scene.inbox.texts() == ["quick"]
        assert waiting(scene)[:2] == ["/slow", "/second"]
        scene.inbox.held["slow"].set()
        await scene.server.settled()
        assert scene.inbox.texts() == ["quick", "slow", "second"]
        assert waiting(scene) == []


@DOORS
async def test_answers_of_one_chat_come_in_order_even_if_the_first_has_to_wait(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana")
        for number in ("one", "two", "three"):
            scene.inbox.answers[number] = says(f"Answer {number}")
        scene.server.fail_next("sendMessage", 429, retry_after=3)
        for number in ("one", "two", "three"):
            await ana.types(f"/{number}", wait=False)
        await scene.server.settled()
        assert [one.text for one in ana.sees() if one.from_bot] == [
            "Answer one",
            "Answer two",
            "Answer three",
        ]
        assert scene.sleeps == [3.0]


@DOORS
async def test_what_cannot_be_recorded_is_tried_again_until_it_is(door: str) -> None:
    async with telegram(door) as scene:
        ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
        scene.inbox.failing = 9  # more than one batch's attempts
        for person, text in ((ana, "/first"), (ana, "/second"), (ben, "/other")):
            await person.types(text, wait=False)
        await scene.server.settled()
        texts = scene.inbox.texts()
        assert set(texts) == {"first", "second", "other"}
        assert texts.index("first") < texts.index("second")
        await scene.until(scene.port.ready)


async def test_while_nothing_can_be_recorded_we_are_not_ready_and_do_not_hammer() -> None:
    async with telegram() as scene:
        scene.inbox.failing = 1000
        await scene.server.user("Ana").types("/log", wait=False)
        await scene.until(lambda: len(scene.sleeps) >= 8)
        assert not scene.port.ready()
        assert scene.sleeps[:3] == [0.1, 0.4, 1.6]
        assert scene.sleeps[3] >= 0.5
        assert scene.sleeps[7] >= 1.0
        assert waiting(scene) == ["/log"]
        scene.inbox.failing = 0
        await scene.server.settled()
        assert scene.inbox.texts() == ["log"]


async def test_after_a_crash_the_same_event_comes_again_and_after_a_clean_end_nothing_does() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.held["log"] = asyncio.Event()
        await ana.types("/log", wait=False)
        await scene.until(lambda: scene.inbox.begun)
        await scene.port.disconnect()  # it was not recorded in time
        assert waiting(scene) == ["/log"]
        scene.inbox.held.clear()
        scene.port = scene.new_port()
        await scene.port.connect(scene.inbox)
        await scene.server.settled()
        assert scene.inbox.texts() == ["log"]
        await ana.types("/indicators")
        await scene.port.disconnect()
        scene.port = scene.new_port()
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        await scene.server.settled()
        assert scene.inbox.texts() == ["log", "indicators"]


@DOORS
async def test_an_update_delivered_twice_is_the_same_event(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana")
        scene.inbox.answers["list"] = says("Your list", "More")
        card = (await ana.types("/list")).message
        shown = {"message": card.as_json(), "from": ana.person.as_json(), "chat_instance": "1"}
        tap = {"update_id": 900900, "callback_query": {"id": "77", "data": "more"} | shown}
        await scene.server.redeliver(tap)
        await scene.server.redeliver(tap)
        assert [one.event for one in scene.inbox.received] == [f"msg:{ana.id}:1", "cb:77", "cb:77"]


async def test_a_port_can_be_connected_again() -> None:
    async with telegram() as scene:
        await scene.port.disconnect()
        assert not scene.port.ready()
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        await scene.server.user("Ana").types("/log")
        assert scene.inbox.texts() == ["log"]


async def test_a_second_poller_and_a_foreign_webhook_are_survived() -> None:
    async with telegram() as scene:
        url = f"{scene.server.api_url}/bot{scene.server.token}"
        async with aiohttp.ClientSession() as stranger:
            await stranger.post(f"{url}/getUpdates", json={"timeout": 0})
            await scene.until(lambda: 409 in [one.status for one in scene.server.calls])
            await scene.until(scene.port.ready)
            await stranger.post(f"{url}/setWebhook", json={"url": "https://elsewhere.example/x"})
        await scene.until(lambda: scene.server.webhook_url == "")
        assert min(scene.sleeps) >= 5
        await scene.server.user("Ana").types("/log")
        assert scene.inbox.texts() == ["log"]


@pytest.mark.parametrize(
    ("method", "status"), [("getMe", 500), ("getMe", 401), ("deleteWebhook", 502), ("getUpdates", 500)]
)
async def test_a_telegram_that_is_away_is_tried_again_with_growing_pauses(method: str, status: int) -> None:
    async with telegram(connect=False) as scene:
        scene.server.fail_next(method, status, times=3)
        await scene.port.connect(scene.inbox)
        assert not scene.port.ready()
        await scene.until(scene.port.ready)
        first, second, third = scene.sleeps
        assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4
        await scene.server.user("Ana").types("/log")
        assert scene.inbox.texts() == ["log"]


async def test_telegrams_own_pause_is_kept() -> None:
    async with telegram(connect=False) as scene:
        scene.server.fail_next("getUpdates", 429, retry_after=17)
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        assert scene.sleeps == [17.0]


async def post(scene: Scene, body: bytes, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{scene.public_url}/telegram/webhook", data=body, headers=headers) as response,
    ):
        return response.status


def an_update(**more: Any) -> bytes:
    chat = {"id": 5, "type": "private", "first_name": "Ana"}
    message = {"message_id": 3, "date": 1, "chat": chat, "from": chat | {"is_bot": False}, "text": "hello"}
    return json.dumps({"update_id": 4, "message": message} | more).encode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (an_update(), 200),
        (an_update(update_id="four"), 400),
        (an_update(update_id=True), 400),
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b" " * (1024 * 1024 + 1), 413),
        (b'{"update_id": 4}', 200),
        (b'{"update_id": 4, "message": "hello"}', 200),
        (b'{"update_id": 4, "message": {"chat": 7}}', 200),
        (b'{"update_id": 4, "from_the_future": {}}', 200),
    ],
)
async def test_the_webhook_takes_updates_and_nothing_else(body: bytes, status: int) -> None:
    async with telegram("webhook") as scene:
        assert await post(scene, body) == status
        assert scene.inbox.texts() == (["hello"] if body == an_update() else [])


@pytest.mark.parametrize("secret", [None, "", "a-shared-secret ", "A-shared-secret", "geheim"])
async def test_the_webhook_takes_nothing_without_the_secret(secret: str | None) -> None:
    async with telegram("webhook") as scene:
        assert await post(scene, an_update(), secret) == (200 if (secret or "").strip() == SECRET else 403)


async def test_the_webhook_says_ok_only_after_recording() -> None:
    async with telegram("webhook") as scene:
        scene.inbox.failing = 1
        assert await post(scene, an_update()) == 503
        scene.inbox.held["hello"] = asyncio.Event()
        posting = asyncio.create_task(post(scene, an_update()))
        await asyncio.sleep(0.05)
        assert not posting.done()
        scene.inbox.held["hello"].set()
        assert await posting == 200


async def test_the_webhook_waits_until_we_know_who_we_are() -> None:
    async with telegram("webhook", connect=False) as scene:
        assert await post(scene, an_update()) == 503
        assert not scene.port.ready()


@pytest.mark.parametrize(
    ("token", "secret"), [("", ""), ("no token", ""), ("12:ab/cd", ""), ("12:ab", "nö"), ("12:ab", "x" * 257)]
)
def test_settings_that_can_never_work_are_refused_at_once(token: str, secret: str) -> None:
    with pytest.raises(ValueError, match="TELEGRAM_"):
        TelegramPort(token, webhook_secret=secret)


async def test_neither_words_nor_token_are_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        async with telegram() as scene:
            for method in ("sendMessage", "getUpdates", "getMe", "answerCallbackQuery"):
                scene.server.fail_next(method, 500, drop=True)
            scene.server.fail_next("sendMessage", 403)
            scene.inbox.always = says("a secret answer", "Undo")
            await scene.server.user("Ana").types("/log a secret title")
            await scene.server.stop()
            await scene.until(lambda: any(line["event"] == "telegram_out_of_reach" for line in lines))
    said = caplog.text + json.dumps(lines, default=str)
    assert "telegram_answer_refused" in said
    assert "secret" not in said
    assert scene.server.token not in said
    assert scene.server.token.partition(":")[2] not in said
