"""Who came to an event and what counts because of it, what calendars show, and people from outside: told by
people who did not read the code (engagement.md 1, 5, 9.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from bot.charter.parts import Permission
from bot.events.feeds import own_calendar, public_calendar
from bot.templating import Templates
from tests.assembly_stage import acting, in_house, slack_world
from tests.calendar_reading import occasions, read_back
from tests.ended_events_stage import WORKING_DAY
from tests.events_stage import START, answers, card_of, event_of, events_hall, it_is, planned, rsvp_of
from tests.lanes_stage import read_by
from tests.test_event_life import DAY, HOUR, LINK, TITLE, shown, states
from tests.test_strangers import code_in
from tests.world import World

__all__ = ["slack_world"]  # a fixture

FILM = "https://example.org/film"


# ---- who came, and what counts ----


async def test_three_ways_to_have_come_and_a_webinar_that_counts_because_of_them(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    eva, marie = await world.member("Eva", "emc2"), await world.member("Marie", "cimes")
    jan = await world.member("Jan", "evoluma")
    await marie.types("/email marie@cimes.example")
    number = await planned(world, by=ana, link=LINK, starts_at=WORKING_DAY)
    await answers(world, number, "going", luc, eva, jan)
    await it_is(world, WORKING_DAY - timedelta(minutes=10))
    await luc.types("/event 1")
    assert (await luc.taps("I joined")).first == f"✓ You're down as there: {TITLE}, Thu 10 Dec."
    await it_is(world, WORKING_DAY + HOUR)
    await it_is(world, WORKING_DAY + 3 * HOUR)
    await world.settled()
    assert ana.reads().lines[1:4] == [
        "I'd log it as: webinar · Thu 10 Dec · Pool-Net",
        "People from MecaTech came.",
        "1 person is down as there so far.",
    ]

    await ana.types("/who came 1")
    assert (await ana.taps("Eva")).lines[1] == "Down as there: 2 of 3 on the list."
    heard = await ana.sends_table("t.csv", "Name,Email,Minutes\nM,marie@cimes.example,55\nZoe,,50\n")
    heard = await ana.taps("Yes, put them down")
    assert heard.first == f"✓ {TITLE}, Thu 10 Dec. Known by address, and down as there: 1 of 2 people."
    assert "1 person nobody here knows counts without a name." in heard.lines
    await ana.types("/who came 1")
    heard = await ana.taps("That's everybody")
    assert "That's everybody; 1 who said yes wasn't there." in heard.lines
    found = [await rsvp_of(world, number, one) for one in (luc, eva, marie, jan)]
    assert [(one.state, one.method) for one in found if one] == [
        ("attended", "joined"), ("attended", "ticked"), ("attended", "imported"), ("no_show", ""),
    ]  # fmt: skip

    heard = await ana.taps("Log it")
    assert heard.lines[:2] == [
        f"✓ Logged: {TITLE} · webinar · Thu 10 Dec · Pool-Net",
        "Knowledge exchange: 1 of 2 for 2026.",
    ]
    await world.settled()
    assert not [line for one in (luc, eva, marie) for line in read_by(one) if "took part" in line]
    assert (await jan.types("/event 1")).lines[-1] == "It's over; 4 people came."

    heard = await ana.types(f"/event share 1 {FILM}")
    assert heard.first == f"✓ Shared for {TITLE}: {FILM}"
    await it_is(world, datetime(2026, 12, 11, 9, tzinfo=UTC))
    await world.settled()
    shared, asked = f"The recording or slides of {TITLE} are here:", f"Was {TITLE} (Thu 10 Dec) useful?"
    assert [read_by(one).count(shared) for one in (luc, eva, marie, jan)] == [1, 1, 1, 1], "Jan had said yes"
    assert [read_by(one).count(asked) for one in (luc, eva, marie, jan)] == [1, 1, 1, 0], "Jan was not there"
    await luc.taps("A little")
    assert (await luc.taps("Tell colleagues")).first == f"✓ Noted for {TITLE}: Tell colleagues"
    await world.passes(days=3)
    assert not [line for line in read_by(luc) if "useful?" in line], "asked once, and answered in its place"


async def test_what_counts_only_by_who_came_counts_no_more_without_them(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, starts_at=WORKING_DAY)
    await answers(world, number, "going", luc)
    await it_is(world, WORKING_DAY + HOUR)
    await it_is(world, WORKING_DAY + 3 * HOUR)
    await ana.types("/who came 1")
    await ana.taps("Luc")
    await world.settled()
    logged = await ana.taps("Log it")
    assert "Knowledge exchange: 1 of 2 for 2026." in logged.lines
    assert figure(await luc.types("/indicators")) == "Knowledge exchange: 1 of 2"

    await ana.types("/who came 1")
    await ana.taps("✓ Luc")
    assert figure(await luc.types("/indicators")) == "Knowledge exchange: 0 of 2"
    await ana.types("/who came 1")
    heard = await ana.taps("Luc")
    assert heard.lines[-1] == "It counts now for Knowledge exchange: 1 of 2 for 2026."
    assert figure(await luc.types("/indicators")) == "Knowledge exchange: 1 of 2"
    await ana.taps("Undo", on=logged.raw)
    assert figure(await luc.types("/indicators")) == "Knowledge exchange: 0 of 2"
    assert (await event_of(world, number)).attendance_measured is False


async def test_a_cohost_that_had_no_part_is_no_host_of_the_event_either(slack_world: World) -> None:
    world = slack_world
    ana, marie = await world.member("Ana", "pool-net"), await world.member("Marie", "cimes")
    await planned(world, by=ana, hosts=("pool-net", "cimes"), starts_at=WORKING_DAY)
    await it_is(world, WORKING_DAY + HOUR)
    await it_is(world, WORKING_DAY + 3 * HOUR)
    await world.settled()
    await ana.taps("Log it")
    await world.settled()
    await marie.taps("Not us")
    assert "Hosted by Pool-Net" in (await ana.types("/event 1")).lines
    await marie.taps("We did after all")
    assert "Hosted by Pool-Net with CIMES" in (await ana.types("/event 1")).lines


async def test_when_all_came_nobody_is_counted_as_missing(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    await answers(world, await planned(world, by=ana), "going", luc)
    await it_is(world, START + HOUR)
    await ana.types("/who came 1")
    await ana.taps("Luc")
    heard = await ana.taps("That's everybody")
    assert "That's everybody; nobody is missing." in heard.lines
    assert "weren't there" not in heard.text


def figure(heard: Any) -> str:
    """What the first indicator's line says."""
    [line] = [line for line in heard.lines if line.startswith("Knowledge exchange")]
    return str(line).partition(" ·")[0].removesuffix(" ✓")


