"""The card of an event: one in each place for events, one list behind all, short enough for one message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.handlers.events.cards import MOST_QUOTED, shortened
from storage.store import Store
from tests.assembly_stage import slack_world
from tests.events_stage import START, answers, card_of, events_hall, it_is, people, planned
from tests.places_stage import place_of
from tests.world import World

__all__ = ["slack_world"]  # a fixture

LINK = "https://meet.example.org/h2"
TAPS = ["Going", "Maybe", "Can't"]
TALK = "Answer with a tap, or reply with yes, no or maybe."


def test_what_it_is_about_is_cut_at_a_word() -> None:
    assert shortened("Short.") == "Short."
    long = shortened("word " * 400)
    assert len(long) <= MOST_QUOTED + 2
    assert long.endswith("word …")


async def test_the_card_says_when_where_and_who_but_never_the_link(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    hall, lab = await events_hall(ana, luc), await events_hall(luc, name="Lab")
    weekly: dict[str, Any] = {"repeats": "weekly", "times": 6, "hosts": ("pool-net", "mecatech")}
    words: dict[str, Any] = {"link": LINK, "where": "Hall 2, Nantes", "about": "What it takes."}
    number = await planned(world, by=ana, capacity=3, **words, **weekly)

    head = [
        "Green hydrogen 101 · webinar",
        "Tue 8 Dec, 15:00 CET · 14:00 UTC · 1 hour · every week, 6 times",
        "Where: Hall 2, Nantes",
        "Link: for those who go",
        "Hosted by Pool-Net with MecaTech",
        "What it takes.",
    ]
    card = card_of(luc, hall)
    assert card.lines == [*head, "3 of 3 seats are free.", TALK]
    assert card.buttons == TAPS
    await luc.taps("Going", card.raw)
    await answers(world, number, "maybe", ana)
    await world.passes(minutes=1)
    for place in (hall, lab):
        assert card_of(luc, place).lines == [
            *head,
            "1 going · 1 maybe",
            "Going: Luc (MecaTech)",
            "2 of 3 seats are free.",
            TALK,
        ]
    assert LINK not in card_of(luc, lab).text

    crowd = await people(world, 3)
    await answers(world, number, "going", *crowd)
    await world.passes(minutes=1)
    assert card_of(luc, hall).lines[6:9] == [
        "3 going · 1 maybe · 1 in line",
        "Going: Luc (MecaTech), Person 1 (CIMES) and Person 2 (MecaTech)",
        "All 3 seats are taken; Going puts you in line.",
    ]


async def test_fifteen_names_and_how_many_more_fit_one_message(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    hall = await events_hall(ana)
    crowd = await people(world, 17)
    await world.storage.write(lambda store: _renamed(store, crowd))
    number = await planned(world, title="T" * 150, about="What & why. " * 120, where="W" * 300, link=LINK)
    await answers(world, number, "going", *crowd)
    await world.passes(minutes=1)

    [post] = ana.posts(hall)
    [names] = [line for line in ana.reads_on(post).lines if line.startswith("Going:")]
    assert names.count("(") == 15
    assert names.endswith("and 2 more")
    assert ana.reads_on(post).lines[-1] == TALK


async def test_ten_minutes_before_it_offers_to_say_that_one_is_there(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    hall = await events_hall(luc)
    number = await planned(slack_world)
    await it_is(slack_world, START - timedelta(minutes=10))
    await answers(slack_world, number, "going", luc)
    await slack_world.passes(minutes=1)
    assert card_of(luc, hall).buttons == [*TAPS, "I joined"]

    await it_is(slack_world, START + timedelta(hours=2))
    card = card_of(luc, hall)
    assert card.lines == ["Green hydrogen 101 · webinar", "It's over, Tue 8 Dec.", "Hosted by Pool-Net"]
    assert card.buttons == ["I joined"]


async def test_a_cancelled_one_is_struck_through(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    hall = await events_hall(ana)
    number = await planned(world, by=ana)
    await ana.types(f"/event cancel {number} The speaker is ill")
    await ana.taps("Yes, cancel it")
    await world.passes(minutes=1)

    card = card_of(ana, hall)
    assert card.lines == [
        "Green hydrogen 101 is cancelled.",
        "Tue 8 Dec, 15:00 CET · 14:00 UTC",
        "Why: The speaker is ill",
        "Hosted by Pool-Net",
    ]
    assert card.buttons == []
    assert _struck(world, card) == "Green hydrogen 101"


async def test_what_is_coming_stands_in_a_place_from_the_day_it_is_for_events(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    await slack_world.grants(marie, "coordinator", "")
    await planned(slack_world)
    gone = await planned(slack_world, title="Called off", by=marie)
    await marie.types(f"/event cancel {gone}")
    await marie.taps("Yes, cancel it")
    await planned(slack_world, title="Long ago", starts_at=slack_world.clock.now() - timedelta(days=3))
    hall = slack_world.group("Hall", marie)
    place = place_of(slack_world, hall)
    await slack_world.storage.write(lambda store: store.places.remember(place, slack_world.clock.now()))

    await marie.types("/places")
    await marie.taps("Open 1")
    await marie.taps("Events")
    await slack_world.passes(minutes=1)
    firsts = [marie.reads_on(one).first for one in marie.posts(hall)]
    assert firsts == ["Green hydrogen 101 · webinar"]


def _renamed(store: Store, crowd: tuple[int, ...]) -> None:
    for number in crowd:
        store.persons.change(number, name=f"Person {number} " + "N" * 80)


def _struck(world: World, card: Any) -> str:
    """What is struck through on a card, as the platform was told."""
    if world.platform == "slack":
        return str(card.raw.blocks[0]["text"]["text"]).split("~")[1]
    [one] = [one for one in card.raw.entities if one["type"] == "strikethrough"]
    return str(card.raw.text)[one["offset"] : one["offset"] + one["length"]]
