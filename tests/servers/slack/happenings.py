"""What people do to channels and posts, told to the bot as the Events API tells it: the bot is added or
removed, a channel renamed, archived, deleted, given another id, a post taken away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.servers.slack.delivery import Delivery, event_payload
from tests.servers.slack.world import BOT_USER, TEAM, Channel, Seen, World

if TYPE_CHECKING:
    from tests.servers.slack.people import User

READS = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}


class Happenings:
    """The part of the stand-in for which nobody asked the bot. Every deed waits until the bot is done."""

    world: World
    delivery: Delivery
    scopes: list[str]

    async def settled(self) -> None:
        """Wait until the bot has nothing more to do."""
        raise NotImplementedError

    async def adds_bot(self, channel: Channel, by: User | None = None) -> None:
        """Somebody adds the bot to a channel; nobody does when an app joins by itself."""
        await self._joins(channel, BOT_USER, by)

    async def joins(self, channel: Channel, user: User, by: User | None = None) -> None:
        """Somebody joins a channel, or is added to it."""
        await self._joins(channel, user.id, by)

    async def leaves(self, channel: Channel, user: User) -> None:
        """Somebody leaves a channel."""
        channel.members.discard(user.id)
        await self._tell(channel, {"type": "member_left_channel", "user": user.id, **_home(channel)})

    async def removes_bot(self, channel: Channel, by: User) -> None:
        """Somebody removes the bot. Slack then sends no member_left_channel, but channel_left."""
        channel.members.discard(BOT_USER)
        await self._tell(channel, {"type": f"{channel.kind}_left", "actor_id": by.id}, bot_was_in=True)

    async def renames(self, channel: Channel, name: str) -> None:
        """Somebody gives a channel another name."""
        channel.name = name
        told = {"id": channel.id, "name": name, "created": int(self.world.seconds())}
        await self._tell(channel, {"type": f"{channel.kind}_rename", "channel": told})

    async def archives(self, channel: Channel, by: User | None = None) -> None:
        """Somebody archives a channel."""
        channel.archived = True
        await self._tell(channel, {"type": f"{channel.kind}_archive", "user": _who(by)})

    async def unarchives(self, channel: Channel, by: User | None = None) -> None:
        """Somebody takes a channel out of the archive."""
        channel.archived = False
        await self._tell(channel, {"type": f"{channel.kind}_unarchive", "user": _who(by)})

    async def deletes_channel(self, channel: Channel, by: User | None = None) -> None:
        """Somebody deletes a channel, with everything in it."""
        self.world.forget(channel)
        await self._tell(channel, {"type": f"{channel.kind}_deleted", "actor_id": _who(by)})

    async def changes_id(self, channel: Channel) -> str:
        """A channel is shared with another workspace and gets a new id: the old one is returned."""
        old = self.world.renumber(channel)
        ids = {"old_channel_id": old, "new_channel_id": channel.id}
        await self._tell(channel, {"type": "channel_id_changed", "channel": None, **ids})
        return old

    async def deletes(self, seen: Seen) -> None:
        """Somebody who may takes a message away: a post of the bot's, or their own."""
        self.world.messages.remove(seen)
        channel = self.world.channels[seen.channel]
        gone = {"subtype": "message_deleted", "hidden": True, "deleted_ts": seen.ts, "ts": self.world.ts()}
        before = {"previous_message": _as_told(seen)}
        await self._tell(channel, {"type": "message", "channel_type": channel.kind, **gone, **before})

    async def edits(self, seen: Seen, text: str) -> None:
        """Somebody changes what they wrote. Where it names the bot now, Slack tells of the mention, too, as
        if it were new but for `edited` (bolt-js #960)."""
        assert seen.author != BOT_USER, "people edit what they wrote themselves"
        before, channel = _as_told(seen), self.world.channels[seen.channel]
        self.world.change(seen, {"text": text})
        edited = {"edited": {"user": seen.author, "ts": self.world.ts()}}
        changed = {"subtype": "message_changed", "hidden": True, "ts": self.world.ts()}
        both = {"message": {**_as_told(seen), **edited}, "previous_message": before}
        await self._tell(channel, {"type": "message", "channel_type": channel.kind, **changed, **both})
        if f"<@{BOT_USER}>" in text and channel.kind != "im":
            await self._tell(channel, {**_as_told(seen), "type": "app_mention", **edited})

    async def _joins(self, channel: Channel, user: str, by: User | None) -> None:
        channel.members.add(user)
        added = {"inviter": by.id} if by else {}
        joined = {"type": "member_joined_channel", "user": user, **_home(channel), **added}
        await self._tell(channel, joined)
        words = {"text": f"<@{user}> has joined the channel", "ts": self.world.ts(), "user": user}
        said = {"type": "message", "subtype": "channel_join", "channel_type": channel.kind, **words}
        await self._tell(channel, {**said, **added})

    async def _tell(self, channel: Channel, event: Mapping[str, Any], bot_was_in: bool = False) -> None:
        """Send an event, where the bot's scopes and its being in the channel let it learn of it."""
        bot_is_in = bot_was_in or BOT_USER in channel.members
        if event["type"] in ("message", "app_mention"):
            learns = bot_is_in
        else:
            learns = READS[channel.kind] in self.scopes and (bot_is_in or channel.kind == "channel")
        if learns:
            full = {"channel": channel.id, **event, "event_ts": self.world.ts()}
            told = {key: value for key, value in full.items() if value is not None}
            name = "Ev" + secrets.token_hex(5)
            await self.delivery.event(event_payload(name, told, self.world.seconds()))
        await self.settled()


def _as_told(seen: Seen) -> dict[str, Any]:
    """A person's message as the events about it show it."""
    shown = {"type": "message", "user": seen.author, "team": TEAM, "text": seen.text, "ts": seen.ts}
    return shown | ({"thread_ts": seen.thread} if seen.thread else {})


def _home(channel: Channel) -> dict[str, str]:
    return {"channel_type": "C" if channel.kind == "channel" else "G", "team": TEAM}


def _who(by: User | None) -> str:
    return by.id if by else "USLACKBOT"
