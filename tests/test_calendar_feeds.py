"""Calendars that are followed by a link: what stands in them, and who gets them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import icalendar
import pytest
from starlette.applications import Starlette

from bot.charter import load
from bot.dispatch import Dispatch, Surroundings
from bot.events import feeds
from bot.logs import set_up_logs
from bot.seeding import charters_of, seed
from bot.templating import Templates
from bot.templating.pages import Pages
from bot.web import listen, serve, website
from bot.web.calendars import calendar_routes
from storage.store import Storage
from tests.calendar_reading import occasions, read_back
from tests.storage.made_up import NOW
from tests.storage.made_up_events import DAY, people, plan, said, write
from tests.test_web import running

CHARTER = load(Path(__file__).parents[1] / "charters/green-manufacturing.toml")
TEMPLATES = Path(__file__).parents[1] / "templates"
SECRET = "https://meet.example/x"


@dataclass
class Clock:
    """A clock that stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        """The time it is."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Nobody waits here."""


@dataclass
class Web:
    """The web side as it is served, and somebody who asks it."""

    storage: Storage
    url: str
    browser: aiohttp.ClientSession
    clock: Clock

    async def asks(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, str, Mapping[str, str]]:
        """The status, the text and the headers of an answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.browser.request(method, self.url + path, headers=named) as answer:
            return answer.status, await answer.text(), answer.headers

    async def reads(self, path: str) -> Any:
        """The calendar at that address, as vobject reads it; icalendar reads it too."""
        status, text, _ = await self.asks(path)
        assert status == 200
        assert not [one for one in icalendar.Calendar.from_ical(text).events if one.errors]
        return read_back(text)


@pytest.fixture
async def web(storage: Storage) -> AsyncIterator[Web]:
    """The alliance's web side over a fresh database, with one person."""
    seed(storage, CHARTER, NOW)
    assert people(storage, 1) == (1,)
    clock, over = Clock(), asyncio.Event()
    listening = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    around = Surroundings(charters_of(storage), Templates(TEMPLATES), clock)
    inbox, pages = Dispatch(storage, around), Pages(TEMPLATES)
    site = website(storage, (), dict, clock, inbox=inbox, pages=pages, charters=around.charters)
    served = asyncio.create_task(serve(site, listening, over))
    async with aiohttp.ClientSession() as browser:
        yield Web(storage, url, browser, clock)
    over.set()
    await served


def titles(calendar: Any) -> list[str]:
    """What stands in a calendar, in its order."""
    return [one.summary.value for one in getattr(calendar, "vevent_list", [])]


def link_of(storage: Storage, person: int, at: datetime = NOW) -> str:
    return storage.write_now(lambda store: store.calendar_links.issue(person, at))


async def test_the_public_calendar_shows_what_is_for_everybody(web: Web) -> None:
    plan(web.storage, title="Open day", link=SECRET, starts_at=NOW + 9 * DAY)
    plan(web.storage, title="Off", state="cancelled", cancelled_at=NOW, why="Nobody", sequence=3)
    series = plan(web.storage, title="Clinic", repeats="monthly", times=3, zone="Europe/Riga")
    plan(web.storage, title="Members only", audience="members")
    plan(web.storage, title="Last summer", starts_at=NOW - 80 * DAY)
    plan(web.storage, title="Long ago", starts_at=NOW - 91 * DAY)
    write(web.storage, said(series, 1))

    read = await web.reads("/calendar/public.ics")

    assert titles(read) == ["Off", "Clinic", "Open day", "Last summer"]
    by_title = {one.summary.value: one for one in read.vevent_list}
    assert (by_title["Off"].status.value, by_title["Off"].sequence.value) == ("CANCELLED", "3")
    assert len(occasions(by_title["Clinic"])) == 3
    assert read.contents["x-wr-calname"][0].value == CHARTER.alliance.short_name
    _, text, headers = await web.asks("/calendar/public.ics")
    assert not [word for word in (SECRET, "ATTENDEE", "ORGANIZER", "Person", "mailto") if word in text]
    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert headers["x-robots-tag"] == "noindex"


