"""In to the newsletter by a form and a yes in the mail; out of it by one press or a mail program's click."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.rules.newsletter.values import Subscription
from storage.store import Storage, Store
from tests.mail_stage import Page
from tests.test_letters import everything
from tests.world import MORNING, World

ASKED = "Look into your mail"


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The alliance with Telegram and e-mail, on one database: pages know of neither."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage, mail=True) as world:
        yield world
    storage.close_now()


async def subscribed(world: World) -> Subscription:
    """Somebody who reads the newsletter by mail."""
    reader = world.mail.reader("Rita")

    def write(store: Store) -> Subscription:
        account = store.accounts.remember(reader.account, MORNING)
        return store.subscriptions.write(
            Subscription(account=account, state="on", asked_at=MORNING, since=MORNING)
        )

    return await world.storage.write(write)


async def state_of(world: World, one: Subscription) -> str:
    found = await world.storage.read(lambda store: store.subscriptions.get(one.id))
    assert found is not None
    return found.state


async def posts(world: World, path: str, data: Any = None, **headers: str) -> httpx.Response:
    async with world.mail.browser() as browser:
        found: httpx.Response = await browser.post(path, data=data, headers=headers)
        return found


async def state_at(world: World, address: str) -> str:
    found = await world.storage.read(lambda store: store.subscriptions.of_address(address))
    return found.state if found else ""


async def test_a_typed_address_is_asked_and_a_yes_begins_it(world: World) -> None:
    rita = world.mail.reader("Rita")
    page = await rita.follows("/newsletter/subscribe")
    assert page.status == 200
    assert "You get one mail first. Nothing more comes unless you say yes in it." in page.text
    assert "Only about (nothing ticked: everything) Machines Tooling and plastics" in page.text
    typed = {"address": " Rita@Members.example.org ", "topic": ["machines", "nonsense", "know-how"]}
    async with world.mail.browser() as browser:
        got = await browser.post("/newsletter/subscribe", data=typed)
    page = Page(str(got.url), got.status_code, got.text, got.headers)
    assert ASKED in page.text
    mail = await rita.reads_mail()
    assert mail.header("List-Unsubscribe") == ""
    [label] = [one for one in mail.links if one.startswith("Yes")]
    assert await state_at(world, rita.address) == "asked"
    page = await rita.presses(mail.links[label], label)
    assert page.status == 200
    assert await state_at(world, rita.address) == "on"
    found = await world.storage.read(lambda store: store.subscriptions.of_address(rita.address))
    assert found is not None
    assert found.topics == ("machines", "know-how")


async def test_the_answer_is_the_same_whether_an_address_is_known(world: World) -> None:
    before = await subscribed(world)
    known = await posts(world, "/newsletter/subscribe", {"address": "rita@members.example.org"})
    fresh = await posts(world, "/newsletter/subscribe", {"address": "ulla@members.example.org"})
    assert known.text == fresh.text
    assert (known.status_code, known.headers) == (fresh.status_code, fresh.headers)
    await world.settled()
    assert world.mail.server.to("rita@members.example.org") == []
    assert await state_of(world, before) == "on"
    for _ in range(3):  # once an hour, and nobody is told so
        again = await posts(world, "/newsletter/subscribe", {"address": "ULLA@members.example.org"})
        assert again.text == fresh.text
    await world.settled()
    assert len(world.mail.server.to("ulla@members.example.org")) == 1
    await world.passes(hours=2)
    await posts(world, "/newsletter/subscribe", {"address": "ulla@members.example.org"})
    await world.settled()
    assert len(world.mail.server.to("ulla@members.example.org")) == 2


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "rita",
        "a@b",
        "a b@c.eu",
        "<a@b.eu>",
        "a@b.eu, c@d.eu",
        "a@b.eu\r\nBcc: x@y.eu",
        "x" * 250 + "@b.eu",
    ],
)
async def test_what_is_no_address_is_not_written_to(world: World, typed: str) -> None:
    before = await everything(world)
    page = await posts(world, "/newsletter/subscribe", {"address": typed})
    assert page.status_code == 422
    assert "this as a mail address. It looks like name@place.eu." in page.text
    assert await everything(world) == before


async def test_thirty_addresses_a_minute_are_enough(world: World) -> None:
    async with world.mail.browser() as browser:
        for number in range(30):
            page = await browser.post("/newsletter/subscribe", data={"address": f"a{number}@b.eu"})
            assert page.status_code == 200
        page = await browser.post("/newsletter/subscribe", data={"address": "late@b.eu"})
        assert page.status_code == 429
        assert "Many people are asking just now." in page.text
        world.clock.pass_(seconds=61)
        assert (await browser.post("/newsletter/subscribe", data={"address": "late@b.eu"})).status_code == 200


async def test_one_press_ends_it_and_looking_does_not(world: World) -> None:
    one = await subscribed(world)
    rita = world.mail.reader("Rita")
    before = await everything(world)
    async with world.mail.browser() as browser:
        for _ in range(2):
            for method in ("GET", "HEAD"):
                for more in ("", "?confirm=1", "?List-Unsubscribe=One-Click"):
                    await browser.request(method, f"/unsubscribe/{one.word}{more}")
    assert await everything(world) == before
    page = await rita.follows(f"/unsubscribe/{one.word}")
    assert page.buttons == ["Unsubscribe"]
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "rita" not in page.source  # whoever has the link learns nobody's address
    page = await rita.presses_on(page, "Unsubscribe")
    assert "any more" in page.text
    assert await state_of(world, one) == "ended"
    page = await rita.follows(f"/unsubscribe/{one.word}")
    assert page.buttons == []


@pytest.mark.parametrize("form", [True, False], ids=["urlencoded", "multipart"])
async def test_a_mail_program_ends_it_with_one_click(world: World, form: bool) -> None:
    one = await subscribed(world)
    async with world.mail.browser() as browser:
        said = {"List-Unsubscribe": "One-Click"}
        given: dict[str, Any] = {"data": said} if form else {"files": {k: (None, v) for k, v in said.items()}}
        headers = {"sec-fetch-site": "cross-site", "origin": "https://mail.example"}
        answer = await browser.post(f"/unsubscribe/{one.word}", headers=headers, **given)
        assert (answer.status_code, answer.text) == (200, "Unsubscribed")
        again = await browser.post(f"/unsubscribe/{one.word}", **given)
        assert again.status_code == 200
        assert (await browser.post("/unsubscribe/nobody", **given)).status_code == 404
    assert await state_of(world, one) == "ended"


async def test_a_word_that_nobody_has_is_answered_as_a_link_that_is_gone(world: World) -> None:
    for word in ("x", "%00", "%ff", "a" * 3000):
        async with world.mail.browser() as browser:
            got = await browser.get(f"/unsubscribe/{word}")
        page = Page(str(got.url), got.status_code, got.text, got.headers)
        assert page.status == 404
        assert "There is nothing behind this link" in page.text


async def test_ended_is_ended_also_by_mail(world: World) -> None:
    one = await subscribed(world)
    ended = replace(one, state="ended", ended_at=MORNING, why="bounced")
    await world.storage.write(lambda store: store.subscriptions.write(ended))
    assert (await posts(world, f"/unsubscribe/{one.word}")).status_code == 200
    found = await world.storage.read(lambda store: store.subscriptions.get(one.id))
    assert found == ended
