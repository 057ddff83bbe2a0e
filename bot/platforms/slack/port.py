"""The port to Slack: bolt verifies, one middleware of ours answers everything after our commit.

One port for one workspace, whose token stands in the settings, and for all those that installed the app.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import WALL_CLOCK, Clock
from bot.messages import Account, Answer, Message, Place, Post
from bot.platforms.pacing import Pace, Pacer
from bot.platforms.port import Capabilities, Finding, Inbox
from bot.platforms.slack.answering import post_answer
from bot.platforms.slack.door import bolt_app
from bot.platforms.slack.fetching import fetch_file
from bot.platforms.slack.heard import Me
from bot.platforms.slack.home import Homes
from bot.platforms.slack.installations import Installed, Joined, begin
from bot.platforms.slack.installations.checking import findings
from bot.platforms.slack.installations.finding import Workspaces, first_of
from bot.platforms.slack.installations.keeping import Keeper
from bot.platforms.slack.installations.own import OwnWorkspace
from bot.platforms.slack.installations.rest import WorkspaceRest
from bot.platforms.slack.installations.sessions import PACE, Sessions
from bot.platforms.slack.marking import set_mark
from bot.platforms.slack.oauth import Installing, Oauth, Renders
from bot.platforms.slack.oauth.arriving import greet
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.posting import delete_post, edit_post, open_direct, whisper
from bot.platforms.slack.receiving import Receiving
from bot.platforms.slack.sharing import post_whole, share_answer
from bot.platforms.slack.socket import SlackSocket
from storage.installations import Installation
from storage.store import Storage

log = structlog.get_logger()

__all__ = ["PACE", "SlackPort"]

LEAVING_PATIENCE = 6.0  # seconds


class SlackPort:
    """Slack: the workspace of a bot token, and with `installing` all those that add the app themselves. With
    an app token events come over Socket Mode, else by HTTP (`routes`).

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
        installing: Installing | None = None,
    ) -> None:
        self.pacer = Pacer(pace or PACE, clock)
        self._app_token, self._signing_secret = app_token, signing_secret
        self._clock, self._commands, self._pause = clock, commands, pause
        self._sessions = Sessions(api_url, self.pacer)
        self._installing = installing
        among_others = installing is not None
        self._own = OwnWorkspace(bot_token, self._sessions, clock, pause, among_others=among_others)
        installed = Installed(installing.kept, installing.keys, self._joins) if installing else None
        self._workspaces = Workspaces(self._own, installed)
        self._oauth = (
            Oauth(installing, api_url, clock, self._sessions.session, self._arrived) if installing else None
        )
        self._inbox: Inbox | None = None
        self._keeper: Keeper | None = None
        self._receiving: Receiving | None = None
        self._socket: SlackSocket | None = None
        self._loops: list[asyncio.Task[None]] = []
        self._greetings: set[asyncio.Task[None]] = set()

    def move_in(self, storage: Storage, page: Renders) -> None:
        """The house is there in which workspaces' installations are kept, and what makes its pages."""
        if self._installing is not None:
            self._installing.move_in(storage, page)

    # ---- coming and going ----

    async def connect(self, inbox: Inbox) -> None:
        """Start receiving; returns at once. Raises ValueError if neither an app token nor a signing
        secret is set, for then nothing can ever arrive."""
        if not (self._app_token or self._signing_secret):
            raise ValueError("Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).")
        self._inbox = inbox
        self._keeper = keeper = self._keeper_for(inbox)
        homes = Homes(inbox, self._workspaces.web, self._clock)
        self._loops.append(asyncio.create_task(homes.run()))
        self._receiving = Receiving(homes, keeper, self._clock.now, self._commands)
        session, api_url = self._sessions.session(), self._sessions.api_url
        self._receiving.listen(bolt_app(self._signing_secret, api_url, session, self._receiving.take))
        if self._own.there:
            self._own.welcome.begin()
        if self._workspaces.installed is not None:
            self._loops.append(asyncio.create_task(begin(self._workspaces.installed, self._pause)))
        if self._app_token:
            proxy = self._sessions.web("").client.proxy
            self._socket = SlackSocket(session, self._ticket, self._receiving.from_socket, self._pause, proxy)
            self._loops.append(asyncio.create_task(self._socket.run()))

    async def disconnect(self) -> None:
        """Stop receiving, let what was begun end (6 s at most), close all connections."""
        await self._own.welcome.end()
        for loop in (*self._loops, *self._greetings):
            loop.cancel()
        await asyncio.gather(*self._loops, *self._greetings, return_exceptions=True)
        self._loops.clear()
        if self._receiving:
            await self._receiving.finish(LEAVING_PATIENCE)
        if self._keeper:
            await self._keeper.finish()
        if self._socket:
            await self._socket.close()
        await self._sessions.close()
        if self._installing:
            self._installing.leave()
        if self._workspaces.installed:
            self._workspaces.installed.leave()
        self._own.leave()
        self._receiving = self._socket = self._inbox = self._keeper = None

    def lead(self, leading: bool) -> None:
        """Nothing changes: Slack needs no leader. It sends each HTTP request to one process, and each
        event to one of up to ten sockets (platforms.md section 9), so all may listen at once."""

    def ready(self) -> bool:
        """True while Slack knows us, takes our token and, in Socket Mode, the socket is open. Where
        workspaces install us, none of them is waited for: there may be none yet."""
        listening = self._receiving is not None and (self._installing is not None or self._own.welcome.good())
        return listening and (self._socket is None or self._socket.connected)

    def healthy(self) -> bool:
        """As `ready`: that tells all there is to know."""
        return self.ready()

    async def idle(self) -> None:
        """Return when everything that has arrived is answered."""
        if self._receiving:
            await self._receiving.idle()
        while self._greetings:
            await asyncio.gather(*self._greetings, return_exceptions=True)
        if self._keeper:
            await self._keeper.finish()

    def routes(self) -> Sequence[Route]:
        """In HTTP mode the one route that takes commands, forms, buttons and events; and the pages by which
        a workspace adds the app."""
        events = [] if self._app_token else [Route("/slack/events", self._from_http, methods=["POST"])]
        return [*events, *(self._oauth.routes() if self._oauth else ())]

    # ---- sending ----

    async def send(
        self, place: Place, message: Message, only_for: Account | None = None, reply_to: str = ""
    ) -> Post:
        """Post a message with its picture, or its file after it; for one person's eyes in a group if
        `only_for` is given, and then the file goes to their direct chat. Raises SendFailed, never for the
        file."""
        web = await self._workspaces.web(place.installation)
        if only_for is None or place.kind == "direct":
            return await post_whole(web, place, message, thread=reply_to)
        seen = await whisper(web, place, only_for, message, thread=reply_to)
        if message.file is not None:
            await share_answer(web, message.file, place, only_for, seen, public=False)
        return seen or Post(place, "")

    async def edit(self, post: Post, message: Message) -> Post:
        """Replace what a post says, in all its parts. Raises SendFailed."""
        return await edit_post(await self._workspaces.web(post.place.installation), post, message)

    async def delete(self, post: Post) -> None:
        """Take a post away with all its parts; one that is gone already is fine. Raises SendFailed."""
        await delete_post(await self._workspaces.web(post.place.installation), post)

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file that somebody sent, at most 20 MB. Raises SendFailed."""
        ways = await self._workspaces.holding(ref)
        return bytes(await first_of(ways, lambda web: fetch_file(web, ref)))

    async def direct(self, account: Account) -> Place:
        """The direct chat with this person, through their own workspace if that installed us. Raises
        SendFailed."""

        async def opened(way: tuple[str, SlackWeb]) -> Place:
            return await open_direct(way[1], Place("slack", way[0], ""), account)

        place: Place = await first_of(await self._workspaces.reaching(account), opened)
        return place

    async def give(self, place: Place, account: Account, answer: Answer, message_id: str = "") -> Post | None:
        """Give a recorded answer as a message with its file, and set its mark. A form without a message
        cannot be given any more, since the trigger that opens it lives 3 seconds: None. Raises SendFailed."""
        web = await self._workspaces.web(place.installation)
        stands = await post_answer(web, place, account, answer, message_id)
        if answer.message is not None and answer.message.file is not None and account.user:
            public = answer.public and not answer.aside
            await share_answer(web, answer.message.file, place, account, stands, public)
        if answer.mark is not None:
            await set_mark(web, place, answer.mark, message_id)
        return stands

    def start_link(self, payload: str) -> str:  # noqa: ARG002 - the port's signature
        """Slack has no such link."""
        return ""

    async def check(self) -> list[Finding]:
        """Ask Slack about the tokens and the scopes, of each workspace."""
        own = self._own.ask if self._own.there else None
        ticket = self._ticket if self._app_token else None
        return await findings(own, ticket, bool(self._signing_secret), self._workspaces.installed)

    # ---- inside ----

    async def _from_http(self, request: Request) -> Response:
        return await self._receiving.from_http(request) if self._receiving else Response(status_code=503)

    def _keeper_for(self, inbox: Inbox) -> Keeper:
        kept, link = (self._installing.kept, self._installing.link) if self._installing else (None, "")
        return Keeper(self._workspaces, kept, inbox, self._clock, link)

    def _joins(self, row: Installation, token: str) -> Joined:
        """The way into a workspace that installed us."""
        me = Me(row.workspace, row.bot_user, row.bot, "", row.name, row.scopes)
        away = partial(self._token_away, row.workspace)
        return Joined(me, self._sessions.web(token, away, WorkspaceRest(self._clock)), row.enterprise)

    def _token_away(self, workspace: str, code: str) -> None:
        if self._keeper is not None:
            self._keeper.turned_away(workspace, lambda: self._workspaces.web(workspace), code)

    async def _arrived(self, new: Installation, fresh: bool) -> None:
        """A workspace installed us just now: it is known at once, and who did it is greeted."""
        installed = self._workspaces.installed
        assert installed is not None
        installed.forget()
        joined = await installed.find(new.workspace, "")
        if self._keeper is not None:
            self._keeper.arrived(new)
        if fresh and joined is not None and self._inbox is not None and new.installer:
            task = asyncio.create_task(greet(self._inbox, joined, new, self._clock.now()))
            self._greetings.add(task)
            task.add_done_callback(self._greetings.discard)

    async def _ticket(self) -> str:
        web = self._sessions.web("")
        opened, _ = await web.call_with_headers("apps.connections.open", True, self._app_token)
        return str(opened["url"])
