"""What happens to groups, topics and channels: we are put in or out, muted, a title changes, a group moves.
Pure; read from the bare update, since most updates are none of these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.messages import Account, Call, Place
from bot.rules.names import shown_name

NAME = "telegram"
COMMAND = "place changed"
_TITLE, _MOVED, _TOPIC = "new_chat_title", "migrate_to_chat_id", "forum_topic_edited"
_TOPICS = {"forum_topic_closed": "closed", "forum_topic_reopened": "opened"}


def change_of_place(raw: Mapping[str, Any], now: datetime) -> Call | None:
    """The call that tells what happened to a place; None for everything else. `now`: UTC, when it reached
    us. Raises KeyError, TypeError, ValueError and their like on an update of another shape.

    That a group moved is read in the old group only: the new one tells the same once more.
    """
    if membership := raw.get("my_chat_member"):
        what = _what_became_of_us(membership)
        if what is None or membership["chat"]["type"] == "private":
            return None
        return _call(f"place:{raw['update_id']}", membership, now, {"what": what})
    message = raw.get("message") or raw.get("channel_post")
    if not message:
        return None
    arguments = _change_told_in(message)
    if arguments is None:
        return None
    return _call(f"msg:{message['chat']['id']}:{message['message_id']}", message, now, arguments)


def _change_told_in(message: Mapping[str, Any]) -> dict[str, str] | None:
    """What a service message says about its group or topic."""
    if name := message.get(_TITLE):
        return {"what": "renamed", "name": str(name)}
    if to := message.get(_MOVED):
        return {"what": "moved", "to": str(int(to))}
    if "message_thread_id" not in message:
        return None  # so the General topic was closed or renamed, and what has no thread is the whole group
    if name := (message.get(_TOPIC) or {}).get("name"):  # none if only its icon changed
        return {"what": "renamed", "name": str(name)}
    return next(({"what": what} for told, what in _TOPICS.items() if told in message), None)


def _what_became_of_us(membership: Mapping[str, Any]) -> str | None:
    before, after = membership["old_chat_member"], membership["new_chat_member"]
    if _is_in(before) != _is_in(after):
        return "added" if _is_in(after) else "removed"
    channel = membership["chat"]["type"] == "channel"
    if not _is_in(after) or _may_write(before, channel) == _may_write(after, channel):
        return None
    return "opened" if _may_write(after, channel) else "muted"


def _is_in(member: Mapping[str, Any]) -> bool:
    return member["status"] not in ("left", "kicked") and member.get("is_member", True)


def _may_write(member: Mapping[str, Any], channel: bool) -> bool:
    if channel:  # only admins who may post do
        return member["status"] == "administrator" and bool(member.get("can_post_messages"))
    return member["status"] != "restricted" or bool(member.get("can_send_messages"))


def _call(event: str, told: Mapping[str, Any], now: datetime, arguments: dict[str, str]) -> Call:
    chat, thread = told["chat"], told.get("message_thread_id")
    # A title may be met in the middle of a topic; then it is the group's, not the topic's.
    in_topic = thread and not {_TITLE, _MOVED} & told.keys()
    name = arguments.get("name") or chat.get("title") or ""
    return Call(
        event=event,
        account=_doer(told),
        place=Place(NAME, "", str(chat["id"]), str(thread) if in_topic else "", "group", name),
        received_at=now,
        command=COMMAND,
        arguments=arguments,
        sent_at=datetime.fromtimestamp(told["date"], UTC),
    )


def _doer(told: Mapping[str, Any]) -> Account:
    """Who did it; nobody (user "") if it was a bot, an admin who stays anonymous, or a channel itself."""
    person = told.get("from")
    if not person or person.get("is_bot") or told.get("sender_chat"):
        return Account(NAME, "", "")
    return account_of(person)


def account_of(person: Mapping[str, Any]) -> Account:
    """Who somebody is, of a bare update: a name that can be seen, else their username, else ""."""
    name = shown_name(f"{person['first_name']} {person.get('last_name') or ''}")
    return Account(
        NAME,
        "",
        str(person["id"]),
        name=name or shown_name(person.get("username") or ""),
        language=person.get("language_code") or "",
    )
