"""The values of the event rules: an event, one of its sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

EventState = Literal["planned", "cancelled"]
Repeats = Literal["", "weekly", "fortnightly", "monthly"]
Mode = Literal["auto", "offer"]  # a freed seat is given at once, or held for an answer
Audience = Literal["public", "members", "voters", "coordination", "hosts"]
FEW: Final[tuple[Audience, ...]] = ("coordination", "hosts")  # what is for them is nobody else's business


@dataclass(frozen=True, slots=True)
class Session:
    """One time that people meet, in UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is kept. `starts_at` (UTC) is its first session, which lasts `minutes`; sessions repeat
    by the clocks of `zone` (IANA), `times` of them in all, and people answer once for all of them. `where` is
    an address or a room, `link` leads to the meeting and is for those who go. `capacity` and
    `per_organisation` are seats, None for no limit. `hosts` are organisations by slug ("" for the whole
    alliance), the host first, then co-hosts. `audience` is whom it is for; a "public" one stands in the
    public calendar. `created_by` is a person's number, `meeting` the General Assembly that it is (0 for
    none). `sequence` grows with every material change and `uid` never changes (RFC 5545). `changed_at` is
    when it was written last.

    What has been done about it: `last_call_at` the line was told that the first tap gets a seat,
    `released_at` seats nobody confirmed went to the line, `ended_at` the host was given the log, `asked_at`
    those who came were asked two questions. None while it is still to be done. `turned_at` is when its cards
    were last brought up to date by the clock alone.

    Afterwards: `attendance_measured` the host said who came, `guests` came and are nobody we know, `activity`
    is what it was logged as (0 for not yet), `not_countable` the host said that it is none to log, `shared`
    are links to recording or slides."""

    number: int
    uid: str
    kind: str
    title: str
    starts_at: datetime
    minutes: int
    zone: str
    hosts: tuple[str, ...]
    audience: Audience
    created_by: int
    created_at: datetime
    changed_at: datetime
    about: str = ""
    where: str = ""
    link: str = ""
    capacity: int | None = None
    per_organisation: int | None = None
    mode: Mode = "auto"
    repeats: Repeats = ""
    times: int = 1
    meeting: int = 0
    state: EventState = "planned"
    why: str = ""  # it was cancelled
    sequence: int = 0
    cancelled_at: datetime | None = None
    last_call_at: datetime | None = None
    released_at: datetime | None = None
    ended_at: datetime | None = None
    asked_at: datetime | None = None
    turned_at: datetime | None = None
    attendance_measured: bool = False
    guests: int = 0
    activity: int = 0
    not_countable: bool = False
    shared: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The organisation that hosts it, by slug."""
        return self.hosts[0]