async def test_a_series_is_answered_once_and_counts_in_the_year_of_its_last_session(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    marie, zane = await world.member("Marie", "cimes"), await world.member("Zane", "green-tech", "member")
    hall = await events_hall(zane)
    first = datetime(2026, 12, 1, 14, tzinfo=UTC)
    hosts = ("pool-net", "cimes")
    number = await planned(
        world, by=ana, starts_at=first, repeats="weekly", times=6, hosts=hosts, capacity=1, link=LINK
    )
    heard = await luc.types("/rsvp 1 yes")
    assert heard.lines[1] == "One answer for all 6 sessions, the last on Tue 5 Jan 2027."
    await it_is(world, first + 15 * DAY)  # after the third
    assert await states(world, number, luc) == ["going"]
    assert "Tue 22 Dec, 15:00 CET · 14:00 UTC · 1 hour · every week, 6 times" in card_of(zane, hall).lines
    assert not [line for line in read_by(ana) if "is over" in line]
    assert (await luc.types("/events")).lines[1] == (
        f"1 · {TITLE} · webinar · Tue 22 Dec, 15:00 in Brussels · ✓ you're going"
    )

    await it_is(world, datetime(2027, 1, 5, 15, tzinfo=UTC))
    await it_is(world, datetime(2027, 1, 5, 17, tzinfo=UTC))
    await world.settled()
    assert ana.reads().lines[:2] == [
        f"{TITLE} is over.",
        "I'd log it as: webinar · Tue 5 Jan · Pool-Net with CIMES",
    ]
    assert "It would count for Knowledge exchange: 1 of 2 for 2027." in ana.reads().lines
    assert "Knowledge exchange: 1 of 2 for 2027." in (await ana.taps("Log it")).lines
    await world.settled()
    assert (await marie.taps("We did")).first.startswith(f"✓ Confirmed for CIMES: {TITLE}")
    assert len(await world.logged()) == 1
    assert figure(await luc.types("/indicators 2026")) == "Knowledge exchange: 0 of 2"
    assert figure(await luc.types("/indicators 2027")) == "Knowledge exchange: 1 of 2"


# ---- calendars, and people from outside ----


async def test_the_public_and_ones_own_calendar_after_each_step(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    marie = await world.member("Marie", "cimes")
    await planned(world, by=ana, audience="public", link=LINK, capacity=1)
    [public], mine = await entries(world), await entries(world, luc)
    assert (public.summary.value, public.sequence.value, mine) == (TITLE, "0", [])
    assert occasions(public) == [(START, START + HOUR)]

    await luc.types("/rsvp 1 yes")
    await marie.types("/rsvp 1 yes")
    assert [LINK in one.serialize() for one in await entries(world, luc)] == [True]
    assert [LINK in one.serialize() for one in await entries(world, marie)] == [False], "she is in line"
    await ana.types("/event move 1 to 11 December 10:00")
    await ana.taps("Move it")
    moved = datetime(2026, 12, 11, 10, tzinfo=UTC)
    for [one] in (await entries(world), await entries(world, luc)):
        assert (one.sequence.value, occasions(one)) == ("1", [(moved, moved + HOUR)])
        assert one.uid.value == public.uid.value
    await ana.types("/event change 1 title Hydrogen, plainly")
    assert [one.summary.value for one in await entries(world)] == ["Hydrogen, plainly"]
    assert [one.sequence.value for one in await entries(world)] == ["1"]

    await luc.types("/rsvp 1 no")
    assert await entries(world, luc) == []
    assert [LINK in one.serialize() for one in await entries(world, marie)] == [True], "the seat is hers"
    await ana.types("/event cancel 1")
    await ana.taps("Yes, cancel it")
    for [one] in (await entries(world), await entries(world, marie)):
        assert (one.status.value, one.sequence.value) == ("CANCELLED", "2")
        assert not [word for word in (LINK, "ATTENDEE", "Luc") if word in one.serialize()]


async def entries(world: World, somebody: Any = None) -> list[Any]:
    """What stands in somebody's calendar, or in the public one."""
    now = world.clock.now()

    def read(ctx: Any) -> str:
        if somebody is None:
            return public_calendar(ctx.store, now)
        return own_calendar(ctx.store, acting(ctx, somebody).person.id, now)

    return list(getattr(read_back(await in_house(world, read)), "vevent_list", []))


async def test_a_strangers_answer_meets_what_stands_when_they_are_in(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    rita, otto = world.stranger("Rita"), world.stranger("Otto")
    hall = await events_hall(ana, rita, otto)
    number = await planned(world, by=ana, capacity=1, link=LINK)
    card = card_of(rita, hall).raw
    for one in (rita, otto):
        await one.taps("Going", on=card)
        assert LINK not in (await one.types("/event 1")).text
    await answers(world, number, "going", luc)
    assert await shown(world, ana, hall) == [
        "1 going",
        "Going: Luc (MecaTech)",
        "The one seat is taken; Going puts you in line.",
    ]

    for one in (rita, otto):
        await one.says("hello")
        await one.taps("I have an invitation")
        await one.says(code_in(await ana.types("/invite")))
        await one.taps("Yes, that's me")
        if one is otto:
            await ana.types("/event cancel 1")
            await ana.taps("Yes, cancel it")
        heard = await one.taps("Continue")
        if one is rita:
            assert heard.first == f"The one seat of {TITLE} is taken. You're first in line."
    assert heard.first == f"{TITLE} on Tue 8 Dec was cancelled, so there is nothing to answer."
    assert await states(world, number, rita, otto) == ["waitlisted", ""]


async def test_who_may_not_organise_events_is_told_so_in_words(slack_world: World) -> None:
    ada = await slack_world.member("Ada", "", "advisor")
    heard = await ada.types(f"/event new webinar Hydrogen on 8 December 14:00 in {LINK}")
    assert "organising events" in heard.first


def test_every_permission_has_words() -> None:
    templates = Templates(Path(__file__).parents[1] / "templates")
    begins, wordless = "Your role here doesn't include ", set()
    for permission in get_args(Permission):
        said = templates.render("refusals/not_allowed", {"permission": permission}).replace("\\", "")
        assert said.startswith(begins)
        if said.removeprefix(begins).partition(", so I left it")[0] in ("", permission):
            wordless.add(permission)
    assert wordless == set()
