"""People of the stand-in: what they can do with their thumbs, and what they see afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.telegram.groups import ANONYMOUS, CHANNEL_BOT, LINKED, Group, membership
from tests.servers.telegram.state import BOT_NAME, Chat, Message, Person, marks, utf16

if TYPE_CHECKING:
    from tests.servers.telegram.server import TelegramServer


@dataclass
class Seen:
    """What somebody sees after doing something: the bot's new and edited messages, oldest first."""

    messages: list[Message] = field(default_factory=list)
    alert: str = ""
    toast: str = ""
    opened: str = ""  # the link of a pressed link button

    @property
    def message(self) -> Message:
        """The last message; raises AssertionError if there is none."""
        assert self.messages, "the bot said nothing"
        return self.messages[-1]

    @property
    def text(self) -> str:
        """The text of all of it."""
        return "\n\n".join([message.text for message in self.messages] + [self.alert] * bool(self.alert))


class User:
    """A person with a phone. All doing is awaited until the bot is done, unless `wait` is false."""

    def __init__(self, server: TelegramServer, person: Person) -> None:
        self.server, self.person = server, person

    @property
    def id(self) -> str:
        return str(self.person.id)

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.server.chats[self.person.id]

    async def starts(self, payload: str = "", wait: bool = True) -> Seen:
        """Press START, perhaps by a t.me link with a payload."""
        self.person.blocked = False
        return await self.types(f"/start {payload}".strip(), wait=wait)

    async def types(self, text: str, chat: Group | None = None, thread: int = 0, wait: bool = True) -> Seen:
        """Type a line, in the private chat unless told otherwise."""
        return await self.says(text, chat, thread=thread, wait=wait)

    async def says(
        self,
        text: str = "",
        chat: Group | None = None,
        reply_to: Message | None = None,
        mention: bool = False,
        photo: bool = False,
        document: str = "",
        content: bytes = b"content",
        mime: str = "application/pdf",
        voice: bool = False,
        thread: int = 0,
        wait: bool = True,
    ) -> Seen:
        """Write (or send a photo, a document by its name, with this `content` of that `mime`, or a voice
        message). What is too long for one message, the app sends as several."""
        where, before = self._enter(chat), self._glance()
        words = f"@{BOT_NAME} {text}" if mention else text
        for piece in _pieces(words) or [""]:
            kept = self.server.keep(content) if photo or document or voice else {}
            enclosed = _enclosed(kept, photo, document, mime)
            message = self.server.new_message(
                where, self.person, piece, marks(piece), reply_to=reply_to, thread=thread, enclosed=enclosed
            )
            if reply_to is not None and reply_to.thread:
                message.thread = reply_to.thread
            if where.person is not None or _reaches_bot(self.server, message):
                self.server.enqueue("message", message.as_json(), where)
        return await self._look(before, wait)

    async def sends_album(
        self, *documents: str, text: str = "", chat: Group | None = None, reply_to: Message | None = None
    ) -> Seen:
        """Send several files at once (photos for a name that is empty): an update each, one after the other,
        with the words under the first."""
        where, before = self._enter(chat), self._glance()
        album = str(13_000_000_000_000_000 + len(self.server.files))
        for number, name in enumerate(documents):
            words = text if not number else ""
            kept = self.server.keep(f"{album} {number}".encode())
            body = _enclosed(kept, not name, name, "application/pdf") | {"media_group_id": album}
            message = self.server.new_message(
                where, self.person, words, marks(words), reply_to=reply_to, enclosed=body
            )
            if where.person is not None or _reaches_bot(self.server, message):
                self.server.enqueue("message", message.as_json(), where)
        return await self._look(before, wait=True)

    async def writes_as(
        self, text: str, group: Group, chat: Chat | None = None, forwarded: bool = False, thread: int = 0
    ) -> Seen:
        """Write in a group in its own name, as an admin who stays anonymous, or in that of a channel
        (`chat`); `forwarded`: what a linked channel posts, as Telegram brings it. In a channel it is a
        post."""
        where, before = self._enter(group), self._glance()
        message = self.server.new_message(where, self.person, text, marks(text), thread=thread)
        shown, writer = message.as_json(), (chat or where).as_json()
        if where.kind == "channel":
            del shown["from"]
            self.server.enqueue("channel_post", shown | {"sender_chat": writer}, where)
        elif forwarded or _reaches_bot(self.server, message):
            shown |= {"from": CHANNEL_BOT if chat else ANONYMOUS, "sender_chat": writer}
            if forwarded:
                shown |= {"from": LINKED, "is_automatic_forward": True}
            self.server.enqueue("message", shown, where)
        return await self._look(before, wait=True)

    async def taps(self, message: Message, label: str, too_old: bool = False, wait: bool = True) -> Seen:
        """Press a button by its label. `too_old`: Telegram no longer shows the bot the message's content."""
        keys = [key for row in message.keyboard for key in row if key["text"] == label]
        assert keys, f"no button {label!r} under {message.text!r}, only {message.buttons}"
        if "url" in keys[0]:
            return Seen(opened=keys[0]["url"])
        before, query = self._glance(), self.server.new_query(self.person)
        shown = message.as_json()
        if too_old:
            shown = {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}
        body = {"id": query.id, "from": self.person.as_json(), "message": shown, "chat_instance": "1"}
        self.server.enqueue("callback_query", body | {"data": keys[0]["callback_data"]}, message.chat)
        seen = await self._look(before, wait)
        seen.alert, seen.toast, seen.opened = query.alert or "", query.toast or "", query.opened
        return seen

    async def opens(self, link: str, wait: bool = True) -> Seen:
        """Follow a t.me link to the bot and press START."""
        parts = urlsplit(link)
        assert (parts.netloc, parts.path) == ("t.me", f"/{BOT_NAME}"), f"not a link to the bot: {link}"
        return await self.starts(parse_qs(parts.query).get("start", [""])[0], wait)

    def blocks(self) -> None:
        """Block the bot."""
        self.person.blocked = True
        body = membership(self.server, self.chat, self.person.as_json(), "member", "kicked")
        self.server.enqueue("my_chat_member", body, self.chat)

    def deletes(self, message: Message) -> None:
        """Delete a message (in a group as an admin, if it is not one's own). Telegram tells no bot."""
        assert self.person.id in message.chat.members, "not a member of that chat"
        message.deleted = True

    async def edits(self, message: Message, text: str) -> Seen:
        """Change what one wrote."""
        assert message.sender is self.person, "people edit what they wrote themselves"
        message.text, message.entities, before = text, marks(text), self._glance()
        message.version += 1
        if message.chat.person is not None or _reaches_bot(self.server, message):
            self.server.enqueue("edited_message", message.as_json(), message.chat)
        return await self._look(before, wait=True)

    def sees(self, chat: Group | None = None) -> list[Message]:
        """The messages that stand in a chat (not the lines that say who came, or what it is called now)."""
        where = chat.chat if chat else self.chat
        return [one for one in where.messages.values() if not one.deleted and not one.service]

    def _enter(self, chat: Group | None) -> Chat:
        if chat is not None:
            assert self.person.id in chat.chat.members, "not a member of that group"
            return chat.chat
        self.person.started = True  # the app lets nobody write before START
        return self.chat

    def _glance(self) -> dict[int, int]:
        return {message.number: message.version for message in self._from_bot()}

    def _from_bot(self) -> list[Message]:
        chats = [chat for chat in self.server.chats.values() if self.person.id in chat.members]
        found = [one for chat in chats for one in chat.messages.values() if one.from_bot and not one.deleted]
        return sorted(found, key=lambda message: message.number)

    async def _look(self, before: dict[int, int], wait: bool) -> Seen:
        if not wait:
            return Seen()
        await self.server.settled()
        return Seen([one for one in self._from_bot() if before.get(one.number) != one.version])


