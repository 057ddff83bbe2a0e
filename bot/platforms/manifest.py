"""The Slack app manifest: one JSON that Slack's "create app from a manifest" takes without a change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.commands import N_, SLACK_RESERVED, Command

CATCH_ALL = "alliance"  # the slash command whose words name any command
CATCH_ALL_SUMMARY = N_("Everything I can do: /alliance help")
CATCH_ALL_HINT = "help"
DESCRIPTION = N_("Keeps the alliance's diary, counts and votes, by its charter.")

SLACK_SCOPES = (
    "app_mentions:read",  # app_mention
    "channels:history",  # replies in threads of public channels
    "channels:read",  # what happens to public channels, and their names
    "chat:write",  # posts, whispers, edits
    "commands",
    "files:read",  # evidence, pictures and tables that come with a message; whether ours is looked at
    "files:write",  # pictures, calendar files and lists that go with one of ours
    "groups:history",  # replies in threads of private channels
    "groups:read",  # what happens to private channels, and their names
    "im:history",  # direct messages
    "im:write",  # opening a direct chat
    "reactions:write",  # the sign on a word that counts as a ballot
    "users:read",  # name, language and zone
)
EVENTS = (
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
)

# most characters, by Slack's manifest reference
NAME, BOT_NAME, SHORT, COMMAND, COMMAND_SUMMARY, HINT, COMMANDS = 35, 80, 140, 32, 2000, 1000, 50


def slack_manifest(
    commands: Iterable[Command], name: str, socket_mode: bool, url: str = ""
) -> dict[str, Any]:
    """The manifest of an app called `name` with the slash commands that are their own, and /alliance.

    Without Socket Mode, `url` is our public address (https://…), and Slack sends everything to its
    /slack/events. Raises ValueError, in a sentence, for what Slack would refuse.
    """
    if not socket_mode and not url.startswith("https://"):
        raise ValueError("Without Socket Mode Slack needs a public https:// address: set PUBLIC_URL.")
    address = {} if socket_mode else {"url": _endpoint(url)}
    request = {} if socket_mode else {"request_url": _endpoint(url)}
    manifest = {
        "display_information": {"name": name, "description": DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [{**slash, **address} for slash in _slash_commands(commands)],
        },
        "oauth_config": {"scopes": {"bot": list(SLACK_SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }
    _check(manifest)
    return manifest


def slash_names(commands: Iterable[Command]) -> tuple[str, ...]:
    """The names that are slash commands of their own, beside /alliance."""
    return tuple(command.name for command in commands if command.own_slash and command.name != CATCH_ALL)


def _slash_commands(commands: Iterable[Command]) -> list[dict[str, Any]]:
    own = [command for command in commands if command.own_slash and command.name != CATCH_ALL]
    described = [(command.name, command.summary, _hint(command)) for command in own]
    return [
        {"command": f"/{name}", "description": summary, "should_escape": False}
        | ({"usage_hint": hint} if hint else {})
        for name, summary, hint in [*described, (CATCH_ALL, CATCH_ALL_SUMMARY, CATCH_ALL_HINT)]
    ]


def _hint(command: Command) -> str:
    """The example without its command: it shows the shape better than a grammar."""
    return command.example.removeprefix(f"/{command.name}").strip()


def _endpoint(url: str) -> str:
    return url.rstrip("/") + "/slack/events"


def _check(manifest: dict[str, Any]) -> None:
    shown, slashes = manifest["display_information"], manifest["features"]["slash_commands"]
    limits = [("The app's name", shown["name"], NAME), ("The app's description", shown["description"], SHORT)]
    for slash in slashes:
        limits.append((f"The name of {slash['command']}", slash["command"], COMMAND))
        limits.append((f"The summary of {slash['command']}", slash["description"], COMMAND_SUMMARY))
        limits.append((f"The example of {slash['command']}", slash.get("usage_hint", "-"), HINT))
    for what, text, most in limits:
        if not 1 <= len(text) <= most:
            raise ValueError(f"{what} has {len(text)} characters; Slack takes 1 to {most}.")
    if len(slashes) > COMMANDS:
        raise ValueError(f"There are {len(slashes)} slash commands; Slack takes {COMMANDS} at most.")
    for slash in slashes:
        if slash["command"].lstrip("/") in SLACK_RESERVED or " " in slash["command"]:
            raise ValueError(
                f"Slack keeps {slash['command']} for itself and would refuse the whole manifest."
            )
