"""The workspace behind the stand-in: people, channels, messages, triggers, response_urls, modals."""

from __future__ import annotations

import html
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TRIGGER_SECONDS, RESPONSE_SECONDS, RESPONSE_USES = 3.0, 1800.0, 5
BOT_USER, BOT_ID, APP_ID, TEAM = "UBOT", "BBOT", "ABOT", "T1"


def calls(mrkdwn: str, verbatim: bool = False) -> list[str]:
    """Whom a text calls: what stands in angle brackets, and where it is not `verbatim` also names that are
    written out, whichever at sign they have."""
    found = re.findall(r"<[!@][^>]*>", re.sub(r"<!date\^[^>]*>", "", mrkdwn))
    if verbatim:
        return found
    text = unicodedata.normalize("NFKC", html.unescape(re.sub(r"<[^>]*>", " ", mrkdwn)))
    return found + re.findall(r"(?<![A-Za-z0-9_])@\w+", text)


@dataclass
class Person:
    """Somebody with a Slack account; `team` is their home workspace."""

    id: str
    name: str
    team: str
    zone: str
    locale: str
    active: bool = True


@dataclass
class Channel:
    """A place of Slack's; the bot stands in `members` as BOT_USER."""

    id: str
    name: str
    kind: str  # "channel", "group" or "im"
    members: set[str] = field(default_factory=set)
    archived: bool = False


@dataclass(frozen=True)
class Shared:
    """A file as people can open it."""

    name: str
    content: bytes
    id: str = ""
    title: str = ""

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.content.decode(errors="replace")


@dataclass
class Seen:
    """A message as people see it. `only_for` is the one person to whom an ephemeral one is shown."""

    ts: str
    channel: str
    author: str
    text: str  # the fallback, or what a person typed
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread: str = ""
    only_for: str = ""
    edited: bool = False
    serial: int = 0  # when it last changed
    reactions: list[str] = field(default_factory=list)  # the bot's own, by their names
    file: Shared | None = None  # it is a file, without words

    @property
    def words(self) -> str:
        """What stands on the screen, as mrkdwn: the sections, or the text where there are no blocks."""
        texts = [block["text"]["text"] for block in self.blocks if "text" in block]
        return "\n\n".join(texts) if texts else self.text

    @property
    def elements(self) -> list[dict[str, Any]]:
        """The buttons under it, as Slack knows them."""
        return [one for block in self.blocks if block["type"] == "actions" for one in block["elements"]]

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [one["text"]["text"] for one in self.elements]

    @property
    def pictures(self) -> list[tuple[str, str]]:
        """What it shows: the ids of files, each with the words for who does not see it."""
        images = (block for block in self.blocks if block["type"] == "image")
        return [(block["slack_file"]["id"], block["alt_text"]) for block in images]

    @property
    def pings(self) -> list[str]:
        """Whom it calls, read as Slack reads its text and each of its blocks."""
        texts = [(self.text, False)]
        for block in self.blocks:
            if block["type"] == "section":
                plain = block["text"]["type"] == "plain_text"
                texts.append(("" if plain else block["text"]["text"], bool(block["text"].get("verbatim"))))
        return [found for text, verbatim in texts for found in calls(text, verbatim)]

    @property
    def ephemeral(self) -> bool:
        """True if only one person sees it."""
        return bool(self.only_for)


@dataclass
class Trigger:
    """A ticket to open one modal within three seconds."""

    person: str
    until: float
    used: bool = False


@dataclass
class ResponseUrl:
    """A way to answer an interaction: five uses in 30 minutes."""

    person: str
    channel: str
    message: Seen | None
    until: float
    uses: int = 0


@dataclass
class Modal:
    """The modal that a person has open."""

    id: str
    hash: str
    view: dict[str, Any]

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.view["title"]["text"])

    @property
    def fields(self) -> list[str]:
        """The block ids of its inputs, in their order."""
        return [block["block_id"] for block in self.inputs]

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """Its input blocks."""
        return [block for block in self.view["blocks"] if block["type"] == "input"]

    @property
    def metadata(self) -> str:
        """The private_metadata that it carries."""
        return str(self.view.get("private_metadata") or "")


