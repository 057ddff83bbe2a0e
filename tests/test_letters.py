"""Letters: the page behind a mail's link. Looking changes nothing, a press counts once, and what is on it is
for one pair of eyes (spec/engagement.md sections 3 and 10)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from structlog.testing import capture_logs

from bot.charter import Charters
from bot.clock import WALL_CLOCK
from bot.messages import Attachment, Key, Message
from bot.people.addresses import complained
from bot.web.pages import POLICY, Site
from storage.buttons import Stored
from storage.store import Busy, Storage, Store, metadata
from tests.assembly_stage import opened
from tests.both_platforms import book_of
from tests.events_stage import answers, planned
from tests.mail_stage import MailReader, Page
from tests.world import World

TITLE = "🗳 Recorded for CIMES: For, motion 1."
MINE = "This page is yours alone."
DAY = timedelta(days=1)


@pytest.fixture
async def world(storage: Storage) -> AsyncIterator[World]:
    """The alliance with Telegram and e-mail."""
    async with World("telegram", storage, mail=True) as world:
        yield world


async def asked(world: World) -> tuple[MailReader, dict[str, str]]:
    """Anna of CIMES, who only reads mail, is asked for a vote: she, and the links of that mail by label."""
    anna: MailReader = await world.mail.person("Anna", "cimes")
    await opened(world, told=True)
    mail = await anna.reads_mail()
    assert mail.first == "🗳 Voting is open on motion 1: A joint newsletter"
    return anna, mail.links


def said(page: Page) -> str:
    """What stands on a page; a full stop stands at its word."""
    return page.text.replace(" .", ".")


def token_of(link: str) -> str:
    return urlsplit(link).path.rpartition("/")[2]


async def letter_with(world: World, anna: MailReader, message: Message, **button: Any) -> str:
    """The address of a letter to Anna that says this; a `button` given is kept for its key "t"."""
    now = world.clock.now()

    def write(store: Store) -> str:
        account = store.accounts.remember(anna.account, now)
        if button:
            store.buttons.add_all([Stored("t", button["command"], button["arguments"], None, now + DAY)])
        return store.letters.write(account, message, "", now, now + DAY)

    return f"/letter/{await world.storage.write(write)}"


async def everything(world: World) -> dict[str, list[str]]:
    """The whole database, row by row."""

    def rows(store: Store) -> dict[str, list[str]]:
        found = {}
        for table in metadata.sorted_tables:
            found[table.name] = sorted(repr(tuple(row)) for row in store._connection.execute(table.select()))
        return found

    return await world.storage.read(rows)


async def test_somebody_who_only_reads_mail_votes_changes_it_and_says_why(world: World) -> None:
    anna, links = await asked(world)
    page = await anna.follows(links["Against"])
    assert page.buttons == [
        "Against",
        "For",
        "Abstain",
        "Read it",
        "Later",
        "Stop these",
    ]  # what was tapped, first
    assert "You chose Against. Press it here too, then it is done." in said(page)
    assert "Opening this page does nothing yet; a button does." in page.text
    assert MINE in page.text
    assert "24 Dec" not in page.text + (await anna.reads_mail()).text  # the vote is over by then
    assert await book_of(world, 1) == []

    page = await anna.presses_on(page, "For")
    assert page.status == 200
    assert TITLE in page.text
    assert page.links["The rest of this mail"] == links["For"].partition("?")[0]
    assert "You can change it until Wed 2 Dec, 17:00 in Paris." in page.text
    assert page.buttons == ["Change", "Add a reason", "Take it back"]
    assert "What stands here can be pressed for an hour." in page.text
    assert await book_of(world, 1) == ["cast cimes for"]

    page = await anna.presses_on(page, "Add a reason")
    assert page.buttons == ["Send", "Cancel"]
    assert "Your answer" in page.text
    page = await anna.presses_on(page, "Send", words="It saves us all <b>time</b>.")
    assert page.status == 200
    assert "✓ CIMES on motion 1: It saves us all <b>time</b>." in page.text
    assert page.buttons == ["Change it", "Who voted how"]
    sent = len(anna.mails)
    await world.passes(minutes=10)
    assert len(anna.mails) == sent  # what was answered on a page is not mailed as well


async def test_a_letter_is_used_once_and_says_so(world: World) -> None:
    anna, links = await asked(world)
    first = await anna.presses(links["For"], "For")
    assert (await anna.presses(links["Abstain"], "See what came of it")).text == first.text
    assert await book_of(world, 1) == ["cast cimes for"]

    page = await anna.follows(links["Against"])
    assert page.text.startswith("European Cluster Alliance for Green Manufacturing You pressed For on")
    assert "You pressed For on Tue 24 Nov, 10:30 in Paris." in said(page)
    assert f"What came of it: {TITLE}" in page.text
    assert page.buttons == ["Read it", "See what came of it", "Send me a new link"]
    async with world.mail.browser() as browser:
        again = await browser.post(links["For"], data={"pick": "1"})
    assert "You pressed <strong>For</strong> before, so this is the answer to that." in again.text
    assert await book_of(world, 1) == ["cast cimes for"]

    before = len(anna.mails)
    page = await anna.presses(links["For"], "Send me a new link")
    assert "A new mail is on its way to you" in page.text
    await anna.presses(links["For"], "Send me a new link")  # once an hour
    await world.passes(minutes=2)
    assert len(anna.mails) == before + 1
    newest = await anna.reads_mail()
    assert newest.first == "🗳 Voting is open on motion 1: A joint newsletter"
    page = await anna.presses(newest.links["Against"], "Against")
    assert "🗳 Changed for CIMES from For to Against, motion 1." in page.text


async def test_of_two_presses_at_once_one_counts(world: World) -> None:
    _, links = await asked(world)
    async with world.mail.browser() as one, world.mail.browser() as two:
        pages = await asyncio.gather(
            *(browser.post(links["For"], data={"pick": pick}) for browser, pick in ((one, 0), (two, 1)))
        )
    cast = await book_of(world, 1)
    assert cast in (["cast cimes for"], ["cast cimes against"])
    side = cast[0].rpartition(" ")[2].capitalize()
    assert all(f"Recorded for CIMES: {side}, motion 1." in page.text for page in pages)


async def test_what_only_reads_does_not_use_a_letter_up(world: World) -> None:
    anna, links = await asked(world)
    for _ in range(2):
        page = await anna.presses(links["Read it"], "Read it")
        assert "We do this together, starting in January." in page.text
    assert "For" in (await anna.follows(links["For"])).buttons


async def test_a_press_that_a_crash_cut_off_counts_when_it_is_pressed_again(world: World) -> None:
    anna, links = await asked(world)
    token, now = token_of(links["For"]), world.clock.now()
    assert await world.storage.write(lambda store: store.letters.use(token, 0, now))  # and then it was killed
    page = await anna.presses(links["For"], "See what came of it")
    assert TITLE in page.text
    assert await book_of(world, 1) == ["cast cimes for"]

    await world.passes(days=8)  # by then it is forgotten what was answered, and nothing is done once more
    page = await anna.presses(links["For"], "See what came of it")
    assert "You pressed For on" in page.text
    assert "Recorded" not in page.text


async def test_a_letter_ends(world: World) -> None:
    anna, links = await asked(world)
    page = await anna.follows(links["For"])
    world.clock.pass_(days=31)
    over = await anna.presses_on(page, "For")
    assert "This page could be answered until Thu 24 Dec, 10:30 in Paris." in over.text
    assert over.buttons == ["Send me a new link"]  # what only reads can be pressed behind a new letter
    assert await book_of(world, 1) == []


async def test_a_page_that_nobody_waited_for_is_mailed(world: World) -> None:
    anna, links = await asked(world)
    before = len(anna.mails)
    came = [{"type": "http.request", "body": b"pick=0"}, {"type": "http.disconnect"}]
    scope = {
        **{"type": "http", "http_version": "1.1", "method": "POST", "path": urlsplit(links["For"]).path},
        **{"query_string": b"", "headers": [(b"host", b"bot.example.org")], "scheme": "https"},
        **{"server": ("bot.example.org", 443), "root_path": ""},
    }

    async def receive() -> Any:
        return came.pop(0) if came else {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        """The line is dead."""

    await world.mail.site()(scope, receive, send)
    await world.passes(minutes=2)
    assert len(anna.mails) == before + 1
    assert (await anna.reads_mail()).first == TITLE


async def test_whoever_left_is_a_stranger_behind_their_link(world: World) -> None:
    anna, links = await asked(world)

    def leave(store: Store) -> None:
        identity = store.accounts.identify(anna.account)
        assert identity.account_id is not None
        store.accounts.detach(identity.account_id)

    await world.storage.write(leave)
    page = await anna.presses(links["For"], "For")
    assert "we haven't met" in page.text
    assert "I have an invitation" in page.buttons
    assert await book_of(world, 1) == []


async def test_a_file_can_be_kept_from_the_page(world: World) -> None:
    anna: MailReader = await world.mail.person("Anna", "cimes")
    number = await planned(world, by=None)
    await answers(world, number, "going", anna)
    token = Stored("cal", "calendar file", {"event": str(number)}, None, world.clock.now() + DAY)
    await world.storage.write(lambda store: store.buttons.add_all([token]))
    address = await letter_with(world, anna, Message("Your event", (Key("To my calendar", "cal"),)))
    page = await anna.presses(address, "To my calendar")
    [(name, link)] = [(name, link) for name, link in page.links.items() if name.endswith(".ics")]
    async with world.mail.browser() as browser:
        file = await browser.get(link)
    assert file.headers["content-type"].startswith("text/calendar")
    assert file.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert "SUMMARY:Green hydrogen 101" in file.text


async def test_what_broke_on_our_side_can_be_pressed_again(world: World) -> None:
    anna: MailReader = await world.mail.person("Anna", "cimes")
    message = Message(
        "A question\n\n- one", (Key("Yes", "t"), Key("Us", url="https://a.eu"), Key("X", url="x:y"))
    )
    address = await letter_with(world, anna, message, command="continue", arguments={})
    page = await anna.presses(address, "Yes")
    assert "That went wrong on my side; nothing was saved." in page.text
    assert page.buttons == ["Yes"]
    assert page.links["Us"] == "https://a.eu"
    assert "X" not in page.links


async def test_what_broke_on_our_side_leaves_the_letter_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, links = await asked(world)

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(world.dispatch, "_run", broken)
        page = await anna.presses(links["For"], "For")
    assert "That went wrong on my side; nothing was saved." in page.text
    assert page.buttons == ["For", "Against", "Abstain", "Read it", "Later", "Stop these"]
    assert "You pressed" not in (await anna.follows(links["For"])).text
    await world.passes(minutes=1)
    page = await anna.presses_on(page, "Against")
    assert "🗳 Recorded for CIMES: Against, motion 1." in page.text
    assert await book_of(world, 1) == ["cast cimes against"]


async def test_a_press_that_came_too_late_is_not_called_an_answer(world: World) -> None:
    anna, links = await asked(world)
    await world.passes(days=9)
    page = await anna.presses(links["For"], "For")
    assert "isn't counted" in page.text
    page = await anna.follows(links["For"])
    assert "You pressed For on Thu 3 Dec, 10:30 in Paris." in said(page)
    assert "What came of it: Voting on motion 1 closed" in page.text


async def test_a_question_that_comes_by_mail_is_answered_on_its_page(world: World) -> None:
    anna, links = await asked(world)
    page = await anna.presses(links["For"], "For")
    page = await anna.presses_on(page, "Add a reason")
    own = page.find("Send")[0].action
    await world.passes(minutes=61)
    page = await anna.presses_on(page, "Send", words="A careful reason\nof two lines")
    assert "This page could be answered until Tue 24 Nov, 11:30 in Paris." in page.text
    assert "What you typed was not sent. It is here still, to be copied:" in page.text
    assert "A careful reason\nof two lines</textarea>" in page.source
    assert page.buttons == ["Send me a new link"]
    await anna.presses(f"https://bot.example.org{own}", "Send me a new link")
    await world.passes(minutes=2)
    mail = await anna.reads_mail()
    assert "To answer, open your page:" in mail.text
    page = await anna.follows(mail.links["Answer"])
    assert page.buttons == ["Send", "Cancel"]
    page = await anna.presses_on(page, "Send", words="A careful reason")
    assert "✓ CIMES on motion 1: A careful reason" in page.text
    other = await anna.follows(links["For"])
    assert "Send" not in other.buttons


async def test_words_that_are_too_many_stay_on_the_page(world: World) -> None:
    anna, links = await asked(world)
    page = await anna.presses(links["For"], "For")
    page = await anna.presses_on(page, "Add a reason")
    long = await anna.presses_on(page, "Send", words="ш" * 8001)
    assert "That is more than fits: 8000 characters do. Nothing was sent yet." in long.text
    assert "ш" * 8001 in long.source
    assert long.buttons == ["Send", "Cancel"]
    huge = await anna.presses_on(page, "Send", words="x" * 140_000)
    assert huge.status == 413
    assert "That is more than fits here Nothing was sent." in huge.text
    sent = await anna.presses_on(page, "Send", words="It saves us time.")
    assert "✓ CIMES on motion 1: It saves us time." in sent.text


async def test_a_picture_is_in_the_mail_alone(world: World) -> None:
    anna: MailReader = await world.mail.person("Anna", "cimes")
    picture = Attachment("photo.jpg", "image/jpeg", content=b"a picture", alt="A pump")
    message = Message("Look", (Key("Yes", "t"),), picture)
    address = await letter_with(world, anna, message, command="indicators", arguments={})
    page = await anna.follows(address)
    assert "photo.jpg" not in page.text
    async with world.mail.browser() as browser:
        assert (await browser.get(f"{address}/file")).status_code == 404
        await browser.post(f"{address}/again")
    await world.passes(minutes=2)
    mail = await anna.reads_mail()
    assert mail.first == "Look"
    assert "image" not in [part.get_content_maintype() for part in mail.parsed.walk()]


async def test_a_press_brings_no_mail_back_where_none_is_wanted(world: World) -> None:
    anna, links = await asked(world)

    def complain(store: Store) -> int:
        number = store.accounts.identify(anna.account).account_id
        assert number is not None
        complained(store, number, world.clock.now())
        return number

    number = await world.storage.write(complain)
    page = await anna.presses(links["For"], "For")
    assert TITLE in page.text
    linked, state = await world.storage.read(
        lambda store: (store.accounts.get(number), store.emails.state(anna.address))
    )
    assert not linked.reachable
    assert state is not None
    assert state.why == "complained"


async def test_words_on_a_page_are_words(world: World) -> None:
    anna: MailReader = await world.mail.person("Anna", "cimes")
    said = "# <script>x</script>\n| a | b |\n|---|---|\n| <i>c</i> | [d](javascript:e) |"
    page = await anna.follows(await letter_with(world, anna, Message(said)))
    assert "<script>" not in page.source
    assert "<i>" not in page.source
    assert "javascript" not in page.source
    assert "For you" in page.text  # the title of what has none
    plain = await anna.follows(await letter_with(world, anna, Message("One *fine* <b> day\nMore")))
    assert "<h1>One fine &lt;b&gt; day</h1>" in plain.source


async def test_links_that_a_mail_scanner_follows_change_nothing(world: World) -> None:
    anna, links = await asked(world)
    answered = await anna.presses(links["Read it"], "Read it")
    used = (await anna.reads_mail()).links["For"] + "&confirm=1"
    pages = {*links.values(), *answered.links.values(), used, "/newsletter", "/newsletter/subscribe"}
    pages |= {f"/letter/{token_of(used)}/{more}" for more in ("file", "again")}
    before, seen = await everything(world), set()
    scanners = (
        {"user-agent": "Barracuda Sentinel"},
        {"user-agent": "Mozilla/5.0", "purpose": "prefetch", "sec-purpose": "prefetch;prerender"},
    )
    async with world.mail.browser() as browser:
        for headers in scanners:
            todo = sorted(pages)
            while todo:
                link = todo.pop()
                seen.add(link)
                head = await browser.head(link, headers=headers)
                got = await browser.get(link, headers=headers)
                assert head.status_code == got.status_code
                if "html" in got.headers.get("content-type", ""):
                    page = Page(str(got.url), got.status_code, got.text, got.headers)
                    forms = {form.action for form in page.forms}
                    todo += sorted({*page.links.values(), *forms} - seen)
    assert len(seen) > 8
    assert await everything(world) == before


async def test_every_page_is_strict_about_what_it_holds(world: World) -> None:
    _, links = await asked(world)
    async with world.mail.browser() as browser:
        for page in (await browser.get(links["For"]), await browser.post(links["For"], data={"pick": "0"})):
            assert page.status_code == 200
            assert page.headers["content-security-policy"] == POLICY
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["referrer-policy"] == "no-referrer"
            assert page.headers["x-robots-tag"] == "noindex, nofollow"
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert "<script" not in page.text
            assert "style=" not in page.text
        style = await browser.get("/style.css")
        assert style.headers["content-type"] == "text/css; charset=utf-8"
        known = await browser.get("/style.css", headers={"if-none-match": style.headers["etag"]})
        assert known.status_code == 304


@pytest.mark.parametrize("token", ["x", "%00", "%ff%fe", "a" * 5000, "%F0%9F%98%80"])
async def test_a_link_that_never_was_is_answered_as_one_forgotten(world: World, token: str) -> None:
    async with world.mail.browser() as browser:
        found = [
            await browser.get(f"/letter/{token}"),
            await browser.post(f"/letter/{token}", data={"pick": "0"}),
            await browser.get(f"/letter/{token}/file"),
            await browser.post(f"/letter/{token}/again"),
        ]
    assert {page.status_code for page in found} == {404}
    assert all("There is nothing behind this link" in page.text for page in found)


async def test_a_form_comes_from_our_own_page(world: World) -> None:
    _, links = await asked(world)
    async with world.mail.browser() as browser:
        for headers in (
            {"origin": "https://evil.example"},
            {"sec-fetch-site": "cross-site", "origin": "https://bot.example.org"},
            {"sec-fetch-site": "same-site"},
        ):
            page = await browser.post(links["For"], data={"pick": "0"}, headers=headers)
            assert page.status_code == 403
            assert "Nothing was done" in page.text
        assert (await browser.post(links["For"], content=b"pick=" + b"0" * 140_000)).status_code == 413
        for odd in (
            b"",
            b"pick=99",
            b"pick=-1",
            b"pick=%00",
            b"words=",
            b"&" * 9000,
            b"\xff\xfe",
            b"pick=4&"[:4],
        ):
            page = await browser.post(links["For"], content=odd)
            assert page.status_code == 200
            assert "Opening this page does nothing yet" in page.text
        assert await book_of(world, 1) == []
        for headers in ({"origin": "null"}, {"sec-fetch-site": "same-origin", "origin": "null"}):
            page = await browser.post(links["For"], data={"pick": "0"}, headers=headers)
            assert TITLE in page.text


async def test_no_token_and_no_word_stands_in_a_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    anna, links = await asked(world)
    with capture_logs() as logs:
        await anna.presses(links["For"], "For")
        page = await anna.presses(links["For"], "See what came of it")
        await anna.presses_on(page, "Add a reason")
    logged = json.dumps(logs, default=str) + caplog.text
    assert token_of(links["For"]) not in logged
    assert "anna" not in logged.casefold()


async def test_a_busy_database_is_said_kindly(world: World) -> None:
    site = Site(
        world.storage, world.mail.pages, WALL_CLOCK, Charters(((world.clock.now().date(), world.charter),))
    )

    async def busy(_: Request) -> Response:
        raise Busy("locked")

    app = httpx.ASGITransport(app=Starlette(routes=[site.route("/x", busy)]))
    async with httpx.AsyncClient(transport=app, base_url="https://bot.example.org") as browser:
        page = await browser.get("/x")
    assert page.status_code == 503
    assert page.headers["retry-after"] == "60"
    assert (
        "Please try again in a minute. If you pressed a button, press it again then: it counts once."
        in page.text
    )
