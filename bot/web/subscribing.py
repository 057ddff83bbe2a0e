"""The way in to the newsletter and out of it: by a form, and by the secret word that each mail carries.

Looking changes nothing. A typed address is told nothing of whether it is known, and nothing begins before the
mail to it was answered; a way out needs one press and no login (RFC 8058, spec/engagement.md section 3).
"""

from __future__ import annotations

import re
from collections import deque
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.newsletter.subscribing import asked, ended
from bot.people.addresses import on_the_wire
from bot.rules.newsletter.values import Newsletter
from bot.web.newsletter import newsletter_of
from bot.web.pages import Site, form_of
from storage.store import Store

IN_ALL: Final = 30  # addresses a minute, whoever types them
MINUTE: Final = timedelta(minutes=1)
LONGEST_ADDRESS: Final = 254  # characters (RFC 5321, 4.5.3.1.3)
LONGEST_WORD: Final = 100  # characters
ONE_CLICK: Final = "List-Unsubscribe"
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]+\.[^\s@<>()\[\]\\,;:\".]{2,}")


def subscribing_routes(site: Site) -> list[Route]:
    """`/newsletter/subscribe`, where mail can be sent, and `/unsubscribe/<word>`."""
    ways = _Ways(site)
    return [
        site.route("/newsletter/subscribe", ways.form),
        site.route("/newsletter/subscribe", ways.typed, ("POST",)),
        site.route("/unsubscribe/{word}", ways.out),
        site.route("/unsubscribe/{word}", ways.left, ("POST",), by_word=True),
    ]


class _Ways:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._lately: deque[datetime] = deque(maxlen=IN_ALL)  # when addresses were typed

    async def form(self, request: Request) -> Response:
        """Where an address is typed."""
        return await self._form(request, "", "")

    async def typed(self, request: Request) -> Response:
        """An address was typed: it is asked by mail. What is said here is the same for every address."""
        form, now = await form_of(request), self._site.clock.now()
        address = form.get("address", [""])[0].strip()
        if not self._site.has_mail:
            return await self._form(request, "", "")
        if not on_the_wire(address) or not _ADDRESS.fullmatch(address):
            return await self._form(request, address[:LONGEST_ADDRESS], "unclear", 422)
        if self._busy(now):
            return await self._form(request, address, "busy", 429)
        self._lately.append(now)
        language = self._site.language(request)
        ask = partial(_ask, self._site, address, language, form.get("topic", []), now)
        newsletter = await self._site.storage.write(ask)
        return self._site.page(request, "subscribe_asked", {"newsletter": newsletter.title})

    async def out(self, request: Request) -> Response:
        """The page with the one button that ends it."""
        word = str(request.path_params["word"])[:LONGEST_WORD]

        def find(store: Store) -> tuple[Newsletter, str]:
            found = store.subscriptions.by_word(word)
            return newsletter_of(self._site, store), found.state if found else ""

        newsletter, state = await self._site.storage.read(find)
        if not state:
            return self._site.page(request, "gone", status=404)
        name = "unsubscribed" if state == "ended" else "unsubscribe"
        return self._site.page(request, name, {"newsletter": newsletter.title, "word": word})

    async def left(self, request: Request) -> Response:
        """It ends at once: by the button, or by a mail program's one click, which needs no page."""
        word, now = str(request.path_params["word"])[:LONGEST_WORD], self._site.clock.now()
        one_click = ONE_CLICK in await form_of(request) or "multipart" in _kind(request)

        def end(store: Store) -> tuple[Newsletter, bool]:
            return newsletter_of(self._site, store), ended(store, word, "asked", now) is not None

        newsletter, known = await self._site.storage.write(end)
        if not known:
            return self._site.page(request, "gone", status=404)
        if one_click:
            return PlainTextResponse("Unsubscribed")
        return self._site.page(request, "unsubscribed", {"newsletter": newsletter.title, "word": word})

    async def _form(self, request: Request, address: str, trouble: str, status: int = 200) -> Response:
        newsletter = await self._site.storage.read(partial(newsletter_of, self._site))
        if not self._site.has_mail:
            return self._site.page(request, "gone", status=404)
        values = {"newsletter": newsletter.title, "topics": newsletter.topics, "address": address}
        return self._site.page(request, "subscribe", values | {"trouble": trouble}, status)

    def _busy(self, now: datetime) -> bool:
        return len(self._lately) == IN_ALL and now - self._lately[0] < MINUTE


def _ask(
    site: Site, address: str, language: str, topics: list[str], now: datetime, store: Store
) -> Newsletter:
    newsletter = newsletter_of(site, store)
    asked(store, address, language, [key for key in newsletter.topics if key in topics], now)
    return newsletter


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "")
