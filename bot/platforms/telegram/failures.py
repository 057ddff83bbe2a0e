"""What Telegram's refusals mean to us."""

from __future__ import annotations

import dataclasses

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.messages import Place
from bot.platforms.port import SendFailed
from bot.platforms.telegram.request import NotSent, Wait

# What Telegram says (400 and 403) when a place or a person is out of reach, and what that means there:
# the first word of `SendFailed.says`. A place is closed, muted, removed or lost; a person has blocked us.
_GONE = (
    ("topic_closed", "closed"),
    ("chat_write_forbidden", "muted"),
    ("not enough rights", "muted"),
    ("no rights to send", "muted"),
    ("chat_restricted", "muted"),
    ("chat_admin_required", "muted"),
    ("need administrator rights", "muted"),
    ("was kicked", "removed"),
    ("not a member", "removed"),
    ("group chat was deactivated", "removed"),
    ("group chat was deleted", "removed"),
    ("message thread not found", "lost"),
    ("topic_deleted", "lost"),
    ("topic_id_invalid", "lost"),
    ("chat not found", "lost"),
    ("user not found", "lost"),
    ("peer_id_invalid", "lost"),
)
_DELETED = ("message to edit not found", "message can't be edited", "message_id_invalid")


def send_failed(trouble: TelegramError, place: Place) -> SendFailed:
    """What an exception of the Bot API means for a message that was to stand in `place`. For "gone",
    `says` begins with what became of it: "closed: …", "muted: …", "removed: …", "lost: …", "blocked: …"."""
    says = str(trouble)
    if isinstance(trouble, Wait):
        # A group has a narrow budget of its own; what a private chat is refused for, all may be soon.
        return SendFailed(
            "later", says, after=trouble.seconds, scope="chat" if place.kind == "group" else "platform"
        )
    if isinstance(trouble, ChatMigrated):
        return SendFailed("moved", says, place=moved(place, trouble))
    if isinstance(trouble, Forbidden):
        otherwise = "removed" if place.kind == "group" else "blocked"
        return SendFailed("gone", f"{_why_gone(says) or otherwise}: {says}")
    if isinstance(trouble, BadRequest):  # before NetworkError, of which it is one
        return _refused(says)
    if isinstance(trouble, NotSent):
        return SendFailed("later", says, after=5.0)
    if isinstance(trouble, InvalidToken):
        return SendFailed("later", says, after=60.0)
    return SendFailed("unknown", says)


def is_out_of_reach(trouble: TelegramError) -> bool:
    """Whether a place takes nothing of ours any more, or not now: its topic is closed or deleted, we are
    muted."""
    return bool(_why_gone(str(trouble)))


def _refused(says: str) -> SendFailed:
    if any(sign in says.lower() for sign in _DELETED):
        return SendFailed("deleted", says)
    why = _why_gone(says)
    return SendFailed("gone", f"{why}: {says}") if why else SendFailed("refused", says)


def _why_gone(says: str) -> str:
    return next((why for sign, why in _GONE if sign in says.lower()), "")


def moved(place: Place, trouble: ChatMigrated) -> Place:
    """The place where a group lives since it became a supergroup. Topics begin anew there."""
    return dataclasses.replace(place, channel=str(trouble.new_chat_id), thread="")
