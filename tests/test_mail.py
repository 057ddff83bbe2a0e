"""E-mail as a place: what is told by mail and pressed on a page, and what comes back."""

from __future__ import annotations

import asyncio
import imaplib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.messages import Account, Answer, Call, Message, Place
from bot.platforms.email.imap import AT_ONCE
from storage.store import Storage
from tests.events_stage import answers, event_of, planned
from tests.lanes_stage import queue, states, to_person
from tests.mail_reports import calendar_answer, complaint, letter_from, not_delivered
from tests.mail_stage import MailReader
from tests.mail_world import person_of
from tests.servers.mailbox import MailboxServer
from tests.world import World


@pytest.fixture(params=["slack", "telegram"])
async def world(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[World]:
    """The alliance with one platform and e-mail beside it."""
    async with World(request.param, storage, mail=True) as world:
        yield world


@pytest.fixture
async def box() -> AsyncIterator[MailboxServer]:
    """The mailbox into which everything comes back."""
    box = MailboxServer()
    await box.start()
    yield box
    await box.stop()


async def with_mailbox(world: World, box: MailboxServer, checks: str = "") -> None:
    """From now on the bot can look into it; it does so when it is told to. `checks`: the mail server that
    checks who sent a mail."""
    await world.stop_bot()
    world.mail.more |= {"mailbox_url": box.url, "mailbox_checks": checks}
    await world.start_bot()
    world.mail.port.lead(False)


async def tells(world: World, reader: MailReader, words: str) -> None:
    """A message to somebody is put on its way to their mailbox."""
    await queue(world, await to_person(world, reader, words, platform="email"))


async def test_a_co_host_who_only_reads_mail_says_we_did(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.mail.person("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    mail = await luc.reads_mail()
    assert mail.subject == "CIMES says that MecaTech took part in Green hydrogen 101 (workshop, Tue 12 May)"
    assert mail.lines[1:4] == [
        "Is that right? The activity counts meanwhile.",
        "You get this because you log activities for your organisation.",
        "To answer (We did · Not us · Later · Stop these), open your page:",
    ]
    (activity,) = await world.logged()
    for _ in range(2):
        page = await luc.follows(mail.links["We did"])
        assert page.buttons == ["We did", "Not us", "Later", "Stop these"]
    assert await world.logged() == [activity]  # looking changes nothing
    page = await luc.presses(mail.links["We did"], "We did")
    assert "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May." in page.text
    assert (await world.logged()) != [activity]
    assert len(luc.mails) == 1  # the page was the answer


async def test_an_hour_without_a_mail_server(world: World) -> None:
    luc = await world.mail.person("Luc", "mecatech")
    await world.mail.server.stop()
    await tells(world, luc, "All is well.")
    await world.passes(minutes=59)
    assert luc.mails == []
    await world.mail.server.start()
    await world.passes(minutes=11)
    assert [mail.first for mail in luc.mails] == ["All is well."]


async def test_a_password_that_is_taken_back(world: World) -> None:
    luc = await world.mail.person("Luc", "mecatech")
    world.mail.server.says_no("greeting", "535 5.7.8 Not this password", times=3)
    for words in ("One.", "Two."):
        await tells(world, luc, words)
    await world.passes(minutes=2)
    assert luc.mails == []
    await world.passes(minutes=10)
    assert sorted(mail.first for mail in luc.mails) == ["One.", "Two."]


async def test_a_mail_that_may_have_arrived_is_not_sent_again(world: World) -> None:
    luc = await world.mail.person("Luc", "mecatech")
    world.mail.server.hangs_up("over")
    await tells(world, luc, "All is well.")
    await world.passes(minutes=30)
    assert len(luc.mails) == 1
    assert "unknown" in (await states(world)).values()


async def test_an_address_that_is_nobodys_any_more(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    mail = await world.mail.address_of(luc)
    world.mail.server.says_no("to", "550 5.1.1 No such user")
    await tells(world, mail, "All is well.")
    await world.passes(minutes=1)
    assert mail.mails == []
    assert luc.reads().first == "All is well."  # where else they are in reach
    asked = [key for key in await states(world) if key.startswith("mail bounced")]
    assert len(asked) == 1
    state = await world.storage.read(lambda store: store.emails.state(mail.address))
    assert state is not None
    assert state.why == "bounced"


async def test_trouble_with_our_own_sender_loses_nobody(world: World) -> None:
    luc = await world.mail.person("Luc", "mecatech")
    world.mail.server.says_no("to", "550 5.1.8 Sender address rejected: Domain not found", times=3)
    await tells(world, luc, "All is well.")
    await world.passes(minutes=2)
    assert luc.mails == []
    await world.passes(minutes=10)
    assert [mail.first for mail in luc.mails] == ["All is well."]


async def test_a_calendar_answers_an_invitation(world: World, box: MailboxServer) -> None:
    await with_mailbox(world, box)
    number = await planned(world)
    luc = await world.mail.person("Luc", "mecatech")
    uid = (await event_of(world, number)).uid
    await tells(world, luc, "All is well.")
    invited = await luc.reads_mail()
    kept = box.comes(calendar_answer(uid, "ACCEPTED", luc.address, replies_to=invited.id))
    assert await world.mail.port.look_in() == 1
    assert kept.seen
    await world.passes(minutes=1)
    (_, mail) = luc.mails
    assert mail.first == "You're going: Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels."
    assert "REQUEST" not in mail.raw.decode()  # two calendars that answer each other would never end
    kept.seen = False  # another process looked at the same time
    assert await world.mail.port.look_in() == 1
    await world.passes(minutes=1)
    assert luc.mails == [invited, mail]
    box.comes(calendar_answer(uid, "DECLINED", luc.address, own_id="<c2@example.org>", replies_to=invited.id))
    await world.mail.port.look_in()
    await world.passes(minutes=1)
    assert luc.mails[-1].first != mail.first
    assert len(luc.mails) == 3


async def test_an_answer_of_which_nobody_knows_who_sent_it_is_asked_about(
    world: World, box: MailboxServer
) -> None:
    await with_mailbox(world, box, checks="mx.alliance.example.org")
    number = await planned(world)
    luc = await world.mail.person("Luc", "mecatech")
    person, uid = await person_of(world, luc), (await event_of(world, number)).uid
    await answers(world, number, "going", luc)

    async def answered(checked: str, own_id: str) -> str:
        box.comes(calendar_answer(uid, "DECLINED", luc.address, checked=checked, own_id=own_id))
        await world.mail.port.look_in()
        await world.passes(minutes=1)
        found = await world.storage.read(lambda store: store.rsvps.get(number, person))
        assert found is not None
        return found.state

    assert await answered("mx.evil.test; dmarc=pass", "<e1@evil.test>") == "going"
    mail = await luc.reads_mail()
    before = len(luc.mails)
    assert mail.lines[:3] == [
        "A calendar answered in your name: Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels",
        "It says: Can't. I couldn't see that it was yours, so nothing has changed.",
        "Which is it?",
    ]
    assert list(mail.links)[:4] == ["Going", "Maybe", "Can't", "Open it"]
    assert await answered("", "<e2@evil.test>") == "going"
    assert await answered("mx.alliance.example.org; dmarc=fail", "<e3@evil.test>") == "going"
    assert len(luc.mails) == before  # once a day
    page = await luc.presses(mail.links["Can't"], "Can't")
    assert "You're not going any more: Green hydrogen 101" in page.text
    await answers(world, number, "going", luc)
    passed = "mx.alliance.example.org; dkim=pass; dmarc=pass header.from=members.example.org"
    assert await answered(passed, "<c9@members.example.org>") == "withdrawn"
    await world.passes(days=1)
    before = len(luc.mails)
    assert await answered("", "<e4@evil.test>") == "withdrawn"  # it is so already: there is nothing to ask
    assert len(luc.mails) == before


async def test_whose_calendar_is_nobodys(world: World, box: MailboxServer) -> None:
    await with_mailbox(world, box)
    uid = (await event_of(world, await planned(world))).uid
    luc, ana = await world.mail.person("Luc", "mecatech"), await world.mail.person("Ana", "pool-net")
    await tells(world, ana, "All is well.")
    theirs = (await ana.reads_mail()).id
    for raw in (
        calendar_answer(uid, "ACCEPTED", "eve@example.org"),
        calendar_answer("another@x", "ACCEPTED", luc.address),
        calendar_answer(uid, "ACCEPTED", luc.address, replies_to=theirs),
        letter_from(luc.address, "I'm away until Monday.", "Auto-Submitted: auto-replied\n"),
    ):
        box.comes(raw)
    before = await world.received()
    assert await world.mail.port.look_in() == 0
    assert (await world.received(), luc.mails) == (before, [])
    assert not any(one.seen for one in box.mails)


@pytest.mark.parametrize("marks", [True, False])
async def test_what_people_write_stays_unread(world: World, marks: bool) -> None:
    box = MailboxServer(marks=marks)
    await box.start()
    try:
        await with_mailbox(world, box)
        for number in range(AT_ONCE + 2):
            box.comes(letter_from("ana@example.org", f"Please call me, {number}."))
        for _ in range(3):
            assert await world.mail.port.look_in() == 0
        assert not any(one.seen for one in box.mails)
        assert len(box.fetched) == len(set(box.fetched)) == AT_ONCE + 2  # each is looked at once
    finally:
        await world.stop_bot()
        await box.stop()


class Pipe:
    """An inbox that keeps what comes, and answers as it is told."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.told: list[Any] = []
        self.broken = False

    async def receive(self, incoming: Any) -> Answer:
        if self.broken:
            raise ConnectionError("no database")
        self.came.append(incoming)
        return Answer(Message("Nobody is to read this."))

    def given(self, incoming: Any, post: Any = None) -> None:
        self.told.append((incoming, post))

    def left(self, incoming: Any) -> None: ...


async def test_what_comes_back_is_of_the_account_that_it_went_to(world: World, box: MailboxServer) -> None:
    await with_mailbox(world, box)
    luc = await world.mail.person("Luc", "mecatech")
    await tells(world, luc, "All is well.")
    sent = (await luc.reads_mail()).id
    pipe = Pipe()
    await world.mail.port.connect(pipe)
    box.comes(not_delivered(sent, own_id="<d1@mx.test>", to=luc.address))
    box.comes(not_delivered("<guessed@alliance.example.org>", own_id="<d2@mx.test>", to=luc.address))
    box.comes(complaint(sent))
    box.comes(not_delivered(sent, "5.1.8", own_id="<d3@mx.test>", to=luc.address))  # it is our own trouble
    box.comes(not_delivered(sent, own_id="<d4@mx.test>", to="eve@example.org"))  # they passed it on
    assert await world.mail.port.look_in() == 3
    account = Account("email", "", luc.address, "Luc")
    hard = Call(
        "bounce:<d1@mx.test>", account, Place("email", "", luc.address), world.clock.now(),
        command="mail bounced", arguments={"kind": "hard", "says": "5.1.1 550 5.1.1 No such user"},
    )  # fmt: skip
    wanted = replace(hard, event="bounce:<f1@provider.test>", arguments={"kind": "complaint", "says": ""})
    says = {"kind": "soft", "says": "5.1.1 550 5.1.1 No such user"}
    soft = replace(hard, event="bounce:<d4@mx.test>", arguments=says)
    assert pipe.came == [hard, wanted, soft]
    assert pipe.told == [
        (hard, None),
        (wanted, None),
        (soft, None),
    ]  # nobody waits for an answer, and none is mailed
    assert len(luc.mails) == 1


async def test_what_cannot_be_recorded_is_looked_at_again(world: World, box: MailboxServer) -> None:
    await with_mailbox(world, box)
    luc = await world.mail.person("Luc", "mecatech")
    await tells(world, luc, "All is well.")
    kept = box.comes(not_delivered((await luc.reads_mail()).id))
    broken = box.comes(b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n\xff\xfe\0")
    pipe = Pipe()
    await world.mail.port.connect(pipe)
    pipe.broken = True
    assert await world.mail.port.look_in() == 0
    assert (kept.seen, kept.marked, broken.seen, broken.marked) == (False, False, False, True)
    pipe.broken = False
    box.hangs_up_at = "UID STORE"  # recorded, and then the line breaks
    with pytest.raises((OSError, imaplib.IMAP4.error)):
        await world.mail.port.look_in()
    assert (kept.seen, len(pipe.came)) == (False, 1)
    assert await world.mail.port.look_in() == 1
    assert kept.seen
    assert {call.event for call in pipe.came} == {"bounce:<d1@mx.test>"}


async def test_only_who_leads_looks_in(world: World, box: MailboxServer) -> None:
    await with_mailbox(world, box)
    assert box.sittings == 0
    world.mail.port.lead(True)
    await until_looked(box, 2)
    world.mail.port.lead(False)
    await world.stop_bot()
    seen = box.sittings
    await world.start_bot()
    await until_looked(box, seen + 1)
    await world.stop_bot()


async def until_looked(box: MailboxServer, times: int) -> None:
    """Wait until the mailbox was opened so often."""
    async with asyncio.timeout(10):
        while box.sittings < times:
            await asyncio.sleep(0.005)
