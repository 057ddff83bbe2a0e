"""What was heard on Slack, and how it can be answered: the words that reading and answering share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from bot.messages import Incoming, Place

PLAIN_SUBTYPES = (None, "file_share", "thread_broadcast")  # people's words; all others are Slack's own


@dataclass(frozen=True, slots=True)
class Me:
    """Who we are on Slack, as auth.test tells it."""

    team: str
    user: str
    bot: str = ""
    name: str = ""
    team_name: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How an event can be answered: over its ack, its trigger (forms, 3 s), its response_url, a view."""

    kind: Literal["command", "button", "form", "words", "home"]
    trigger: str = ""
    response_url: str = ""
    ephemeral: bool = False  # the message whose button was pressed is seen by that person only
    fields: tuple[str, ...] = ()  # the fields of the form that was submitted


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of Slack's, read, with the way in which it can be answered."""

    incoming: Incoming
    way: Way
    files: Mapping[str, str] = field(default_factory=dict)  # where each can be fetched, by its id


def is_direct(channel: str) -> bool:
    """Whether this is a chat between two: their ids begin with D."""
    return channel.startswith("D")


def place_of(me: Me, channel: str, thread: str = "", direct: bool = False, name: str = "") -> Place:
    """The place with this channel id, reached through our workspace."""
    direct = direct or is_direct(channel)
    return Place("slack", me.team, channel, thread, "direct" if direct else "group", "" if direct else name)


def moment_of(ts: str) -> datetime | None:
    """The UTC moment in a message id or event_ts; None for "". Raises ValueError, OverflowError, OSError."""
    return datetime.fromtimestamp(float(ts), UTC) if ts else None
