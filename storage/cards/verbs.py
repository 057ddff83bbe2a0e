"""The verbs over cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Place, Topic
from storage.cards.tables import CardRow, cards, is_live, is_stale
from storage.columns import Utc, Value, Verbs, Words

COLUMNS = (
    cards.c.id,
    cards.c.topic_kind,
    cards.c.topic_key,
    cards.c.place,
    cards.c.message_id,
    cards.c.wanted,
    cards.c.shown,
    cards.c.shown_hash,
    cards.c.attempts,
    cards.c.says,
    cards.c.state,
)
_now = bindparam("now", type_=Utc)
_then = bindparam("then", type_=Utc)
_new = insert(cards)
PUT = _new.on_conflict_do_update(
    index_elements=["topic_kind", "topic_key", "platform", "installation", "channel", "thread"],
    set_={
        "place": _new.excluded.place,
        "wanted": cards.c.wanted + 1,
        "not_before": _new.excluded.not_before,
        "attempts": 0,
        "says": "",
        "state": "live",  # whoever is still sending it for its last life says `shown` first
    },
).returning(cards.c.id)
_topic = (cards.c.topic_kind == bindparam("of_kind"), cards.c.topic_key == bindparam("of_key"))
_channel = (
    cards.c.platform == bindparam("on"),
    cards.c.installation == bindparam("through"),
    cards.c.channel == bindparam("chat"),
)
_place = (*_channel, cards.c.thread == bindparam("within"))
_live_rows = select(cards.c.id).where(is_live).order_by(cards.c.id).with_for_update()
_one = update(cards).where(cards.c.id == bindparam("one"))


def _raised(*which: ColumnElement[bool]) -> Update:
    # locked in the order of their numbers: two that make the same cards stale wait, and never for each other
    these = _live_rows.where(*which).cte("these")
    return update(cards).where(cards.c.id.in_(select(these.c.id))).values(wanted=cards.c.wanted + 1)


STALE = _raised(*_topic)
STALE_KINDS = _raised(cards.c.topic_kind.in_(bindparam("kinds", expanding=True)))
_due = (
    select(cards.c.id)
    .where(
        is_stale,
        cards.c.platform == bindparam("on"),
        cards.c.not_before <= _now,
        or_(cards.c.claimed_at.is_(None), cards.c.claimed_at < bindparam("lost_before", type_=Utc)),
        cards.c.channel.not_in(bindparam("resting", expanding=True)),
    )
    .order_by(cards.c.not_before, cards.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _claimed(which: Select[Any]) -> Any:
    due = which.cte("due")
    return (
        update(cards)
        .where(cards.c.id.in_(select(due.c.id)))
        .values(claimed_at=_now, attempts=cards.c.attempts + 1)
        .returning(*COLUMNS)
    )


CLAIM, CLAIM_NEW = _claimed(_due), _claimed(_due.where(cards.c.message_id == ""))
SHOWN = (
    _one.where(is_live)
    .values(
        shown=bindparam("version"),
        shown_hash=bindparam("digest"),
        message_id=bindparam("message", type_=Words),
        not_before=_then,
        claimed_at=None,
        attempts=0,
        says="",
    )
    .returning(cards.c.id)
)
LATER = _one.values(not_before=_then, says=bindparam("what", type_=Words), claimed_at=None)
LOST_POST = _one.values(message_id="", shown_hash="", wanted=cards.c.wanted + 1, claimed_at=None)
REVIVE = (
    update(cards)
    .where(*_topic, *_place)
    .values(state="live", wanted=cards.c.wanted + 1)
    .returning(cards.c.id)
)
MOVE = _one.values(
    place=bindparam("there", type_=Value(Place)),
    installation=bindparam("through", type_=Words),
    channel=bindparam("chat", type_=Words),
    thread=bindparam("within", type_=Words),
    message_id="",
    shown_hash="",
    wanted=cards.c.wanted + 1,
)
STOPPED = _one.values(state="stopped", message_id="", shown_hash="")
HERE = select(*COLUMNS).where(is_live, *_place).order_by(cards.c.id)
IN_CHANNEL = select(*COLUMNS).where(is_live, *_channel).order_by(cards.c.id)
OF_TOPIC = select(*COLUMNS).where(is_live, *_topic).order_by(cards.c.id)
NEXT_DUE = select(func.min(cards.c.not_before, type_=Utc)).where(
    is_stale, cards.c.claimed_at.is_(None), cards.c.platform.in_(bindparam("platforms", expanding=True))
)


class Cards(Verbs):
    """The verbs over cards. Looks show the live ones only: what was stopped is as good as gone."""

    def put(self, topic: Topic, place: Place, now: datetime) -> int:
        """The topic's card stands in this place from now on: to be posted, or brought up to date if it is
        there already. Its number is returned."""
        given: dict[str, Any] = {"topic_kind": topic.kind, "topic_key": topic.key, "place": place}
        given |= {"platform": place.platform, "installation": place.installation}
        given |= {"channel": place.channel, "thread": place.thread, "message_id": "", "wanted": 1, "shown": 0}
        given |= {"shown_hash": "", "not_before": now, "attempts": 0, "says": "", "state": "live"}
        number: int = self._connection.execute(PUT, given).scalar_one()
        return number

    def stale(self, topic: Topic) -> None:
        """The topic changed: each of its cards is to be shown anew."""
        self._connection.execute(STALE, _about(topic))

    def stale_kinds(self, kinds: Sequence[str]) -> None:
        """Something changed that every card of these kinds shows."""
        if kinds:
            self._connection.execute(STALE_KINDS, {"kinds": list(kinds)})

    def claim(
        self,
        now: datetime,
        lost_before: datetime,
        platform: str,
        resting: Sequence[str] = (),
        may_edit: bool = True,
    ) -> CardRow | None:
        """Take the stale card that has waited longest, for one claimer only; None if none is due. Cards in
        channels that are `resting` are passed over, and without `may_edit` those that have a post. The
        caller says what became of it (shown, later, lost_post); whoever claimed one before `lost_before`
        and never did is gone, and it is due again."""
        asked = {"now": now, "lost_before": lost_before, "on": platform, "resting": list(resting)}
        row = self._connection.execute(CLAIM if may_edit else CLAIM_NEW, asked).first()
        return None if row is None else _card(row)

    def shown(
        self, card_id: int, version: int, shown_hash: str, message_id: str, not_before: datetime
    ) -> bool:
        """Its post shows this version, which is `wanted` as it was claimed; a later change is shown from
        `not_before` on. False if the card was stopped meanwhile, so that nobody keeps this post."""
        given = {"one": card_id, "version": version, "digest": shown_hash}
        given |= {"message": message_id, "then": not_before}
        return self._connection.execute(SHOWN, given).first() is not None

    def later(self, card_id: int, not_before: datetime, says: str) -> None:
        """It was not shown, and may be tried again from then on."""
        self._connection.execute(LATER, {"one": card_id, "then": not_before, "what": says})

    def lost_post(self, card_id: int) -> None:
        """Its post is gone: the card is due at once, to be posted anew."""
        self._connection.execute(LOST_POST, {"one": card_id})

    def stop(self, topic: Topic, place: Place) -> CardRow | None:
        """The topic's card stands here no more: the card as it was, or None if there was none. A card put
        here later gets a post of its own."""
        return next(iter(self._stop(HERE.where(*_topic), _about(topic) | _at(place))), None)

    def stopped_in(self, place: Place) -> tuple[CardRow, ...]:
        """Stop every card of this thread, or of the whole channel if the place is none: as they were."""
        return self._stop(HERE if place.thread else IN_CHANNEL, _at(place))

    def of_topic(self, topic: Topic) -> tuple[CardRow, ...]:
        """Every card of this topic, oldest first."""
        return tuple(_card(row) for row in self._connection.execute(OF_TOPIC, _about(topic)))

    def in_place(self, place: Place) -> tuple[CardRow, ...]:
        """Every card in this very place, oldest first."""
        return tuple(_card(row) for row in self._connection.execute(HERE, _at(place)))

    def next_due(self, platforms: Sequence[str]) -> datetime | None:
        """When the first stale card of these platforms may be shown; None if none is stale. Those that
        are being shown just now do not count."""
        return self._connection.execute(NEXT_DUE, {"platforms": list(platforms)}).scalar()

    def moved(self, old: Place, new: Place) -> None:
        """Everything in this channel moved to another one. Each card goes along, to be posted anew: the
        numbers of the old posts mean others there. Where its topic has a card already, that one stays."""
        for card in self._locked(IN_CHANNEL, _at(old)):
            there = replace(card.place, installation=new.installation, channel=new.channel, thread="")
            asked = _about(card.topic) | _at(there)
            if self._connection.execute(REVIVE, asked).first() is None:
                self._connection.execute(MOVE, {"one": card.id, "there": there} | _at(there))
            else:
                self._connection.execute(STOPPED, {"one": card.id})

    def _stop(self, which: Select[Any], asked: dict[str, str]) -> tuple[CardRow, ...]:
        stopped = self._locked(which, asked)
        for card in stopped:
            self._connection.execute(STOPPED, {"one": card.id})
        return stopped

    def _locked(self, which: Select[Any], asked: dict[str, str]) -> tuple[CardRow, ...]:
        return tuple(_card(row) for row in self._connection.execute(which.with_for_update(), asked))


def _about(topic: Topic) -> dict[str, str]:
    return {"of_kind": topic.kind, "of_key": topic.key}


def _at(place: Place) -> dict[str, str]:
    asked = {"on": place.platform, "through": place.installation}
    return asked | {"chat": place.channel, "within": place.thread}


def _card(row: Any) -> CardRow:
    number, kind, key, *rest = row
    return CardRow(number, Topic(kind, key), *rest)
