"""The newsletter by mail: the opt-in, the edition whole, one click out, and a correction."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.newsletter.subscribing import asked, bounced
from storage.store import Storage
from tests.newsletter_stage import DRAFT, SEND, WORDS, by_mail, filled, it_is, news_hall, subscribed
from tests.world import World

TITLE = "Green Manufacturing News, January 2027"


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on one platform, with e-mail beside it: what a mail says depends on neither."""
    storage = Storage(sqlite_url)
    async with World("slack", storage, mail=True) as world:
        yield world
    storage.close_now()


async def test_a_stranger_asks_says_yes_reads_and_leaves(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    anna = await world.mail.person("Anna", "mecatech")
    ben = world.mail.reader("Ben", "ben@example.org")
    await subscribed(world, anna)
    hall = await news_hall(marie)
    await filled(world, marie)
    now = world.clock.now()
    await world.storage.write(lambda store: asked(store, ben.address, "en", (), now))
    mail = await ben.reads_mail()
    assert mail.subject == "Somebody asks for Green Manufacturing News at this address"
    assert mail.header("List-Unsubscribe") == "", "nothing has begun"
    page = await ben.presses(mail.links["Yes, send it to me"], "Yes, send it to me")
    assert "✓ You get Green Manufacturing News from now on. The next one: Tue 5 Jan 2027." in page.text
    await it_is(world, DRAFT)
    await it_is(world, SEND)
    mail = await ben.reads_mail()
    assert mail.subject == TITLE
    assert mail.header("List-Unsubscribe").startswith("<https://bot.example.org/unsubscribe/")
    assert "newsletter.green-manufacturing" in mail.header("List-Id")
    assert "Our plans for spring" not in mail.text, "that is for members only"
    assert f"{WORDS}\n" in mail.text, "a mail holds it whole"
    assert "In the archive: https://bot.example.org/newsletter/2027-01" in mail.lines
    page = await ben.follows("https://bot.example.org/newsletter/2027-01")
    assert "Pumps that mend themselves" in page.text
    assert "Our plans for spring" not in page.text
    members = await anna.reads_mail()
    assert "Our plans for spring" in members.text
    post = marie.posts(hall)[-1]
    assert marie.reads_on(post).lines[-1] == "https://bot.example.org/newsletter/2027-01"


async def test_a_correction_comes_by_mail_only_if_somebody_says_so(world: World) -> None:
    vera = await world.member("Vera", "", "coordinator")
    marie = await world.member("Marie", "cimes")
    anna = await world.mail.person("Anna", "mecatech")
    ben = world.mail.reader("Ben", "ben@example.org")
    account = await by_mail(world, ben.address)
    await subscribed(world, anna, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    await it_is(world, SEND)
    heard = await vera.types("/newsletter correct 1 The guide is free.")
    assert heard.lines[-1] == "Should the 3 who got it be told, too? 2 of them by mail."
    heard = await vera.taps("Not by mail")
    assert heard.lines[-1] == "1 reader or chat is told."
    await world.settled()
    assert marie.reads().lines[:2] == [f"A correction to {TITLE}:", "The guide is free."]
    assert [one.subject for one in anna.mails] == [TITLE]

    await world.storage.write(lambda store: bounced(store, account, world.clock.now()))
    await vera.types("/newsletter correct 1 The guide is free, for members.")
    await vera.taps("Tell everybody")
    mail = await anna.reads_mail()
    assert mail.subject == f"Correction: {TITLE}"
    assert "The guide is free, for members." in mail.lines
    assert ben.mails[-1].subject == TITLE, "who has ended it hears no more"
