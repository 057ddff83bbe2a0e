"""What was mended in the newsletter for its readers: who reads what, how they leave, and what a correction, a
pause and a stop mean for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.context import Context
from bot.jobs.forgetting import tidy_up
from bot.newsletter.archive import public_edition
from bot.newsletter.correcting import consent_of
from bot.newsletter.subscribing import asked, confirmed, ended
from bot.people import addresses
from bot.rules.newsletter.values import Subscription
from storage.store import Storage, Store
from tests.assembly_stage import acting, in_house
from tests.attention_stage import calm
from tests.newsletter_stage import (
    DRAFT,
    SEND,
    asks,
    by_mail,
    edition_of,
    filled,
    it_is,
    messages_of,
    news_hall,
    subscribed,
    told,
)
from tests.world import World

__all__ = ["calm"]  # a fixture

TITLE = "Green Manufacturing News, January 2027"
SATURDAY_NIGHT = datetime(2027, 1, 9, 22, 30, tzinfo=UTC)
SECRET = "Our plans for spring · Pool-Net"


@pytest.fixture
async def mailed(sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on one platform, with e-mail beside it: what a mail says depends on neither."""
    storage = Storage(sqlite_url)
    async with World("slack", storage, mail=True) as world:
        yield world
    storage.close_now()


async def out(world: World, *, mail: bool = True) -> tuple[Any, Any]:
    """An edition that went out to Marie; Vera looks after it. Without `mail`, mails wait."""
    vera = await world.member("Vera", "", "coordinator")
    marie = await world.member("Marie", "cimes")
    await subscribed(world, marie)
    await filled(world, marie)
    await it_is(world, DRAFT)
    if not mail:
        world.mail.port.ready = lambda: False
    await it_is(world, SEND)
    return vera, marie


async def test_a_group_reads_what_anybody_may(world: World) -> None:
    _, marie = await out(world)
    press = world.group("Suppliers and press", marie)
    heard = await marie.types("/edition 1", press)
    if world.platform == "telegram":
        assert SECRET not in heard.lines
        assert heard.lines[-1] == "1 item more is for members, in our own chat."
    else:
        assert SECRET in heard.lines, "only she sees the answer"
    readers = await news_hall(marie)
    heard = await marie.types("/edition 1", readers)
    assert SECRET in heard.lines
    heard = await marie.types("/edition 1")
    assert SECRET in heard.lines


async def test_who_read_it_by_mail_before_leaves_by_one_tap(mailed: World) -> None:
    marie = await mailed.member("Marie", "cimes")
    account = await by_mail(mailed, "marie@example.org")
    await mailed.storage.write(lambda store: joins(store, account, marie))
    heard = await marie.types("/newsletter")
    assert "You get it." in heard.lines
    await marie.taps("Topics")
    heard = await marie.taps("European policy")
    assert heard.first == "You read about European policy, and what is for everybody."
    heard = await marie.types("/unsubscribe")
    assert heard.first == "✓ You get no more Green Manufacturing News, on no platform."
    assert await asks(mailed, lambda store: store.subscriptions.on()) == ()

    await subscribed(mailed, marie)
    again = await mailed.storage.write(lambda store: begins_again(store, account, mailed.clock.now()))
    await mailed.storage.write(lambda store: ended(store, again.word, "asked", mailed.clock.now()))
    assert await asks(mailed, lambda store: store.subscriptions.on()) == (), "one click ends all of it"


def joins(store: Store, account: int, who: Any) -> None:
    """The mail account is known as theirs from now on."""
    person = store.accounts.identify(who.account).person
    assert person is not None
    store.accounts.attach(account, person.id)


def begins_again(store: Store, account: int, now: datetime) -> Subscription:
    """The mail account's own subscription is on, beside that of its person."""
    own = store.subscriptions.of_account(account)
    assert own is not None
    return store.subscriptions.write(Subscription(account=account, state="on", asked_at=now, since=now))


