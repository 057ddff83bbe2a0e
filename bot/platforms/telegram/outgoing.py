"""Writing: posting, editing and deleting messages, and what Telegram's refusals mean to us."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.messages import Key, Message, Place, Post
from bot.platforms.markup import Entity, telegram_keys, telegram_text
from bot.platforms.port import SendFailed
from bot.platforms.telegram.request import Api, NotSent, Wait

Sleep = Callable[[float], Awaitable[None]]
LONGEST_WAIT = 30.0  # seconds that we wait for Telegram in one go; beyond, the worker comes back
_NO_PREVIEW = {"is_disabled": True}
# Descriptions of a 400 that mean "this chat is out of reach for good".
_GONE = ("chat not found", "user not found", "peer_id_invalid", "chat_write_forbidden", "not enough rights")


async def post_message(
    api: Api, place: Place, message: Message, reply_to: str = "", sleep: Sleep = asyncio.sleep
) -> Post:
    """Post `message` in `place`, in as many parts as it takes, keys under the last; returns the first.

    Raises TelegramError, and SendFailed("unknown") if only a part could be placed.
    """
    parts = _parts(message)
    first: Post | None = None
    for number, (text, entities) in enumerate(parts, start=1):
        content = _content(text, entities, message.keys if number == len(parts) else ())
        content["chat_id"] = int(place.channel)
        if place.thread:
            content["message_thread_id"] = int(place.thread)
        if first is not None:
            await _post_rest(api, content, sleep)
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
        if "message to delete not found" not in str(refused).lower():
            raise


def send_failed(trouble: TelegramError, place: Place) -> SendFailed:
    """What an exception of the Bot API means for a message that was to stand in `place`."""
    says = str(trouble)
    if isinstance(trouble, Wait):
        return SendFailed("later", says, after=trouble.seconds)
    if isinstance(trouble, ChatMigrated):
        return SendFailed("moved", says, place=moved(place, trouble))
    if isinstance(trouble, Forbidden):
        return SendFailed("gone", says)
    if isinstance(trouble, BadRequest):  # before NetworkError, of which it is one
        gone = any(sign in says.lower() for sign in _GONE)
        return SendFailed("gone" if gone else "refused", says)
    if isinstance(trouble, NotSent):
        return SendFailed("later", says, after=5.0)
    if isinstance(trouble, InvalidToken):
        return SendFailed("later", says, after=60.0)
    return SendFailed("unknown", says)


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


async def _post_rest(api: Api, parameters: dict[str, Any], sleep: Sleep) -> None:
    """Post a further part of a long text. Its first part stands already, so one pause is waited for
    here, and anything else leaves it unknown: sending it all again would repeat the beginning."""
    try:
        try:
            await api.call("sendMessage", **parameters)
        except Wait as wait:
            await sleep(min(wait.seconds, LONGEST_WAIT))
            await api.call("sendMessage", **parameters)
    except TelegramError as trouble:
        raise SendFailed("unknown", f"only a part was placed: {trouble}") from None
