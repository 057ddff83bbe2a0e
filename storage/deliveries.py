"""Deliveries: messages on their way to one person or place, each at most once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Button, Place, Topic
from storage.columns import Id, Json, Utc, Value, Verbs, Words, id_column, metadata

LEAST_URGENT = 2**31 - 1
State = Literal["queued", "attempting", "sent", "failed", "skipped", "unknown"]

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
)
# Written out, not bound: SQLite uses a partial index only where it reads the condition itself.
_queued = deliveries.c.state == literal_column("'queued'")
_attempting = deliveries.c.state == literal_column("'attempting'")
_unknown = deliveries.c.state == literal_column("'unknown'")
Index("ix_deliveries_queued", deliveries.c.platform, deliveries.c.priority, deliveries.c.not_before,
      deliveries.c.id, sqlite_where=_queued, postgresql_where=_queued)  # fmt: skip
Index("ix_deliveries_unknown", deliveries.c.attempted_at,
      sqlite_where=_unknown, postgresql_where=_unknown)  # fmt: skip
Index("ix_deliveries_attempting", deliveries.c.attempted_at,
      sqlite_where=_attempting, postgresql_where=_attempting)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message to one account or one place, on one platform. `key` makes it unique for ever (numbers
    and names of kinds, never a person's words). `values` is JSON, what `template` is filled with;
    `reason` is the one line that says why; a lower `priority` goes first; past `useful_until` it is
    to be skipped; `says` is what the platform said when it went wrong. `person_id` is whom it is meant
    for; `kind` that of a notice ("" for others)."""

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
    says: str = ""
    topic: Topic | None = None
    person_id: int | None = None
    kind: str = ""
    id: int = 0

    @property
    def target(self) -> str:
        """What its pace is kept for: the chat of a place, or "@" and the number of an account."""
        return f"@{self.account_id}" if self.place is None else self.place.channel

    @classmethod
    def new(cls, **given: Any) -> Delivery:
        """One to be queued."""
        return cls(**given)


_names = (
    "key", "platform", "template", "not_before", "account_id", "place", "values", "buttons", "reason",
    "priority", "useful_until", "state", "attempts", "says", "topic", "person_id", "kind",
)  # fmt: skip
COLUMNS = (deliveries.c.id, *(deliveries.c[name] for name in _names))
QUEUE = insert(deliveries).on_conflict_do_nothing(index_elements=["key"]).returning(deliveries.c.id)
_now = bindparam("now", type_=Utc)
_due = (
    select(deliveries.c.id)
    .where(
        _queued,
        deliveries.c.platform == bindparam("on"),
        deliveries.c.priority <= bindparam("least"),
        deliveries.c.not_before <= _now,
        deliveries.c.target.not_in(bindparam("resting", expanding=True)),
    )
    .order_by(deliveries.c.priority, deliveries.c.not_before, deliveries.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
    .cte("due")
)
CLAIM = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_due.c.id)))
    .values(state="attempting", attempts=deliveries.c.attempts + 1, attempted_at=_now)
    .returning(*COLUMNS)
)
_one = update(deliveries).where(deliveries.c.id == bindparam("one"))
_open = deliveries.c.state.in_(("queued", "attempting", "unknown"))
_says = bindparam("what", type_=Words)
SENT = _one.values(state="sent", done_at=_now)
FAILED = _one.where(_open).values(state="failed", done_at=_now, says=_says)
LATER = _one.where(_open).values(state="queued", not_before=bindparam("then", type_=Utc), says=_says)
SKIPPED = _one.where(deliveries.c.state.in_(("queued", "attempting"))).values(state="skipped", says=_says)
UNKNOWN = (
    update(deliveries)
    .where(_attempting, deliveries.c.attempted_at < bindparam("before", type_=Utc))
    .values(state="unknown")
    .returning(*COLUMNS)
)
AGAIN = _one.where(_unknown).values(state="queued", not_before=_now).returning(deliveries.c.id)
LEFT = _one.where(_unknown).values(state="skipped", says=_says).returning(deliveries.c.id)
UNCLEAR = select(*COLUMNS).where(_unknown).order_by(deliveries.c.attempted_at, deliveries.c.id)
NEXT_DUE = select(func.min(deliveries.c.not_before, type_=Utc)).where(
    _queued, deliveries.c.platform.in_(bindparam("platforms", expanding=True))
)
QUEUED_IN = (
    select(*COLUMNS)
    .where(_queued, deliveries.c.platform == bindparam("on"), deliveries.c.target == bindparam("chat"))
    .order_by(deliveries.c.id)
    .with_for_update()
)
MOVE = _one.values(place=bindparam("there", type_=Value(Place)), target=bindparam("chat", type_=Words))
GET = select(*COLUMNS).where(deliveries.c.id == bindparam("one"))
BY_KEY = select(*COLUMNS).where(deliveries.c.key == bindparam("key"))
_done = deliveries.c.state.in_(("sent", "failed", "skipped"))
FORGET = delete(deliveries).where(_done, deliveries.c.not_before < bindparam("before", type_=Utc))


