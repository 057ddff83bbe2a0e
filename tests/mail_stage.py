"""E-mail beside a world's platform: a mail server, our pages, and people who only read mail.

async with World("slack", storage, mail=True) as world:
    anna = await world.mail.person("Anna", "cimes")
    mail = await anna.reads_mail()
    page = await anna.presses(mail.links["For"], "For")
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx

from bot.messages import Account
from bot.platforms.email import EmailPort
from bot.platforms.pacing import FREE
from bot.seeding import charters_of
from bot.templating.pages import Pages
from bot.web import website
from tests.servers.mail import Mail, MailServer

if TYPE_CHECKING:
    from tests.world import World

__all__ = ["Mail", "MailReader", "MailStage", "Page"]

ROOT = Path(__file__).parents[1]
PUBLIC_URL = "https://bot.example.org"
SENDER = "Green Alliance <bot@alliance.example.org>"
POSTAL = "Green Alliance, Rue Example 1, 1000 Brussels"


class MailStage:
    """The mail side of one world."""

    def __init__(self, world: World) -> None:
        self.world, self.server = world, MailServer()
        self.pages = Pages(ROOT / "templates")
        self.more: dict[str, Any] = {}  # for the port: reply_to, mailbox_url

    async def start(self) -> None:
        """Let the mail server begin."""
        await self.server.start()

    async def stop(self) -> None:
        """And end."""
        await self.server.stop()

    def new_port(self) -> EmailPort:
        """A port to it, as after a restart."""
        given: dict[str, Any] = {"postal": POSTAL, "clock": self.world.clock, "pace": FREE} | self.more
        self.port = EmailPort(self.server.url, SENDER, self.world.storage, self.pages, PUBLIC_URL, **given)
        return self.port

    def site(self) -> Any:
        """Our pages."""
        return website(
            self.world.storage,
            (self.port,),
            lambda: {"received": Counter()},
            self.world.clock,
            inbox=self.world.dispatch,
            pages=self.pages,
            charters=charters_of(self.world.storage),
            public_url=PUBLIC_URL,
        )

    def browser(self, **more: Any) -> httpx.AsyncClient:
        """Somebody's browser, on our pages."""
        transport = httpx.ASGITransport(app=self.site())
        return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, **more)

    async def person(
        self, name: str, organisation: str, role: str = "representative", address: str = ""
    ) -> MailReader:
        """Somebody who is in already and has nothing but e-mail."""
        reader = self.reader(name, address)
        now = self.world.clock.now()

        def let_in(store: Any) -> None:
            zone = store.organisations.get(organisation).zone if organisation else "Europe/Brussels"
            person = store.persons.add(name, "en", zone, now)
            store.accounts.attach(store.accounts.remember(reader.account, now), person.id)
            store.roles.grant(person.id, role, organisation, now, None)
            store.emails.add(person.id, reader.address, now)
            if hasattr(store.emails, "confirm"):
                store.emails.confirm(person.id, reader.address, now)

        await self.world.storage.write(let_in)
        return reader

    async def address_of(self, somebody: Any, address: str = "", preferred: bool = True) -> MailReader:
        """One more way to somebody of the world's platform: their mail, where they read us from now on unless
        it is not `preferred`."""
        reader = self.reader(somebody.name, address)
        now = self.world.clock.now()

        def add(store: Any) -> None:
            person = store.accounts.identify(somebody.account).person
            account = store.accounts.remember(reader.account, now)
            store.accounts.attach(account, person.id)
            store.emails.add(person.id, reader.address, now)
            if hasattr(store.emails, "confirm"):
                store.emails.confirm(person.id, reader.address, now)
            if preferred:
                store.accounts.prefer(account, person.id)

        await self.world.storage.write(add)
        return reader

    def reader(self, name: str, address: str = "") -> MailReader:
        """Somebody with a mailbox whom the bot has never met."""
        return MailReader(self, name, address or f"{name.lower().replace(' ', '.')}@members.example.org")


class MailReader:
    """Somebody who reads mail, follows links and presses buttons on pages."""

    def __init__(self, stage: MailStage, name: str, address: str) -> None:
        self.stage, self.name, self.address = stage, name, address.casefold()

    @property
    def account(self) -> Account:
        """Who they are to the bot."""
        return Account("email", "", self.address, self.name)

    @property
    def mails(self) -> list[Mail]:
        """Their mails, oldest first."""
        return self.stage.server.to(self.address)

    async def reads_mail(self) -> Mail:
        """Their newest mail, once all that is due is out."""
        await self.stage.world.settled()
        assert self.mails, f"{self.name} has no mail"
        return self.mails[-1]

    async def follows(self, link: str) -> Page:
        """Open a page."""
        async with self.stage.browser() as browser:
            return _page(await browser.get(link))

    async def presses(self, link: str, label: str, **fields: str) -> Page:
        """Open a page and press the button with that label on it; `fields` are typed before."""
        return await self.presses_on(await self.follows(link), label, **fields)

    async def presses_on(self, page: Page, label: str, **fields: str) -> Page:
        """Press the button with that label on a page that is open, and let all that follows happen."""
        form, button = page.find(label)
        given = {**form.fields, **fields}
        if button.name:
            given[button.name] = button.value
        async with self.stage.browser() as browser:
            target = urljoin(page.url, form.action or page.url)
            headers = {"origin": "{0.scheme}://{0.netloc}".format(urlsplit(target))}
            answer = await browser.post(target, data=given, headers=headers, follow_redirects=True)
        await self.stage.world.settled()
        return _page(answer)


class Button:
    """A button of a form."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value, self.label = name, value, ""


class Form:
    """A form on a page."""

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method
        self.fields: dict[str, str] = {}
        self.buttons: list[Button] = []


class Page(HTMLParser):
    """A page as somebody sees it."""

    def __init__(self, url: str, status: int, source: str, headers: Any) -> None:
        super().__init__()
        self.url, self.status, self.source, self.headers = url, status, source, headers
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._words: list[str] = []
        self._button: Button | None = None
        self._link: tuple[str, int] | None = None
        self._unseen = 0
        self.feed(source)

    @property
    def text(self) -> str:
        """All that stands on it."""
        return " ".join(" ".join(self._words).split())

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [button.label for form in self.forms for button in form.buttons]

    def find(self, label: str) -> tuple[Form, Button]:
        """The button with that label, and its form."""
        for form in self.forms:
            for button in form.buttons:
                if button.label == label:
                    assert form.method == "post", f"{label!r} is pressed by GET"
                    return form, button
        raise AssertionError(f"no button {label!r}, only {self.buttons} on: {self.text}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag in ("style", "script", "title"):
            self._unseen += 1
        elif tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").lower()))
        elif tag == "input" and self.forms and has.get("name"):
            self.forms[-1].fields[has["name"]] = has.get("value", "")
        elif tag == "button" and self.forms:
            self._button = Button(has.get("name", ""), has.get("value", ""))
            self.forms[-1].buttons.append(self._button)
        elif tag == "a":
            self._link = (urljoin(self.url, has.get("href", "")), len(self._words))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._unseen -= 1
        elif tag == "button":
            self._button = None
        elif tag == "a" and self._link is not None:
            address, start = self._link
            self.links[" ".join("".join(self._words[start:]).split())] = address
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self._words.append(data)
        if self._button is not None:
            self._button.label = (self._button.label + data).strip()


def _page(answer: httpx.Response) -> Page:
    return Page(str(answer.url), answer.status_code, answer.text, answer.headers)
