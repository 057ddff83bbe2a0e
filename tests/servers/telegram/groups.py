"""Groups, forums and channels of the stand-in: what their people do with the bot, the title, the topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.servers.telegram.state import BOT_USER, Chat, Message

if TYPE_CHECKING:
    from tests.servers.telegram.people import User
    from tests.servers.telegram.server import TelegramServer

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
LINKED = {"id": 777000, "is_bot": False, "first_name": "Telegram"}  # who brings what a linked channel posts


class Group:
    """A group or channel. Whatever is done here is done by somebody; by None, an admin who stays
    anonymous. Nothing waits for the bot: await `server.settled()`."""

    def __init__(self, server: TelegramServer, chat: Chat) -> None:
        self.server, self.chat = server, chat

    @property
    def id(self) -> str:
        return str(self.chat.id)

    # ---- the bot ----

    def add_bot(self, by: User | None) -> None:
        """Put the bot in; in a channel as an admin who may post."""
        self._make_bot("administrator" if self.chat.kind == "channel" else "member", by)

    def remove_bot(self, by: User | None) -> None:
        """Put the bot out for good, as everybody does with "remove"."""
        self._make_bot("kicked", by)

    def promote_bot(self, by: User | None) -> None:
        """Make the bot an admin."""
        self._make_bot("administrator", by)

    def mute_bot(self, by: User | None) -> None:
        """Take away the bot's right to write."""
        self._make_bot("restricted", by)

    def unmute_bot(self, by: User | None) -> None:
        """Let the bot write again."""
        self._make_bot("administrator" if self.chat.kind == "channel" else "member", by)

    def _make_bot(self, status: str, by: User | None) -> None:
        before, self.chat.bot = self.chat.bot, status
        self.tell_membership(by, before, status)

    def tell_membership(self, by: User | None, before: str, after: str) -> None:
        """The update that says what happened to the bot's place in a chat."""
        body = membership(self.server, self.chat, by.person.as_json() if by else ANONYMOUS, before, after)
        self.server.enqueue("my_chat_member", body, self.chat)

    # ---- the title, and becoming a supergroup ----

    def rename(self, title: str, by: User | None) -> None:
        """Give it another title."""
        self.chat.title = title
        self._tells(self.chat, by, {"new_chat_title": title})

    def upgrade(self, by: User | None, joined_first: bool = False) -> Group:
        """Make it a supergroup: it gets a new id, and the old one is refused from now on. Telegram also
        says that the bot joined the new one (and never that it left the old one: telegram-bot-api issue
        266), at no certain moment: after the move was told, or before with `joined_first`."""
        new = self.server.group(self.chat.title, [], self.chat.forum, bot=False)
        new.chat.members = self.chat.members
        new.chat.bot, self.chat.migrated_to = self.chat.bot, new.chat.id
        if joined_first:
            new.tell_membership(by, "left", new.chat.bot)
        self._tells(self.chat, by, {"migrate_to_chat_id": new.chat.id})
        if not joined_first:
            new.tell_membership(by, "left", new.chat.bot)
        self._tells(new.chat, None, {"migrate_from_chat_id": self.chat.id})
        return new

    # ---- topics ----

    def topic(self, name: str, by: User | None) -> int:
        """A new topic of a forum; returns its message_thread_id."""
        assert self.chat.forum, "only a forum has topics"
        message = self._stands(self.chat, by, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
        self.chat.topics[message.id] = name
        message.thread = message.id
        self._told(message, by)
        return message.id

    def close_topic(self, topic: int, by: User | None) -> None:
        """Let nobody but admins write in a topic."""
        assert topic in self.chat.topics, "no such topic"
        self.chat.closed.add(topic)
        self._tells(self.chat, by, {"forum_topic_closed": {}}, topic)

    def reopen_topic(self, topic: int, by: User | None) -> None:
        """Let everybody write in a topic again."""
        assert topic in self.chat.closed, "that topic is not closed"
        self.chat.closed.discard(topic)
        self._tells(self.chat, by, {"forum_topic_reopened": {}}, topic)

    def rename_topic(self, topic: int, name: str, by: User | None) -> None:
        """Give a topic another name; with the same one, only its icon changes."""
        change = {"icon_custom_emoji_id": "5"} if self.chat.topics[topic] == name else {"name": name}
        self.chat.topics[topic] = name
        self._tells(self.chat, by, {"forum_topic_edited": change}, topic)

    def delete_topic(self, topic: int) -> None:
        """Delete a topic with all that stands in it, of which Telegram tells nobody."""
        del self.chat.topics[topic]
        self.chat.closed.discard(topic)
        for message in self.chat.messages.values():
            message.deleted = message.deleted or message.thread == topic

    # ---- service messages ----

    def _tells(self, chat: Chat, by: User | None, service: dict[str, Any], topic: int = 0) -> None:
        self._told(self._stands(chat, by, service, topic), by)

    def _stands(self, chat: Chat, by: User | None, service: dict[str, Any], topic: int = 0) -> Message:
        sender = by.person if by else None
        return self.server.new_message(chat, sender, "", [], thread=topic, enclosed=service, service=True)

    def _told(self, message: Message, by: User | None) -> None:
        if message.chat.kicked:
            return
        shown = message.as_json()
        if message.chat.kind == "channel":
            del shown["from"]  # whatever happens in a channel, the channel did it
            self.server.enqueue("channel_post", shown | {"sender_chat": shown["chat"]}, message.chat)
            return
        if by is None:
            shown |= {"from": ANONYMOUS, "sender_chat": shown["chat"]}
        self.server.enqueue("message", shown, message.chat)


def membership(
    server: TelegramServer, chat: Chat, who: dict[str, Any], before: str, after: str
) -> dict[str, Any]:
    """A my_chat_member: the bot was `before` and is `after`."""

    def state(status: str) -> dict[str, Any]:
        return {"user": BOT_USER, "status": status} | _RIGHTS.get(status, {})

    return {
        "chat": chat.as_json(),
        "from": who,
        "date": int(server.now()),
        "old_chat_member": state(before),
        "new_chat_member": state(after),
    }


_SAYS = ("messages", "audios", "documents", "photos", "videos", "video_notes", "voice_notes", "polls")
_MANAGES = (
    "manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members",
    "change_info", "invite_users", "post_stories", "edit_stories", "delete_stories",
)  # fmt: skip
_MEMBER = {f"can_send_{what}": False for what in (*_SAYS, "other_messages")} | {
    f"can_{what}": False
    for what in ("add_web_page_previews", "change_info", "invite_users", "pin_messages", "manage_topics")
}
_RIGHTS: dict[str, dict[str, Any]] = {
    "kicked": {"until_date": 0},
    "restricted": {"is_member": True, "until_date": 0} | _MEMBER,
    "administrator": {"can_be_edited": False, "is_anonymous": False, "can_post_messages": True}
    | {f"can_{what}": False for what in _MANAGES},
}
