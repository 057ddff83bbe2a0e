"""The newsletter's archive on the web: only what is public of what went out, as pages and as a feed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from bot.rules.newsletter.values import Edition, Item, Note
from bot.seeding import charters_of
from bot.web import website
from storage.store import Storage, Store
from tests.mail_stage import Page
from tests.world import MORNING, World

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16
ATOM = "{http://www.w3.org/2005/Atom}"
DAY = timedelta(days=1)
SECRET = "What members alone are told"


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The alliance with Telegram and e-mail, on one database: pages know of neither."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage, mail=True) as world:
        yield world
    storage.close_now()


async def edition(world: World, number: int = 1, **fields: Any) -> Edition:
    """An edition that went out, with an item for everybody and one for members."""
    at = MORNING + timedelta(days=number)
    items = (
        Item(title="Moulds <b>again</b> & again", text="Read *this*:\nhttps://a.eu/moulds", link="https://www.a.eu/x",
             organisation="cimes", consent="public", at=at),
        Item(title=SECRET, text="Quietly.", consent="members", at=at),
    )  # fmt: skip
    given: dict[str, Any] = {
        **{"number": 0, "slug": f"no-{number}", "title": f"Green News {number}", "intro": "Two *things*."},
        **{"items": items, "state": "approved", "created_at": at, "collected_since": MORNING},
        **{"collected_until": at, "send_at": at, "sent_at": at, **fields},
    }
    return await world.storage.write(lambda store: store.editions.add(Edition(**given)))


async def picture(world: World, mime: str = "image/png") -> int:
    def keep(store: Store) -> int:
        number = store.media.want("telegram", "ref", "p.png", mime, 0, None, MORNING)
        store.media.keep(number, PNG, "p.png", mime)
        store.media.describe(number, 'Our "stand"')
        return number

    return await world.storage.write(keep)


async def gets(world: World, path: str, **headers: str) -> httpx.Response:
    async with world.mail.browser() as browser:
        found: httpx.Response = await browser.get(path, headers=headers)
        return found


async def page_of(world: World, path: str) -> Page:
    found = await gets(world, path)
    return Page(str(found.url), found.status_code, found.text, found.headers)


async def test_an_edition_stands_at_its_address_with_what_is_public(world: World) -> None:
    note = Note(MORNING + timedelta(days=9), 1, "The day is **Thu 3 Dec**.")
    item_of = await picture(world)
    first = await edition(world, notes=(note,))
    with_picture = replace(first, items=(replace(first.items[0], media=item_of), *first.items[1:]))
    await world.storage.write(lambda store: store.editions.write(with_picture))
    page = await page_of(world, "/newsletter/no-1")
    assert page.status == 200
    assert "Moulds <b>again</b> & again" in page.text
    assert "<b>" not in page.source
    assert "Correction of Thu 3 Dec The day is Thu 3 Dec" in page.text
    assert "CIMES" in page.text
    assert "1 more" not in page.text
    assert "One more item was for members." in page.text
    assert SECRET not in page.source
    assert page.links["a.eu"] == "https://www.a.eu/x"
    assert page.links["https://a.eu/moulds"] == "https://a.eu/moulds"
    assert f'<img src="/media/{item_of}" alt="Our &#34;stand&#34;">' in page.source
    assert page.source.index("<h1>") < page.source.index("<h2>")
    assert page.headers["cache-control"] == "public, max-age=300"
    known = await gets(world, "/newsletter/no-1", **{"if-none-match": page.headers["etag"]})
    assert known.status_code == 304
    assert known.content == b""


async def test_what_did_not_go_out_is_nowhere(world: World) -> None:
    only_members = (Item(title=SECRET, consent="members", at=MORNING),)
    kept_back: tuple[dict[str, Any], ...] = (
        {"sent_at": None, "state": "draft"},
        {"state": "stopped"},
        {"items": only_members},
    )
    for number, fields in enumerate(kept_back, start=1):
        await edition(world, number, **fields)
        assert (await gets(world, f"/newsletter/no-{number}")).status_code == 404
    page = await page_of(world, "/newsletter")
    assert "No edition is out yet. The first one will stand here." in page.text
    feed = await gets(world, "/newsletter/feed.atom")
    assert ElementTree.fromstring(feed.content).findall(f"{ATOM}entry") == []
    assert SECRET not in page.source + feed.text


async def test_the_archive_is_a_list_of_pages_newest_first(world: World) -> None:
    for number in range(1, 23):
        await edition(world, number)
    page = await page_of(world, "/newsletter")
    assert next(iter(page.links)) == "Green News 22"
    assert page.links["Green News 3"] == "https://bot.example.org/newsletter/no-3"
    assert "Green News 2" not in page.links
    older = await page_of(world, page.links["Older"])
    assert list(older.links)[:3] == ["Green News 2", "Green News 1", "Newer"]
    for odd in ("0", "-1", "x", "99999999999999999999", "%00"):
        assert (await gets(world, f"/newsletter?page={odd}")).status_code == 200


async def test_the_feed_is_atom(world: World) -> None:
    assert (await gets(world, "/newsletter/feed.atom")).status_code == 200
    await edition(
        world, 1, title="Half \x00\x0b\ufffe <tags> & all", notes=(Note(MORNING + 8 * DAY, 1, "So."),)
    )
    await edition(world, 2)
    got = await gets(world, "/newsletter/feed.atom")
    assert got.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(got.content)
    for needed in ("id", "title", "updated", "author"):
        assert len(feed.findall(ATOM + needed)) == 1
    assert [one.get("rel") for one in feed.findall(f"{ATOM}link")] == ["self", "alternate"]
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}id") for one in entries] == [
        "tag:bot.example.org,2026:newsletter/2",
        "tag:bot.example.org,2026:newsletter/1",
    ]
    [_, first] = entries
    assert first.findtext(f"{ATOM}title") == "Half \N{REPLACEMENT CHARACTER} <tags> & all"
    assert first.findtext(f"{ATOM}published") == "2026-11-25T09:30:00+00:00"
    assert first.findtext(f"{ATOM}updated") == "2026-12-02T09:30:00+00:00"
    link = first.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "https://bot.example.org/newsletter/no-1"
    content = first.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "<h2>Moulds &lt;b&gt;again&lt;/b&gt; &amp; again</h2>" in (content.text or "")
    assert SECRET not in got.text
    known = await gets(world, "/newsletter/feed.atom", **{"if-none-match": got.headers["etag"]})
    assert known.status_code == 304


async def test_a_picture_is_seen_once_its_item_went_out(world: World) -> None:
    public, hidden, paper = (
        await picture(world),
        await picture(world),
        await picture(world, "application/pdf"),
    )
    items = (
        Item(title="A", consent="public", media=public, at=MORNING),
        Item(title="B", consent="members", media=hidden, at=MORNING),
        Item(title="C", consent="public", media=paper, at=MORNING),
    )
    draft = await edition(world, state="draft", sent_at=None, items=items)
    assert (await gets(world, f"/media/{public}")).status_code == 404
    await world.storage.write(
        lambda store: store.editions.write(replace(draft, state="approved", sent_at=MORNING))
    )
    seen = await gets(world, f"/media/{public}")
    assert (seen.status_code, seen.content, seen.headers["content-type"]) == (200, PNG, "image/png")
    assert "immutable" in seen.headers["cache-control"]
    assert seen.headers["cross-origin-resource-policy"] == "cross-origin"
    for number in (hidden, paper, 99, 0, 2**70):
        assert (await gets(world, f"/media/{number}")).status_code == 404


async def test_behind_a_proxy_in_a_folder_every_link_stays_in_it(world: World) -> None:
    await edition(world)
    site = website(
        world.storage, (), dict, world.clock, inbox=world.dispatch, pages=world.mail.pages,
        charters=charters_of(world.storage), public_url="https://a.eu/alliance",
    )  # fmt: skip
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://inside:8080") as browser:
        page = await browser.get("/newsletter/no-1")
        feed = await browser.get("/newsletter/feed.atom")
        assert 'href="/alliance/style.css' in page.text
        assert 'href="/alliance/newsletter"' in page.text
        assert "/subscribe" not in page.text  # there is no mail here
        assert "https://a.eu/alliance/newsletter/no-1" in feed.text
        assert "inside" not in feed.text
        assert (await browser.get("/newsletter/subscribe")).status_code == 404
        assert (await browser.post("/newsletter/subscribe", data={"address": "a@b.eu"})).status_code == 404
