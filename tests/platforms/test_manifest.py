"""The Slack app manifest: complete, within Slack's limits, and refused by us before Slack would."""

from __future__ import annotations

import json

import pytest

from bot.commands import Command
from bot.platforms.manifest import SLACK_SCOPES, slack_manifest, slash_names
from bot.platforms.slack.places import PLACE_EVENTS
from tests.servers.slack.server import SCOPES


def a_command(
    name: str, summary: str = "Log an activity", example: str = "", own_slash: bool = True
) -> Command:
    return Command(
        name=name,
        summary=summary,
        function=a_command,
        options=(),
        may=None,
        example=example or f"/{name}",
        reads=False,
        hidden=False,
        aliases=(),
        module="handlers",
        own_slash=own_slash,
    )


LOG = a_command("log", example="/log workshop Green hydrogen 101 on 12 May with MecaTech")
EVENTS = [
    "app_mention",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
]
COMMANDS = (LOG, a_command("indicators", "What counts so far"), a_command("event new", own_slash=False))


def test_a_socket_mode_manifest_is_complete() -> None:
    manifest = slack_manifest(COMMANDS, "Charterbot", socket_mode=True)

    assert json.loads(json.dumps(manifest)) == manifest
    assert manifest["display_information"]["name"] == "Charterbot"
    assert manifest["features"]["bot_user"] == {"display_name": "Charterbot", "always_online": True}
    assert manifest["features"]["slash_commands"] == [
        {
            "command": "/log",
            "description": "Log an activity",
            "should_escape": False,
            "usage_hint": "workshop Green hydrogen 101 on 12 May with MecaTech",
        },
        {"command": "/indicators", "description": "What counts so far", "should_escape": False},
        {
            "command": "/alliance",
            "description": "Everything I can do: /alliance help",
            "should_escape": False,
            "usage_hint": "help",
        },
    ]
    assert manifest["features"]["app_home"]["messages_tab_enabled"] is True
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert manifest["settings"] == {
        "event_subscriptions": {"bot_events": EVENTS},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }


def test_over_http_everything_comes_to_one_address() -> None:
    manifest = slack_manifest(COMMANDS, "Charterbot", socket_mode=False, url="https://bot.example.org/")

    address = "https://bot.example.org/slack/events"
    assert [slash["url"] for slash in manifest["features"]["slash_commands"]] == [address] * 3
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_each_event_has_the_scope_that_it_takes() -> None:
    takes = {  # by Slack's reference of events
        "app_mention": {"app_mentions:read"},
        "message.channels": {"channels:history"},
        "message.groups": {"groups:history"},
        "message.im": {"im:history"},
        "channel_archive": {"channels:read"},
        "channel_deleted": {"channels:read"},
        "channel_id_changed": {"groups:read"},
        "channel_left": {"channels:read"},
        "channel_rename": {"channels:read"},
        "channel_unarchive": {"channels:read"},
        "group_archive": {"groups:read"},
        "group_deleted": {"groups:read"},
        "group_left": {"groups:read"},
        "group_rename": {"groups:read"},
        "group_unarchive": {"groups:read"},
        "member_joined_channel": {"channels:read", "groups:read"},
        "member_left_channel": {"channels:read", "groups:read"},
    }
    manifest = slack_manifest(COMMANDS, "Charterbot", socket_mode=True)
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set().union(*(takes[event] for event in events)) <= set(scopes)
    assert set(PLACE_EVENTS) <= set(events)  # what the port understands is asked for
    assert events == sorted(events)
    assert tuple(scopes) == SLACK_SCOPES == tuple(sorted(scopes))
    assert sorted(SCOPES.split(",")) == sorted(scopes)  # the stand-in grants what the manifest asks for


def test_an_own_alliance_command_is_there_once() -> None:
    manifest = slack_manifest((LOG, a_command("alliance")), "Charterbot", socket_mode=True)
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == ["/log", "/alliance"]
    assert slash_names((LOG, a_command("alliance"), *COMMANDS[1:])) == ("log", "indicators")


@pytest.mark.parametrize(
    ("commands", "name", "says"),
    [
        ((LOG,), "C" * 36, "The app's name has 36 characters; Slack takes 1 to 35."),
        ((LOG,), "", "The app's name has 0 characters; Slack takes 1 to 35."),
        ((a_command("l" * 32),), "C", f"The name of /{'l' * 32} has 33 characters; Slack takes 1 to 32."),
        ((a_command("x", "s" * 2001),), "C", "The summary of /x has 2001 characters; Slack takes 1 to 2000."),
        ((a_command("x", ""),), "C", "The summary of /x has 0 characters; Slack takes 1 to 2000."),
        (
            (a_command("x", example="/x " + "e" * 1001),),
            "C",
            "The example of /x has 1001 characters; Slack takes 1 to 1000.",
        ),
        ((a_command("remind"),), "C", "Slack keeps /remind for itself and would refuse the whole manifest."),
        (
            tuple(a_command(f"c{number}") for number in range(50)),
            "C",
            "There are 51 slash commands; Slack takes 50 at most.",
        ),
    ],
)
def test_what_slack_would_refuse_is_said_before(commands: tuple[Command, ...], name: str, says: str) -> None:
    with pytest.raises(ValueError, match="Slack") as caught:
        slack_manifest(commands, name, socket_mode=True)
    assert str(caught.value) == says


def test_http_needs_a_public_address() -> None:
    for url in ("", "http://bot.example.org"):
        with pytest.raises(ValueError, match="PUBLIC_URL"):
            slack_manifest(COMMANDS, "Charterbot", socket_mode=False, url=url)