async def test_an_address_is_asked_twice_in_a_month_and_never_after_a_complaint(mailed: World) -> None:
    ben = mailed.mail.reader("Ben", "ben@example.org")
    for _ in range(4):
        await mailed.storage.write(lambda store: asked(store, ben.address, "en", (), mailed.clock.now()))
        await mailed.settled()
        mailed.clock.pass_(hours=1, minutes=1)
    assert len(ben.mails) == 2
    account = await asks(mailed, lambda store: store.accounts.identify(ben.account).account_id)
    assert account is not None
    mailed.clock.pass_(days=30)
    await in_house(mailed, lambda ctx: tidy_up(ctx, ctx.now))
    kept = await asks(mailed, lambda store: store.subscriptions.of_account(account))
    assert kept is None, "nobody said yes in four weeks"
    await mailed.storage.write(lambda store: asked(store, ben.address, "en", (), mailed.clock.now()))
    await mailed.settled()
    assert len(ben.mails) == 3

    now = mailed.clock.now()
    on = await mailed.storage.write(lambda store: confirmed(store, account, now))
    assert on is not None
    await mailed.storage.write(lambda store: addresses.complained(store, account, now))
    mailed.clock.pass_(days=40)
    await mailed.storage.write(lambda store: asked(store, ben.address, "en", (), mailed.clock.now()))
    await mailed.settled()
    assert len(ben.mails) == 3
    left = await asks(mailed, lambda store: store.subscriptions.get(on.id))
    assert left is not None
    assert (left.state, left.why) == ("ended", "complained")


async def test_who_left_has_left_until_they_say_yes(mailed: World) -> None:
    marie = await mailed.member("Marie", "cimes")
    mails = await mailed.mail.address_of(marie, preferred=False)
    await subscribed(mailed, marie)
    await marie.types("/unsubscribe")

    def own(ctx: Context) -> Subscription:
        found = ctx.store.subscriptions.of_person(acting(ctx, marie).person.id)
        assert found is not None
        return found

    before = await in_house(mailed, own)
    await mailed.storage.write(lambda store: asked(store, mails.address, "en", (), mailed.clock.now()))
    after = await in_house(mailed, own)
    assert (after.state, after.ended_at, after.why) == ("asked", before.ended_at, "asked")
    mailed.clock.pass_(days=30)
    await in_house(mailed, lambda ctx: tidy_up(ctx, ctx.now))
    assert (await in_house(mailed, own)).state == "ended", "who never answered has still left"


async def test_by_mail_is_not_here(mailed: World) -> None:
    marie = await mailed.member("Marie", "cimes")
    await mailed.mail.address_of(marie)
    heard = await marie.types("/subscribe")
    assert heard.first == "✓ You get Green Manufacturing News from now on, by mail."


async def test_a_correction_of_what_is_for_members_stays_with_them(mailed: World) -> None:
    ben = mailed.mail.reader("Ben", "ben@example.org")
    await by_mail(mailed, ben.address)
    vera, marie = await out(mailed)
    wrong = "Our plans for spring: we close the Riga plant in May."
    heard = await vera.types(f"/newsletter correct 1 {wrong}")
    assert heard.lines[2:] == [
        "Members only will read it, for some of the items are for members only.",
        "Should the 1 who got it be told, too?",
    ]
    assert heard.buttons == ["Tell everybody", "Only the archive", "Make it public", "Cancel"]
    heard = await vera.taps("Make it public")
    assert heard.lines[2:] == [
        "Everybody will read it, on the web too.",
        "Should the 2 who got it be told, too? 1 of them by mail.",
    ]
    await vera.taps("Members only")
    heard = await vera.taps("Tell everybody")
    assert heard.lines[-1] == "1 reader or chat is told."
    await mailed.settled()
    assert marie.reads().lines[1] == wrong
    assert ben.mails[-1].subject == TITLE
    page = await asks(mailed, lambda store: public_edition(store, "2027-01"))
    assert page is not None
    assert (page.notes, page.updated_at) == ((), SEND)
    heard = await marie.types("/edition 1")
    assert f"Correction, Tue 5 Jan: {wrong}" in heard.lines


async def test_whom_a_correction_is_for_follows_what_it_names(world: World) -> None:
    await out(world)
    edition = await edition_of(world)
    assert consent_of(edition, "The guide is free.", "") == "public"
    assert consent_of(edition, "It is on 12 January.", "") == "members", "it names none"
    assert consent_of(edition, "The guide and our plans are free.", "") == "members"
    assert consent_of(edition, "It is on 12 January.", "public") == "public"


async def test_who_gets_the_edition_later_reads_its_correction_in_it(mailed: World) -> None:
    ben = mailed.mail.reader("Ben", "ben@example.org")
    await by_mail(mailed, ben.address)
    ready = mailed.mail.port.ready
    vera, _ = await out(mailed, mail=False)
    await vera.types("/newsletter correct 1 The guide is free since 12 January.")
    await vera.taps("Tell everybody")
    mailed.mail.port.ready = ready
    await mailed.passes(hours=1)
    assert ben.mails[-1].subject == TITLE
    assert "Correction, Tue 5 Jan: The guide is free since 12 January." in ben.mails[-1].lines


