"""The stand-in refuses what Slack refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.servers.slack import SlackServer
from tests.servers.slack.rules import faults_of_blocks, faults_of_message, faults_of_view


class Stage:
    def __init__(self) -> None:
        self.clock = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
        self.server = SlackServer(now=lambda: self.clock)
        self.session = aiohttp.ClientSession()

    async def call(self, method: str, token: str = "", **body: Any) -> str:
        """Call a method as a bot does: "ok", or Slack's code."""
        headers = {"Authorization": f"Bearer {token or self.server.bot_token}"}
        async with self.session.post(self.server.api_url + method, json=body, headers=headers) as response:
            answer = await response.json()
            return "ok" if answer["ok"] else str(answer["error"])

    def passes(self, seconds: float) -> None:
        self.clock += timedelta(seconds=seconds)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    await stage.server.start()
    yield stage
    await stage.session.close()
    await stage.server.stop()


VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Title"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
}


async def test_tokens_and_methods_are_checked(stage: Stage) -> None:
    assert await stage.call("auth.test") == "ok"
    assert await stage.call("auth.test", token="xoxb-other") == "invalid_auth"
    assert await stage.call("apps.connections.open") == "invalid_auth"
    assert await stage.call("apps.connections.open", token=stage.server.app_token) == "ok"
    assert await stage.call("chat.sing") == "unknown_method"
    stage.server.scopes.remove("chat:write")
    assert await stage.call("chat.postMessage", channel="C1", text="x") == "missing_scope"


async def test_users_info_takes_no_json(stage: Stage) -> None:
    assert await stage.call("users.info", user=stage.server.user("Ana").id) == "user_not_found"


async def test_a_trigger_opens_one_form_within_three_seconds(stage: Stage) -> None:
    ana, world = stage.server.user("Ana"), stage.server.world
    first, second = world.trigger(ana.id), world.trigger(ana.id)
    assert await stage.call("views.open", trigger_id="made up", view=VIEW) == "invalid_trigger_id"
    assert await stage.call("views.open", trigger_id=first, view=VIEW) == "ok"
    assert await stage.call("views.open", trigger_id=first, view=VIEW) == "exchanged_trigger_id"
    stage.passes(3.1)
    assert await stage.call("views.open", trigger_id=second, view=VIEW) == "expired_trigger_id"


async def test_a_response_url_is_good_five_times_and_for_half_an_hour(stage: Stage) -> None:
    ana, world = stage.server.user("Ana"), stage.server.world
    name = world.response_url(ana.id, ana.direct.id, None)
    assert [world.respond(name, {"text": "x"})[0] for _ in range(6)] == [200] * 5 + [404]
    late = world.response_url(ana.id, ana.direct.id, None)
    stage.passes(1801)
    assert world.respond(late, {"text": "x"}) == (404, "expired_url")


async def test_ephemeral_messages_cannot_be_edited(stage: Stage) -> None:
    ana = stage.server.user("Ana")
    general = stage.server.channel("general", ana)
    assert await stage.call("chat.postEphemeral", channel=general.id, user=ana.id, text="x") == "ok"
    [seen] = ana.sees()
    assert await stage.call("chat.update", channel=general.id, ts=seen.ts, text="y") == "message_not_found"
    other = stage.server.user("Ben")
    body = {"channel": general.id, "user": other.id, "text": "x"}
    assert await stage.call("chat.postEphemeral", **body) == "user_not_in_channel"


async def test_private_channels_without_us_do_not_exist_for_us(stage: Stage) -> None:
    ana = stage.server.user("Ana")
    secret = stage.server.channel("secret", ana, bot=False, private=True)
    assert await stage.call("chat.postMessage", channel=secret.id, text="x") == "channel_not_found"


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def image(**more: Any) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A hall", **more}


def button(label: str = "OK", action: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action, **more}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "x"}, ""),
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": [section()] * 50}, ""),
        ({"blocks": [section()] * 51}, "invalid_blocks"),
        ({"blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"blocks": [section("")]}, "invalid_blocks"),
        ({"blocks": [section("x" * 3000)] * 5}, "msg_blocks_too_long"),
        ({"blocks": [{"type": "input"}]}, "invalid_blocks"),
        ({"blocks": [section(block_id="b"), section(block_id="b")]}, "invalid_blocks"),
        ({"blocks": [image()]}, ""),
        ({"blocks": [image(alt_text="")]}, "invalid_blocks"),
        ({"blocks": [image(alt_text="x" * 2001)]}, "invalid_blocks"),
        ({"blocks": [image(image_url="https://x.eu/a.png")]}, "invalid_blocks"),
        ({"blocks": [image(slack_file={})]}, "invalid_blocks"),
    ],
)
def test_messages_have_limits(body: dict[str, Any], code: str) -> None:
    assert faults_of_message(body) == code


