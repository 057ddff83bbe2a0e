"""Messages to people and places: claimed with a last look at whether they are still due, sent at most once.

The claim is committed before anything is sent, so a crash in between leaves a message "attempting": it is
swept up as unknown, shown to the coordinator, and never sent twice unseen. What only changes a post is done
again instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from functools import partial
from typing import Final

import structlog

from bot.delivery import fates
from bot.delivery.instead import NotWanted, NotYet, Waits
from bot.delivery.rendering import Ready, ready
from bot.delivery.way import Way, rest
from bot.messages import Place, Post
from bot.platforms.port import SendFailed
from storage.deliveries import Delivery
from storage.store import Busy, Store

log = structlog.get_logger()

MOST_LEFT_OUT = 20  # messages that are not wanted any more, in one transaction
COUNTED_AS = {"send": "sent", "reply": "sent", "edit": "edited", "delete": "deleted"}
SOON = timedelta(seconds=2)  # when what is under way is asked about again


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
    await way.note(partial(fates.unreadable, one, type(bug).__name__, way.around.now()))
    way.count("failed")


def _claim(way: Way, resting: tuple[str, ...], above: int | None, store: Store) -> Ready | More | None:
    around, pacer = way.around, way.port.pacer
    for _ in range(MOST_LEFT_OUT):
        one = store.deliveries.claim(around.now(), way.port.name, resting, above, pacer.may_edit())
        if one is None:
            return None
        try:
            found = ready(around, store, one, way.kept)
            if found.has_chat or (opens := pacer.opens(one.target)) <= around.now():
                return found
            store.deliveries.later(one.id, opens, "its direct chat is opened then")
        except Waits:
            way.count("put off")
        except NotYet:
            store.deliveries.later(one.id, around.now() + SOON, "something is under way")
        except NotWanted as why:
            fates.not_wanted(one, why, around.now(), store)
        except Busy:  # that is the database's fault: the claim is rolled back, and comes again
            raise
        except Exception as bug:
            raise Unreadable(one, bug) from bug
    return MORE


async def send(way: Way, one: Ready) -> None:
    """Send a claimed message, or change what stands, and write down what became of it."""
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
        way.doubts.count = 0
        await way.note(partial(fates.sent, one, post, way.around.now()))
        way.count(COUNTED_AS[delivery.act])


async def _place(way: Way, one: Ready) -> Place:
    """Where it goes: where that stands which it changes, its place, or the direct chat of its reader, opened
    if it never was."""
    if one.delivery.changes and one.post is not None:
        return one.post.place
    if one.delivery.place is not None:
        return one.delivery.place
    if one.to is None:
        raise SendFailed("refused", "neither a place nor an account")
    return one.to.direct or await way.port.direct(one.to.account)


async def _post(way: Way, place: Place, one: Ready) -> Post | None:
    """Do what is to be done; where it stands then."""
    pacer, act = way.port.pacer, one.delivery.act
    for chat in {one.delivery.target, place.channel}:
        pacer.sends(chat, group=place.kind == "group", edit=one.delivery.changes)
    if act == "edit" and one.post is not None:
        pacer.pause(pacer.pace.same_post, place.channel)
        return await way.port.edit(one.post, one.message)
    if act == "delete" and one.post is not None:
        await way.port.delete(one.post)
        return None
    same = one.post is not None and one.post.place.channel == place.channel
    return await way.send(place, one.message, one.post.message_id if one.post and same else "")


async def _not_sent(way: Way, one: Ready, place: Place | None, failed: SendFailed) -> None:
    delivery, now = one.delivery, way.around.now()
    rest(way, failed, delivery.target)
    await way.note(partial(fates.not_sent, delivery, place, failed, now))
    way.count(failed.kind)
    log.warning("delivery_not_sent", delivery=delivery.id, platform=way.port.name, kind=failed.kind)
