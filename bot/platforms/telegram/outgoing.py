"""Writing: posting, editing and deleting messages, in all their parts."""

from __future__ import annotations

import dataclasses
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.messages import Key, Mark, Message, Place, Post
from bot.platforms.markup import Entity, telegram_caption, telegram_keys, telegram_text
from bot.platforms.pacing import Pace, Pacer
from bot.platforms.port import SendFailed
from bot.platforms.telegram.failures import send_failed
from bot.platforms.telegram.request import Api, Wait

# 30 a second, one a second in a chat and 20 a minute in a group are allowed, edits included; spaced at
# 27 a second nothing was refused, at 28.5 it was (platforms.md sections 9 and 11).
PACE = Pace(overall=1 / 27.4, chat=1.05, group=3.2, group_most=19, same_post=5.0)
SIGN = "✍"  # a ballot box is not among the emoji with which a bot may react
LONGEST_WAIT = 30.0  # seconds that we wait for Telegram in one go; beyond, the worker comes back
CAPTION = "caption:"  # in `Post.more`, before the id of a picture that has the words under it
FILE = "file:"  # in `Post.more`, before the id of a picture or file without words
_NO_PREVIEW = {"is_disabled": True}
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_DELETED_ALREADY = ("message to delete not found", "message_id_invalid")
_NO_TEXT = "there is no text in the message to edit"  # for it is a picture with words under it
_TOO_OLD = "message can't be deleted"
_NOTHING = "…"  # what stands in a part that is too many and too old to be taken away

Content = dict[str, Any]


async def post_message(api: Api, pacer: Pacer, place: Place, message: Message, reply_to: str = "") -> Post:
    """Post `message` in `place`, in as many parts as it takes, keys under the last; returns the first.
    That one's moment the caller has waited for; every other waits for its own. Its file is not posted here
    (`documents.post_whole`).

    Raises TelegramError, and SendFailed("unknown") if only a part could be placed.
    """
    first, *others = _contents(message)
    sent = await api.call("sendMessage", **first, **where(place, message.silent, reply_to))
    more: list[str] = []
    for content in others:
        try:
            more.append(await _post_rest(api, pacer, place, content, message.silent))
        except TelegramError as trouble:
            raise _only_a_part(trouble) from None
    return Post(place, str(sent["message_id"]), more=tuple(more))


def fits(message: Message) -> bool:
    """Whether the text stands in one message, so that it can take another one's place."""
    return len(telegram_text(message.text)) == 1


async def edit_message(api: Api, pacer: Pacer, post: Post, message: Message) -> Post:
    """Replace the text and keys of a post, in all its parts, and return it as it stands then. Parts that are
    lacking, or that somebody deleted, are posted as further messages; those too many are deleted. "Not
    modified" is a success. The first part's moment the caller has waited for.

    Raises TelegramError, and SendFailed if only a part of what is lacking could be placed: with the post as
    it stands by then.
    """
    captioned = CAPTION + post.message_id in post.more
    try:
        return await _edit(api, pacer, post, message, captioned)
    except BadRequest as refused:
        if captioned or _NO_TEXT not in str(refused).lower():
            raise
    return await _edit(api, pacer, post, message, captioned=True)


async def delete_message(api: Api, pacer: Pacer, post: Post) -> None:
    """Take a post away with all its parts and files; already gone is a success. Raises TelegramError."""
    await _delete(api, post.place, post.message_id)
    for number in (one.removeprefix(FILE) for one in post.more if not one.startswith(CAPTION)):
        await _turn(pacer, post.place, edit=True)
        await _delete(api, post.place, number)


async def mark_message(api: Api, post: Post, mark: Mark) -> None:
    """Put our sign on a message that somebody wrote, or take it away. Raises TelegramError."""
    signs = [{"type": "emoji", "emoji": SIGN}] if mark.kind == "ballot" else []
    chat, message = int(post.place.channel), int(post.message_id)
    await api.call("setMessageReaction", chat_id=chat, message_id=message, reaction=signs)


def where(place: Place, silent: bool = False, reply_to: str = "") -> Content:
    """Where a message goes, as parameters of a call that sends one."""
    found: Content = {"chat_id": int(place.channel)}
    if place.thread:
        found["message_thread_id"] = int(place.thread)
    if silent:
        found["disable_notification"] = True
    if reply_to:
        found["reply_parameters"] = {"message_id": int(reply_to), "allow_sending_without_reply": True}
    return found


def caption(message: Message, alone: bool = False) -> Content | None:
    """What stands under a picture: the words with their keys, and what it shows; None where the words are too
    long for that. `alone`: the words stand elsewhere."""
    parts = [] if alone else telegram_text(message.text, under_picture=True)
    if len(parts) > 1:
        return None
    text, entities = parts[0] if parts else ("", [])
    shows = message.file.alt if message.file and not message.file.told else ""
    text, entities = telegram_caption(text, entities, shows)
    return _content(text, entities, () if alone else message.keys, "caption")


