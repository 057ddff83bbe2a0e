"""Telegram: one process polls at a time, and answers keep Telegram's pace."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import structlog

from bot.messages import Message, Place
from bot.platforms.pacing import Pace
from bot.platforms.telegram.outgoing import PACE
from tests.platforms.telegram_scene import RecordingInbox, Scene, says, telegram


def polls(scene: Scene) -> int:
    return sum(call.method == "getUpdates" for call in scene.server.calls)


async def test_who_does_not_lead_is_ready_and_does_not_poll() -> None:
    async with telegram(connect=False) as scene:
        scene.port.lead(False)
        assert not scene.port.ready()
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        await scene.server.user("Ana").types("/log", wait=False)
        await asyncio.sleep(0.05)
        assert polls(scene) == 0
        assert scene.port.start_link("x") == "https://t.me/alliance_bot?start=x"
        scene.port.lead(True)
        await scene.server.settled()
        assert scene.inbox.texts() == ["log"]
        assert scene.port.ready()


async def test_the_lead_is_handed_over_without_a_conflict_and_nothing_comes_twice() -> None:
    async with telegram() as scene:
        ana, other, heard = scene.server.user("Ana"), scene.new_port(), RecordingInbox()
        other.lead(False)
        await other.connect(heard)
        await scene.until(other.ready)
        first, second = (scene.port, scene.inbox), (other, heard)
        for turn in range(4):
            await ana.types(f"/log {turn}")
            first[0].lead(False)
            await scene.until(lambda: scene.server.unconfirmed() == 0)
            assert first[0].ready()
            second[0].lead(True)
            await scene.until(second[0].ready)
            first, second = second, first
        assert scene.inbox.texts() == ["log 0", "log 2"]
        assert heard.texts() == ["log 1", "log 3"]
        await other.disconnect()
        assert scene.sleeps == []  # nobody met a conflict, or he would have paused


async def test_a_batch_under_way_is_finished_and_confirmed_before_the_lead_is_gone() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.held["slow"] = asyncio.Event()
        await ana.types("/slow", wait=False)
        await scene.until(lambda: scene.inbox.begun)
        await ana.types("/later", wait=False)
        scene.port.lead(False)
        scene.inbox.held["slow"].set()
        await scene.until(lambda: len(scene.server.updates) == 1)
        assert scene.inbox.texts() == ["slow"]
        assert [update["message"]["text"] for update in scene.server.updates] == ["/later"]
        scene.port.lead(True)
        await scene.server.settled()
        assert scene.inbox.texts() == ["slow", "later"]


async def test_who_lost_the_lead_without_knowing_backs_off_and_disturbs_nobody_on_learning_it() -> None:
    async with telegram() as scene:
        ana, other, heard = scene.server.user("Ana"), scene.new_port(), RecordingInbox()
        await ana.types("/log 0")
        await other.connect(heard)
        await scene.until(other.ready)
        await scene.until(lambda: max(scene.sleeps, default=0) >= 5)
        scene.port.lead(False)
        await scene.port.disconnect()  # confirms nothing: that would end the other's poll
        assert [call for call in scene.server.calls if call.parameters.get("limit")] == []
        await ana.types("/log 1")
        assert heard.texts()[-1:] == ["log 1"]
        await other.disconnect()


async def test_the_lead_is_no_matter_to_a_webhook() -> None:
    async with telegram("webhook", connect=False) as scene:
        scene.port.lead(False)
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        await scene.server.user("Ana").types("/log")
        scene.port.lead(True)
        scene.port.lead(False)
        assert scene.port.ready()
        assert scene.inbox.texts() == ["log"]
        assert polls(scene) == 0


async def test_the_lead_may_come_and_go_while_telegram_is_away() -> None:
    async with telegram(connect=False) as scene:
        scene.server.fail_next("getMe", 502, times=2)
        scene.server.fail_next("deleteWebhook", 502, times=1)
        scene.server.fail_next("getUpdates", 502, times=2)
        scene.port.lead(False)
        await scene.port.connect(scene.inbox)
        scene.port.lead(True)
        scene.port.lead(False)
        scene.port.lead(True)
        await scene.until(scene.port.ready)
        await scene.server.user("Ana").types("/log")
        assert scene.inbox.texts() == ["log"]


async def test_a_standby_is_gone_at_once_when_it_is_told_to_go() -> None:
    async with telegram(connect=False) as scene:
        scene.port.lead(False)
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        with structlog.testing.capture_logs() as lines:
            await scene.port.disconnect()
        assert lines == []
        assert not scene.port.ready()
        assert polls(scene) == 0


async def test_answers_are_spaced_edits_too_and_taps_are_closed_at_once() -> None:
    async with telegram(connect=False) as scene:
        scene.port = scene.new_port(pace=Pace(overall=0.5))
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        ana = scene.server.user("Ana")
        scene.inbox.answers["list"] = says("Your list", "More")
        scene.inbox.answers["more"] = says("The rest", replace=True)
        card = (await ana.types("/list")).message
        assert scene.sleeps == []
        await ana.taps(card, "More")
        assert (scene.sleeps, card.text) == ([0.5], "The rest")
        await ana.types("/silence")
        assert scene.sleeps == [0.5]


async def test_every_part_of_a_long_answer_has_its_own_moment_and_what_others_send_has_none() -> None:
    async with telegram(connect=False) as scene:
        scene.port = scene.new_port(pace=Pace(overall=0.5))
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        ana = scene.server.user("Ana")
        scene.inbox.always = says("green\n\n" * 1000)
        await ana.types("/list")
        assert scene.sleeps == [0.5]
        scene.clock.time += timedelta(minutes=1)
        await scene.port.send(Place("telegram", "", ana.id), Message("paced by the lane"))
        await scene.port.send(Place("telegram", "", ana.id), Message("and so is this"))
        assert scene.sleeps == [0.5]


async def test_a_full_group_holds_answers_back_until_telegram_would_take_them() -> None:
    async with telegram(connect=False) as scene:
        scene.server.limits, scene.server.now = True, lambda: scene.clock.now().timestamp()
        scene.port = scene.new_port(pace=PACE)
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        ana, scene.server.quiet = scene.server.user("Ana"), 0.02
        group = scene.server.group("Green group", [ana])
        scene.inbox.always = says("1 of 2")
        for _ in range(25):
            await ana.types("/indicators", group)
            scene.clock.time += timedelta(seconds=1.1)
        assert [call.status for call in scene.server.calls if call.method == "sendMessage"] == [200] * 25
        assert max(scene.sleeps) > 30


@pytest.mark.parametrize("in_group", [False, True])
async def test_a_chat_that_telegram_wants_left_alone_is_left_alone_by_all_that_can_wait(
    in_group: bool,
) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        scene.inbox.always = says("1 of 2")
        scene.server.fail_next("sendMessage", 429, retry_after=31)  # longer than an answer waits
        await ana.types("/indicators", group if in_group else None)
        assert scene.port.pacer.resting() == (group.id if in_group else ana.id,)
        assert not scene.port.pacer.paused()
