"""Mails over the wire: to a real mail server in this process, whatever it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.charter import load
from bot.messages import Account, Key, Mail, Message, Place
from bot.platforms.email import EmailPort
from bot.platforms.email.addresses import reply_address, sender_of, server_of, wire_address
from bot.platforms.pacing import FREE
from bot.platforms.port import SendFailed
from bot.seeding import seed
from bot.templating.pages import Pages
from storage.store import Storage
from tests.servers.mail import MailServer, serving
from tests.servers.mailbox import MailboxServer
from tests.world import CHARTER, MORNING, Clock

ROOT = Path(__file__).parents[2]
ANNA = Place("email", "", "anna@example.org")
HELLO = Message("Hello, Anna.\n\nAll is well.")


class Nobody:
    """An inbox into which nothing comes."""

    async def receive(self, incoming: Any) -> Any:
        raise AssertionError(incoming)

    def given(self, incoming: Any, post: Any = None) -> None: ...

    def left(self, incoming: Any) -> None: ...


def port_to(server: MailServer, storage: Storage, **more: Any) -> EmailPort:
    """A port to this server."""
    given: dict[str, Any] = {"clock": Clock(), "pace": FREE, "tls": server.trusted} | more
    sender = "Charterbot <bot@alliance.example.org>"
    return EmailPort(
        given.pop("url", server.url),
        sender,
        storage,
        Pages(ROOT / "templates"),
        "https://bot.example.org",
        **given,
    )


@pytest.fixture
def lasting(sqlite_url: str) -> Any:
    """The database of an alliance."""
    opened = Storage(sqlite_url)
    seed(opened, load(CHARTER), MORNING)
    yield opened
    opened.close_now()


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A mail server without a password."""
    async with serving(MailServer()) as server:
        yield server


@pytest.fixture
async def port(server: MailServer, lasting: Storage) -> AsyncIterator[EmailPort]:
    """A port to it, connected."""
    port = port_to(server, lasting)
    await port.connect(Nobody())
    yield port
    await port.disconnect()


async def refused(port: EmailPort, place: Place = ANNA) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await port.send(place, HELLO)
    return caught.value


async def test_a_mail_arrives_and_a_burst_takes_one_connection(port: EmailPort, server: MailServer) -> None:
    post = await port.send(ANNA, HELLO)
    (mail,) = server.mails
    assert (post.place, post.message_id) == (ANNA, mail.id)
    assert mail.header("From") == "Charterbot <bot@alliance.example.org>"
    assert (mail.header("To"), mail.subject) == ("anna@example.org", "Hello, Anna")
    assert mail.id.endswith("@alliance.example.org>")
    assert mail.header("Date") == "Tue, 24 Nov 2026 09:30:00 +0000"
    assert (mail.header("Auto-Submitted"), mail.header("X-Auto-Response-Suppress")) == (
        "auto-generated",
        "All",
    )
    assert mail.lines[:2] == ["Hello, Anna.", "All is well."]
    assert "Nobody reads replies to this mail." in mail.lines
    assert "/letter/" not in mail.text + mail.html  # there is nothing to press
    await asyncio.gather(*(port.send(ANNA, HELLO) for _ in range(9)))
    assert (len(server.mails), server.talks) == (10, 1)
    assert len({mail.id for mail in server.mails}) == 10


@pytest.mark.parametrize(
    ("point", "says", "kind", "after"),
    [
        ("greeting", "554 5.3.2 Not now", "later", 60.0),
        ("greeting", "421 4.3.2 Not now", "later", 30.0),
        ("from", "451 4.3.0 Try again", "later", 30.0),
        ("from", "553 5.7.1 Not your address", "later", 60.0),
        ("from", "552 5.3.4 Too large", "refused", 0.0),
        ("to", "450 4.2.0 Greylisted", "later", 0.0),
        ("to", "421 4.7.0 Too many", "later", 30.0),
        ("to", "550 5.1.1 No such user", "gone", 0.0),
        ("to", "550 5.4.1 Recipient address rejected: Access denied", "gone", 0.0),
        ("to", "550 No such user here", "gone", 0.0),
        ("to", "553 No", "refused", 0.0),  # whom it is about, it does not say
        ("to", "550 5.1.10 Recipient not found", "gone", 0.0),
        ("to", "550 #5.1.0 Address unknown", "gone", 0.0),
        ("to", "550 Recipient address rejected: User unknown in local table", "gone", 0.0),
        ("to", "550 5.1.8 <bot@alliance.example.org>: Sender address rejected", "later", 60.0),
        ("to", "550 5.1.7 <bot@alliance.example.org>: Sender address syntax", "later", 60.0),
        ("over", "550 5.1.8 Access denied, bad outbound sender", "later", 60.0),
        ("over", "550 5.1.90 You've reached your daily limit", "later", 60.0),
        ("to", "550 Authentication required", "later", 60.0),
        ("to", "550 Sender verify failed: no such user", "refused", 0.0),
        ("to", "550 Administrative prohibition", "refused", 0.0),
        ("to", "550 Blocked, see https://x.test/?ip=5.1.1", "refused", 0.0),
        ("over", "550 Too much mail from 5.1.1.12", "refused", 0.0),
        ("to", "550 5.7.1 Policy", "refused", 0.0),
        ("to", "550 Blocked for spam", "refused", 0.0),
        ("to", "552 5.2.2 Mailbox full", "refused", 0.0),
        ("to", "550 5.7.1 Relaying denied", "later", 60.0),
        ("data", "451 4.3.0 Try again", "later", 0.0),
        ("data", "554 5.7.1 Spam", "refused", 0.0),
        ("over", "452 4.3.1 No room", "later", 0.0),
        ("over", "554 5.7.1 Spam", "refused", 0.0),
        ("over", "550 5.1.1 No such user", "gone", 0.0),
    ],
)
async def test_what_the_server_says(
    port: EmailPort, server: MailServer, point: Any, says: str, kind: str, after: float
) -> None:
    server.says_no(point, says)
    no = await refused(port)
    assert (no.kind, no.after, no.scope) == (kind, after, "platform")
    assert no.says.removeprefix("lost: ").startswith(says.split()[0])
    assert server.mails == []
    await port.send(ANNA, HELLO)  # and the next one goes, over the same connection where it stands
    assert len(server.mails) == 1
    assert server.talks == (2 if point == "greeting" or says.startswith("421") else 1)


