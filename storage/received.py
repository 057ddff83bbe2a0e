"""What came in: each event of a platform once, with the answer that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Index,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Account, Place
from storage.columns import Json, Utc, Value, Verbs, Words, metadata, to_json
from storage.database import Duplicate

received = Table(
    "received",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("event", Words, primary_key=True),
    Column("account", Value(Account), nullable=False),
    Column("place", Value(Place), nullable=False),
    Column("answer", Json),
    Column("state", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("message_id", Words, nullable=False),
    Index("ix_received_received_at", "received_at"),
)
_unsent = received.c.state == "unsent"
Index("ix_received_unsent", received.c.received_at, sqlite_where=_unsent, postgresql_where=_unsent)


@dataclass(frozen=True, slots=True)
class Received:
    """One event that came in. `answer` is JSON, None for silence; `state`: unsent (to be given), given,
    or failed (it could not succeed; the person was shown `reference`)."""

    platform: str
    event: str
    account: Account
    place: Place
    answer: dict[str, Any] | None
    state: Literal["unsent", "given", "failed"]
    reference: str
    received_at: datetime
    message_id: str = ""


COLUMNS = tuple(received.c)
FIND = select(*COLUMNS).where(
    received.c.platform == bindparam("platform"), received.c.event == bindparam("event")
)
RECORD = insert(received).on_conflict_do_nothing().returning(received.c.event)
_these = tuple_(received.c.platform, received.c.event).in_(bindparam("pairs", expanding=True))
GIVEN = update(received).where(_these, _unsent).values(state="given")
UNSENT = (
    select(*COLUMNS)
    .where(_unsent, received.c.received_at < bindparam("before", type_=Utc))
    .where(received.c.platform == bindparam("platform"))
    .order_by(received.c.received_at, received.c.event)
    .limit(bindparam("most"))
)
LATEST = select(func.max(received.c.received_at)).where(received.c.platform == bindparam("platform"))
_said_there = (
    func.substr(type_coerce(received.c.place, Text), 1, func.length(bindparam("place", type_=Text)))
    == bindparam("place", type_=Text),
    received.c.received_at >= bindparam("since", type_=Utc),
    received.c.answer.is_not(None),
)
_last_there = select(func.max(received.c.received_at)).where(*_said_there).scalar_subquery()
SAID_LAST = select(*COLUMNS).where(*_said_there, received.c.received_at == _last_there)
FORGET = delete(received).where(received.c.received_at < bindparam("before", type_=Utc))


class ReceivedEvents(Verbs):
    """The verbs over what came in."""

    def find(self, platform: str, event: str) -> Received | None:
        """What was recorded for this event, or None if it is new."""
        row = self._connection.execute(FIND, {"platform": platform, "event": event}).first()
        return None if row is None else Received(*row)

    def record(self, one: Received) -> None:
        """Record an event with its answer. Raises Duplicate if it is recorded already, and the
        transaction can go on; if another transaction is just recording it, waits for that one first."""
        given = {column.key: getattr(one, column.key) for column in COLUMNS}
        if self._connection.execute(RECORD, given).first() is None:
            raise Duplicate(f"{one.platform} event")

    def given(self, pairs: Sequence[tuple[str, str]]) -> None:
        """The answers to these events, (platform, event), reached their platforms."""
        if pairs:
            self._connection.execute(GIVEN, {"pairs": list(pairs)})

    def unsent(self, platform: str, before: datetime, limit: int) -> tuple[Received, ...]:
        """A platform's answers of before this moment that nobody has given yet, oldest first."""
        rows = self._connection.execute(UNSENT, {"platform": platform, "before": before, "most": limit})
        return tuple(Received(*row) for row in rows)

    def latest(self, platform: str) -> datetime | None:
        """When something came in there last, in UTC; None if nothing ever did, or it is forgotten."""
        found: datetime | None = self._connection.execute(LATEST, {"platform": platform}).scalar()
        return found

    def said_last(self, place: Place, since: datetime) -> tuple[Received, ...]:
        """What was answered last in a chat since then; several where they came at the very same moment."""
        known = {"platform": place.platform, "installation": place.installation, "channel": place.channel}
        begins = to_json(known).removesuffix("}") + ","
        rows = self._connection.execute(SAID_LAST, {"place": begins, "since": since})
        return tuple(Received(*row) for row in rows)

    def forget(self, before: datetime) -> None:
        """Delete what came in before this moment: a platform redelivers for hours, not for weeks."""
        self._connection.execute(FORGET, {"before": before})
