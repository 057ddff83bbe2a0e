"""The line for a seat: who moves up, what is held for whom, the last two hours (engagement.md section 1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.context import Context
from bot.events.organising import reschedule
from bot.events.promoting import promote
from bot.events.standing import found_event
from bot.rules.rsvp.values import Rsvp
from tests.assembly_stage import in_house, slack_world
from tests.events_stage import START, answers, event_of, it_is, people, planned, rsvp_of
from tests.lanes_stage import read_by
from tests.places_stage import on_telegram, stage
from tests.world import World

__all__ = ["slack_world", "stage"]  # fixtures

DAY = timedelta(days=1)
TITLE = "LCA clinic"
AT = "Tue 8 Dec, 15:00 in Paris"
WHY = "You get this because you answered this event."


async def states(world: World, number: int, *who: Any) -> list[str]:
    found = [await rsvp_of(world, number, one) for one in who]
    return [one.state if one else "" for one in found]


async def test_who_waits_gets_the_seat_that_becomes_free(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    ana, jan = await world.member("Ana", "pool-net"), await world.member("Jan", "evoluma")
    number = await planned(world, title=TITLE, capacity=2, link="https://meet.example.org/lca")
    await answers(world, number, "going", luc, ana)

    heard = await marie.types("/rsvp 1 yes")
    assert heard.lines == [
        "All 2 seats of LCA clinic are taken. You're first in line.",
        "If one frees up it's yours and I'll tell you. Nothing to do.",
    ]
    assert heard.buttons == ["Leave the line"]
    assert (await jan.types("/rsvp 1 yes")).first == (
        "All 2 seats of LCA clinic are taken. You're number 2 in line."
    )
    assert (await jan.types("/rsvp 1 yes")).first == (
        "You're already in line for LCA clinic, Tue 8 Dec, 15:00 in Warsaw. You're number 2 in line."
    )

    heard = await luc.types("/rsvp 1 no")
    assert heard.lines == [
        f"You're not going any more: LCA clinic, {AT.replace('Paris', 'Brussels')}.",
        "Your seat is free for others now. Thank you for telling me.",
    ]
    await world.settled()
    assert marie.reads().lines == [
        f"A seat is free: you're going to LCA clinic, {AT}.",
        "Link: https://meet.example.org/lca",
        WHY,
    ]
    assert marie.reads().buttons == ["To my calendar", "I can't any more", "Later", "Stop these"]
    assert await states(world, number, marie, jan, luc) == ["going", "waitlisted", "withdrawn"]

    heard = await jan.taps("Leave the line")  # which says "number 2", and is by now the first
    assert heard.first == "You're out of the line: LCA clinic, Tue 8 Dec, 15:00 in Warsaw."
    heard = await jan.taps("Going after all")
    assert heard.first == "All 2 seats of LCA clinic are taken. You're first in line."
    await marie.taps("I can't any more")
    await world.settled()
    assert jan.reads().first == "A seat is free: you're going to LCA clinic, Tue 8 Dec, 15:00 in Warsaw."


async def test_a_tap_to_leave_the_line_keeps_a_seat_got_meanwhile(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    number = await planned(world, title=TITLE, capacity=1)
    await answers(world, number, "going", luc)
    await marie.types("/rsvp 1 yes")
    line = marie.reads()
    assert line.lines[0] == "The one seat of LCA clinic is taken. You're first in line."
    await answers(world, number, "no", luc)

    heard = await marie.taps("Leave the line", on=line.raw)
    assert heard.first == f"You're already going: LCA clinic, {AT}."
    assert await states(world, number, marie) == ["going"]


async def test_a_seat_is_held_for_an_answer_and_then_goes_on(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    ana = await world.member("Ana", "pool-net")
    number = await planned(world, title=TITLE, capacity=1, mode="offer", where="Rue de la Loi 1")
    [dana] = await people(world, 1)
    await answers(world, number, "going", dana)
    heard = await ana.types("/rsvp 1 yes")
    assert heard.lines[1] == "If one frees up I'll hold it for you and ask. Nothing to do."
    for one in (marie, luc):
        world.clock.pass_(minutes=1)
        await answers(world, number, "going", one)

    await answers(world, number, "no", dana)
    assert ana.reads().lines == [
        "A seat is free at LCA clinic, Tue 8 Dec, 14:00 in Lisbon (15:00 CET).",
        "It's held for you until Thu 26 Nov, 14:32 in Lisbon.",
        WHY,
    ]
    assert ana.reads().buttons == ["Take it", "Pass", "Later", "Stop these"]
    assert (await luc.types("/rsvp 1 yes")).first.startswith("You're already in line for LCA clinic")
    heard = await ana.taps("Pass")
    assert heard.lines[0] == "You passed on the seat: LCA clinic, Tue 8 Dec, 14:00 in Lisbon (15:00 CET)."

    await world.settled()
    assert marie.reads().first == f"A seat is free at LCA clinic, {AT}."
    offer = marie.reads()
    await world.passes(days=4)
    assert await states(world, number, marie, luc) == ["waitlisted", "offered"]
    assert marie.reads().lines == [
        "The seat at LCA clinic was held for you until Thu 26 Nov, 15:32 in Paris.",
        "It went to the next. You're first in line.",
        WHY,
    ]
    heard = await luc.taps("Take it")
    assert heard.first == f"You're going: LCA clinic, {AT.replace('Paris', 'Brussels')}."
    heard = await marie.taps("Take it", on=offer.raw)
    assert heard.lines[0] == "Somebody was faster: that seat at LCA clinic is taken. You're first in line."
    assert (await marie.taps("Leave the line")).first == f"You're out of the line: LCA clinic, {AT}."


async def test_a_seat_held_twice_in_vain_ends_the_wait(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    number = await planned(world, title=TITLE, capacity=1, mode="offer")
    [dana] = await people(world, 1)
    await answers(world, number, "going", dana, marie)
    await answers(world, number, "no", dana)

    await world.passes(days=6)
    assert await states(world, number, marie) == ["offered"]
    assert [line for line in read_by(marie) if line.startswith(("A seat", "The seat"))] == [
        f"A seat is free at LCA clinic, {AT}.",
        f"A seat is free at LCA clinic, {AT}.",
    ]
    assert marie.reads().lines[1] == "It's held for you until Tue 1 Dec, 11:00 in Paris."
    await world.passes(days=2)
    assert await states(world, number, marie) == ["withdrawn"]
    assert marie.reads().lines == [
        "The seat at LCA clinic was held for you a second time, until Tue 1 Dec, 11:00 in Paris.",
        "You're out of the line now. Going puts you back.",
        WHY,
    ]
    assert (await marie.taps("Going")).first == f"You're going: LCA clinic, {AT}."


async def moves(world: World, number: int, **fields: Any) -> None:
    def move(ctx: Context) -> None:
        event = found_event(ctx, number, lock=True)
        reschedule(ctx, event, replace(event, **fields))

    await in_house(world, move)
    await world.settled()


async def test_after_a_move_an_unconfirmed_seat_goes_to_the_line_a_day_before(slack_world: World) -> None:
    world = slack_world
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    jan = await world.member("Jan", "evoluma")
    number = await planned(world, title=TITLE, capacity=2)
    for one in (luc, jan, marie):
        world.clock.pass_(minutes=1)
        await answers(world, number, "going", one)
    moved = START + 2 * DAY
    await moves(world, number, starts_at=moved)

    heard = await jan.types("/rsvp 1")
    assert heard.first == "You're going: LCA clinic, Thu 10 Dec, 15:00 in Warsaw."
    assert heard.buttons == ["Still coming", "To my calendar", "Can't make it"]
    assert "⏳ Still coming? 1 LCA clinic, Thu 10 Dec, 15:00 in Warsaw" in (await jan.types("/rsvp")).lines
    await jan.types("/rsvp 1")
    heard = await jan.taps("Still coming")
    assert heard.first == ("Thank you, your seat stays yours: LCA clinic, Thu 10 Dec, 15:00 in Warsaw.")

    await it_is(world, moved - DAY - timedelta(minutes=1))
    assert await states(world, number, luc, jan, marie) == ["going", "going", "waitlisted"]
    await it_is(world, moved - DAY)
    await world.settled()
    assert await states(world, number, luc, jan, marie) == ["waitlisted", "going", "going"]
    assert luc.reads().lines == [
        "LCA clinic was moved to Thu 10 Dec, 15:00 in Brussels, and others wait for a seat.",
        "Yours wasn't confirmed yet, so it went to the next. You're first in line.",
        WHY,
    ]
    assert marie.reads().first == "A seat is free: you're going to LCA clinic, Thu 10 Dec, 15:00 in Paris."
    assert (await event_of(world, number)).released_at == moved - DAY


async def test_nobody_loses_a_seat_without_a_line_or_before_they_could_read_of_it(slack_world: World) -> None:
    world = slack_world
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    number = await planned(world, title=TITLE, capacity=1)
    await answers(world, number, "going", luc)
    await moves(world, number, starts_at=START + DAY)
    await it_is(world, START)
    assert await states(world, number, luc) == ["going"]

    world.clock.at = START - timedelta(hours=20)  # a Monday evening
    second = await planned(world, title="Late", capacity=1, starts_at=START + timedelta(hours=5))
    await answers(world, second, "going", luc, marie)
    await moves(world, second, starts_at=START + timedelta(hours=3))  # they are asked on Tuesday morning
    await it_is(world, START - timedelta(hours=2))
    assert await states(world, second, luc, marie) == ["going", "waitlisted"]


async def test_two_hours_before_the_start_the_first_tap_gets_a_seat(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    jan, ana = await world.member("Jan", "evoluma"), await world.member("Ana", "pool-net")
    number = await planned(world, title=TITLE, capacity=1)
    for one in (luc, marie, jan):
        world.clock.pass_(minutes=1)
        await answers(world, number, "going", one)

    await it_is(world, START - timedelta(hours=2))
    await world.settled()
    assert marie.reads().lines == [
        f"All seats of LCA clinic are taken, and it starts {AT}.",
        "A seat may still come free. Then I'll tell the line, and the first tap gets it.",
        "You get this because you wait in line for a seat.",
    ]
    assert marie.reads().buttons == ["Leave the line", "Later", "Stop these"]
    assert (await ana.types("/rsvp 1 yes")).lines == [
        "The one seat of LCA clinic is taken. You're number 3 in line.",
        "When a seat is free I'll tell the line, and the first tap gets it.",
    ]

    world.clock.pass_(minutes=5)
    await luc.types("/rsvp 1 no")
    await world.settled()
    assert await states(world, number, marie, jan) == ["waitlisted", "waitlisted"]
    for somebody, city in ((marie, "15:00 in Paris"), (jan, "15:00 in Warsaw")):
        assert somebody.reads().lines[:2] == [
            f"A seat is free at LCA clinic, Tue 8 Dec, {city}.",
            "It starts soon, so the first tap gets it.",
        ]
        assert somebody.reads().buttons == ["Take a seat", "Leave the line", "Later", "Stop these"]
    assert (await jan.taps("Take a seat")).first == "You're going: LCA clinic, Tue 8 Dec, 15:00 in Warsaw."
    heard = await marie.taps("Take a seat")
    assert heard.lines == [
        "Somebody was faster: that seat at LCA clinic is taken. You're first in line.",
        "When the next one is free, I'll tell you.",
    ]
    await world.passes(hours=1)
    told = [line for line in read_by(ana) if line.startswith("A seat is free")]
    assert told == ["A seat is free at LCA clinic, Tue 8 Dec, 14:00 in Lisbon (15:00 CET)."]


@on_telegram
async def test_a_seat_that_comes_free_at_night_makes_no_sound(stage: World) -> None:
    marie, luc = await stage.member("Marie", "cimes"), await stage.member("Luc", "mecatech")
    number = await planned(stage, title=TITLE, capacity=1)
    for hours in (0, 12):  # half past ten in the morning, and in the evening
        stage.clock.pass_(hours=hours)
        await answers(stage, number, "going", luc, marie)
        await answers(stage, number, "no", luc)
        assert marie.reads().first == f"A seat is free: you're going to LCA clinic, {AT}."
        assert marie.reads().raw.silent == bool(hours)
        await answers(stage, number, "no", marie)


async def test_parties_and_caps_are_kept_and_more_seats_let_the_line_in(slack_world: World) -> None:
    world = slack_world
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    luc = await world.member("Luc", "mecatech")
    number = await planned(world, title=TITLE, capacity=4, per_organisation=2)

    heard = await marie.types("/rsvp 1 yes seats 2")
    assert heard.first == f"You're going with 2 seats: LCA clinic, {AT}."
    heard = await paul.types("/rsvp 1 yes")
    assert heard.first == "All 2 seats of LCA clinic for CIMES are taken. You're first in line."
    heard = await luc.types("/rsvp 1 yes seats 3")
    assert heard.lines[:2] == [
        "3 seats are more than LCA clinic has for you, so nothing has changed.",
        "It has 2 seats for you at most.",
    ]
    heard = await marie.types("/rsvp 1 yes seats 1")
    assert heard.first == f"You're going: LCA clinic, {AT}."
    await world.settled()
    assert paul.reads().first == f"A seat is free: you're going to LCA clinic, {AT}."
    heard = await marie.types("/rsvp 1 yes seats 2")
    assert heard.lines[:2] == [
        "2 seats of LCA clinic aren't free, so nothing has changed.",
        "You can have one seat now.",
    ]

    crowd = await people(world, 4, ("emc2", "evoluma"))
    await answers(world, number, "going", *crowd)
    assert await states(world, number, *crowd) == ["going", "going", "waitlisted", "waitlisted"]

    def lowered(ctx: Context) -> tuple[Rsvp, ...]:
        event = found_event(ctx, number, lock=True)
        return promote(ctx, ctx.store.events.write(replace(event, capacity=1)))

    def raised(ctx: Context) -> tuple[Rsvp, ...]:
        event = found_event(ctx, number, lock=True)
        return promote(ctx, ctx.store.events.write(replace(event, capacity=5)))

    assert await in_house(world, lowered) == ()
    await answers(world, number, "no", crowd[0])
    assert await states(world, number, *crowd) == ["withdrawn", "going", "waitlisted", "waitlisted"]
    world.clock.pass_(minutes=1)
    heard = await luc.types("/rsvp 1 yes")
    assert heard.first == "No seat of LCA clinic is free for you yet. You're number 3 in line."
    assert [one.state for one in await in_house(world, raised)] == ["going", "going"]
    assert await states(world, number, crowd[2], crowd[3], luc) == ["going", "going", "waitlisted"]


async def test_an_event_ends_and_those_who_came_are_asked_the_day_after(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    marie = await world.member("Marie", "cimes")
    evening = datetime(2026, 12, 8, 18, tzinfo=UTC)
    number = await planned(world, title=TITLE, by=ana, starts_at=evening, capacity=2)
    await answers(world, number, "going", luc, marie)

    def came(ctx: Context) -> None:
        for own in ctx.store.rsvps.of_event(number, ("going",))[:1]:
            ctx.store.rsvps.write(replace(own, state="attended", said="going", method="ticked"))

    await in_house(world, came)
    await it_is(world, evening + timedelta(hours=1))
    await world.settled()
    assert (await event_of(world, number)).ended_at == evening + timedelta(hours=1)
    assert not [line for line in read_by(ana) if "is over" in line]  # it is evening for her
    await world.passes(hours=14)
    assert [line for line in read_by(ana) if "is over" in line] == ["LCA clinic is over."]
    assert (await event_of(world, number)).asked_at == datetime(2026, 12, 9, 9, tzinfo=UTC)
    asked = [[line for line in read_by(one) if "useful" in line] for one in (luc, marie)]
    assert asked == [["Was LCA clinic (Tue 8 Dec) useful?"], []]


CANNOT_CHANGE = """CREATE TRIGGER broken BEFORE UPDATE ON events WHEN NEW.number = 1
    BEGIN SELECT RAISE(ABORT, 'this row is broken'); END"""


async def test_what_breaks_at_one_event_stops_no_other(slack_world: World) -> None:
    world = slack_world

    first = await planned(world)
    second = await planned(world)
    await in_house(world, lambda ctx: ctx.store.events._connection.execute(text(CANNOT_CHANGE)))
    await it_is(world, START + timedelta(hours=1))
    ended = [(await event_of(world, one)).ended_at for one in (first, second)]
    assert ended == [None, START + timedelta(hours=1)]
