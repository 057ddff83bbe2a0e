"""The verbs over deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, case, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Place, Post
from storage.columns import Json, Utc, Value, Words
from storage.deliveries import batches
from storage.deliveries.attention import Attended
from storage.deliveries.mind import Minds
from storage.deliveries.tables import (
    CHANGES,
    COLUMNS,
    NUMBERS_STAY,
    Delivery,
    deliveries,
    delivery_of,
    is_attempting,
    is_queued,
    is_unknown,
    json_of,
    row_of,
)
from storage.deliveries.together import Batches
from storage.media import media

LEAST_URGENT = 2**31 - 1
QUEUE = insert(deliveries).on_conflict_do_nothing(index_elements=["key"]).returning(deliveries.c.id)
_now = bindparam("now", type_=Utc)
_changes = deliveries.c.act.in_(CHANGES)
_due = (
    select(deliveries.c.id)
    .where(
        is_queued,
        deliveries.c.platform == bindparam("on"),
        deliveries.c.priority <= bindparam("least"),
        deliveries.c.not_before <= _now,
        deliveries.c.target.not_in(bindparam("resting", expanding=True)),
    )
    .order_by(deliveries.c.priority, deliveries.c.not_before, deliveries.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _claimed(which: Any) -> Update:
    due = which.cte("due")
    return (
        update(deliveries)
        .where(deliveries.c.id.in_(select(due.c.id)))
        .values(state="attempting", attempts=deliveries.c.attempts + 1, attempted_at=_now)
    )


CLAIM, CLAIM_NEW = (_claimed(which).returning(*COLUMNS) for which in (_due, _due.where(~_changes)))
_one = update(deliveries).where(deliveries.c.id == bindparam("one"))
_open = deliveries.c.state.in_(("queued", "attempting", "unknown"))
_says = bindparam("what", type_=Words)
_stands = bindparam("there", type_=Json)
SENT = _one.values(state="sent", done_at=_now, post=_stands)
STANDS = _one.values(post=_stands)
FAILED = _one.where(_open).values(state="failed", done_at=_now, says=_says)
_then = bindparam("then", type_=Utc)
LATER = (
    _one.where(_open)
    .values(
        state=case((batches.was_stopped, "skipped"), else_="queued"),
        says=case((batches.was_stopped, deliveries.c.says), else_=_says),
        not_before=case((deliveries.c.not_before > _then, deliveries.c.not_before), else_=_then),
    )
    .returning(deliveries.c.state)
)
SKIPPED = _one.where(deliveries.c.state.in_(("queued", "attempting"))).values(state="skipped", says=_says)
UNKNOWN = (
    update(deliveries)
    .where(is_attempting, deliveries.c.attempted_at < bindparam("before", type_=Utc))
    .values(state=case((_changes, "queued"), else_="unknown"))
    .returning(*COLUMNS)
)
AGAIN = _one.where(is_unknown).values(state="queued", not_before=_now).returning(deliveries.c.id)
LEFT = _one.where(is_unknown).values(state="skipped", says=_says).returning(deliveries.c.id)
UNCLEAR = select(*COLUMNS).where(is_unknown).order_by(deliveries.c.attempted_at, deliveries.c.id)
NEXT_DUE = select(func.min(deliveries.c.not_before, type_=Utc)).where(
    is_queued, deliveries.c.platform.in_(bindparam("platforms", expanding=True))
)
NEXT_FETCH = select(func.min(media.c.not_before, type_=Utc)).where(
    media.c.state == literal_column("'wanted'"), media.c.platform.in_(bindparam("platforms", expanding=True))
)
QUEUED_IN = (
    select(*COLUMNS)
    .where(is_queued, deliveries.c.platform == bindparam("on"), deliveries.c.target == bindparam("chat"))
    .order_by(deliveries.c.id)
    .with_for_update()
)
MOVE = _one.values(place=bindparam("there", type_=Value(Place)), target=bindparam("chat", type_=Words))
GET = select(*COLUMNS).where(deliveries.c.id == bindparam("one"))
BY_KEY = select(*COLUMNS).where(deliveries.c.key == bindparam("key"))
_done = deliveries.c.state.in_(("sent", "failed", "skipped", "folded"))
FORGET = delete(deliveries).where(_done, deliveries.c.not_before < bindparam("before", type_=Utc))


class Deliveries(Batches, Attended, Minds):
    """The verbs over deliveries."""

    def queue(self, these: Sequence[Delivery]) -> int:
        """Put messages on their way and return how many were new: a key seen before adds nothing."""
        if not these:
            return 0
        return len(self._connection.execute(QUEUE, [row_of(one) for one in these]).all())

    def claim(
        self,
        now: datetime,
        platform: str,
        resting: Sequence[str] = (),
        above: int | None = None,
        edits: bool = True,
    ) -> Delivery | None:
        """Take the most urgent message that is due on this platform, for one claimer only; None if there is
        none. Those to targets that are `resting` are passed over; so are, if `above` is given, those of
        less urgency (a greater priority), and without `edits` those that change what stands. It is now
        "attempting": the caller says what became of it (sent, failed, later, skipped), and decides by
        `useful_until` whether it is past its use."""
        least = LEAST_URGENT if above is None else above
        asked = {"now": now, "on": platform, "resting": list(resting), "least": least}
        row = self._connection.execute(CLAIM if edits else CLAIM_NEW, asked).first()
        return None if row is None else delivery_of(row)

    def get(self, delivery_id: int) -> Delivery | None:
        """The delivery with this number, or None."""
        row = self._connection.execute(GET, {"one": delivery_id}).first()
        return None if row is None else delivery_of(row)

    def by_key(self, key: str) -> Delivery | None:
        """The delivery with this key, in whatever state, or None."""
        row = self._connection.execute(BY_KEY, {"key": key}).first()
        return None if row is None else delivery_of(row)

    def sent(self, delivery_id: int, now: datetime, post: Post | None = None) -> None:
        """It stands where it should, whatever was thought of it meanwhile: there, if that is to be known."""
        self._connection.execute(SENT, {"one": delivery_id, "now": now, "there": json_of(post)})

    def stands(self, delivery_id: int, post: Post | None) -> None:
        """Where a message that was sent stands from now on; None: nowhere any more."""
        self._connection.execute(STANDS, {"one": delivery_id, "there": json_of(post)})

    def failed(self, delivery_id: int, says: str, now: datetime) -> None:
        """It will never arrive, and that is what the platform said (but not if somebody settled it)."""
        self._connection.execute(FAILED, {"one": delivery_id, "what": says, "now": now})

    def later(self, delivery_id: int, not_before: datetime, says: str) -> bool:
        """It did not arrive, and may be tried again from then on, or from a later moment to which it was
        moved meanwhile. False if it is not: its batch was stopped meanwhile, or somebody settled it."""
        asked = {"one": delivery_id, "then": not_before, "what": says}
        return self._connection.execute(LATER, asked).scalar() == "queued"

    def skipped(self, delivery_id: int, says: str) -> None:
        """It is not wanted any more, and that is why."""
        self._connection.execute(SKIPPED, {"one": delivery_id, "what": says})

    def unknown_since(self, before: datetime) -> tuple[Delivery, ...]:
        """Whoever took these before that moment never said what became of them (a crash in between):
        they are now "unknown" and returned, once. A person decides what comes of them (again, left). Those
        that only change a post are due again, and not returned: done twice, they come to the same."""
        taken = map(delivery_of, self._connection.execute(UNKNOWN, {"before": before}))
        return tuple(sorted((one for one in taken if one.state == "unknown"), key=lambda one: one.id))

    def unclear(self) -> tuple[Delivery, ...]:
        """The ones of which nobody knows whether they arrived, oldest first."""
        return batches.deliveries_of(self._connection.execute(UNCLEAR))

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

    def next_fetch(self, platforms: Sequence[str]) -> datetime | None:
        """When the first file that somebody sent along on these platforms may be fetched; None if none is
        wanted."""
        return self._connection.execute(NEXT_FETCH, {"platforms": list(platforms)}).scalar()

    def forget(self, before: datetime) -> None:
        """Delete what was due before this moment and is done with: sent, given up or not wanted any more."""
        self._connection.execute(FORGET, {"before": before})

    def moved(self, old: Place, new: Place) -> None:
        """Everything in this channel moved to another one, and what waits for it goes there. What stands in
        the old one is found in the new one, but where its number means another post now (Telegram)."""
        asked = {"on": old.platform, "chat": old.channel}
        for one in batches.deliveries_of(self._connection.execute(QUEUED_IN, asked).all()):
            self._move(one, old, new)
        if old.platform in NUMBERS_STAY:
            for one in batches.deliveries_of(self._connection.execute(batches.STANDING_IN, asked).all()):
                self._move(one, old, new)
                if one.post is not None:
                    self.stands(one.id, replace(one.post, place=_moved(one.post.place, new)))

    def _move(self, one: Delivery, old: Place, new: Place) -> None:
        if one.place is not None and one.place.installation == old.installation:
            there = _moved(one.place, new)
            asked = {"one": one.id, "there": there, "chat": there.channel}
            self._connection.execute(MOVE, asked)


def _moved(place: Place, new: Place) -> Place:
    return replace(place, installation=new.installation, channel=new.channel, thread="")
