"""Reading: from one Telegram update to a Call or a Said, or None for what is not for us. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from telegram import CallbackQuery, Chat, Message, MessageEntity, Update, User

from bot.messages import Account, Call, Incoming, Place, Said
from bot.platforms.telegram.edits import read_edit
from bot.platforms.telegram.enclosed import Albums, enclosed, with_files
from bot.platforms.telegram.links import opened
from bot.platforms.telegram.nobody import asked_by_nobody, is_nobodys
from bot.platforms.telegram.places import NAME, change_of_place
from bot.rules.names import shown_name

UPDATES = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as getMe describes it."""

    id: int
    username: str
    reads_groups: bool


def chat_of(raw: Mapping[str, Any]) -> str:
    """The chat in which an update happened: updates of one chat are taken in order."""
    query = raw.get("callback_query")
    try:
        if query:
            return str((query.get("message") or {"chat": query["from"]})["chat"]["id"])
        told = (
            raw.get("message")
            or raw.get("edited_message")
            or raw.get("my_chat_member")
            or raw["channel_post"]
        )
        return str(told["chat"]["id"])
    except (KeyError, TypeError, AttributeError):
        return ""


def read_all(raw: dict[str, Any], me: Me, now: datetime, key: bytes, albums: Albums) -> tuple[Incoming, ...]:
    """All that a person did with one update, in order; nothing for what is not for us. `now`: UTC, when it
    reached us; `key`: what our links are signed with; `albums`: those that were begun before. Raises as
    `read_update`."""
    if (edit := read_edit(raw, now)) is not None:
        return (edit,)
    first = read_update(raw, me, now)
    if first is None:
        return ()
    told = raw.get("message") or {}
    if "photo" in told or "document" in told:
        message = Update.de_json(raw, None).message
        return with_files(first, message, albums, me.reads_groups) if message is not None else (first,)
    return (opened(first, key),)


def read_update(raw: dict[str, Any], me: Me, now: datetime) -> Incoming | None:
    """What a person did, in our words; None for what is not for us. `now`: UTC, when it reached us.

    Raises whatever python-telegram-bot raises on an update that is none.
    """
    if (change := change_of_place(raw, now)) is not None:
        return change
    update = Update.de_json(raw, None)
    if update.callback_query:
        return _tap(update.callback_query, now)
    if message := update.message or update.channel_post:
        return _message(message, me, now)
    log.info("telegram_ignored", update_id=update.update_id)
    return None


def _tap(query: CallbackQuery, now: datetime) -> Call | None:
    message = query.message
    if message is None or not query.data:
        return None  # an inline message or a game: we post neither
    thread = _thread(message) if isinstance(message, Message) else ""
    return Call(
        event=f"cb:{query.id}",
        account=_account(query.from_user),
        place=_place(message.chat, thread),
        received_at=now,
        token=query.data,
        message_id=str(message.message_id),
    )


def _message(message: Message, me: Me, now: datetime) -> Incoming | None:
    person, nobodys = message.from_user, is_nobodys(message)
    if not nobodys and (person is None or person.is_bot or message.sender_chat is not None):
        log.info("telegram_no_person", message_id=message.message_id)
        return None  # other bots, and what a linked channel posts
    text, entities = message.text or message.caption or "", message.entities or message.caption_entities
    command = _command(text, entities, message.chat, me)
    if command == "" or (nobodys and command is None):
        return None  # for another bot; or talk of an admin who stays anonymous, or of a channel
    common: dict[str, Any] = {
        "event": f"msg:{message.chat.id}:{message.message_id}",
        "place": _place(message.chat, _thread(message)),
        "received_at": now,
        "message_id": str(message.message_id),
        "sent_at": message.date,
    }
    if nobodys or person is None:
        return asked_by_nobody(command or "", common)
    common["account"] = _account(person)
    if command is not None:
        return Call(text=command, **common)
    text, mentioned = _cut_mention(text, entities, me)
    files, unheard = enclosed(message)
    if not (text or files or unheard or mentioned):
        log.info("telegram_service_message", message_id=message.message_id)
        return None  # somebody joined, a title changed, a pin, a group that moved
    return Said(
        text=text,
        addressed=mentioned or message.chat.type == Chat.PRIVATE,
        reply_to=_reply_to(message),
        files=files,
        unheard=unheard,
        **common,
    )


def _command(text: str, entities: tuple[MessageEntity, ...], chat: Chat, me: Me) -> str | None:
    """The typed line without its slash, "" if it is for another bot, None if it is no command.

    In a direct chat a leading slash is enough ("/ação" is no command to Telegram, but meant as one).
    """
    first = entities[0] if entities else None
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset:
        alone = chat.type == Chat.PRIVATE and text.startswith("/") and text[1:].strip()
        return alone if alone else None
    name, _, whose = text[1 : first.length].partition("@")
    if whose and whose.lower() != me.username.lower():
        return ""
    return f"{name} {text[first.length :].strip()}".strip()


def _cut_mention(text: str, entities: tuple[MessageEntity, ...], me: Me) -> tuple[str, bool]:
    """The text without the first mention of us, and whether there was one. Offsets count UTF-16 units."""
    units = text.encode("utf-16-le")
    for entity in entities:
        begin, end = entity.offset * 2, (entity.offset + entity.length) * 2
        ours = entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == me.id
        if entity.type == MessageEntity.MENTION:
            ours = units[begin:end].decode("utf-16-le").lower() == f"@{me.username}".lower()
        if ours:
            before, after = units[:begin].decode("utf-16-le"), units[end:].decode("utf-16-le")
            return f"{before.rstrip()} {after.lstrip(' ,:')}".strip(), True
    return text, False


def _reply_to(message: Message) -> str:
    """The message answered. In a topic everything "answers" the topic's first message: that is no reply."""
    answered = message.reply_to_message
    if answered is None or (message.is_topic_message and answered.message_id == message.message_thread_id):
        return ""
    return str(answered.message_id)


def _account(person: User) -> Account:
    """Who they are: their number, which stays whatever they are called or telephone with. A name can be
    made of nothing to be seen; then their username stands for it, and "" for none."""
    name = shown_name(f"{person.first_name} {person.last_name or ''}") or shown_name(person.username or "")
    return Account(NAME, "", str(person.id), name=name, language=person.language_code or "")


def _place(chat: Chat, thread: str) -> Place:
    kind = "direct" if chat.type == Chat.PRIVATE else "group"
    return Place(NAME, "", str(chat.id), thread, kind, chat.title or "")  # type: ignore[arg-type]


def _thread(message: Message) -> str:
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""
