"""The bodies of the alliance: seats, terms, vacancies, and what an election does to them (Art. 5)."""

from __future__ import annotations

from typing import Any

from bot.context import Context
from bot.rules.decisions.motions import Candidate
from tests.assembly_stage import ballots, becomes_final, in_house, noticed, opened, slack_world
from tests.test_members import UNKNOWN_CODE, code_in
from tests.world import World

__all__ = ["slack_world"]  # a fixture

NOBODY = [f"{name} · nobody here yet" for name in ("EMC2", "EVOLUMA", "Green-Tech Cluster", "MecaTech")]
ACTIONS = "Coordinator of Actions: vacant · next: an election by the Assembly"
ADVISOR = "Advisor: vacant · next: an invitation"


async def number_of(world: World, somebody: Any) -> int:
    """Somebody's number, as a candidate has it."""

    def look(ctx: Context) -> int:
        person = ctx.store.accounts.identify(somebody.account).person
        assert person is not None
        return person.id

    return await in_house(world, look)


async def elects(world: World, role: str, *winners: Any, **more: Any) -> int:
    """An election of these people is voted on and becomes final; its number."""
    standing = [
        Candidate(str(key), one.name, await number_of(world, one), "pool-net")
        for key, one in enumerate(winners, start=1)
    ]
    everybody = "+".join(one.key for one in standing)
    seats = {"role": role, "candidates": tuple(standing), "seats": len(standing)}
    number = await opened(world, "election", **seats, **more)
    await ballots(world, number, **dict.fromkeys(("cimes", "emc2", "mecatech", "evoluma"), everybody))
    await becomes_final(world, number)
    return number


