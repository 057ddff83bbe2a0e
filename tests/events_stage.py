"""Events for tests: announced without the way there, answered without a word.

hall = await events_hall(ana)                                   # a group that shows events from now on
number = await planned(world, capacity=2, by=ana)               # Green hydrogen 101, Tue 8 Dec, 14:00 UTC
await answers(world, number, "going", marie, luc)               # as if they had tapped
crowd = await people(world, 30)                                 # persons in no chat, by number
event = await event_of(world, number)
await it_is(world, event.starts_at)                             # and whatever is due by then happens
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.context import Context
from bot.events.organising import announce, new_uid
from bot.events.seating import answer
from bot.events.standing import PURPOSE, found_event
from bot.rules.events.values import Event
from bot.rules.rsvp.values import Rsvp, Wish
from storage.store import Store
from tests.assembly_stage import acting, in_house
from tests.lanes_stage import remembered
from tests.places_stage import place_of
from tests.world import World

START = datetime(2026, 12, 8, 14, tzinfo=UTC)  # a Tuesday: 14:00 in Lisbon, 15:00 in Brussels
ORGANISATIONS = ("cimes", "mecatech", "pool-net", "emc2", "evoluma", "green-tech", "clust-er-mech")


async def planned(world: World, *, by: Any = None, invite: bool = False, **fields: Any) -> int:
    """An event is announced, as it is after the preview was confirmed; its number. `fields` are those of
    `Event`, and whatever is left out is made up: a webinar of Pool-Net in Brussels' zone, for members. `by`
    is somebody of the world (left out: a person in no chat). `invite`: people are invited. Its card stands in
    every place for events."""

    def make(ctx: Context) -> int:
        person = acting(ctx, by, "Dana").person
        given: dict[str, Any] = {
            **{"number": 0, "uid": new_uid(), "kind": "webinar", "title": "Green hydrogen 101"},
            **{"starts_at": START, "minutes": 60, "zone": "Europe/Brussels", "hosts": ("pool-net",)},
            **{"audience": "members", "created_by": person.id, "created_at": ctx.now, "changed_at": ctx.now},
            **fields,
        }
        places = tuple(known.id for known in ctx.store.places.serving(PURPOSE))
        return announce(ctx, Event(**given), invite, places).number

    number = await in_house(world, make)
    await world.settled()
    return number


async def answers(world: World, number: int, wish: Wish, *who: Any, party: int = 0) -> list[Rsvp]:
    """These answer, one after the other, as if each had tapped: somebody of the world, or a person by number
    (`people`). What stands for each of them right after."""

    def give(ctx: Context, one: Any) -> Rsvp:
        person = one if isinstance(one, int) else acting(ctx, one).person.id
        return answer(ctx, found_event(ctx, number, lock=True), person, wish, party).after

    def give_to(one: Any) -> Any:
        return lambda ctx: give(ctx, one)

    found = [await in_house(world, give_to(one)) for one in who]
    await world.settled()
    return found


async def people(world: World, count: int, organisations: Sequence[str] = ORGANISATIONS) -> tuple[int, ...]:
    """So many persons who are in no chat, members of these organisations in turn; their numbers."""

    def make(ctx: Context) -> tuple[int, ...]:
        found = []
        for at in range(count):
            person = ctx.store.persons.add(f"Person {at + 1}", "en", "Europe/Brussels", ctx.now).id
            ctx.store.roles.grant(person, "member", organisations[at % len(organisations)], ctx.now, None)
            found.append(person)
        return tuple(found)

    return await in_house(world, make)


async def events_hall(*people: Any, name: str = "Diary") -> Any:
    """A group of these people in which events stand that are announced from now on."""
    world: Any = people[0].world
    hall = world.group(name, *people)
    await remembered(world, hall)
    place = replace(place_of(world, hall), name=name)

    def choose(store: Store) -> None:
        store.places.set_purposes(store.places.remember(place, world.clock.now()), (PURPOSE,))

    await world.storage.write(choose)
    return hall


def card_of(somebody: Any, hall: Any, title: str = "Green hydrogen 101") -> Any:
    """What somebody reads on an event's one card in a group: `lines`, `buttons`, and `raw` to be tapped."""
    found = [somebody.reads_on(one) for one in somebody.posts(hall)]
    [card] = [one for one in found if title in one.first]
    return card


async def event_of(world: World, number: int) -> Event:
    """How an event stands now."""
    return await in_house(world, lambda ctx: found_event(ctx, number))


async def rsvp_of(world: World, number: int, who: Any) -> Rsvp | None:
    """What somebody answered: somebody of the world, or a person by number."""

    def look(ctx: Context) -> Rsvp | None:
        person = who if isinstance(who, int) else acting(ctx, who).person.id
        return ctx.store.rsvps.get(number, person)

    return await in_house(world, look)


async def it_is(world: World, moment: datetime) -> None:
    """It is that moment (never an earlier one), and whatever is due by then happens."""
    world.clock.at = max(moment.astimezone(UTC), world.clock.at)
    await world.happens()
