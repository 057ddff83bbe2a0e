"""The recording or slides of an event go to those who said yes, once, and can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.ended_events_stage import over
from tests.events_stage import answers, event_of, it_is, planned
from tests.world import World

FILM, SLIDES = "https://example.org/film", "https://example.org/slides"
WHY = "You get this because you said that you'd come."


async def test_it_goes_to_those_who_said_yes_once_and_proves_the_log_by_a_tap(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    eva, marie = await world.member("Eva", "emc2"), await world.member("Marie", "cimes")
    number = await over(world, by=ana, came=(luc,))
    await world.settled()
    await ana.taps("Log it")
    heard = await ana.types(f"/event share {number} {FILM}")
    assert heard.lines == [
        f"✓ Shared for Green hydrogen 101: {FILM}",
        "Goes to one person who said yes, in their working hours.",
        "It can be evidence of the logged activity too. Every member can open it there.",
    ]
    assert heard.buttons == ["Open it", "Add as evidence", "Take back"]
    assert (await world.logged())[0].evidence == (), "not by itself"
    await world.settled()
    assert luc.reads().lines == ["The recording or slides of Green hydrogen 101 are here:", FILM, WHY]
    assert luc.reads().buttons == ["Open it", "Later", "Stop these"]
    heard = await ana.types(f"/event share {number} {FILM}")
    assert heard.first == "That link stands with Green hydrogen 101 already, so nothing new is sent."
    heard = await ana.taps("Add as evidence")
    assert heard.first == "✓ Added to Green hydrogen 101. It has one link or file now."
    assert [one.url for one in (await world.logged())[0].evidence] == [FILM]
    heard = await ana.types(f"/event share {number} {FILM}")
    assert heard.buttons == ["Open it", "Take back"]

    heard = await ana.types(f"/event share {number} {SLIDES}")
    assert heard.lines[1] == "Goes to one person who said yes, in their working hours."
    assert [one.url for one in (await world.logged())[0].evidence] == [FILM]
    assert (await event_of(world, number)).shared == (FILM, SLIDES)
    for other in (eva, marie):
        heard = await other.types(f"/event share {number} {FILM}")
        assert heard.lines == [
            "You don't act for Pool-Net here, so I left it. Its own people or the coordinator can do it."
        ]


async def test_taken_back_it_goes_to_nobody_who_has_not_got_it(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana)
    await answers(world, number, "going", luc)
    await it_is(world, datetime(2026, 12, 8, 20, tzinfo=UTC))  # nobody is at work
    await world.settled()
    before = await luc.types("/activities")

    heard = await ana.types(f"/event share {number} {FILM}")
    assert heard.lines[1:] == ["Goes to one person who said yes, in their working hours."]
    heard = await ana.taps("Take back")
    assert heard.lines == [
        "Taken back: that link isn't with Green hydrogen 101 any more.",
        "Who has it keeps it; nobody else gets it.",
    ]
    assert heard.buttons == ["Share it again"]
    await it_is(world, datetime(2026, 12, 9, 8, 30, tzinfo=UTC))
    await world.settled()
    assert luc.reads().lines == before.lines
    assert (await event_of(world, number)).shared == ()


async def test_a_cancelled_event_has_nothing_to_share(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    number = await planned(world, by=ana, state="cancelled")
    heard = await ana.types(f"/event share {number} {FILM}")
    assert heard.lines == [
        "Green hydrogen 101 was cancelled, so there is nothing to share. Nothing is saved."
    ]
    assert (await event_of(world, number)).shared == ()
