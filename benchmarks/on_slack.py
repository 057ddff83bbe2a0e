"""Slack, bare and ours, through the HTTP door in this process: signed slash commands, sixteen at a time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
import urllib.parse
from typing import Any

import aiohttp.web
import httpx
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.telegram_api import LOOK, PEOPLE, worded
from benchmarks.world import Meter, fill, flushing, world
from bot.platforms.slack import SlackPort

SECRET = "bench-secret"


async def slack_ack(count: int, _url: str) -> None:
    """slack-bolt as its first example has it: one command, acknowledged."""
    app = AsyncApp(signing_secret=SECRET, authorize=_authorize)

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.command("/log")(acknowledge)
    handler = AsyncSlackRequestHandler(app)

    async def door(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", door, methods=["POST"])])
    await _post_commands(web, Meter(count), "/log", "hello {title}")


async def _authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B", bot_user_id="U")


async def _post_commands(web: Starlette, meter: Meter, name: str, text: str) -> None:
    """Signed slash commands through the ASGI app, sixteen at a time."""
    transport = httpx.ASGITransport(app=web)
    numbers = iter(range(meter.count))
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:

        async def one_after_another() -> None:
            for number in numbers:
                body, headers = signed(name, worded(text, number), number)
                response = await client.post("/slack/events", content=body, headers=headers)
                assert response.status_code == 200, response.text
                meter.tick()

        await asyncio.gather(*(one_after_another() for _ in range(16)))
    meter.report()


def signed(name: str, text: str, number: int) -> tuple[str, dict[str, str]]:
    """A slash command as Slack posts it."""
    who = str(1000 + number % PEOPLE)
    fields = {
        "token": "t",
        "team_id": "T1",
        "channel_id": f"D{who}",
        "channel_name": "directmessage",
        "user_id": who,
        "user_name": f"p{who}",
        "command": name,
        "text": text,
        "api_app_id": "A1",
        "trigger_id": f"t{number}",
        "response_url": "http://127.0.0.1:9/none",
    }
    body, stamp = urllib.parse.urlencode(fields), str(int(time.time()))
    mark = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={mark}",
    }
    return body, headers


async def slack_ours(count: int, url: str, text: str) -> None:
    """The whole pipe behind the HTTP door: signature, dispatch, commit, the answer on the ack."""
    dispatch, storage, meter = world(url, "slack", "T1", count)
    dispatch.meter = Meter(-1)  # the driver counts here
    if text == LOOK:
        await fill(dispatch, "slack", 40)
    runner, address = await _slack_web_api()
    port = SlackPort("xoxb-1", signing_secret=SECRET, api_url=address, commands=("log", "indicators"))
    beside = asyncio.create_task(flushing(dispatch))
    await port.connect(dispatch)
    while not port.ready():
        await asyncio.sleep(0.01)
    name, _, words = text.partition(" ")
    await _post_commands(Starlette(routes=list(port.routes())), meter, name, words)
    beside.cancel()
    await port.disconnect()
    await runner.cleanup()
    await storage.close()


async def _slack_web_api() -> tuple[Any, str]:
    """Just enough of the Web API to say who the bot is."""
    app = aiohttp.web.Application()

    async def answer(_: aiohttp.web.Request) -> aiohttp.web.Response:
        who = {
            "ok": True,
            "user_id": "UB",
            "bot_id": "BB",
            "team_id": "T1",
            "url": "u",
            "team": "t",
            "user": "b",
        }
        return aiohttp.web.json_response({**who, "tz": "Europe/Brussels"})

    app.router.add_route("*", "/api/{method}", answer)
    runner = aiohttp.web.AppRunner(app, access_log=None)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
