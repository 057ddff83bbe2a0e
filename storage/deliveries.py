"""Deliveries: messages on their way to one person or place, each at most once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
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
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Button, Place, Topic
from storage.columns import Id, Json, Utc, Value, Verbs, Words, id_column, metadata

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
)
_queued = deliveries.c.state == "queued"
_attempting = deliveries.c.state == "attempting"
Index("ix_deliveries_queued", deliveries.c.priority, deliveries.c.not_before,
      sqlite_where=_queued, postgresql_where=_queued)  # fmt: skip
Index("ix_deliveries_attempting", deliveries.c.attempted_at,
      sqlite_where=_attempting, postgresql_where=_attempting)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message to one account or one place, on one platform. `key` makes it unique for ever (numbers
    and names of kinds, never a person's words). `values` is JSON, what `template` is filled with;
    `reason` is the one line that says why; a lower `priority` goes first; past `useful_until` it is
    to be skipped; `says` is what the platform said when it went wrong."""

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
    id: int = 0

    @classmethod
    def new(cls, **given: Any) -> Delivery:
        """One to be queued."""
        return cls(**given)


_names = (
    "key", "platform", "template", "not_before", "account_id", "place", "values", "buttons", "reason",
    "priority", "useful_until", "state", "attempts", "says", "topic",
)  # fmt: skip
COLUMNS = (deliveries.c.id, *(deliveries.c[name] for name in _names))
QUEUE = insert(deliveries).on_conflict_do_nothing(index_elements=["key"]).returning(deliveries.c.id)
_due = (
    select(deliveries.c.id)
    .where(
        _queued,
        deliveries.c.not_before <= bindparam("now", type_=Utc),
        deliveries.c.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(deliveries.c.priority, deliveries.c.not_before, deliveries.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
CLAIM = (
    update(deliveries)
    .where(deliveries.c.id.in_(select(_due.c.id)))
    .values(
        state="attempting",
        attempts=deliveries.c.attempts + 1,
        attempted_at=bindparam("now", type_=Utc),
    )
    .returning(*COLUMNS)
)
_one = update(deliveries).where(deliveries.c.id == bindparam("one"))
_now = bindparam("now", type_=Utc)
_says = bindparam("what", type_=Words)
SENT = _one.values(state="sent", done_at=_now)
FAILED = _one.values(state="failed", done_at=_now, says=_says)
LATER = _one.values(state="queued", not_before=bindparam("then", type_=Utc), says=_says)
SKIPPED = _one.where(deliveries.c.state.in_(("queued", "attempting"))).values(state="skipped", says=_says)
UNKNOWN = (
    update(deliveries)
    .where(_attempting, deliveries.c.attempted_at < bindparam("before", type_=Utc))
    .values(state="unknown")
    .returning(*COLUMNS)
)
GET = select(*COLUMNS).where(deliveries.c.id == bindparam("one"))


class Deliveries(Verbs):
    """The verbs over deliveries."""

    def queue(self, these: Sequence[Delivery]) -> int:
        """Put messages on their way and return how many were new: a key seen before adds nothing."""
        if not these:
            return 0
        rows = [{name: getattr(one, name) for name in _names} for one in these]
        for row in rows:
            row |= {"values": dict(row["values"]), "buttons": [asdict(button) for button in row["buttons"]]}
        return len(self._connection.execute(QUEUE, rows).all())

    def claim(self, now: datetime, limit: int, platforms: Sequence[str]) -> tuple[Delivery, ...]:
        """Take up to `limit` due messages for these platforms, most urgent first, each for one claimer
        only. They are now "attempting"; the caller says what became of each (sent, failed, later,
        skipped). Messages past their use are among them: whoever sends decides by `useful_until`."""
        asked = {"now": now, "most": limit, "platforms": list(platforms)}
        taken = [_delivery(row) for row in self._connection.execute(CLAIM, asked)]
        return tuple(sorted(taken, key=lambda one: (one.priority, one.not_before, one.id)))

    def get(self, delivery_id: int) -> Delivery | None:
        """The delivery with this number, or None."""
        row = self._connection.execute(GET, {"one": delivery_id}).first()
        return None if row is None else _delivery(row)

    def sent(self, delivery_id: int, now: datetime) -> None:
        """It stands where it should."""
        self._connection.execute(SENT, {"one": delivery_id, "now": now})

    def failed(self, delivery_id: int, says: str, now: datetime) -> None:
        """It will never arrive, and that is what the platform said."""
        self._connection.execute(FAILED, {"one": delivery_id, "what": says, "now": now})

    def later(self, delivery_id: int, not_before: datetime, says: str) -> None:
        """It did not arrive, and may be tried again from then on."""
        self._connection.execute(LATER, {"one": delivery_id, "then": not_before, "what": says})

    def skipped(self, delivery_id: int, says: str) -> None:
        """It is not wanted any more, and that is why."""
        self._connection.execute(SKIPPED, {"one": delivery_id, "what": says})

    def unknown_since(self, before: datetime) -> tuple[Delivery, ...]:
        """Whoever took these before that moment never said what became of them (a crash in between):
        they are now "unknown" and returned, once. Send one again with `later`."""
        taken = [_delivery(row) for row in self._connection.execute(UNKNOWN, {"before": before})]
        return tuple(sorted(taken, key=lambda one: one.id))


def _delivery(row: Any) -> Delivery:
    given = dict(zip(_names, row[1:], strict=True))
    given["buttons"] = tuple(Button(**button) for button in given["buttons"])
    return Delivery(**given, id=row[0])
