"""Whom an announcement reaches as it is now: the visible list, and who is at work (section 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from bot.broadcasts.drafting import had_it
from bot.broadcasts.standing import KIND, PURPOSE
from bot.context import Context
from bot.people.reach import LeftOut, Reach, Reader, Why, reach, waking_hours
from bot.rules.attention import Waking
from bot.rules.broadcasts.hours import next_common_opening, off
from bot.rules.broadcasts.segments import for_everybody
from bot.rules.broadcasts.values import Broadcast

TAKEN_OFF: Final[Why] = "taken off"
FOR_SOME: Final[Why] = "for some"
HAS_IT: Final[Why] = "has it"


@dataclass
class Audience:
    """Who reads it, who does not and why, and when those people are at work. `doubtful`: readers to whom an
    earlier one of the same words is on its way at this moment; who gets that one does not get this one."""

    reach: Reach
    now: datetime
    zone: str  # the alliance's, by whose clocks nothing begins before nine
    doubtful: frozenset[str] = field(default_factory=frozenset)

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Chats first, then people by name."""
        return self.reach.readers

    @cached_property
    def wakings(self) -> tuple[Waking, ...]:
        """The working hours of the people, one after the other."""
        return tuple(waking_hours(one) for one in self.reach.people)

    @cached_property
    def off(self) -> int:
        """How many of the people are not at work now."""
        return off(self.wakings, self.now)

    @property
    def most_are_off(self) -> bool:
        """Whether more than half of the people would get it outside their working hours."""
        return self.off * 2 > len(self.wakings)

    @cached_property
    def opening(self) -> datetime:
        """When most are at work again (UTC)."""
        return next_common_opening(self.wakings, self.now, self.zone)


def audience_of(ctx: Context, broadcast: Broadcast) -> Audience:
    """Whom it reaches as things stand now. What somebody took off is among those left out."""
    found = reach(ctx, broadcast.segments, broadcast.places, KIND, broadcast.without)
    had = had_it(ctx, broadcast)
    doubtful = frozenset(key for key, state in had.items() if state == "attempting")
    theirs = [one for one in found.readers if one.key in had and one.key not in doubtful]
    left_out = (
        *found.left_out,
        *(LeftOut(one.key, one.name, HAS_IT) for one in theirs),
        *_chats_taken_off(ctx, broadcast, found),
    )
    readers = tuple(one for one in found.readers if one not in theirs)
    return Audience(Reach(readers, left_out), ctx.now, ctx.charter.alliance.zone, doubtful)


def is_for_no_chat(broadcast: Broadcast) -> bool:
    """Whether no chat gets it because it is for some people only, and nobody said otherwise."""
    return broadcast.places == () and not for_everybody(broadcast.segments)


def seal(broadcast: Broadcast, audience: Audience) -> str:
    """A short mark of what was previewed: a yes to it is none to another text, picture or list of readers."""
    readers = sorted((one.key, one.platform) for one in audience.readers)
    said = (broadcast.number, tuple(broadcast.texts.items()), broadcast.media, readers)
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _chats_taken_off(ctx: Context, broadcast: Broadcast, found: Reach) -> Iterator[LeftOut]:
    """The chats that are for announcements and were taken off this one."""
    if broadcast.places is None:
        return
    why = FOR_SOME if is_for_no_chat(broadcast) else TAKEN_OFF
    known = {one.key for one in found.readers} | {one.key for one in found.left_out}
    for place in ctx.store.places.serving(PURPOSE):
        if f"place:{place.id}" not in known and place.id not in broadcast.places:
            yield LeftOut(f"place:{place.id}", place.place.name, why)
