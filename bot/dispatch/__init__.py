"""The pipe: an event -> one transaction (who, may they, handler) -> an answer, recorded before it is given.

Three fates of what goes wrong, decided here and nowhere else: a Refusal is a kind sentence; a database
that is busy is tried again within the platform's patience; anything else is rolled back, recorded as
failed under a short reference, logged, and said kindly.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot.commands import N_
from bot.dispatch.answering import MustWrite, answer_reply
from bot.dispatch.running import Stopped, Waits, record, recorded, run, say
from bot.dispatch.surroundings import Surroundings, context_for
from bot.dispatch.understanding import only_reads
from bot.messages import NOTHING, Answer, Button, Incoming, Post, Reply, Said, Topic
from storage.store import Busy, Duplicate, Storage, Store

__all__ = ["Dispatch", "Surroundings"]

T = TypeVar("T")
log = structlog.get_logger()

TRIES_WHILE_BUSY = 3
FIRST_PAUSE = 0.05  # seconds, doubled each time: well inside the three seconds that Slack waits
MOST_ON_THEIR_WAY = 1000
LONGEST_GIVING = timedelta(minutes=5)  # a full group, and a platform that asks for patience
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """What people are shown when something went wrong on our side, and what the log has it under."""
    return "R-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(4))


class Dispatch:
    """The inbox of every platform (`bot.platforms.port.Inbox`)."""

    def __init__(
        self, storage: Storage, around: Surroundings, wake: Callable[[], None] = lambda: None
    ) -> None:
        self._storage, self._around, self._wake = storage, around, wake
        self._giving: dict[tuple[str, str], tuple[Topic | None, datetime]] = {}  # by the ports, since when
        self._given: list[tuple[str, str]] = []
        self._posted: list[tuple[Post, Topic]] = []

    async def receive(self, incoming: Incoming) -> Answer:
        """Do what was asked and return the answer to give, after the commit. A redelivery gets the
        recorded answer again. Raises only if not even the failure could be recorded: then nothing
        may be acknowledged."""
        replied = incoming.reply_to if isinstance(incoming, Said) else incoming.arguments.get("reply")
        if replied:
            await self.flush()  # the post that is replied to may be one whose topic is not written yet
        if isinstance(incoming, Said):
            said = incoming
            if not said.addressed and not await self._patiently(lambda: self._meant(said)):
                return NOTHING
        try:
            if only_reads(incoming, self._around.registry):
                return await self._look(incoming)
            return await self._do(incoming)
        except Exception as fault:  # the one broad net: everything that is neither a no nor busy
            return await self._broken(incoming, fault)

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        """Note that an answer reached its platform; `flush` writes it down."""
        event = (incoming.account.platform, incoming.event)
        topic, _ = self._giving.pop(event, (None, None))
        self._given.append(event)
        if post is not None and topic is not None:
            self._posted.append((post, topic))
        self._wake()

    def left(self, incoming: Incoming) -> None:
        """Note that a platform's port gave up giving an answer: the worker may."""
        self._giving.pop((incoming.account.platform, incoming.event), None)

    def is_giving(self, platform: str, event: str) -> bool:
        """Whether a port of this process is still giving that answer: nobody else is to."""
        found = self._giving.get((platform, event))
        return found is not None and self._around.now() - found[1] < LONGEST_GIVING

    async def flush(self) -> None:
        """Write down what was given since the last time: many answers in one transaction."""
        given, self._given = self._given, []
        posted, self._posted = self._posted, []
        if not given and not posted:
            return
        try:
            await self._storage.write(lambda store: self._note(store, given, posted))
        except BaseException as trouble:  # whatever it is, it was given, and is written down later
            self._given[:0], self._posted[:0] = given, posted
            if not isinstance(trouble, Busy):
                raise

    def _note(self, store: Store, given: list[tuple[str, str]], posted: list[tuple[Post, Topic]]) -> None:
        store.received.given(given)
        for post, topic in posted:
            store.posts.add(post, topic, self._around.now())

    async def _look(self, incoming: Incoming) -> Answer:
        """A command that only reads: a reader, no row, nothing to redeliver."""
        try:
            return await self._patiently(
                lambda: self._storage.read(partial(run, self._around, incoming, writes=False), quick=True)
            )
        except (MustWrite, Stopped, Waits):
            return await self._do(incoming)

    async def _meant(self, said: Said) -> bool:
        """Whether plain words in a group stand under a post of ours; if not, nothing is written."""
        if not said.reply_to:
            return False
        place = said.place
        topic = await self._storage.read(
            lambda store: store.posts.topic_of(
                place.platform, place.installation, place.channel, said.reply_to
            )
        )
        return topic is not None

    async def _do(self, incoming: Incoming) -> Answer:
        try:
            answer = await self._patiently(lambda: self._run(incoming))
        except (Stopped, Waits) as turn:
            said = partial(say, self._around, incoming, turn)
            answer = await self._patiently(lambda: self._write(said))
        if answer != NOTHING:
            event = (incoming.account.platform, incoming.event)
            self._giving[event] = (answer.topic, self._around.now())
            if len(self._giving) > MOST_ON_THEIR_WAY:  # the worker gives what a platform did not take
                del self._giving[next(iter(self._giving))]
        self._wake()
        return answer

    async def _run(self, incoming: Incoming) -> Answer:
        work = partial(run, self._around, incoming, writes=True)
        try:
            return await self._storage.write(work, quick=True)
        except Duplicate:  # most events come once, so only now is it asked what this one was answered
            return await self._storage.write(partial(work, came_before=True))

    async def _write(self, work: Callable[[Store], Answer]) -> Answer:
        try:
            return await self._storage.write(work)
        except Duplicate:  # the same event came twice at once; the other one has recorded its answer
            return await self._storage.write(work)

    async def _patiently(self, transaction: Callable[[], Awaitable[T]]) -> T:
        pause = FIRST_PAUSE
        for _ in range(TRIES_WHILE_BUSY - 1):
            try:
                return await transaction()
            except Busy:
                await asyncio.sleep(pause)
                pause *= 2
        return await transaction()

    async def _broken(self, incoming: Incoming, fault: Exception) -> Answer:
        """Record that this call cannot be done, so that it is not redelivered for ever, and say so."""
        reference = new_reference()
        log.error("call_broke", reference=reference, platform=incoming.account.platform, exc_info=fault)
        return await self._patiently(
            lambda: self._storage.write(partial(self._record_broken, incoming, reference))
        )

    def _record_broken(self, incoming: Incoming, reference: str, store: Store) -> Answer:
        if (before := recorded(store, incoming)) is not None:
            return before
        ctx = context_for(self._around, incoming, store)
        buttons = (Button(N_("Help"), "help"),)
        answer = answer_reply(ctx, self._around.templates, Reply("broken", {"reference": reference}, buttons))
        record(ctx, answer, reference)
        return answer
