"""Lives of events from the first answer to the log, told by people who did not read the code: seats and the
line over weekends, holidays and the night the clocks change (engagement.md 1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.assembly_stage import slack_world
from tests.ended_events_stage import WORKING_DAY
from tests.events_stage import START, answers, card_of, events_hall, it_is, people, planned, rsvp_of
from tests.newsletter_stage import told
from tests.world import World

__all__ = ["slack_world"]  # a fixture

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TITLE = "Green hydrogen 101"
LINK = "https://meet.example.org/h2"
WHY = "You get this because you answered this event."


async def states(world: World, number: int, *who: Any) -> list[str]:
    """What stands for each of them."""
    found = [await rsvp_of(world, number, one) for one in who]
    return [one.state if one else "" for one in found]


async def shown(world: World, somebody: Any, hall: Any, title: str = TITLE) -> list[str]:
    """What the card says of seats and people, once it is current."""
    await world.passes(minutes=1)
    words = ("going", "Going:", "seat", "Over by", "in line")
    lines: list[str] = card_of(somebody, hall, title).lines
    return [line for line in lines if any(word in line for word in words)]


# ---- seats and the line ----


async def test_moved_over_the_night_the_clocks_change_a_seat_is_kept_until_a_day_before(world: World) -> None:
    """Sun 28 Mar 2027 has 23 hours: 24 hours before 15:00 CEST it is 14:00 CET."""
    world.clock.at = datetime(2027, 3, 16, 9, 30, tzinfo=UTC)
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    marie, jan = await world.member("Marie", "cimes"), await world.member("Jan", "evoluma")
    zane = await world.member("Zane", "green-tech", "member")
    hall = await events_hall(zane)
    number = await planned(
        world,
        by=ana,
        capacity=2,
        starts_at=datetime(2027, 3, 24, 14, tzinfo=UTC),
        where="Porto",
        mode="offer",
    )
    await answers(world, number, "going", luc, marie, jan)

    heard = await ana.types("/event move 1 to 28 March 2027 14:00")
    assert heard.lines[:3] == [
        f"Move {TITLE} to Sun 28 Mar, 14:00 in Lisbon (15:00 CEST)?",
        "Where: Porto",
        "Until now: Wed 24 Mar, 14:00 in Lisbon (15:00 CET).",
    ]
    assert heard.lines[-1] == "Those who go keep their seats, and are asked if they still come."
    await ana.taps("Move it")
    await world.settled()
    assert luc.reads().lines[:4] == [
        f"{TITLE} is moved: Sun 28 Mar, 15:00 in Brussels",
        "Where: Porto",
        "Until now: Wed 24 Mar, 15:00 in Brussels.",
        "Your seat is kept. Do you still come?",
    ]
    assert "You're still in line." in jan.reads().lines
    assert (await marie.taps("Still coming")).first == (
        f"Thank you, your seat stays yours: {TITLE}, Sun 28 Mar, 15:00 in Paris."
    )
    card = card_of(zane, hall)
    assert "Sun 28 Mar, 15:00 CEST · 13:00 UTC · 1 hour" in card.lines

    start = datetime(2027, 3, 28, 13, tzinfo=UTC)
    await it_is(world, start - DAY - timedelta(minutes=1))
    assert await states(world, number, luc, marie, jan) == ["going", "going", "waitlisted"]
    await it_is(world, start - DAY)
    await world.settled()
    assert await states(world, number, luc, marie, jan) == ["waitlisted", "going", "offered"]
    assert jan.reads().lines[:2] == [
        f"A seat is free at {TITLE}, Sun 28 Mar, 15:00 in Warsaw.",
        "It's held for you until Sun 28 Mar, 13:00 in Warsaw.",
    ]
    assert (await jan.taps("Take it")).first == f"You're going: {TITLE}, Sun 28 Mar, 15:00 in Warsaw."
    assert luc.reads().lines[1] == "Yours wasn't confirmed yet, so it went to the next. You're first in line."
    assert await shown(world, zane, hall) == [
        "2 going · 1 in line",
        "Going: Marie (CIMES) and Jan (EVOLUMA)",
        "All 2 seats are taken; Going puts you in line.",
    ]


async def test_an_offer_runs_out_twice_over_weekends_and_a_public_holiday(world: World) -> None:
    """Tue 8 Dec is a public holiday for Ana in Portugal and none for Luc in Belgium."""
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    start = datetime(2026, 12, 18, 14, tzinfo=UTC)
    number = await planned(
        world, title="Factory visit", capacity=1, mode="offer", where="Nantes", starts_at=start
    )
    [dana] = await people(world, 1)
    for one in (dana, ana, luc):
        world.clock.pass_(minutes=1)
        await answers(world, number, "going", one)
    await it_is(world, datetime(2026, 12, 4, 15, tzinfo=UTC))  # a Friday
    await answers(world, number, "no", dana)
    assert ana.reads().lines == [
        "A seat is free at Factory visit, Fri 18 Dec, 14:00 in Lisbon (15:00 CET).",
        "It's held for you until Thu 10 Dec, 10:30 in Lisbon.",
        WHY,
    ]
    assert (await ana.types("/rsvp")).lines[1] == (
        "⏳ Held for you until Thu 10 Dec, 10:30 in Lisbon: "
        "1 Factory visit, Fri 18 Dec, 14:00 in Lisbon (15:00 CET)"
    )
    assert await states(world, number, ana, luc) == ["offered", "waitlisted"]

    await it_is(world, datetime(2026, 12, 10, 10, 30, tzinfo=UTC))
    await world.settled()
    assert await states(world, number, ana, luc) == ["waitlisted", "offered"]
    assert [
        "The seat at Factory visit was held for you until Thu 10 Dec, 10:30 in Lisbon.",
        "It went to the next. You're first in line.",
        WHY,
    ] in [one.lines for one in told(ana)]
    assert any("It's held for you until Mon 14 Dec, 16:30 in Brussels." in one.lines for one in told(luc))
    await it_is(world, datetime(2026, 12, 14, 15, 30, tzinfo=UTC))
    await world.settled()
    assert any("It's held for you until Thu 17 Dec, 11:00 in Lisbon." in one.lines for one in told(ana))
    await it_is(world, datetime(2026, 12, 17, 11, tzinfo=UTC))
    await world.settled()
    assert await states(world, number, ana, luc) == ["withdrawn", "offered"]
    assert ana.reads().lines[:2] == [
        "The seat at Factory visit was held for you a second time, until Thu 17 Dec, 11:00 in Lisbon.",
        "You're out of the line now. Going puts you back.",
    ]
    # a third of the 27 hours that are left: six today, three tomorrow morning
    assert any("It's held for you until Fri 18 Dec, 11:30 in Brussels." in one.lines for one in told(luc))
    assert (await ana.taps("Going")).first == "The one seat of Factory visit is taken. You're first in line."
    assert (await luc.taps("Take it")).first == "You're going: Factory visit, Fri 18 Dec, 15:00 in Brussels."


async def test_the_last_two_hours_know_no_line_and_no_offer(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    marie, jan = await world.member("Marie", "cimes"), await world.member("Jan", "evoluma")
    number = await planned(
        world, title="Factory visit", capacity=1, mode="offer", where="Nantes", starts_at=WORKING_DAY
    )
    for one in (luc, marie, jan):
        world.clock.pass_(minutes=1)
        await answers(world, number, "going", one)
    await it_is(world, WORKING_DAY - 3 * HOUR)
    await answers(world, number, "no", luc)
    assert marie.reads().lines[1] == "It's held for you until Thu 10 Dec, 13:00 in Paris."
    offer = marie.reads()

    await it_is(world, WORKING_DAY - 2 * HOUR)
    await world.settled()
    assert await states(world, number, marie, jan) == ["waitlisted", "waitlisted"]
    for somebody, city in ((marie, "Paris"), (jan, "Warsaw")):
        assert somebody.reads().lines[:2] == [
            f"A seat is free at Factory visit, Thu 10 Dec, 15:00 in {city}.",
            "It starts soon, so the first tap gets it.",
        ]
    assert (await ana.types("/rsvp 1 yes")).first == (
        "You're going: Factory visit, Thu 10 Dec, 14:00 in Lisbon (15:00 CET)."
    )
    heard = await marie.taps("Take it", on=offer.raw)
    assert heard.first.startswith("Somebody was faster: that seat at Factory visit is taken.")
    assert (await jan.taps("Take a seat")).first.startswith("Somebody was faster")
    assert await states(world, number, ana, marie, jan) == ["going", "waitlisted", "waitlisted"]


async def test_fewer_seats_take_nobodys_away_and_more_let_the_line_in(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    paul, marie = await world.member("Paul", "cimes"), await world.member("Marie", "cimes")
    eva = await world.member("Eva", "emc2")
    hall = await events_hall(ana, luc)
    number = await planned(world, by=ana, capacity=4, per_organisation=1)
    for one in (luc, paul, marie, eva):
        world.clock.pass_(minutes=1)
        await answers(world, number, "going", one)
    assert await states(world, number, luc, paul, marie, eva) == ["going", "going", "waitlisted", "going"]
    assert (await marie.types("/rsvp 1")).first == (
        f"The one seat of {TITLE} for CIMES is taken. You're first in line."
    )
    assert await shown(world, luc, hall) == [
        "3 going · 1 in line",
        "Going: Luc (MecaTech), Paul (CIMES) and Eva (EMC2)",
        "1 of 4 seats are free.",
        "At most 1 seat for one organisation.",
    ]

    await ana.types("/event change 1 seats 1")
    assert (await shown(world, luc, hall))[2] == "Over by 2: nobody moves up meanwhile."
    heard = await luc.types("/rsvp 1 no")
    assert heard.first == f"You're not going any more: {TITLE}, Tue 8 Dec, 15:00 in Brussels."
    assert (await shown(world, luc, hall))[2] == "Over by 1: nobody moves up meanwhile."
    world.clock.pass_(minutes=1)
    assert (await luc.types("/rsvp 1 yes")).first.endswith("You're number 2 in line.")
    assert await states(world, number, paul, marie, eva, luc) == [
        "going", "waitlisted", "going", "waitlisted",
    ]  # fmt: skip

    heard = await ana.types("/event change 1 seats 3")
    assert heard.lines[1] == "1 person in line moves up and is told."
    assert await states(world, number, marie, luc) == ["waitlisted", "going"], "CIMES has its one seat"
    heard = await ana.types("/event change 1 seats 4 each 2")
    assert heard.lines[1] == "1 person in line moves up and is told."
    await world.settled()
    assert marie.reads().first == f"A seat is free: you're going to {TITLE}, Tue 8 Dec, 15:00 in Paris."
    assert await shown(world, luc, hall) == [
        "4 going",
        "Going: Paul (CIMES), Marie (CIMES), Eva (EMC2) and Luc (MecaTech)",
        "All 4 seats are taken; Going puts you in line.",
        "At most 2 seats for one organisation.",
    ]


async def test_who_leaves_the_alliance_leaves_their_seat_to_the_line(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    lena, marie = await world.member("Lena", "mecatech"), await world.member("Marie", "cimes")
    jan, zane = await world.member("Jan", "evoluma"), await world.member("Zane", "green-tech", "member")
    hall = await events_hall(zane)
    number = await planned(world, by=ana, capacity=1)
    for one in (luc, lena, marie, jan):
        world.clock.pass_(minutes=1)
        await answers(world, number, "going", one)

    for one in (lena, luc):  # who waits, and then who has the seat
        await one.types("/leave")
        await one.taps("Yes, leave")
    await world.settled()
    assert await states(world, number, marie, jan) == ["going", "waitlisted"]
    assert marie.reads().first == f"A seat is free: you're going to {TITLE}, Tue 8 Dec, 15:00 in Paris."
    assert await shown(world, zane, hall) == [
        "1 going · 2 can't · 1 in line",
        "Going: Marie (CIMES)",
        "The one seat is taken; Going puts you in line.",
    ]
    assert (await jan.types("/rsvp 1 yes")).first.endswith("You're first in line.")


# ---- a seat for several sessions ----


async def test_who_joined_one_session_can_give_back_the_seat_of_the_others(slack_world: World) -> None:
    world = slack_world
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    number = await planned(world, repeats="weekly", times=3, capacity=1, link=LINK)
    await answers(world, number, "going", luc, marie)
    await it_is(world, START + 2 * HOUR)
    await luc.types("/event 1")
    assert (await luc.taps("I joined")).first == f"✓ You're down as there: {TITLE}, Tue 8 Dec."
    await it_is(world, START + 3 * DAY)
    assert (await luc.types("/events")).lines[1].endswith("Tue 15 Dec, 15:00 in Brussels · ✓ you're going")
    assert (await luc.types("/event 1")).lines[-1] == "You're going. You're down as there on Tue 8 Dec."
    assert (await luc.types("/rsvp 1 yes")).lines == [
        f"You're already going: {TITLE}, Tue 15 Dec, 15:00 in Brussels.",
        "You're down as there on Tue 8 Dec.",
    ]

    heard = await luc.taps("Can't make it")
    assert heard.lines == [
        f"Your seat in the coming sessions of {TITLE} is free for others now.",
        "You're down as there on Tue 8 Dec.",
    ]
    await world.settled()
    assert await states(world, number, luc, marie) == ["attended", "going"]
    assert marie.reads().first.startswith(f"A seat is free: you're going to {TITLE}, Tue 15 Dec")
    assert (await luc.types("/rsvp 1 no")).first == (
        f"I already know that you can't come to the coming sessions of {TITLE}."
    )
    assert (await luc.types("/events")).lines[1].endswith("· you can't make it")
    shown = await luc.types("/event 1")
    assert "1 going" in shown.lines
    assert "Going: Marie (CIMES)" in shown.lines
    assert shown.lines[-1] == "You said that you can't make it. You're down as there on Tue 8 Dec."
    assert LINK not in shown.text

    assert (await luc.taps("Going after all")).first == (
        f"No seat of {TITLE} is free now, so nothing has changed."
    )
    await answers(world, number, "no", marie)
    assert (await luc.types("/rsvp 1 yes")).first == f"You're going: {TITLE}, Tue 15 Dec, 15:00 in Brussels."
    shown = await marie.types("/event 1")
    assert [line for line in shown.lines if "oing" in line][:2] == [
        "1 going · 1 can't",
        "Going: Luc (MecaTech)",
    ]


async def test_at_the_last_session_there_is_no_seat_to_give_back(slack_world: World) -> None:
    world = slack_world
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    number = await planned(world, repeats="weekly", times=2, capacity=1)
    await answers(world, number, "going", luc, marie)
    await it_is(world, START + 7 * DAY)
    await luc.types("/event 1")
    await luc.taps("I joined")
    assert "Can't make it" not in (await luc.types("/event 1")).buttons
    assert (await luc.types("/events")).lines[1].endswith("· ✓ you were there")
    assert (await luc.types("/rsvp 1 no")).lines == [f"You're down as there: {TITLE}, Tue 15 Dec."]
    assert await states(world, number, luc, marie) == ["attended", "waitlisted"]


async def test_a_series_moves_for_those_who_still_come_to_it(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    marie, jan = await world.member("Marie", "cimes"), await world.member("Jan", "evoluma")
    number = await planned(world, by=ana, repeats="weekly", times=4, capacity=2)
    await answers(world, number, "going", luc, marie, jan)
    await it_is(world, START + 2 * HOUR)
    for one in (luc, marie):
        await one.types("/event 1")
        await one.taps("I joined")
    await luc.types("/rsvp 1 no")
    before = luc.reads().lines
    await ana.types("/event move 1 times 3")
    await ana.taps("Move it")
    await world.settled()
    assert luc.reads().lines == before, "he comes to no other session"
    assert "You're still going. You can change that here." in marie.reads().lines
    assert marie.reads().buttons == ["Can't make it", "To my calendar", "Open it", "Later", "Stop these"]

    await answers(world, number, "going", ana)
    assert await states(world, number, jan, ana) == ["going", "waitlisted"]
    await marie.types("/leave")
    await marie.taps("Yes, leave")
    await world.settled()
    assert await states(world, number, jan, ana) == ["going", "going"], "her seat in those to come is free"


async def test_who_gave_back_their_seat_was_not_there_after_all(slack_world: World) -> None:
    world = slack_world
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    number = await planned(world, repeats="weekly", times=3, capacity=1)
    await answers(world, number, "going", luc, marie)
    await it_is(world, START + 2 * HOUR)
    await luc.types("/event 1")
    await luc.taps("I joined")
    await luc.types("/rsvp 1 no")
    await luc.types("/event 1")
    await luc.taps("I wasn't there")
    assert await states(world, number, luc, marie) == ["withdrawn", "going"]
    heard = await luc.types("/rsvp 1 yes")
    assert heard.first == f"The one seat of {TITLE} is taken. You're first in line."


async def test_a_series_that_changes_on_its_way_names_the_next_session(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, repeats="weekly", times=4)
    await answers(world, number, "going", luc)
    await it_is(world, START + 2 * DAY)
    heard = await ana.types("/event move 1 times 2")
    assert heard.first == f"Move {TITLE} to Tue 15 Dec, 14:00 in Lisbon (15:00 CET)?"
    assert (await ana.taps("Move it")).first == (
        f"✓ {TITLE} is moved: Tue 15 Dec, 14:00 in Lisbon (15:00 CET)."
    )
    await world.settled()
    assert luc.reads().lines[:3] == [
        f"{TITLE} is moved: Tue 15 Dec, 15:00 in Brussels",
        "1 hour · every week, 2 times",
        "Until now: Tue 15 Dec, 15:00 in Brussels, 1 hour · every week, 4 times.",
    ]
    await ana.types("/event move 1 in Room 4")
    await ana.taps("Move it")
    await world.settled()
    assert luc.reads().lines[1] == "Where: Room 4"
    assert not [line for line in luc.reads().lines if line.startswith("Until now")]


# ---- what nobody says any more ----


async def test_nobody_is_in_line_for_what_is_over(slack_world: World) -> None:
    world = slack_world
    luc, jan = await world.member("Luc", "mecatech"), await world.member("Jan", "evoluma")
    await answers(world, await planned(world, capacity=2), "going", luc, party=2)
    await answers(world, 1, "going", jan)
    await answers(world, await planned(world, title="Factory visit", mode="offer"), "maybe", jan)
    await it_is(world, START + HOUR)
    assert (await luc.types("/event 1")).lines[-1] == "It's over."
    assert (await jan.types("/event 1")).lines[-1] == "It's over."
    assert (await jan.types("/event 2")).lines[-1] == "It's over."
    past = (await jan.types("/events past")).text
    assert not [words for words in ("line", "maybe", "going") if words in past]
