"""What is written about a message once it is known what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.batches import REMAINS, changed
from bot.delivery.folding import give_back, pass_on
from bot.delivery.instead import CutOff, NotTheirs, NotWanted
from bot.delivery.rendering import Ready
from bot.delivery.way import LOST_AFTER, keep_posts, lost, moved, pause, stands
from bot.messages import Place, Post
from bot.people.addresses import bounced
from bot.people.closing import closed, says_closed
from bot.platforms.pacing import LONGEST_PAUSE
from bot.platforms.port import SendFailed
from storage.deliveries import Delivery
from storage.store import Store

MOST_AT_ONCE_AGAIN = 3  # tries right after the platform's own pause; then it waits longer than others
AFTER_A_FAILURE = timedelta(days=1)  # until what a digest was to say is tried again
INSTEAD = ":instead"  # what is added to the key of a deletion that became an edit


def sent(ready: Ready, post: Post | None, now: datetime, store: Store) -> None:
    """It was done: the post stands, or stands no more."""
    one = ready.delivery
    if _leaves_a_picture(one, ready.post):
        store.deliveries.failed(one.id, REMAINS, now)
    else:
        store.deliveries.sent(one.id, now, post if one.batch and not one.changes else None)
    if one.changes and one.about is not None:
        store.deliveries.stands(one.about, post)
    elif one.batch and one.attempted_at is not None and now - one.attempted_at >= LOST_AFTER:
        store.deliveries.stands_after_all(one.id, now)  # so long after that it may have counted as unclear
    if post is not None:
        keep_posts(store, post, ready.topic, now, one.account_id)
    if one.place is not None and post is not None:
        stands(store, post.place, now)
    elif one.account_id is not None and post is not None:
        store.accounts.reads_at(one.account_id, post.place)
    _of_its_batch(store, one)


def not_wanted(one: Delivery, why: NotWanted, now: datetime, store: Store) -> None:
    """Its reader or its reason is gone, and perhaps its reader is reached elsewhere; or it cannot go now:
    that a batch counts among what failed, for whoever sent it to try again."""
    if one.batch and isinstance(why, CutOff):
        store.deliveries.failed(one.id, str(why), now)
    else:
        store.deliveries.skipped(one.id, str(why))
    if not isinstance(why, NotTheirs) or not _another_way(one, now, store):
        give_back(one, str(why), now, now, store)
    _of_its_batch(store, one)


def unreadable(one: Delivery, bug: str, now: datetime, store: Store) -> None:
    """It cannot be put into words."""
    store.deliveries.failed(one.id, bug, now)
    give_back(one, bug, now + AFTER_A_FAILURE, now, store)
    _of_its_batch(store, one)


def not_sent(one: Delivery, place: Place | None, failed: SendFailed, now: datetime, store: Store) -> None:
    """It was not done, or nobody can tell. An unknown one stays "attempting" and is swept up as what it is;
    a change is made again."""
    if failed.post is not None and one.changes and one.about is not None:
        store.deliveries.stands(one.about, failed.post)  # what was posted already is not posted once more
    if failed.kind == "later" or (failed.kind == "unknown" and one.changes):
        if not store.deliveries.later(one.id, _again(one, failed, now), failed.says):
            _of_its_batch(store, one)
        return
    if failed.kind == "unknown":
        return
    store.deliveries.failed(one.id, _why(one, place, failed, now, store), now)
    unreachable = one.account_id if failed.kind == "gone" else None
    if unreachable is not None:
        bounced(store, unreachable, hard=True, now=now)
        if says_closed(failed.says):
            closed(store, unreachable, now)
    if unreachable is None or not _another_way(one, now, store):
        give_back(one, failed.kind, now + AFTER_A_FAILURE, now, store)
    if failed.kind == "refused" and one.act == "delete":
        store.deliveries.queue([_instead(one, now)])
    elif failed.kind == "moved" and place is not None and failed.place is not None:
        moved(store, place, failed.place)
    _of_its_batch(store, one)


def _leaves_a_picture(one: Delivery, post: Post | None) -> bool:
    """Whether this was said in place of a post that could not be deleted, and that is more than words."""
    return INSTEAD in one.key and post is not None and any(":" in part for part in post.more)


def _why(one: Delivery, place: Place | None, failed: SendFailed, now: datetime, store: Store) -> str:
    """Why it was not done, as a code: the kind of what went wrong; for a place out of reach, its state."""
    if failed.kind != "gone" or one.account_id is not None or place is None:
        return failed.kind
    state = lost(store, place, failed.says, now)
    return state if one.batch else failed.kind


def _again(one: Delivery, failed: SendFailed, now: datetime) -> datetime:
    """Not before when it may be tried again. Where the platform named a pause, the pacer keeps it (`rest`),
    and the message keeps its moment: what was said after it in that chat is not to go before it."""
    if 0 < failed.after <= LONGEST_PAUSE.total_seconds() and one.attempts <= MOST_AT_ONCE_AGAIN:
        return one.not_before
    return now + pause(one.attempts, failed.after)


def _instead(one: Delivery, now: datetime) -> Delivery:
    """What cannot be deleted any more is edited to what the notice says."""
    return replace(
        one, id=0, key=f"{one.key}{INSTEAD}", act="edit", not_before=now, state="queued", attempts=0, says=""
    )


def _another_way(one: Delivery, now: datetime, store: Store) -> bool:
    """A person out of reach on one platform, or who unlinked their account there, is told on another, as a
    message of its own: whether there is one. What changes a post has no other way."""
    if one.person_id is None or one.changes:
        return False
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
            act="send",
            about=None,
        )
        store.deliveries.queue([again])
        pass_on(one, again, now, store)
    return other is not None


def _of_its_batch(store: Store, one: Delivery) -> None:
    """The card of what it is of shows how far that is."""
    if one.batch:
        changed(store, one.batch)