async def test_a_correction_waits_for_working_hours(calm: World) -> None:
    world = calm
    luc = await world.member("Luc", "mecatech")
    hall = await news_hall(luc)
    vera, marie = await out(world)
    await it_is(world, SATURDAY_NIGHT)
    await vera.types("/newsletter correct 1 The guide is free since 12 January.")
    heard = await vera.taps("Tell everybody")
    assert heard.lines[-1] == "2 readers and chats are told."
    await world.settled()
    first = f"A correction to {TITLE}:"
    assert first not in [one.first for one in told(marie)]
    if world.platform == "telegram":
        assert [one.silent for one in luc.posts(hall)[-1:]] == [True], "it makes no sound at night"
    notes = await asks(world, lambda store: store.deliveries.of_batch("edition:1:note:1"))
    assert sorted((one.place is not None, one.state) for one in notes) == [(False, "queued"), (True, "sent")]
    await it_is(world, datetime(2027, 1, 11, 7, 50, tzinfo=UTC))
    assert first in [one.first for one in told(marie)]


async def test_what_came_up_while_it_was_held_goes_once_it_is_not(mailed: World) -> None:
    ben = mailed.mail.reader("Ben", "ben@example.org")
    await by_mail(mailed, ben.address)
    ready = mailed.mail.port.ready
    vera, _ = await out(mailed, mail=False)
    now = mailed.clock.now()
    one = await mailed.storage.write(lambda store: store.deliveries.claim(now, "email"))
    assert one is not None
    await vera.types("/newsletter")
    await vera.taps("Open it")
    await vera.taps("Pause")
    soon = now + timedelta(seconds=2)
    await mailed.storage.write(lambda store: store.deliveries.later(one.id, soon, "421 busy"))
    mailed.mail.port.ready = ready
    await mailed.passes(minutes=5)
    assert TITLE not in [mail.subject for mail in ben.mails]
    await vera.taps("Send the rest")
    await mailed.passes(minutes=5)
    assert ben.mails[-1].subject == TITLE
    assert (await asks(mailed, lambda store: store.deliveries.tally("edition:1"))).sent == 2


async def test_who_got_one_that_was_stopped_on_its_way_still_reads_it(mailed: World) -> None:
    ben = mailed.mail.reader("Ben", "ben@example.org")
    await by_mail(mailed, ben.address)
    vera, marie = await out(mailed, mail=False)
    await vera.types("/newsletter")
    await vera.taps("Open it")
    [shown] = [one for one in told(vera) if one.first.startswith("The newsletter goes out")]
    heard = await vera.taps("Stop it")
    assert heard.lines[-1] == "1 has it already; nobody else gets it."
    assert heard.buttons == ["Newsletter"], "some have read it: it isn't made again"
    heard = await marie.taps("Read it here")
    assert heard.lines[1] == "Sent Tue 5 Jan, and stopped on its way: not everybody has it."
    found = await ben.follows("https://bot.example.org/newsletter/2027-01")
    assert found.status == 200
    assert "This edition was stopped on its way: not everybody has it." in found.text
    found = await ben.follows("https://bot.example.org/newsletter")
    assert TITLE not in found.links
    await vera.types("/newsletter correct 1 The guide costs 10 euro.")
    heard = await vera.taps("Tell everybody")
    assert heard.lines[-1] == "1 reader or chat is told."
    heard = await vera.taps("Open it", on=shown.raw)
    assert "Stopped on its way: 1 of 2 have it." in heard.lines
    assert "Make one anyway" not in heard.buttons
    assert "Correct" in heard.buttons


async def test_what_may_have_arrived_is_told_once(mailed: World) -> None:
    ben = mailed.mail.reader("Ben", "ben@example.org")
    vera = await mailed.member("Vera", "", "coordinator")
    marie = await mailed.member("Marie", "cimes")
    await by_mail(mailed, ben.address)
    await filled(mailed, marie)
    await mailed.passes(days=7)
    mailed.mail.port.ready = lambda: False
    await it_is(mailed, DRAFT)
    await it_is(mailed, SEND)
    now = mailed.clock.now()
    one = await mailed.storage.write(lambda store: store.deliveries.claim(now, "email"))
    assert one is not None
    await vera.types("/newsletter")
    await vera.taps("Open it")
    heard = await vera.taps("Stop it")
    assert heard.lines[-1] == "It may reach 1 just now; nobody else gets it."
    assert await asks(mailed, lambda store: store.news.waiting()) == ()
    await mailed.storage.write(lambda store: store.deliveries.failed(one.id, "refused", now))
    await vera.types("/newsletter")
    heard = await vera.taps("Make one now")
    assert heard.first == "✓ Here is the draft.", "it did not arrive after all"
    assert len((await edition_of(mailed, 2)).items) == 3
    assert [one.state for one in await messages_of(mailed)] == ["failed"]
