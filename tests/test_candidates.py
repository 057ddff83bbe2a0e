"""Those who stand for a seat: one number each, everywhere, and a tap that is theirs alone."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Context
from bot.rules.decisions.motions import Candidate
from tests.assembly_stage import in_house, opened, slack_world
from tests.both_platforms import book_of, votes_hall
from tests.world import World

__all__ = ["slack_world"]  # a fixture

LONG = "Maximiliana Konstantino"


async def test_the_number_in_the_list_is_the_one_that_is_taken(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    candidates = (Candidate("1", "Ana", withdrawn=True), Candidate("2", "Bo"), Candidate("3", "Cy"))
    number = await opened(slack_world, "election", candidates=candidates)
    heard = await luc.types(f"/motion {number}")
    assert heard.lines[3:5] == ["2 · Bo", "3 · Cy"]
    heard = await luc.types(f"/vote {number}")
    assert heard.lines[2:4] == ["2 · Bo", "3 · Cy"]
    carla = await slack_world.member("Carla", "", "coordinator")
    await carla.types(f"/enter ballot {number} MecaTech 2")
    assert await book_of(slack_world, number) == ["entered mecatech 2"]


async def test_names_that_begin_alike_have_their_numbers_on_the_taps(slack_world: World) -> None:
    luc, ana = await slack_world.member("Luc", "mecatech"), await slack_world.member("Ana", "pool-net")
    hall = await votes_hall(luc, ana)
    candidates = (
        Candidate("1", f"{LONG}poulou"), Candidate("2", "Bo"), Candidate("3", f"{LONG}politou"),
    )  # fmt: skip
    number = await opened(slack_world, "election", candidates=candidates)
    card = luc.finds("Who coordinates us", hall)
    each = ["1 · Maximiliana Kons", "Bo", "3 · Maximiliana Kons"]
    assert luc.reads_on(card).buttons == [*each, "None of these", "Abstain", "More"]
    await luc.taps(each[2], on=card)
    assert await book_of(slack_world, number) == ["cast mecatech 3"]

    def stands_down(ctx: Context) -> None:
        motion = ctx.store.motions.get(number)
        assert motion is not None
        first, *others = motion.candidates
        ctx.store.motions.write(replace(motion, candidates=(replace(first, withdrawn=True), *others)))

    await in_house(slack_world, stands_down)
    heard = await ana.types("/motion 1")
    assert heard.buttons[:2] == ["Bo", f"{LONG}"[:20]]
