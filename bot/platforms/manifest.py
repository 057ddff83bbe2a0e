"""The Slack app manifest: one JSON that Slack's "create app from a manifest" takes without a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.commands import N_, SLACK_RESERVED, Command

CATCH_ALL = "alliance"  # the slash command whose words name any command
CATCH_ALL_SUMMARY = N_("Everything I can do: /alliance help")
CATCH_ALL_HINT = "help"
DESCRIPTION = N_("Keeps the alliance's diary, counts and votes, by its charter.")

LONG_DESCRIPTION = N_(
    "An alliance of clusters promises a few things each year, and votes on what it does together. This app "
    "keeps its diary: members log what they did, see how far everybody is, answer events, and vote, one "
    "organisation, one vote, by the alliance's own charter. It works in Slack, in Telegram and by e-mail, in "
    "the members' own languages. It answers in private, reminds nobody in public, and reads only what is "
    "meant for it: commands, buttons, mentions, direct messages and replies under its own posts."
)
COLOUR = "#1f5f4a"

SCOPE_REASONS: Mapping[str, str] = {  # of every permission that we ask for: what we do with it
    "app_mentions:read": N_("To answer whoever names the app in a channel."),
    "channels:history": N_(
        "To hear replies under its own posts in public channels it was added to: a vote, a photo, an answer."
    ),
    "channels:read": N_("To know the name of a public channel, and when it is renamed, archived or deleted."),
    "chat:write": N_("To post, and to change or take back what it posted."),
    "commands": N_("For its slash commands and for the entries in the menu of a message."),
    "files:read": N_("To look at a photo, a document or a list that somebody hands to it."),
    "files:write": N_("To send calendar files, lists and pictures of its own."),
    "groups:history": N_("To hear replies under its own posts in private channels it was added to."),
    "groups:read": N_("To know the name of a private channel it was added to, and what becomes of it."),
    "im:history": N_("To read what somebody writes to it in their direct chat with it."),
    "im:write": N_("To open a direct chat with somebody whom it has something to tell."),
    "reactions:write": N_("To put a small sign on a word that it counted as a vote."),
    "users:read": N_("To know somebody's name, language and time zone, and that an account was closed."),
}
SLACK_SCOPES = tuple(SCOPE_REASONS)
OAUTH_REDIRECT = "/slack/oauth_redirect"  # under our public address
EVENTS = (
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
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One entry in the menu of a message: how Slack names it to us, and to people."""

    callback: str
    name: str
    summary: str


LOG_THIS = Shortcut("log_this", N_("Log this"), N_("Log an activity from what this message says"))
VOTE_ON_THIS = Shortcut(
    "vote_on_this", N_("Vote on this"), N_("Vote on the motion that this message is about, or propose it")
)
SHORTCUTS = (LOG_THIS, VOTE_ON_THIS)

# most characters, by Slack's manifest reference
NAME, BOT_NAME, SHORT, COMMAND, COMMAND_SUMMARY, HINT, COMMANDS = 35, 80, 140, 32, 2000, 1000, 50
SHORTCUT, SHORTCUT_SUMMARY = 24, 150


def slack_manifest(
    commands: Iterable[Command], name: str, socket_mode: bool, url: str = "", oauth: bool = False
) -> dict[str, Any]:
    """The manifest of an app called `name` with the slash commands that are their own, and /alliance.

    Without Socket Mode, `url` is our public address (https://…), and Slack sends everything to its
    /slack/events. With `oauth` other workspaces, or a whole organisation of them, add the app themselves, and
    come back to that address. Raises ValueError, in a sentence, for what Slack would refuse.
    """
    if not socket_mode and not url.startswith("https://"):
        raise ValueError("Without Socket Mode Slack needs a public https:// address: set PUBLIC_URL.")
    if oauth and not url.startswith("https://"):
        raise ValueError("To be added by other workspaces takes a public https:// address: set PUBLIC_URL.")
    address = {} if socket_mode else {"url": _endpoint(url)}
    request = {} if socket_mode else {"request_url": _endpoint(url)}
    back = {"redirect_urls": [url.rstrip("/") + OAUTH_REDIRECT]} if oauth else {}
    manifest = {
        "display_information": {
            "name": name,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": [_shortcut(one) for one in SHORTCUTS],
            "slash_commands": [{**slash, **address} for slash in _slash_commands(commands)],
        },
        "oauth_config": {**back, "scopes": {"bot": list(SLACK_SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": oauth,
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


def _shortcut(one: Shortcut) -> dict[str, str]:
    return {"name": one.name, "type": "message", "callback_id": one.callback, "description": one.summary}


def _endpoint(url: str) -> str:
    return url.rstrip("/") + "/slack/events"


def _check(manifest: dict[str, Any]) -> None:
    shown, slashes = manifest["display_information"], manifest["features"]["slash_commands"]
    limits = [("The app's name", shown["name"], NAME), ("The app's description", shown["description"], SHORT)]
    for slash in slashes:
        limits.append((f"The name of {slash['command']}", slash["command"], COMMAND))
        limits.append((f"The summary of {slash['command']}", slash["description"], COMMAND_SUMMARY))
        limits.append((f"The example of {slash['command']}", slash.get("usage_hint", "-"), HINT))
    for one in manifest["features"]["shortcuts"]:
        limits.append((f"The shortcut {one['name']}", one["name"], SHORTCUT))
        limits.append((f"The summary of the shortcut {one['name']}", one["description"], SHORTCUT_SUMMARY))
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
