"""The bot as a whole process sees it: health, counts, webhooks, and a clean end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App, House, StartFault, open_house, ports_for
from bot.settings import Settings
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

CHARTER = Path(__file__).parents[1] / "charters/green-manufacturing.toml"
SECRET = "a-shared-secret"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Running:
    """The bot, running in this loop, and somebody who looks at its pages."""

    def __init__(
        self, house: House, app: App, browser: aiohttp.ClientSession, task: asyncio.Task[None]
    ) -> None:
        self.house, self.app, self.browser, self.task = house, app, browser, task

    @property
    def url(self) -> str:
        assert self.app.address is not None
        return "http://{}:{}".format(*self.app.address)

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.browser.get(self.url + path) as page:
            return page.status, await (page.json() if "json" in page.content_type else page.text())

    async def ready(self) -> None:
        """Wait until every platform delivers."""
        while (await self.get("/readyz"))[0] != 200:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(database_url: str, **settings: Any) -> AsyncIterator[Running]:
    """The bot with these settings; ended cleanly afterwards."""
    given: dict[str, Any] = {"database_url": database_url, "charter": CHARTER, "http_port": 0} | settings
    whole = Settings(_env_file=None, **given)
    house = await asyncio.to_thread(open_house, whole)
    app, until = App(house, ports_for(whole)), asyncio.Event()
    task = asyncio.create_task(app.run(until))
    async with aiohttp.ClientSession() as browser:
        while app.address is None and not task.done():
            await asyncio.sleep(0.01)
        try:
            yield Running(house, app, browser, task)
        finally:
            until.set()
            await task


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Telegram's stand-in."""
    server = TelegramServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """Slack's stand-in."""
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


def on_telegram(server: TelegramServer, **more: Any) -> dict[str, Any]:
    return {"telegram_bot_token": server.token, "telegram_api_url": server.api_url} | more


def on_slack(server: SlackServer, **more: Any) -> dict[str, Any]:
    tokens = {"slack_bot_token": server.bot_token, "slack_app_token": server.app_token}
    return {**tokens, "slack_api_url": server.api_url, **more}


async def test_a_bot_on_both_platforms_answers_and_is_ready(
    database_url: str, telegram: TelegramServer, slack: SlackServer
) -> None:
    async with running(database_url, **on_telegram(telegram), **on_slack(slack)) as bot:
        await bot.ready()
        assert await bot.get("/healthz") == (200, {"alive": True})
        ready = {"database": True, "tables": True, "slack": True, "telegram": True}
        assert await bot.get("/readyz") == (200, ready)
        seen = await telegram.user("Ana").types("/help")
        assert len(seen.messages) == 1
        assert await slack.user("Luc").types("/alliance help")
        status, counted = await bot.get("/metrics")
        assert status == 200
        assert 'charterbot_received_total{platform="telegram",what="call"} 1.0' in counted
        assert 'charterbot_answers_total{platform="slack",what="given"} 1.0' in counted
        assert "Ana" not in counted
        assert "help" not in [
            word for line in counted.splitlines() if line[0] != "#" for word in line.split('"')
        ]
    assert telegram.unconfirmed() == 0


async def test_a_platform_that_is_down_stops_no_other(sqlite_url: str, telegram: TelegramServer) -> None:
    nobody_there = f"http://127.0.0.1:{free_port()}/api/"
    tokens = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "slack_api_url": nobody_there}
    async with running(sqlite_url, **on_telegram(telegram), **tokens) as bot:
        ana = telegram.user("Ana")
        assert len((await ana.types("/help")).messages) == 1
        status, found = await bot.get("/readyz")
        assert (status, found["slack"], found["telegram"]) == (503, False, True)
        assert (await bot.get("/healthz"))[0] == 200


async def test_a_database_that_is_gone_is_not_ready_but_alive(
    sqlite_url: str, telegram: TelegramServer
) -> None:
    async with running(sqlite_url, **on_telegram(telegram)) as bot:
        await bot.ready()
        await bot.house.storage.close()
        status, found = await bot.get("/readyz")
        assert (status, found["database"], found["telegram"]) == (503, False, True)
        assert (await bot.get("/healthz"))[0] == 200


