"""Commands that no person gave: admins who stay anonymous, people who write as a channel, posts in a
channel."""

from __future__ import annotations

from typing import Any

from telegram import Chat, Message

from bot.messages import Account, Call
from bot.platforms.telegram.links import line_payload
from bot.platforms.telegram.places import NAME

COMMAND = "asked by nobody"
NOBODY = Account(NAME, "", "")


def is_nobodys(message: Message) -> bool:
    """Whether a chat wrote it, and not a person (a bot is no chat). What a linked channel posts is brought
    to its group by Telegram: there nobody asks anything."""
    if message.is_automatic_forward or message.via_bot is not None:
        return False
    return message.sender_chat is not None or message.chat.type == Chat.CHANNEL


def asked_by_nobody(line: str, common: dict[str, Any]) -> Call:
    """The call that says of a typed line that it can't be seen whose it is, with a link by which they go
    on."""
    arguments = {"line": line, "payload": line_payload(line)}
    return Call(**{**common, "account": NOBODY}, command=COMMAND, arguments=arguments)
