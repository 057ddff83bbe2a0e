"""Messages to people and places: claimed with a last look at whether they are still due, sent at most once.

The claim is committed before anything is sent, so a crash in between leaves a message "attempting": it is
swept up as unknown, shown to the coordinator, and never sent twice unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Final

import structlog

from bot.delivery.rendering import NotTheirs, NotWanted, Ready, ready
from bot.delivery.way import Way, lost, pause, rest, stands
from bot.messages import Place, Post
from bot.platforms.pacing import LONGEST_PAUSE
from bot.platforms.port import SendFailed
from storage.deliveries import Delivery
from storage.store import Busy, Store

log = structlog.get_logger()

MOST_AT_ONCE_AGAIN = 3  # tries right after the platform's own pause; then it waits longer than others
MOST_LEFT_OUT = 20  # messages that are not wanted any more, in one transaction


class More(Enum):
    """There may be more that is due: those looked at were not wanted."""

    MORE = 0


MORE: Final = More.MORE


class Unreadable(Exception):
    """A message that cannot be put into words."""

    def __init__(self, one: Delivery, bug: Exception) -> None:
        super().__init__(one.key)
        self.one, self.bug = one, bug


async def claim(way: Way, resting: Sequence[str], above: int | None = None) -> Ready | None:
    """Claim the most urgent message that is due, ready to be sent; None if there is none. Those that are
    not wanted any more are left out on the way. Raises Busy."""
    while True:
        try:
            found = await way.storage.write(partial(_claim, way, tuple(resting), above))
            if found is not MORE:
                return found
        except Unreadable as broken:
            await _left_out(way, broken.one, broken.bug)


async def _left_out(way: Way, one: Delivery, bug: Exception) -> None:
    log.error("delivery_unreadable", delivery=one.id, kind=one.kind or one.template, exc_info=bug)
    now = way.around.now()
    await way.note(lambda store: store.deliveries.failed(one.id, type(bug).__name__, now))
    way.count("failed")


def _claim(way: Way, resting: tuple[str, ...], above: int | None, store: Store) -> Ready | More | None:
    around = way.around
    for _ in range(MOST_LEFT_OUT):
        one = store.deliveries.claim(around.now(), way.port.name, resting, above)
        if one is None:
            return None
        try:
            found = ready(around, store, one)
            if found.has_chat or (opens := way.port.pacer.opens(one.target)) <= around.now():
                return found
            store.deliveries.later(one.id, opens, "its direct chat is opened then")
        except NotWanted as why:
            store.deliveries.skipped(one.id, str(why))
            if isinstance(why, NotTheirs):
                _another_way(one, around.now(), store)
        except Busy:  # that is the database's fault: the claim is rolled back, and comes again
            raise
        except Exception as bug:
            raise Unreadable(one, bug) from bug
    return MORE


async def send(way: Way, one: Ready) -> None:
    """Send a claimed message and write down what became of it."""
    delivery = one.delivery
    place: Place | None = None
    try:
        place = await _place(way, one)
        post = await _post(way, place, one)
    except SendFailed as failed:
        await _not_sent(way, one, place, failed)
    except Exception as bug:
        log.error("delivery_broke", delivery=delivery.id, platform=way.port.name, exc_info=bug)
        await _not_sent(way, one, place, SendFailed("unknown", type(bug).__name__))
    else:
        await way.note(partial(_sent, one, post, way.around.now()))
        way.count("sent")


async def _place(way: Way, one: Ready) -> Place:
    """Where it goes: its place, or the direct chat of its reader, opened if it never was."""
    if one.delivery.place is not None:
        return one.delivery.place
    if one.to is None:
        raise SendFailed("refused", "neither a place nor an account")
    return one.to.direct or await way.port.direct(one.to.account)


async def _post(way: Way, place: Place, one: Ready) -> Post:
    for chat in {one.delivery.target, place.channel}:
        way.port.pacer.sends(chat, group=place.kind == "group")
    return await way.send(place, one.message)


def _sent(ready: Ready, post: Post, now: datetime, store: Store) -> None:
    one = ready.delivery
    store.deliveries.sent(one.id, now)
    store.posts.add(post, ready.topic, now, one.account_id)
    if one.place is not None:
        stands(store, post.place, now)
    elif one.account_id is not None:
        store.accounts.reads_at(one.account_id, post.place)


async def _not_sent(way: Way, one: Ready, place: Place | None, failed: SendFailed) -> None:
    delivery, now = one.delivery, way.around.now()
    rest(way, failed, delivery.target)
    await way.note(partial(_fate, delivery, place, failed, now))
    way.count(failed.kind)
    log.warning("delivery_not_sent", delivery=delivery.id, platform=way.port.name, kind=failed.kind)


def _fate(one: Delivery, place: Place | None, failed: SendFailed, now: datetime, store: Store) -> None:
    """What is written about a message that was not sent, or of which nobody can tell."""
    if failed.kind == "later":
        store.deliveries.later(one.id, _again(one, failed, now), failed.says)
    elif failed.kind != "unknown":  # unknown stays "attempting" and is swept up as what it is
        store.deliveries.failed(one.id, failed.kind, now)
    if failed.kind == "gone" and one.account_id is not None:
        store.accounts.lost(one.account_id, now)
        _another_way(one, now, store)
    elif failed.kind == "gone" and place is not None:
        lost(store, place, failed.says, now)


def _again(one: Delivery, failed: SendFailed, now: datetime) -> datetime:
    """Not before when it may be tried again. Where the platform named a pause, the pacer keeps it (`rest`),
    and the message keeps its moment: what was said after it in that chat is not to go before it."""
    if 0 < failed.after <= LONGEST_PAUSE.total_seconds() and one.attempts <= MOST_AT_ONCE_AGAIN:
        return one.not_before
    return now + pause(one.attempts, failed.after)


def _another_way(one: Delivery, now: datetime, store: Store) -> None:
    """A person out of reach on one platform, or who unlinked their account there, is told on another, as a
    message of its own."""
    if one.person_id is None:
        return
    others = (
        o for o in store.accounts.of_person(one.person_id) if o.reachable and o.account_id != one.account_id
    )
    other = next(others, None)
    if other is not None:
        again = replace(
            one,
            id=0,
            key=f"{one.key}>{other.account_id}",
            platform=other.account.platform,
            account_id=other.account_id,
            not_before=now,
            state="queued",
            attempts=0,
            says="",
        )
        store.deliveries.queue([again])
