"""The gap matchmaker: two partners with reasons and a draft, asked in private, answered with a tap."""

from __future__ import annotations

from typing import Any

from tests.assembly_stage import slack_world
from tests.world import World

__all__ = ["slack_world"]  # a fixture

TITLE = "Plastics: what works for us"
NOTHING_YET = "Pool-Net has nothing yet for Knowledge exchange in 2026."
THREE = "No public holiday in any of the 3 countries."


async def alliance(world: World) -> tuple[Any, Any, Any]:
    """Somebody of Pool-Net, of CIMES, which is in plastics too, and of Clust-ER MECH."""
    ana = await world.member("Ana", "pool-net")
    marie = await world.member("Marie", "cimes")
    gianna = await world.member("Gianna", "clust-er-mech")
    await marie.types("/sectors plastics")
    return ana, marie, gianna


async def test_two_partners_are_found_asked_and_the_event_planned(world: World) -> None:
    ana, marie, gianna = await alliance(world)
    await world.member("Luc", "mecatech")
    assert "Find partners" in (await ana.types("/indicators")).buttons
    heard = await ana.taps("Find partners")
    assert heard.lines == [
        NOTHING_YET,
        "Good partners: CIMES (same gap, both in plastics, another country) and Clust-ER MECH (same gap,"
        " another country).",
        f"A draft: {TITLE} · webinar · Tue 22 Dec, 09:00 in Lisbon",
        THREE,
    ]
    assert heard.buttons == ["Ask both", "Other partners", "Plan it", "Not now"]
    heard = await ana.taps("Other partners")
    assert heard.lines[1] == "A good partner: MecaTech (same gap, another country)."
    assert heard.buttons == ["Ask them", "Other partners", "Plan it", "Not now"]
    await ana.taps("Other partners")

    heard = await ana.taps("Ask both")
    words = [
        "Ana asks for Pool-Net: would CIMES host an event with us (webinar)?",
        NOTHING_YET,
        "Why CIMES: same gap, both in plastics, another country.",
    ]
    assert heard.lines == [
        "This is what 2 people will read:",
        *words,
        f"A draft: {TITLE}, Tue 22 Dec, 09:00 in Lisbon",
        "Asked too: Clust-ER MECH.",
        "To Clust-ER MECH the same, for these reasons: same gap, another country.",
    ]
    assert heard.buttons == ["Send it", "Another title", "Another day", "Cancel"]
    heard = await ana.taps("Send it")
    assert heard.lines == [
        f"✓ Asked for Pool-Net: CIMES and Clust-ER MECH, about {TITLE}.",
        "I tell you what they answer.",
    ]
    await world.settled()
    assert marie.reads().lines == [
        *words,
        f"A draft: {TITLE}, Tue 22 Dec, 10:00 in Paris",
        "Asked too: Clust-ER MECH.",
        "You get this because you organise events for your organisation.",
    ]
    assert gianna.reads().lines[2] == "Why Clust-ER MECH: same gap, another country."

    heard = await marie.taps("Interested")
    assert heard.lines == [
        f"✓ Noted: CIMES is interested in {TITLE}.",
        "Pool-Net is told and plans it with you.",
    ]
    await world.settled()
    heard = ana.reads()
    assert heard.lines == [
        f"CIMES is interested in {TITLE}, says Marie.",
        "Clust-ER MECH hasn't answered yet.",
        "You get this because you asked them, or your organisation did.",
    ]
    assert heard.buttons == ["Plan it", "Later", "Stop these"]
    heard = await ana.taps("Plan it")
    if world.platform == "telegram":
        assert heard.first == "Where? A place, a link, or both."
    heard = await ana.gives(where="https://meet.example.org/plastics")
    assert heard.lines[:3] == [
        "This is what people will see:",
        f"{TITLE} · webinar",
        "Tue 22 Dec, 09:00 in Lisbon · 1 hour",
    ]
    assert "Hosted by Pool-Net with CIMES" in heard.lines
    heard = await ana.taps("Tell everybody")
    heard = await ana.types("/partners")
    assert (
        heard.lines[0]
        == "The alliance is short: Knowledge exchange, 0 of 2 for 2026. Planned by Pool-Net: 1."
    )


