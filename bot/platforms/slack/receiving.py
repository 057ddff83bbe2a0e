"""From a payload of Slack's to our inbox and back: verified, read, received, acknowledged, answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import Response

from bot.messages import Answer, Incoming
from bot.platforms.files import with_table
from bot.platforms.port import Inbox, SendFailed
from bot.platforms.slack.answering import begin_answer
from bot.platforms.slack.door import AckThen, body_of
from bot.platforms.slack.fetching import Tables
from bot.platforms.slack.heard import Heard
from bot.platforms.slack.incoming import hear
from bot.platforms.slack.installations import Joined
from bot.platforms.slack.installations.finding import NotTaken
from bot.platforms.slack.marking import set_mark
from bot.platforms.slack.people import tells_of_person
from bot.platforms.slack.places import lacks_name, with_name
from bot.platforms.slack.sharing import share_answer
from bot.platforms.slack.socket import Acknowledge, Envelope

log = structlog.get_logger()

AT_ONCE = 32  # events worked on at the same time
MISSHAPEN = (
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    OverflowError,
    OSError,
    RecursionError,
)

Rest = Callable[[], Awaitable[None]]


class Doorkeeper(Protocol):
    """Who knows our workspaces, and what comes in that is no word of anybody's."""

    async def of_request(self, asked: AsyncBoltRequest) -> Joined:
        """Whose request it is. Raises NotTaken."""

    async def took(self, asked: AsyncBoltRequest, joined: Joined) -> bool:
        """Whether it was about the installation itself, and is taken care of. Raises NotTaken."""

    async def bots(self) -> tuple[str, ...]:
        """The users that we are on Slack, in whichever workspace."""

    async def placed(
        self, asked: AsyncBoltRequest, joined: Joined, heard: Heard
    ) -> tuple[Joined, Heard] | None:
        """The installation whose the place is, and what was heard as it is there; None if that need not be
        taken. Raises NotTaken."""

    async def taken(self, joined: Joined, heard: Heard) -> None:
        """It was received."""

    async def nobody_here(self, asked: AsyncBoltRequest) -> dict[str, Any]:
        """What somebody is told who gave a command where we are installed no more; empty for nothing."""


