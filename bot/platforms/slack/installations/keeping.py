"""At the door of several workspaces: whose a request is, which of two installations takes it, and what
becomes of an installation that ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.clock import Clock
from bot.messages import Call, Incoming, Said
from bot.platforms.port import Inbox, SendFailed
from bot.platforms.slack.heard import Heard, Me
from bot.platforms.slack.installations import Joined
from bot.platforms.slack.installations.ending import asks_after_us, ending_of, found_end, told_end
from bot.platforms.slack.installations.finding import NotTaken, Workspaces
from bot.platforms.slack.installations.heirs import Heirs
from bot.platforms.slack.installations.rest import ENDED
from bot.platforms.slack.installations.shared import (
    SharedChannels,
    comes_in,
    is_shared,
    leaves,
    of_installation,
    shuts,
    told_to_all,
)
from bot.platforms.slack.outgoing import SlackWeb, parts_of
from bot.platforms.slack.people import typed_by
from storage.installations import Installation
from storage.store import Storage

TOKEN_REVOKED = "token_revoked"
log = structlog.get_logger()


class Keeper:
    """Answers `Receiving`'s questions; `kept`: where installations are kept, None with one workspace of our
    own; `link` is where the app is installed."""

    def __init__(
        self,
        workspaces: Workspaces,
        kept: Callable[[], Storage] | None,
        inbox: Inbox,
        clock: Clock,
        link: str,
    ) -> None:
        self._workspaces, self._inbox, self._clock, self._link = workspaces, inbox, clock, link
        self._shared = SharedChannels(kept, clock) if kept else None
        self._heirs = Heirs(workspaces, kept, clock) if kept else None
        self._ending: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def of_request(self, asked: AsyncBoltRequest) -> Joined:
        """Whose request it is. Raises NotTaken."""
        return await self._workspaces.of_request(asked)

    async def took(self, asked: AsyncBoltRequest, joined: Joined) -> bool:
        """Whether it said that an installation ended: then that is written down. One that came late, after
        the app was installed once more, changes nothing (the handler looks). Where it names none of ours,
        but came to the organisation's by way of one of its workspaces, Slack is asked whether that one still
        stands. Raises NotTaken."""
        what, installed = ending_of(asked.body), self._workspaces.installed
        if not what or installed is None:
            return False
        if whose := self._workspaces.named_by(asked):
            await self._received(told_end(asked.body, whose, what, self._clock.now()))
            self._ends(whose)
        elif installed.row(joined.key) is not None:
            self.turned_away(joined.key, lambda: self._workspaces.web(joined.key), TOKEN_REVOKED)
        else:
            return False
        return True

    async def bots(self) -> tuple[str, ...]:
        """The users that we are on Slack, in whichever workspace."""
        return tuple(one.me.user for one in await self._workspaces.every())

    async def placed(
        self, asked: AsyncBoltRequest, joined: Joined, heard: Heard
    ) -> tuple[Joined, Heard] | None:
        """The installation to which the place belongs where something was heard, and that as it is there:
        a channel that several share is one's. None for what closes it to another one only, and for what
        came in another way already. Raises NotTaken."""
        self._workspaces.came_with(heard.files, joined.key)
        incoming = heard.incoming
        every = {one.key: one for one in await self._workspaces.every()}
        ended = self._ended()
        if self._shared is None or incoming.place.kind == "direct" or len(every) + len(ended) < 2:
            return joined, heard
        among = _among(joined, asked.body, every)
        try:
            holder = await self._holder(self._shared, among, joined, incoming, every)
            incoming = told_to_all(incoming, asked.body)
            if shuts(incoming):
                return (joined, heard) if holder == joined.key else None
            by = f"{joined.key} {(asked.body.get('event') or {}).get('type')}"
            if among and not await self._shared.is_first(incoming.event, by):
                return None
        except Exception as trouble:
            log.error("slack.not_received", event_id=incoming.event, why=type(trouble).__name__)
            raise NotTaken(500) from None
        return every.get(holder, joined), replace(heard, incoming=of_installation(incoming, holder))

    async def taken(self, joined: Joined, heard: Heard) -> None:
        """It was received: where it let us out of a channel, another installation may have that. Raises
        Busy."""
        if self._shared is not None and leaves(heard.incoming):
            channel = heard.incoming.place.channel
            await self._shared.let_go(channel, joined.key)
            if shuts(heard.incoming) and self._heirs is not None:
                self._later(self._heirs.of_channel(channel, joined.key))

    async def nobody_here(self, asked: AsyncBoltRequest) -> dict[str, Any]:
        """What is said to who gives a command where we are installed no more: the way back."""
        body = asked.body
        if "command" not in body or not self._link:
            return {}
        nowhere = Me(str(body.get("team_id") or ""), "")
        call = asks_after_us(typed_by(body, nowhere), body, self._clock.now())
        try:
            answer = await self._inbox.receive(call)
        except Exception as trouble:  # they are told nothing, as if we had never been there
            log.warning("slack.not_received", why=type(trouble).__name__)
            return {}
        self._inbox.given(call)
        return {"response_type": "ephemeral", **parts_of(answer.message)[0]} if answer.message else {}

    def turned_away(self, workspace: str, web: Callable[[], Awaitable[SlackWeb]], code: str) -> None:
        """Slack took an installation's token no more. It is asked once more before the installation counts as
        ended, in a task of its own."""
        if code not in ENDED or workspace in self._ending:
            return
        self._ending.add(workspace)
        self._later(self._end(workspace, web))

    def arrived(self, new: Installation) -> None:
        """One of us is there just now."""
        if new.is_enterprise_install and self._heirs is not None:
            self._later(self._heirs.to_whole(new.workspace))

    async def finish(self) -> None:
        """Let what was begun end, and what that begins."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _holder(
        self,
        shared: SharedChannels,
        among: Collection[str],
        joined: Joined,
        incoming: Incoming,
        every: Mapping[str, Joined],
    ) -> str:
        """Whose channel it is. What is said there shows `among` whom it may be shared, and that we are in it;
        a command, a tap or a form does not, nor does that it is closed to one of us."""
        channel = incoming.place.channel
        if among and not shuts(incoming):
            opens = not comes_in(incoming)
            return await shared.holder(channel, joined.key, among, self._ended(), opens)
        if isinstance(incoming, Said):
            return joined.key
        return await shared.known(channel, every) or joined.key

    def _ended(self) -> set[str]:
        installed = self._workspaces.installed
        return {row.workspace for row in installed.rows() if not row.is_active} if installed else set()

    def _ends(self, workspace: str) -> None:
        """Who else of us is in its channels has them from now on."""
        if self._heirs is not None:
            self._later(self._heirs.of_workspace(workspace))

    def _later(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self, workspace: str, web: Callable[[], Awaitable[SlackWeb]]) -> None:
        try:
            await (await web()).call("auth.test", repeatable=True)
        except SendFailed as trouble:
            installed = self._workspaces.installed
            row = installed.row(workspace) if installed is not None else None
            if row is not None and trouble.kind == "gone":
                log.warning("slack.installation_over", workspace=workspace, reason=trouble.says)
                await self._received(found_end(workspace, row.installed_at, self._clock.now()))
                self._ends(workspace)
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


def _among(joined: Joined, body: Mapping[str, Any], every: Mapping[str, Joined]) -> Collection[str]:
    """The installations among whom the channel of an event may be shared: all of us where others are let in
    (Slack Connect), else those of one Enterprise Grid, of which Slack tells nothing. None for a workspace by
    itself, and for what is no event."""
    if is_shared(body):
        return every.keys()
    if body.get("type") != "event_callback" or not joined.enterprise:
        return ()
    return [key for key, one in every.items() if one.enterprise == joined.enterprise]
