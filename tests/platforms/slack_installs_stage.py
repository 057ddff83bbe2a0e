"""The stage of workspaces that add the app: the whole bot with its pages, Slack, and somebody's browser."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import httpx

from bot.commands import REGISTRY
from bot.messages import Account
from bot.platforms.manifest import slash_names
from bot.platforms.pacing import FREE
from bot.platforms.slack import SlackPort
from bot.platforms.slack.installations.keys import Keys
from bot.platforms.slack.oauth import Installing
from bot.seeding import charters_of
from bot.templating.pages import Pages
from bot.web import website
from bot.web.pages import Site
from storage.installations import Installation
from storage.store import Storage
from tests.servers.slack import TEAM
from tests.servers.slack.installs import Workspace
from tests.world import ROOT, Heard, OnSlack, World

HOME = "https://bot.example.org"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
NEWER = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="


class InstallWorld(World):
    """A world whose Slack is many workspaces. `key`: ENCRYPTION_KEY; `own`: whether there is a bot token."""

    key, own = KEY, False

    @property
    def there(self) -> SlackPort:
        """The port, while the bot runs."""
        assert isinstance(self.port, SlackPort)
        return self.port

    def _slack_port(self) -> SlackPort:
        installs = self.slack.installs
        self.installing = Installing(
            installs.client_id, installs.client_secret, Keys(self.key), HOME, storage=self.storage
        )
        port = SlackPort(
            self.slack.bot_token if self.own else "",
            self.slack.app_token,
            api_url=self.slack.api_url,
            clock=self.clock,
            commands=slash_names(REGISTRY.all()),
            pause=0.01,
            pace=FREE,
            installing=self.installing,
        )
        self.pages = Pages(ROOT / "templates")
        site = Site(self.storage, self.pages, self.clock, charters_of(self.storage), HOME)
        port.move_in(self.storage, site.page)
        self.slack.also_wait_for(port.idle)
        return port

    async def start_bot(self) -> None:
        await super().start_bot()
        object.__setattr__(self.dispatch._around, "public_url", HOME)

    def browser(self) -> Browser:
        """Somebody's browser, on our pages."""
        assert self.port is not None
        site = website(
            self.storage,
            (self.port,),
            lambda: {"received": Counter()},
            self.clock,
            inbox=self.dispatch,
            pages=self.pages,
            charters=charters_of(self.storage),
            public_url=HOME,
        )
        return Browser(self, site)

    def someone(self, name: str, workspace: Workspace | str, **more: Any) -> OnSlack:
        """Somebody at home in a workspace."""
        team = workspace if isinstance(workspace, str) else workspace.id
        return AtHome(self, name, team=team, **more)

    def stranger(self, name: str, **more: Any) -> OnSlack:
        """Somebody whom the bot has never met."""
        return AtHome(self, name, **more)

    async def installs(self, somebody: OnSlack) -> Heard:
        """Somebody adds the app to their workspace: what they read of us then."""
        async with self.browser() as browser:
            page = await browser.adds(somebody)
        assert page.status_code == 200
        assert "I&#39;m in" in page.text or "I'm in" in page.text
        await self.settled()
        return somebody.reads()

    async def rows(self) -> dict[str, Installation]:
        """The installations that are kept."""
        found = await self.storage.read(lambda store: store.installations.all())
        return {one.workspace: one for one in found}

    def tokens_of(self, method: str) -> list[str]:
        """With which tokens a method was called, in order."""
        return [token for called, token in self.slack.spoke if called == method]


class AtHome(OnSlack):
    """Somebody at home in a workspace of their own."""

    def __init__(self, world: World, name: str, team: str = TEAM, language: str = "en") -> None:
        self.world, self.name, self.language, self.team = world, name, language, team
        self.user = world.slack.user(name, team=team, locale=language)

    @property
    def account(self) -> Account:
        return Account("slack", self.team, self.user.id, self.name, self.language)


class Browser:
    """It keeps cookies, and goes where it is sent."""

    def __init__(self, world: InstallWorld, site: Any) -> None:
        self.world = world
        self._ours = httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url=HOME)

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ours.aclose()

    async def opens(self, path: str) -> httpx.Response:
        """Open one of our pages."""
        return await self._ours.get(path)

    async def head(self, path: str) -> httpx.Response:
        """Look whether a page is there."""
        return await self._ours.head(path)

    async def offered(self) -> str:
        """Where the one button leads."""
        page = await self.opens("/slack/install")
        assert page.status_code == 200
        link = page.text.split('class="button first" href="')[1].split('"')[0]
        return link.replace("&amp;", "&")

    async def at_slack(self, link: str, somebody: OnSlack) -> str:
        """Answer Slack's question: where it sends them back, without the host."""
        self.world.slack.installs.visitor = somebody.user
        async with aiohttp.ClientSession() as session, session.get(link, allow_redirects=False) as answer:
            assert answer.status == 302
            back = answer.headers["Location"]
        assert back.startswith(f"{HOME}/slack/oauth_redirect?")
        return back.removeprefix(HOME)

    async def adds(self, somebody: OnSlack) -> httpx.Response:
        """The whole way: the page on which they end."""
        return await self.opens(await self.at_slack(await self.offered(), somebody))


def asked_of(link: str) -> dict[str, str]:
    """What Slack is asked with a link."""
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


async def kept_tokens(storage: Storage) -> list[str]:
    """What stands in the database in place of tokens."""
    return [row.token for row in await storage.read(lambda store: store.installations.all())]