def _enclosed(kept: dict[str, Any], photo: bool, document: str, mime: str) -> dict[str, Any]:
    """A file as it stands in a message: the photo in two sizes, the document by its name, or a voice."""
    if photo:
        small = {"file_id": f"small-{kept['file_id']}", "file_unique_id": f"s{kept['file_id']}"}
        sizes = [
            small | {"width": 90, "height": 67, "file_size": 900},
            kept | {"width": 1280, "height": 960},
        ]
        return {"photo": sizes}
    if document:
        return {"document": kept | {"file_name": document, "mime_type": mime}}
    return {"voice": kept | {"duration": 3, "mime_type": "audio/ogg"}} if kept else {}


def _pieces(text: str) -> list[str]:
    """A text in pieces of at most 4096 UTF-16 units."""
    pieces, piece, length = [], "", 0
    for character in text:
        size = utf16(character)
        if length + size > 4096:
            pieces.append(piece)
            piece, length = "", 0
        piece, length = piece + character, length + size
    return [*pieces, piece] if piece else pieces


def _reaches_bot(server: TelegramServer, message: Message) -> bool:
    """Privacy mode: commands that are not another bot's, mentions, and replies to the bot. Of a group whose
    admin it is, a bot reads everything."""
    if message.chat.kicked:
        return False
    if (
        not server.privacy
        or message.chat.bot == "administrator"
        or (message.reply_to is not None and message.reply_to.from_bot)
    ):
        return True
    ours = f"@{BOT_NAME}"
    commands = [mark for mark in message.marked("bot_command") if "@" not in mark or mark.endswith(ours)]
    return bool(commands) or ours in message.marked("mention")
