"""The table of deliveries, and a delivery as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, literal_column

from bot.messages import Button, Place, Post, Topic
from storage.columns import Id, Json, Utc, Value, Words, id_column, metadata

State = Literal["queued", "attempting", "sent", "failed", "skipped", "unknown", "folded"]
Act = Literal["send", "reply", "edit", "delete"]
NUMBERS_STAY: Final = (
    "slack",
)  # platforms on which posts keep their numbers when their channel gets another
CHANGES: Final = ("edit", "delete")  # acts that change a post; done twice, they come to the same

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True),
    Column("platform", Text, nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id")),
    Column("place", Value(Place)),
    Column("template", Text, nullable=False),
    Column("values", Json, nullable=False),
    Column("buttons", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("useful_until", Utc),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", Utc),
    Column("done_at", Utc),
    Column("says", Words, nullable=False),
    Column("topic", Value(Topic)),
    Column("person_id", Id, ForeignKey("persons.id")),  # whom it is meant for, whichever account it goes to
    Column("kind", Text, nullable=False),
    Column("target", Words, nullable=False),  # what its pace is kept for: `Delivery.target`
    Column("batch", Words, nullable=False),
    Column("act", Text, nullable=False),
    Column("post", Json),
    Column("about", Id),
    Column("reader", Words, nullable=False),
    Column("since", Utc),
    Column("counted", Boolean, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("fixed_end", Boolean, nullable=False),
    Column("folded_into", Id),
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself.
is_queued = deliveries.c.state == literal_column("'queued'")
is_attempting = deliveries.c.state == literal_column("'attempting'")
is_unknown = deliveries.c.state == literal_column("'unknown'")
in_a_batch = deliveries.c.batch != literal_column("''")
Index("ix_deliveries_queued", deliveries.c.platform, deliveries.c.priority, deliveries.c.not_before,
      deliveries.c.id, sqlite_where=is_queued, postgresql_where=is_queued)  # fmt: skip
Index("ix_deliveries_unknown", deliveries.c.attempted_at,
      sqlite_where=is_unknown, postgresql_where=is_unknown)  # fmt: skip
Index("ix_deliveries_attempting", deliveries.c.attempted_at,
      sqlite_where=is_attempting, postgresql_where=is_attempting)  # fmt: skip
Index("ix_deliveries_batch", deliveries.c.batch, deliveries.c.id,
      sqlite_where=in_a_batch, postgresql_where=in_a_batch)  # fmt: skip
Index("ix_deliveries_waiting_for", deliveries.c.person_id,
      sqlite_where=is_queued, postgresql_where=is_queued)  # fmt: skip
Index("ix_deliveries_counted", deliveries.c.person_id, deliveries.c.attempted_at,
      sqlite_where=deliveries.c.counted, postgresql_where=deliveries.c.counted)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message to one account or one place, on one platform. `key` makes it unique for ever (numbers
    and names of kinds, never a person's words). `values` is JSON, what `template` is filled with;
    `reason` is the one line that says why; a lower `priority` goes first; past `useful_until` it is
    to be skipped; `says` is what the platform said when it went wrong. `person_id` is whom it is meant
    for; `kind` that of a notice ("" for others). `attempted_at` is when it was claimed last.

    Of all that one decision puts on its way (`batch`, "" for none): `reader` is whom or what it reaches, the
    same for every try ("person:5", "place:3"); `act` what is done: a message of its own, or one in reply to
    another delivery (`about`), or what stands of that one is edited or deleted. `post`: where it stands, once
    sent.

    Of one that nobody asked for: `since` is when it was wanted first (UTC, `not_before` until it is put off);
    `counted`: it took from its reader's attention; `asked`: its reader chose this moment; `fixed_end`: its
    `useful_until` is the end of what it is about, and moves along with nothing. One that is "folded" is said
    in another one, a digest (`folded_into`), or was said in an answer (None)."""

    key: str
    platform: str
    template: str
    not_before: datetime
    account_id: int | None = None
    place: Place | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    reason: str = ""
    priority: int = 2
    useful_until: datetime | None = None
    state: State = "queued"
    attempts: int = 0
    attempted_at: datetime | None = field(default=None, compare=False)
    says: str = ""
    topic: Topic | None = None
    person_id: int | None = None
    kind: str = ""
    batch: str = ""
    act: Act = "send"
    post: Post | None = None
    about: int | None = None
    reader: str = ""
    since: datetime | None = None
    counted: bool = False
    asked: bool = False
    fixed_end: bool = False
    folded_into: int | None = None
    id: int = 0

    @property
    def target(self) -> str:
        """What its pace is kept for: the chat of a place, or "@" and the number of an account."""
        return f"@{self.account_id}" if self.place is None else self.place.channel

    @property
    def changes(self) -> bool:
        """Whether it changes what stands, and says nothing new."""
        return self.act in CHANGES

    @classmethod
    def new(cls, **given: Any) -> Delivery:
        """One to be queued."""
        return cls(**given)


_names = (
    "key", "platform", "template", "not_before", "account_id", "place", "values", "buttons", "reason",
    "priority", "useful_until", "state", "attempts", "attempted_at", "says", "topic", "person_id", "kind",
    "batch", "act", "post", "about", "reader", "since", "counted", "asked",
    "fixed_end", "folded_into",
)  # fmt: skip
COLUMNS = (deliveries.c.id, *(deliveries.c[name] for name in _names))


def row_of(one: Delivery) -> dict[str, Any]:
    """A delivery as its row."""
    row: dict[str, Any] = {name: getattr(one, name) for name in _names}
    row |= {"values": dict(one.values), "buttons": [asdict(button) for button in one.buttons]}
    return row | {"target": one.target, "post": json_of(one.post)}


def delivery_of(row: Any) -> Delivery:
    """A row of `COLUMNS` as its delivery."""
    given = dict(zip(_names, row[1:], strict=True))
    given["buttons"] = tuple(Button(**button) for button in given["buttons"])
    given["post"] = _post(given["post"])
    return Delivery(**given, id=row[0])


def json_of(post: Post | None) -> dict[str, Any] | None:
    """A post as it is kept."""
    return None if post is None else asdict(post)


def _post(kept: dict[str, Any] | None) -> Post | None:
    if kept is None:
        return None
    return Post(Place(**kept["place"]), kept["message_id"], kept["part"], tuple(kept["more"]))
