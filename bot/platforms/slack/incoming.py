"""Reading what Slack sends: commands, buttons, forms, messages, changes of places: a `Call` or a `Said`."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.messages import Account, Call, File, Said
from bot.platforms.slack.forms import Origin, answers_of, fields_of, read_origin, storable
from bot.platforms.slack.heard import Heard, Me, Way, is_direct, moment_of, place_of
from bot.platforms.slack.places import PLACE_EVENTS, change_of_place

PLAIN_SUBTYPES = (None, "file_share", "thread_broadcast")  # people's words; all others are Slack's own
UNHEARD = {"audio": "voice", "video": "video"}
NO_NAMES = ("privategroup", "directmessage")  # what a command says where it may not tell a channel's name
REFERENCE = re.compile(r"<([@#!]|[a-z][a-z0-9+.-]*:)([^<>|]*)(?:\|([^<>]*))?>")


def hear(body: Mapping[str, Any], me: Me, now: datetime, commands: tuple[str, ...] = ()) -> Heard | None:
    """Read one payload of Slack's. None is for what needs an ack and nothing else: link buttons, closed
    forms, our own messages, edits, and channel talk outside threads.

    Raises KeyError, TypeError, ValueError and their like on a payload that is not shaped as documented.
    """
    if "command" in body:
        return _command(body, me, now, commands)
    match body.get("type"):
        case "block_actions":
            return _button(body, me, now)
        case "view_submission":
            return _form(body, me, now)
        case "event_callback":
            return _event(body["event"], body, me, now)
    return None


def readable(text: str, me: str = "") -> str:
    """Slack's text as a person would type it: our own mention (`me`, a user id) cut off, references and
    links in plain words, `&lt;` and its like undone."""

    def plain(found: re.Match[str]) -> str:
        sign, target, label = found[1], found[2], found[3] or ""
        if sign == "@":
            return "" if target == me else "@" + (label or target).lstrip("@")
        if sign == "#":
            return "#" + (label or target)
        if sign == "!":
            return label or "@" + target
        url = sign + target
        if not label or label == url:
            return url
        bare = label.lower().rstrip("/")  # a bare "example.org" that Slack has made a link of
        return label if url.lower().rstrip("/").endswith(bare) else f"{label} {url}"

    return storable(html.unescape(REFERENCE.sub(plain, text))).strip()


def _command(body: Mapping[str, Any], me: Me, now: datetime, commands: tuple[str, ...]) -> Heard:
    name, words = body["command"].lstrip("/"), readable(body.get("text") or "")
    own = name != "alliance" and (not commands or name in commands)
    text = f"{name} {words}".strip() if own else words or "help"
    called = body.get("channel_name") or ""
    call = Call(
        event="cmd:" + body["trigger_id"],
        account=Account(
            "slack", body.get("team_id") or me.team, body["user_id"], body.get("user_name") or ""
        ),
        place=place_of(me, body["channel_id"], name="" if called in NO_NAMES else called),
        received_at=now,
        text=text,
        can_show_form=True,
    )
    return Heard(call, Way("command", body["trigger_id"], body.get("response_url") or ""))


def _button(body: Mapping[str, Any], me: Me, now: datetime) -> Heard | None:
    action, container = body["actions"][0], body.get("container") or {}
    if action.get("type") != "button" or not action.get("value") or not container.get("channel_id"):
        return None
    stamp, message = action.get("action_ts") or "", container["message_ts"]
    trigger = body.get("trigger_id") or ""
    call = Call(
        event="act:" + (trigger or f"{message}:{action.get('action_id')}:{stamp}:{body['user']['id']}"),
        account=_presser(body, me),
        place=place_of(me, container["channel_id"], container.get("thread_ts") or ""),
        received_at=now,
        token=action["value"],
        sent_at=moment_of(stamp),
        message_id=message,
        can_show_form=bool(trigger),
    )
    way = Way("button", trigger, body.get("response_url") or "", bool(container.get("is_ephemeral")))
    return Heard(call, way)


def _form(body: Mapping[str, Any], me: Me, now: datetime) -> Heard | None:
    view = body["view"]
    origin: Origin | None = read_origin(view.get("private_metadata") or "")
    if origin is None:
        return None
    call = Call(
        # not the view's hash: that stays the same when a form comes again after sentences under its fields
        event=f"view:{view['id']}:{body.get('trigger_id') or view.get('hash') or ''}",
        account=_presser(body, me),
        place=place_of(me, origin.channel, origin.thread),
        received_at=now,
        draft=origin.draft,
        arguments=answers_of(view),
        can_show_form=True,
    )
    way = Way("form", body.get("trigger_id") or "", origin.response_url, fields=fields_of(view))
    return Heard(call, way)


def _event(event: Mapping[str, Any], body: Mapping[str, Any], me: Me, now: datetime) -> Heard | None:
    kind, user = event.get("type"), event.get("user")
    if kind in PLACE_EVENTS:
        change = change_of_place(event, body, me, now)
        return Heard(change, Way("words")) if change else None
    if (
        kind not in ("message", "app_mention")
        or not user
        or event.get("bot_id")
        or user in (me.user, "USLACKBOT")
    ):
        return None
    if event.get("subtype") not in PLAIN_SUBTYPES or event.get("edited"):
        return None  # a mention that is edited comes once more, as app_mention: edited words say nothing
    text, ts, channel = event.get("text") or "", event["ts"], event["channel"]
    thread = event.get("thread_ts") or ""
    thread = "" if thread == ts else thread
    direct = is_direct(channel) or event.get("channel_type") == "im"
    mentioned = f"<@{me.user}>" in text or f"<@{me.user}|" in text
    if kind == "message" and not direct and (mentioned or not thread):
        return None  # a mention comes once more, as app_mention; other talk is not for us
    home = event.get("user_team") or event.get("source_team") or event.get("team") or body.get("team_id")
    enclosed = event.get("files") or ()
    files = tuple(_file(one) for one in enclosed)
    said = Said(
        event=f"msg:{channel}:{ts}",  # the same for both events of a mention
        account=Account("slack", home or me.team, user),
        place=place_of(me, channel, thread, direct=direct),
        received_at=now,
        text=readable(text, me.user),
        addressed=direct or kind == "app_mention",
        reply_to=thread,
        message_id=ts,
        files=files,
        unheard=next((UNHEARD[kind] for file in files if (kind := file.mime.split("/")[0]) in UNHEARD), ""),
        sent_at=moment_of(ts),
    )
    addresses = {one["id"]: str(one.get("url_private_download") or "") for one in enclosed}
    return Heard(said, Way("words"), addresses)


def _presser(body: Mapping[str, Any], me: Me) -> Account:
    user = body["user"]
    home = user.get("team_id") or (body.get("team") or {}).get("id") or me.team
    return Account("slack", home, user["id"], user.get("name") or user.get("username") or "")


def _file(file: Mapping[str, Any]) -> File:
    return File(file["id"], file.get("name") or "", file.get("mimetype") or "", int(file.get("size") or 0))
