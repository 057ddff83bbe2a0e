"""Requests that are not Slack's, or not as Slack sends them, are turned away and change nothing."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.platforms.slack_scene import Scene, slack
from tests.servers.slack import signed

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
COMMAND = urlencode(
    {"command": "/log", "text": "x", "user_id": "U1", "channel_id": "C1", "trigger_id": "1.a"}
)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with slack("http") as scene:
        yield scene


async def posts(scene: Scene, body: str | bytes, kind: str = FORM, **headers: Any) -> int:
    """Post to the bot, signed rightly unless `headers` says otherwise: the status."""
    return (await scene.server.delivery.post(body, kind, headers.get("headers")))[0]


async def test_a_rightly_signed_command_is_taken(scene: Scene) -> None:
    assert await posts(scene, COMMAND) == 200
    assert scene.inbox.texts() == ["log x"]


async def test_a_wrong_signature_is_turned_away(scene: Scene) -> None:
    assert await posts(scene, COMMAND, headers=signed("another secret", COMMAND)) == 401
    assert (
        await posts(scene, COMMAND + "&more=1", headers=signed(scene.server.signing_secret, COMMAND)) == 401
    )
    assert await posts(scene, COMMAND, headers={}) == 401
    assert scene.inbox.received == []


@pytest.mark.parametrize("seconds", [-600, 600])
async def test_an_old_request_is_turned_away(scene: Scene, seconds: int) -> None:
    old = signed(scene.server.signing_secret, COMMAND, at=time.time() + seconds)
    assert await posts(scene, COMMAND, headers=old) == 401
    assert scene.inbox.received == []


async def test_a_replayed_request_carries_the_same_event_so_that_it_is_known_again(scene: Scene) -> None:
    headers = signed(scene.server.signing_secret, COMMAND)
    assert await posts(scene, COMMAND, headers=headers) == 200
    assert await posts(scene, COMMAND, headers=headers) == 200
    assert [incoming.event for incoming in scene.inbox.received] == ["cmd:1.a", "cmd:1.a"]


@pytest.mark.parametrize("body", ['{"type": ', "[1, 2", '{"a": "\\ud8'])
async def test_broken_json_is_turned_away(scene: Scene, body: str) -> None:
    assert await posts(scene, body, JSON) == 400


async def test_bytes_that_are_no_text_are_turned_away(scene: Scene) -> None:
    assert await posts(scene, b"\xff\xfe\x00text=\xc3", FORM) == 400


@pytest.mark.parametrize("body", ["[1, 2]", '"words"', "17", '{"event": {"channel": 7}}'])
async def test_json_that_is_no_payload_is_turned_away(scene: Scene, body: str) -> None:
    assert await posts(scene, body, JSON) == 400
    assert await posts(scene, COMMAND) == 200
    assert scene.inbox.texts() == ["log x"]


async def test_more_than_a_megabyte_is_turned_away(scene: Scene) -> None:
    assert await posts(scene, "text=" + "x" * 1_000_001) == 413
    assert scene.inbox.received == []


MISSHAPEN: list[dict[str, Any]] = [
    {"type": "event_callback", "event": {"type": "message", "user": "U1"}},
    {"type": "event_callback", "event": {"type": "message", "user": "U1", "channel": "D1", "ts": "soon"}},
    {
        "type": "event_callback",
        "event": {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1e400"},
    },
    {"type": "event_callback", "event_id": "Ev1", "event": {"type": "member_joined_channel"}},
    {"type": "event_callback", "event_id": "Ev1", "event": {"type": "channel_rename", "channel": {}}},
    {"type": "event_callback", "event_id": "Ev1", "event": {"type": "channel_id_changed", "channel": "C1"}},
    {"type": "event_callback", "event_id": "Ev1", "event": {"type": "group_left"}},
    {"type": "event_callback", "event": {"type": "channel_archive", "channel": "C1"}},
    {"type": "event_callback"},
    {"type": "something_new", "event": {}},
    {},
]


@pytest.mark.parametrize("payload", MISSHAPEN)
async def test_a_signed_payload_that_cannot_be_read_is_acknowledged_and_dropped(
    scene: Scene, payload: dict[str, Any]
) -> None:
    assert await posts(scene, json.dumps(payload), JSON) == 200
    assert scene.inbox.received == []


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "actions": [], "user": {"id": "U1"}},
        {
            "type": "block_actions",
            "actions": [{"type": "button", "value": "t"}],
            "container": {"channel_id": "C"},
        },
        {
            "type": "view_submission",
            "view": {"id": "V1", "private_metadata": "not ours"},
            "user": {"id": "U1"},
        },
        {
            "type": "view_submission",
            "view": {"id": "V1", "private_metadata": '{"draft":"d"}'},
            "user": {"id": "U"},
        },
        {"type": "shortcut", "user": {"id": "U1"}},
    ],
)
async def test_a_misshapen_interaction_is_acknowledged_and_dropped(
    scene: Scene, payload: dict[str, Any]
) -> None:
    assert await posts(scene, urlencode({"payload": json.dumps(payload)})) == 200
    assert scene.inbox.received == []


async def test_the_address_is_verified_as_slack_does(scene: Scene) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    status, answer = await scene.server.delivery.post(body, JSON)
    assert (status, json.loads(answer)) == (200, {"challenge": "abc"})


async def test_our_own_messages_edits_and_joins_are_not_heard(scene: Scene) -> None:
    said = {"type": "message", "channel": "D1", "channel_type": "im", "ts": "1700000000.000100", "text": "x"}
    for more in (
        {"user": "UBOT"},
        {"user": "U1", "bot_id": "B9"},
        {"user": "U1", "subtype": "channel_join"},
        {"subtype": "message_changed", "message": {"user": "U1", "text": "x"}},
        {"user": "USLACKBOT"},
    ):
        payload = {"type": "event_callback", "event_id": "Ev1", "event": {**said, **more}}
        assert await posts(scene, json.dumps(payload), JSON) == 200
    assert scene.inbox.received == []


async def test_while_we_leave_slack_is_asked_to_come_again(scene: Scene) -> None:
    await scene.port.disconnect()
    assert await posts(scene, COMMAND) == 503
    assert scene.inbox.received == []
