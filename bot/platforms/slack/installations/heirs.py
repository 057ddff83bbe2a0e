"""A channel that several of us are in goes on when the one leaves that had it: Slack is asked who is there
still, so that it is silent for nobody and set up once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from bot.clock import Clock
from bot.messages import Place
from bot.platforms.port import SendFailed
from bot.platforms.slack.installations.finding import MOST_TRIES, Workspaces
from bot.platforms.slack.outgoing import SlackWeb
from storage.installations import Installation
from storage.store import Storage, Store

OUT = ("removed", "lost")  # states of places
log = structlog.get_logger()


class Heirs:
    """Gives on what one of us left behind. Nothing raises: what Slack does not tell now is done when somebody
    speaks there (`shared.py`)."""

    def __init__(self, workspaces: Workspaces, storage: Callable[[], Storage], clock: Clock) -> None:
        self._workspaces, self._storage, self._clock = workspaces, storage, clock

    async def of_workspace(self, ended: str) -> None:
        """An installation ended."""
        await self._give_on(lambda place: place.installation == ended)

    async def of_channel(self, channel: str, left: str) -> None:
        """An installation is in this channel no more."""
        await self._give_on(lambda place: (place.installation, place.channel) == (left, channel))

    async def to_whole(self, organisation: str) -> None:
        """A whole organisation let us in: it may be in the channels of a workspace that is one of its own by
        now."""
        ended = {row.workspace for row in self._rows() if not row.is_active}
        await self._give_on(lambda place: place.installation in ended, organisation)

    async def _give_on(self, which: Callable[[Place], bool], only_to: str = "") -> None:
        try:
            for left in await self._storage().read(lambda store: _left(store, which)):
                heir = await self._heir(left, only_to)
                if heir:
                    await self._pass_on(left, heir)
        except Exception as trouble:
            log.warning("slack.channel_not_passed_on", why=type(trouble).__name__)

    async def _heir(self, left: Place, only_to: str) -> str:
        """The first of us that is in the channel, of the same organisation before others; "" for nobody."""
        of = {row.workspace: row.enterprise for row in self._rows()}.get(left.installation, "")
        every = [one for one in await self._workspaces.every() if one.key != left.installation]
        asked = [one for one in every if only_to in ("", one.key)]
        asked.sort(key=lambda one: not of or one.enterprise != of)
        for one in asked[:MOST_TRIES]:
            if await _is_in(one.web, left.channel):
                return one.key
        return ""

    async def _pass_on(self, left: Place, heir: str) -> None:
        now = self._clock.now()
        await self._storage().write(lambda store: store.installations.pass_on(left, heir, now))
        log.info("slack.channel_passed_on", channel=left.channel, by=left.installation, to=heir)

    def _rows(self) -> Sequence[Installation]:
        installed = self._workspaces.installed
        return installed.rows() if installed is not None else ()


def _left(store: Store, which: Callable[[Place], bool]) -> list[Place]:
    """The channels of ours that somebody set up and in which we cannot write."""
    found = [
        Place("slack", one.place.installation, one.place.channel, "", "group")
        for one in store.places.all()
        if one.place.platform == "slack" and one.state in OUT and (one.purposes or one.language)
    ]
    return [place for place in dict.fromkeys(found) if which(place)]


async def _is_in(web: SlackWeb, channel: str) -> bool:
    try:
        told = await web.call("conversations.info", repeatable=True, channel=channel)
        return told["channel"].get("is_member") is True
    except (SendFailed, KeyError, TypeError, AttributeError):
        return False
