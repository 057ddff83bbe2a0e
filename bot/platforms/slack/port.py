"""The port to Slack: bolt verifies, one middleware of ours answers everything after our commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import WALL_CLOCK, Clock
from bot.messages import Account, Answer, Message, Place, Post
from bot.platforms.manifest import SLACK_SCOPES
from bot.platforms.pacing import Pace, Pacer
from bot.platforms.port import Capabilities, Finding, Inbox, SendFailed
from bot.platforms.slack.answering import post_answer
from bot.platforms.slack.door import bolt_app, silent_logger
from bot.platforms.slack.fetching import fetch_file
from bot.platforms.slack.heard import Me
from bot.platforms.slack.marking import set_mark
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.posting import delete_post, edit_post, open_direct, whisper
from bot.platforms.slack.receiving import Receiving
from bot.platforms.slack.sharing import post_whole, share_answer
from bot.platforms.slack.socket import SlackSocket
from bot.platforms.slack.welcome import Welcome

log = structlog.get_logger()

CALL_PATIENCE, LEAVING_PATIENCE = 10.0, 6.0  # seconds

PACE = Pace(  # platforms.md section 9
    overall=0.1,  # there is a cap for a whole workspace, of which Slack tells no number
    chat=1.05,
    group=1.05,  # one message a second in each channel
    edit=1.25,  # chat.update: 50 a minute in a workspace
    same_post=3.0,
    opening=1.25,  # conversations.open: 50 a minute in a workspace
)


class SlackPort:
    """One Slack workspace. With an app token events come over Socket Mode, else by HTTP (`routes`).

    `commands` are the names that are slash commands of their own (any other slash command is the
    catch-all, whose words name the command); `pause` is the first wait in seconds before a lost connection
    is tried again; `pace` replaces Slack's own, for tests and benches.
    """

    name = "slack"
    capabilities = Capabilities(
        text=12_000,
        keys=25,
        can_edit=True,
        can_answer_privately=True,
        has_forms=True,
        command_prefix="/alliance ",
        caption=12_000,
        can_delete=True,
    )

    def __init__(
        self,
        bot_token: str,
        app_token: str = "",
        signing_secret: str = "",
        api_url: str = "https://slack.com/api/",
        clock: Clock = WALL_CLOCK,
        commands: tuple[str, ...] = (),
        pause: float = 0.5,
        pace: Pace | None = None,
    ) -> None:
        self.pacer = Pacer(pace or PACE, clock)
        self._bot_token, self._app_token, self._signing_secret = bot_token, app_token, signing_secret
        self._api_url, self._clock, self._commands, self._pause = api_url, clock, commands, pause
        self._slack: SlackWeb | None = None
        self._welcome = Welcome(self._ask_who_we_are, pause)
        self._receiving: Receiving | None = None
        self._socket: SlackSocket | None = None
        self._loops: list[asyncio.Task[None]] = []

    # ---- coming and going ----

    async def connect(self, inbox: Inbox) -> None:
        """Start receiving; returns at once. Raises ValueError if neither an app token nor a signing
        secret is set, for then nothing can ever arrive."""
        if not (self._app_token or self._signing_secret):
            raise ValueError("Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).")
        web = self._web()
        answering = replace(web, answering=True)
        self._receiving = Receiving(
            inbox, answering, lambda: self._welcome.me, self._clock.now, self._commands
        )
        self._receiving.listen(
            bolt_app(
                self._bot_token,
                self._signing_secret,
                self._api_url,
                web.session,
                self._welcome.who,
                self._receiving.take,
            )
        )
        self._welcome.begin()
        if self._app_token:
            self._socket = SlackSocket(
                web.session, self._ticket, self._receiving.from_socket, self._pause, web.client.proxy
            )
            self._loops.append(asyncio.create_task(self._socket.run()))

    async def disconnect(self) -> None:
        """Stop receiving, let what was begun end (6 s at most), close all connections."""
        await self._welcome.end()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops.clear()
        if self._receiving:
            await self._receiving.finish(LEAVING_PATIENCE)
        if self._socket:
            await self._socket.close()
        if self._slack:
            await self._slack.session.close()
        self._receiving = self._socket = self._slack = None

    def lead(self, leading: bool) -> None:
        """Nothing changes: Slack needs no leader. It sends each HTTP request to one process, and each
        event to one of up to ten sockets (platforms.md section 9), so all may listen at once."""

    def ready(self) -> bool:
        """True while Slack knows us, takes our token and, in Socket Mode, the socket is open."""
        listening = self._receiving is not None and self._welcome.good()
        return listening and (self._socket is None or self._socket.connected)

    def healthy(self) -> bool:
        """As `ready`: that tells all there is to know."""
        return self.ready()

    async def idle(self) -> None:
        """Return when everything that has arrived is answered."""
        if self._receiving:
            await self._receiving.idle()

    def routes(self) -> Sequence[Route]:
        """In HTTP mode the one route that takes commands, forms, buttons and events."""
        return [] if self._app_token else [Route("/slack/events", self._from_http, methods=["POST"])]

    # ---- sending ----

    async def send(
        self, place: Place, message: Message, only_for: Account | None = None, reply_to: str = ""
    ) -> Post:
        """Post a message with its picture, or its file after it; for one person's eyes in a group if
        `only_for` is given, and then the file goes to their direct chat. Raises SendFailed, never for the
        file."""
        web = self._web()
        if only_for is None or place.kind == "direct":
            return await post_whole(web, place, message, thread=reply_to)
        seen = await whisper(web, place, only_for, message, thread=reply_to)
        if message.file is not None:
            await share_answer(web, message.file, place, only_for, seen, public=False)
        return seen or Post(place, "")

    async def edit(self, post: Post, message: Message) -> Post:
        """Replace what a post says, in all its parts. Raises SendFailed."""
        return await edit_post(self._web(), post, message)

    async def delete(self, post: Post) -> None:
        """Take a post away with all its parts; one that is gone already is fine. Raises SendFailed."""
        await delete_post(self._web(), post)

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file that somebody sent, at most 20 MB. Raises SendFailed."""
        return await fetch_file(self._web(), ref)

    async def direct(self, account: Account) -> Place:
        """The direct chat with this person. Raises SendFailed."""
        team = self._welcome.me.team if self._welcome.me else account.workspace
        return await open_direct(self._web(), Place("slack", team, ""), account)

    async def give(self, place: Place, account: Account, answer: Answer, message_id: str = "") -> Post | None:
        """Give a recorded answer as a message with its file, and set its mark. A form without a message
        cannot be given any more, since the trigger that opens it lives 3 seconds: None. Raises SendFailed."""
        stands = await post_answer(self._web(), place, account, answer, message_id)
        if answer.message is not None and answer.message.file is not None and account.user:
            public = answer.public and not answer.aside
            await share_answer(self._web(), answer.message.file, place, account, stands, public)
        if answer.mark is not None:
            await set_mark(self._web(), place, answer.mark, message_id)
        return stands

    def start_link(self, payload: str) -> str:  # noqa: ARG002 - the port's signature
        """Slack has no such link."""
        return ""

    async def check(self) -> list[Finding]:
        """Ask Slack about the tokens and the scopes."""
        findings = []
        try:
            me = await self._ask_who_we_are()
            where = f"{me.name} in {me.team_name} ({me.team})"
            findings.append(Finding("Slack bot token", True, f"Slack knows me as {where}."))
            lacking = sorted(set(SLACK_SCOPES) - set(me.scopes))
            says = (
                f"Add these scopes and reinstall the app: {', '.join(lacking)}."
                if lacking
                else "All are granted."
            )
            findings.append(Finding("Slack scopes", not lacking, says))
        except SendFailed as trouble:
            findings.append(Finding("Slack bot token", False, f"auth.test says: {trouble.says}."))
        if self._app_token:
            try:
                await self._ticket()
                findings.append(Finding("Slack app token", True, "Socket Mode is open to me."))
            except SendFailed as trouble:
                says = f"apps.connections.open says: {trouble.says}."
                findings.append(Finding("Slack app token", False, says))
        else:
            says = "Requests are checked with it." if self._signing_secret else "Set SLACK_SIGNING_SECRET."
            findings.append(Finding("Slack signing secret", bool(self._signing_secret), says))
        return findings

    # ---- inside ----

    async def _from_http(self, request: Request) -> Response:
        return await self._receiving.from_http(request) if self._receiving else Response(status_code=503)

    def _web(self) -> SlackWeb:
        """The Web API over one session for all; made at first use, inside the running loop."""
        if self._slack is None:
            session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_PATIENCE))
            # no retry handlers: a call whose connection broke may have posted already
            client = AsyncWebClient(
                self._bot_token, self._api_url, session=session, logger=silent_logger(), retry_handlers=[]
            )
            self._slack = SlackWeb(client, session, self.pacer, turned_away=self._welcome.turned_away)
        return self._slack

    async def _ask_who_we_are(self) -> Me:
        answer, headers = await self._web().call_with_headers("auth.test", repeatable=True)
        team, user, bot, name, team_name = (
            str(answer.get(key) or "") for key in ("team_id", "user_id", "bot_id", "user", "team")
        )
        scopes = tuple(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(","))
        return Me(team, user, bot, name, team_name, scopes)

    async def _ticket(self) -> str:
        opened, _ = await self._web().call_with_headers("apps.connections.open", True, self._app_token)
        return str(opened["url"])
