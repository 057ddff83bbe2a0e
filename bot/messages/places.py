"""Who and where: accounts, places, the posts that stand in them, and what goes along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Account:
    """A person's identity on one platform. `workspace` is their *home* (a Slack team id, or that of the
    Enterprise Grid they belong to; "" on Telegram, "local" in the terminal): it never changes with the
    installation that saw them. `known_as`: what else the platform calls the same person just now, each a
    "workspace/user" (docs/decisions/0028)."""

    platform: str
    workspace: str
    user: str
    name: str = ""  # as the platform shows it; for reading aloud, never for identity
    language: str = ""  # the platform's hint, an IETF tag
    zone: str = ""  # the platform's hint, an IANA name
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post can stand: a direct chat, a group or channel, or a thread or topic in one.

    `installation` is the workspace through which the bot got there (Slack team id; "" elsewhere).
    `thread` is what a new post must name to stand in the same thread (Slack thread_ts, Telegram
    message_thread_id); "" for none.
    """

    platform: str
    installation: str
    channel: str
    thread: str = ""
    kind: Literal["direct", "group"] = "direct"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One message that stands in a place. `part` counts from 0 when a long text took several; `more` are the
    ids of what was posted with it, in order: further parts, a picture or a file."""

    place: Place
    message_id: str
    part: int = 0
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A photo or document that came along; `id` is the platform's. `text`: what a small table (CSV) says."""

    id: str
    name: str = ""
    mime: str = ""
    size: int = 0  # bytes; 0 = unknown
    text: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message: a small one of text, or the bytes of a picture or document. `alt` says
    what a picture shows, for who does not see it; `told`: the message's own words say that already."""

    name: str
    mime: str  # "text/calendar", "text/csv", "image/jpeg"
    text: str = ""
    content: bytes = b""
    alt: str = ""
    told: bool = False

    @property
    def data(self) -> bytes:
        """What is sent."""
        return self.content or self.text.encode()

    @property
    def is_picture(self) -> bool:
        """Whether it is shown, and not offered to be opened."""
        return self.mime.startswith("image/")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a post is about ("activity", "12"), so that a reply to it finds its handler."""

    kind: str
    key: str
