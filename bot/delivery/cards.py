"""Cards: rendered when they are sent, edited at most so often, posted again where somebody deleted them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.delivery.rendering import shown_card
from bot.delivery.way import LOST_AFTER, Way, keep_posts, lost, moved, pause, rest, stands
from bot.dispatch import Surroundings
from bot.messages import Message, Place, Post
from bot.platforms.port import SendFailed
from storage.cards import CardRow
from storage.store import Busy, Store

log = structlog.get_logger()

MOST_UNSEEN = 3  # posts of one card of which nobody can tell whether they arrived, in a row


@dataclass(frozen=True)
class Stale:
    """A claimed card with what it is to show now."""

    row: CardRow
    message: Message
    seen: str  # its fingerprint


async def claim(way: Way, resting: Sequence[str], may_edit: bool) -> Stale | None:
    """Claim a card that does not show its topic as it stands; None if there is none that may be shown now.
    One that would look the same is left as it is. Raises Busy."""
    while True:
        row = await way.storage.write(
            partial(_take, way.around.now(), way.port.name, tuple(resting), may_edit)
        )
        if row is None:
            return None
        try:
            stale = await way.storage.write(partial(_render, way.around, row))
        except Busy:
            raise
        except Exception as bug:
            log.error("card_unreadable", card=row.id, kind=row.topic.kind, exc_info=bug)
            await _put_off(way, row, SendFailed("later", type(bug).__name__))
            continue
        if stale is not None:
            return stale


def _take(
    now: datetime, platform: str, resting: tuple[str, ...], may_edit: bool, store: Store
) -> CardRow | None:
    return store.cards.claim(now, now - LOST_AFTER, platform, resting, may_edit)


def _render(around: Surroundings, row: CardRow, store: Store) -> Stale | None:
    message, seen = shown_card(around, store, row)
    if row.message_id and seen == row.shown_hash:
        store.cards.shown(row.id, row.wanted, seen, row.message_id, around.now())
        return None
    return Stale(row, message, seen)


async def show(way: Way, card: Stale) -> None:
    """Post or edit a claimed card and write down what became of it. A card may be shown twice rather than
    never: both look the same."""
    row, pacer = card.row, way.port.pacer
    pacer.sends(row.place.channel, group=row.place.kind == "group", edit=bool(row.message_id))
    try:
        post = await _put(way, card)
    except SendFailed as failed:
        await _not_shown(way, row, failed)
    except Exception as bug:
        log.error("card_broke", card=row.id, platform=way.port.name, exc_info=bug)
        await _put_off(way, row, SendFailed("unknown", type(bug).__name__))
    else:
        way.doubts.count = 0
        now = way.around.now()
        again = now + timedelta(seconds=pacer.pace.same_post)
        still = await way.note(partial(_shown, card, post, now, again))
        way.count("card_edited" if row.message_id else "card_posted")
        if not still and not row.message_id:
            await _take_back(way, post)


async def _put(way: Way, card: Stale) -> Post:
    row = card.row
    if row.message_id:
        first, *more = row.message_id.split(" ")
        return await way.port.edit(Post(row.place, first, more=tuple(more)), card.message)
    return await way.send(row.place, card.message)


def _shown(card: Stale, post: Post, now: datetime, again: datetime, store: Store) -> bool:
    """Whether the card still stands: somebody may have stopped it meanwhile."""
    ids = " ".join((post.message_id, *post.more))  # no platform has a space in them
    still = store.cards.shown(card.row.id, card.row.wanted, card.seen, ids, again)
    if still and ids != card.row.message_id:
        keep_posts(store, post, card.row.topic, now)
    stands(store, post.place, now)
    return still


async def _take_back(way: Way, post: Post) -> None:
    try:
        await way.port.delete(post)
    except SendFailed as failed:
        log.warning("card_left_behind", platform=way.port.name, kind=failed.kind)


async def _not_shown(way: Way, row: CardRow, failed: SendFailed) -> None:
    way.count(f"card_{failed.kind}")
    log.warning("card_not_shown", card=row.id, platform=way.port.name, kind=failed.kind)
    if failed.kind == "deleted":
        await way.note(lambda store: store.cards.lost_post(row.id))
    elif failed.kind == "moved" and failed.place is not None:
        there = failed.place
        await way.note(partial(_moved, row, there, way.around.now()))
    elif failed.kind in ("gone", "refused"):
        await way.note(partial(_gone, row, failed, way.around.now()))
    else:
        await _put_off(way, row, failed)


def _moved(row: CardRow, there: Place, now: datetime, store: Store) -> None:
    moved(store, row.place, there)
    store.cards.later(row.id, now, "moved")


def _gone(row: CardRow, failed: SendFailed, now: datetime, store: Store) -> None:
    if failed.kind == "gone":
        lost(store, row.place, failed.says, now)
    store.cards.later(row.id, now + timedelta(days=1), failed.says)  # whoever mends the place shows it anew


async def _put_off(way: Way, row: CardRow, failed: SendFailed) -> None:
    rest(way, failed, row.place.channel)
    again = way.around.now() + pause(row.attempts, failed.after)
    if failed.kind == "unknown" and not row.message_id and row.attempts >= MOST_UNSEEN:
        again = way.around.now() + timedelta(days=1)
    await way.note(lambda store: store.cards.later(row.id, again, failed.says))
