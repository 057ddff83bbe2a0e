"""Mails that come back: no more go there, and the person is asked in chat, once."""

from __future__ import annotations

from tests.mail_world import comes_back, person_of
from tests.mail_world import world as world
from tests.world import World


async def test_a_mail_that_came_back_for_good_stops_the_address_and_chat_asks_for_another(
    world: World,
) -> None:
    marie = await world.member("Marie", "cimes")
    reader = await world.mail.address_of(marie, "marie@example.org")
    await comes_back(world, reader)
    await comes_back(world, reader)
    asked = marie.reads()
    assert asked.lines == [
        "Mails to marie@example.org don't arrive.",
        "They came back on Tue 24 Nov, so I send none there now.",
        "Do you have another address? Until then all comes here.",
        "You get this because you gave me this address.",
    ]
    assert asked.buttons == ["New address", "Try it again"]
    await marie.taps("Try it again")
    assert marie.reads().lines[:2] == [
        "✓ Mails go to marie@example.org again.",
        "marie@example.org: everything comes there",
    ]
    world.clock.pass_(hours=1)
    await comes_back(world, reader)
    assert marie.reads().first == "Mails to marie@example.org don't arrive."
    heard = await marie.types("/email")
    assert heard.first == "marie@example.org: mails don't arrive since Tue 24 Nov"
    await marie.taps("New address")
    heard = await marie.gives(address="marie@cimes.example")
    assert heard.first == "✓ marie@cimes.example is put down as yours."
    assert "marie@example.org" not in heard.text


async def test_three_in_a_row_that_did_not_arrive_for_now_are_enough(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    reader = await world.mail.address_of(marie, "marie@example.org")
    for _ in range(2):
        await comes_back(world, reader, "soft")
        world.clock.pass_(hours=1)
    assert (await marie.types("/email")).first == "marie@example.org: everything comes there"
    await comes_back(world, reader, "soft")
    assert (await marie.types("/email")).first.startswith("marie@example.org: mails don't arrive")


async def test_mails_that_did_not_arrive_now_and_then_are_no_row(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    reader = await world.mail.address_of(marie, "marie@example.org")
    for _ in range(4):
        await comes_back(world, reader, "soft")
        world.clock.pass_(days=15)
    assert (await marie.types("/email")).first == "marie@example.org: everything comes there"


async def test_whoever_reads_only_mail_is_missed_by_colleagues_and_the_coordinator(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    paul = await world.member("Paul", "cimes", "member")
    vera = await world.member("Vera", "", "coordinator")
    anna = await world.mail.person("Anna", "cimes")
    await comes_back(world, anna)
    for one in (marie, paul, vera):
        assert one.reads().lines == [
            "Mails to Anna (CIMES) don't arrive any more.",
            "Anna reads me only by mail, so nothing reaches them now.",
            "Do you know another address? A new invitation there brings them back in.",
        ]
    assert "Invite by mail" in vera.reads().buttons
    assert paul.reads().buttons == []
    await vera.taps("Invite by mail")
    heard = await vera.gives(to="anna@new.example")
    assert heard.first == "✓ An invitation is on its way to anna@new.example: CIMES, Representative."


async def test_a_complaint_ends_the_newsletter_and_all_comes_in_chat_again(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    reader = await world.mail.address_of(marie, "marie@example.org")
    await marie.types("/subscribe")
    before = len(marie.reads().lines)
    await comes_back(world, reader, "complaint")
    person = await person_of(world, marie)
    found = await world.storage.read(lambda store: store.subscriptions.of_person(person))
    assert found is not None
    assert (found.state, found.why) == ("ended", "complained")
    assert len(marie.reads().lines) == before, "nobody is written to about it"
    heard = await marie.types("/email")
    assert heard.first == "marie@example.org: no mails go there since Tue 24 Nov, as somebody there asked"
    accounts = await world.storage.read(lambda store: store.accounts.of_person(person))
    assert [one.account.platform for one in accounts] == [world.platform]
    await marie.taps("marie@example.org")
    await marie.taps("Everything")
    assert (await marie.types("/email")).first == "marie@example.org: everything comes there"


async def test_a_mailbox_that_the_server_does_not_know_is_asked_about_in_chat(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/email marie@nowhere.example")
    nobody = world.mail.reader("Marie", "marie@nowhere.example")
    await nobody.reads_mail()
    await comes_back(world, nobody)
    assert marie.reads().first == "Mails to marie@nowhere.example don't arrive."
    assert (await marie.types("/email")).first == "marie@nowhere.example: mails don't arrive since Tue 24 Nov"
