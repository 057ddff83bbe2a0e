"""Results as they once went wrong: late answers to objections, overtaken amendments, a step that breaks."""

from __future__ import annotations

import asyncio
import threading
from datetime import date, timedelta
from typing import Any

from structlog.testing import capture_logs

from bot.context import Context
from bot.dispatch.running import run
from bot.messages import Call, Place
from bot.rules.decisions.amending import tidy
from bot.rules.decisions.motions import Candidate
from storage.store import Storage, Store
from tests.assembly_stage import (
    FEE,
    acting,
    ballots,
    becomes_final,
    closes,
    in_house,
    noticed,
    opened,
    slack_world,
    stands,
    votes,
)
from tests.both_platforms import is_proved
from tests.lanes_stage import read_by
from tests.world import World

__all__ = ["slack_world"]  # a fixture

FOUR = {"cimes": "for", "emc2": "for", "mecatech": "for", "evoluma": "for"}
NEW_FEE = "The fee is 300 euro a year."


def stands_for(ctx: Context, somebody: Any) -> Candidate:
    """Somebody of the world as candidate "1"."""
    return Candidate("1", somebody.name, acting(ctx, somebody).person.id)


async def is_objected_to(world: World, ana: Any, number: int) -> None:
    """The motion is counted, and Ana's organisation objects to how it was decided."""
    await closes(world, number)
    await ana.types(f"/object {number} We were not asked")
    await world.settled()


async def dismisses(carla: Any) -> Any:
    """The coordinator dismisses the objection that she was told of; what she reads."""
    await carla.taps("Dismiss")
    return await carla.gives(why="You were asked.")


async def test_a_late_answer_makes_a_result_final_from_its_own_day(slack_world: World) -> None:
    luc, ana = await slack_world.member("Luc", "mecatech"), await slack_world.member("Ana", "pool-net")
    carla = await slack_world.member("Carla", "", "coordinator")
    number = await opened(slack_world, "charter_amendment")
    await ballots(slack_world, number, **FOUR)
    await is_objected_to(slack_world, ana, number)
    slack_world.clock.pass_(days=30)  # it was to be final on the 7th of December
    heard = await dismisses(carla)
    assert heard.first == ("Dismissed; Pool-Net is told. Motion 1 is final: A small membership fee.")
    now = slack_world.clock.now()
    motion = (await stands(slack_world, number)).motion
    assert (motion.final_at, motion.certified_at, motion.in_force_on) == (now, now, date(2027, 1, 1))
    await slack_world.settled()
    assert luc.reads().lines[:2] == [
        "✓ Motion 1 is final: A small membership fee",
        "Final, in force since Fri 1 Jan.",
    ]
    assert "Last changed by motion 1 on Fri 1 Jan." in (await luc.types("/charter 7")).lines
    await is_proved(slack_world, number)


async def test_an_amendment_that_another_overtook_meanwhile_is_void(slack_world: World) -> None:
    luc, ana = await slack_world.member("Luc", "mecatech"), await slack_world.member("Ana", "pool-net")
    carla = await slack_world.member("Carla", "", "coordinator")
    text = slack_world.charter.article(7).text
    first = await opened(slack_world, "charter_amendment")
    later = (await stands(slack_world, first)).motion.closes_at + timedelta(days=2)
    given = {"title": "Another fee", "after": text.replace(FEE[0], NEW_FEE), "closes_at": later}
    second = await opened(slack_world, "charter_amendment", **given)
    for number in (first, second):
        await ballots(slack_world, number, **FOUR)
    await is_objected_to(slack_world, ana, first)
    adopted = await becomes_final(slack_world, second)
    slack_world.clock.pass_(days=3)
    await dismisses(carla)
    lost = (await stands(slack_world, first)).motion
    assert (lost.voided_at, lost.void_reason, lost.in_force_on) == (slack_world.clock.now(), "rebase", None)
    kept = (await stands(slack_world, second)).motion
    assert (kept.voided_at, kept.in_force_on) == (None, adopted.in_force_on)
    await slack_world.settled()
    assert luc.reads().lines[:2] == [
        "Motion 1 could not take effect: A small membership fee",
        "The article changed meanwhile, so this has to be proposed anew.",
    ]
    lines = (await luc.types("/charter 7")).lines
    assert (NEW_FEE in lines, FEE[1] in lines) == (True, False)
    versions = await slack_world.storage.read(lambda store: store.charters.versions())
    assert [one.motion for one in versions] == [None, second]


