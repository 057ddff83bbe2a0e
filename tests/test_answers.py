"""Answers left behind by a process that died: given at least once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages import Call, Place, Topic
from storage.received import Received
from storage.store import Storage, Store
from tests.delivery_stage import LOG, found, member, recorded, stage, texts
from tests.world import World

__all__ = ["stage"]  # a fixture


# ---- answers left behind ----


async def test_an_answer_recorded_and_not_given_is_given_after_the_restart(stage: World) -> None:
    luc = await member(stage)
    assert (await recorded(stage, luc, "killed")).state == "unsent"
    await stage.stop_bot()
    stage.clock.pass_(seconds=1)
    await stage.start_bot()
    for _ in range(2):
        await stage.settled()
    assert texts(luc) == ["✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · MecaTech"]
    assert (await found(stage, "killed")).state == "given"
    posts = await stage.storage.read(lambda store: store.posts.of_topic(Topic("activity", "1")))
    assert len(posts) == 1


async def test_an_answer_on_its_way_is_left_to_its_platform_for_a_while(stage: World) -> None:
    luc = await member(stage)
    stage.clock.pass_(seconds=1)
    await recorded(stage, luc, "slow")
    stage.clock.pass_(seconds=30)
    await stage.worker.settle()
    assert texts(luc) == []
    stage.clock.pass_(seconds=1)
    await stage.worker.settle()
    assert len(texts(luc)) == 1


async def test_an_answer_that_may_have_arrived_is_given_again(stage: World) -> None:
    luc = await member(stage)
    await recorded(stage, luc, "twice")
    stage.clock.pass_(minutes=1)
    stage.telegram.fail_next("sendMessage", after_processing=True, drop=True)
    await stage.worker.settle()
    assert (await found(stage, "twice")).state == "unsent"
    stage.clock.pass_(seconds=2)
    await stage.worker.settle()
    assert (await found(stage, "twice")).state == "given"
    assert len(texts(luc)) == 2


async def test_an_answer_to_somebody_out_of_reach_is_not_tried_for_ever(stage: World) -> None:
    luc = await member(stage)
    await recorded(stage, luc, "gone")
    luc.user.blocks()
    stage.clock.pass_(minutes=1)
    await stage.worker.settle()
    assert (await found(stage, "gone")).state == "given"
    assert stage.worker.counts["telegram", "answer_gone"] == 1


async def test_many_answers_of_a_platform_that_is_away_hide_nobody_elses(stage: World) -> None:
    luc = await member(stage)
    one = await recorded(stage, luc, "behind")

    def elsewhere(store: Store) -> None:
        for number in range(60):
            early = one.received_at - timedelta(hours=1)
            store.received.record(
                Received("slack", f"e{number}", one.account, one.place, one.answer, "unsent", "", early, "")
            )

    await stage.storage.write(elsewhere)
    stage.clock.pass_(minutes=1)
    await stage.worker.settle()
    assert (await found(stage, "behind")).state == "given"


async def test_an_answer_that_our_own_port_is_giving_is_nobody_elses(stage: World) -> None:
    luc = await member(stage)
    place = Place("telegram", "", luc.account.user)
    call = Call("slow", luc.account, place, stage.clock.now(), text=LOG)
    await stage.dispatch.receive(call)  # and the platform wants patience
    stage.clock.pass_(minutes=2)
    stage.worker.lead(False)
    stage.worker.lead(True)
    await stage.worker.settle()
    assert texts(luc) == []
    stage.dispatch.left(call)  # the port gave up
    await stage.worker.settle()
    assert len(texts(luc)) == 1


async def test_what_cannot_be_written_down_is_not_given_again(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    full = "CREATE TRIGGER full BEFORE UPDATE ON received BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    async with World("telegram", storage) as world:
        luc = await member(world)
        await recorded(world, luc, "lost")
        await world.settled()
        world.clock.pass_(minutes=1)
        await storage.write(lambda store: store._connection.exec_driver_sql(full))
        for _ in range(3):
            with pytest.raises(Exception, match="disk is full"):
                await world.worker.settle()
            world.clock.pass_(minutes=1)
        assert len(texts(luc)) == 1
        await storage.write(lambda store: store._connection.exec_driver_sql("DROP TRIGGER full"))
        await world.worker.settle()
        assert (await found(world, "lost")).state == "given"
        assert len(texts(luc)) == 1
    storage.close_now()
