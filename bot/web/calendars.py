"""Calendars to follow by a link: whoever has it reads, nobody writes (spec/engagement.md section 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.events.calendar_file import MIME
from bot.events.feeds import own_calendar, public_calendar
from bot.web.caching import unless_known
from storage.store import Busy, Storage, Store

FRESH: Final = 900  # seconds for which a client need not ask again
LATER: Final = 60  # seconds after which to try again if the database is busy


def calendar_routes(storage: Storage, clock: Clock) -> list[Route]:
    """`/calendar/public.ics`, and `/calendar/<token>.ics` for each person who has a link. A token that never
    was is answered as one that has ended. The token stands in no log: requests are not logged."""

    async def everybodys(request: Request) -> Response:
        return await _read(storage, request, lambda store: public_calendar(store, clock.now()))

    async def somebodys(request: Request) -> Response:
        token = str(request.path_params["token"])

        def find(store: Store) -> str | None:
            person = store.calendar_links.person_of(token)
            return None if person is None else own_calendar(store, person, clock.now())

        return await _read(storage, request, find)

    return [
        Route("/calendar/public.ics", everybodys),
        Route("/calendar/{token}.ics", somebodys),
    ]


async def _read(storage: Storage, request: Request, find: Callable[[Store], str | None]) -> Response:
    """The calendar that is found, or 304 if the reader has it as it is. Raises HTTPException."""
    try:
        text = await storage.read(find)
    except Busy:
        raise HTTPException(503, headers={"retry-after": str(LATER)}) from None
    if text is None:
        raise HTTPException(404)
    headers = {"cache-control": f"private, max-age={FRESH}", "x-robots-tag": "noindex"}
    return unless_known(request, text.encode(), MIME, headers)
