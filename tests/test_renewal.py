"""The renewal: the alliance goes on a year at a time, and nobody's silence ends it (Art. 8)."""

from __future__ import annotations

from bot.context import Context
from tests.assembly_stage import ballots, becomes_final, closes, in_house, noticed
from tests.world import World

STAY = "It is the alliance that is renewed; its members stay members."
PLANNED = [
    "Green Manufacturing goes on a year at a time (Art. 8), since Tue 26 Aug 2025.",
    "The next renewal was planned for Wed 26 Aug.",
    STAY,
]


async def test_a_renewal_that_is_final_moves_the_date(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    ada = await world.member("Ada", "cimes", "member")
    heard = await marie.types("/renewal")
    assert (heard.lines, heard.buttons) == (PLANNED, ["Propose it"])
    heard = await ada.types("/renewal")
    assert (heard.lines, heard.buttons) == (PLANNED, [])

    number = await noticed(world, "annual_renewal", proposer=marie)
    heard = await marie.types("/renewal")
    assert heard.lines[1] == "Motion 1 is about its renewal; voting opens Fri 11 Dec, 09:00 in Paris."
    assert heard.buttons == ["Read it"]
    world.clock.pass_(days=18)
    await world.happens()
    heard = await marie.types("/renewal")
    assert heard.lines[1] == "Motion 1 is about its renewal; voting is open until Thu 17 Dec, 17:00 in Paris."
    await ballots(world, number, cimes="for", mecatech="for", emc2="for", evoluma="against")
    assert (await becomes_final(world, number)).result == "carried"

    heard = await marie.types("/renewal")
    assert heard.lines == [
        "Green Manufacturing is renewed until Fri 17 Dec 2027 (Art. 8).",
        "The Assembly decided it on Thu 17 Dec, motion 1.",
        "The next renewal is due by Fri 17 Dec 2027.",
        STAY,
    ]
    assert heard.buttons == ["Propose it"]


async def test_too_few_voices_end_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    giulia = await world.member("Giulia", "", "coordinator")
    await giulia.types("/help")
    number = await noticed(world, "annual_renewal", proposer=marie)
    world.clock.pass_(days=18)
    await world.happens()
    await ballots(world, number, cimes="for")

    assert (await closes(world, number)).result == "inquorate"

    heard = await marie.types("/renewal")
    assert (heard.lines, heard.buttons) == (PLANNED, ["Propose it"])

    def standing(ctx: Context) -> set[str]:
        return {one.standing for one in ctx.store.organisations.all()}

    assert await in_house(world, standing) == {"voting"}
    await world.passes(days=1)  # it was put to the Assembly, so nobody is asked what became of it
    asked = await in_house(world, lambda ctx: set(ctx.store.milestones.all()))
    assert asked == {"agreement:2026-02-26"}