class World:
    """Everything that a Slack workspace remembers, by the clock it is given."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Seen] = []
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.modals: dict[str, Modal] = {}
        self.homes: dict[str, Modal] = {}  # what stands on the home tab, by person
        self.bots: dict[str, str] = {TEAM: BOT_USER}  # of each workspace
        self.acting = BOT_USER  # whose token calls
        self.serial = 0
        self._last_ts = 0

    def seconds(self) -> float:
        """The clock, in Unix seconds."""
        return self._now().timestamp()

    def ts(self) -> str:
        """A new message id: the time in microseconds, never the same twice."""
        self._last_ts = max(int(self.seconds() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def person(self, name: str, team: str, zone: str, locale: str) -> Person:
        """Somebody new."""
        person = Person(f"U{len(self.people) + 1:04}", name, team, zone, locale)
        self.people[person.id] = person
        return person

    def channel(self, name: str, kind: str, members: set[str]) -> Channel:
        """A new channel; direct chats have ids that begin with D."""
        letter = "D" if kind == "im" else "C"
        channel = Channel(f"{letter}{len(self.channels) + 1:04}", name, kind, members)
        self.channels[channel.id] = channel
        return channel

    def forget(self, channel: Channel) -> None:
        """Take a channel away, with everything in it."""
        del self.channels[channel.id]
        self.messages = [one for one in self.messages if one.channel != channel.id]

    def renumber(self, channel: Channel) -> str:
        """Give a channel a new id; the old one, which is nobody's from then on, is returned."""
        old = channel.id
        channel.id = f"{old}N"
        self.channels = {one.id: one for one in self.channels.values()}
        for seen in self.messages:
            seen.channel = channel.id if seen.channel == old else seen.channel
        for url in self.response_urls.values():
            url.channel = channel.id if url.channel == old else url.channel
        return old

    def bot_of(self, person: str) -> str:
        """The bot of somebody's workspace; of the first one for who has none."""
        return self.bots.get(self.people[person].team, BOT_USER)

    def direct(self, person: str, bot: str = "") -> Channel:
        """The direct chat between a person and a bot (of their workspace), opened if there is none."""
        both = {person, bot or self.bot_of(person)}
        for channel in self.channels.values():
            if channel.kind == "im" and channel.members == both:
                return channel
        return self.channel("directmessage", "im", both)

    def put(self, channel: str, author: str, body: Mapping[str, Any], only_for: str = "") -> Seen:
        """Put a message into a channel."""
        self.serial += 1
        seen = Seen(
            self.ts(),
            channel,
            author,
            str(body.get("text") or ""),
            list(body.get("blocks") or []),
            str(body.get("thread_ts") or ""),
            only_for,
            serial=self.serial,
        )
        self.messages.append(seen)
        return seen

    def change(self, seen: Seen, body: Mapping[str, Any]) -> None:
        """Replace what a message says."""
        self.serial += 1
        seen.text, seen.blocks = str(body.get("text") or ""), list(body.get("blocks") or [])
        seen.edited, seen.serial = True, self.serial

    def find(self, channel: str, ts: str) -> Seen | None:
        """The message with this id that everybody sees."""
        standing = (one for one in self.messages if (one.channel, one.ts, one.only_for) == (channel, ts, ""))
        return next(standing, None)

    def visible(self, person: str, since: int = 0, channel: str = "") -> list[Seen]:
        """What a person sees: of the channels they are in, and the ephemeral ones meant for them."""
        return [
            one
            for one in self.messages
            if one.serial > since
            and one.channel == (channel or one.channel)
            and (
                one.only_for == person or (not one.only_for and person in self.channels[one.channel].members)
            )
        ]

    def trigger(self, person: str) -> str:
        """A fresh trigger_id."""
        name = f"{len(self.triggers) + 1}.{secrets.token_hex(4)}"
        self.triggers[name] = Trigger(person, self.seconds() + TRIGGER_SECONDS)
        return name

    def response_url(self, person: str, channel: str, message: Seen | None) -> str:
        """The id of a fresh response_url."""
        name = f"{len(self.response_urls) + 1}-{secrets.token_hex(4)}"
        until = self.seconds() + RESPONSE_SECONDS
        self.response_urls[name] = ResponseUrl(person, channel, message, until)
        return name

    def respond(self, name: str, body: Mapping[str, Any]) -> tuple[int, str]:
        """Use a response_url: HTTP status and body."""
        url = self.response_urls.get(name)
        if url is None or url.until < self.seconds():
            return 404, "expired_url"
        if url.uses >= RESPONSE_USES:
            return 404, "used_url"
        url.uses += 1
        if body.get("replace_original") and url.message in self.messages and url.message:
            self.change(url.message, body)
            return 200, "ok"
        whom = "" if body.get("response_type") == "in_channel" else url.person
        self.put(url.channel, self.bot_of(url.person), body, only_for=whom)
        return 200, "ok"

    def open_modal(self, person: str, view: dict[str, Any]) -> Modal:
        """Show a modal to a person."""
        modal = Modal(f"V{secrets.token_hex(4)}", f"{self.ts()}.{secrets.token_hex(3)}", view)
        self.modals[person] = modal
        return modal
