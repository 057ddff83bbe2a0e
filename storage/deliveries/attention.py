"""What the verbs over deliveries ask of one reader's attention: what waits for them, what they had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, false, func, select, true, update

from storage.columns import Utc, Verbs
from storage.deliveries.tables import COLUMNS, Delivery, deliveries, delivery_of, is_queued

_theirs = deliveries.c.person_id == bindparam("person")
_arrived = deliveries.c.state.in_(("attempting", "sent", "unknown"))
_since = deliveries.c.attempted_at >= bindparam("from", type_=Utc)
WAITING_FOR = (
    select(*COLUMNS)
    .where(is_queued, _theirs, deliveries.c.kind != "", deliveries.c.act.in_(("send", "reply")))
    .order_by(deliveries.c.priority, deliveries.c.not_before, deliveries.c.id)
)
HAD = (
    select(deliveries.c.attempted_at)
    .where(deliveries.c.counted, _theirs, _arrived, _since, deliveries.c.id != bindparam("but"))
    .order_by(deliveries.c.attempted_at)
)
SENT_TO = (
    select(deliveries.c.counted, func.count())
    .where(_theirs, _arrived, _since, deliveries.c.kind != "")
    .group_by(deliveries.c.counted)
)
_one = update(deliveries).where(deliveries.c.id == bindparam("one"))
COUNT = _one.values(counted=true())
PUT_OFF = _one.values(
    state="queued",
    counted=false(),
    attempts=deliveries.c.attempts - 1,  # it was looked at, not tried
    not_before=bindparam("then", type_=Utc),
    useful_until=bindparam("over", type_=Utc),
    since=func.coalesce(deliveries.c.since, bindparam("wanted", type_=Utc), type_=Utc),
    says=bindparam("what"),
)
FOLD = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("these", expanding=True)))
    .values(state="folded", done_at=bindparam("now", type_=Utc), counted=false())
)
ELSEWHERE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("one"))
    .values(
        state="queued",
        attempts=deliveries.c.attempts - 1,
        platform=bindparam("on"),
        account_id=bindparam("account"),
        target=bindparam("chat"),
    )
)


class Attended(Verbs):
    """The verbs by which one reader's messages take turns. Whoever decides holds the reader first
    (`store.persons.hold`)."""

    def waiting_for(self, person_id: int) -> tuple[Delivery, ...]:
        """The notices that wait for a person, on any platform, the most urgent first."""
        return tuple(map(delivery_of, self._connection.execute(WAITING_FOR, {"person": person_id})))

    def had(self, person_id: int, since: datetime, but: int = 0) -> tuple[datetime, ...]:
        """When messages went to a person that counted, from a moment on, leaving out the one of this
        number."""
        asked = {"person": person_id, "from": since, "but": but}
        return tuple(self._connection.execute(HAD, asked).scalars())

    def sent_to(self, person_id: int, since: datetime) -> Mapping[bool, int]:
        """How many notices went to a person from a moment on: those that counted (True), and the others."""
        asked = {"person": person_id, "from": since}
        return {bool(counted): many for counted, many in self._connection.execute(SENT_TO, asked)}

    def count(self, delivery_id: int) -> None:
        """A claimed message takes from its reader's attention."""
        self._connection.execute(COUNT, {"one": delivery_id})

    def put_off(self, one: Delivery, then: datetime, useful_until: datetime | None, says: str) -> None:
        """A claimed message waits until then (UTC), and helps until the other moment."""
        asked = {"one": one.id, "then": then, "over": useful_until, "wanted": one.not_before, "what": says}
        self._connection.execute(PUT_OFF, asked)

    def fold(self, these: Iterable[int], now: datetime) -> None:
        """These are said in another message, so they go no way of their own."""
        self._connection.execute(FOLD, {"these": list(these), "now": now})

    def elsewhere(self, delivery_id: int, platform: str, account_id: int) -> None:
        """A claimed message goes to another account of its reader."""
        asked = {"one": delivery_id, "on": platform, "account": account_id, "chat": f"@{account_id}"}
        self._connection.execute(ELSEWHERE, asked)
