"""Reminders of events, as people read them: to answer, to come, to decide, to log what took place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.context import Context
from bot.events.organising import cancel, reschedule
from bot.events.standing import found_event
from bot.jobs.event_reminders import event_reminders
from bot.people.duties import as_person, owed_by
from storage.deliveries import deliveries
from tests.assembly_stage import acting, in_house
from tests.attention_stage import calm
from tests.ended_events_stage import came_to
from tests.events_stage import START, answers, it_is, planned
from tests.lanes_stage import read_by
from tests.world import World

__all__ = ["calm"]  # a fixture

LINK = "https://meet.example.org/h2"
TITLE = "Green hydrogen 101"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TAIL = ["Later", "Stop these"]
TOMORROW_WHY = "You get this because you answered this event."
JOIN_WHY = "You get this because you said that you come."
LOG_WHY = "You get this because your organisation hosts this event."


def about(somebody: Any, *words: str) -> list[str]:
    """The first lines of all that somebody was told in which one of these words stands."""
    return [line for line in read_by(somebody) if any(word in line for word in words)]


def reminded(somebody: Any) -> list[str]:
    return about(somebody, "you're coming.", "is about to begin", "has begun", "Do you still come? ")


async def moves(world: World, number: int, **fields: Any) -> None:
    """The event is moved, by nobody whom it concerns."""

    def move(ctx: Context) -> None:
        event = found_event(ctx, number, lock=True)
        reschedule(ctx, event, replace(event, **fields))

    await in_house(world, move)
    await world.settled()


async def queued(world: World) -> int:
    """How many messages there are, sent or not."""
    count = select(func.count()).select_from(deliveries)
    return await world.storage.read(lambda store: int(store._connection.scalar(count) or 0))


async def owes(somebody: Any) -> dict[str, list[str]]:
    """What of events somebody owes, and the taps that settle it."""

    def look(ctx: Context) -> dict[str, list[str]]:
        own = as_person(ctx, acting(ctx, somebody).person.id)
        assert own is not None
        return {
            one.key: [tap.label for tap in one.buttons] for one in owed_by(own, "event decide", "event log")
        }

    return await in_house(somebody.world, look)


async def test_who_goes_is_reminded_the_day_before_and_given_the_link(world: World) -> None:
    await world.happens()
    ana, marie = await world.member("Ana", "pool-net"), await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    number = await planned(world, by=luc, link=LINK, where="Rue de la Loi 1")
    await answers(world, number, "going", ana, marie, luc)
    await it_is(world, START - DAY - MINUTE)
    assert reminded(ana) == []

    await it_is(world, START - DAY)
    heard = ana.reads()
    assert heard.lines == [
        "Green hydrogen 101 is on Tue 8 Dec, 14:00 in Lisbon (15:00 CET); you're coming.",
        "Where: Rue de la Loi 1",
        f"Link: {LINK}",
        TOMORROW_WHY,
    ]
    assert heard.buttons[:2] == ["To my calendar", "Can't make it"]
    assert marie.reads().first == "Green hydrogen 101 is on Tue 8 Dec, 15:00 in Paris; you're coming."
    heard = await marie.taps("Can't make it")
    assert heard.first == "You're not going any more: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris."

    await it_is(world, START - 15 * MINUTE)
    heard = ana.reads()
    assert heard.lines == [
        "Green hydrogen 101 is about to begin: Tue 8 Dec, 14:00 in Lisbon (15:00 CET).",
        f"Link: {LINK}",
        "Where: Rue de la Loi 1",
        JOIN_WHY,
    ]
    assert heard.buttons[:2] == ["I joined", "Can't make it"]
    assert reminded(marie) == []

    def again(ctx: Context) -> None:
        event_reminders(ctx, ctx.now)
        event_reminders(ctx, ctx.now)

    before = await queued(world)
    await in_house(world, again)
    await it_is(world, START + MINUTE)
    assert await queued(world) == before
    assert len(reminded(ana)) == len(reminded(luc)) == 2


async def test_who_has_not_answered_is_asked_once_more(world: World) -> None:
    await world.happens()
    ana = await world.member("Ana", "pool-net")
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    eva = await world.member("Eva", "emc2")
    starts = datetime(2026, 12, 10, 14, tzinfo=UTC)
    number = await planned(world, by=ana, invite=True, starts_at=starts, capacity=20)
    await answers(world, number, "maybe", luc)
    asked = "is on Thu 10 Dec"
    week = datetime(2026, 12, 3, 8, 30, tzinfo=UTC)  # half past nine in Paris
    await it_is(world, week - MINUTE)
    assert about(marie, asked) == []
    await eva.taps("Stop these")

    await it_is(world, week)
    heard = marie.reads()
    assert heard.lines == [
        "Green hydrogen 101 is on Thu 10 Dec, 15:00 in Paris.",
        "Pool-Net would like to know whether you come. I don't ask again.",
        "20 of 20 seats are free.",
        "You get this because you were invited and it's a week away.",
    ]
    assert heard.buttons[:4] == ["Going", "Maybe", "Can't", "Open it"]
    assert about(luc, asked) == about(ana, asked) == about(eva, asked) == []

    await moves(world, number, starts_at=starts + 7 * DAY)
    await it_is(world, week + 7 * DAY)
    await it_is(world, starts + 6 * DAY)
    assert len(about(marie, asked, "is on Thu 17 Dec")) == 1, "once, however often it moves"


async def test_who_said_maybe_is_asked_while_a_seat_is_left(world: World) -> None:
    await world.happens()
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    starts = datetime(2026, 12, 10, 14, tzinfo=UTC)
    free, full = [await planned(world, starts_at=starts, capacity=2, title=name) for name in ("Free", "Full")]
    await answers(world, free, "maybe", marie, luc)
    await answers(world, full, "maybe", marie)
    await it_is(world, starts - 3 * DAY - MINUTE)
    await answers(world, full, "going", luc, party=2)
    await answers(world, free, "no", luc)

    await it_is(world, starts - 3 * DAY)
    heard = marie.reads()
    assert heard.lines == [
        "You're down as maybe: Free, Thu 10 Dec, 15:00 in Paris.",
        "2 of 2 seats are free.",
        "Do you know by now?",
        "You get this because you answered maybe.",
    ]
    assert heard.buttons[:2] == ["Going", "Can't"]
    assert about(marie, "Full") == about(luc, "maybe") == []
    assert (await marie.taps("Going")).first == "You're going: Free, Thu 10 Dec, 15:00 in Paris."


async def test_the_host_is_given_the_log_three_times_at_most(world: World) -> None:
    await world.happens()
    ana, nuno = await world.member("Ana", "pool-net"), await world.member("Nuno", "pool-net")
    starts = datetime(2026, 12, 10, 14, tzinfo=UTC)
    await planned(world, by=ana, starts_at=starts)
    ended = starts + HOUR
    await it_is(world, ended)
    assert about(ana, "is over") == []
    await it_is(world, ended + 2 * HOUR)
    assert about(ana, "is over") == about(nuno, "is over") == ["Green hydrogen 101 is over."]
    await nuno.taps("Stop these")

    monday = datetime(2026, 12, 14, 8, 30, tzinfo=UTC)  # after the weekend, at half past eight in Lisbon
    await it_is(world, monday - MINUTE)
    assert about(ana, "isn't in the list") == []
    await it_is(world, monday)
    heard = ana.reads()
    assert heard.lines == [
        "Green hydrogen 101 isn't in the list of activities yet.",
        "I'd log it as: webinar · Thu 10 Dec · Pool-Net",
        LOG_WHY,
    ]
    assert heard.buttons[:3] == ["Log it", "Change it first", "Nothing to log"]
    await it_is(world, monday + 7 * DAY - MINUTE)
    await it_is(world, monday + 7 * DAY)
    assert ana.reads().lines[2:] == ["This is the last time I ask.", LOG_WHY]
    assert about(nuno, "isn't in the list") == []
    await world.passes(days=1)
    assert len(about(ana, "isn't in the list")) == 2


async def test_one_person_of_the_host_is_given_the_log_again(world: World) -> None:
    await world.happens()
    ana, nuno = await world.member("Ana", "pool-net", "member"), await world.member("Nuno", "pool-net")
    rui = await world.member("Rui", "pool-net", "cluster-manager")
    starts = datetime(2026, 12, 10, 14, tzinfo=UTC)
    await planned(world, by=ana, starts_at=starts)
    await it_is(world, starts + 3 * HOUR)
    monday = datetime(2026, 12, 14, 8, 30, tzinfo=UTC)
    await it_is(world, monday - MINUTE)
    await it_is(world, monday)
    everybody = (ana, nuno, rui)
    assert [len(about(one, "is over")) for one in everybody] == [1, 1, 1]
    assert [len(about(one, "isn't in the list")) for one in everybody] == [1, 0, 0], "who announced it"
    await ana.taps("Stop these")
    await it_is(world, monday + 7 * DAY - MINUTE)
    await it_is(world, monday + 7 * DAY)
    assert [len(about(one, "isn't in the list")) for one in everybody] == [1, 0, 1], "else the keeper"


@pytest.mark.parametrize("tap", ["Log it", "Nothing to log"])
async def test_once_that_is_done_nobody_is_asked_again(world: World, tap: str) -> None:
    await world.happens()
    ana, nuno = await world.member("Ana", "pool-net"), await world.member("Nuno", "pool-net")
    starts = datetime(2026, 12, 10, 14, tzinfo=UTC)
    await planned(world, by=ana, starts_at=starts)
    await it_is(world, starts + 3 * HOUR)
    monday = datetime(2026, 12, 14, 8, 30, tzinfo=UTC)
    await it_is(world, monday - MINUTE)  # it is on its way by now
    await ana.taps(tap)
    await it_is(world, monday)
    await it_is(world, monday + 7 * DAY - MINUTE)
    await it_is(world, monday + 7 * DAY)
    assert about(ana, "isn't in the list") == about(nuno, "isn't in the list") == []


async def test_what_was_moved_or_cancelled_is_reminded_of_as_it_is(world: World) -> None:
    await world.happens()
    marie = await world.member("Marie", "cimes")
    later, sooner, off = [await planned(world, title=name, link=LINK) for name in ("Later", "Sooner", "Off")]
    for number in (later, sooner, off):
        await answers(world, number, "going", marie)
    await it_is(world, START - DAY - MINUTE)  # all three are on their way
    await moves(world, later, starts_at=START + DAY)
    await moves(world, sooner, starts_at=START - 20 * HOUR)
    await in_house(world, lambda ctx: cancel(ctx, found_event(ctx, off, lock=True), "Too few"))
    await it_is(world, START - DAY)
    assert reminded(marie) == [], "of an earlier start they have just heard"

    await it_is(world, START - 20 * HOUR - 15 * MINUTE)
    await it_is(world, START)
    await it_is(world, START + DAY - 15 * MINUTE)
    assert reminded(marie) == [
        "Sooner is about to begin: Mon 7 Dec, 19:00 in Paris.",
        "Do you still come? Later is on Wed 9 Dec, 15:00 in Paris.",
        "Later is about to begin: Wed 9 Dec, 15:00 in Paris.",
    ]


async def test_each_session_of_a_series_is_reminded_of(world: World) -> None:
    await world.happens()
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    starts = datetime(2026, 12, 1, 14, tzinfo=UTC)
    number = await planned(world, starts_at=starts, repeats="weekly", times=3, where="Room 7")
    await answers(world, number, "going", marie, luc)
    await it_is(world, starts - DAY)
    assert marie.reads().lines == [
        "Green hydrogen 101 is on Tue 1 Dec, 15:00 in Paris; you're coming.",
        "It's session 1 of 3.",
        "Where: Room 7",
        TOMORROW_WHY,
    ]
    await came_to(world, number, marie, luc)
    await it_is(world, starts + 2 * HOUR)
    await answers(world, number, "no", luc)

    await it_is(world, starts + 6 * DAY - MINUTE)
    await it_is(world, starts + 6 * DAY)
    assert marie.reads().lines[:2] == [
        "Green hydrogen 101 is on Tue 8 Dec, 15:00 in Paris; you're coming.",
        "It's session 2 of 3.",
    ]
    await it_is(world, starts + 7 * DAY - 15 * MINUTE)
    assert about(marie, "about to begin") == [], "nobody joins a room by a link"
    assert len(reminded(luc)) == 1


async def test_at_short_notice_only_the_link_comes(world: World) -> None:
    await world.happens()
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await it_is(world, START - 2 * HOUR - MINUTE)
    number = await planned(world, invite=True, link=LINK)
    heard = await marie.types(f"/rsvp {number} yes")
    assert heard.lines[1] == f"Link: {LINK}", "at once, for whoever says yes"
    await answers(world, number, "maybe", luc)
    await it_is(world, START - HOUR + 5 * MINUTE)
    await it_is(world, START - 15 * MINUTE)
    assert reminded(marie) == ["Green hydrogen 101 is about to begin: Tue 8 Dec, 15:00 in Paris."]
    assert about(luc, "maybe:", "is on") == []
    await it_is(world, START - 5 * MINUTE)
    heard = await luc.types(f"/rsvp {number} yes")
    assert heard.lines[1] == f"Link: {LINK}"
    await it_is(world, START + 10 * MINUTE)
    assert reminded(luc) == [], "the link is in what they were answered"


async def test_after_an_outage_what_still_helps_is_said(world: World) -> None:
    await world.happens()
    marie = await world.member("Marie", "cimes")
    first = await planned(world, title="First")
    second = await planned(world, title="Second", link=LINK, starts_at=START + 6 * HOUR)
    await answers(world, first, "going", marie)
    await answers(world, second, "going", marie)
    await it_is(world, START - 2 * DAY)
    await world.stop_bot()
    world.clock.at = START + HOUR
    await world.start_bot()
    await it_is(world, START + HOUR)
    assert reminded(marie) == ["Second is on Tue 8 Dec, 21:00 in Paris; you're coming."]
    await it_is(world, START + 6 * HOUR + 20 * MINUTE)
    assert reminded(marie)[1:] == ["Second has begun: Tue 8 Dec, 21:00 in Paris."]


async def test_on_monday_at_eight_friday_reminds_and_the_link_comes_before_work(calm: World) -> None:
    await calm.happens()
    marie, zane = await calm.member("Marie", "cimes"), await calm.member("Zane", "green-tech")
    monday = datetime(2026, 12, 14, 7, tzinfo=UTC)
    number = await planned(calm, starts_at=monday, link=LINK)
    await answers(calm, number, "going", marie, zane)
    friday = datetime(2026, 12, 11, 16, 45, tzinfo=UTC)
    await it_is(calm, friday - HOUR - MINUTE)
    assert reminded(zane) == []
    await it_is(calm, friday - HOUR)  # a quarter to six in Riga
    assert reminded(zane) == [
        "Green hydrogen 101 is on Mon 14 Dec, 09:00 in Riga (08:00 CET); you're coming."
    ]
    assert reminded(marie) == []
    await it_is(calm, friday)
    assert reminded(marie) == ["Green hydrogen 101 is on Mon 14 Dec, 08:00 in Paris; you're coming."]
    await it_is(calm, monday - 15 * MINUTE)
    assert len(reminded(marie)) == len(reminded(zane)) == 2, "quiet hours or not: they chose it"


async def test_what_comes_together_is_one_message(calm: World) -> None:
    await calm.happens()
    ana, marie = await calm.member("Ana", "pool-net"), await calm.member("Marie", "cimes")
    thursday = datetime(2026, 12, 3, 8, 30, tzinfo=UTC)  # half past nine in Paris
    logged = thursday - 3 * DAY - HOUR
    await planned(calm, by=marie, hosts=("cimes",), title="Over", starts_at=logged)
    await planned(calm, by=ana, invite=True, title="Asked", starts_at=thursday + 7 * DAY)
    maybe = await planned(calm, by=ana, title="Perhaps", starts_at=thursday + 3 * DAY)
    await answers(calm, maybe, "maybe", marie)
    await it_is(calm, logged + 3 * HOUR)
    await it_is(calm, thursday - MINUTE)
    await it_is(calm, thursday)
    lines = marie.reads().text
    for line in (
        "Over, Mon 30 Nov, isn't logged for CIMES yet.",
        "Asked, Thu 10 Dec, 09:30 in Paris: do you go?",
        "Perhaps, Sun 6 Dec, 09:30 in Paris: you said maybe.",
    ):
        assert line in lines


async def test_what_waits_for_a_word_is_owed_until_it_is_said(world: World) -> None:
    await world.happens()
    ana, marie = await world.member("Ana", "pool-net"), await world.member("Marie", "cimes")
    number = await planned(world, by=ana, capacity=1)
    await answers(world, number, "maybe", marie)
    await it_is(world, START - 3 * DAY - MINUTE)
    assert await owes(marie) == {}
    await it_is(world, START - 3 * DAY)
    assert await owes(marie) == {"event decide:1:0": ["Going", "Can't"]}
    maybe = "Green hydrogen 101, Tue 8 Dec, 15:00 in Paris: you said maybe."
    assert maybe in (await marie.types("/todo")).text
    await answers(world, number, "going", ana)
    assert await owes(marie) == {}, "there is no seat any more"

    await it_is(world, START + 3 * HOUR)
    assert await owes(ana) == {"event log:1": ["Log it", "Change it first", "Nothing to log"]}
    assert "Green hydrogen 101, Tue 8 Dec, isn't logged for Pool-Net yet." in (await ana.types("/todo")).text
    assert await owes(marie) == {}
    await ana.taps("Nothing to log")
    assert await owes(ana) == {}
