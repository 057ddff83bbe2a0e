"""Answers that were recorded and not given: a process died in between, or a platform could not be reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.delivery.way import Way, moved, pause, rest
from bot.dispatch.recorded import from_json
from bot.messages import Answer, Post
from bot.platforms.pacing import LONG_AGO
from bot.platforms.port import SendFailed
from storage.received import Received
from storage.store import Store

log = structlog.get_logger()

PATIENCE = timedelta(seconds=30)  # another process that took the event may still be giving its answer

IsGiving = Callable[[str, str], bool]  # platform, event -> whether a port of this process still gives it
AT_ONCE = 50  # answers looked up in one read


class LeftBehind:
    """Gives them, each at least once. What was recorded before `alone_since` is nobody else's to give."""

    def __init__(self, way: Way, alone_since: datetime | None, is_giving: IsGiving) -> None:
        self._way, self._alone_since, self._is_giving = way, alone_since or LONG_AGO, is_giving
        self._given: dict[str, Callable[[Store], None]] = {}  # and not written down yet
        self._tries: dict[str, tuple[int, datetime]] = {}  # by event: how often, and not again before

    async def turn(self) -> bool:
        """Give what was left behind; False if there was nothing."""
        await self._write_down()
        left = await self._found()
        for one in left:
            if not self._way.port.pacer.paused():
                await self._give(one)
        return bool(left)

    async def _found(self) -> list[Received]:
        now = self._way.around.now()
        before, limit = max(self._alone_since, now - PATIENCE), AT_ONCE
        while True:
            rows = await self._way.storage.read(partial(_unsent, self._way.port.name, before, limit))
            due = [one for one in rows if self._due(one, now)]
            if due or len(rows) < limit:
                return due[:AT_ONCE]
            limit *= 2  # those that have to wait stand in front

    def _due(self, one: Received, now: datetime) -> bool:
        if one.event in self._given or self._is_giving(one.platform, one.event):
            return False
        return one.event not in self._tries or self._tries[one.event][1] <= now

    async def _give(self, one: Received) -> None:
        answer = from_json(one.answer) if one.answer else None
        post: Post | None = None
        outcome = "given_late"
        if answer is not None:
            await self._way.port.pacer.answer(one.place.channel, group=one.place.kind == "group")
            try:
                post = await self._give_there(one, answer)
            except SendFailed as failed:
                if failed.kind in ("later", "unknown"):  # an answer is given at least once
                    self._put_off(one, failed)
                    return
                outcome = f"answer_{failed.kind}"
                log.warning("answer_not_given", event_id=one.event, platform=one.platform, kind=failed.kind)
            except Exception as bug:
                log.error("answer_broke", event_id=one.event, platform=one.platform, exc_info=bug)
                self._put_off(one, SendFailed("later", type(bug).__name__))
                return
        self._given[one.event] = partial(_given, one, answer, post, self._way.around.now())
        self._tries.pop(one.event, None)
        self._way.count(outcome)
        await self._write_down()

    async def _write_down(self) -> None:
        """What was given is written down, or stays here: it is not given again while this process lives."""
        for event, work in tuple(self._given.items()):
            await self._way.note(work)
            del self._given[event]

    async def _give_there(self, one: Received, answer: Answer) -> Post | None:
        try:
            return await self._way.port.give(one.place, one.account, answer, one.message_id)
        except SendFailed as failed:
            if failed.kind != "moved" or failed.place is None:
                raise
            there = failed.place
            await self._way.note(lambda store: moved(store, one.place, there))
            return await self._way.port.give(there, one.account, answer)

    def _put_off(self, one: Received, failed: SendFailed) -> None:
        tries = self._tries.get(one.event, (0,))[0] + 1
        self._tries[one.event] = (tries, self._way.around.now() + pause(tries, failed.after))
        rest(self._way, failed, one.place.channel)
        log.info("answer_waits", event_id=one.event, platform=one.platform, kind=failed.kind, tries=tries)


def _unsent(platform: str, before: datetime, limit: int, store: Store) -> tuple[Received, ...]:
    return store.received.unsent(platform, before, limit)


def _given(one: Received, answer: Answer | None, post: Post | None, now: datetime, store: Store) -> None:
    store.received.given([(one.platform, one.event)])
    if post is not None and answer is not None and answer.topic is not None:
        store.posts.add(post, answer.topic, now)