async def test_an_amendment_that_is_withdrawn_is_not_carried_over(postgres_url: str) -> None:
    storage = Storage(postgres_url)
    async with World("slack", storage) as world:
        luc = await world.member("Luc", "mecatech")
        first = await opened(world, "charter_amendment")
        await ballots(world, first, **FOUR)
        final_at = (await closes(world, first)).final_at
        assert final_at is not None
        world.clock.at = final_at - timedelta(seconds=1)
        more = world.charter.article(7).text + "\nAccounts are public."
        second = await noticed(world, "charter_amendment", proposer=luc, organisation="mecatech", after=more)
        place = Place(world.platform, luc.account.workspace, f"D{luc.account.user}")
        given = {"number": str(second), "sure": "yes"}
        call = Call("w", luc.account, place, world.clock.now(), command="withdraw motion", arguments=given)
        withdrawn, go_on = threading.Event(), threading.Event()

        def slowly(store: Store) -> None:
            run(world.worker._around, call, store, writes=True)
            withdrawn.set()
            assert go_on.wait(timeout=30)

        withdraws = asyncio.create_task(storage.write(slowly))
        await asyncio.to_thread(withdrawn.wait, 30)
        world.clock.at = final_at
        certifies = asyncio.create_task(world.ticker.tick())
        await asyncio.sleep(0.1)
        go_on.set()
        await asyncio.gather(withdraws, certifies)
        adopted, other = [(await stands(world, number)).motion for number in (first, second)]
        assert adopted.certified_at == final_at
        assert (other.withdrawn_at, other.base, other.version) == (final_at - timedelta(seconds=1), 1, 1)
        await world.settled()
    storage.close_now()


async def test_who_edits_an_amendment_that_was_carried_over_edits_the_new_text(slack_world: World) -> None:
    luc = await slack_world.member("Luc", "mecatech")
    first = await opened(slack_world, "charter_amendment")
    await ballots(slack_world, first, **FOUR)
    final_at = (await closes(slack_world, first)).final_at
    assert final_at is not None
    more = slack_world.charter.article(7).text + "\nAccounts are public."
    given = {"proposer": luc, "organisation": "mecatech", "after": more}
    second = await noticed(slack_world, "charter_amendment", **given)
    await luc.types("/motion 2")
    await luc.taps("Edit")
    await luc.taps("The wording")
    slack_world.clock.at = final_at
    await slack_world.happens()
    heard = await luc.gives(after=more + " And open.")  # of the text without the fee: it is shown anew
    assert heard.text == ""
    [shown] = [one["element"]["initial_value"] for one in luc.user.form.inputs if one["block_id"] == "after"]
    assert shown == tidy(more.replace(*FEE))
    assert (await stands(slack_world, second)).motion.after == shown


async def test_a_motion_whose_step_breaks_stops_no_other(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    given = {"candidates": await in_house(world, lambda ctx: (stands_for(ctx, luc),))}
    broken = await opened(world, "election", effect={"term_months": "many"}, **given)
    await ballots(world, broken, **dict.fromkeys(FOUR, "1"))
    final_at = (await closes(world, broken)).final_at
    assert final_at is not None
    world.clock.at = final_at - timedelta(days=1)
    opens, closing = await noticed(world, title="One that opens"), await opened(world)
    with capture_logs() as logged:
        assert (await closes(world, closing)).result == "inquorate"
        world.clock.at = (await stands(world, opens)).motion.opens_at
        heard = await votes(luc, opens, "for")
        assert heard.first == f"🗳 Recorded for MecaTech: For, motion {opens}."
    assert {one["motion"] for one in logged if one["event"] == "motion_not_settled"} == {broken}
    now = (await stands(world, broken)).motion
    assert (now.certified_at, now.in_force_on) == (None, None)
    assert await world.storage.read(lambda store: store.roles.holders("coordinator")) == ()
    assert (await stands(world, opens)).ballots == {"mecatech": "for"}
    await is_proved(world, closing)


async def test_a_renewal_that_is_recorded_later_does_not_move_the_date_back(slack_world: World) -> None:
    marie = await slack_world.member("Marie", "cimes")
    carla = await slack_world.member("Carla", "", "coordinator")
    for day in ("20 October", "12 May"):
        await carla.types(f"/record decision We go on on {day} text We go on. counts 5-1 kind renewal")
        await carla.taps("Record it")
        slack_world.clock.pass_(days=8)
        await slack_world.happens()
        heard = await marie.types("/renewal")
        assert heard.lines[:2] == [
            "Green Manufacturing is renewed until Wed 20 Oct 2027 (Art. 8).",
            "The Assembly decided it on Tue 20 Oct, motion 1.",
        ]


async def test_who_is_elected_is_named_when_it_is_final(slack_world: World) -> None:
    luc, ana = await slack_world.member("Luc", "mecatech"), await slack_world.member("Ana", "pool-net")
    candidates = await in_house(slack_world, lambda ctx: (stands_for(ctx, ana), Candidate("2", "Bo")))
    number = await opened(slack_world, "election", candidates=candidates)
    await ballots(slack_world, number, cimes="1", emc2="1", evoluma="2", mecatech="1")
    await becomes_final(slack_world, number)
    await slack_world.settled()
    assert read_by(luc)[-1] == "✓ Motion 1 is final: Who coordinates us"
    assert luc.reads().lines[:3] == [
        "✓ Motion 1 is final: Who coordinates us",
        "Elected (Coordinator of the Alliance): Ana.",
        "Final, in force since Mon 7 Dec.",
    ]
