"""How far the alliance is: the figures, what is missing and for whom, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.rules.indicators import Involved
from storage.store import Store
from tests.world import World

NOTE = "Each co-host has a shared event in its own view, so these don't add up to the alliance's figures."


async def filled(world: World) -> tuple[Any, Any]:
    """Two organisations with a confirmed event, one that nobody confirmed, and one that lacks a second."""
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech smes Acme, Verre Clair")
    await world.settled()
    await luc.taps("We did")
    await marie.types("/log webinar Circular plastics on 13 May with EMC2")
    await marie.types("/log webinar Pump care on 14 June")
    await marie.types("/log workshop Winter school on 12 Dec 2026 with EMC2")
    return marie, luc


async def test_each_figure_says_what_is_confirmed_who_contributed_and_what_is_missing(world: World) -> None:
    await filled(world)
    anna = await world.member("Anna", "pool-net")

    heard = await anna.types("/indicators")

    assert heard.lines == [
        "The alliance in 2026",
        "Knowledge exchange: 2 of 2 ✓ · 1 confirmed, 1 logged · 1 planned",
        "By CIMES (2), MecaTech (1).",
        "Not counted yet: Pump care (CIMES). It takes a second member cluster.",
        "Joint proposals: 0 of 1",
        "SMEs reached: 2 of 20 · 2 confirmed, 0 logged",
        "By CIMES (2), MecaTech (2).",
        "Policy voice: 0 of 1",
        "Tap one to see why it stands there.",
    ]
    assert heard.buttons == [
        "Knowledge exchange",
        "Joint proposals",
        "SMEs reached",
        "Policy voice",
        "As a picture",
        "Only Pool-Net",
    ]


async def test_every_number_opens_into_its_records(world: World) -> None:
    await filled(world)
    anna = await world.member("Anna", "pool-net")
    await anna.types("/indicators")

    heard = await anna.taps("Knowledge exchange")
    assert heard.lines == [
        "Knowledge exchange: 2 of 2 for 2026 (Art. 2(1))",
        "4 · Winter school · Sat 12 Dec · CIMES and EMC2 · planned · It isn't over yet.",
        "3 · Pump care · Sun 14 Jun · CIMES · not counted · It takes a second member cluster.",
        "2 · Circular plastics · Wed 13 May · CIMES and EMC2 · counts 1, logged, not confirmed",
        "1 · Green hydrogen 101 · Tue 12 May · CIMES and MecaTech · counts 1, confirmed",
    ]
    assert heard.buttons == ["Open 4", "Open 3", "Open 2", "Open 1", "All indicators"]
    heard = await anna.taps("Open 1")
    assert heard.first == "Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"

    heard = await anna.taps("SMEs reached")
    assert heard.lines[:2] == [
        "SMEs reached: 2 of 20 for 2026 (Art. 2(3))",
        "2 named, 0 on lists kept by members; 2 contacts in all.",
    ]


async def test_an_organisation_has_a_view_of_its_own_without_targets(world: World) -> None:
    _, luc = await filled(world)
    await luc.types("/indicators")

    heard = await luc.taps("Only MecaTech")

    assert heard.lines == [
        "MecaTech in 2026",
        "Knowledge exchange: 1 · 1 confirmed, 0 logged",
        "Joint proposals: 0",
        "SMEs reached: 2 · 2 confirmed, 0 logged",
        "Policy voice: 0",
        NOTE,
    ]
    assert heard.buttons[-1] == "The alliance"
    heard = await luc.types("/indicators of EMC2")
    assert heard.lines[:3] == [
        "EMC2 in 2026",
        "Knowledge exchange: 0",
        "Not counted yet: Circular plastics (CIMES). EMC2 hasn't confirmed it yet.",
    ]


async def test_a_long_name_is_cut_to_what_a_button_takes(world: World) -> None:
    inga = await world.member("Inga", "green-tech")

    assert (await inga.types("/indicators")).buttons[-1] == "Only Green-Tech Clu…"
    assert (await inga.taps("Only Green-Tech Clu…")).first == "Green-Tech Cluster in 2026"


async def test_another_year_is_asked_for_by_its_number(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log workshop Green hydrogen 100 on 12 May 2025 with MecaTech")

    heard = await marie.types("/indicators in 2025")
    assert heard.lines[:3] == [
        "The alliance in 2025",
        "Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged",
        "By CIMES (1).",
    ]
    assert (await marie.types("/indicators")).lines[1] == "Knowledge exchange: 0 of 2"


async def test_who_came_from_another_cluster_makes_a_host_alone_count(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log webinar Pump care on 14 May")
    await came(world, "mecatech", "emc2")

    heard = await marie.types("/activity 1")
    assert heard.lines[:3] == [
        "Pump care · webinar · Thu 14 May · CIMES",
        "Knowledge exchange: 1 of 2 for 2026.",
        "People came from MecaTech and EMC2.",
    ]
    await luc.types("/indicators")
    heard = await luc.taps("Knowledge exchange")
    assert heard.lines[1] == (
        "1 · Pump care · Thu 14 May · CIMES · counts 1, logged, not confirmed · "
        "People came from MecaTech and EMC2."
    )
    assert (await luc.types("/activity 1")).buttons == ["Question this"]  # who came is not asked
    heard = await luc.types("/indicators of MecaTech")
    assert heard.lines[1] == "Knowledge exchange: 0"

    heard = await marie.types("/edit 1 title Pump care for all")
    assert heard.lines[1] == "Knowledge exchange: 1 of 2 for 2026."
    heard = await marie.types("/edit 1 with MecaTech")
    assert heard.lines[0] == "✓ Changed: Pump care for all · webinar · Thu 14 May · CIMES and MecaTech"
    await world.settled()
    await luc.taps("We did")
    heard = await marie.types("/activity 1")
    assert heard.lines[2:4] == ["People came from EMC2.", "Confirmed by MecaTech."]
    await luc.types("/indicators")
    heard = await luc.taps("Knowledge exchange")
    assert heard.lines[1].endswith("CIMES and MecaTech · counts 1, confirmed")  # two hosts are enough

    await marie.types("/edit 1")
    if world.platform == "slack":
        heard = await marie.gives(**{"with": ""})
    else:
        await marie.taps("Together with")
        heard = await marie.taps("Without MecaTech")
    assert heard.lines[:2] == [
        "✓ Changed: Pump care for all · webinar · Thu 14 May · CIMES",
        "Knowledge exchange: 1 of 2 for 2026.",
    ]
    assert (await marie.types("/activity 1")).lines[2] == "People came from EMC2."


async def came(world: World, *organisations: str) -> None:
    """Of these somebody came to activity 1, as it was measured."""

    def measured(store: Store) -> None:
        one = store.activities.get(1)
        assert one is not None
        involved = (*one.record.involved, *(Involved(slug, "attended") for slug in organisations))
        record = replace(one.record, involved=involved)
        store.activities.change(1, record, one.author, world.clock.now(), "who came")

    await world.storage.write(measured)