async def _edit(api: Api, pacer: Pacer, post: Post, message: Message, captioned: bool) -> Post:
    place, contents = post.place, _contents(message, captioned)
    texts = [post.message_id, *(one for one in post.more if one.isdecimal())]
    await _edit_part(api, place, texts[0], contents[0])
    standing, lacking = list[str](), contents[len(texts) :]
    for number, content in zip(texts[1:], contents[1:], strict=False):
        await _turn(pacer, place, edit=True)
        if await _edited(api, place, number, content):
            standing.append(number)
        else:
            lacking.append(content)
    for number in texts[len(contents) :]:
        await _turn(pacer, place, edit=True)
        standing += await _taken_away(api, place, number)
    for content in lacking:
        try:
            standing.append(await _post_rest(api, pacer, place, content, silent=True))
        except TelegramError as trouble:
            failed = send_failed(trouble, place)
            failed.post = _with_parts(post, standing, captioned)
            raise failed from None
    return _with_parts(post, standing, captioned)


def _with_parts(post: Post, texts: list[str], captioned: bool) -> Post:
    """A post with these further texts, and with the pictures and files that it has."""
    marks = (CAPTION + post.message_id,) if captioned else ()
    files = (one for one in post.more if one.startswith(FILE))
    return dataclasses.replace(post, more=(*marks, *texts, *files))


async def _edited(api: Api, place: Place, number: str, content: Content) -> bool:
    """Edit a further part; False if somebody deleted it."""
    try:
        await _edit_part(api, place, number, content)
    except BadRequest as refused:
        if not any(sign in str(refused).lower() for sign in _GONE):
            raise
        return False
    return True


async def _edit_part(api: Api, place: Place, number: str, content: Content) -> None:
    method = "editMessageText" if "text" in content else "editMessageCaption"
    try:
        await api.call(method, chat_id=int(place.channel), message_id=int(number), **content)
    except BadRequest as refused:
        if "message is not modified" not in str(refused).lower():
            raise


async def _taken_away(api: Api, place: Place, number: str) -> list[str]:
    """Take away a part that is too many, or its words where it is too old for that: what is left of it."""
    try:
        await _delete(api, place, number)
    except BadRequest as refused:
        if _TOO_OLD not in str(refused).lower():
            raise
        return [number] if await _edited(api, place, number, _content(_NOTHING, [], ())) else []
    return []


async def _delete(api: Api, place: Place, number: str) -> None:
    try:
        await api.call("deleteMessage", chat_id=int(place.channel), message_id=int(number))
    except BadRequest as refused:
        if not any(sign in str(refused).lower() for sign in _DELETED_ALREADY):
            raise


def _contents(message: Message, captioned: bool = False) -> list[Content]:
    """The words of each message that they take, with the keys under the last."""
    if captioned and (whole := caption(message)) is not None:
        return [whole]
    parts = telegram_text(message.text, under_picture=captioned)
    if not parts:
        raise BadRequest("message text is empty")
    last = len(parts) - 1
    return [
        _content(
            text,
            entities,
            message.keys if number == last else (),
            "caption" if captioned and not number else "text",
        )
        for number, (text, entities) in enumerate(parts)
    ]


def _content(text: str, entities: list[Entity], keys: tuple[Key, ...], kind: str = "text") -> Content:
    content: Content = {kind: text}
    if kind == "text":
        content["link_preview_options"] = _NO_PREVIEW
    if entities:
        name = "entities" if kind == "text" else "caption_entities"
        content[name] = [_entity(entity) for entity in entities]
    if keys:
        content["reply_markup"] = {"inline_keyboard": telegram_keys(keys)}
    return content


def _entity(entity: Entity) -> Content:
    plain: Content = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    more = {"url": entity.url, "language": entity.language}
    return {**plain, **{name: value for name, value in more.items() if value}}


async def _turn(pacer: Pacer, place: Place, edit: bool = False) -> None:
    await pacer.answer(place.channel, group=place.kind == "group", edit=edit)


async def _post_rest(api: Api, pacer: Pacer, place: Place, content: Content, silent: bool) -> str:
    """Post a further part, and return its id. Something of it stands already, so one pause is waited for
    here. Raises TelegramError."""
    await _turn(pacer, place)
    parameters = {**content, **where(place, silent)}
    try:
        sent = await api.call("sendMessage", **parameters)
    except Wait as wait:
        await pacer.clock.sleep(min(wait.seconds, LONGEST_WAIT))
        sent = await api.call("sendMessage", **parameters)
    return str(sent["message_id"])


def _only_a_part(trouble: TelegramError) -> SendFailed:
    """Sending it all again would repeat the beginning."""
    return SendFailed("unknown", f"only a part was placed: {trouble}")
