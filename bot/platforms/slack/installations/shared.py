"""Channels that several of our workspaces share (Slack Connect): one installation has each to itself.

Slack tells each installed workspace of what is said there. The first that knows the channel as a place of
ours, else the first that heard of it, has it from then on: its events are taken, the others' are only
acknowledged, so that threads, cards and answers stay with one. When it leaves, or ends, the next one has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from storage.store import Storage, Store

FOR_GOOD = timedelta(days=3650)
REMEMBERED, MOST = 60.0, 5000  # seconds, channels


class SharedChannels:
    """Who has which channel, asked of the database once a minute."""

    def __init__(self, storage: Callable[[], Storage], clock: Clock) -> None:
        self._storage, self._clock = storage, clock
        self._known: dict[str, tuple[float, str]] = {}

    async def holder(self, channel: str, asking: str, active: Collection[str]) -> str:
        """Which of the `active` installations has the channel, now that `asking` has heard from it. Raises
        Busy."""
        time = asyncio.get_running_loop().time()
        until, holder = self._known.get(channel, (0.0, ""))
        if until > time and holder in active:
            return holder
        now = self._clock.now()
        holder = await self._storage().write(
            lambda store: _holder(store, channel, asking, active, now), quick=True
        )
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[channel] = (time + REMEMBERED, holder)
        return holder

    async def let_go(self, channel: str, by: str) -> None:
        """An installation is in that channel no more: the next one has it. Raises Busy."""
        self._known.pop(channel, None)
        await self._storage().write(lambda store: store.installations.release(_name(channel), by), quick=True)


def is_shared(body: Mapping[str, Any]) -> bool:
    """Whether an event comes from a channel with another organisation in it."""
    return body.get("type") == "event_callback" and body.get("is_ext_shared_channel") is True


def _holder(store: Store, channel: str, asking: str, active: Collection[str], now: datetime) -> str:
    known = (one.place for one in store.places.all() if one.state == "open" and one.place.channel == channel)
    ours = next(
        (place.installation for place in known if place.platform == "slack" and place.installation in active),
        asking,
    )
    holder = store.installations.claim(_name(channel), ours, now + FOR_GOOD, now)
    if holder not in active:
        store.installations.release(_name(channel), holder)
        holder = store.installations.claim(_name(channel), ours, now + FOR_GOOD, now)
    return holder


def _name(channel: str) -> str:
    return f"channel:{channel}"
