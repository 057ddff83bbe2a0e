"""Answering an event: by a tap on its card, by `/rsvp`, on either platform (engagement.md section 1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.context import Context
from bot.events.organising import cancel
from bot.events.standing import found_event
from storage.store import Storage, Store
from tests.assembly_stage import in_house, slack_world
from tests.both_platforms import Both
from tests.events_stage import START, it_is, planned, rsvp_of
from tests.lanes_stage import remembered
from tests.places_stage import place_of
from tests.test_strangers import ALLIANCE, code_in
from tests.world import World

__all__ = ["slack_world"]  # a fixture

TITLE = "Green hydrogen 101"
LINK = "https://meet.example.org/h2"
ALERT = 190  # characters, so that a Telegram alert says all of it


@pytest.fixture
async def both(sqlite_url: str) -> AsyncIterator[Both]:
    """The alliance on both platforms."""
    storage = Storage(sqlite_url)
    async with Both(storage) as both:
        yield both
    storage.close_now()


async def events_hall(*people: Any) -> Any:
    """A group of these people in which events stand from now on."""
    world: Any = people[0].world
    hall = world.group("Events", *people)
    await remembered(world, hall)
    place = place_of(world, hall)

    def choose(store: Store) -> None:
        store.places.set_purposes(store.places.remember(place, world.clock.now()), ("events",))

    await world.storage.write(choose)
    return hall


async def state_of(world: World, number: int, who: Any) -> str:
    rsvp = await rsvp_of(world, number, who)
    return rsvp.state if rsvp else ""


def counts(somebody: Any, hall: Any) -> list[str]:
    """What the one card in a group says of those who go."""
    [card] = somebody.posts(hall)
    return [line for line in somebody.reads_on(card).lines if line.startswith("Going") or "seat" in line]


async def test_yes_maybe_and_no_are_read_back_in_the_readers_own_time(world: World) -> None:
    ana, marie = await world.member("Ana", "pool-net"), await world.member("Marie", "cimes")
    await planned(world, link=LINK, where="Rue de la Loi 1")

    heard = await ana.types("/rsvp 1 yes")
    assert heard.lines == [
        "You're going: Green hydrogen 101, Tue 8 Dec, 14:00 in Lisbon (15:00 CET).",
        "Where: Rue de la Loi 1",
        f"Link: {LINK}",
    ]
    assert heard.buttons == ["To my calendar", "Can't make it"]
    assert (await ana.types("/rsvp 1 yes")).first == (
        "You're already going: Green hydrogen 101, Tue 8 Dec, 14:00 in Lisbon (15:00 CET)."
    )

    heard = await marie.types("/rsvp 1 maybe")
    assert heard.lines == [
        "You're down as maybe: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris.",
        "Tap Going when you know.",
    ]
    assert heard.buttons == ["Going", "Can't"]
    assert (await marie.types("/rsvp 1 maybe")).first.startswith("You're already down as maybe: Green")
    heard = await marie.taps("Going")
    assert heard.first == "You're going: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris."

    heard = await marie.taps("Can't make it")
    assert heard.lines == ["You're not going any more: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris."]
    assert heard.buttons == ["Going after all", "Open it"]
    assert (await marie.types("/rsvp 1 no")).first == (
        "I already know that you can't come: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris."
    )
    assert (await marie.taps("Going after all")).first.startswith("You're going: Green hydrogen 101")
    assert [await state_of(world, 1, one) for one in (ana, marie)] == ["going", "going"]


async def test_what_was_answered_and_what_waits(slack_world: World) -> None:
    world = slack_world
    luc = await world.member("Luc", "mecatech")
    assert (await luc.types("/rsvp")).lines == ["No event waits for your answer."]
    for day, title in enumerate(
        ("Green hydrogen 101", "LCA clinic", "Factory visit", "Annual fair", "Board")
    ):
        audience = "coordination" if title == "Board" else "members"
        await planned(world, title=title, starts_at=START + timedelta(days=day), audience=audience)

    heard = await luc.types("/rsvp")
    assert heard.lines == [
        "4 events wait for your answer:",
        "1 Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels",
        "2 LCA clinic, Wed 9 Dec, 15:00 in Brussels",
        "3 Factory visit, Thu 10 Dec, 15:00 in Brussels",
        "And one more.",
    ]
    assert heard.buttons[:4] == ["1: Going", "1: Maybe", "1: Can't", "2: Going"]
    await luc.taps("2: Going")
    await luc.types("/rsvp 3 maybe")
    await luc.types("/rsvp 4 nope")
    heard = await luc.types("/rsvp")
    assert heard.lines == [
        "One event waits for your answer:",
        "1 Green hydrogen 101, Tue 8 Dec, 15:00 in Brussels",
        "✓ Going: 2 LCA clinic, Wed 9 Dec, 15:00 in Brussels",
        "Maybe: 3 Factory visit, Thu 10 Dec, 15:00 in Brussels",
    ]
    assert heard.buttons == ["Going", "Maybe", "Can't", "Events"]
    await luc.taps("Going")
    heard = await luc.types("/rsvp")
    assert heard.lines[0] == "No event waits for your answer."
    assert heard.buttons == ["1: Change", "2: Change", "3: Change", "Events"]
    heard = await luc.taps("3: Change")
    assert heard.first == "You're down as maybe: Factory visit, Thu 10 Dec, 15:00 in Brussels."
    heard = await luc.types("/rsvp 5")
    assert heard.first == "There is no event 5. The list has those that are."
    assert heard.buttons == ["Events"]


async def test_the_answer_is_understood_in_the_members_languages(slack_world: World) -> None:
    world = slack_world
    luc = await world.member("Luc", "mecatech")
    await planned(world)
    for words, state in (
        ("je viens", "going"), ("peut-être", "maybe"), ("tak", "going"), ("não posso", "withdrawn"),
        ("jā", "going"), ("I can't make it", "withdrawn"), ("vielleicht", "maybe"), ("count me in", "going"),
    ):  # fmt: skip
        await luc.types(f"/rsvp 1 {words}")
        assert await state_of(world, 1, luc) == state, words


async def test_what_is_over_or_cancelled_takes_no_answer(slack_world: World) -> None:
    world = slack_world
    luc = await world.member("Luc", "mecatech")
    first, second = await planned(world), await planned(world, title="LCA clinic")
    assert (await luc.types("/rsvp 9 yes")).first.startswith("There is no event 9.")
    await luc.types("/rsvp 1")
    look = luc.reads()

    def called_off(ctx: Context) -> None:
        cancel(ctx, found_event(ctx, second, lock=True), "The speaker is ill.")

    await in_house(world, called_off)
    assert (await luc.types("/rsvp 2 yes")).lines == [
        "LCA clinic on Tue 8 Dec was cancelled, so there is nothing to answer.",
        "Why: The speaker is ill.",
    ]
    await it_is(world, START + timedelta(hours=1))
    over = "Green hydrogen 101 was on Tue 8 Dec and is over, so your answer changes nothing."
    heard = await luc.taps("Going", on=look.raw)
    assert heard.lines == [over, "Were you there? One tap says so."]
    assert heard.buttons == ["I joined", "Events"]
    await it_is(world, START + timedelta(hours=26))
    assert (await luc.types("/rsvp 1")).lines == [over, "Were you there? Then tell the host."]
    assert await state_of(world, first, luc) == ""


async def test_a_tap_on_the_card_is_answered_in_private(world: World) -> None:
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    hall = await events_hall(luc, marie)
    number = await planned(world, link=LINK, capacity=1)
    card = luc.finds(TITLE, hall)

    heard = await luc.taps("Going", on=card)
    assert heard.lines == [f"You're going: {TITLE}, Tue 8 Dec, 15:00 in Brussels.", f"Link: {LINK}"]
    full = await marie.taps("Going", on=card)
    assert full.first == f"The one seat of {TITLE} is taken. You're first in line."
    if world.platform == "telegram":
        for one in (heard, full):
            assert [line for line in one.alert.splitlines() if line] == one.lines
            assert len(one.alert) <= ALERT
    again = await luc.taps("Going", on=card)
    assert again.first == f"You're already going: {TITLE}, Tue 8 Dec, 15:00 in Brussels."
    heard = await luc.types("/rsvp 1 yes", hall)  # the link is for those who go, and not for a whole group
    assert LINK in luc.reads().text
    await world.settled()
    assert [LINK in marie.reads_on(one).text for one in marie.posts(hall)] == [False]
    assert await state_of(world, number, marie) == "waitlisted"


async def test_a_strangers_answer_waits_until_they_are_in(world: World) -> None:
    ana, rita = await world.member("Ana", "pool-net"), world.stranger("Rita")
    hall = await events_hall(ana, rita)
    number = await planned(world)

    await rita.taps("Going", on=rita.finds(TITLE, hall))
    assert await rsvp_of_nobody(world, number)
    heard = await rita.says("hello")
    assert heard.first == f"Hello! I keep the diary and the votes of the {ALLIANCE}, and we haven't met."
    assert heard.lines[1] == f"What you asked for waits here: {TITLE}."
    assert heard.buttons == ["I have an invitation", "I'm with a member", "Just looking"]
    await rita.says(code_in(await ana.types("/invite")))
    await rita.taps("Yes, that's me")
    heard = await rita.taps("Continue")
    assert heard.first.startswith(f"You're going: {TITLE}, Tue 8 Dec")
    assert await state_of(world, number, rita) == "going"


async def test_one_person_on_both_platforms_counts_once(both: Both) -> None:
    luc = await both.member("Luc", "mecatech", on="slack")
    phone, ilze = both.stranger("Luc", on="telegram"), await both.member("Ilze", "green-tech", on="telegram")
    channel, group = await events_hall(luc), await events_hall(phone, ilze)

    def link(store: Any) -> None:
        person = store.accounts.identify(luc.account).person
        store.accounts.attach(store.accounts.remember(phone.account, both.clock.now()), person.id)

    await both.storage.write(link)
    number = await planned(both, capacity=4)
    await luc.taps("Going", on=luc.finds(TITLE, channel))
    heard = await phone.taps("Going", on=phone.finds(TITLE, group))
    assert heard.first == f"You're already going: {TITLE}, Tue 8 Dec, 15:00 in Brussels."
    await ilze.says("+1", group, reply_to=ilze.finds(TITLE, group))
    await both.settled()
    await both.passes(minutes=1)
    for somebody, hall in ((luc, channel), (phone, group)):
        assert counts(somebody, hall) == [
            "Going: Luc (MecaTech) and Ilze (Green-Tech Cluster)",
            "2 of 4 seats are free.",
        ]
    taken = await both.storage.read(lambda store: store.rsvps.taken(number))
    assert (taken.total, dict(taken.by_organisation)) == (2, {"mecatech": 1, "green-tech": 1})

    await phone.taps("Can't", on=phone.finds(TITLE, group))
    await both.settled()
    await both.passes(minutes=1)
    for somebody, hall in ((luc, channel), (phone, group)):
        assert counts(somebody, hall) == ["Going: Ilze (Green-Tech Cluster)", "3 of 4 seats are free."]
    assert await state_of(both, number, luc) == "withdrawn"


async def rsvp_of_nobody(world: World, number: int) -> bool:
    """Whether nobody has answered."""
    return not await world.storage.read(lambda store: store.rsvps.of_event(number))
