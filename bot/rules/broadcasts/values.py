"""The values of announcements, as they are kept (spec/engagement.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

COOLING: Final = timedelta(minutes=3)  # between the confirmation and the first message: [Stop]

SegmentKind = Literal["all", "country", "sector", "role", "body", "organisation", "event"]
Decided = Literal["draft", "awaiting", "sending", "stopped", "retracted"]
Phase = Literal[
    "draft", "awaiting", "cooling", "waiting", "sending", "done", "partly_failed", "stopped", "retracted"
]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of everybody. `value`: a country code, a sector, a role's or body's key, an organisation's
    slug, an event's number; "" for all. Segments of one kind add up; of several kinds somebody has to fit
    each."""

    kind: SegmentKind
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """One announcement. What somebody decided of it is `state`; how far it is follows from that, `send_at`
    and its batch (`bot.rules.broadcasts.phases`). `texts`: Markdown as it was typed, by language (IETF, the
    first one is for whoever speaks none of them). `places`: the numbers of the chats it goes to, None for
    all that are for announcements; `without`: persons whom the author took off. `media`: a kept picture or
    file, 0 for none. `urgent`: why it may come outside working hours, "" if nobody said so. `version`
    counts the texts. `authors`: whoever had a part in it, by person. `tries` counts how often it was put on
    its way: it is taken off it again where a second person has to look at a new text."""

    number: int
    texts: Mapping[str, str]
    created_by: int
    created_at: datetime
    organisation: str = ""  # for whom the author speaks (slug); "" for the whole alliance
    segments: tuple[Segment, ...] = (Segment("all"),)
    places: tuple[int, ...] | None = None
    without: tuple[int, ...] = ()
    media: int = 0
    urgent: str = ""
    state: Decided = "draft"
    confirmed_by: int | None = None
    confirmed_at: datetime | None = None
    second_by: int | None = None  # who agreed, where a second person is asked for
    send_at: datetime | None = None  # the first message goes then, after the minutes to stop it
    stopped_by: int | None = None
    stopped_at: datetime | None = None
    version: int = 1
    edited_by: int | None = None
    edited_at: datetime | None = None  # the last time after it went out
    retracted_by: int | None = None
    retracted_at: datetime | None = None
    authors: tuple[int, ...] = ()
    copy_of: int | None = None  # the one that was stopped, whose readers have it already
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Version:
    """A text that an announcement had, for who looks it up."""

    number: int
    version: int
    texts: Mapping[str, str]
    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How a batch of messages stands, each reader or chat counted once: those of whom an earlier message
    went astray and a later one arrived count as sent."""

    queued: int = 0
    attempting: int = 0
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0
    folded: int = 0  # said in their reader's digest
    reasons: Mapping[str, int] = field(default_factory=dict)  # what was said of those failed and skipped

    @property
    def total(self) -> int:
        return self.queued + self.out + self.failed + self.skipped

    @property
    def arrived(self) -> int:
        """How many have it, as a message of its own or in a digest."""
        return self.sent + self.folded

    @property
    def out(self) -> int:
        """How many have it, or may have it already."""
        return self.arrived + self.attempting + self.unknown

    @property
    def open(self) -> int:
        """How many are still to go."""
        return self.queued + self.attempting
