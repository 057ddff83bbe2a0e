"""The web side: webhooks, letters, newsletter, calendars to follow, health, and counts. No login, no state
change by GET."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator, Mapping, Sequence

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.charter import Charters
from bot.clock import Clock
from bot.platforms.port import Inbox, Port
from bot.templating.pages import Pages
from bot.web.calendars import calendar_routes
from bot.web.guarding import BodyLimit, SecurityHeaders
from bot.web.letters import letter_routes
from bot.web.newsletter import archive_routes
from bot.web.pages import Site
from bot.web.subscribing import subscribing_routes
from storage.emails import MAIL
from storage.store import Storage

__all__ = ["Counted", "listen", "serve", "website"]

PATIENCE = 3.0  # seconds within which the database gives a sign of life
GRACE = 2  # seconds for requests under way at the end

Counted = Mapping[tuple[str, str], int]  # (platform, what) -> how many


def website(
    storage: Storage,
    ports: Sequence[Port],
    counts: Callable[[], Mapping[str, Counted]],
    clock: Clock,
    *,
    inbox: Inbox,
    pages: Pages,
    charters: Charters,
    public_url: str = "",
) -> Starlette:
    """The application: /healthz, /readyz, /metrics, /calendar, the pages of letters and newsletter, and the
    routes of the platforms.

    `counts` gives counters by name, each by platform and what happened; nothing about people. What is pressed
    on a page goes to the `inbox`. `public_url`: where all this is reached, "" if nobody said.
    """
    site = Site(storage, pages, clock, charters, public_url, any(port.name == MAIL for port in ports))
    ready = _Readiness(storage, ports)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counts(counts))

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    routes = [
        Route("/healthz", _alive),
        Route("/readyz", ready.page),
        Route("/metrics", metrics),
        *calendar_routes(storage, clock),
        *letter_routes(site, inbox),
        *subscribing_routes(site),
        *archive_routes(site),
        site.style_route(),
        *(route for port in ports for route in port.routes()),
    ]
    return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders), Middleware(BodyLimit)])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there (port 0 takes a free one). Raises OSError if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=256)


async def serve(app: Starlette, listening: socket.socket, until: asyncio.Event) -> None:
    """Answer requests until the event is set, then end those under way."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config)

    async def stop() -> None:
        await until.wait()
        server.should_exit = True

    stopping = asyncio.create_task(stop())
    try:
        await server.serve([listening])
    finally:
        stopping.cancel()
        listening.close()


class _Server(uvicorn.Server):
    """A server that leaves the signals to the application, which stops the platforms first."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def _alive(_: Request) -> Response:
    return JSONResponse({"alive": True})


class _Readiness:
    def __init__(self, storage: Storage, ports: Sequence[Port]) -> None:
        self._storage, self._ports = storage, ports
        self._at_head = False  # asked until it is so: nobody takes tables back under a running process

    async def page(self, _: Request) -> Response:
        found = {"database": await self._answers(self._storage.ping)}
        if found["database"] and not self._at_head:
            self._at_head = await self._answers(self._storage.at_head)
        found["tables"] = self._at_head
        found |= {port.name: port.healthy() for port in self._ports}
        return JSONResponse(found, 200 if all(found.values()) else 503)

    async def _answers(self, ask: Callable[[], bool | None]) -> bool:
        try:
            return await asyncio.wait_for(asyncio.to_thread(ask), PATIENCE) is not False
        except Exception:  # whatever keeps it from answering, it is not ready
            return False


class _Counts(Collector):
    def __init__(self, counts: Callable[[], Mapping[str, Counted]]) -> None:
        self._counts = counts

    def collect(self) -> Generator[CounterMetricFamily, None, None]:
        """Each counter as it stands now."""
        for name, counted in self._counts().items():
            family = CounterMetricFamily(f"charterbot_{name}", name, labels=["platform", "what"])
            for (platform, what), number in sorted(counted.items()):
                family.add_metric([platform, what], number)
            yield family