class Receiving:
    """Everything that arrives while one inbox is connected."""

    def __init__(
        self, inbox: Inbox, keeper: Doorkeeper, now: Callable[[], datetime], commands: tuple[str, ...]
    ) -> None:
        self._inbox, self._keeper, self._now, self._commands = inbox, keeper, now, commands
        self._app: AsyncApp | None = None
        self._open = True
        self._room = asyncio.Semaphore(AT_ONCE)
        self._rests: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._quiet = asyncio.Event()

    def listen(self, app: AsyncApp) -> None:
        """Take payloads from now on, verified by `app`."""
        self._app = app

    async def finish(self, seconds: float) -> None:
        """Take nothing more; let what was begun end, but no longer than so many seconds."""
        self._open = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.idle(), seconds)
        for rest in tuple(self._rests):
            rest.cancel()
        await asyncio.gather(*self._rests, return_exceptions=True)

    async def idle(self) -> None:
        """Return when everything that has arrived is answered."""
        while self._busy:
            self._quiet.clear()
            await self._quiet.wait()

    async def from_http(self, request: Request) -> Response:
        """One request of Slack's: 401 for a wrong or old signature, 413 if too large, 400 if unreadable,
        500 if the inbox could not take it (Slack sends events again), 503 while we leave."""
        body = await body_of(request)
        if body is None:
            return Response(status_code=413)
        if not self._open or self._app is None:
            return Response(status_code=503)
        try:
            asked = to_async_bolt_request(request, body)
        except MISSHAPEN:
            return Response(status_code=400)  # bolt parses before it verifies
        self._begin()
        try:
            response = to_starlette_response(await self._app.async_dispatch(asked))
        except BaseException:
            self._end()
            raise

        def after(left: bool) -> None:
            if left and "rest" in asked.context:
                self._start(asked.context["rest"])
            self._end()

        return AckThen(response, after)

    async def from_socket(self, envelope: Envelope, acknowledge: Acknowledge) -> None:
        """One envelope of Socket Mode. Without an ack Slack sends events again."""
        if not self._open or self._app is None:
            return
        self._begin()
        try:
            try:
                asked = AsyncBoltRequest(mode="socket_mode", body=envelope["payload"])
            except MISSHAPEN:
                log.warning("slack.payload_unreadable", kind=str(envelope.get("type")))
                await acknowledge(None)
                return
            response = await self._app.async_dispatch(asked)
            if response.status != 200:
                return
            await acknowledge(asked.context.get("ack"))
            if "rest" in asked.context:
                self._start(asked.context["rest"])
        except ConnectionError:
            log.info("slack.socket_lost_before_ack", envelope_id=str(envelope.get("envelope_id")))
        finally:
            self._end()

    async def take(self, asked: AsyncBoltRequest) -> BoltResponse:
        """Hand one verified payload to the inbox and build its ack."""
        try:
            joined = await self._keeper.of_request(asked)
            if await self._keeper.took(asked, joined):
                return BoltResponse(status=200)
            heard = hear(asked.body, joined.me, self._now(), self._commands, await self._keeper.bots())
            placed = await self._keeper.placed(asked, joined, heard) if heard is not None else None
        except NotTaken as nowhere:
            return await self._not_taken(asked, nowhere)
        except MISSHAPEN as trouble:
            log.warning("slack.payload_unreadable", why=type(trouble).__name__)
            return BoltResponse(status=200)  # it would be no better the second time
        return await self._taken(asked, joined, *placed) if placed is not None else BoltResponse(status=200)

    async def _not_taken(self, asked: AsyncBoltRequest, nowhere: NotTaken) -> BoltResponse:
        said = {}
        if nowhere.status == 200:
            with contextlib.suppress(*MISSHAPEN):
                said = await self._keeper.nobody_here(asked)
        asked.context["ack"] = said
        return BoltResponse(status=nowhere.status, body=said or "")

    async def _taken(
        self, asked: AsyncBoltRequest, joined: Joined, there: Joined, heard: Heard
    ) -> BoltResponse:
        """`joined` heard it, in a place of `there`: the same but in channels that several share."""
        async with self._room:
            heard = replace(heard, incoming=await self._completed(joined, there, heard))
            try:
                answer = await self._inbox.receive(heard.incoming)
                await self._keeper.taken(there, heard)
            except Exception as trouble:
                log.error("slack.not_received", event_id=heard.incoming.event, why=type(trouble).__name__)
                return BoltResponse(status=500)
            return await self._acknowledge(asked, joined, there, heard, answer)

    async def _completed(self, joined: Joined, there: Joined, heard: Heard) -> Incoming:
        """With what Slack tells only when it is asked: the person's profile, what stands in a table, a new
        place's name."""
        web = joined.answering
        if tells_of_person(heard.incoming):
            joined.profiles.forget(heard.incoming.account)
        filling = joined.profiles.fill(web, heard.incoming.account)
        reading = with_table(heard.incoming, Tables(web, heard.files).fetch)
        if not lacks_name(heard.incoming):
            account, incoming = await asyncio.gather(filling, reading)
            return replace(incoming, account=account)
        naming = with_name(there.answering, heard.incoming.place)
        account, incoming, place = await asyncio.gather(filling, reading, naming)
        return replace(incoming, account=account, place=place)

    async def _acknowledge(
        self, asked: AsyncBoltRequest, joined: Joined, there: Joined, heard: Heard, answer: Answer
    ) -> BoltResponse:
        web = there.answering
        # a trigger opens a form only in the workspace from which it came
        ack, give = await begin_answer(joined.answering if answer.form else web, heard, answer)

        async def rest() -> None:
            try:
                stands = await give()
            except SendFailed as trouble:
                self._inbox.left(heard.incoming)
                log.warning("slack.answer_not_given", event_id=heard.incoming.event, reason=str(trouble))
                return
            self._inbox.given(heard.incoming, stands)
            if answer.message is not None and answer.message.file is not None:
                file, public = answer.message.file, answer.public and not answer.aside
                there = heard.incoming.place
                await share_answer(web, file, there, heard.incoming.account, stands, public)
            if answer.mark is not None:
                await set_mark(web, heard.incoming.place, answer.mark, heard.incoming.message_id)

        asked.context["rest"], asked.context["ack"] = rest, ack
        return BoltResponse(status=200, body=ack)

    def _start(self, rest: Rest) -> None:
        async def run() -> None:
            try:
                await rest()
            finally:
                self._end()

        self._begin()
        task = asyncio.create_task(run())
        self._rests.add(task)
        task.add_done_callback(self._rests.discard)

    def _begin(self) -> None:
        self._busy += 1

    def _end(self) -> None:
        self._busy -= 1
        if not self._busy:
            self._quiet.set()