@pytest.mark.parametrize("point", ["greeting", "from", "to", "data"])
async def test_a_connection_that_breaks_before_the_mail(
    port: EmailPort, server: MailServer, point: Any
) -> None:
    server.hangs_up(point)
    assert (await refused(port)).kind == "later"
    await port.send(ANNA, HELLO)
    assert len(server.mails) == 1


async def test_a_connection_that_breaks_after_the_mail(port: EmailPort, server: MailServer) -> None:
    server.hangs_up("over")
    assert (await refused(port)).kind == "unknown"
    assert len(server.mails) == 1


async def test_a_server_that_is_gone_between_two_mails(port: EmailPort, server: MailServer) -> None:
    await port.send(ANNA, HELLO)
    await server.stop()
    no = await refused(port)
    assert (no.kind, no.after) == ("later", 10.0)
    await server.start()
    await port.send(ANNA, HELLO)
    assert (len(server.mails), server.talks) == (2, 2)


async def test_a_server_that_hangs_up_on_who_says_nothing(
    port: EmailPort, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.email.outgoing.STILL_THERE", 0.0)
    await port.send(ANNA, HELLO)
    server.hangs_up_now()
    await port.send(ANNA, HELLO)
    assert (len(server.mails), server.talks) == (2, 2)


async def test_a_slow_server_is_not_waited_for_in_a_crowd(
    port: EmailPort, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.email.outgoing.FOR_A_TURN", 0.05)
    server.holds = asyncio.Event()
    first = asyncio.create_task(port.send(ANNA, HELLO))
    while not server.mails:
        await asyncio.sleep(0.005)
    no = await refused(port)
    assert (no.kind, no.says) == ("later", "the mail server is slow")
    server.holds.set()
    await first
    assert len(server.mails) == 1


async def test_an_answer_that_never_comes_is_unknown(
    port: EmailPort, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.email.outgoing.AFTER_THE_DOT", 0.05)
    server.holds = asyncio.Event()
    assert (await refused(port)).kind == "unknown"
    server.holds.set()
    await port.send(ANNA, HELLO)
    assert (len(server.mails), server.talks) == (2, 2)


@pytest.mark.parametrize("tls", ["starttls", "always"])
async def test_user_and_password_go_under_tls(
    lasting: Storage, tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(MailServer("bot", "hush-hush", tls)) as server:
        port = port_to(server, lasting)
        await port.send(ANNA, HELLO)
        assert server.covered == [True]
        assert [(one.what, one.good) for one in await port.check()] == [
            ("mail server", True),
            ("mail links", True),
        ]
        await port.disconnect()
        wrong = port_to(server, lasting, url=server.url.replace("hush-hush", "wrong"))
        no = await refused(wrong)
        assert (no.kind, no.after) == ("later", 60.0)
        (first, _) = await wrong.check()
        assert first.says == f"127.0.0.1, port {server.port}, doesn't take this user and password."
        own = port_to(server, lasting, tls=None)  # its certificate is nobody's, but it is on this machine
        await own.send(ANNA, HELLO)
        monkeypatch.setattr("bot.platforms.email.addresses._NEAR", ())  # as if it were far away
        strange = port_to(server, lasting, tls=None)
        assert (await refused(strange)).kind == "later"
        assert not (await strange.check())[0].good
        for one in (wrong, own, strange):
            await one.disconnect()


async def test_a_password_is_told_to_nobody_in_the_open(
    lasting: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.email.addresses._NEAR", ())  # as if the server were far away
    async with serving(MailServer("bot", "hush-hush")) as server:
        port = port_to(server, lasting)
        assert (await refused(port)).kind == "later"
        assert (server.tried, server.talks) == ([], 1)
        await port.disconnect()


async def test_check_tells_of_links_and_mailbox(server: MailServer, lasting: Storage) -> None:
    box = MailboxServer(tls=True)
    await box.start()
    port = port_to(server, lasting, mailbox_url=box.url)
    found = await port.check()
    assert [(one.what, one.good, one.says) for one in found] == [
        (
            "mail server",
            True,
            f"127.0.0.1, port {server.port}, lets us in; mails come from bot@alliance.example.org.",
        ),
        ("mail links", True, "They lead to https://bot.example.org."),
        ("mailbox", True, f"127.0.0.1, port {box.port}, opens: what comes back is read."),
    ]
    wrong = port_to(server, lasting, mailbox_url=box.url.replace("hush", "wrong"))
    says = f"127.0.0.1, port {box.port}, doesn't take this user, password or folder."
    assert (await wrong.check())[2].says == says
    await box.stop()
    assert not (await port.check())[2].good


async def test_who_can_be_written_to(port: EmailPort, server: MailServer) -> None:
    assert await port.direct(Account("email", "", "anna@example.org")) == ANNA
    for nobody in (Account("slack", "T1", "U1"), Account("email", "", "")):
        with pytest.raises(SendFailed, match="gone"):
            await port.direct(nobody)
    for address in (
        "anna",
        "anna@",
        "a b@example.org",
        "anna@example.org\r\nBcc: eve@example.org",
        "ä@example.org",
        "a..b@example.org",
        "ana@straße.example",  # kept it would be another's: strasse.example
        "ana@exa_mple.org",
    ):
        assert (await refused(port, Place("email", "", address))).kind == "gone"
    assert server.mails == []
    assert wire_address("anna@bücher.example") == "anna@xn--bcher-kva.example"


async def test_a_mail_that_went_stays(port: EmailPort) -> None:
    post = await port.send(ANNA, HELLO)
    for doing in (port.edit(post, HELLO), port.delete(post), port.fetch("1")):
        with pytest.raises(SendFailed, match="refused"):
            await doing


def test_settings_that_can_never_work() -> None:
    assert sender_of("Charterbot <bot@example.org>").name == "Charterbot"
    for wrong in ("", "Charterbot", "bot@", "a@b\nc@d <e@f>"):
        with pytest.raises(ValueError, match="MAIL_FROM"):
            sender_of(wrong)
    server = server_of("smtps://me%40example.org:hush%2Fhush@mail.example.org")
    assert (server.host, server.port, server.user, server.password, server.tls) == (
        "mail.example.org", 465, "me@example.org", "hush/hush", True,
    )  # fmt: skip
    assert "hush" not in repr(server)
    for cut in ("smtps://bot:hush#more@mail.example.org:465", "smtps://bot:1234#more@mail.example.org"):
        with pytest.raises(ValueError, match="in a password as %23") as caught:
            server_of(cut)
        assert not {"hush", "1234"} & set(str(caught.value).replace(":", " ").split())
    assert reply_address("office@bücher.example") == "office@xn--bcher-kva.example"
    with pytest.raises(ValueError, match="MAIL_REPLY_TO"):
        reply_address("büro@example.org")
    assert server_of("imap://a:b@mail.example.org/Bounces").folder == "Bounces"


async def test_each_mail_has_a_letter_of_its_own(
    port: EmailPort, server: MailServer, lasting: Storage
) -> None:
    post = await port.send(
        ANNA, Message("Ready?", (Key("Yes", token="t1"), Key("Open it", url="https://a.example")))
    )
    letter = await lasting.read(lambda store: store.letters.by_message_id(post.message_id))
    assert letter is not None
    assert [key.label for key in letter.message.keys] == ["Yes", "Open it"]
    mail = server.mails[0]
    assert mail.links["Open it"] == "https://a.example"
    token = mail.links["Yes"].removeprefix("https://bot.example.org/letter/").removesuffix("?pick=0")
    read = await lasting.read(lambda store: store.letters.read(token))
    assert read == letter
    assert f"Yes:\nhttps://bot.example.org/letter/{token}\n" in mail.text
    assert "Open it:\nhttps://a.example\n" in mail.text
    assert "t1" not in mail.text + mail.html
    assert letter.used_at is None


async def test_what_a_newsletter_says_in_its_head(port: EmailPort, server: MailServer) -> None:
    mail = Mail("December", branded=True, unsubscribe="w0rd" * 30, list_id="news")
    await port.send(ANNA, Message("# News\n\nA lot.", mail=mail))
    (one,) = server.mails
    link = "https://bot.example.org/unsubscribe/" + "w0rd" * 30
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in one.raw  # on one line, never encoded
    assert one.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert one.header("List-Id") == "<news.alliance.example.org>"
    assert one.subject == "December"
    assert one.links["Unsubscribe"] == link
    assert f"Unsubscribe: {link}" in one.lines
