"""Messages that people edit. What was understood before stays as it was (spec/engagement.md section 10)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from bot.messages import Call, Place
from bot.platforms.telegram.places import NAME, account_of

COMMAND = "edited"
LONGEST = 3000  # characters that are read


MOST_KNOWN = 10_000  # messages whose words are known


class Words:
    """What stood in the messages that we read lately, as short hashes. Telegram tells of edits that change no
    word (core.telegram.org/bots/api#update), mostly soon after; what came before a restart is not known."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[Any, Any], tuple[bytes, Any]] = OrderedDict()

    def are_old(self, raw: Mapping[str, Any]) -> bool:
        """Whether an update tells of an edit that left every word; from now on its words are known. One that
        is brought twice is judged as the first time. Raises KeyError, TypeError on another shape."""
        message = raw.get("edited_message") or raw.get("message")
        if not message:
            return False
        words = str(message.get("text") or message.get("caption") or "").strip()
        key, now = (
            (message["chat"]["id"], message["message_id"]),
            blake2b(words.encode(), digest_size=8).digest(),
        )
        before = self._known.get(key)
        if before is not None and before[0] == now and before[1] != raw["update_id"]:
            return "edited_message" in raw
        self._known[key] = (now, raw["update_id"])
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return False


def read_edit(raw: Mapping[str, Any], now: datetime) -> Call | None:
    """The call that tells of an edited message with its new words; None for what is none, or nobody's.
    `now`: UTC, when it reached us. Raises KeyError, TypeError and their like on an update of another shape.

    Each edit is an event of its own: whether it is said once more is the handler's to know."""
    message = raw.get("edited_message")
    if not message:
        return None
    person, chat = message.get("from"), message["chat"]
    words = str(message.get("text") or message.get("caption") or "").strip()
    if not person or person.get("is_bot") or message.get("sender_chat") or not words:
        return None
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    place = Place(NAME, "", str(chat["id"]), str(thread or ""), "group", chat.get("title") or "")
    if chat["type"] == "private":
        place = replace(place, kind="direct")
    number = str(message["message_id"])
    return Call(
        event=f"edit:{chat['id']}:{number}:{raw['update_id']}",
        account=account_of(person),
        place=place,
        received_at=now,
        command=COMMAND,
        arguments={"message": f"msg:{chat['id']}:{number}", "words": words[:LONGEST]},
        sent_at=datetime.fromtimestamp(message["date"], UTC),
    )
