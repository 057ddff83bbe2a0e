"""The minutes of a General Assembly: drafted from what was decided, kept as they were, linked (Art. 5(1))."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.assembly_stage import FEE, ballots, closes, in_house, noticed, opened
from tests.test_general_assembly import CALL, coordinator
from tests.world import World

AT = datetime(2026, 12, 10, 13, tzinfo=UTC)


async def explained(world: World, number: int, organisation: str, text: str) -> None:
    """An organisation said why it voted so."""

    def say(ctx: Any) -> None:
        person = ctx.store.persons.add("Yann", "fr", "Europe/Paris", ctx.now).id
        ctx.store.ballots.explain(number, organisation, person, text, ctx.now)

    await in_house(world, say)


async def test_they_say_what_was_decided_and_prove_it(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")
    first = await opened(world, proposer=ana, organisation="pool-net")
    await ballots(world, first, cimes="for", emc2="for", mecatech="for", evoluma="against")
    await explained(world, first, "evoluma", "Twice a year would do.")
    await closes(world, first)
    second = await opened(world, "charter_amendment")
    await ballots(world, second, cimes="for", emc2="for", mecatech="against", evoluma="against")
    await closes(world, second)
    await noticed(world, "annual_renewal")
    await giulia.types(CALL)
    await giulia.taps("Call it")
    world.clock.at = AT
    await giulia.types("/attendance")
    for name in ("CIMES", "EMC2", "MecaTech", "Pool-Net"):
        await giulia.taps(name)
    await giulia.taps("✓ EMC2")

    heard = await giulia.types("/minutes")
    assert heard.lines == [
        "Was the General Assembly of Thu 10 Dec, 14:00 in Rome held?",
        "Then its agenda is kept as it is now, and members can read the draft.",
    ]
    heard = await giulia.taps("Yes, draft them")
    assert heard.buttons == ["Attendance", "Set a link", "The Assembly"]
    lines = heard.lines
    assert lines[:8] == [
        "Minutes of meeting 1: General Assembly",
        "European Cluster Alliance for Green Manufacturing",
        "Thu 10 Dec, 14:00 in Rome · Hotel Central, Brussels",
        "A draft from what was decided; no filed version is linked yet.",
        "Who was there",
        "Here: CIMES, MecaTech and Pool-Net",
        "Remotely: EMC2",
        "Quorum: 4 of 7 organisations, 4 needed ✓",
    ]
    agenda = lines.index("Agenda")
    assert lines[agenda + 6 : agenda + 9] == [
        "2 · Whether the alliance goes on for another year (Art. 8), planned for Wed 26 Aug · motion 3",
        "3 · The Partnership Agreement, not adopted yet (Preamble)",
        "Decided",
    ]
    decided = lines[lines.index("Decided") + 1 : lines.index("Next dates")]
    assert decided[0] == "Motion 1 is carried: A joint newsletter"
    assert decided[1] == "3 for · 1 against · 0 abstained · 3 did not take part (7 members)"
    assert decided[2].endswith("More for than against: 3 to 1 ✓")
    assert "EVOLUMA explains its vote: Twice a year would do." in decided
    assert "Motion 2 is not carried: A small membership fee" in decided
    assert f"− {FEE[0]}" in decided
    assert f"＋ {FEE[1]}" in decided
    assert any(line.endswith("3 × 2 = 6, needed 2 × 4 = 8") for line in decided)
    assert lines[lines.index("Next dates") + 1].startswith("Motion 3, Another year: voting closes ")


async def test_they_are_drafted_once_and_read_by_all(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")
    assert (await giulia.types("/minutes 1")).first == "There is no meeting 1 yet. Nothing has changed."
    await giulia.types(CALL)
    await giulia.taps("Call it")
    not_yet = "There are no minutes of the General Assembly of Thu 10 Dec, "
    heard = await giulia.types("/minutes 1")
    assert heard.first == f"{not_yet}14:00 in Rome yet."
    world.clock.at = AT
    heard = await ana.types("/minutes 1")
    assert heard.first == f"{not_yet}13:00 in Lisbon (14:00 in Brussels) yet."
    heard = await giulia.types("/minutes link 1 https://example.org/minutes")
    assert heard.first.startswith(not_yet)

    await giulia.types("/minutes 1")
    await giulia.taps("Yes, draft them")
    await noticed(world, proposer=ana)  # after the meeting: it is on the agenda of the next one
    heard = await giulia.types("/minutes link 1 https://example.org/minutes")
    assert heard.lines == ["✓ The minutes of meeting 1, Thu 10 Dec, are at https://example.org/minutes"]
    heard = await ana.types("/minutes")
    assert heard.lines[2:4] == [
        "Thu 10 Dec, 13:00 in Lisbon (14:00 in Brussels) · Hotel Central, Brussels",
        "As filed: https://example.org/minutes",
    ]
    assert "No motion was decided." in heard.lines
    assert not [line for line in heard.lines if line.startswith("4 · ")]
    assert heard.buttons == ["The Assembly"]

    heard = await ana.types("/assembly")
    assert heard.lines[:3] == [
        "The General Assembly of 2026 was held: Thu 10 Dec, 13:00 in Lisbon (14:00 in Brussels).",
        "Its minutes: https://example.org/minutes",
        "The next one is not called yet. What waits for it:",
    ]
    assert heard.lines[-1].startswith("4 · Motion 1: A joint newsletter")
    assert (await giulia.types("/cancel assembly")).first == (
        "No General Assembly is called, so nothing has changed."
    )


async def test_the_next_minutes_begin_where_these_end(world: World) -> None:
    giulia = await coordinator(world)
    first = await opened(world)
    await ballots(world, first, cimes="for", emc2="for", mecatech="for", evoluma="for")
    await closes(world, first)
    for line in (
        "/call assembly on 4 December 14:00 in Brussels",
        "/call assembly on 17 December 18:00 in Brussels",
    ):
        await giulia.types(line)
        await giulia.taps("Call it")
    world.clock.at = datetime(2026, 12, 4, 14, tzinfo=UTC)
    await giulia.types("/minutes 1")
    heard = await giulia.taps("Yes, draft them")
    assert "Motion 1 is carried: A joint newsletter" in heard.lines
    assert heard.lines[-1] == "The next General Assembly: Thu 17 Dec, 18:00 in Rome."

    second = await opened(world, title="A shared stand")
    await ballots(world, second, cimes="for", emc2="for", mecatech="for", evoluma="for")
    await closes(world, second)
    world.clock.at = datetime(2026, 12, 17, 18, tzinfo=UTC)
    await giulia.types("/minutes 2")
    heard = await giulia.taps("Yes, draft them")
    assert "Decided since Fri 4 Dec" in heard.lines
    assert "Motion 2 is carried: A shared stand" in heard.lines
    assert "Motion 1 is carried: A joint newsletter" not in heard.lines


async def test_they_name_who_was_elected(world: World) -> None:
    giulia = await coordinator(world)
    number = await opened(world, "election")
    await ballots(world, number, cimes="1", emc2="1", mecatech="1", evoluma="2")
    await closes(world, number)
    await giulia.types(CALL)
    await giulia.taps("Call it")
    world.clock.at = AT
    await giulia.types("/minutes")

    heard = await giulia.taps("Yes, draft them")

    at = heard.lines.index("Motion 1 is decided: Who coordinates us")
    assert heard.lines[at + 1 : at + 4] == [
        "Ana (Pool-Net): 3 votes · elected ✓",
        "Luc (MecaTech): 1 vote",
        "4 of 7 members took part.",
    ]
