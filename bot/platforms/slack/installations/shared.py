"""Channels that several of our workspaces share (Slack Connect, or one Enterprise Grid): one installation has
each to itself.

Slack tells one of them of what is said there, whichever (changelog of 2020-09-15), and somebody's command
comes from their own workspace. So whatever comes from such a channel, by whatever way, is of the one that
has it: threads, cards and answers stay with one. That is the installation whose open place it is, else the
first that heard of it. When it leaves, or ends, the next one has it, with all that was said of it there
(`heirs.py`; where Slack did not tell in time who is there, the next that hears of it).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.messages import Call, Incoming, Place
from bot.platforms.slack.places import COMMAND as PLACE_CHANGED
from storage.store import Storage, Store

FOR_GOOD = timedelta(days=3650)
RETRIED = timedelta(hours=1)  # as long as Slack may send an event again, and more
REMEMBERED, MOST = 60.0, 5000  # seconds, channels
SHUTS = ("removed", "archived")
LEAVES = ("removed", "moved")
OUT = ("removed", "lost")  # states of places


class SharedChannels:
    """Who has which channel, asked of the database once a minute."""

    def __init__(self, storage: Callable[[], Storage], clock: Clock) -> None:
        self._storage, self._clock = storage, clock
        self._known: dict[str, tuple[float, str]] = {}

    async def holder(
        self,
        channel: str,
        asking: str,
        active: Collection[str],
        ended: Collection[str] = (),
        opens: bool = True,
    ) -> str:
        """Which of the `active` installations has the channel, now that `asking` has heard from it. It has
        what another of them or one of those that `ended` had there, and may write there (`opens`). Raises
        Busy."""
        if fresh := self._fresh(channel, active):
            return fresh
        now = self._clock.now()

        def held(store: Store) -> str:
            holder = _holder(store, channel, asking, active, now)
            _inherits(store, channel, holder, {*active, *ended}, opens, now)
            return holder

        holder = await self._storage().write(held, quick=True)
        self._keep(channel, holder)
        return holder

    async def known(self, channel: str, active: Collection[str]) -> str:
        """Which of the `active` installations has the channel, as far as is known: "" for none. Raises
        Busy."""
        if fresh := self._fresh(channel, active):
            return fresh
        holder = await self._storage().read(lambda store: _placed(store, channel, active), quick=True)
        if holder:
            self._keep(channel, holder)
            return holder
        _, before = self._known.get(channel, (0.0, ""))
        return before if before in active else ""

    async def is_first(self, event: str, by: str) -> bool:
        """Whether an event has come in no other way (`by`: installation and kind) before. Slack may tell the
        same words to several of us, and as a mention of each. Raises Busy."""
        now = self._clock.now()
        first = await self._storage().write(
            lambda store: store.installations.claim(f"heard:{event}", by, now + RETRIED, now), quick=True
        )
        return first == by

    async def let_go(self, channel: str, by: str) -> None:
        """An installation is in that channel no more: the next one has it. Raises Busy."""
        self._known.pop(channel, None)
        await self._storage().write(lambda store: store.installations.release(_name(channel), by), quick=True)

    def _fresh(self, channel: str, active: Collection[str]) -> str:
        until, holder = self._known.get(channel, (0.0, ""))
        return holder if until > asyncio.get_running_loop().time() and holder in active else ""

    def _keep(self, channel: str, holder: str) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[channel] = (asyncio.get_running_loop().time() + REMEMBERED, holder)


def is_shared(body: Mapping[str, Any]) -> bool:
    """Whether an event comes from a channel with another organisation in it. Of what else comes, Slack does
    not tell it."""
    return body.get("type") == "event_callback" and body.get("is_ext_shared_channel") is True


def comes_in(incoming: Incoming) -> bool:
    """Whether an installation has just been let into a channel."""
    return _change(incoming) == "added"


def shuts(incoming: Incoming) -> bool:
    """Whether a channel is closed to an installation. To the others it may be open, and where it is not,
    the next message says so."""
    return _change(incoming) in SHUTS


def leaves(incoming: Incoming) -> bool:
    """Whether a channel is an installation's no more."""
    return _change(incoming) in LEAVES


def told_to_all(incoming: Incoming, body: Mapping[str, Any]) -> Incoming:
    """What happened to a shared channel, named the same by whichever installation it is told."""
    stamp = (body.get("event") or {}).get("event_ts")
    if not _change(incoming) or shuts(incoming) or not is_shared(body) or not stamp:
        return incoming
    return replace(incoming, event=f"place:{incoming.place.channel}:{_change(incoming)}:{stamp}")


def of_installation(incoming: Incoming, installation: str) -> Incoming:
    """The same, in the channel as that installation has it."""
    return replace(incoming, place=replace(incoming.place, installation=installation))


def _change(incoming: Incoming) -> str:
    is_change = isinstance(incoming, Call) and incoming.command == PLACE_CHANGED
    return str(incoming.arguments.get("what") or "") if is_change and isinstance(incoming, Call) else ""


def _holder(store: Store, channel: str, asking: str, active: Collection[str], now: datetime) -> str:
    if placed := _placed(store, channel, active):
        return placed
    holder = store.installations.claim(_name(channel), asking, now + FOR_GOOD, now)
    if holder not in active or holder in _out_of(store, channel):
        store.installations.release(_name(channel), holder)
        holder = store.installations.claim(_name(channel), asking, now + FOR_GOOD, now)
    return holder


def _placed(store: Store, channel: str, active: Collection[str]) -> str:
    """The installation whose place the channel is; of several the oldest."""
    there = (one.place for one in store.places.all() if one.state == "open" and one.place.channel == channel)
    ours = (one.installation for one in there if one.platform == "slack" and one.installation in active)
    return next(ours, "")


def _out_of(store: Store, channel: str) -> set[str]:
    """The installations that were there and cannot write there any more."""
    there = (
        one for one in store.places.all() if (one.place.platform, one.place.channel) == ("slack", channel)
    )
    return {one.place.installation for one in there if one.state in OUT and not one.place.thread}


def _inherits(
    store: Store, channel: str, holder: str, left: Collection[str], opens: bool, now: datetime
) -> None:
    """What the channel was to others of us it is to the one that has it."""
    there = (one.place for one in store.places.all() if one.place.channel == channel)
    others = dict.fromkeys(place.installation for place in there if place.platform == "slack")
    for other in others:
        if other != holder and other in left:
            old = Place("slack", other, channel, "", "group")
            store.installations.pass_on(old, holder, now, opens)


def _name(channel: str) -> str:
    return f"channel:{channel}"