async def test_an_own_calendar_follows_the_answers(web: Web) -> None:
    ana, luc = people(web.storage, 2)
    every = {
        state: plan(web.storage, title=state, link=SECRET, audience="members")
        for state in (
            "going",
            "maybe",
            "waitlisted",
            "offered",
            "declined",
            "withdrawn",
            "invited",
            "attended",
        )
    }
    plan(web.storage, title="not answered")
    write(web.storage, *(said(number, ana, state) for state, number in every.items()))
    write(web.storage, said(every["going"], luc), said(every["declined"], luc))
    path = f"/calendar/{link_of(web.storage, ana)}.ics"

    read = await web.reads(path)

    assert sorted(titles(read)) == ["attended", "going", "maybe", "offered", "waitlisted"]
    linked = [one.summary.value for one in read.vevent_list if SECRET in one.serialize()]
    assert sorted(linked) == ["attended", "going"]
    assert "Luc" not in read.serialize()
    write(web.storage, said(every["maybe"], ana, "declined", minutes=5))
    write(web.storage, said(every["declined"], ana, "going", minutes=5))
    assert sorted(titles(await web.reads(path))) == ["attended", "declined", "going", "offered", "waitlisted"]


async def test_a_calendar_unchanged_is_not_sent_again(web: Web) -> None:
    plan(web.storage, title="Open day")
    status, text, headers = await web.asks("/calendar/public.ics")
    tag = headers["etag"]

    assert (status, tag.startswith('"')) == (200, True)
    assert (await web.asks("/calendar/public.ics", if_none_match=tag))[:2] == (304, "")
    assert (await web.asks("/calendar/public.ics", if_none_match=f'"x", W/{tag}'))[:2] == (304, "")
    plan(web.storage, title="Another")
    assert (await web.asks("/calendar/public.ics", if_none_match=tag))[0] == 200
    status, text, headers = await web.asks("/calendar/public.ics", "HEAD")
    assert (status, text) == (200, "")
    assert int(headers["content-length"]) > 500
    assert (await web.asks("/calendar/public.ics", "POST"))[0] == 405


async def test_a_client_need_not_ask_again_at_once(web: Web) -> None:
    routes = calendar_routes(web.storage, web.clock)
    site = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=site, base_url="http://alliance.example") as client:
        answer = await client.get("/calendar/public.ics")
    assert answer.headers["cache-control"] == "private, max-age=900"


async def test_a_link_that_ended_is_like_one_that_never_was(web: Web) -> None:
    first = link_of(web.storage, 1)
    second = link_of(web.storage, 1)
    never = "a" * len(first)
    assert (await web.asks(f"/calendar/{second}.ics"))[0] == 200

    answers = [
        await web.asks(f"/calendar/{token}.ics") for token in (first, never, "x", "%ff%00'", "public2")
    ]

    assert {answer[:2] for answer in answers} == {(404, "Not Found")}
    assert len({str(sorted(set(answer[2]) - {"date"})) for answer in answers}) == 1
    web.storage.write_now(lambda store: store.calendar_links.end(1, NOW))
    assert (await web.asks(f"/calendar/{second}.ics"))[:2] == (404, "Not Found")
    assert (await web.asks("/calendar/"))[0] == 404


async def test_the_whole_bot_serves_calendars_and_knows_where(sqlite_url: str) -> None:
    async with running(sqlite_url, public_url="https://bot.alliance.example/") as bot:
        status, text = await bot.get("/calendar/public.ics")
        assert (status, text[:15]) == (200, "BEGIN:VCALENDAR")
        web = bot.house.around({}).public_url
    assert feeds.address(web, feeds.PUBLIC) == "https://bot.alliance.example/calendar/public.ics"


async def test_who_leaves_takes_their_calendar_along(web: Web) -> None:
    path = f"/calendar/{link_of(web.storage, 1)}.ics"
    assert (await web.asks(path))[0] == 200
    web.storage.write_now(lambda store: store.persons.leave(1, NOW))
    assert (await web.asks(path))[0] == 404


async def test_no_log_knows_a_link(web: Web) -> None:
    said_in_logs = StringIO()
    set_up_logs("DEBUG", said_in_logs)
    logging.getLogger("uvicorn.access").setLevel(logging.DEBUG)
    token = link_of(web.storage, 1)

    assert (await web.asks(f"/calendar/{token}.ics"))[0] == 200
    await web.storage.close()
    assert (await web.asks(f"/calendar/{token}.ics"))[0] in (500, 503)

    assert token not in said_in_logs.getvalue()


async def test_a_calendar_has_its_limits(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST", 3)
    for at in range(3):
        plan(web.storage, title=f"Coming {at}", starts_at=NOW + (at + 1) * DAY)
        plan(web.storage, title=f"Over {at}", starts_at=NOW - (at + 1) * DAY)
    assert titles(await web.reads("/calendar/public.ics")) == ["Coming 0", "Coming 1", "Coming 2"]
    web.clock.at = NOW + timedelta(days=2)
    assert titles(await web.reads("/calendar/public.ics")) == ["Coming 1", "Coming 2", "Coming 0"]
