"""The HTTP side of the stand-in: tokens, faults to order, sockets, response_urls, and what was called."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web

from tests.servers.slack.delivery import Delivery, event_payload
from tests.servers.slack.faults import Fault, Troubles, spoil
from tests.servers.slack.files import Files
from tests.servers.slack.happenings import Happenings
from tests.servers.slack.installs import Installs, Workspace
from tests.servers.slack.limits import Limits
from tests.servers.slack.methods import FORM_ONLY, Methods, Refused
from tests.servers.slack.people import User
from tests.servers.slack.rules import faults_of_message
from tests.servers.slack.world import BOT_USER, TEAM, Channel, World

SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,files:read,files:write,"
    "groups:history,groups:read,im:history,im:write,reactions:write,users:read"
)
QUIET = 0.05  # seconds without a call after which a bot in another process counts as done


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Recorded:
    """One call of the Web API or of a response_url ("respond"), and Slack's answer."""

    method: str
    arguments: dict[str, Any]
    answer: dict[str, Any]


@dataclass
class SlackServer(Happenings, Troubles):
    """Slack with one workspace. `now` is its clock (triggers, response_urls and limits go by it), `patience`
    the seconds it waits for an acknowledgement, `commands` the slash commands it knows (None: all). With
    `limits` it turns away what is too much (see LIMITS)."""

    now: Callable[[], datetime] = _utc_now
    patience: float = 3.0
    commands: tuple[str, ...] | None = None
    bot_token: str = "xoxb-stand-in"
    app_token: str = "xapp-stand-in"
    signing_secret: str = "stand-in-secret"
    scopes: list[str] = field(default_factory=lambda: SCOPES.split(","))
    limits: bool = False
    names_only: str = ""  # of the workspaces that share a channel, the one that Slack names in its events
    port: int = 0  # a fixed one lets the same Slack come back after `stop`

    def __post_init__(self) -> None:
        self.world = World(self.now)
        self.delivery = Delivery(self.patience, self.signing_secret)
        self.files = Files(
            lambda: f"http://127.0.0.1:{self.port}", self.bot_token, self.scopes, self.world.seconds
        )
        self.installs = Installs(self.world, self.scopes)
        self.methods = Methods(self.world, self.files, self._ticket, self.scopes, self.installs.auth_test)
        self.calls: list[Recorded] = []
        self.spoke: list[tuple[str, str]] = []  # each call's method and token
        self.handshakes = 0
        # told of each moment, "asked" and "done", with a method ("respond" for response_urls); True means
        # that the bot died in that moment, so that it is given no answer
        self.witness: Callable[[str, str, dict[str, Any]], bool] = lambda *_: False
        Troubles.__init__(self)
        self._limits = Limits(self.world.seconds)
        self._tickets: set[str] = set()
        self._dead_tickets = 0
        self._waiters: list[Callable[[], Awaitable[None]]] = []
        self._runner: web.AppRunner | None = None
        self._in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # ---- coming and going ----

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        app = web.Application(client_max_size=64_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/respond/{name}", self._respond)
        app.router.add_get("/link/{ticket}", self._link)
        app.router.add_get("/oauth/v2/authorize", self.installs.authorize)
        self.files.listen(app, self._with_faults)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.delivery.session = aiohttp.ClientSession()

    async def stop(self) -> None:
        """Go down; what people saw stays."""
        for task in tuple(self._tasks):
            task.cancel()
        await self.cut()
        if self.delivery.session:
            await self.delivery.session.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    @property
    def api_url(self) -> str:
        """The base of the Web API, with a slash at its end."""
        return f"http://127.0.0.1:{self.port}/api/"

    def post_to(self, url: str) -> None:
        """Send everything to this address over HTTP, signed, in place of Socket Mode."""
        self.delivery.url = url

    # ---- what a test arranges ----

    def user(self, name: str, team: str = TEAM, zone: str = "Europe/Brussels", locale: str = "en-GB") -> User:
        """Somebody new in the workspace (or from another `team`), with a direct chat with the bot."""
        return User(self, self.world.person(name, team, zone, locale))

    def channel(self, name: str, *members: User, bot: bool = True, private: bool = False) -> Channel:
        """A new channel with these people in it, and the bot."""
        ids = {member.id for member in members} | ({BOT_USER} if bot else set())
        return self.world.channel(name, "group" if private else "channel", ids)

    def told_of(self, channel: Channel) -> list[str]:
        """The workspaces that are told of what is said in a channel: those whose bots are in it, or of them
        the one that Slack names."""
        every = self.ours_in(channel)
        return [self.names_only] if self.names_only in every else every

    def ours_in(self, channel: Channel) -> list[str]:
        """The workspaces whose bots are in a channel."""
        bots = self.world.bots.items()
        teams = [team for team, bot in bots if bot in channel.members]
        if channel.kind == "im":
            homes = {self.world.people[one].team for one in channel.members if one in self.world.people}
            return [team for team in teams if team in homes] or teams[:1]
        return list({self.world.bots[team]: team for team in reversed(teams)}.values())[::-1]

    async def uninstalls(self, workspace: Workspace, first: str = "tokens_revoked") -> None:
        """Somebody takes the app out of their workspace: Slack tells it twice, in whichever order, and a
        second time what was told `first`."""
        bot, team = workspace.bot_user, (workspace.teams or (workspace.id,))[0]
        told: list[dict[str, Any]] = [
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}},
            {"type": "app_uninstalled"},
        ]
        told = told if first == "tokens_revoked" else told[::-1]
        self.installs.revoke(workspace)
        for event in (*told, told[0]):
            await self.tells(event, team)

    async def tells(self, event: dict[str, Any], team: str, named: bool = True) -> None:
        """Tell of something to a workspace, or to the organisation that has the app for it; if not `named`,
        Slack does not say to which of them."""
        payload = event_payload("Ev" + secrets.token_hex(5), event, self.world.seconds())
        told = self.installs.address(payload, team)
        await self.delivery.event(told if named else {**told, "authorizations": []})
        await self.settled()

    def chat(self, *members: User) -> Channel:
        """A direct chat between people, without the bot."""
        return self.world.channel("directmessage", "im", {member.id for member in members})

    def refuse_tickets(self, times: int) -> None:
        """Give out tickets whose sockets cannot be opened: the dead-ticket trap."""
        self._dead_tickets = times

    async def cut(self) -> None:
        """Break every socket off, without a word."""
        for socket in list(self.delivery.sockets):
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
            self.delivery.lost(socket)

    async def refresh(self) -> None:
        """Announce the end of every socket, as Slack does each hour; the bot is to open another."""
        for socket in list(self.delivery.sockets):
            self.delivery.sockets.remove(socket)
            await socket.send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    async def connected(self, sockets: int = 1) -> None:
        """Wait until so many sockets are open and what was owed is sent again."""
        while len(self.delivery.sockets) < sockets or self._tasks:
            await asyncio.sleep(0.01)

    async def redeliver(self, event_id: str) -> None:
        """Send an event once more, though it was acknowledged."""
        await self.delivery.event(self.delivery.sent[event_id])
        await self.settled()

    def also_wait_for(self, idle: Callable[[], Awaitable[None]]) -> None:
        """Count the bot as done only when this returns too (SlackPort.idle of a port in this process)."""
        self._waiters.append(idle)

    async def settled(self) -> None:
        """Wait until the bot has nothing more to do: by `also_wait_for`, else after a quiet moment."""
        for idle in self._waiters:
            await idle()
        while not self._waiters:
            before = len(self.calls)
            await asyncio.sleep(QUIET)
            if not self._in_flight and len(self.calls) == before:
                return

    def called(self, method: str) -> list[Recorded]:
        """The calls of one method, in their order."""
        return [call for call in self.calls if call.method == method]

    # ---- HTTP ----

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request, json_too=method not in FORM_ONLY)

        def run() -> dict[str, Any]:
            wanted = self.app_token if method == "apps.connections.open" else self.bot_token
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if method == "oauth.v2.access":
                return self.installs.access(arguments)
            installed = self.installs.by_token(token) if method != "apps.connections.open" else None
            if token != wanted and installed is None:
                says = self.installs.ended.get(token, "invalid_auth")
                return {"ok": False, "error": "not_authed" if not token else says}
            self.world.acting = installed.bot_user if installed else BOT_USER
            try:
                return {"ok": True, **self.methods.call(method, arguments)}
            except Refused as refused:
                more = {"response_metadata": {"messages": list(refused.messages)}} if refused.messages else {}
                return {"ok": False, "error": refused.code, **more}

        def answered() -> web.Response:
            wait = self._limits.take(method, arguments) if self.limits else 0
            answer = {"ok": False, "error": "ratelimited"} if wait else run()
            self.calls.append(Recorded(method, arguments, answer))
            headers = {"Retry-After": str(wait)} if wait else {"x-oauth-scopes": ",".join(self.scopes)}
            self.spoke.append((method, request.headers.get("Authorization", "").removeprefix("Bearer ")))
            return web.json_response(answer, status=429 if wait else 200, headers=headers)

        return await self._with_faults(method, request, arguments, answered)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = await request.json()

        def answered() -> web.Response:
            code = faults_of_message(body)
            status, text = (400, code) if code else self.world.respond(request.match_info["name"], body)
            self.calls.append(Recorded("respond", body, {"status": status, "text": text}))
            return web.Response(status=status, text=text)

        return await self._with_faults("respond", request, body, answered)

    async def _with_faults(
        self,
        method: str,
        request: web.Request,
        arguments: dict[str, Any],
        answered: Callable[[], web.Response],
    ) -> web.StreamResponse:
        if self.witness("asked", method, arguments):
            return await spoil(Fault(drop=True), request, answered)
        self._in_flight += 1
        try:
            fault = self.fault_of(method)
            response = await spoil(fault, request, answered) if fault else answered()
        finally:
            self._in_flight -= 1
        if self.witness("done", method, arguments):
            return await spoil(Fault(drop=True), request, answered)
        return response

    # ---- Socket Mode ----

    def _ticket(self) -> str:
        ticket = secrets.token_hex(8)
        if self._dead_tickets:
            self._dead_tickets -= 1
        else:
            self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self.port}/link/{ticket}"

    async def _link(self, request: web.Request) -> web.StreamResponse:
        self.handshakes += 1
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            return web.Response(status=404)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(
            json.dumps({"type": "hello", "num_connections": len(self.delivery.sockets) + 1})
        )
        self.delivery.sockets.append(socket)
        task = asyncio.create_task(self.delivery.retry())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            async for frame in socket:
                self.delivery.acknowledge(json.loads(frame.data))
        finally:
            self.delivery.lost(socket)
        return socket


async def _arguments(request: web.Request, json_too: bool) -> dict[str, Any]:
    if request.content_type == "application/json":
        found = await request.json() if json_too else {}
        return found if isinstance(found, dict) else {}
    pairs: Iterable[tuple[str, Any]] = [*request.query.items(), *(await request.post()).items()]
    return {name: _decoded(value) for name, value in pairs}


def _decoded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        return json.loads(value)
    return value
