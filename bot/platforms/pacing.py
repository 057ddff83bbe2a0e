"""Pacing: how fast a platform lets us speak. Spacing instead of bursts, and answers to people first.

A bucket that starts full lets a burst through and overshoots in the next second (platforms.md section 8e:
40 of 400 refused), so whatever can wait is spaced out: over the platform, and in each chat. Answers to
what somebody just did go in between at once; what can wait makes room for them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.clock import Clock

LONG_AGO = datetime.min.replace(tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MADE_GOOD = timedelta(milliseconds=5)  # of waking late, at the next send: else 27.4 a second become 26.7
LONGEST_QUEUE = timedelta(hours=1)  # of direct chats to be opened
LONGEST_PAUSE = timedelta(minutes=10)  # nothing rests longer, whatever becomes of the clock on the wall


@dataclass(frozen=True, slots=True)
class Pace:
    """What a platform allows, in seconds. `overall`: between any two sends. `chat`, `group`: between two
    in one direct chat, in one group, of what can wait. `group_most`: sends in one group in any minute,
    answers included. `edit`: between any two edits of what can wait; `same_post`: of one post.
    `opening`: between two direct chats that were never written in before."""

    overall: float = 0.0
    chat: float = 0.0
    group: float = 0.0
    group_most: int = 10**9
    edit: float = 0.0
    same_post: float = 0.0
    opening: float = 0.0


FREE = Pace()  # for a platform without limits, such as a terminal


@dataclass
class Pacer:
    """Keeps one platform's pace, for everything that is sent there."""

    pace: Pace
    clock: Clock
    _next: datetime = LONG_AGO  # of anything
    _next_edit: datetime = LONG_AGO
    _chats: dict[str, datetime] = field(default_factory=dict)  # free again from then on
    _groups: dict[str, deque[datetime]] = field(default_factory=dict)  # the last minute's sends
    _paused_until: datetime = LONG_AGO
    _next_opening: datetime = LONG_AGO
    _openings: dict[str, datetime] = field(default_factory=dict)

    async def answer(self, chat: str, *, group: bool, edit: bool = False) -> None:
        """Wait until an answer to somebody may be sent into this chat, and take that moment: the next one
        there is, ahead of all that can wait. Nobody else waits for a group whose minute is full."""
        now = self.clock.now()
        while group and (room := self._room_in(chat, now)) > now:
            await self.clock.sleep((room - now).total_seconds())
            now = self.clock.now()
        at = max(now, self._bounded(self._next, now))
        self._passes(at)
        self._take(chat, at, group=group, edit=edit)
        if at > now:
            await self.clock.sleep((at - now).total_seconds())

    async def beside(self) -> None:
        """Wait for the next moment there is and take it, for a call that counts in no chat: a sign on a
        message of somebody's, where the platform counts those apart."""
        now = self.clock.now()
        at = max(now, self._bounded(self._next, now))
        self._passes(at)
        if at > now:
            await self.clock.sleep((at - now).total_seconds())

    async def slot(self) -> bool:
        """Wait until something that can wait may be sent, and take that moment; False if the platform wants
        a pause. Whoever takes one finds out afterwards what to send where: `resting` chats are left out,
        `sends` notes the one chosen."""
        while not self.paused():
            now = self.clock.now()
            at = self._bounded(self._next, now)
            if at <= now:
                self._passes(now)
                return True
            await self.clock.sleep((at - now).total_seconds())  # answers may have moved it: look again
        return False

    def sends(self, chat: str, *, group: bool, edit: bool = False) -> None:
        """Something that could wait goes into this chat now."""
        self._take(chat, self.clock.now(), group=group, edit=edit)

    def resting(self) -> tuple[str, ...]:
        """The chats into which nothing that can wait goes just now."""
        now = self.clock.now()
        self._chats = {chat: at for chat, at in self._chats.items() if now < at <= now + LONGEST_PAUSE}
        full = [chat for chat in tuple(self._groups) if self._room_in(chat, now) > now]
        return tuple({*full, *self._chats})

    def may_edit(self) -> bool:
        """Whether an edit that can wait may go now."""
        now = self.clock.now()
        return not now < self._next_edit <= now + LONGEST_PAUSE

    def opens(self, chat: str) -> datetime:
        """When this direct chat, in which nothing was ever said, may be opened: each has its own moment, one
        after the other, and keeps it."""
        now = self.clock.now()
        if not self.pace.opening:
            return now
        self._openings = {one: at for one, at in self._openings.items() if at > now - MINUTE}
        if chat not in self._openings:
            free = self._next_opening if self._next_opening <= now + LONGEST_QUEUE else now
            self._openings[chat] = max(now, free)
            self._next_opening = self._openings[chat] + timedelta(seconds=self.pace.opening)
        return self._openings[chat]

    def frees_at(self) -> datetime | None:
        """When the first chat that rests, or the next edit, is free again; None if nothing rests."""
        now = self.clock.now()
        moments = [at for at in (*self._chats.values(), self._next_edit, self._paused_until) if at > now]
        moments += [at for chat in tuple(self._groups) if (at := self._room_in(chat, now)) > now]
        return min(moments, default=None)

    def pause(self, seconds: float, chat: str = "", *, edits: bool = False) -> None:
        """The platform asks for a pause: of one chat, of edits, or of everything that can wait."""
        until = self.clock.now() + min(timedelta(seconds=seconds), LONGEST_PAUSE)
        if chat:
            self._chats[chat] = max(until, self._chats.get(chat, LONG_AGO))
        elif edits:
            self._next_edit = max(until, self._next_edit)
        else:
            self._paused_until = max(until, self._paused_until)

    def paused(self) -> bool:
        """Whether everything that can wait does."""
        now = self.clock.now()
        return now < self._paused_until <= now + LONGEST_PAUSE

    def _passes(self, at: datetime) -> None:
        """Something is sent at that moment. The next one's is reckoned from when this one's was due, if that
        was only just: nobody wakes to the millisecond, and each delay would add to all before it."""
        due, gap = self._bounded(self._next, at), timedelta(seconds=self.pace.overall)
        self._next = (max(due, at - MADE_GOOD) if at - due < gap else at) + gap

    def _take(self, chat: str, at: datetime, *, group: bool, edit: bool) -> None:
        gap = timedelta(seconds=self.pace.group if group else self.pace.chat)
        if gap:
            free = self._chats.get(chat, at)
            self._chats[chat] = (max(at, free) if free <= at + LONGEST_PAUSE else at) + gap
        if group and self.pace.group_most < FREE.group_most:
            self._groups.setdefault(chat, deque()).append(at)
        if edit:
            self._next_edit = at + timedelta(seconds=self.pace.edit)

    def _room_in(self, chat: str, now: datetime) -> datetime:
        """When a group takes one more in any minute."""
        sent = self._groups.get(chat)
        while sent and not now - MINUTE < sent[0] <= now + MINUTE:
            sent.popleft()
        if sent is not None and not sent:
            del self._groups[chat]
        if not sent or len(sent) < self.pace.group_most:
            return now
        return sent[-self.pace.group_most] + MINUTE

    @staticmethod
    def _bounded(at: datetime, now: datetime) -> datetime:
        """No moment that a clock set back has put far away."""
        return at if at <= now + MINUTE else now