@pytest.mark.parametrize(
    ("elements", "fault"),
    [
        ([button()], ""),
        ([], "actions take 1 to 25 elements"),
        ([button(action=str(n)) for n in range(26)], "actions take 1 to 25 elements"),
        ([button(), button()], "action_id 'a' is taken"),
        ([button("x" * 76)], "text takes 1 to 75 characters"),
        ([button(value="x" * 2001)], "value takes 2000 characters"),
        ([button(url="nothing")], "url is none"),
    ],
)
def test_buttons_have_limits(elements: list[dict[str, Any]], fault: str) -> None:
    faults = list(faults_of_blocks([{"type": "actions", "elements": elements}], "message"))
    assert faults == ([fault] if fault else [])


OPTION = {"text": {"type": "plain_text", "text": "A"}, "value": "a"}


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        ({"type": "plain_text_input"}, ""),
        ({"type": "plain_text_input", "initial_value": "x" * 3001}, "plain_text_input cannot start with"),
        ({"type": "number_input"}, "number_input has to say is_decimal_allowed"),
        ({"type": "datepicker", "initial_date": "tomorrow"}, "datepicker cannot start with 'tomorrow'"),
        ({"type": "static_select", "options": []}, "a select takes 1 to 100 options"),
        ({"type": "static_select", "options": [OPTION, OPTION]}, "two options have the same value"),
        (
            {"type": "static_select", "options": [OPTION], "initial_option": {**OPTION, "value": "b"}},
            "the initial option is none of the options",
        ),
        (
            {"type": "multi_static_select", "options": [OPTION], "initial_options": []},
            "the initial option is none of the options",
        ),
        ({"type": "dream"}, "no such input: 'dream'"),
    ],
)
def test_inputs_have_rules(element: dict[str, Any], fault: str) -> None:
    block = {"type": "input", "label": {"type": "plain_text", "text": "L"}, "element": element}
    view = {**VIEW, "submit": VIEW["title"], "blocks": [block]}
    faults = faults_of_view(view)
    assert [one[: len(fault)] for one in faults] == ([fault] if fault else [])


def test_views_have_limits() -> None:
    assert faults_of_view(VIEW) == []
    long = {"type": "plain_text", "text": "x" * 25}
    more = {"title": long, "private_metadata": "x" * 3001, "blocks": []}
    assert faults_of_view({**VIEW, **more}) == [
        "title takes 1 to 24 characters",
        "private_metadata takes 3000 characters",
        "a view takes 1 to 100 blocks",
    ]


async def test_a_deed_that_slack_would_not_let_happen_is_the_tests_fault(stage: Stage) -> None:
    ana = stage.server.user("Ana")
    with pytest.raises(AssertionError, match="has no form open"):
        await ana.fills({})
    stage.server.commands = ("log",)
    with pytest.raises(AssertionError, match="Slack knows no /sing"):
        await ana.types("/sing")


async def test_a_message_shows_only_pictures_that_slack_has_looked_at(stage: Stage) -> None:
    ana, files = stage.server.user("Ana"), stage.server.files
    hall = stage.server.channel("hall", ana)

    def room(content: bytes) -> str:
        made = files.room("a", len(content))
        assert made is not None
        made.content = content
        files.complete(made)
        return made.id

    async def shows(file: str) -> str:
        return await stage.call("chat.postMessage", channel=hall.id, blocks=[image(slack_file={"id": file})])

    picture, words = room(b"\x89PNG"), room(b"words")
    files.looking = 2.0
    late = room(b"\x89PNG")
    told = [(files.info(file) or {})["mimetype"] for file in (picture, words, late)]
    assert told == ["image/png", "application/octet-stream", ""]
    answers = [await shows(file) for file in (picture, words, late, "F9")]
    assert answers == ["ok", "invalid_blocks", "invalid_blocks", "invalid_blocks"]
    stage.passes(2.0)
    assert await shows(late) == "ok"
    assert await stage.call("files.delete", file=picture) == "ok"
    assert await stage.call("files.delete", file=picture) == "file_not_found"
    assert await shows(picture) == "invalid_blocks"
    assert await stage.call("files.info", file=late) == "file_not_found"  # it takes no JSON
