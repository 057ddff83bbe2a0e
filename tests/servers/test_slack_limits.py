"""The stand-in turns away what Slack would, mislays what it is told to, tells what befalls channels."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.servers.slack import SlackServer
from tests.servers.slack.faults import MISHAPS, Chaos

FINE = (200, "ok", "")


class Stage:
    def __init__(self) -> None:
        self.clock = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
        self.server = SlackServer(now=lambda: self.clock, limits=True)
        self.session = aiohttp.ClientSession()

    async def call(self, method: str, **body: Any) -> tuple[int, str, str]:
        """Call a method as a bot does: status, "ok" or Slack's code, Retry-After."""
        headers = {"Authorization": f"Bearer {self.server.bot_token}"}
        sent: dict[str, Any] = {"data" if method == "conversations.info" else "json": body}
        async with self.session.post(self.server.api_url + method, headers=headers, **sent) as response:
            answer = await response.json()
            says = "ok" if answer["ok"] else str(answer["error"])
            return response.status, says, response.headers.get("Retry-After", "")

    def passes(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    await stage.server.start()
    yield stage
    await stage.session.close()
    await stage.server.stop()


async def test_a_channel_takes_five_posts_in_five_seconds(stage: Stage) -> None:
    ana = stage.server.user("Ana")
    first, second = stage.server.channel("one", ana).id, stage.server.channel("two", ana).id
    for _ in range(5):
        assert await stage.call("chat.postMessage", channel=first, text="x") == FINE
        stage.passes(0.5)
    assert await stage.call("chat.postMessage", channel=first, text="x") == (429, "ratelimited", "3")
    assert await stage.call("chat.postMessage", channel=second, text="x") == FINE
    stage.passes(2.5)
    assert await stage.call("chat.postMessage", channel=first, text="x") == FINE
    assert await stage.call("chat.postMessage", channel=first, text="x") == (429, "ratelimited", "1")
    assert len(ana.sees()) == 7
    stage.server.limits = False
    assert await stage.call("chat.postMessage", channel=first, text="x") == FINE


@pytest.mark.parametrize("method", ["chat.update", "conversations.open"])
async def test_a_workspace_takes_fifty_a_minute(stage: Stage, method: str) -> None:
    ana = stage.server.user("Ana")
    channel = stage.server.channel("one", ana).id
    await stage.call("chat.postMessage", channel=channel, text="x")
    [seen] = ana.sees()
    body = {"channel": channel, "ts": seen.ts, "text": "y", "users": ana.id}
    assert {await stage.call(method, **body) for _ in range(50)} == {FINE}
    stage.passes(10)
    assert await stage.call(method, **body) == (429, "ratelimited", "50")
    stage.passes(50)
    assert await stage.call(method, **body) == FINE


def test_chance_is_the_same_for_the_same_seed() -> None:
    def drawn(seed: int, rate: float, method: str = "chat.postMessage") -> list[Any]:
        chaos = Chaos(seed, rate)
        return [chaos.strikes(method) for _ in range(200)]

    assert drawn(7, 0.5) == drawn(7, 0.5) != drawn(8, 0.5)
    assert {one for one in drawn(7, 1.0, "chat.update") if one} == set(MISHAPS)
    assert 60 < sum(one is not None for one in drawn(7, 0.5)) < 140
    assert drawn(7, 1.0, "users.info") == drawn(7, 0.0) == [None] * 200


async def test_what_goes_wrong_by_chance_has_happened_or_not(stage: Stage) -> None:
    ana = stage.server.user("Ana")
    stage.server.limits = False
    channel = stage.server.channel("one", ana).id
    stage.server.chaos(3, 0.6)
    ends: set[object] = set()
    for number in range(30):
        try:
            ends.add((await stage.call("chat.postMessage", channel=channel, text=f"{number}"))[0])
        except (aiohttp.ClientError, ValueError) as trouble:  # broken off, or an answer that is no JSON
            ends.add(isinstance(trouble, aiohttp.ContentTypeError))
    assert ends == {200, 429, True, False}
    stood = len(ana.sees())
    assert 10 < stood < 30
    stage.server.chaos(3, 0.0)
    assert await stage.call("chat.postMessage", channel=channel, text="x") == FINE
    assert len(ana.sees()) == stood + 1


async def test_a_channel_that_got_another_id_is_not_found_by_its_old_one(stage: Stage) -> None:
    ana = stage.server.user("Ana")
    channel = stage.server.channel("board", ana, private=True)
    await stage.call("chat.postMessage", channel=channel.id, text="x")
    old = await stage.server.changes_id(channel)
    assert await stage.call("chat.postMessage", channel=old, text="x") == (200, "channel_not_found", "")
    assert await stage.call("chat.postMessage", channel=channel.id, text="y") == FINE
    assert [seen.text for seen in ana.sees(channel)] == ["x", "y"]


async def test_channels_are_read_where_the_scopes_allow_it(stage: Stage) -> None:
    ana, scopes = stage.server.user("Ana"), stage.server.scopes
    general, board = stage.server.channel("general", ana), stage.server.channel("board", ana, private=True)
    assert await stage.call("conversations.info", channel=general.id) == FINE
    assert await stage.call("conversations.info", channel=board.id) == FINE
    scopes.remove("groups:read")
    assert await stage.call("conversations.info", channel=board.id) == (200, "missing_scope", "")
    await stage.server.renames(board, "board of 2027")
    await stage.server.renames(general, "everybody")
    told = [payload["event"]["type"] for payload in stage.server.delivery.sent.values()]
    assert told == ["channel_rename"]
    await stage.server.removes_bot(board, ana)
    assert await stage.call("conversations.info", channel=board.id) == (200, "channel_not_found", "")


async def test_a_private_channel_without_the_bot_tells_nothing(stage: Stage) -> None:
    ana = stage.server.user("Ana")
    board = stage.server.channel("board", ana, bot=False, private=True)
    await stage.server.renames(board, "board of 2027")
    assert stage.server.delivery.sent == {}
