"""Everybody answers at once: no seat is given twice, and nobody is lost (engagement.md section 1)."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.events.organising import reschedule
from bot.events.seating import Answered, answer
from bot.events.settling import settle_event
from bot.events.standing import found_event
from bot.messages import Answer, Call, Place
from tests.assembly_stage import in_house
from tests.events_stage import ORGANISATIONS, START, answers, people, planned, rsvp_of
from tests.lanes_stage import read_by
from tests.world import World


async def test_thirty_tap_at_once_for_twenty_seats_and_five_go(world: World) -> None:
    crowd = [await world.member(f"P{at}", ORGANISATIONS[at % 7], "member") for at in range(30)]
    number = await planned(world, capacity=20)

    given = await asyncio.gather(*(taps(world, one, number, "going") for one in crowd))
    firsts = Counter(first(one).split(":")[0].split(" of")[0] for one in given)
    assert firsts == {"You're going": 20, "All 20 seats": 10}
    assert await held(world, number) == {"going": 20, "waitlisted": 10}

    going = [one for one, answer in zip(crowd, given, strict=True) if first(answer).startswith("You're g")]
    back = [one for one in crowd if one not in going]
    await asyncio.gather(
        *(taps(world, one, number, "no") for one in going[:5]),
        *(taps(world, one, number, "going", "again") for one in back),
    )
    assert await held(world, number) == {"going": 20, "waitlisted": 5, "withdrawn": 5}
    await world.settled()
    told = [line for one in crowd for line in read_by(one) if line.startswith("A seat is free")]
    assert len(told) == 5
    line = await world.storage.read(lambda store: store.rsvps.line(number))
    places = await world.storage.read(lambda store: [store.rsvps.position(one) for one in line])
    assert places == [1, 2, 3, 4, 5]


async def test_of_a_free_seat_and_ten_who_want_it_one_gets_it(world: World) -> None:
    crowd = [await world.member(f"P{at}", ORGANISATIONS[at % 7], "member") for at in range(10)]
    number = await planned(world, capacity=1, mode="offer")
    given = await asyncio.gather(*(taps(world, one, number, "going") for one in crowd))
    [got] = [one for one, answer in zip(crowd, given, strict=True) if first(answer).startswith("You're g")]

    await asyncio.gather(
        taps(world, got, number, "no"),
        *(taps(world, one, number, "maybe") for one in crowd[::2] if one != got),
    )
    states = await held(world, number)
    assert states["offered"] == 1
    assert sum(states.values()) == 10
    taken = await world.storage.read(lambda store: store.rsvps.taken(number))
    assert taken.total == 1


async def test_whoever_began_earlier_and_got_hold_of_the_event_later_stands_behind(world: World) -> None:
    number = await planned(world, capacity=1)
    first, ola, zoe, max_, eva = await people(world, 5)
    await answers(world, number, "going", first)

    def by_clocks(ctx: Context) -> list[Answered]:
        event = found_event(ctx, number, lock=True)
        moments = ((zoe, 9), (max_, 3), (ola, 9), (eva, 20))  # seconds after which each of them began
        later = ((one, replace(ctx, now=ctx.now + timedelta(seconds=after))) for one, after in moments)
        return [answer(mine, event, one, "going") for one, mine in later]

    given = await in_house(world, by_clocks)
    assert [one.position for one in given] == [1, 2, 3, 4]
    line = await world.storage.read(lambda store: store.rsvps.line(number))
    assert line == tuple(one.after for one in given)  # each where they were told to be
    assert [one.queued_at == one.answered_at for one in line] == [True, False, False, True]

    assert await answers(world, number, "going", max_) == [line[1]]  # the same tap again, by an earlier clock


async def test_who_goes_back_in_line_stands_behind_all_who_were_told_their_place(world: World) -> None:
    number = await planned(world, capacity=1, mode="offer")
    first, second, third = await people(world, 3)
    await answers(world, number, "going", first, second)
    await answers(world, number, "no", first)  # so that it is held for the second, until tomorrow
    world.clock.pass_(hours=1)
    [waits] = await answers(world, number, "going", third)
    sooner = world.clock.now() + timedelta(minutes=30)  # so that it was held until an hour and a half ago
    await moves(world, number, starts_at=sooner)
    await in_house(world, lambda ctx: settle_event(ctx, found_event(ctx, number, lock=True)))
    assert await line_of(world, number) == [third, second]
    assert (await rsvp_of(world, number, third)) == waits


async def test_a_seat_nobody_confirmed_goes_to_whoever_joined_by_a_clock_that_was_ahead(world: World) -> None:
    number = await planned(world, capacity=1)
    first, second = await people(world, 2)
    await answers(world, number, "going", first)
    await moves(world, number, starts_at=START + timedelta(days=2))
    release = START + timedelta(days=1)
    world.clock.at = release + timedelta(seconds=5)
    await answers(world, number, "going", second)

    def settled(ctx: Context) -> None:
        mine = replace(ctx, now=release + timedelta(seconds=2))
        settle_event(mine, found_event(mine, number, lock=True))

    await in_house(world, settled)
    assert await line_of(world, number) == [first]


async def moves(world: World, number: int, **fields: Any) -> None:
    """The event takes place at another time."""

    def move(ctx: Context) -> None:
        event = found_event(ctx, number, lock=True)
        reschedule(ctx, event, replace(event, **fields))

    await in_house(world, move)


async def line_of(world: World, number: int) -> list[int]:
    """Who waits, first in line first."""
    return [one.person for one in await world.storage.read(lambda store: store.rsvps.line(number))]


async def taps(world: World, who: Any, number: int, wish: str, again: str = "") -> Answer:
    """A tap in the direct chat, as it comes from the platform's port."""
    place = Place(world.platform, who.account.workspace, f"D{who.account.user}")
    given = {"event": str(number), "wish": wish}
    event = f"{who.name} {wish} {again}"
    return await world.dispatch.receive(
        Call(event, who.account, place, world.clock.now(), command="answer event", arguments=given)
    )


def first(answer: Answer) -> str:
    assert answer.message is not None
    return answer.message.text.splitlines()[0]


async def held(world: World, number: int) -> dict[str, int]:
    """How many persons are in each state."""
    counts = await world.storage.read(lambda store: store.rsvps.counts(number))
    return {str(state): persons for state, persons in counts.items()}
