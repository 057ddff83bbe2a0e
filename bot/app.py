"""The whole bot put together: the only file that knows everything.

settings -> storage -> charter -> platforms -> pipe -> worker -> web, and the same way back at the end.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from starlette.applications import Starlette

import bot.handlers
import bot.jobs  # noqa: F401 - importing these declares every command and every job
from bot.charter import Charter, Charters, load
from bot.clock import WALL_CLOCK, Clock
from bot.commands import warm
from bot.connecting import StartFault, bring_menus, mail_port, move_in, ports_for
from bot.delivery import Worker
from bot.dispatch import Dispatch, Surroundings
from bot.leading import Leading
from bot.messages import Answer, Call, Incoming, Post
from bot.platforms.email.addresses import sender_of
from bot.platforms.measuring import measured, spacings
from bot.platforms.port import Port
from bot.seeding import REHEARSAL, AllianceMismatch, charters_of, platforms_of_members, seed
from bot.settings import Settings
from bot.templating import Templates
from bot.templating.catalogues import Catalogues
from bot.templating.pages import Pages
from bot.ticking import Ticker
from bot.web import listen, serve, website
from bot.web.pages import Site
from storage.store import Busy, Storage, Store

__all__ = [
    "CATALOGUES", "TEMPLATES", "App", "CountedInbox", "House", "StartFault", "open_house", "open_storage",
    "ports_for",
]  # fmt: skip

log = structlog.get_logger()

TEMPLATES = Path(__file__).parent.parent / "templates"
CATALOGUES = Path(__file__).parent.parent / "catalogues"
LEAVING = 9.0  # seconds for a clean end in all; closing the database comes after it


@dataclass(frozen=True)
class House:
    """What stands before anybody comes in: the database with its charter, and the wording."""

    settings: Settings
    storage: Storage
    charter: Charter  # as the file says it
    charters: Charters  # as the database keeps it
    templates: Templates
    clock: Clock
    pages: Pages
    said: Catalogues

    def site(self) -> Site:
        """The house as people see it from the web, for the pages that a platform has."""
        return Site(self.storage, self.pages, self.clock, self.charters, self.settings.public_url)

    def around(self, ports: Mapping[str, Port]) -> Surroundings:
        """What every call shares."""
        links = {name: port.start_link for name, port in ports.items()}
        return Surroundings(
            self.charters,
            self.templates,
            self.clock,
            tuple(sorted(self.said.languages())),
            links,
            public_url=self.settings.public_url.rstrip("/"),
            measure=measured(ports),
            spacing=spacings(ports),
            mail_from=sender_of(self.settings.mail_from).address if self.settings.has_mail else "",
        )


def open_house(settings: Settings, clock: Clock = WALL_CLOCK) -> House:
    """Read the charter file, bring the tables to the newest version, seed an empty database.

    Raises CharterFault, AllianceMismatch, or StartFault if the database is out of reach.
    """
    charter = load(settings.charter)
    storage = open_storage(settings)
    try:
        seeded = seed(storage, charter, clock.now())
        charters = charters_of(storage)
    except Exception as fault:
        storage.close_now()
        raise fault if isinstance(fault, AllianceMismatch) else _unusable(fault) from None
    if seeded.fresh:
        log.info("alliance_founded", alliance=charter.alliance.slug, version=seeded.version)
    if seeded.differs:
        log.warning("charter_file_differs", version=seeded.version, stands="the database's")
    warm()
    said = Catalogues(CATALOGUES, settings.charter)
    return House(
        settings, storage, charter, charters, Templates(TEMPLATES, said), clock, Pages(TEMPLATES, said), said
    )


def open_storage(settings: Settings) -> Storage:
    """The database, with its tables at the newest version. Raises StartFault."""
    try:
        storage = Storage(settings.database_url)
    except (OSError, ValueError) as fault:
        raise _unusable(fault) from None
    try:
        storage.migrate()
    except Exception as fault:
        storage.close_now()
        raise _unusable(fault) from None
    return storage


def _unusable(fault: Exception) -> StartFault:
    if isinstance(fault, Busy):
        return StartFault("DATABASE_URL: the database does not answer.")
    log.error("database_unusable", exc_info=fault)
    return StartFault(f"DATABASE_URL: the database cannot be used ({type(fault).__name__}).")


class CountedInbox:
    """The pipe as the platforms see it, with a count of what goes through."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        self.received: Counter[tuple[str, str]] = Counter()
        self.answered: Counter[tuple[str, str]] = Counter()

    async def receive(self, incoming: Incoming) -> Answer:
        """`Dispatch.receive`."""
        self.received[incoming.account.platform, "call" if isinstance(incoming, Call) else "said"] += 1
        return await self._dispatch.receive(incoming)

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        """`Dispatch.given`."""
        self.answered[incoming.account.platform, "given"] += 1
        self._dispatch.given(incoming, post)

    def left(self, incoming: Incoming) -> None:
        """`Dispatch.left`."""
        self.answered[incoming.account.platform, "left"] += 1
        self._dispatch.left(incoming)


