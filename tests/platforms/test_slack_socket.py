"""The socket that is lost, refused, refreshed: it comes back, and what was not acknowledged comes again."""

from __future__ import annotations

import asyncio

import pytest

from tests.platforms.slack_scene import Scene, says, slack


async def test_a_lost_socket_is_opened_again_and_unacknowledged_events_come_again(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("Hello Ana!")
    scene.inbox.held = asyncio.Event()
    saying = asyncio.create_task(ana.says("hello"))
    await scene.until(lambda: scene.inbox.begun)

    await scene.server.cut()
    await scene.until(lambda: scene.inbox.begun == 2)
    scene.inbox.held.set()
    await saying
    await scene.server.connected()
    await scene.server.settled()

    assert scene.server.handshakes == 2
    assert [incoming.text for incoming in scene.inbox.received] == ["hello", "hello"]
    assert len({incoming.event for incoming in scene.inbox.received}) == 1
    assert [seen.words for seen in ana.sees()] == [
        "hello",
        "Hello Ana!",
    ]  # given once: the first ack was lost
    assert scene.port.ready()


async def test_we_are_not_ready_while_the_socket_is_lost(scene: Scene) -> None:
    scene.server.refuse_tickets(1000)
    await scene.server.cut()
    await scene.until(lambda: not scene.port.ready())

    scene.server.refuse_tickets(0)
    await scene.until(scene.port.ready)


async def test_dead_tickets_are_not_tried_twice(scene: Scene) -> None:
    scene.server.refuse_tickets(3)
    before = len(scene.server.called("apps.connections.open"))

    await scene.server.cut()
    await scene.server.connected()

    assert len(scene.server.called("apps.connections.open")) - before == 4
    assert await scene.server.user("Ana").says("hello") == []
    assert scene.inbox.texts() == ["hello"]


async def test_a_refresh_opens_the_next_socket_while_the_old_one_still_takes_acks(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("✓ Logged")
    scene.inbox.held = asyncio.Event()
    typing = asyncio.create_task(ana.types("/log x"))
    await scene.until(lambda: scene.inbox.begun)

    await scene.server.refresh()
    await scene.server.connected()
    scene.inbox.held.set()

    [answer] = await typing
    assert answer.words == "✓ Logged"
    assert not ana.timed_out
    assert scene.server.handshakes == 2


async def test_a_slack_that_is_down_stops_no_start_and_is_found_when_it_is_back() -> None:
    async with slack("socket", connect=False) as scene:
        await scene.server.stop()
        await scene.port.connect(scene.inbox)
        await asyncio.sleep(0.05)
        assert not scene.port.ready()

        await scene.server.start()
        await scene.until(scene.port.ready)

        scene.inbox.always = says("Hello!")
        [answer] = await scene.server.user("Ana").says("hello")
        assert answer.words == "Hello!"


async def test_a_slack_that_is_busy_is_asked_until_it_gives_a_ticket(scene: Scene) -> None:
    scene.server.fail_next("apps.connections.open", status=500, times=2)
    scene.server.fail_next("apps.connections.open", drop=True)
    scene.server.fail_next("apps.connections.open", status=429, retry_after=1)
    await scene.server.cut()
    await scene.server.connected()
    assert scene.port.ready()


async def test_frames_that_cannot_be_read_are_passed_over(scene: Scene) -> None:
    [socket] = scene.server.delivery.sockets
    for frame in ("nonsense", "[1]", "{}", '{"type": "events_api", "envelope_id": "e", "payload": 7}'):
        if "envelope_id" in frame:
            scene.server.delivery.envelopes["e"] = (socket, asyncio.get_running_loop().create_future())
        await socket.send_str(frame)

    await scene.server.user("Ana").says("hello")

    assert scene.inbox.texts() == ["hello"]
    assert scene.server.handshakes == 1


async def test_leaving_ends_what_was_begun_and_takes_nothing_more(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("Hello Ana!")
    scene.inbox.held = asyncio.Event()
    saying = asyncio.create_task(ana.says("hello"))
    await scene.until(lambda: scene.inbox.begun)

    leaving = asyncio.create_task(scene.port.disconnect())
    await asyncio.sleep(0.02)
    assert not leaving.done()
    scene.inbox.held.set()
    await leaving
    await saying

    assert [seen.words for seen in ana.sees()] == ["hello", "Hello Ana!"]
    assert len(scene.inbox.done) == 1
    assert not scene.port.ready()
    scene.server.delivery.patience = 0.2
    await ana.says("still there?")
    assert scene.inbox.texts() == ["hello"]


async def test_many_at_once_are_all_answered(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    scene.inbox.always = says("✓ Logged")
    await asyncio.gather(*(ana.types(f"/log {number}", general) for number in range(100)))
    assert sorted(scene.inbox.texts()) == sorted(f"log {number}" for number in range(100))
    assert len(ana.sees(general)) == 100
    assert not ana.timed_out


async def test_without_a_way_in_nothing_can_ever_arrive(scene: Scene) -> None:
    port = scene.new_port(app_token="", signing_secret="")
    with pytest.raises(ValueError, match="SLACK_APP_TOKEN"):
        await port.connect(scene.inbox)
