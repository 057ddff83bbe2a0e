"""How our organisation voted in a year, for its board."""

from __future__ import annotations

from bot.assembly.balloting import recuse
from bot.context import Context
from tests.assembly_stage import acting, ballot, ballots, closes, in_house, noticed, opened, votes
from tests.world import World


async def test_our_year_is_a_list_with_who_why_and_what_became_of_it(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await opened(world, title="A joint newsletter")
    await opened(world, title="A prize")
    await opened(world, "consultation")
    await opened(world, "admission")
    await opened(world, "exclusion")
    await noticed(world, title="Not open yet")
    await votes(marie, 1, "for")
    await ballots(world, 1, mecatech="for", emc2="for", green_tech="for")
    await ballot(world, 2, "cimes", "abstain", event="entered")

    def happens(ctx: Context) -> None:
        who = acting(ctx, marie)
        ctx.store.ballots.explain(1, "cimes", who.person.id, "It brings us together.", ctx.now)
        recuse(who, 4, "cimes", "A sister firm.")

    await in_house(world, happens)
    await closes(world, 1)

    heard = await marie.types("/votes")
    assert heard.lines == [
        "How CIMES voted in 2026 · 5",
        "Motion 5, EMC2 leaves: not voted yet · closes Wed 9 Dec, 17:00 in Paris",
        "Wed 2 Dec · Motion 4, Nordic Robotics joins: takes no part, A sister firm. · too few took part",
        "Wed 2 Dec · Motion 3, Where to meet in spring: did not vote · advice",
        "Tue 24 Nov · Motion 2, A prize: Abstain (entered by the coordinator) · too few took part",
        "Tue 24 Nov · Motion 1, A joint newsletter: For (Marie), It brings us together. · carried",
    ]
    assert heard.buttons == ["All motions"]
    assert (await marie.types("/votes in 2026")).lines == heard.lines
    heard = await marie.types("/votes in 2025")
    assert heard.lines == ["How CIMES voted in 2025 · 0", "No vote in 2025."]


async def test_the_list_is_paged_and_is_for_our_own_people(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.grants(marie, "member", "emc2")
    for number in range(6):
        await opened(world, title=f"Thing {number + 1}")

    heard = await marie.types("/votes")
    assert heard.lines[:2] == [
        "How CIMES voted in 2026 · 6 · page 1 of 2",
        "Motion 6, Thing 6: not voted yet · closes Wed 2 Dec, 17:00 in Paris",
    ]
    assert heard.buttons == ["Older", "EMC2", "All motions"]
    heard = await marie.taps("Older")
    assert heard.lines[1:] == ["Motion 1, Thing 1: not voted yet · closes Wed 2 Dec, 17:00 in Paris"]
    assert heard.buttons == ["Newer", "EMC2", "All motions"]
    assert (await marie.taps("EMC2")).first == "How EMC2 voted in 2026 · 6 · page 1 of 2"

    heard = await marie.types("/votes of MecaTech")
    assert heard.lines == [
        "The list of MecaTech's votes is for its own people. Each motion shows who voted how."
    ]
    ola = await world.member("Ola", "", "coordinator")
    heard = await ola.types("/votes")
    assert heard.lines == [
        "You act for the whole alliance, and only organisations have votes. Each motion shows who voted how."
    ]
    assert heard.buttons == ["All motions"]
