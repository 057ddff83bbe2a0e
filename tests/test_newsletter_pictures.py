"""The year's figures in the newsletter: words and a picture as they stood, by mail and on the page."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.newsletter.figures import year_in_figures
from bot.templating.catalogues import Catalogues
from storage.store import Storage
from tests.assembly_stage import in_house
from tests.newsletter_stage import DRAFT, SEND, asks, by_mail, edition_of, filled, it_is, subscribed
from tests.world import World

WORDS = (
    "Knowledge exchange: 1 of 2; Joint proposals: 0 of 1; SMEs reached: 2 of 20; Policy voice: 0 of 1. "
    "As it stands on 29 December 2026."
)
SHOWS = (
    "The alliance in 2026; targets reached: 0 of 4. Knowledge exchange: 1 of 2 (0 confirmed, 1 logged); "
    "Joint proposals: 0 of 1 (0 confirmed, 0 logged); SMEs reached: 2 of 20 (0 confirmed, 2 logged); "
    "Policy voice: 0 of 1 (0 confirmed, 0 logged)."
)
CUT_AT = 102_000  # bytes of HTML after which Gmail shows no more
GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "The alliance in {year}"
msgstr "Die Allianz {year}"

msgid "What the members of the alliance did, decided and plan."
msgstr "Was die Mitglieder taten."
"""


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on one platform, with e-mail beside it: a mail and a page know nothing of either."""
    storage = Storage(sqlite_url)
    async with World("slack", storage, mail=True) as world:
        yield world
    storage.close_now()


async def logged(world: World, day: str = "2 December") -> tuple[Any, Any]:
    """A coordinator and a representative, who logged what counts."""
    vera = await world.member("Vera", "", "coordinator")
    marie = await world.member("Marie", "cimes")
    world.clock.pass_(days=10)
    await marie.types(f"/log workshop Mould recycling on {day} with MecaTech smes Acme, Verre Clair")
    return vera, marie


def picture_in(mail: EmailMessage) -> EmailMessage:
    """The one picture that stands in a mail's HTML."""
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    related = list(mail.iter_parts())[1]
    assert isinstance(related, EmailMessage)
    html, picture = related.iter_parts()
    assert isinstance(picture, EmailMessage)
    assert f'src="cid:{str(picture["Content-ID"]).strip("<>")}"' in html.get_content()
    assert picture.get_content_disposition() == "inline"
    return picture


async def test_a_mail_tells_the_years_figures_in_words_and_as_a_picture(world: World) -> None:
    vera, marie = await logged(world)
    anna = await world.mail.person("Anna", "mecatech")
    ben = world.mail.reader("Ben", "ben@example.org")
    await by_mail(world, ben.address)
    await subscribed(world, anna, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    assert "The alliance in 2026" in vera.reads().lines
    await it_is(world, SEND)

    mail = await anna.reads_mail()
    assert WORDS in mail.lines
    assert f"In the picture: {SHOWS}" in mail.lines
    content = picture_in(mail.parsed).get_content()
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.width) == ("PNG", 1200)
    assert f'alt="{SHOWS}" width="568"' in mail.html
    assert mail.html.index("Policy voice") < mail.html.index("<img")
    assert len(mail.html.encode()) < CUT_AT
    assert len(mail.raw) < 200_000
    stranger = await ben.reads_mail()
    assert "The alliance in" not in stranger.text + stranger.html, "the figures are for members only"
    assert stranger.parsed.get_content_type() == "multipart/alternative"
    assert WORDS in marie.reads().lines, "in a chat the words are enough"
    page = await ben.follows("https://bot.example.org/newsletter/2027-01")
    assert "The alliance in" not in page.source


async def test_a_year_later_the_page_shows_the_figures_of_that_day(world: World) -> None:
    vera, marie = await logged(world)
    ben = world.mail.reader("Ben", "ben@example.org")
    await subscribed(world, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    await made_public(vera, await edition_of(world))
    await it_is(world, SEND)
    await marie.types("/log webinar Pump care on 14 December with EMC2")
    world.clock.pass_(days=365)

    page = await ben.follows("https://bot.example.org/newsletter/2027-01")
    assert "The alliance in 2026" in page.text
    assert WORDS in page.text.replace(" ;", ";").replace(" .", ".")  # they are bold
    item = (await edition_of(world)).items[-1]
    assert f'<img src="/media/{item.media}" alt="{SHOWS}">' in page.source
    async with world.mail.browser() as browser:
        got = await browser.get(f"/media/{item.media}")
    kept = await asks(world, lambda store: store.media.content(item.media))
    assert (got.status_code, got.headers["content-type"], got.content) == (200, "image/png", kept)


async def made_public(vera: Any, edition: Any) -> None:
    """An editor opens the figures to everybody."""
    await vera.types("/newsletter")
    await vera.taps("Open the draft")
    await vera.taps("Items")
    place = len(edition.items)
    assert edition.items[-1].title == "The alliance in 2026"
    if place > 4:
        await vera.taps("More")
    await vera.taps(f"Open {place}")
    await vera.taps("Make it public")


async def test_figures_that_count_no_more_are_left_out(world: World) -> None:
    vera, marie = await logged(world)
    await subscribed(world, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    workshop = (await asks(world, lambda s: s.activities.between(date(2026, 12, 2), date(2026, 12, 2))))[0]
    await marie.types(f"/withdraw {workshop.record.id}")
    await it_is(world, SEND)
    assert "The alliance in 2026 was withdrawn, or doesn't count any more." in vera.reads().lines
    assert "The alliance in 2026" not in marie.reads().text


async def test_the_same_figures_are_told_once_and_where_there_is_room(world: World) -> None:
    _, marie = await logged(world)
    await subscribed(world, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    items = (await edition_of(world)).items
    assert (items[-1].source, items[-1].consent) == ("indicators", "members")
    assert await in_house(world, lambda ctx: year_in_figures(ctx, items, 900)) == (), "nothing changed since"
    await marie.types("/log webinar Mould talk on 4 December with MecaTech")
    changed = await in_house(world, lambda ctx: year_in_figures(ctx, items, 900))
    assert [one.key for one in changed] == ["2026:2:0:2:0"]
    assert await in_house(world, lambda ctx: year_in_figures(ctx, items, 10)) == ()


async def test_without_anything_that_counts_there_are_no_figures(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await subscribed(world, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    assert {one.source for one in (await edition_of(world)).items} == {"member"}


async def test_whoever_makes_an_edition_it_speaks_the_alliances_language(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "de.po").write_text(GERMAN)
    storage = Storage(sqlite_url)
    async with World("telegram", storage, catalogues=Catalogues(tmp_path)) as world:
        vera, marie = await logged(world, "2 Dec 2026")
        await subscribed(world, marie)
        await filled(world, marie)
        await vera.types("/language Deutsch")
        await vera.types("/newsletter")
        await vera.taps("Make one now")
        made = await edition_of(world)
        assert made.intro == "What the members of the alliance did, decided and plan."
        assert made.items[-1].title == "The alliance in 2026"
        assert replace(made.items[-1], media=0).language == "en"
    storage.close_now()
