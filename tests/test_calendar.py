"""Events in people's own calendars: a file for one, a link for all of somebody's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.dispatch.surroundings import context_for
from bot.events.feeds import own_calendar, public_calendar
from bot.handlers.events.calendar import calendar_file
from bot.messages import Call, Place
from tests.calendar_reading import occasions, read_back
from tests.events_stage import START, answers, planned
from tests.world import World

WEB = "https://bot.alliance.example"
LINK = "https://meet.example/h2"
OWN = re.compile(rf"{WEB}/calendar/([a-z2-7]{{32}})\.ics")


def reached(world: World, web: str = WEB) -> None:
    """The web side is reached at that address from now on."""
    world.dispatch._around = replace(world.dispatch._around, public_url=web)


def own_link(text: str) -> str:
    """The link to somebody's own calendar that stands there."""
    found = OWN.search(text)
    assert found, text
    return found[0]


async def calendar_at(world: World, link: str) -> Any:
    """What stands in the calendar at that link now, None if it leads nowhere."""
    found = OWN.fullmatch(link)
    assert found, link

    def look(store: Any) -> str | None:
        person = store.calendar_links.person_of(found[1])
        return None if person is None else own_calendar(store, person, world.clock.now())

    text = await world.storage.read(look)
    return None if text is None else read_back(text)


async def test_an_event_goes_into_the_calendar_with_its_link_for_those_who_go(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await planned(world, link=LINK, where="Rue de la Loi 1", repeats="weekly", times=3)
    await answers(world, 1, "going", ana)

    await ana.types("/rsvp 1")
    heard = await ana.taps("To my calendar")

    assert heard.text.split("\n")[:3] == [
        "Green hydrogen 101 for your calendar: Tue 8 Dec, 14:00 in Lisbon (15:00 CET).",
        "All 3 sessions are in the file.",
        "The link to the meeting is in it.",
    ]
    assert heard.buttons == ["Open it"]
    read = read_back(ana.file("event-1.ics").text)
    assert (read.method.value, read.vevent.status.value) == ("PUBLISH", "CONFIRMED")
    assert [start for start, _ in occasions(read.vevent)] == [
        START,
        datetime(2026, 12, 15, 14, tzinfo=UTC),
        datetime(2026, 12, 22, 14, tzinfo=UTC),
    ]
    assert read.vevent.url.value == LINK


async def test_who_hosts_reads_the_link_without_an_answer(world: World) -> None:
    ana, zoe = await world.member("Ana", "pool-net"), await world.member("Zoe", "cimes")
    await planned(world, link=LINK)

    assert read_back(await file_for(world, ana, 1)).vevent.url.value == LINK
    assert LINK not in await file_for(world, zoe, 1)


async def test_a_cancelled_event_is_taken_out_of_the_calendar(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    await planned(world, by=ana, link=LINK)
    await answers(world, 1, "maybe", luc)
    before = await file_for(world, luc, 1)
    await ana.types("/event cancel 1")
    await ana.taps("Yes, cancel it")
    await world.passes(minutes=5)
    await luc.taps("Out of my calendar")

    assert luc.reads().lines == ["Green hydrogen 101 was cancelled. This file takes it out of your calendar."]
    after = luc.file("event-1.ics").text
    old, new = read_back(before).vevent, read_back(after).vevent
    assert (old.status.value, new.status.value) == ("TENTATIVE", "CANCELLED")
    assert (old.uid.value, int(old.sequence.value) + 1) == (new.uid.value, int(new.sequence.value))
    assert "METHOD:CANCEL" in after


async def test_a_link_of_ones_own_is_shown_once_and_follows_the_answers(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    reached(world)
    await planned(world, link=LINK)

    heard = await ana.types("/calendar")

    assert heard.first == "Your own calendar link, shown this once:"
    assert heard.buttons == ["New link", "End it"]
    assert f"{WEB}/calendar/public.ics" in heard.text
    link = own_link(heard.text)
    assert not hasattr(await calendar_at(world, link), "vevent")
    await answers(world, 1, "going", ana)
    assert (await calendar_at(world, link)).vevent.url.value == LINK

    heard = await ana.types("/calendar")
    assert heard.first == (
        "Your calendar link stands since Tue 24 Nov. I keep no copy, so I can't show it again."
    )
    assert not OWN.search(heard.text)

    heard = await ana.taps("New link")
    assert heard.first == "Your new calendar link, shown this once. The one before leads nowhere now."
    new = own_link(heard.text)
    assert await calendar_at(world, link) is None
    assert (await calendar_at(world, new)).vevent.summary.value == "Green hydrogen 101"

    heard = await ana.taps("End it")
    assert heard.lines == [
        "Your calendar link has ended. Calendars that follow it stop there; your answers stay."
    ]
    assert await calendar_at(world, new) is None
    assert (await ana.types("/calendar")).first == "Your own calendar link, shown this once:"


async def test_nobody_else_reads_a_link(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    reached(world)
    hall = world.group("hall", ana, luc)

    heard = await ana.types("/calendar", hall)

    if world.platform == "telegram":
        assert heard.lines == ["Let's go on with calendar in our own chat, where nobody else reads along."]
        link = (await ana.user.taps(heard.raw, "Go on in private")).opened
        await ana.user.opens(link)
        heard = ana.reads()
    assert OWN.search(heard.text)
    assert not [one for one in luc.user.sees(hall) if OWN.search(getattr(one, "words", "") or one.text)]


async def test_a_file_asked_for_in_a_group_comes_to_the_direct_chat(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    await planned(world, link=LINK)
    hall = world.group("hall", ana, luc)
    await answers(world, 1, "going", ana)
    await ana.types("/rsvp 1", hall)
    heard = await ana.taps("To my calendar")
    said_where = "You find the file in our direct chat." in heard.lines
    assert said_where is (world.platform == "slack")  # elsewhere the answer itself went there
    assert LINK in ana.file("event-1.ics").text
    assert luc.files() == []


async def test_without_an_address_of_ours_it_is_a_file(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    assert (await ana.types("/calendar")).lines == [
        "Nothing for your calendar yet: you go to no event that's coming up."
    ]
    await planned(world)
    await planned(world, title="LCA clinic", audience="public")
    await answers(world, 1, "going", ana)
    await answers(world, 2, "maybe", ana)

    heard = await ana.types("/calendar")

    assert heard.text.split("\n")[:2] == [
        "Your 2 events are in this file, ready for your calendar.",
        "It doesn't follow changes: I have no web address yet for a link that would.",
    ]
    read = read_back(ana.file("my-events.ics").text)
    found = [(one.summary.value, one.status.value) for one in read.vevent_list]
    assert found == [("Green hydrogen 101", "CONFIRMED"), ("LCA clinic", "TENTATIVE")]
    public = await world.storage.read(lambda store: public_calendar(store, world.clock.now()))
    assert [one.summary.value for one in read_back(public).vevent_list] == ["LCA clinic"]


async def file_for(world: World, who: Any, number: int) -> str:
    """The file that somebody gets for an event when they tap for it now."""

    def give(store: Any) -> str:
        call = Call("tap", who.account, Place("", "", ""), world.clock.now())
        file = calendar_file(context_for(world.dispatch._around, call, store), number).file
        assert file is not None
        return file.text

    return await world.storage.read(give)