async def test_every_body_shows_its_seats_and_what_is_vacant(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await world.member("Rui", "pool-net", "alternate")
    await world.member("Marie", "cimes")
    await world.member("Ola", "clust-er-mech", "cluster-manager")

    heard = await ana.types("/bodies")
    assert heard.lines == [
        "Assembly of Members · Art. 5(1)",
        "CIMES · Representative: 1",
        "Clust-ER MECH · nobody here yet",
        *NOBODY,
        "Pool-Net · Representative: 1 · Alternate: 1",
        "Coordination Team · Art. 5",
        "Coordinator of the Alliance: vacant · next: an election by the Assembly",
        ACTIONS,
        "Advisory Council · Art. 5(4)",
        ADVISOR,
    ]
    assert heard.buttons == ["Propose election"]

    number = await noticed(world, "election", proposer=ana, organisation="pool-net")
    heard = await ana.types("/bodies")
    assert heard.lines[9:12] == [
        "Coordinator of the Alliance: vacant",
        f"An election is before the members: motion {number}.",
        ACTIONS,
    ]


async def test_a_term_is_set_and_is_over_without_taking_the_role_away(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    paula = await world.member("Paula", "", "coordinator")
    ana = await world.member("Ana", "pool-net")
    await paula.types("/bodies")

    heard = await giulia.types("/term")
    assert heard.lines == ["Whose term is it?"]
    heard = await giulia.taps("Paula · Coordinator…")
    assert heard.lines == ["Until which day, that one included?"]
    heard = await giulia.says("30 November 2026")
    assert heard.lines == [
        "✓ Paula (Coordinator of the Alliance): the term lasts until Mon 30 Nov.",
        "After that they stay until a successor is in.",
    ]
    await world.settled()
    assert paula.reads().lines == [
        "Giulia noted that you are Coordinator of the Alliance until Mon 30 Nov.",
        "After that you stay until a successor is in.",
        "You get this because you hold this role, or held it until now.",
    ]
    heard = await giulia.types("/term paula until 1 December 2026")
    assert heard.lines[1] == "Until now it was Mon 30 Nov."
    heard = await giulia.types("/term Nemo until 1 December 2026")
    assert heard.first == "Nobody called Nemo holds a role of the alliance. Whose term is it?"
    assert (await ana.types("/term Paula")).first.startswith("Your role here doesn't include")

    seat = "Coordinator of the Alliance: Paula, since Tue 24 Nov"
    heard = await ana.types("/bodies")
    assert f"{seat} · until Tue 1 Dec" in heard.lines
    assert (await ana.types("/agenda")).lines[-2] == (
        "3 · Election: Coordinator of the Alliance, Paula until Tue 1 Dec (Art. 5)"
    )
    world.clock.pass_(days=9)
    heard = await paula.types("/bodies")
    assert f"{seat} · term ended Tue 1 Dec, stays until a successor is in" in heard.lines
    assert heard.buttons == ["Propose election", "Invite somebody", "Set a term"]


async def test_who_is_elected_may_and_who_was_before_may_not(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    ana = await world.member("Ana", "pool-net")
    assert (await giulia.types("/attendance")).first.startswith("No General Assembly is called")
    assert (await ana.types("/attendance")).first.startswith("Your role here doesn't include")

    number = await elects(world, "coordinator", ana, effect={"term_months": 24})

    assert (await ana.types("/attendance")).first.startswith("No General Assembly is called")
    assert (await giulia.types("/attendance")).first.startswith("Your role here doesn't include")
    heard = await ana.types("/bodies")
    assert heard.lines[9:11] == [
        "Coordinator of the Alliance: Ana, since Mon 7 Dec · until Thu 7 Dec 2028 · motion 1",
        ACTIONS,
    ]
    heard = await ana.types("/term Ana until 1 December 2030")
    assert heard.lines == [
        "The term of Ana (Coordinator of the Alliance) lasts until Thu 7 Dec 2028: "
        f"the Assembly decided so in motion {number}.",
        "Another motion can change it; nothing has changed.",
    ]


async def test_actions_may_have_several_coordinators(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")

    await elects(world, "action-coordinator", ana, luc)

    heard = await ana.types("/bodies")
    assert [line.partition(",")[0] for line in heard.lines if line.startswith("Coordinator of Actions")] == [
        "Coordinator of Actions: Ana",
        "Coordinator of Actions: Luc",
    ]


async def test_who_is_elected_and_comes_in_later_takes_the_seat_with_its_term(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    ana = await world.member("Ana", "pool-net")
    candidates = (Candidate("1", "Bo"), Candidate("2", "Ana", await number_of(world, ana)))
    number = await opened(world, "election", candidates=candidates, effect={"term_months": 24})
    await ballots(world, number, **dict.fromkeys(("cimes", "emc2", "mecatech", "evoluma"), "1"))
    await becomes_final(world, number)
    await world.settled()
    told = giulia.finds("not here yet", None)
    assert giulia.reads_on(told).buttons == ["Invite them", "Later", "Stop these"]
    heard = await giulia.taps("Invite them", on=told)
    first = code_in(heard)
    second = code_in(await giulia.taps("Invite them", on=told))  # the first got lost

    world.clock.pass_(days=3)
    bo, later = world.stranger("Bo"), world.stranger("Later")
    await bo.says(first)
    heard = await bo.taps("Yes, that's me")
    assert heard.lines[2] == "Motion 1 elected you, until Thu 7 Dec 2028."
    heard = await bo.types("/bodies")
    assert (
        "Coordinator of the Alliance: Bo, since Thu 10 Dec · until Thu 7 Dec 2028 · motion 1" in heard.lines
    )
    await world.settled()
    assert giulia.reads().lines == [
        "Bo, elected by motion 1, came in: Coordinator of the Alliance until Thu 7 Dec 2028.",
        "With that your own time in this role is over. What you did stays.",
        "You get this because you hold this role, or held it until now.",
    ]
    assert giulia.reads().buttons == ["Read it", "The bodies", "Later", "Stop these"]
    assert (await giulia.types("/attendance")).first.startswith("Your role here doesn't include")

    assert (await later.says(second)).lines == UNKNOWN_CODE
    await world.grants(giulia, "coordinator", "")
    heard = await giulia.taps("Invite them", on=told)
    assert heard.lines == [
        "Nobody whom motion 1 elected is still to come in, so nobody is invited.",
    ]


async def test_of_two_who_are_elected_the_later_one_ends_nobodys_role_of_the_same_motion(
    slack_world: World,
) -> None:
    world = slack_world
    giulia, ana = await world.member("Giulia", "", "coordinator"), await world.member("Ana", "pool-net")
    candidates = (Candidate("1", "Ana", await number_of(world, ana)), Candidate("2", "Bo"))
    number = await opened(world, "election", candidates=candidates, seats=2)
    await ballots(world, number, **dict.fromkeys(("cimes", "emc2", "mecatech", "evoluma"), "1+2"))
    await becomes_final(world, number)
    await world.settled()
    assert (await giulia.types("/attendance")).first.startswith("Your role here doesn't include")
    bo = world.stranger("Bo")
    await bo.says(code_in(await ana.taps("Invite them")))
    await bo.taps("Yes, that's me")
    heard = await ana.types("/bodies")
    assert [line.partition(",")[0] for line in heard.lines if line.startswith("Coordinator of the")] == [
        "Coordinator of the Alliance: Ana",
        "Coordinator of the Alliance: Bo",
    ]


async def test_a_term_that_is_past_is_asked_again(slack_world: World) -> None:
    giulia = await slack_world.member("Giulia", "", "coordinator")
    heard = await giulia.types("/term Giulia until 30 November 2020")
    assert heard.lines[0] == "Mon 30 Nov 2020 is behind us. Until which day, that one included?"
    heard = await giulia.types("/term Giulia until 24 November 2026")
    assert heard.first == "✓ Giulia (Coordinator of the Alliance): the term lasts until Tue 24 Nov."


async def test_no_two_taps_read_the_same(slack_world: World) -> None:
    giulia = await slack_world.member("Giulia", "", "coordinator")
    await slack_world.grants(giulia, "action-coordinator", "")
    heard = await giulia.types("/term Giulia")
    assert heard.buttons == ["Coordinator of the…", "Coordinator of Acti…", "Cancel"]
    await giulia.taps("Cancel")
    for _ in range(2):
        await slack_world.member("Maximiliana Konstantinopolitanska", "", "advisor")
    heard = await giulia.types("/term Maximiliana Konstantinopolitanska")
    assert heard.lines == [
        "Whose term is it?",
        "1 · Maximiliana Konstantinopolitanska, Advisor since Tue 24 Nov",
        "2 · Maximiliana Konstantinopolitanska, Advisor since Tue 24 Nov",
    ]
    assert heard.buttons == ["1 · Maximiliana Kon…", "2 · Maximiliana Kon…", "Cancel"]
