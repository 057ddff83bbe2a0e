"""What the verbs over deliveries ask of one reader's attention: what waits for them, what they had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, false, func, select, true, update

from storage.columns import Utc, Verbs
from storage.deliveries.tables import CHANGES, COLUMNS, Delivery, deliveries, delivery_of, is_queued
from storage.persons import persons

_theirs = deliveries.c.person_id == bindparam("person")
_arrived = deliveries.c.state.in_(("attempting", "sent", "unknown"))
_says_something = deliveries.c.act.not_in(CHANGES)
_since = deliveries.c.attempted_at >= bindparam("from", type_=Utc)
WAITING_FOR = (
    select(*COLUMNS)
    .where(is_queued, _theirs, deliveries.c.kind != "", _says_something)
    .order_by(deliveries.c.priority, deliveries.c.not_before, deliveries.c.id)
)
COMPANY = WAITING_FOR.where(deliveries.c.not_before <= bindparam("soon", type_=Utc)).with_for_update(
    skip_locked=True
)
HOLDS = (
    select(persons.c.id)
    .where(persons.c.id == bindparam("person"))
    .with_for_update(key_share=True, skip_locked=True)
)
HAD = (
    select(deliveries.c.attempted_at)
    .where(deliveries.c.counted, _theirs, _arrived, _since, deliveries.c.id != bindparam("but"))
    .order_by(deliveries.c.attempted_at)
)
SENT_TO = (
    select(deliveries.c.counted, func.count())
    .where(_theirs, _arrived, _since, deliveries.c.kind != "", _says_something)
    .group_by(deliveries.c.counted)
)
CAME_LAST = (
    select(*COLUMNS)
    .where(_theirs, deliveries.c.state == "sent", deliveries.c.kind != "", _says_something)
    .order_by(deliveries.c.attempted_at.desc(), deliveries.c.id.desc())
    .limit(1)
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
_these = deliveries.c.id.in_(bindparam("these", expanding=True))
_digest = deliveries.alias("digest")
FOLD = (
    update(deliveries)
    .where(_these, deliveries.c.state.in_(("queued", "attempting", "folded")))
    .values(
        state="folded",
        done_at=bindparam("now", type_=Utc),
        counted=false(),
        folded_into=select(_digest.c.id).where(_digest.c.key == bindparam("digest")).scalar_subquery(),
    )
)
FOLDED = (
    select(*COLUMNS)
    .where(_these, deliveries.c.state == "folded", deliveries.c.folded_into == bindparam("digest"))
    .order_by(deliveries.c.id)
    .with_for_update()
)
UNFOLD = _one.where(deliveries.c.state == "folded").values(
    state="queued",
    done_at=None,
    folded_into=None,
    attempts=deliveries.c.attempts + bindparam("tries"),
    not_before=bindparam("then", type_=Utc),
    useful_until=bindparam("over", type_=Utc),
    since=func.coalesce(deliveries.c.since, bindparam("wanted", type_=Utc), type_=Utc),
)
ELSEWHERE = _one.values(
    state="queued",
    counted=false(),
    attempts=deliveries.c.attempts - 1,
    platform=bindparam("on"),
    account_id=bindparam("account"),
    target=bindparam("chat"),
)
HAD_BY_EACH = (
    select(deliveries.c.person_id, deliveries.c.attempted_at)
    .where(deliveries.c.counted, deliveries.c.person_id.is_not(None), _arrived, _since)
    .order_by(deliveries.c.person_id, deliveries.c.attempted_at)
)
LOOK_AGAIN = _one.where(is_queued).values(
    not_before=bindparam("now", type_=Utc), useful_until=bindparam("over", type_=Utc)
)


class Attended(Verbs):
    """The verbs by which one reader's messages take turns. Whoever decides holds the reader first
    (`store.persons.hold`)."""

    def waiting_for(self, person_id: int) -> tuple[Delivery, ...]:
        """The notices that wait for a person, on any platform, the most urgent first."""
        return tuple(map(delivery_of, self._connection.execute(WAITING_FOR, {"person": person_id})))

    def company(self, person_id: int, soon: datetime) -> tuple[Delivery, ...]:
        """Of what waits for a person (`waiting_for`) that which is due until then, but for what somebody else
        is deciding about; nobody else does so about these until the transaction ends."""
        asked = {"person": person_id, "soon": soon}
        return tuple(map(delivery_of, self._connection.execute(COMPANY, asked)))

    def holds(self, person_id: int) -> bool:
        """`store.persons.hold`, but False at once while somebody else holds them: whoever has claimed a
        message never waits for a person, so nobody waits in a circle."""
        if not self._writes:
            return True
        return self._connection.execute(HOLDS, {"person": person_id}).first() is not None

    def had(self, person_id: int, since: datetime, but: int = 0) -> tuple[datetime, ...]:
        """When messages went to a person that counted, from a moment on, leaving out the one of this
        number."""
        asked = {"person": person_id, "from": since, "but": but}
        return tuple(self._connection.execute(HAD, asked).scalars())

    def sent_to(self, person_id: int, since: datetime) -> Mapping[bool, int]:
        """How many notices went to a person from a moment on: those that counted (True), and the others."""
        asked = {"person": person_id, "from": since}
        return {bool(counted): many for counted, many in self._connection.execute(SENT_TO, asked)}

    def came_last(self, person_id: int) -> Delivery | None:
        """The notice that a person got last; None if there was none, or it is forgotten."""
        row = self._connection.execute(CAME_LAST, {"person": person_id}).first()
        return None if row is None else delivery_of(row)

    def count(self, delivery_id: int) -> None:
        """A claimed message takes from its reader's attention."""
        self._connection.execute(COUNT, {"one": delivery_id})

    def put_off(self, one: Delivery, then: datetime, useful_until: datetime | None, says: str) -> None:
        """A claimed message waits until then (UTC), and helps until the other moment."""
        asked = {"one": one.id, "then": then, "over": useful_until, "wanted": one.not_before, "what": says}
        self._connection.execute(PUT_OFF, asked)

    def fold(self, these: Iterable[int], now: datetime, digest: str = "") -> None:
        """These are said in another message, so they go no way of their own: in the digest with this key, or
        in an answer ("")."""
        self._connection.execute(FOLD, {"these": list(these), "now": now, "digest": digest})

    def folded(self, these: Iterable[int], digest: int) -> tuple[Delivery, ...]:
        """Of these deliveries those that the digest of this number says. Nobody else gives them back until
        the transaction ends."""
        asked = {"these": list(these), "digest": digest}
        return tuple(map(delivery_of, self._connection.execute(FOLDED, asked)))

    def unfold(self, one: Delivery, then: datetime, useful_until: datetime | None, tries: int = 0) -> None:
        """A folded one is not said in its digest after all: it goes a way of its own from then on (UTC),
        helps until the other moment, and has so many more tries behind it. When it was wanted stays known."""
        asked = {"one": one.id, "then": then, "over": useful_until, "wanted": one.not_before, "tries": tries}
        self._connection.execute(UNFOLD, asked)

    def elsewhere(self, delivery_id: int, platform: str, account_id: int) -> None:
        """A claimed message goes to another account of its reader."""
        asked = {"one": delivery_id, "on": platform, "account": account_id, "chat": f"@{account_id}"}
        self._connection.execute(ELSEWHERE, asked)

    def had_by_each(self, since: datetime) -> Mapping[int, tuple[datetime, ...]]:
        """When messages went to people that counted, from a moment on, by person; in one statement."""
        found: dict[int, list[datetime]] = {}
        for person, at in self._connection.execute(HAD_BY_EACH, {"from": since}):
            found.setdefault(person, []).append(at)
        return {person: tuple(moments) for person, moments in found.items()}

    def look_again(self, delivery_id: int, now: datetime, useful_until: datetime | None) -> None:
        """One that was put off and still waits is decided upon now; it helps until the other moment (UTC)."""
        self._connection.execute(LOOK_AGAIN, {"one": delivery_id, "now": now, "over": useful_until})
