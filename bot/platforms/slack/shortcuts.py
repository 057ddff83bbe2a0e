"""Message shortcuts: what somebody chose from the three dots beside a message becomes a call of a command.

The payload brings the message itself, so it works where we are no member and reads nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.messages import Account, Call
from bot.platforms.manifest import LOG_THIS, VOTE_ON_THIS
from bot.platforms.slack.forms import storable
from bot.platforms.slack.heard import PLAIN_SUBTYPES, Heard, Me, Way, moment_of, place_of
from bot.platforms.slack.words import first_link, readable

LONGEST_TITLE, LONGEST_WORDS, LONGEST_NAME = 80, 3000, 200  # characters
OF_PEOPLE = (*PLAIN_SUBTYPES, "me_message")
NO_FILE = ("external", "tombstone", "hidden_by_limit")  # modes of files that are not Slack's, or gone


def shortcut(body: Mapping[str, Any], account: Account, me: Me, now: datetime) -> Heard | None:
    """The call behind a message shortcut; None for one that is none of ours. Raises KeyError and its like on
    a payload of another shape."""
    message, channel, trigger = body["message"], body["channel"]["id"], body.get("trigger_id") or ""
    stamp = message.get("ts") or body["message_ts"]
    thread = message.get("thread_ts") or ""
    match body.get("callback_id"):
        case LOG_THIS.callback:
            command, arguments = _logging(body, message, stamp, me)
        case VOTE_ON_THIS.callback:
            words = "" if _is_gone(message) else readable(message.get("text") or "", me.user)[:LONGEST_WORDS]
            command, arguments = "vote on this", {"post": stamp, "thread": thread, "words": words}
        case _:
            return None
    call = Call(
        event=f"act:{trigger or body.get('action_ts') or stamp + account.user}",
        account=account,
        place=place_of(me, channel, "" if thread == stamp else thread),
        received_at=now,
        command=command,
        arguments={name: value for name, value in arguments.items() if value},
        can_show_form=bool(trigger),
    )
    return Heard(call, Way("button", trigger, body.get("response_url") or ""))


def _logging(
    body: Mapping[str, Any], message: Mapping[str, Any], stamp: str, me: Me
) -> tuple[str, dict[str, str]]:
    """What `/log` begins with: the first line is the title, and a link, the file or the message itself the
    evidence. What no person wrote is not logged."""
    if _is_gone(message):
        return "log nothing", {"what": "gone"}
    if message.get("bot_id") or message.get("subtype") not in OF_PEOPLE:
        return "log nothing", {"what": "program", "post": stamp}
    text = message.get("text") or ""
    words = readable(text, me.user)
    written = moment_of(stamp)
    begun = {
        "post": stamp,
        "title": _first_line(words),
        "day": f"{written.isoformat()}|{words[:LONGEST_WORDS]}" if written else "",
    }
    if link := first_link(text):
        return "log this", {**begun, "link": link}
    for file in message.get("files") or ():
        if file.get("id") and file.get("mode") not in NO_FILE:
            name = storable(file.get("name") or "")[:LONGEST_NAME]
            return "log this", {**begun, "file": file["id"], "file_name": name}
    return "log this", {**begun, "link": _permalink(body, message, stamp)}


def _is_gone(message: Mapping[str, Any]) -> bool:
    """Whether only the mark of a deleted message stands there, above its replies."""
    return message.get("subtype") == "tombstone"


def _first_line(words: str) -> str:
    line = next((one for one in map(str.strip, words.splitlines()) if one), "")
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def _permalink(body: Mapping[str, Any], message: Mapping[str, Any], stamp: str) -> str:
    """Where the message stands, as Slack itself writes it; "" where the payload does not tell the domain."""
    domain, channel = (body.get("team") or {}).get("domain") or "", body["channel"]["id"]
    if not domain:
        return ""
    thread = message.get("thread_ts") or ""
    in_thread = f"?thread_ts={thread}&cid={channel}" if thread and thread != stamp else ""
    return f"https://{domain}.slack.com/archives/{channel}/p{stamp.replace('.', '')}{in_thread}"
