"""Logging an event from what happened: one tap for the host, as people do it on both platforms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.context import Context
from bot.events.standing import found_event
from bot.handlers.events.logging import last_day, log_event, refresh_log
from bot.messages import Refusal
from tests.assembly_stage import acting, in_house
from tests.attention_stage import calm
from tests.ended_events_stage import came_to, over
from tests.events_stage import event_of, planned
from tests.lanes_stage import read_by
from tests.world import World

__all__ = ["calm"]  # a fixture

WHY = "You get this because your organisation hosts this event."
TAPS = ["Log it", "Change it first", "Nothing to log", "Later", "Stop these"]


async def test_one_tap_logs_what_happened_and_the_cohost_taps_too(world: World) -> None:
    ana, nuno = await world.member("Ana", "pool-net"), await world.member("Nuno", "pool-net")
    luc, eva = await world.member("Luc", "mecatech"), await world.member("Eva", "emc2")
    marie = await world.member("Marie", "cimes")
    number = await over(world, by=ana, hosts=("pool-net", "cimes"), came=(luc, eva, marie))
    await world.settled()

    heard = ana.reads()
    assert heard.lines == [
        "Green hydrogen 101 is over.",
        "I'd log it as: webinar · Thu 10 Dec · Pool-Net with CIMES",
        "People from EMC2 and MecaTech came.",
        "It would count for Knowledge exchange: 1 of 2 for 2026.",
        WHY,
    ]
    assert heard.buttons == TAPS
    assert nuno.reads().first == heard.first

    heard = await ana.taps("Log it")
    assert heard.lines == [
        "✓ Logged: Green hydrogen 101 · webinar · Thu 10 Dec · Pool-Net and CIMES",
        "Knowledge exchange: 1 of 2 for 2026.",
        "CIMES gets one tap to confirm; it counts meanwhile.",
    ]
    assert heard.buttons == ["Add SMEs", "Add link or photo", "Undo"]
    await world.settled()
    assert marie.reads().buttons == ["We did", "Not us", "Later", "Stop these"]
    assert read_by(luc) == [], "nobody asks those who only came"

    heard = await nuno.taps("Log it")
    assert heard.first == (
        "Nothing new is saved. This is what we have: "
        "Green hydrogen 101 · webinar · Thu 10 Dec · Pool-Net and CIMES"
    )
    [activity] = await world.logged()
    assert (await event_of(world, number)).activity == activity.record.id
    parts = {one.organisation: one.part for one in activity.record.involved}
    assert parts == {"pool-net": "host", "cimes": "cohost", "emc2": "attended", "mecatech": "attended"}


async def test_taken_back_it_can_be_logged_again(world: World) -> None:
    ana, nuno = await world.member("Ana", "pool-net"), await world.member("Nuno", "pool-net")
    number = await over(world, by=ana, shared=("https://example.org/film",))
    await world.settled()
    await ana.taps("Log it")
    await ana.taps("Undo")

    heard = await nuno.taps("Log it")
    assert heard.first == "✓ Back in the list: Green hydrogen 101 · webinar · Thu 10 Dec · Pool-Net"
    assert heard.buttons[-1] == "Undo"
    [activity] = await world.logged()  # the same one, so that nothing can put back a second
    assert activity.evidence == (), "what was shared with those who came is not for every member"
    assert activity.record.state == "logged"
    assert (await event_of(world, number)).activity == activity.record.id


async def test_alone_it_says_what_is_missing_and_people_who_came_supply_it(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await over(world, by=ana, measured=False)
    await world.settled()
    heard = ana.reads()
    assert heard.lines[1:] == [
        "I'd log it as: webinar · Thu 10 Dec · Pool-Net",
        "Who came isn't put down yet.",
        "It wouldn't count yet for Knowledge exchange (Art. 2(1)). It takes a second member cluster.",
        WHY,
    ]
    assert heard.buttons == ["Log it", "Change it first", "Who came", "Nothing to log", "Later", "Stop these"]
    await ana.taps("Log it")

    assert await refreshed(world, number, ana) == []
    await came_to(world, number, luc, ana)
    assert await refreshed(world, number, ana) == [("Knowledge exchange", 1)]
    assert await refreshed(world, number, ana) == []
    assert (await ana.types("/activity 1")).lines[:3] == [
        "Green hydrogen 101 · webinar · Thu 10 Dec · Pool-Net",
        "Knowledge exchange: 1 of 2 for 2026.",
        "People came from MecaTech.",
    ]


async def test_what_is_there_already_is_asked_about_and_linked(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await ana.types("/log webinar Green hydrogen 101 on 10 Dec 2026 with CIMES")
    number = await over(world, by=ana)
    await world.settled()

    heard = await ana.taps("Log it")
    assert heard.first == "Before I save Green hydrogen 101: this one is there already."
    heard = await ana.taps("It's the same")
    assert heard.first.startswith("Nothing new is saved.")
    assert len(await world.logged()) == 1
    assert (await event_of(world, number)).activity == 1


async def test_something_can_be_changed_before_it_is_logged(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await over(world, by=ana, hosts=("pool-net", "cimes"), came=(luc,))
    await world.settled()

    heard = await ana.taps("Change it first")
    if world.platform == "telegram":
        assert heard.lines == [
            "I'd log Green hydrogen 101 as: webinar · Thu 10 Dec · Pool-Net with CIMES",
            "People from MecaTech came.",
            "What is to change? Nothing is saved yet.",
        ]
        assert heard.buttons == ["Log it", "Title", "Kind", "Day", "Together with", "Cancel"]
        assert (await ana.taps("Title")).lines == ["What was it called?"]
        heard = await ana.says("Hydrogen for moulds")
        assert heard.first.startswith("I'd log Hydrogen for moulds as: webinar")
        await ana.taps("Together with")
        heard = await ana.says("EMC2 and MecaTech")
        assert heard.lines == [
            "I'd log Hydrogen for moulds as: webinar · Thu 10 Dec · Pool-Net with EMC2 and MecaTech",
            "What is to change? Nothing is saved yet.",
        ]
        heard = await ana.taps("Log it")
    else:
        heard = await ana.gives(title="Hydrogen for moulds", **{"with": "emc2,mecatech"})
    assert heard.first == (
        "✓ Logged: Hydrogen for moulds · webinar · Thu 10 Dec · Pool-Net, EMC2 and MecaTech"
    )
    [activity] = await world.logged()
    assert [one.part for one in activity.record.involved] == ["host", "cohost", "cohost"]
    assert (await event_of(world, number)).activity == activity.record.id


async def test_nothing_to_log_asks_nobody_again_and_can_be_logged_after_all(world: World) -> None:
    ana, nuno = await world.member("Ana", "pool-net"), await world.member("Nuno", "pool-net")
    number = await over(world, by=ana)
    await world.settled()

    heard = await ana.taps("Nothing to log")
    assert heard.lines == ["Fine: Green hydrogen 101 isn't logged, and nobody is asked about it again."]
    assert (await event_of(world, number)).not_countable
    assert heard.buttons == ["Log it after all"]
    assert (await ana.taps("Log it after all")).first.startswith("✓ Logged: Green hydrogen 101")
    assert not (await event_of(world, number)).not_countable
    assert read_by(nuno) == ["Green hydrogen 101 is over."]


async def test_it_waits_for_waking_hours(calm: World) -> None:
    ana, nuno = await calm.member("Ana", "pool-net"), await calm.member("Nuno", "pool-net")
    await over(calm, by=ana, starts_at=datetime(2026, 12, 2, 19, tzinfo=UTC))
    await calm.passes(hours=9)
    assert "Green hydrogen 101 is over." not in read_by(ana)
    await calm.passes(hours=6)
    assert ana.reads().first == "Green hydrogen 101 is over."
    assert nuno.reads().lines[1].startswith("I'd log it as: webinar · Wed 2 Dec")


async def test_a_kind_without_an_activity_is_asked_only_who_came(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await over(world, by=ana, kind="task-force-meeting", title="Task force: heat", measured=False)
    await world.settled()
    assert ana.reads().lines == ["Task force: heat is over.", "Who came isn't put down yet.", WHY]
    assert ana.reads().buttons == ["Who came", "Later", "Stop these"]


async def test_the_day_is_that_of_the_last_session_in_the_events_zone(world: World) -> None:
    late = datetime(2026, 12, 10, 22, tzinfo=UTC)  # 23:00 in Brussels, 00:00 in Riga
    ana = await world.member("Ana", "pool-net")
    number = await over(world, by=ana, starts_at=late, repeats="weekly", times=3)
    event = await event_of(world, number)
    assert last_day(event) == date(2026, 12, 24)  # it ended at midnight


@pytest.mark.parametrize("state", ["planned", "cancelled"])
async def test_what_did_not_take_place_is_not_logged(world: World, state: str) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    number = await planned(world, by=ana, state=state)
    assert await refusal(world, ana, number) == "event_not_over"
    assert await refusal(world, luc, number) == "not_for_organisation"
    assert await world.logged() == []


async def refreshed(world: World, number: int, who: Any) -> list[tuple[str, int]]:
    """Attendance changed: for what the logged activity counts now and did not before."""

    def refresh(ctx: Context) -> list[tuple[str, int]]:
        theirs = acting(ctx, who)
        lines = refresh_log(theirs, found_event(theirs, number, lock=True))
        return [(line.label, line.value) for line in lines]

    return await in_house(world, refresh)


async def refusal(world: World, who: Any, number: int) -> str:
    """Why somebody cannot log an event now."""

    def press(ctx: Context) -> None:
        log_event(replace(ctx, identity=ctx.store.accounts.identify(who.account)), number)

    with pytest.raises(Refusal) as no:
        await in_house(world, press)
    return no.value.code
