"""What the pages share: how they look, what their headers allow, and what a form may bring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.charter import Charters
from bot.clock import Clock
from bot.templating.pages import Pages
from bot.web.caching import unless_known
from storage.store import Busy, Storage

STYLE: Final = "pages/style.css"
LARGEST_FORM: Final = 128 * 1024  # bytes: eight thousand letters of any script, as forms write them
LATER: Final = 60  # seconds after which to try again if the database is busy
MOST_FIELDS: Final = 100
TOO_LARGE: Final = 413
POLICY: Final = (  # of a page: no script, nothing from elsewhere, no frame around it
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PERSONAL: Final = {"x-robots-tag": "noindex, nofollow", "cache-control": "no-store"}

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Site:
    """The house as people see it from the web. `public_url` is where it is reached, "" if nobody said."""

    storage: Storage
    pages: Pages
    clock: Clock
    charters: Charters
    public_url: str = ""
    has_mail: bool = False  # whether somebody who asks for the newsletter here can be written to
    style: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "style", (self.pages.folder / STYLE).read_bytes())

    def address(self, request: Request) -> str:
        """Where it is reached, without a slash at the end: as the settings say, else as the reader did."""
        return (self.public_url or str(request.base_url)).rstrip("/")

    def language(self, request: Request, own: str = "") -> str:
        """The language to answer in: the reader's own, else what their browser likes best."""
        return self.pages.language_for(f"{own},{request.headers.get('accept-language', '')}")

    def render(
        self, request: Request, name: str, values: Mapping[str, Any], language: str = "", zone: str = ""
    ) -> bytes:
        """The page `name` of templates/pages, with what every page shows."""
        now = self.clock.now()
        alliance = self.charters.at(now.date()).alliance
        root = urlsplit(self.public_url).path.rstrip("/")  # where a proxy keeps us in a folder
        around = {"alliance": alliance.name, "style": sha256(self.style).hexdigest()[:12], "root": root}
        spoken = language or self.language(request)
        page = self.pages.render(
            f"pages/{name}.html", {**around, **values}, spoken, zone or alliance.zone, now
        )
        return page.encode("utf-8", "replace")

    def page(
        self,
        request: Request,
        name: str,
        values: Mapping[str, Any] | None = None,
        status: int = 200,
        language: str = "",
        zone: str = "",
        after: BackgroundTask | None = None,
    ) -> Response:
        """A page for this one reader: kept by nobody, found by no search engine."""
        body = self.render(request, name, values or {}, language, zone)
        headers = {**PERSONAL, "content-security-policy": POLICY}
        return Response(body, status, headers, "text/html", after)

    def open_page(self, request: Request, name: str, values: Mapping[str, Any]) -> Response:
        """A page for everybody, which may be kept for five minutes."""
        headers = {"content-security-policy": POLICY, "vary": "accept-language"}
        headers["cache-control"] = "public, max-age=300"
        return unless_known(request, self.render(request, name, values), "text/html", headers)

    def route(
        self, path: str, endpoint: Endpoint, methods: Sequence[str] = ("GET",), *, by_word: bool = False
    ) -> Route:
        """A route whose page says so when the database is busy, or a form is too large. A form comes from our
        own pages, but for one that a mail program sends (`by_word`)."""

        async def answered(request: Request) -> Response:
            try:
                ours = by_word or request.method != "POST" or not _from_elsewhere(request, self.public_url)
                if not ours:
                    return self.page(request, "elsewhere", status=403)
                return await endpoint(request)
            except HTTPException as no:
                if no.status_code != TOO_LARGE:
                    raise
                return self.page(request, "letter_long", status=TOO_LARGE)
            except Busy:
                busy = self.page(request, "busy", status=503)
                busy.headers["retry-after"] = str(LATER)
                return busy

        return Route(path, answered, methods=list(methods))

    def style_route(self) -> Route:
        """The one stylesheet."""

        async def style(request: Request) -> Response:
            return unless_known(request, self.style, "text/css", {"cache-control": "public, max-age=86400"})

        return Route("/style.css", style)


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a small form as they were typed, each with all its values; none for any other body.
    Raises HTTPException 413 for a large one."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise HTTPException(TOO_LARGE)
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return fields
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _from_elsewhere(request: Request, public_url: str) -> bool:
    """Whether a browser says that a form was sent from a page that is not ours. One that says nothing, or
    hides it (our pages send no referrer, so their origin is "null"), is let in: what a form does is behind
    the secret in its address, not behind a login."""
    site = request.headers.get("sec-fetch-site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin", "null")
    ours = {request.headers.get("host", ""), urlsplit(public_url).netloc}
    return origin != "null" and urlsplit(origin).netloc not in ours
