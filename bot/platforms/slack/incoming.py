"""Reading what Slack sends: commands, buttons, forms, messages, changes of places: a `Call` or a `Said`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from bot.messages import Call, File, Said
from bot.platforms.slack.forms import Origin, answers_of, fields_of, read_origin
from bot.platforms.slack.heard import PLAIN_SUBTYPES, Heard, Me, Way, is_direct, moment_of, place_of
from bot.platforms.slack.home import home_opened, place_of_tab
from bot.platforms.slack.people import PEOPLE_EVENTS, change_of_person, pressed_by, said_by, typed_by
from bot.platforms.slack.places import PLACE_EVENTS, change_of_place
from bot.platforms.slack.shortcuts import shortcut
from bot.platforms.slack.words import readable

__all__ = ["hear", "readable"]

UNHEARD = {"audio": "voice", "video": "video"}
NO_NAMES = ("privategroup", "directmessage")  # what a command says where it may not tell a channel's name


def hear(
    body: Mapping[str, Any],
    me: Me,
    now: datetime,
    commands: tuple[str, ...] = (),
    bots: Collection[str] = (),
) -> Heard | None:
    """Read one payload of Slack's; `bots` are the users that we are in other workspaces, too. None is for
    what needs an ack and nothing else: link buttons, closed forms, our own messages, edits, and channel talk
    outside threads.

    Raises KeyError, TypeError, ValueError and their like on a payload that is not shaped as documented.
    """
    if "command" in body:
        return _command(body, me, now, commands)
    match body.get("type"):
        case "block_actions":
            return _button(body, me, now)
        case "view_submission":
            return _form(body, me, now)
        case "message_action":
            return shortcut(body, pressed_by(body, me), me, now)
        case "event_callback":
            return _event(body["event"], body, me, now, (me.user, *bots))
    return None


def _command(body: Mapping[str, Any], me: Me, now: datetime, commands: tuple[str, ...]) -> Heard:
    name, words = body["command"].lstrip("/"), readable(body.get("text") or "")
    own = name != "alliance" and (not commands or name in commands)
    text = f"{name} {words}".strip() if own else words or "help"
    called = body.get("channel_name") or ""
    call = Call(
        event="cmd:" + body["trigger_id"],
        account=typed_by(body, me),
        place=place_of(me, body["channel_id"], name="" if called in NO_NAMES else called),
        received_at=now,
        text=text,
        can_show_form=True,
    )
    return Heard(call, Way("command", body["trigger_id"], body.get("response_url") or ""))


def _button(body: Mapping[str, Any], me: Me, now: datetime) -> Heard | None:
    action, container = body["actions"][0], body.get("container") or {}
    if action.get("type") != "button" or not action.get("value"):
        return None
    tab = (body.get("view") or {}).get("type") == "home"
    if not tab and not container.get("channel_id"):
        return None
    stamp, message = action.get("action_ts") or "", "" if tab else container["message_ts"]
    channel, thread = container.get("channel_id") or "", container.get("thread_ts") or ""
    trigger = body.get("trigger_id") or ""
    call = Call(
        event="act:"
        + (trigger or f"{message or 'home'}:{action.get('action_id')}:{stamp}:{body['user']['id']}"),
        account=pressed_by(body, me),
        place=place_of_tab(body, me) if tab else place_of(me, channel, thread),
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
        account=pressed_by(body, me),
        place=place_of(me, origin.channel, origin.thread),
        received_at=now,
        draft=origin.draft,
        arguments=answers_of(view),
        can_show_form=True,
    )
    way = Way("form", body.get("trigger_id") or "", origin.response_url, fields=fields_of(view))
    return Heard(call, way)


def _event(
    event: Mapping[str, Any], body: Mapping[str, Any], me: Me, now: datetime, bots: Collection[str]
) -> Heard | None:
    kind, user = event.get("type"), event.get("user")
    if kind == "app_home_opened":
        return home_opened(event, body, me, now)
    if kind in PEOPLE_EVENTS:
        told = change_of_person(event, body, me, now)
        return Heard(told, Way("words")) if told else None
    if kind in PLACE_EVENTS:
        change = change_of_place(event, body, me, now)
        return Heard(change, Way("words")) if change else None
    if (
        kind not in ("message", "app_mention")
        or not user
        or event.get("bot_id")
        or user in (*bots, "USLACKBOT")
    ):
        return None
    if event.get("subtype") not in PLAIN_SUBTYPES or event.get("edited"):
        return None  # a mention that is edited comes once more, as app_mention: edited words say nothing
    text, ts, channel = event.get("text") or "", event["ts"], event["channel"]
    thread = event.get("thread_ts") or ""
    thread = "" if thread == ts else thread
    direct = is_direct(channel) or event.get("channel_type") == "im"
    ours = dict.fromkeys(bots) if _may_be_shared(body) else (me.user,)
    named = [bot for bot in ours if f"<@{bot}>" in text or f"<@{bot}|" in text]
    if kind == "message" and not direct and (me.user in named or not (thread or named)):
        return None  # a mention comes once more, as app_mention; other talk is not for us
    enclosed = event.get("files") or ()
    files = tuple(_file(one) for one in enclosed)
    said = Said(
        event=f"msg:{channel}:{ts}",  # the same for both events of a mention
        account=said_by(event, body, me),
        place=place_of(me, channel, thread, direct=direct),
        received_at=now,
        text=readable(_without(text, named), me.user),
        addressed=direct or kind == "app_mention" or bool(named),
        reply_to=thread,
        message_id=ts,
        files=files,
        unheard=next((UNHEARD[kind] for file in files if (kind := file.mime.split("/")[0]) in UNHEARD), ""),
        sent_at=moment_of(ts),
    )
    addresses = {one["id"]: str(one.get("url_private_download") or "") for one in enclosed}
    return Heard(said, Way("words"), addresses)


def _may_be_shared(body: Mapping[str, Any]) -> bool:
    """Whether others of us may be in a channel, by other names: where other organisations are let in, and in
    an Enterprise Grid."""
    authorized = next(iter(body.get("authorizations") or ()), None) or {}
    return body.get("is_ext_shared_channel") is True or bool(authorized.get("enterprise_id"))


def _without(text: str, bots: Collection[str]) -> str:
    """What was said, without our own names in it."""
    for bot in bots:
        text = re.sub(rf"<@{re.escape(bot)}(\|[^<>]*)?>", "", text)
    return text


def _file(file: Mapping[str, Any]) -> File:
    return File(file["id"], file.get("name") or "", file.get("mimetype") or "", int(file.get("size") or 0))
