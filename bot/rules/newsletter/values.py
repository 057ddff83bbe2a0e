"""The values of the newsletter, as they are kept (spec/engagement.md section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Source = Literal["member", "activity", "event", "motion", "indicators"]
NewsKind = Literal["news", "event", "decision", "practice", "call"]
Consent = Literal["public", "members"]  # in the public copy too, or for members' eyes only
Approval = Literal["shown", "second"]
Decided = Literal["draft", "held", "approved", "stopped", "skipped"]
Phase = Literal["draft", "held", "scheduled", "sending", "sent", "stopped", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something worth telling. One that a member sent is kept under its `id`; one found among activities,
    events, decisions and the year's figures has the id 0 until an edition takes it. `source` and `key` (a
    number, a year with its figures, "" for a member's) make it the same item however often it is found.
    `embargo`: not before that day. `used_in`: the edition it stood in."""

    id: int = 0
    source: Source = "member"
    key: str = ""
    kind: NewsKind = "news"
    title: str
    text: str = ""  # Markdown
    link: str = ""
    organisation: str = ""  # slug; "" for the whole alliance
    topics: tuple[str, ...] = ()
    language: str = "en"
    consent: Consent = "members"
    embargo: date | None = None
    media: int = 0
    by: int | None = None  # person
    at: datetime
    used_in: int | None = None
    dropped_at: datetime | None = None  # taken back by its author, or left out for good


@dataclass(frozen=True, slots=True)
class Note:
    """A dated correction of an edition that went out: added, never instead. `consent`: who may read it, as
    with an item."""

    at: datetime
    by: int
    text: str
    consent: Consent = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One number of the newsletter. What somebody decided is `state`; how far it is follows from that,
    `send_at` and its batch. `items` are as they stood when they were taken, in their order. `seal` is what
    the approval was given to (`sealing.seal`): spelling may change after it, links and numbers may not.
    `collected_until` ends what it looks back on; `slug` is its address in the archive. `created_by` is who
    changed it last, `changed_by` everybody who did since it was made or approved."""

    number: int
    slug: str
    title: str
    intro: str = ""  # Markdown
    items: tuple[Item, ...] = ()
    approval: Approval = "shown"
    state: Decided = "draft"
    created_at: datetime
    created_by: int | None = None  # None: by the clock
    changed_by: tuple[int, ...] = ()  # persons
    collected_since: datetime
    collected_until: datetime
    send_at: datetime  # the hour that was announced
    shown_at: datetime | None = None  # the coordination team was told of it
    seal: str = ""
    approved_by: int | None = None
    approved_at: datetime | None = None
    stopped_by: int | None = None
    stopped_at: datetime | None = None
    sent_at: datetime | None = None  # its batch was queued: the audience is frozen
    why: str = ""  # why it was skipped or is held
    notes: tuple[Note, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Somebody reads the newsletter: a person, wherever they are reached, or a mail account of nobody we
    know. `topics`: only these ("": all). `state`: "asked" until a mail address has confirmed it, "on",
    "ended". `word` is the secret with which a mail ends it by one click."""

    id: int = 0
    person: int | None = None
    account: int | None = None
    topics: tuple[str, ...] = ()
    language: str = ""
    state: Literal["asked", "on", "ended"] = "on"
    word: str = ""
    source: str = ""  # "tap", "page", "import"
    text_version: str = ""  # which wording was agreed to
    asked_at: datetime
    since: datetime | None = None
    ended_at: datetime | None = None
    why: str = ""  # "asked", "bounced", "complained"


@dataclass(frozen=True, slots=True)
class Newsletter:
    """What the charter says of the newsletter; `topics` by key, each with its label."""

    title: str
    approval: Approval = "shown"
    day: str = "first tue"  # of the month: "first" to "fourth" or "last", and a weekday
    hour: str = "10:00"  # by the alliance's clock
    draft_days: int = 7  # before it goes out
    least_items: int = 3
    most_of_one: int = 3  # items of one organisation
    least_words: int = 150
    most_words: int = 900
    topics: Mapping[str, str] = field(default_factory=dict)
