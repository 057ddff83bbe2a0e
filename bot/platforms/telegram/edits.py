"""Messages that people edit. What was understood before stays as it was (spec/engagement.md section 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.messages import Call, Place
from bot.platforms.telegram.places import NAME, account_of

COMMAND = "edited"
LONGEST = 3000  # characters that are read


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