async def test_webhooks_reach_the_bot_through_its_web_side(
    database_url: str, telegram: TelegramServer
) -> None:
    port = free_port()
    door = {"telegram_webhook_secret": SECRET, "public_url": f"http://127.0.0.1:{port}", "http_port": port}
    async with running(database_url, **on_telegram(telegram, **door)) as bot:
        await bot.ready()
        ana = telegram.user("Ana")
        assert len((await ana.types("/help")).messages) == 1
        async with bot.browser.post(f"{bot.url}/telegram/webhook", json={"update_id": 1}) as refused:
            assert refused.status == 403


async def pieces(number: int) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield b"x" * 65536


@pytest.mark.parametrize(
    "body", [lambda: b"x" * (1024 * 1024 + 1), lambda: pieces(17)], ids=["whole", "pieces"]
)
async def test_a_body_of_more_than_a_mebibyte_is_refused(
    sqlite_url: str, slack: SlackServer, body: Callable[[], Any]
) -> None:
    by_http = on_slack(slack, slack_app_token="", slack_signing_secret=slack.signing_secret)
    async with (
        running(sqlite_url, **by_http) as bot,
        bot.browser.post(f"{bot.url}/slack/events", data=body()) as page,
    ):
        assert page.status == 413


async def test_every_page_carries_strict_headers(sqlite_url: str, telegram: TelegramServer) -> None:
    async with running(sqlite_url, **on_telegram(telegram)) as bot:
        for path, status in (("/healthz", 200), ("/nowhere", 404), ("/slack/events", 404)):
            async with bot.browser.get(bot.url + path) as page:
                assert page.status == status
                assert page.headers["content-security-policy"] == (
                    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
                )
                assert page.headers["x-content-type-options"] == "nosniff"
                assert page.headers["x-frame-options"] == "DENY"
                assert page.headers["cache-control"] == "no-store"
                assert "server" not in page.headers
        async with bot.browser.post(f"{bot.url}/healthz") as page:
            assert page.status == 405


async def test_a_port_that_is_taken_is_said_in_a_sentence(sqlite_url: str, telegram: TelegramServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartFault) as caught:
            async with running(sqlite_url, **on_telegram(telegram, http_port=port)):
                pass
    assert caught.value.lines == [
        f"HTTP_PORT: 127.0.0.1 port {port} is taken or not ours; choose another one."
    ]


async def test_what_was_left_behind_is_given_at_the_next_start(
    database_url: str, telegram: TelegramServer
) -> None:
    ana = telegram.user("Ana")
    async with running(database_url, **on_telegram(telegram)) as bot:
        await bot.ready()
        telegram.delay("sendMessage", 60)  # the answer hangs while the bot is told to end
        await ana.types("/log workshop Green day", wait=False)
        while telegram.unconfirmed():
            await asyncio.sleep(0.01)
    telegram.delay("sendMessage", 0)
    assert [one for one in ana.sees() if one.from_bot] == []
    async with running(database_url, **on_telegram(telegram)):
        while not [one for one in ana.sees() if one.from_bot]:
            await asyncio.sleep(0.02)
    assert len([one for one in ana.sees() if one.from_bot]) == 1


@pytest.mark.kill
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_cleanly(
    sqlite_url: str, telegram: TelegramServer, tmp_path: Path, sign: signal.Signals
) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHARTER.parents[1]),
        "CHARTER": str(CHARTER),
        "DATABASE_URL": sqlite_url,
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.api_url,
        "HTTP_PORT": str(port),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environment, stderr=asyncio.subprocess.PIPE
    )
    seen = await telegram.user("Ana").types("/help")
    assert len(seen.messages) == 1
    process.send_signal(sign)
    _, logged = await process.communicate()
    assert process.returncode == 0
    events = [json.loads(line)["event"] for line in logged.decode().splitlines()]
    assert events[0] == "alliance_founded"
    assert [one for one in events if one in ("leads", "stopping", "stands_by", "stopped")][-3:] == [
        "stopping",
        "stands_by",
        "stopped",
    ]
    assert telegram.token.encode() not in logged
    assert b"help" not in logged
