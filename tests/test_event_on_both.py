"""One list behind two platforms: cards, replies, offers, an Assembly, a person on both (9.7)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.store import Storage
from tests.assembly_stage import in_house
from tests.both_platforms import Both, card_lines
from tests.events_stage import answers, events_hall, it_is, people, planned, rsvp_of
from tests.lanes_stage import read_by

TITLE = "Green hydrogen 101"
LINK = "https://meet.example.org/h2"
HEAD = [
    f"{TITLE} · webinar",
    "Tue 8 Dec, 15:00 CET · 14:00 UTC · 1 hour",
    "Link: for those who go",
    "Hosted by Pool-Net",
]
TALK = "Answer with a tap, or reply with yes, no or maybe."


@pytest.fixture
async def both(storage: Storage) -> AsyncIterator[Both]:
    """The alliance on both platforms; each test runs over both databases."""
    async with Both(storage) as both:
        yield both


async def linked(both: Both, name: str, organisation: str) -> tuple[Any, Any]:
    """Somebody with Slack and, linked to it, a phone with Telegram."""
    desk = await both.member(name, organisation, on="slack")
    phone = both.stranger(name, on="telegram")

    def link(store: Any) -> None:
        person = store.accounts.identify(desk.account).person
        store.accounts.attach(store.accounts.remember(phone.account, both.clock.now()), person.id)

    await both.storage.write(link)
    return desk, phone


async def state_of(both: Both, number: int, who: Any) -> str:
    """What stands for somebody."""
    found = await rsvp_of(both, number, who)
    return found.state if found else ""


async def on_cards(both: Both, *places: tuple[Any, Any]) -> list[str]:
    """What stands on the event's card, the same wherever it stands."""
    await both.settled()
    await both.passes(minutes=1)
    first, *others = (card_lines(somebody, hall, TITLE) for somebody, hall in places)
    for other in others:
        assert other == first
    assert [len(somebody.posts(hall)) for somebody, hall in places] == [1] * len(places)
    return first


async def test_cards_and_replies_on_both_are_one_list(both: Both) -> None:
    desk, phone = await linked(both, "Luc", "mecatech")
    marie = await both.member("Marie", "cimes", on="slack")
    ilze = await both.member("Ilze", "green-tech", on="telegram")
    jan = await both.member("Jan", "evoluma", on="telegram")
    channel, group = await events_hall(desk, marie), await events_hall(phone, ilze, jan)
    number = await planned(both, capacity=2, link=LINK)
    here, there = (desk, channel), (ilze, group)
    assert await on_cards(both, here, there) == [*HEAD, "2 of 2 seats are free.", TALK]

    await marie.says("I'm in", channel, reply_to=marie.finds(TITLE, channel))
    both.clock.pass_(minutes=1)
    await ilze.says("maybe", group, reply_to=ilze.finds(TITLE, group))
    await jan.says("lovely topic", group, reply_to=jan.finds(TITLE, group))
    await desk.says("yes", channel, reply_to=desk.finds(TITLE, channel))
    await phone.says("yes", group, reply_to=phone.finds(TITLE, group))
    assert await on_cards(both, here, there) == [
        *HEAD,
        "2 going · 1 maybe",
        "Going: Marie (CIMES) and Luc (MecaTech)",
        "All 2 seats are taken; Going puts you in line.",
        TALK,
    ]
    assert await rsvp_of(both, number, jan) is None

    heard = await ilze.taps("Going", on=ilze.finds(TITLE, group))
    assert heard.first == f"All 2 seats of {TITLE} are taken. You're first in line."
    await phone.says("can't make it", group, reply_to=phone.finds(TITLE, group))
    assert await on_cards(both, here, there) == [
        *HEAD,
        "2 going · 1 can't",
        "Going: Marie (CIMES) and Ilze (Green-Tech Cluster)",
        "All 2 seats are taken; Going puts you in line.",
        TALK,
    ]
    promoted = f"A seat is free: you're going to {TITLE}, Tue 8 Dec, 16:00 in Riga (15:00 CET)."
    assert read_by(ilze).count(promoted) == 1
    assert LINK not in "".join(desk.reads_on(one).text for one in desk.posts(channel))


