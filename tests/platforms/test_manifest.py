"""The Slack app manifest: complete, within Slack's limits, and refused by us before Slack would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import handlers
from bot.commands import REGISTRY, SLACK_RESERVED, Command
from bot.platforms.manifest import OAUTH_REDIRECT, SCOPE_REASONS, SLACK_SCOPES, slack_manifest, slash_names
from bot.platforms.slack.oauth import BACK
from bot.platforms.slack.people import PEOPLE_EVENTS
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
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
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
    "tokens_revoked",
    "user_change",
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
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert [(one["name"], one["type"]) for one in manifest["features"]["shortcuts"]] == [
        ("Log this", "message"),
        ("Vote on this", "message"),
    ]
    assert "redirect_urls" not in manifest["oauth_config"]
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
        "app_home_opened": set(),
        "app_mention": {"app_mentions:read"},
        "app_uninstalled": set(),
        "tokens_revoked": set(),
        "user_change": {"users:read"},
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
    assert {*PLACE_EVENTS, *PEOPLE_EVENTS} <= set(events)  # what the port understands is asked for
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


# ---- what Slack's manifest reference takes, written down (docs.slack.dev/reference/app-manifest) ----

URL = r"https://[^\s]+"
KNOWN: Mapping[str, Any] = {
    "display_information": {
        "name": (1, 35),
        "description": (1, 140),
        "long_description": (175, 4000),
        "background_color": r"#[0-9a-f]{6}",
    },
    "features": {
        "app_home": {
            "home_tab_enabled": bool,
            "messages_tab_enabled": bool,
            "messages_tab_read_only_enabled": bool,
        },
        "bot_user": {"display_name": r"[A-Za-z0-9._ -]{1,80}", "always_online": bool},
        "shortcuts": [
            {
                "name": (1, 24),
                "type": r"message|global",
                "callback_id": (1, 255),
                "description": (1, 150),
            }
        ],
        "slash_commands": [
            {
                "command": r"/[a-z0-9_-]{1,31}",
                "description": (1, 2000),
                "usage_hint?": (1, 1000),
                "should_escape": bool,
                "url?": URL,
            }
        ],
    },
    "oauth_config": {"redirect_urls?": [URL], "scopes": {"bot": [r"[a-z_.]+(:[a-z_.]+)?"]}},
    "settings": {
        "event_subscriptions": {"request_url?": URL, "bot_events": [r"[a-z_.]+"]},
        "interactivity": {"is_enabled": bool, "request_url?": URL},
        "org_deploy_enabled": bool,
        "socket_mode_enabled": bool,
        "token_rotation_enabled": bool,
    },
}


def faults(shown: Any, known: Any, where: str = "") -> Iterator[str]:
    """What Slack would refuse of a part of a manifest, by what it takes there."""
    if isinstance(known, Mapping):
        names = {name.rstrip("?") for name in known}
        yield from (f"{where}.{name} is unknown" for name in set(shown) - names)
        for name, part in known.items():
            if name.rstrip("?") in shown:
                yield from faults(shown[name.rstrip("?")], part, f"{where}.{name.rstrip('?')}")
            elif not name.endswith("?"):
                yield f"{where}.{name} is lacking"
    elif isinstance(known, list):
        for at, one in enumerate(shown):
            yield from faults(one, known[0], f"{where}[{at}]")
    elif known is bool:
        if not isinstance(shown, bool):
            yield f"{where} is neither true nor false"
    elif isinstance(known, tuple):
        if not (isinstance(shown, str) and known[0] <= len(shown) <= known[1]):
            yield f"{where} takes {known[0]} to {known[1]} characters"
    elif not (isinstance(shown, str) and re.fullmatch(known, shown)):
        yield f"{where} is {shown!r}"


@pytest.mark.parametrize(
    ("socket_mode", "oauth"), [(True, False), (False, False), (False, True), (True, True)]
)
def test_slack_takes_our_whole_manifest_as_it_is(socket_mode: bool, oauth: bool) -> None:
    assert handlers.__path__  # importing it declares every command
    url = "https://bot.example.org" if oauth or not socket_mode else ""

    manifest = json.loads(json.dumps(slack_manifest(REGISTRY, "Charterbot", socket_mode, url, oauth)))

    assert list(faults(manifest, KNOWN)) == []
    features = manifest["features"]
    names = [slash["command"].lstrip("/") for slash in features["slash_commands"]]
    assert len(set(names)) == len(names) <= 50
    assert not SLACK_RESERVED & set(names)
    assert "home" not in names  # a word after /alliance, and no thirteenth slash command
    assert len(features["shortcuts"]) <= 5  # of one kind; ten in all
    assert len({one["callback_id"] for one in features["shortcuts"]}) == len(features["shortcuts"])
    assert features["bot_user"]["always_online"] is True
    assert manifest["settings"]["token_rotation_enabled"] is False


def test_a_manifest_that_slack_would_refuse_is_noticed_by_these_rules() -> None:
    manifest = slack_manifest(COMMANDS, "Charterbot", socket_mode=True)
    manifest["settings"]["is_hosted_somewhere"] = False
    manifest["display_information"]["long_description"] = "Short."
    del manifest["features"]["bot_user"]["always_online"]
    assert sorted(faults(manifest, KNOWN)) == [
        ".display_information.long_description takes 175 to 4000 characters",
        ".features.bot_user.always_online is lacking",
        ".settings.is_hosted_somewhere is unknown",
    ]


def test_whoever_adds_the_app_comes_back_to_us() -> None:
    manifest = slack_manifest(COMMANDS, "Charterbot", True, "https://bot.example.org/", oauth=True)

    assert manifest["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]
    assert OAUTH_REDIRECT == BACK
    assert manifest["settings"]["org_deploy_enabled"] is True
    with pytest.raises(ValueError, match="PUBLIC_URL"):
        slack_manifest(COMMANDS, "Charterbot", True, oauth=True)


def test_the_page_for_it_says_of_each_permission_why_it_is_asked_for() -> None:
    page = (Path(__file__).parents[2] / "docs/for-your-it.md").read_text()
    table = [line for line in page.splitlines() if line.startswith("| `")]
    assert table == [f"| `{scope}` | {why} |" for scope, why in SCOPE_REASONS.items()]