async def test_each_is_asked_once_unless_again_by_hand_and_both_may_say_no(slack_world: World) -> None:
    ana, marie, gianna = await alliance(slack_world)
    before = await ana.types("/partners")
    await ana.types("/partners")
    await ana.taps("Ask both")
    await ana.taps("Send it")
    heard = await ana.taps("Ask both", on=before.raw)
    assert heard.lines == [
        "CIMES and Clust-ER MECH were asked for Pool-Net already this year.",
        "Nothing was sent.",
    ]
    assert heard.buttons == ["Ask again", "Plan it"]
    await slack_world.settled()
    await marie.types("/sectors")

    heard = await ana.types("/partners")
    assert heard.lines[1:4] == [
        "CIMES is asked, no answer yet.",
        "Clust-ER MECH is asked, no answer yet.",
        "I found nobody else to ask.",
    ]
    assert heard.buttons == ["Ask again", "Plan it", "Not now"]
    heard = await ana.taps("Ask again")
    assert heard.first == "This is what 2 people will read:"
    await ana.taps("Another title")
    heard = await ana.gives(title="Moulds and more")
    assert heard.lines[4] == "A draft: Moulds and more, Tue 22 Dec, 09:00 in Lisbon"
    await ana.taps("Send it")
    await slack_world.settled()
    assert marie.reads().first == "Ana asks for Pool-Net: would CIMES host an event with us (webinar)?"

    await marie.taps("Not now")
    await slack_world.settled()
    heard = ana.reads()
    assert heard.lines == [
        "CIMES can't host Moulds and more now, says Marie.",
        "Clust-ER MECH hasn't answered yet.",
        "You get this because you asked them, or your organisation did.",
    ]
    heard = await gianna.taps("Not now")
    assert heard.lines == ["Noted: not now for Clust-ER MECH. Pool-Net is told."]
    assert heard.buttons == ["Interested after all"]
    await slack_world.settled()
    assert ana.reads().lines == [
        "Clust-ER MECH can't host Moulds and more now, says Gianna.",
        "You get this because you asked them, or your organisation did.",
    ]
    heard = await ana.taps("Other partners")
    assert heard.lines[:4] == [
        NOTHING_YET,
        "CIMES can't this time.",
        "Clust-ER MECH can't this time.",
        "I found nobody else to ask.",
    ]


async def test_who_has_one_is_told_whether_one_more_helps(slack_world: World) -> None:
    ana, marie, _ = await alliance(slack_world)
    await slack_world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    heard = await marie.types("/partners")
    assert heard.lines[:2] == [
        "The alliance is short: Knowledge exchange, 1 of 2 for 2026. By CIMES: 1.",
        "Good partners: Pool-Net (nothing yet this year, both in plastics, another country, nothing together"
        " yet this year) and Clust-ER MECH (nothing yet this year, another country, nothing together yet this"
        " year).",
    ], "and MecaTech, with which they did one, is not first"

    await marie.types("/log webinar Pump care on 14 June with MecaTech")
    heard = await marie.types("/partners")
    assert heard.lines == [
        "Knowledge exchange: 2 of 2 for 2026, thank you.",
        "With CIMES: 2. There is no gap to fill.",
    ]
    assert heard.buttons == ["All indicators"]
    heard = await ana.types("/partners")
    assert heard.first == f"{NOTHING_YET} The alliance has 2 of 2."
    assert "Find partners" not in (await ana.types("/indicators")).buttons
    assert "Find partners" in (await ana.taps("Only Pool-Net")).buttons


async def test_in_a_group_nobody_is_told_what_they_lack(world: World) -> None:
    ana, marie, _ = await alliance(world)
    hall = world.group("Hall", ana, marie)
    await ana.types("/partners", hall)
    await world.settled()
    assert not any("CIMES" in marie.reads_on(one).text for one in marie.posts(hall))


async def test_the_coordinator_looks_for_anybody(slack_world: World) -> None:
    await alliance(slack_world)
    carla = await slack_world.member("Carla", "", "coordinator")
    heard = await carla.types("/partners")
    assert heard.lines == [
        "Knowledge exchange: 0 of 2 for 2026.",
        "Nothing of their own yet: CIMES, Clust-ER MECH, EMC2, EVOLUMA, Green-Tech Cluster, MecaTech and"
        " Pool-Net.",
        "For whom shall I look for partners?",
    ]
    assert heard.buttons == ["For CIMES", "For Clust-ER MECH", "For EMC2", "For EVOLUMA", "All indicators"]
    heard = await carla.taps("For EMC2")
    assert heard.lines == [
        "EMC2 has nothing yet for Knowledge exchange in 2026.",
        "Good partners: Clust-ER MECH (same gap, another country) and Pool-Net (same gap, another country).",
        "I don't know EMC2's sectors yet; they make this better.",
        "A draft: What works for us · webinar · Tue 22 Dec, 10:00 in Brussels",
        THREE,
    ]
    assert heard.buttons == ["Ask both", "Other partners", "Plan it", "Name our sectors", "Not now"]


async def test_late_in_the_year_the_day_is_sooner_and_then_next_year(slack_world: World) -> None:
    ana, _, _ = await alliance(slack_world)
    slack_world.clock.pass_(days=10)  # Fri 4 Dec
    heard = await ana.types("/partners")
    assert heard.lines[2] == f"A draft: {TITLE} · webinar · Wed 23 Dec, 09:00 in Lisbon"
    slack_world.clock.pass_(days=12)  # Wed 16 Dec
    heard = await ana.types("/partners")
    assert heard.lines[2:] == [
        f"A draft: {TITLE} · webinar · Wed 13 Jan 2027, 09:00 in Lisbon",
        THREE,
        "It would count for 2027.",
    ]
