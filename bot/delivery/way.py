"""One platform's way out, as everything in a lane shares it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar, cast, get_args

from bot.delivery.kept import Kept
from bot.dispatch import Surroundings
from bot.messages import Message, Place, Post, Topic
from bot.platforms.port import Port, SendFailed
from bot.standing import MENDS_ITSELF, heard_from
from storage.places import PlaceState
from storage.store import Busy, Storage, Store

PAUSES_WHILE_BUSY = (0.1, 0.5, 2.0, 5.0)  # seconds
LOST_AFTER = timedelta(minutes=1)  # no platform call takes so long: whoever claimed it is gone
LONGEST_DOUBT = 60.0  # seconds between two messages of which nobody can tell whether they arrived
LONGEST_WAIT = timedelta(minutes=10)  # between two tries of the same message

T = TypeVar("T")
Counts = Counter[tuple[str, str]]  # (platform, outcome) -> how many


@dataclass
class Doubts:
    """How many messages in a row went away and nobody can tell whether they arrived."""

    count: int = 0


@dataclass(frozen=True)
class Way:
    """The platform's port, the database, what surrounds every call, and the files that messages carry."""

    port: Port
    storage: Storage
    around: Surroundings
    counts: Counts
    kept: Kept
    doubts: Doubts = field(default_factory=Doubts)

    async def note(self, work: Callable[[Store], T]) -> T:
        """Write down what became of a message. It is known only here, so a busy database is waited for."""
        for wait in PAUSES_WHILE_BUSY:
            try:
                return await self.storage.write(work)
            except Busy:
                await self.around.clock.sleep(wait)
        return await self.storage.write(work)

    async def send(self, place: Place, message: Message, reply_to: str = "") -> Post:
        """Send into a place, or where it lives now (there, in reply to nothing). Raises SendFailed."""
        try:
            return await self.port.send(place, message, reply_to=reply_to)
        except SendFailed as failed:
            if failed.kind != "moved" or failed.place is None:
                raise
            there = failed.place
            await self.note(lambda store: moved(store, place, there))
            return await self.port.send(there, message)

    def count(self, outcome: str) -> None:
        """One more that ended so."""
        self.counts[self.port.name, outcome] += 1


def pause(tries: int, after: float) -> timedelta:
    """How long a message waits after so many tries, or as long as the platform asks for."""
    return max(timedelta(seconds=after), min(timedelta(seconds=2 ** min(tries, 10)), LONGEST_WAIT))


def rest(way: Way, failed: SendFailed, chat: str) -> None:
    """What a platform asks for when it wants a pause: of this chat, of edits, or of everything. Where it
    takes messages and does not answer, each is one of which nobody can tell: all rests, longer each time."""
    if failed.kind == "unknown":
        way.doubts.count += 1
        if way.doubts.count > 1:
            way.port.pacer.pause(min(2.0**way.doubts.count, LONGEST_DOUBT))
    elif failed.kind != "later":
        way.doubts.count = 0
    if failed.after:
        way.port.pacer.pause(
            failed.after, chat if failed.scope == "chat" else "", edits=failed.scope == "edits"
        )


def moved(store: Store, old: Place, new: Place) -> None:
    """A group lives somewhere else now (Telegram made it a supergroup): so does all that is meant for it."""
    store.places.moved(old, new.channel)
    store.deliveries.moved(old, new)
    store.cards.moved(old, new)


def stands(store: Store, place: Place, now: datetime) -> None:
    """Something of ours was just put there: a place that was out of reach is within it again, without
    anybody having told, and so are its cards."""
    known = store.places.find(place)
    if known is not None and known.state in MENDS_ITSELF:
        heard_from(store, place, now)


def lost(store: Store, place: Place, says: str, now: datetime) -> PlaceState:
    """The platform says that a place is out of reach, and perhaps why: `says` may begin with the state.
    What is known already (removed, archived) stands. The state that it is in."""
    known = store.places.find(place)
    if known is not None and known.state != "open":
        return known.state
    why = says.partition(":")[0]
    state = cast(PlaceState, why) if why in get_args(PlaceState) else "lost"
    store.places.remember(place, now)
    store.places.set_state_of(place, state, says, now)
    return state


def keep_posts(
    store: Store, post: Post, topic: Topic | None, now: datetime, account_id: int | None = None
) -> None:
    """Remember a post with all that was posted with it: a reply to any of it finds what it is about."""
    ids = dict.fromkeys((post.message_id, *(one.rpartition(":")[2] for one in post.more)))
    for part, number in enumerate(ids):
        store.posts.add(replace(post, message_id=number, part=part, more=()), topic, now, account_id)
