"""Adding our Slack app to a workspace: our page with one button, Slack's own question, and the way back.

The way back writes although it is a GET: Slack allows no other (OAuth 2.0, RFC 6749 section 4.1.2). It acts
once, for the browser that was sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.platforms.manifest import SLACK_SCOPES
from bot.platforms.slack.door import silent_logger
from bot.platforms.slack.installations.keys import Keys
from bot.platforms.slack.oauth.arriving import installation_of, keep
from bot.platforms.slack.oauth.state import COOKIE, LASTS, fits, new_cookie, new_ticket, used_name
from storage.installations import Installation
from storage.store import Busy, Storage

INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
USED_UP = ("invalid_code", "code_already_used")
LONGEST_CODE = 500  # characters
LATER = "60"  # seconds after which to try again if the database is busy
log = structlog.get_logger()


class Renders(Protocol):
    """What makes a page of ours of a template in templates/pages."""

    def __call__(
        self, request: Request, name: str, values: Mapping[str, Any] | None = None, status: int = 200
    ) -> Response: ...


@dataclass
class Installing:
    """What it takes to let workspaces add the app. `storage` and `page` come with the house; without it (the
    command line's `check`) a database is opened with `opens`, and closed with `leave`."""

    client_id: str
    client_secret: str = field(repr=False)
    keys: Keys = field(repr=False)
    public_url: str = ""
    opens: Callable[[], Storage] = field(default=lambda: _no_storage(), repr=False)
    storage: Storage | None = field(default=None, repr=False)
    page: Renders | None = field(default=None, repr=False)
    _opened: bool = False

    def kept(self) -> Storage:
        """Where installations are kept."""
        if self.storage is None:
            self.storage, self._opened = self.opens(), True
        return self.storage

    def move_in(self, storage: Storage, page: Renders) -> None:
        """The house is there: its database and its pages."""
        self.leave()
        self.storage, self.page = storage, page

    def leave(self) -> None:
        """Close what was opened here."""
        if self._opened and self.storage is not None:
            self.storage.close_now()
            self.storage, self._opened = None, False

    @property
    def link(self) -> str:
        """Where the app is installed."""
        return self.public_url.rstrip("/") + INSTALL


class Oauth:
    """The two pages. `arrived` is told of each installation that is to be greeted, and each that changed."""

    def __init__(
        self,
        installing: Installing,
        api_url: str,
        clock: Clock,
        session: Callable[[], aiohttp.ClientSession],
        arrived: Callable[[Installation, bool], Awaitable[None]],
    ) -> None:
        self._installing, self._api_url, self._clock = installing, api_url, clock
        self._session, self._arrived = session, arrived
        root = api_url.rstrip("/").removesuffix("/api")  # https://slack.com, or GovSlack's
        self._generator = AuthorizeUrlGenerator(
            client_id=quote(installing.client_id),
            redirect_uri=quote(self._redirect_uri, safe=""),
            scopes=SLACK_SCOPES,
            authorization_url=f"{root}/oauth/v2/authorize",
        )

    def routes(self) -> list[Route]:
        """Our page, and the address to which Slack sends people back."""
        return [Route(INSTALL, self.offer), Route(BACK, self.came_back)]

    async def offer(self, request: Request) -> Response:
        """What the app reads and why, and the one button."""
        cookie = new_cookie(request.cookies.get(COOKIE, ""))
        ticket = new_ticket(self._installing.keys, cookie, self._clock.now())
        link = self._generator.generate(quote(ticket, safe=""))
        page = self._page(request, "slack_install", {"link": link})
        path = urlsplit(self._installing.public_url).path.rstrip("/") + "/slack"
        page.set_cookie(COOKIE, cookie, LASTS, path=path, secure=True, httponly=True, samesite="lax")
        return page

    async def came_back(self, request: Request) -> Response:
        """Slack sent somebody back: with a code, or with why not."""
        asked, now = request.query_params, self._clock.now()
        if request.method != "GET":
            return Response(status_code=405)
        if asked.get("error"):
            denied = asked["error"] == "access_denied"
            log.info("slack.not_installed", reason=asked["error"][:50])
            return self._no(request, "denied" if denied else "strange", 200 if denied else 400)
        ticket = asked.get("state", "")
        so = fits(self._installing.keys, ticket, request.cookies.get(COOKIE, ""), now)
        if so != "fits":
            return self._no(request, so)
        try:
            if not await self._first_use(ticket):
                return self._no(request, "used")
            return await self._exchanged(request, asked.get("code", "")[:LONGEST_CODE])
        except Busy:
            page = self._no(request, "later", 503)
            page.headers["retry-after"] = LATER
            return page

    async def _first_use(self, ticket: str) -> bool:
        now, mine = self._clock.now(), secrets.token_hex(8)
        until = now + timedelta(seconds=LASTS)
        claim = (used_name(ticket), mine, until, now)
        return await self._installing.kept().write(lambda store: store.installations.claim(*claim)) == mine

    async def _exchanged(self, request: Request, code: str) -> Response:
        now, given = self._clock.now(), {"code": code, "redirect_uri": self._redirect_uri}
        given |= {"client_id": self._installing.client_id, "client_secret": self._installing.client_secret}
        try:
            answer = await self._client().api_call("oauth.v2.access", data=given)
            told = answer.data if isinstance(answer.data, dict) else {}
            bot = await self._bot_of(str(told.get("access_token") or ""))
            new = installation_of(told, bot, self._installing.keys, now)
        except SlackApiError as refusal:
            reason = str(refusal.response.get("error") or "")
            log.warning("slack.not_installed", reason=reason)
            return self._no(request, "used" if reason in USED_UP else "strange")
        except (KeyError, TypeError, ValueError, AttributeError) as trouble:
            log.warning("slack.not_installed", reason=type(trouble).__name__)
            return self._no(request, "strange")
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as trouble:
            log.warning("slack.not_installed", reason=type(trouble).__name__)
            return self._no(request, "later", 503)
        fresh = await keep(self._installing.kept(), new, now)
        log.info("slack.installed", workspace=new.workspace, fresh=fresh)
        await self._arrived(new, fresh)
        return self._page(request, "slack_installed", {"name": new.name, "fresh": fresh})

    async def _bot_of(self, token: str) -> str:
        """The id under which we write there; what oauth.v2.access doesn't tell."""
        try:
            return str((await self._client(token).auth_test()).get("bot_id") or "")
        except (SlackApiError, aiohttp.ClientError, TimeoutError, ConnectionError, AttributeError):
            return ""  # nothing needs it

    def _client(self, token: str = "") -> AsyncWebClient:
        return AsyncWebClient(
            token or None, self._api_url, session=self._session(), logger=silent_logger(), retry_handlers=[]
        )

    @property
    def _redirect_uri(self) -> str:
        return self._installing.public_url.rstrip("/") + BACK

    def _no(self, request: Request, why: str, status: int = 400) -> Response:
        return self._page(request, "slack_not_installed", {"why": why}, status)

    def _page(self, request: Request, name: str, values: Mapping[str, Any], status: int = 200) -> Response:
        if self._installing.page is None:
            return Response(status_code=503)
        return self._installing.page(request, name, values, status)


def _no_storage() -> Storage:
    raise ValueError("nowhere to keep installations")
