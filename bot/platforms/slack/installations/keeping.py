"""At the door of several workspaces: whose a request is, which of two installations takes it, and what
becomes of an installation that ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.clock import Clock
from bot.commands import N_
from bot.messages import Call
from bot.platforms.port import Inbox, SendFailed
from bot.platforms.slack.heard import Heard
from bot.platforms.slack.installations import Joined
from bot.platforms.slack.installations.ending import ending_of, found_end, told_end
from bot.platforms.slack.installations.finding import NotTaken, Workspaces
from bot.platforms.slack.installations.rest import ENDED
from bot.platforms.slack.installations.shared import SharedChannels, is_shared
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.places import COMMAND as PLACE_CHANGED

NOBODY_HERE = N_("I'm not in this workspace any more. Whoever runs it can let me in again: {link}")
LEAVES = ("removed", "moved")
log = structlog.get_logger()


class Keeper:
    """Answers `Receiving`'s questions; `link` is where the app is installed."""

    def __init__(
        self, workspaces: Workspaces, shared: SharedChannels | None, inbox: Inbox, clock: Clock, link: str
    ) -> None:
        self._workspaces, self._shared, self._inbox = workspaces, shared, inbox
        self._clock, self._link = clock, link
        self._ending: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def of_request(self, asked: AsyncBoltRequest) -> Joined:
        """Whose request it is. Raises NotTaken."""
        return await self._workspaces.of_request(asked)

    async def took(self, asked: AsyncBoltRequest, joined: Joined) -> bool:
        """Whether it said that the installation ended: then that is written down. One that came late, after
        the app was installed once more, changes nothing (the handler looks). Raises NotTaken."""
        what, installed = ending_of(asked.body), self._workspaces.installed
        if not what or installed is None or installed.row(joined.key) is None:
            return False
        await self._received(told_end(asked.body, joined.key, what, self._clock.now()))
        return True

    async def is_for(self, asked: AsyncBoltRequest, joined: Joined, heard: Heard) -> bool:
        """Whether this installation is the one to take it: of a channel that several share, one is. Raises
        NotTaken."""
        self._workspaces.came_with(heard.files, joined.key)
        if self._shared is None or not is_shared(asked.body) or heard.incoming.place.kind == "direct":
            return True
        active = {one.key for one in await self._workspaces.every()}
        if len(active) == 1:
            return True
        try:
            return await self._shared.holder(heard.incoming.place.channel, joined.key, active) == joined.key
        except Exception as trouble:
            log.error("slack.not_received", event_id=heard.incoming.event, why=type(trouble).__name__)
            raise NotTaken(500) from None

    async def taken(self, joined: Joined, heard: Heard) -> None:
        """It was received: where it let us out of a channel, another installation may have that. Raises
        Busy."""
        call = heard.incoming
        if self._shared is None or not isinstance(call, Call) or call.command != PLACE_CHANGED:
            return
        if call.arguments.get("what") in LEAVES:
            await self._shared.let_go(call.place.channel, joined.key)

    def nobody_here(self, asked: AsyncBoltRequest) -> dict[str, str]:
        """The one sentence for who gives a command where we are installed no more."""
        if "command" not in asked.body or not self._link:
            return {}
        return {"response_type": "ephemeral", "text": NOBODY_HERE.format(link=self._link)}

    def turned_away(self, workspace: str, web: Callable[[], Awaitable[SlackWeb]], code: str) -> None:
        """Slack took an installation's token no more. It is asked once more before the installation counts as
        ended, in a task of its own."""
        if code not in ENDED or workspace in self._ending:
            return
        self._ending.add(workspace)
        task = asyncio.create_task(self._end(workspace, web))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Let what was begun end."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _end(self, workspace: str, web: Callable[[], Awaitable[SlackWeb]]) -> None:
        try:
            await (await web()).call("auth.test", repeatable=True)
        except SendFailed as trouble:
            installed = self._workspaces.installed
            row = installed.row(workspace) if installed is not None else None
            if row is not None and trouble.kind == "gone":
                log.warning("slack.installation_over", workspace=workspace, reason=trouble.says)
                await self._received(found_end(workspace, row.installed_at, self._clock.now()))
        except Exception as trouble:  # it is found again with the next call
            log.warning("slack.not_received", why=type(trouble).__name__)
        finally:
            self._ending.discard(workspace)

    async def _received(self, call: Call) -> None:
        try:
            await self._inbox.receive(call)
        except Exception as trouble:
            log.error("slack.not_received", event_id=call.event, why=type(trouble).__name__)
            raise NotTaken(500) from None
        self._inbox.given(call)
        if self._workspaces.installed is not None:
            self._workspaces.installed.forget()
