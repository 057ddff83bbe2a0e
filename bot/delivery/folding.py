"""Several messages to one reader in one: folded into a digest, and given back by a digest that never arrives.

At most as many as a digest says; the rest waits for the next one (spec/engagement.md section 2). Nothing that
is due is lost: what a digest was to say is queued again where that comes to nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog

from bot.batches import changed
from bot.context import Context
from bot.handlers.attention.digest import MOST
from bot.notices import NOTICES
from storage.deliveries import Delivery
from storage.emails import MAIL
from storage.store import Busy, Store

log = structlog.get_logger()

DIGEST: Final = "digest"
MOST_TRIES: Final = 4  # of one message: in digests that came to nothing, or of its own


def is_a_letter(one: Delivery) -> bool:
    """Whether it is one of many mails: those are read as they are, and are no line of a message elsewhere."""
    return one.platform == MAIL and one.batch != ""


def is_full(one: Delivery) -> bool:
    """Whether it is a digest that takes up nothing more."""
    return one.kind == DIGEST and len(one.values["items"]) >= MOST


def fold(ctx: Context, person: int, every: list[Delivery]) -> frozenset[int]:
    """The most urgent of these queued messages are said in one digest, as many as one says: their numbers. Of
    the digests among them nothing is left: what was in one and does not find its place goes its own way."""
    inside = {each.id: _inside(ctx, each) for each in every if each.kind == DIGEST}
    single = [each for each in every if each.kind != DIGEST]
    ranked = sorted((*single, *(item for items in inside.values() for item in items)), key=_urgency)
    said, rest = ranked[:MOST], {each.id for each in ranked[MOST:]}
    digest = _digest(ctx, person, every[0], [item.id for item in said])
    ctx.store.deliveries.queue([digest])
    ctx.store.deliveries.fold([*inside, *(item.id for item in said)], ctx.now, digest.key)
    for item in (item for items in inside.values() for item in items if item.id in rest):
        ctx.store.deliveries.unfold(item, ctx.now, _end(item, ctx.now))
    _show(ctx.store, ranked)
    return frozenset({*inside, *(item.id for item in said)})


def give_back(one: Delivery, says: str, then: datetime, now: datetime, store: Store) -> None:
    """What a digest says that never arrives is queued again, and decided upon once more then (UTC). What was
    tried often enough comes to nothing, too, and for the same reason (`says`)."""
    if one.kind != DIGEST:
        return
    items = store.deliveries.folded(one.values["items"], one.id)
    for item in items:
        store.deliveries.unfold(item, then, _end(item, then), tries=1)
        if item.attempts + 1 >= MOST_TRIES:
            store.deliveries.failed(item.id, says, now)
    _show(store, items)


def pass_on(one: Delivery, other: Delivery, now: datetime, store: Store) -> None:
    """What a digest says is said in another one that goes instead."""
    if one.kind == DIGEST:
        items = store.deliveries.folded(one.values["items"], one.id)
        store.deliveries.fold([item.id for item in items], now, other.key)


def _inside(ctx: Context, digest: Delivery) -> tuple[Delivery, ...]:
    """What a digest that waits is to say, and is still due. The rest is given back, and settled by itself."""
    items = ctx.store.deliveries.folded(digest.values["items"], digest.id)
    due = tuple(item for item in items if _is_due(ctx, item))
    for item in items:
        if item not in due:
            ctx.store.deliveries.unfold(item, ctx.now, item.useful_until)
    return due


def _is_due(ctx: Context, item: Delivery) -> bool:
    """Whether it is to be said; one that breaks is looked at when its own turn comes."""
    try:
        helps = item.useful_until is None or item.useful_until > ctx.now or not item.fixed_end
        return helps and NOTICES[item.kind].still_due(ctx, item.values)
    except Busy:
        raise
    except Exception as bug:
        log.warning("delivery_joins_none", delivery=item.id, kind=item.kind, exc_info=bug)
        return False


def _urgency(one: Delivery) -> tuple[int, datetime, int]:
    return one.priority, one.since or one.not_before, one.id


def _end(one: Delivery, then: datetime) -> datetime | None:
    """Until when one helps that is looked at again at a moment."""
    notice = NOTICES.get(one.kind)
    return one.useful_until if notice is None or one.fixed_end else then + notice.useful


def _digest(ctx: Context, person: int, one: Delivery, items: list[int]) -> Delivery:
    notice = NOTICES[DIGEST]
    there = ctx.reached(person, notice.theme)
    return Delivery.new(
        key=f"{DIGEST}:{one.id}.{one.attempts}:{person}",  # one that is given back is claimed once more
        platform=there.account.platform if there else one.platform,
        account_id=there.account_id if there else one.account_id,
        person_id=person,
        kind=DIGEST,
        template="",
        values={"items": items},
        priority=notice.priority,
        not_before=ctx.now,
        useful_until=ctx.now + notice.useful,
    )


def _show(store: Store, these: list[Delivery] | tuple[Delivery, ...]) -> None:
    for batch in sorted({one.batch for one in these if one.batch}):
        changed(store, batch)
