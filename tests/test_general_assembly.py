"""The General Assembly: called, answered, moved, cancelled; its agenda; who is there (Art. 5(1))."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.assembly.agenda import Item, agenda, record_of
from bot.assembly.meetings import next_meeting, turnout, voting_members
from bot.context import Context
from storage.meetings import Meeting
from storage.store import Store
from tests.assembly_stage import ballots, becomes_final, in_house, noticed, opened, slack_world
from tests.world import World

__all__ = ["slack_world"]  # a fixture

FIXED = [
    "1 · How far we are with the year's indicators (Art. 2)",
    "2 · Whether the alliance goes on for another year (Art. 8), planned for Wed 26 Aug",
    "3 · The Partnership Agreement, not adopted yet (Preamble)",
]
FIGURES = [
    "– Knowledge exchange: 0 of 2",
    "– Joint proposals: 0 of 1",
    "– SMEs reached: 0 of 20",
    "– Policy voice: 0 of 1",
]
CALL = "/call assembly on 10 December 14:00 in Hotel Central, Brussels"
HERE = "Thu 10 Dec, 14:00 in Rome"
LISBON = "Thu 10 Dec, 13:00 in Lisbon (14:00 in Brussels)"


async def coordinator(world: World, name: str = "Giulia") -> Any:
    """Somebody who keeps the Assembly and votes for Clust-ER MECH, in Italy."""
    giulia = await world.member(name, "clust-er-mech")
    await world.grants(giulia, "coordinator", "")
    return giulia


async def called(giulia: Any, world: World) -> None:
    """A General Assembly is called, and everybody has it in their chats."""
    await giulia.types(CALL)
    await giulia.taps("Call it")
    await world.settled()


async def test_none_is_called_and_nobody_is_blamed(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/assembly")
    assert heard.lines == [
        "No General Assembly is called for 2026 yet.",
        "Art. 5(1) plans one a year at least. What waits for it:",
        FIXED[0],
        *FIGURES,
        *FIXED[1:],
    ]
    assert heard.buttons == []
    assert (await giulia.types("/assembly")).buttons == ["Call it"]
    assert (await ana.types("/agenda")).first == (
        "What waits for the next General Assembly, which is not called yet"
    )
    assert (await giulia.types("/attendance")).lines == [
        "No General Assembly is called, so nothing has changed."
    ]
    heard = await ana.types(CALL)
    assert heard.first.startswith("Your role here doesn't include keeping the Assembly's records")


async def test_it_is_shown_before_it_is_called_and_everybody_who_votes_is_told(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")
    ola = await world.member("Ola", "evoluma", "cluster-manager")
    await noticed(world, proposer=ana, organisation="pool-net")
    for one in (ana, ola):
        await one.types("/agenda")

    heard = await giulia.types(CALL + " agenda A walk through the works")
    assert heard.lines == [
        "This is what members will see:",
        f"General Assembly: {HERE}",
        "Where: Hotel Central, Brussels",
        "Agenda:",
        *FIXED,
        "4 · Motion 1: A joint newsletter, voting closes Thu 10 Dec, 17:00 in Rome",
        "5 · A walk through the works",
        "Goes to who votes for 2 organisations. "
        "Nobody is here yet for CIMES, EMC2, EVOLUMA, Green-Tech Cluster and MecaTech.",
    ]
    assert heard.buttons == ["Call it", "Another time", "Another place", "Cancel"]
    await world.settled()
    assert ana.reads().first.startswith("What waits for the next"), "nothing is out yet"

    heard = await giulia.taps("Call it")
    assert heard.lines == [
        f"✓ The General Assembly is called: {HERE}.",
        "Who votes for 2 organisations is told, and can answer with a tap.",
    ]
    assert heard.buttons == ["We'll be there", "Apologies", "The Assembly", "Cancel the meeting"]
    await world.settled()
    heard = ana.reads()
    assert heard.lines == [
        f"General Assembly: {LISBON}",
        "Where: Hotel Central, Brussels",
        "Agenda:",
        *FIXED,
        "4 · Motion 1: A joint newsletter, voting closes Thu 10 Dec, 16:00 in Lisbon",
        "5 · A walk through the works",
        "Will your organisation be there?",
        "You get this because you vote for your organisation, or look after the alliance.",
    ]
    assert heard.buttons == ["We'll be there", "Apologies", "The Assembly"]
    assert ola.reads().first.startswith("What waits for the next"), "she doesn't vote"

    heard = await giulia.types("/call assembly on 17 December 14:00 in Brussels")
    assert heard.lines[-1] == f"One is called already: {HERE}. This would be a second one."


async def test_members_answer_with_a_tap_and_change_it(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    await world.grants(luc, "representative", "emc2")
    await called(giulia, world)

    heard = await ana.taps("We'll be there")
    assert heard.lines == [f"✓ Pool-Net comes to the General Assembly, {LISBON}."]
    assert heard.buttons == ["Apologies", "The Assembly"]
    heard = await luc.taps("We'll be there")
    assert heard.first == "For which organisation?"
    heard = await luc.taps("EMC2")
    assert heard.first == "✓ EMC2 comes to the General Assembly, Thu 10 Dec, 14:00 in Brussels."
    heard = await luc.taps("Apologies")
    assert (
        heard.first == "Noted: EMC2 sends apologies for the General Assembly, Thu 10 Dec, 14:00 in Brussels."
    )

    heard = await ana.types("/assembly")
    assert heard.lines[:4] == [
        f"General Assembly: {LISBON}",
        "Where: Hotel Central, Brussels",
        "1 of 7 members come, 1 sent apologies.",
        "Agenda:",
    ]
    assert heard.buttons == ["Apologies"]
    assert (await giulia.types("/assembly")).buttons == [
        "We'll be there", "Apologies", "Attendance", "Move it", "Cancel the meeting",
    ]  # fmt: skip


async def test_it_is_moved_and_cancelled_and_everybody_hears_it(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")
    await called(giulia, world)
    await ana.taps("We'll be there")

    heard = await giulia.types("/move assembly to 15 December 15:00")
    assert heard.lines[:3] == [
        "Move the General Assembly to Tue 15 Dec, 15:00 in Rome?",
        f"Until now: {HERE}.",
        "Where: Hotel Central, Brussels",
    ]
    assert (
        await giulia.taps("Move it")
    ).first == "✓ The General Assembly is moved: Tue 15 Dec, 15:00 in Rome."
    await world.settled()
    assert ana.reads().lines == [
        "The General Assembly is moved: Tue 15 Dec, 14:00 in Lisbon (15:00 in Brussels)",
        f"Until now: {LISBON}.",
        "Where: Hotel Central, Brussels",
        "What you answered stands. You can change it here.",
        "You get this because you vote for your organisation, or look after the alliance.",
    ]
    assert (await ana.types("/assembly")).lines[2] == "1 of 7 members come, 0 sent apologies."

    heard = await giulia.types("/cancel assembly The hall is not free")
    assert heard.lines == [
        "Cancel the General Assembly of Tue 15 Dec, 15:00 in Rome?",
        "Who votes for 2 organisations is told.",
    ]
    assert heard.buttons == ["Yes, cancel it", "Not now"], "a second [Cancel] would say either"
    heard = await giulia.taps("Yes, cancel it")
    assert heard.first == (
        "The General Assembly of Tue 15 Dec, 15:00 in Rome is cancelled. Who votes is told."
    )
    await world.settled()
    assert ana.reads().lines == [
        "The General Assembly of Tue 15 Dec, 14:00 in Lisbon (15:00 in Brussels) does not take place.",
        "Reason: The hall is not free",
        "You get this because you vote for your organisation, or look after the alliance.",
    ]
    heard = await ana.taps("Apologies")
    assert heard.first == (
        "The General Assembly of Tue 15 Dec, 14:00 in Lisbon (15:00 in Brussels) was cancelled, "
        "so nothing has changed."
    )
    assert (await ana.types("/assembly")).first == "No General Assembly is called for 2026 yet."


async def test_a_moment_that_is_past_is_asked_again(world: World) -> None:
    giulia = await coordinator(world)

    heard = await giulia.types("/call assembly on 2026-11-24 09:00 in Brussels")
    assert heard.lines[0] == "Tue 24 Nov, 09:00 is behind us. On which day, and at what time, is it?"
    heard = await giulia.says("26 November 10:00")
    assert heard.lines[1:3] == ["General Assembly: Thu 26 Nov, 10:00 in Rome", "Where: Brussels"]
    await giulia.taps("Another place")
    heard = await giulia.gives(where="https://example.org/room")
    assert heard.lines[2] == "Where: https://example.org/room"


async def test_the_list_is_ticked_on_the_day_and_says_whether_it_is_enough(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")
    await called(giulia, world)
    await ana.taps("We'll be there")

    heard = await giulia.types("/attendance 1")
    assert heard.lines == [
        "0 of 7 organisations are here; 4 needed",
        "Said they come: Pool-Net",
        "Not said yet: CIMES, Clust-ER MECH, EMC2, EVOLUMA, Green-Tech Cluster and MecaTech",
        "You can tick them from Thu 10 Dec, 13:00 in Rome on.",
    ]
    assert heard.buttons == ["The Assembly"]

    world.clock.at = datetime(2026, 12, 10, 12, 30, tzinfo=UTC)
    heard = await giulia.types("/attendance 1")
    assert heard.buttons[:2] == ["CIMES", "Clust-ER MECH"]
    for name in ("CIMES", "EMC2", "MecaTech"):
        heard = await giulia.taps(name)
    assert heard.first == "3 of 7 organisations are here; 4 needed"
    heard = await giulia.taps("✓ EMC2")
    assert heard.lines[1:4] == [
        "Here: CIMES and MecaTech",
        "Remotely: EMC2",
        "Said they come: Pool-Net",
    ]
    heard = await giulia.taps("Pool-Net")
    assert heard.first == "4 of 7 organisations are here; 4 needed ✓"
    heard = await giulia.taps("✓ remote: EMC2")
    assert heard.first == "3 of 7 organisations are here; 4 needed"
    assert "Apologies: EMC2" in heard.lines
    assert "– EMC2" in heard.buttons

    world.clock.pass_(hours=1)
    await ana.types("/assembly")
    heard = await ana.taps("Apologies")
    await ana.taps("We'll be there")
    assert (await ana.types("/assembly")).lines[2] == "3 of 7 organisations are here; 4 needed"
    assert (await giulia.types("/assembly")).buttons[-2:] == ["Attendance", "Minutes"]


async def test_the_agenda_is_worked_out_from_what_stands(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    number = await opened(world, proposer=ana, organisation="pool-net", review_on=date(2026, 12, 20))
    await ballots(world, number, cimes="for", emc2="for", mecatech="for", evoluma="for")
    await becomes_final(world, number)
    renewal = await noticed(world, "annual_renewal")
    election = await noticed(world, "election")
    now = world.clock.now()

    def on(ctx: Context, day: int, *lines: str) -> tuple[Item, ...]:
        at = datetime(2026, 12, day, 14, tzinfo=UTC)
        return agenda(ctx, Meeting(0, "General Assembly", at, "Europe/Brussels", "", lines, 1, now))

    def look(ctx: Context) -> tuple[tuple[Item, ...], ...]:
        return on(ctx, 19), on(ctx, 20, "A walk", "Dinner")

    early, late = await in_house(world, look)
    assert [one.about for one in early] == ["indicators", "renewal", "vacancy", "agreement"]
    assert (early[1].motion, early[2].motion, early[2].title) == (
        renewal,
        election,
        "Coordinator of the Alliance",
    )
    assert [one.about for one in late[4:]] == ["review", "extra", "extra"]
    assert (late[4].motion, late[5].title) == (number, "A walk")


async def test_the_quorum_is_counted_in_whole_organisations_that_vote(world: World) -> None:
    at = datetime(2026, 12, 10, 13, tzinfo=UTC)

    def look(ctx: Context) -> list[tuple[int, int, bool]]:
        person = ctx.store.persons.add("Dana", "en", "Europe/Brussels", ctx.now).id
        ctx.store.organisations.change("emc2", standing="suspended")
        made = Meeting(0, "General Assembly", at, "Europe/Brussels", "Brussels", (), person, ctx.now)
        meeting = ctx.store.meetings.add(made)
        assert next_meeting(ctx) == meeting
        members = voting_members(ctx)
        assert record_of(ctx, meeting).members == members
        assert len(members) == 6
        seen = []
        for slug in ("emc2", *members[:3]):
            ctx.store.meetings.attend(meeting.number, slug, person, "present", at)
            quorum = turnout(ctx, meeting, members).quorum
            assert quorum is not None
            seen.append((quorum.value, quorum.needed, quorum.holds))
        ctx.store.meetings.attend(meeting.number, members[4], person, "present", ctx.now)  # only announced
        quorum = turnout(ctx, meeting, members).quorum
        assert quorum is not None
        assert quorum.value == 3
        return seen

    assert await in_house(world, look) == [(0, 3, False), (1, 3, False), (2, 3, False), (3, 3, True)]


async def test_after_the_day_the_minutes_wait(world: World) -> None:
    giulia = await coordinator(world)
    ana = await world.member("Ana", "pool-net")
    await called(giulia, world)
    world.clock.at = datetime(2026, 12, 12, 14, tzinfo=UTC)

    heard = await giulia.types("/assembly")
    assert heard.lines[:2] == [
        f"The General Assembly was on {HERE}; its minutes aren't drafted yet.",
        "The next one is not called yet. What waits for it:",
    ]
    assert heard.buttons == ["Minutes", "Call it"]
    assert (await ana.types("/assembly")).buttons == []
    await giulia.taps("Minutes")
    await giulia.taps("Yes, draft them")
    heard = await giulia.types("/assembly")
    assert heard.first == f"The General Assembly of 2026 was held: {HERE}."
    assert heard.buttons == ["Call it", "Minutes"]


async def test_where_and_when_it_is_anyhow_is_no_move(slack_world: World) -> None:
    giulia = await coordinator(slack_world)
    ana = await slack_world.member("Ana", "pool-net")
    await called(giulia, slack_world)

    heard = await giulia.types("/move assembly to 10 December 14:00 in hotel central, Brussels")
    assert heard.lines == [
        f"The General Assembly is on {HERE} already, at that place. To which day and time does it move?",
        "The rest is kept; nothing is saved yet.",
    ]
    heard = await giulia.says("10 December 14:30")
    assert heard.first == "Move the General Assembly to Thu 10 Dec, 14:30 in Rome?"
    await slack_world.settled()
    assert ana.reads().first == f"General Assembly: {LISBON}", "nothing is out yet"


async def test_the_list_of_many_organisations_has_pages(world: World) -> None:
    giulia = await coordinator(world)
    await called(giulia, world)

    def many(store: Store) -> None:
        emc2 = store.organisations.get("emc2")
        assert emc2 is not None
        for number in range(100, 194):
            store.organisations.add(
                replace(emc2, slug=f"o{number}", name=f"O {number}", short_name=f"O {number}")
            )

    await world.storage.write(many)
    world.clock.at = datetime(2026, 12, 10, 12, 30, tzinfo=UTC)
    heard = await giulia.types("/attendance")
    assert heard.first == "0 of 101 organisations are here; 51 needed"
    assert heard.buttons[18:] == ["O 112", "O 113", "More", "The Assembly"]
    heard = await giulia.taps("More")
    assert (heard.buttons[0], heard.buttons[19:]) == ("O 114", ["O 133", "More", "Back", "The Assembly"])
    heard = await giulia.taps("O 114")
    assert heard.first == "1 of 101 organisations are here; 51 needed"
    assert (heard.buttons[0], heard.buttons[19:]) == ("✓ O 114", ["O 133", "More", "Back", "The Assembly"])
    heard = await giulia.taps("Back")
    assert heard.buttons[0] == "CIMES"
