"""One platform's way out: the answers left behind first, then the deliveries that are due."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.delivery.pacing import LONG_AGO, Pace, Pacer, Sleep, pause
from bot.dispatch import Surroundings
from bot.dispatch.answering import answer_reply, from_json
from bot.dispatch.surroundings import context_for
from bot.messages import Account, Answer, Call, Message, Place, Post, Reply
from bot.platforms.port import Port, SendFailed
from storage.accounts import Linked
from storage.deliveries import Delivery
from storage.received import Received
from storage.store import Busy, Storage, Store

log = structlog.get_logger()

ANSWER_PATIENCE = timedelta(seconds=30)  # the port that took the event may still be giving its answer
AT_ONCE = 50  # answers looked up in one read
PAUSES_WHILE_BUSY = (0.1, 0.5, 2.0, 5.0)  # seconds

Counts = Counter[tuple[str, str]]  # (platform, outcome) -> how many


class Lane:
    """One platform's way out: answers first, then deliveries, at its pace."""

    def __init__(
        self,
        storage: Storage,
        port: Port,
        around: Surroundings,
        started: datetime,
        sleep: Sleep,
        pace: Pace,
        counts: Counts,
    ) -> None:
        self.name, self.bell, self.stopping = port.name, asyncio.Event(), False
        self._storage, self._port, self._around = storage, port, around
        self._started, self._counts, self._sleep = started, counts, sleep
        self._pacer = Pacer(pace, around.now, sleep)
        self._turn = asyncio.Lock()
        self._tries: dict[str, tuple[int, datetime]] = {}  # by event: how often, and not again before
        self._paused_until = LONG_AGO

    async def turn(self) -> None:
        """Give what was left behind and send what is due, until nothing is or the platform wants a pause."""
        async with self._turn:
            while not self._resting():
                left = await self._left_behind()
                for one in left:
                    if not self._resting():
                        await self._give(one)
                if not left and not await self._deliver():
                    return

    def _resting(self) -> bool:
        return self.stopping or not self._port.ready() or self._around.now() < self._paused_until

    async def _note(self, work: Callable[[Store], None]) -> None:
        """Write down what became of a message. It is known only here, so a busy database is waited for."""
        for wait in PAUSES_WHILE_BUSY:
            try:
                return await self._storage.write(work)
            except Busy:
                await self._sleep(wait)
        return await self._storage.write(work)

    # ---- answers ----

    async def _left_behind(self) -> list[Received]:
        """Answers recorded and not given: of before this process at once, others after a while."""
        now = self._around.now()
        before, limit = max(self._started, now - ANSWER_PATIENCE), AT_ONCE
        while True:
            rows = await self._storage.read(partial(_unsent, before, limit))
            own = [one for one in rows if one.platform == self.name and self._due(one, now)]
            if own or len(rows) < limit:
                return own[:AT_ONCE]
            limit *= 2  # those of another platform that is down stand in front of ours

    def _due(self, one: Received, now: datetime) -> bool:
        return one.event not in self._tries or self._tries[one.event][1] <= now

    async def _give(self, one: Received) -> None:
        answer = from_json(one.answer) if one.answer else None
        post: Post | None = None
        outcome = "given_late"
        if answer is not None:
            await self._pacer.keep(one.place.channel)
            try:
                post = await self._give_there(one, answer)
            except SendFailed as failed:
                if failed.kind in ("later", "unknown"):  # an answer is given at least once
                    self._put_off(one, failed)
                    return
                outcome = f"answer_{failed.kind}"
                log.warning("answer_not_given", event_id=one.event, platform=self.name, kind=failed.kind)
            except Exception as bug:
                log.error("answer_broke", event_id=one.event, platform=self.name, exc_info=bug)
                self._put_off(one, SendFailed("later", type(bug).__name__))
                return
        topic = answer.topic if answer else None

        def note(store: Store) -> None:
            store.received.given([(one.platform, one.event)])
            if post is not None and topic is not None:
                store.posts.add(post, topic, self._around.now())

        await self._note(note)
        self._tries.pop(one.event, None)
        self._counts[self.name, outcome] += 1

    async def _give_there(self, one: Received, answer: Answer) -> Post | None:
        try:
            return await self._port.give(one.place, one.account, answer, one.message_id)
        except SendFailed as failed:
            if failed.kind != "moved" or failed.place is None:
                raise
            return await self._port.give(failed.place, one.account, answer)

    def _put_off(self, one: Received, failed: SendFailed) -> None:
        tries = self._tries.get(one.event, (0,))[0] + 1
        until = self._around.now() + pause(tries, failed.after)
        self._tries[one.event] = (tries, until)
        if failed.after:
            self._paused_until = until
        log.info("answer_waits", event_id=one.event, platform=self.name, kind=failed.kind, tries=tries)

    # ---- deliveries ----

    async def _deliver(self) -> bool:
        """Send the most urgent message that is due; False if there is none."""
        now = self._around.now()
        claimed = await self._storage.write(lambda s: s.deliveries.claim(now, 1, (self.name,)))
        if not claimed:
            return False
        one = claimed[0]
        if one.useful_until is not None and now >= one.useful_until:
            await self._note(lambda s: s.deliveries.skipped(one.id, "past its use"))
            return True
        rendered = await self._rendered(one)
        if rendered is not None:
            await self._send(one, *rendered)
        return True

    async def _rendered(self, one: Delivery) -> tuple[Message, Linked | None] | None:
        try:
            return await self._storage.write(lambda s: _render(self._around, s, one))
        except Busy:  # not sent: it may go again at once
            await self._note(lambda s: s.deliveries.later(one.id, self._around.now(), "busy"))
            raise
        except Exception as bug:
            log.error("delivery_unreadable", delivery=one.id, template=one.template, exc_info=bug)
            says, now = type(bug).__name__, self._around.now()
            await self._note(lambda s: s.deliveries.failed(one.id, says, now))
            self._counts[self.name, "failed"] += 1
            return None

    async def _send(self, one: Delivery, message: Message, to: Linked | None) -> None:
        try:
            place = one.place or (to.direct if to else None) or await self._direct(to)
            await self._pacer.keep(place.channel)
            post = await self._post(place, message)
        except SendFailed as failed:
            await self._not_sent(one, failed)
            return
        except Exception as bug:
            log.error("delivery_broke", delivery=one.id, platform=self.name, exc_info=bug)
            await self._not_sent(one, SendFailed("unknown", type(bug).__name__))
            return

        def note(store: Store) -> None:
            now = self._around.now()
            store.deliveries.sent(one.id, now)
            store.posts.add(post, one.topic, now, one.account_id)

        await self._note(note)
        self._counts[self.name, "sent"] += 1

    async def _direct(self, to: Linked | None) -> Place:
        if to is None:
            raise SendFailed("refused", "neither a place nor an account")
        return await self._port.direct(to.account)

    async def _post(self, place: Place, message: Message) -> Post:
        try:
            return await self._port.send(place, message)
        except SendFailed as failed:
            if failed.kind != "moved" or failed.place is None:
                raise
            return await self._port.send(failed.place, message)

    async def _not_sent(self, one: Delivery, failed: SendFailed) -> None:
        now, again = self._around.now(), self._around.now() + pause(one.attempts, failed.after)
        if failed.after:
            self._paused_until = now + timedelta(seconds=failed.after)

        def note(store: Store) -> None:
            if failed.kind == "later":
                store.deliveries.later(one.id, again, failed.says)
            elif failed.kind != "unknown":  # unknown stays "attempting" and is swept up as what it is
                store.deliveries.failed(one.id, failed.kind, now)
            if failed.kind == "gone" and one.account_id is not None:
                store.accounts.lost(one.account_id, now)

        await self._note(note)
        self._counts[self.name, failed.kind] += 1
        log.warning("delivery_not_sent", delivery=one.id, platform=self.name, kind=failed.kind)


def _unsent(before: datetime, limit: int, store: Store) -> tuple[Received, ...]:
    return store.received.unsent(before, limit)


def _render(around: Surroundings, store: Store, one: Delivery) -> tuple[Message, Linked | None]:
    """A delivery in its reader's language and zone, its buttons good for the reader's account. One to a
    place is in the alliance's, its buttons good for whoever may give the command."""
    linked = store.accounts.get(one.account_id) if one.account_id is not None else None
    account = linked.account if linked else Account(one.platform, "", "")
    place = one.place or (linked.direct if linked else None) or Place(one.platform, "", "")
    ctx = context_for(around, Call(f"delivery:{one.id}", account, place, around.now()), store)
    buttons = one.buttons if linked else tuple(replace(button, who="anyone") for button in one.buttons)
    message = answer_reply(ctx, around.templates, Reply(one.template, one.values, buttons)).message
    if message is None:
        raise LookupError("a delivery without a template")
    return message, linked
