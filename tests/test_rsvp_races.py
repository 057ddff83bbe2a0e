"""Everybody answers at once: no seat is given twice, and nobody is lost (engagement.md section 1)."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from bot.messages import Answer, Call, Place
from tests.events_stage import ORGANISATIONS, planned
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
