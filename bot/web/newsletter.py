"""The newsletter's archive: a page for each edition, their list, the Atom feed, and the pictures in them.

Only what is public of an edition that went out is here (spec/engagement.md section 3).
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.in_force import charters_in
from bot.newsletter.archive import Public, feed, is_public_media, public_edition, public_editions
from bot.rules.newsletter.values import Newsletter
from bot.web.caching import unless_known
from bot.web.pages import Site
from storage.store import Store

ON_A_PAGE: Final = 20  # editions
ATOM: Final = "http://www.w3.org/2005/Atom"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
PICTURES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")

ElementTree.register_namespace("", ATOM)


def archive_routes(site: Site) -> list[Route]:
    """`/newsletter`, an edition's page under it, `/newsletter/feed.atom` and `/media/<number>`."""
    archive = _Archive(site)
    return [
        site.route("/newsletter", archive.list),
        site.route("/newsletter/feed.atom", archive.feed),
        site.route("/newsletter/{slug}", archive.edition),
        site.route("/media/{number:int}", archive.picture),
    ]


def newsletter_of(site: Site, store: Store) -> Newsletter:
    """What the charter in force says of the newsletter."""
    return charters_in(store).at(site.clock.now().date()).newsletter


class _Archive:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def list(self, request: Request) -> Response:
        """Every edition, newest first."""
        typed = request.query_params.get("page", "1")
        page = max(1, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 1
        skipped = (page - 1) * ON_A_PAGE

        def find(store: Store) -> tuple[Newsletter, tuple[Public, ...], int]:
            return newsletter_of(self._site, store), *public_editions(store, ON_A_PAGE, skipped)

        newsletter, editions, total = await self._site.storage.read(find)
        older = page + 1 if skipped + ON_A_PAGE < total else 0
        values = {"newsletter": newsletter.title, "editions": editions, "older": older, "newer": page - 1}
        return self._site.open_page(request, "newsletter", values | {"has_mail": self._site.has_mail})

    async def edition(self, request: Request) -> Response:
        """One edition with its dated notes."""
        slug = str(request.path_params["slug"])

        def find(store: Store) -> tuple[Newsletter, Public | None]:
            return newsletter_of(self._site, store), public_edition(store, slug)

        newsletter, edition = await self._site.storage.read(find)
        if edition is None:
            return self._site.page(request, "gone", status=404)
        values = {"newsletter": newsletter.title, "edition": edition, "address": ""}
        return self._site.open_page(request, "edition", values | {"has_mail": self._site.has_mail})

    async def feed(self, request: Request) -> Response:
        """The newest editions, whole, for feed readers."""

        def find(store: Store) -> tuple[Newsletter, tuple[Public, ...]]:
            return newsletter_of(self._site, store), feed(store)

        newsletter, editions = await self._site.storage.read(find)
        body = self._atom(request, newsletter, editions)
        headers = {"cache-control": "public, max-age=900"}
        return unless_known(request, body, "application/atom+xml", headers)

    async def picture(self, request: Request) -> Response:
        """A picture of a public item that went out; 404 for every other one, and for other files."""
        found = await self._site.storage.read(partial(_picture, request.path_params["number"]))
        if found is None:
            raise HTTPException(404)
        mime, content = found
        headers = {
            "cache-control": "public, max-age=31536000, immutable",
            "cross-origin-resource-policy": "cross-origin",  # feed readers show it on pages of their own
        }
        return unless_known(request, content, mime, headers)

    def _atom(self, request: Request, newsletter: Newsletter, editions: tuple[Public, ...]) -> bytes:
        """The feed (RFC 4287). What it calls itself never changes while the address does not."""
        address = self._site.address(request)
        host = urlsplit(address).hostname or "localhost"
        alliance = self._site.charters.at(self._site.clock.now().date()).alliance
        root = ElementTree.Element(f"{{{ATOM}}}feed", {LANGUAGE: alliance.language})
        _text(root, "id", f"tag:{host},2026:newsletter")
        _text(root, "title", newsletter.title)
        _text(root, "updated", _rfc3339(max((one.updated_at for one in editions), default=_BEFORE_ALL)))
        _link(root, "self", f"{address}/newsletter/feed.atom", "application/atom+xml")
        _link(root, "alternate", f"{address}/newsletter", "text/html")
        _text(_text(root, "author"), "name", alliance.name)
        for one in editions:
            self._entry(request, root, one, address, host)
        written: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
        return written

    def _entry(
        self, request: Request, root: ElementTree.Element, one: Public, address: str, host: str
    ) -> None:
        language = self._site.charters.at(self._site.clock.now().date()).alliance.language
        values = {"edition": one, "address": address}
        content = self._site.render(request, "edition_content", values, language).decode()
        entry = _text(root, "entry")
        _text(entry, "id", f"tag:{host},2026:newsletter/{one.number}")
        _text(entry, "title", one.title)
        _text(entry, "published", _rfc3339(one.sent_at))
        _text(entry, "updated", _rfc3339(one.updated_at))
        _link(entry, "alternate", f"{address}/newsletter/{quote(one.slug, safe='')}", "text/html")
        _text(entry, "content", content).set("type", "html")


_BEFORE_ALL = datetime.fromisoformat("2026-01-01T00:00:00+00:00")  # what a feed without entries says


def _picture(number: int, store: Store) -> tuple[str, bytes] | None:
    if not is_public_media(store, number):
        return None
    kept, content = store.media.get(number), store.media.content(number)
    return (kept.mime, content) if kept is not None and content and kept.mime in PICTURES else None


def _text(parent: ElementTree.Element, name: str, words: str = "") -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = _NO_XML.sub("", words) or None
    return child


def _link(parent: ElementTree.Element, relation: str, href: str, kind: str) -> None:
    given = {"rel": relation, "href": _NO_XML.sub("", href), "type": kind}
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", given)


def _rfc3339(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
