"""What the stand-in knows: people, chats and messages, as Telegram would show them to a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

BOT_ID, BOT_NAME = 7000000001, "alliance_bot"
_MARKS = re.compile(
    r"(?<![\w/@])(?:(?P<command>/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?P<mention>@\w{5,32}))(?![\w/<>])"
)


def utf16(text: str) -> int:
    """Length in UTF-16 units, the unit of all of Telegram's offsets and limits."""
    return len(text.encode("utf-16-le")) // 2


def marks(text: str) -> list[dict[str, Any]]:
    """The entities Telegram finds by itself in what a person types: commands and mentions."""
    found = []
    for mark in _MARKS.finditer(text):
        kind = "bot_command" if mark["command"] else "mention"
        found.append({"type": kind, "offset": utf16(text[: mark.start()]), "length": utf16(mark.group())})
    return found


def names(text: str) -> list[str]:
    """The names that Telegram makes mentions of, for those who have one."""
    bare = re.sub(
        r"https?://(?:[a-z0-9-]+[.])+[a-z]{2,}(?::[0-9]+)?(?:[/?#]\S*)?", " ", text, flags=re.IGNORECASE
    )
    bare = re.sub(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)+", " ", bare)
    return re.findall(r"(?<![^\W\u0300-\u036f²³¹])@[A-Za-z0-9_]{2,32}", bare)


@dataclass
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    last_name: str = ""
    language: str = "en"
    started: bool = False  # has pressed START, so the bot may write
    blocked: bool = False
    deactivated: bool = False

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            shown["last_name"] = self.last_name
        if self.language:
            shown["language_code"] = self.language
        return shown


BOT_USER = {"id": BOT_ID, "is_bot": True, "first_name": "Alliance", "username": BOT_NAME}


@dataclass
class Chat:
    """A private chat, a group or a channel. Its messages are kept, so that people can look at them."""

    id: int
    kind: str  # private | group | supergroup | channel
    title: str = ""
    person: Person | None = None
    members: set[int] = field(default_factory=set)
    forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)  # topics in which only admins may write
    bot: str = "member"  # what the bot is here: member | administrator | restricted | left | kicked
    migrated_to: int = 0
    pictures: bool = True  # whether members may send some
    reactions: frozenset[str] | None = None  # the emoji that its admins allow; None: all
    messages: dict[int, Message] = field(default_factory=dict)
    next_id: int = 1

    @property
    def kicked(self) -> bool:
        """Whether the bot is not in here, so that it hears nothing."""
        return self.bot in ("kicked", "left")

    def as_json(self) -> dict[str, Any]:
        if self.person is not None:
            shown = {k: v for k, v in self.person.as_json().items() if k in ("id", "first_name", "last_name")}
            return {**shown, "type": "private"}
        return {"id": self.id, "type": self.kind, "title": self.title} | (
            {"is_forum": True} if self.forum else {}
        )


@dataclass
class Message:
    """One message. `version` grows with every edit; `number` orders all messages of the server."""

    id: int
    chat: Chat
    sender: Person | None  # None: the bot
    text: str
    date: int
    number: int
    entities: list[dict[str, Any]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    reply_to: Message | None = None
    thread: int = 0
    enclosed: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    editable: bool = True
    deleted: bool = False
    reactions: list[str] = field(default_factory=list)  # the bot's own
    silent: bool = False  # it made no sound
    service: bool = False  # not written by anybody: a title that changed, a topic that was closed

    @property
    def from_bot(self) -> bool:
        return self.sender is None and not self.service

    @property
    def document(self) -> dict[str, Any]:
        """The file that it is, as Telegram describes it; {} for words."""
        found: dict[str, Any] = self.enclosed.get("document") or {}
        return found

    @property
    def photo(self) -> dict[str, Any]:
        """The picture that it is, at its largest; {} for words."""
        sizes: list[dict[str, Any]] = self.enclosed.get("photo") or [{}]
        return sizes[-1]

    @property
    def pings(self) -> list[str]:
        """Whom it calls: names that Telegram finds by itself, wherever none of its own entities (an address,
        an e-mail, code letters) holds them, and links to people."""
        linked = [one["url"] for one in self.entities if one["type"] == "text_link"]
        people = [url for url in linked if re.match(r"tg:(//)?user", url, re.IGNORECASE)]
        units, pieces, at = self.text.encode("utf-16-le"), [], 0
        for code in (one for one in self.entities if one["type"] in ("code", "pre")):
            pieces.append(units[at * 2 : code["offset"] * 2])
            at = code["offset"] + code["length"]
        pieces.append(units[at * 2 :])
        return people + [name for piece in pieces for name in names(piece.decode("utf-16-le", "replace"))]

    @property
    def buttons(self) -> list[str]:
        """The labels under the message, row by row."""
        return [key["text"] for row in self.keyboard for key in row]

    def marked(self, kind: str) -> list[str]:
        """The stretches of text that carry this kind of entity."""
        units = self.text.encode("utf-16-le")
        spans = [
            (e["offset"] * 2, (e["offset"] + e["length"]) * 2) for e in self.entities if e["type"] == kind
        ]
        return [units[begin:end].decode("utf-16-le") for begin, end in spans]

    def as_json(self, with_reply: bool = True) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.as_json(),
            "from": self.sender.as_json() if self.sender else BOT_USER,
        }
        if "photo" in self.enclosed or "document" in self.enclosed:
            words, ents = "caption", "caption_entities"
        else:
            words, ents = "text", "entities"
        if self.text:
            shown[words] = self.text
        if self.entities:
            shown[ents] = self.entities
        if self.keyboard:
            shown["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.version:
            shown["edit_date"] = self.date + 1
        shown.update(self.enclosed)
        return shown | self._standing(with_reply)

    def _standing(self, with_reply: bool) -> dict[str, Any]:
        """Topic and reply. In a topic every message that answers nothing "replies" to its first one."""
        answered, shown = self.reply_to, dict[str, Any]()
        if self.thread:
            shown |= {"message_thread_id": self.thread, "is_topic_message": True}
            answered = answered or self.chat.messages[self.thread]
        if answered is not None and answered is not self and with_reply:
            shown["reply_to_message"] = answered.as_json(with_reply=False)
        return shown


@dataclass
class Query:
    """A pressed button, to be answered once within 15 seconds."""

    id: str
    person: Person
    at: float
    answered: bool = False
    closed: bool = False  # the bot tried to answer, too late
    alert: str | None = None
    toast: str | None = None
    opened: str = ""  # the link that the tap opened


@dataclass
class Recorded:
    """One call that the bot made, with what it was answered."""

    method: str
    parameters: dict[str, Any]
    status: int = 0
