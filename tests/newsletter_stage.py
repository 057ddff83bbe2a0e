"""The newsletter for tests: enough to fill an edition, its readers, and the hours that matter.

await news(world, marie, 3)                      # three items of CIMES, for everybody to read
await filled(world, marie, luc, ana)             # enough for an edition, from three organisations
await subscribed(world, marie, luc)
await it_is(world, DRAFT)                        # Tue 29 Dec, 09:00 UTC: the draft for Tue 5 Jan is made
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.context import Context
from bot.newsletter.standing import PURPOSE
from bot.newsletter.subscribing import asked, confirmed, subscribe
from bot.rules.newsletter.values import Edition, Item
from storage.deliveries import Delivery
from storage.store import Store
from tests.assembly_stage import acting, in_house
from tests.events_stage import it_is
from tests.lanes_stage import remembered
from tests.places_stage import place_of
from tests.world import World

__all__ = ["it_is"]

T = TypeVar("T")
SEND = datetime(2027, 1, 5, 9, tzinfo=UTC)  # Tue 5 Jan, 10:00 in Brussels
DRAFT = SEND - timedelta(days=7)
WORDS = " ".join(["Members can use it without a fee and tell us what is missing."] * 5)


async def news(
    world: World, who: Any, count: int = 1, *, organisation: str = "cimes", **fields: Any
) -> tuple[Item, ...]:
    """So many items that somebody sent, public unless said otherwise; they wait for an edition."""

    def send(ctx: Context) -> tuple[Item, ...]:
        person = acting(ctx, who).person
        given: dict[str, Any] = {
            **{"text": WORDS, "organisation": organisation, "consent": "public"},
            **{"by": person.id, "at": ctx.now},
            **fields,
        }
        titles = [given.pop("title", "")] if "title" in given else []
        numbers = range(1, count + 1)
        names = titles or [f"{organisation.capitalize()} {_THINGS[n]}" for n in numbers]
        return tuple(ctx.store.news.add(Item(title=name, **given)) for name in names)

    return await in_house(world, send)


_THINGS = ("", "opens a workshop for pumps", "publishes its guide to moulds", "looks for partners in Riga")


async def filled(world: World, who: Any) -> None:
    """Enough for an edition, from three organisations: two items are public, one is for members only."""
    await news(world, who, title="A guide to moulds", link="https://example.org/moulds")
    await news(world, who, title="Pumps that mend themselves", organisation="mecatech")
    await news(
        world, who, title="Our plans for spring", organisation="pool-net", consent="members", text=WORDS
    )


async def subscribed(world: World, *people: Any, topics: tuple[str, ...] = ()) -> None:
    """These read the newsletter, as if they had tapped."""

    def begin(ctx: Context) -> None:
        for one in people:
            subscribe(ctx.store, ctx.now, person=acting(ctx, one).person.id, topics=topics)

    await in_house(world, begin)


async def by_mail(world: World, address: str) -> int:
    """Somebody whom nobody knows reads it by mail; their account."""

    def begin(store: Store) -> int:
        asked(store, address, "en", (), world.clock.now())
        found = store.subscriptions.of_address(address)
        assert found is not None
        assert found.account is not None
        confirmed(store, found.account, world.clock.now())
        return found.account

    return await world.storage.write(begin)


async def news_hall(*people: Any, name: str = "Readers") -> Any:
    """A group of these people in which the newsletter stands."""
    world: Any = people[0].world
    hall = world.group(name, *people)
    await remembered(world, hall)
    place = replace(place_of(world, hall), name=name)

    def choose(store: Store) -> None:
        store.places.set_purposes(store.places.remember(place, world.clock.now()), (PURPOSE,))

    await world.storage.write(choose)
    return hall


def told(who: Any) -> list[Any]:
    """Everything that the bot said to somebody, oldest first."""
    messages = who._words() if who.world.platform == "telegram" else who._from_bot()
    return [who.reads_on(one) for one in messages]


async def edition_of(world: World, number: int = 1) -> Edition:
    """How an edition stands now."""

    def look(store: Store) -> Edition:
        found = store.editions.get(number)
        assert found is not None
        return found

    return await world.storage.read(look)


async def messages_of(world: World, number: int = 1) -> tuple[Delivery, ...]:
    """Every message of an edition, in whatever state."""
    return await world.storage.read(lambda store: store.deliveries.of_batch(f"edition:{number}"))


async def asks(world: World, question: Callable[[Store], T]) -> T:
    """Something looked up in the database."""
    return await world.storage.read(question)


async def second_person(world: World, number: int = 1) -> None:
    """This edition takes a second person, as by the charter's other setting."""

    def set_so(store: Store) -> None:
        found = store.editions.get(number, lock=True)
        assert found is not None
        store.editions.write(replace(found, approval="second"))

    await world.storage.write(set_so)