class Deliveries(Verbs):
    """The verbs over deliveries."""

    def queue(self, these: Sequence[Delivery]) -> int:
        """Put messages on their way and return how many were new: a key seen before adds nothing."""
        if not these:
            return 0
        rows = [{name: getattr(one, name) for name in _names} for one in these]
        for row, one in zip(rows, these, strict=True):
            row |= {"values": dict(one.values), "buttons": [asdict(button) for button in one.buttons]}
            row |= {"target": one.target}
        return len(self._connection.execute(QUEUE, rows).all())

    def claim(
        self, now: datetime, platform: str, resting: Sequence[str] = (), above: int | None = None
    ) -> Delivery | None:
        """Take the most urgent message that is due on this platform, for one claimer only; None if there is
        none. Those to targets that are `resting` are passed over; so are, if `above` is given, those of
        less urgency (a greater priority). It is now "attempting": the caller says what became of it (sent,
        failed, later, skipped), and decides by `useful_until` whether it is past its use."""
        least = LEAST_URGENT if above is None else above
        asked = {"now": now, "on": platform, "resting": list(resting), "least": least}
        row = self._connection.execute(CLAIM, asked).first()
        return None if row is None else _delivery(row)

    def get(self, delivery_id: int) -> Delivery | None:
        """The delivery with this number, or None."""
        row = self._connection.execute(GET, {"one": delivery_id}).first()
        return None if row is None else _delivery(row)

    def by_key(self, key: str) -> Delivery | None:
        """The delivery with this key, in whatever state, or None."""
        row = self._connection.execute(BY_KEY, {"key": key}).first()
        return None if row is None else _delivery(row)

    def sent(self, delivery_id: int, now: datetime) -> None:
        """It stands where it should, whatever was thought of it meanwhile."""
        self._connection.execute(SENT, {"one": delivery_id, "now": now})

    def failed(self, delivery_id: int, says: str, now: datetime) -> None:
        """It will never arrive, and that is what the platform said (but not if somebody settled it)."""
        self._connection.execute(FAILED, {"one": delivery_id, "what": says, "now": now})

    def later(self, delivery_id: int, not_before: datetime, says: str) -> None:
        """It did not arrive, and may be tried again from then on (but not if somebody settled it)."""
        self._connection.execute(LATER, {"one": delivery_id, "then": not_before, "what": says})

    def skipped(self, delivery_id: int, says: str) -> None:
        """It is not wanted any more, and that is why."""
        self._connection.execute(SKIPPED, {"one": delivery_id, "what": says})

    def unknown_since(self, before: datetime) -> tuple[Delivery, ...]:
        """Whoever took these before that moment never said what became of them (a crash in between):
        they are now "unknown" and returned, once. A person decides what comes of them (again, left)."""
        taken = [_delivery(row) for row in self._connection.execute(UNKNOWN, {"before": before})]
        return tuple(sorted(taken, key=lambda one: one.id))

    def unclear(self) -> tuple[Delivery, ...]:
        """The ones of which nobody knows whether they arrived, oldest first."""
        return tuple(_delivery(row) for row in self._connection.execute(UNCLEAR))

    def again(self, delivery_id: int, now: datetime) -> bool:
        """A person decides that an unclear one is to be sent again; False if it is not unclear any more."""
        asked = {"one": delivery_id, "now": now}
        return self._connection.execute(AGAIN, asked).first() is not None

    def left(self, delivery_id: int, says: str) -> bool:
        """A person decides that an unclear one is left as it is, for good, and that is why; False if it is
        not unclear any more."""
        return self._connection.execute(LEFT, {"one": delivery_id, "what": says}).first() is not None

    def next_due(self, platforms: Sequence[str]) -> datetime | None:
        """When the first message of these platforms may be sent; None if none waits."""
        return self._connection.execute(NEXT_DUE, {"platforms": list(platforms)}).scalar()

    def forget(self, before: datetime) -> None:
        """Delete what was due before this moment and is done with: sent, given up or not wanted any more."""
        self._connection.execute(FORGET, {"before": before})

    def moved(self, old: Place, new: Place) -> None:
        """Everything in this channel moved to another one, and what waits for it goes there."""
        rows = self._connection.execute(QUEUED_IN, {"on": old.platform, "chat": old.channel}).all()
        for one in map(_delivery, rows):
            if one.place is not None and one.place.installation == old.installation:
                there = replace(one.place, installation=new.installation, channel=new.channel, thread="")
                asked = {"one": one.id, "there": there, "chat": there.channel}
                self._connection.execute(MOVE, asked)


def _delivery(row: Any) -> Delivery:
    given = dict(zip(_names, row[1:], strict=True))
    given["buttons"] = tuple(Button(**button) for button in given["buttons"])
    return Delivery(**given, id=row[0])