async def test_an_offer_finds_its_person_on_one_platform_and_is_taken_on_the_other(both: Both) -> None:
    desk, phone = await linked(both, "Luc", "mecatech")
    ilze = await both.member("Ilze", "green-tech", on="telegram")
    [dana] = await people(both, 1, ["emc2"])
    number = await planned(both, capacity=1, mode="offer", where="Nantes")
    await answers(both, number, "going", dana)
    for one, somebody in enumerate((phone, ilze), start=1):
        both.clock.pass_(minutes=1)
        heard = await somebody.types("/rsvp 1 yes")
        assert heard.first.endswith("You're first in line." if one == 1 else "You're number 2 in line.")
    await answers(both, number, "no", dana)
    await both.settled()
    offer = f"A seat is free at {TITLE}, Tue 8 Dec, 15:00 in Brussels."
    told = [read_by(one).count(offer) for one in (desk, phone)]
    assert sorted(told) == [0, 1], "one message for one person"

    with_offer, other = (desk, phone) if told[0] else (phone, desk)
    heard = await other.types("/rsvp 1")
    assert heard.lines == [
        f"A seat is held for you: {TITLE}, Tue 8 Dec, 15:00 in Brussels.",
        "It's yours to take until Thu 26 Nov, 15:32 in Brussels.",
    ]
    heard = await other.taps("Take it")
    assert heard.first == f"You're going: {TITLE}, Tue 8 Dec, 15:00 in Brussels."
    heard = await with_offer.taps("Take it")
    assert heard.first == f"You're already going: {TITLE}, Tue 8 Dec, 15:00 in Brussels."
    await it_is(both, datetime(2026, 11, 27, 14, 32, tzinfo=UTC))
    assert await state_of(both, number, ilze) == "waitlisted"
    assert not [line for line in read_by(ilze) if line.startswith("A seat")]


async def test_all_at_once_on_both_for_the_last_seats(both: Both) -> None:
    homes = ("cimes", "emc2", "mecatech", "evoluma")
    slackers = [await both.member(f"S {home}", home, on="slack") for home in homes]
    others = [await both.member(f"T {home}", home, on="telegram") for home in homes]
    desk, phone = await linked(both, "Zane", "green-tech")
    channel, group = await events_hall(*slackers, desk), await events_hall(*others, phone)
    number = await planned(both, capacity=4, per_organisation=1)
    here, there = desk.finds(TITLE, channel), phone.finds(TITLE, group)
    await asyncio.gather(
        *(one.taps("Going", on=here) for one in (*slackers, desk)),
        *(one.taps("Going", on=there) for one in (*others, phone)),
    )
    lines = await on_cards(both, (desk, channel), (phone, group))
    assert "4 going · 5 in line" in lines
    taken, line = await in_house(
        both, lambda ctx: (ctx.store.rsvps.taken(number), ctx.store.rsvps.line(number))
    )
    assert (taken.total, max(taken.by_organisation.values()), len(line)) == (4, 1, 5)

    stay = (*others[2:], desk)
    waited = [one for one in stay if (await state_of(both, number, one)) == "waitlisted"]
    await asyncio.gather(
        *(one.taps("Can't", on=here) for one in slackers),
        *(one.taps("Can't", on=there) for one in others[:2]),
    )
    assert "3 going · 6 can't" in await on_cards(both, (desk, channel), (phone, group))
    assert [await state_of(both, number, one) for one in stay] == ["going"] * 3
    told = [one for one in (*stay, phone) for line in read_by(one) if line.startswith("A seat is free")]
    assert len(told) == len(waited), "each once, and who had a seat not at all"


async def test_a_general_assembly_is_announced_on_one_and_answered_on_both(both: Both) -> None:
    giulia = await both.member("Giulia", "clust-er-mech", on="slack")
    await both.grants(giulia, "coordinator", "")
    desk, phone = await linked(both, "Luc", "mecatech")
    ilze = await both.member("Ilze", "green-tech", on="telegram")
    channel, group = await events_hall(giulia), await events_hall(ilze)
    await giulia.types("/event new general-assembly Assembly of winter on 10 December 14:00 in Hotel Central")
    await giulia.taps("Tell everybody")
    await both.settled()
    called = "General Assembly: Thu 10 Dec, 14:00 in Brussels"
    assert sorted(read_by(one).count(called) for one in (desk, phone)) == [0, 1]
    assert "General Assembly: Thu 10 Dec, 15:00 in Riga (14:00 in Brussels)" in read_by(ilze)

    await desk.types("/rsvp 1 yes")
    await ilze.taps("Going", on=ilze.finds("Assembly of winter", group))
    assert (await phone.types("/rsvp 1 yes")).first == (
        "You're already going: Assembly of winter, Thu 10 Dec, 14:00 in Brussels."
    )
    await both.settled()
    await both.passes(minutes=1)
    cards = [card_lines(one, hall, "Assembly of winter") for one, hall in ((giulia, channel), (ilze, group))]
    assert cards[0] == cards[1]
    assert "Going: Luc (MecaTech) and Ilze (Green-Tech Cluster)" in cards[0]

    await giulia.types("/event move 1 to 11 December 14:00")
    await giulia.taps("Move it")
    await both.settled()
    moved = "The General Assembly is moved: Fri 11 Dec, 14:00 in Brussels"
    told = [line for one in (desk, phone) for line in read_by(one) if line.startswith(moved[:31])]
    assert [line.startswith(moved) for line in told] == [True]
    assert await state_of(both, 1, desk) == "going"

    await it_is(both, datetime(2026, 12, 11, 13, tzinfo=UTC) - timedelta(minutes=10))
    await both.passes(minutes=2)
    await ilze.taps("I joined", on=ilze.finds("Assembly of winter", group))
    found = await rsvp_of(both, 1, ilze)
    assert found is not None
    assert (found.state, found.method) == ("attended", "joined")