class App:
    """The bot on its platforms. Until it leads, it takes what is brought to it and answers that; the one
    process that leads also polls, sends and keeps the timetable. `address` is where the web side listens."""

    def __init__(self, house: House, ports: Mapping[str, Port]) -> None:
        self._house = house
        mail = mail_port(house.settings, house.storage, house.pages, house.clock)
        self._ports: dict[str, Port] = {**ports, **mail}
        move_in(self._ports, house.storage, house.site().page)
        bring_menus(self._ports, house.said, house.storage, house.clock)
        around = house.around(self._ports)
        self.dispatch = Dispatch(house.storage, around, wake=lambda: self.worker.wake())
        self.worker = Worker(house.storage, self.dispatch, self._ports, around)
        self.ticker = Ticker(house.storage, around, self.worker.wake)
        self.leading = Leading(house.storage, house.clock, self._lead)
        self.inbox = CountedInbox(self.dispatch)
        self.address: tuple[str, int] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._lead(False)

    async def run(self, until: asyncio.Event) -> None:
        """Serve until the event is set, then end cleanly within ten seconds. Raises StartFault."""
        listening, over = self._listen(), asyncio.Event()
        site = self._site()
        web = asyncio.create_task(serve(site, listening, over))
        work = asyncio.create_task(self.worker.run())
        asked = asyncio.create_task(until.wait())
        lead = asyncio.create_task(self.leading.run())
        try:
            await self._connect()
            done, _ = await asyncio.wait({asked, web, work, lead}, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {asked}:
                task.result()
        finally:
            asked.cancel()
            lead.cancel()
            await self._leave(work, web, over)

    def _site(self) -> Starlette:
        house = self._house
        return website(
            house.storage,
            tuple(self._ports.values()),
            self._counts,
            house.clock,
            inbox=self.inbox,
            pages=house.pages,
            charters=house.charters,
            public_url=house.settings.public_url,
        )

    def _lead(self, leads: bool) -> None:
        for port in self._ports.values():
            port.lead(leads)
        self.worker.lead(leads)
        if leads:
            self._ticking = asyncio.create_task(self.ticker.run())
        elif self._ticking is not None:
            self.ticker.stop()

    async def _connect(self) -> None:
        for name, port in self._ports.items():
            try:
                await port.connect(self.inbox)
            except ValueError as fault:
                raise StartFault(str(fault)) from None
            log.info("platform_connecting", platform=name)
        if await self._house.storage.read(self._has_made_up_people):
            log.warning("made_up_people_are_members", advice="use a fresh DATABASE_URL for the real alliance")

    def _has_made_up_people(self, store: Store) -> bool:
        return REHEARSAL in platforms_of_members(store, self._house.charter)

    async def _leave(self, work: asyncio.Task[None], web: asyncio.Task[None], over: asyncio.Event) -> None:
        """The worker ends first, for what it sends goes over the platforms' connections; then the
        platforms finish what they acknowledged, the web side closes, and the last notes are written."""
        log.info("stopping")
        end = asyncio.get_running_loop().time() + LEAVING
        self.ticker.stop()
        self.worker.stop()
        await _within("worker", 5.0, end, work)
        leaving = (_within(name, 8.0, end - 1, port.disconnect()) for name, port in self._ports.items())
        await asyncio.gather(*leaving)
        over.set()
        await _within("web", 3.0, end, web)
        await _within("notes", 1.0, end, self.dispatch.flush())
        await _within("lead", 1.0, end, self.leading.give_up())
        await self._house.storage.close()
        log.info("stopped")

    def _listen(self) -> socket.socket:
        host, port = self._house.settings.http_host, self._house.settings.http_port
        try:
            listening = listen(host, port)
        except OSError:
            raise StartFault(
                f"HTTP_PORT: {host} port {port} is taken or not ours; choose another one."
            ) from None
        self.address = listening.getsockname()[:2]
        return listening

    def _counts(self) -> Mapping[str, Counter[tuple[str, str]]]:
        return {
            "received": self.inbox.received,
            "answers": self.inbox.answered,
            "deliveries": self.worker.counts,
        }


async def _within(what: str, seconds: float, end: float, leaving: Awaitable[None]) -> None:
    left = max(0.1, min(seconds, end - asyncio.get_running_loop().time()))
    try:
        await asyncio.wait_for(leaving, left)
    except Exception as trouble:  # the others still leave properly; what is recorded is not lost
        log.warning("left_in_a_hurry", what=what, exc_info=trouble)
