"""Writing: posting, editing and deleting messages, and what Telegram's refusals mean to us."""

from __future__ import annotations

import dataclasses
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.messages import Key, Mark, Message, Place, Post
from bot.platforms.markup import Entity, telegram_keys, telegram_text
from bot.platforms.pacing import Pace, Pacer
from bot.platforms.port import SendFailed
from bot.platforms.telegram.request import Api, NotSent, Wait

# 30 a second, one a second in a chat and 20 a minute in a group are allowed, edits included; spaced at
# 27 a second nothing was refused, at 28.5 it was (platforms.md sections 9 and 11).
PACE = Pace(overall=1 / 27.4, chat=1.05, group=3.2, group_most=19, same_post=5.0)
SIGN = "✍"  # a ballot box is not among the emoji with which a bot may react
LONGEST_WAIT = 30.0  # seconds that we wait for Telegram in one go; beyond, the worker comes back
_NO_PREVIEW = {"is_disabled": True}
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
_DELETED_ALREADY = ("message to delete not found", "message_id_invalid")


async def post_message(api: Api, pacer: Pacer, place: Place, message: Message, reply_to: str = "") -> Post:
    """Post `message` in `place`, in as many parts as it takes, keys under the last; returns the first.
    That one's moment the caller has waited for; every other waits for its own. Its file is not posted here
    (`documents.post_file`).

    Raises TelegramError, and SendFailed("unknown") if only a part could be placed.
    """
    parts = _parts(message)
    first: Post | None = None
    for number, (text, entities) in enumerate(parts, start=1):
        content = _content(text, entities, message.keys if number == len(parts) else ())
        content["chat_id"] = int(place.channel)
        if message.silent:
            content["disable_notification"] = True
        if place.thread:
            content["message_thread_id"] = int(place.thread)
        if first is not None:
            await _post_rest(api, pacer, place, content)
            continue
        if reply_to:
            content["reply_parameters"] = {"message_id": int(reply_to), "allow_sending_without_reply": True}
        sent = await api.call("sendMessage", **content)
        first = Post(place, str(sent["message_id"]))
    assert first is not None  # there is one part at least
    return first


def fits(message: Message) -> bool:
    """Whether the text stands in one message, so that it can take another one's place."""
    return len(telegram_text(message.text)) == 1


async def edit_message(api: Api, post: Post, message: Message) -> None:
    """Replace the text and keys of a post; of a text too long for one message, only the first part
    stands (posting the others would repeat them at every edit). "Not modified" is a success.

    Raises TelegramError.
    """
    text, entities = _parts(message)[0]
    content = _content(text, entities, message.keys)
    content["chat_id"], content["message_id"] = int(post.place.channel), int(post.message_id)
    try:
        await api.call("editMessageText", **content)
    except BadRequest as refused:
        if "message is not modified" not in str(refused).lower():
            raise


async def delete_message(api: Api, post: Post) -> None:
    """Take a post away; already gone is a success. Raises TelegramError."""
    try:
        await api.call("deleteMessage", chat_id=int(post.place.channel), message_id=int(post.message_id))
    except BadRequest as refused:
        if not any(sign in str(refused).lower() for sign in _DELETED_ALREADY):
            raise


async def mark_message(api: Api, post: Post, mark: Mark) -> None:
    """Put our sign on a message that somebody wrote, or take it away. Raises TelegramError."""
    signs = [{"type": "emoji", "emoji": SIGN}] if mark.kind == "ballot" else []
    chat, message = int(post.place.channel), int(post.message_id)
    await api.call("setMessageReaction", chat_id=chat, message_id=message, reaction=signs)


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


def _parts(message: Message) -> list[tuple[str, list[dict[str, Any]]]]:
    parts = telegram_text(message.text)
    if not parts:
        raise BadRequest("message text is empty")
    return [(text, [_entity(entity) for entity in entities]) for text, entities in parts]


def _entity(entity: Entity) -> dict[str, Any]:
    plain = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    return {**plain, "url": entity.url} if entity.url else plain


def _content(text: str, entities: list[dict[str, Any]], keys: tuple[Key, ...]) -> dict[str, Any]:
    content: dict[str, Any] = {"text": text, "link_preview_options": _NO_PREVIEW}
    if entities:
        content["entities"] = entities
    if keys:
        content["reply_markup"] = {"inline_keyboard": telegram_keys(keys)}
    return content


async def _post_rest(api: Api, pacer: Pacer, place: Place, parameters: dict[str, Any]) -> None:
    """Post a further part of a long text. Its first part stands already, so one pause is waited for
    here, and anything else leaves it unknown: sending it all again would repeat the beginning."""
    await pacer.answer(place.channel, group=place.kind == "group")
    try:
        try:
            await api.call("sendMessage", **parameters)
        except Wait as wait:
            await pacer.clock.sleep(min(wait.seconds, LONGEST_WAIT))
            await api.call("sendMessage", **parameters)
    except TelegramError as trouble:
        raise SendFailed("unknown", f"only a part was placed: {trouble}") from None
