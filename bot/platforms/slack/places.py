"""What happens to channels: we are added or removed, a channel is renamed, archived, deleted, moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.messages import Account, Call, Incoming, Place
from bot.platforms.port import SendFailed
from bot.platforms.slack.forms import storable
from bot.platforms.slack.heard import Me, is_direct, moment_of, place_of
from bot.platforms.slack.outgoing import SlackWeb, quickly

COMMAND = "place changed"
NAME_PATIENCE = 2.0  # seconds; Slack waits 3 for our ack, and the name is only for reading aloud

PLACE_EVENTS: Mapping[str, str] = {  # what each of Slack's events means for a place
    "member_joined_channel": "added",
    "member_left_channel": "removed",
    "channel_left": "removed",
    "group_left": "removed",
    "channel_deleted": "removed",
    "group_deleted": "removed",
    "channel_rename": "renamed",
    "group_rename": "renamed",
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_unarchive": "opened",
    "group_unarchive": "opened",
    "channel_id_changed": "moved",
}


def change_of_place(event: Mapping[str, Any], body: Mapping[str, Any], me: Me, now: datetime) -> Call | None:
    """The call that tells what happened to a place. None where somebody else came or went, and for direct
    chats. Raises KeyError, TypeError, ValueError and their like on an event of another shape."""
    kind = event["type"]
    if kind.startswith("member_") and event["user"] != me.user:
        return None
    channel = event["old_channel_id"] if kind == "channel_id_changed" else event["channel"]
    told = {"id": channel} if isinstance(channel, str) else channel  # a renamed one comes with its name
    if is_direct(told["id"]):
        return None
    arguments = {"what": PLACE_EVENTS[kind]}
    if kind == "channel_id_changed":
        arguments["to"] = event["new_channel_id"]
    name = storable(told.get("name") or "")
    if arguments["what"] == "renamed":
        arguments["name"] = name
    return Call(
        event=f"place:{body['event_id']}",
        account=Account("slack", me.team, _doer(event, me)),
        place=place_of(me, told["id"], name=name),
        received_at=now,
        command=COMMAND,
        arguments=arguments,
        sent_at=moment_of(event.get("event_ts") or ""),
    )


def lacks_name(incoming: Incoming) -> bool:
    """Whether a place has just become ours, of which Slack told nothing but the id."""
    if not isinstance(incoming, Call) or incoming.command != COMMAND or incoming.place.name:
        return False
    return incoming.arguments["what"] == "added"


async def with_name(web: SlackWeb, place: Place) -> Place:
    """`place` with the name its channel has. Never raises: after 2 s, or where Slack does not tell it (the
    scopes channels:read and groups:read), it stays without."""
    try:
        asking = web.call("conversations.info", repeatable=True, channel=place.channel)
        channel = (await quickly(NAME_PATIENCE, asking))["channel"]
        return replace(place, name=storable(channel.get("name") or ""))
    except (SendFailed, KeyError, TypeError, AttributeError):
        return place


def _doer(event: Mapping[str, Any], me: Me) -> str:
    """Who did it, as far as Slack tells; "" for nobody or ourselves."""
    if event["type"].startswith("member_"):
        who = event.get("inviter")
    else:
        who = event.get("actor_id") or event.get("user")
    return "" if who in (None, me.user, "USLACKBOT") else str(who)
