"""The worker: what was recorded is given at least once, what is sent is sent at most once."""

from __future__ import annotations

import asyncio

from bot.delivery import Worker
from bot.dispatch import Dispatch, Surroundings
from bot.messages import Account, Button, Call, Place, Topic
from bot.platforms.slack import SlackPort
from bot.seeding import charters_of
from bot.templating import Templates
from storage.deliveries import Delivery
from storage.store import Storage, Store
from tests.delivery_stage import LOG, member, queue, stage, state, texts
from tests.servers.slack import TEAM, SlackServer
from tests.world import MORNING, ROOT, World

__all__ = ["stage"]  # a fixture


# ---- messages to others ----


async def test_a_question_reaches_its_reader_once_and_is_remembered(stage: World) -> None:
    luc, marie = await member(stage), await member(stage, "Marie", "cimes")
    await marie.types(f"/{LOG}")
    for _ in range(2):
        await stage.settled()
    assert texts(luc) == ["CIMES says that MecaTech took part in Green hydrogen 101 (workshop, Tue 12 May)."]
    assert stage.worker.counts["telegram", "sent"] == 1
    heard = await luc.taps("We did")  # the button is good for its reader
    assert heard.first == "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May."


async def test_a_reply_finds_what_the_message_was_about(stage: World) -> None:
    luc = await member(stage)
    (number,) = await queue(stage, luc.account, "about", topic=Topic("activity", "12"))
    await stage.worker.settle()
    assert await state(stage, number) == ("sent", "")
    posts = await stage.storage.read(lambda store: store.posts.of_topic(Topic("activity", "12")))
    assert [post.place.channel for post in posts] == [luc.account.user]


async def test_buttons_of_a_message_are_its_readers_own(stage: World) -> None:
    luc, ana = await member(stage), await member(stage, "Ana", "pool-net")
    await queue(stage, luc.account, "own", buttons=(Button("Log it", "log"),))
    await stage.worker.settle()
    message = list(stage.telegram.chats[int(luc.account.user)].messages.values())[-1]
    token = message.keyboard[0][0]["callback_data"]
    stolen = Call("x", ana.account, Place("telegram", "", ana.account.user), stage.clock.now(), token=token)
    answer = await stage.dispatch.receive(stolen)
    own = Call("y", luc.account, Place("telegram", "", luc.account.user), stage.clock.now(), token=token)
    assert answer.message is not None
    assert "What was it?" not in answer.message.text
    asked = (await stage.dispatch.receive(own)).message
    assert asked is not None
    assert "What was it?" in asked.text


async def test_a_platform_that_asks_for_patience_gets_it(stage: World) -> None:
    luc = await member(stage)
    first, second = await queue(stage, luc.account, "one", "two")
    stage.telegram.fail_next("sendMessage", status=429, retry_after=40)
    await stage.worker.settle()
    assert (await state(stage, first))[0] == "queued"
    assert texts(luc) == []  # the other one waits too: the pause is the platform's
    stage.clock.pass_(seconds=39)
    await stage.worker.settle()
    assert texts(luc) == []
    stage.clock.pass_(seconds=1)
    await stage.worker.settle()
    assert [await state(stage, one) for one in (first, second)] == [
        ("sent", "asked to wait 40 s"),
        ("sent", ""),
    ]
    assert texts(luc) == ["Where?", "Where?"]


async def test_a_message_to_a_group_is_for_whoever_may(stage: World) -> None:
    luc = await member(stage)
    group = stage.group("Hall", luc)
    place = Place("telegram", "", group.id, kind="group", name="Hall")
    buttons = (Button("Indicators", "indicators"), Button("Log it", "log"))

    def put(store: Store) -> None:
        values = {"question": "Who was there?", "hint": "", "command": "log"}
        new = Delivery.new(
            key="hall",
            platform="telegram",
            place=place,
            template="question",
            values=values,
            buttons=buttons,
            not_before=MORNING,
        )
        store.deliveries.queue([new])

    await stage.storage.write(put)
    await stage.worker.settle()
    (message,) = [one for one in luc.user.sees(group) if one.from_bot]
    assert message.text.split("\n")[0] == "Who was there?"
    heard = await luc.user.taps(message, "Log it")
    assert heard.opened.startswith("https://t.me/")  # the kind is asked in the direct chat


async def test_who_blocked_the_bot_is_out_of_reach(stage: World) -> None:
    luc = await member(stage)
    (number,) = await queue(stage, luc.account, "blocked")
    luc.user.blocks()
    await stage.worker.settle()
    assert await state(stage, number) == ("failed", "gone")
    account = await stage.storage.read(
        lambda store: store.accounts.get(store.accounts.identify(luc.account).account_id or 0)
    )
    assert not account.reachable


async def test_what_may_have_arrived_is_not_sent_again(stage: World) -> None:
    luc = await member(stage)
    (number,) = await queue(stage, luc.account, "dropped")
    stage.telegram.fail_next("sendMessage", after_processing=True, drop=True)
    await stage.worker.settle()
    assert (await state(stage, number))[0] == "attempting"
    for _ in range(3):
        stage.clock.pass_(minutes=2)
        await stage.worker.settle()
    assert (await state(stage, number))[0] == "unknown"
    assert texts(luc) == ["Where?"]


async def test_what_a_killed_process_had_claimed_is_not_sent_again(stage: World) -> None:
    luc = await member(stage)
    (number,) = await queue(stage, luc.account, "claimed")
    await stage.storage.write(lambda store: store.deliveries.claim(stage.clock.now(), "telegram"))
    await stage.stop_bot()
    stage.clock.pass_(seconds=61)
    await stage.start_bot()
    await stage.settled()
    assert (await state(stage, number))[0] == "unknown"
    assert texts(luc) == []


async def test_what_is_past_its_use_is_left_out(stage: World) -> None:
    luc = await member(stage)
    (number,) = await queue(stage, luc.account, "late", useful_until=MORNING)
    await stage.worker.settle()
    assert await state(stage, number) == ("skipped", "past its use")
    assert texts(luc) == []


async def test_a_message_that_cannot_be_written_stops_no_other(stage: World) -> None:
    luc = await member(stage)
    (broken,) = await queue(stage, luc.account, "broken", template="no_such_message", priority=1)
    _, whole = await queue(stage, luc.account, "whole")
    await stage.worker.settle()
    assert await state(stage, broken) == ("failed", "TemplateNotFound")
    assert await state(stage, whole) == ("sent", "")


# ---- lanes ----


async def test_the_worker_serves_until_it_is_stopped(stage: World) -> None:
    luc = await member(stage)
    work = asyncio.create_task(stage.worker.run())
    (number,) = await queue(stage, luc.account, "running")
    stage.worker.wake()
    while (await state(stage, number))[0] != "sent":
        await asyncio.sleep(0.01)
    stage.worker.stop()
    await work
    await queue(stage, luc.account, "later")
    stage.worker.wake()
    await stage.worker.settle()
    assert texts(luc) == ["Where?"]


async def test_a_platform_that_hangs_holds_up_no_other(stage: World) -> None:
    luc, slack = await member(stage), SlackServer()
    await slack.start()
    ana = slack.user("Ana")
    hanging = SlackPort(slack.bot_token, slack.app_token, api_url=slack.api_url)
    assert stage.port is not None
    around = Surroundings(charters_of(stage.storage), Templates(ROOT / "templates"), stage.clock)
    dispatch = Dispatch(stage.storage, around)
    worker = Worker(stage.storage, dispatch, {"slack": hanging, "telegram": stage.port}, around)
    await hanging.connect(dispatch)
    await slack.connected()
    there = Account("slack", TEAM, ana.id)
    direct = Place("slack", TEAM, ana.direct.id)
    await stage.storage.write(lambda store: store.accounts.remember(there, MORNING, direct))
    slack.fail_next("chat.postMessage", delay=60)
    (late,) = await queue(stage, there, "late", platform="slack", priority=1)
    work = asyncio.create_task(worker.run())
    while (await state(stage, late))[0] != "attempting":
        await asyncio.sleep(0.01)
    (soon,) = await queue(stage, luc.account, "soon")
    while (await state(stage, soon))[0] != "sent":
        await asyncio.sleep(0.01)
    assert (await state(stage, late))[0] == "attempting"
    worker.stop()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await hanging.disconnect()
    await slack.stop()


async def test_what_came_in_is_forgotten_after_a_week(stage: World) -> None:
    luc = await member(stage)
    await luc.types("/log workshop Moulds on 12 May")
    assert await stage.received() == 2  # START and the log

    await stage.passes(days=8)

    assert await stage.received() == 0
    assert len(await stage.logged()) == 1


async def test_a_good_message_does_not_wait_behind_many_that_are_past_their_use(stage: World) -> None:
    luc = await member(stage)
    await queue(stage, luc.account, *(f"old {n}" for n in range(50)), useful_until=MORNING, priority=1)
    await queue(stage, luc.account, "good")
    await stage.worker.settle()
    assert texts(luc) == ["Where?"]


async def test_a_direct_chat_is_opened_once(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with World("slack", storage) as world:
        ana = await world.member("Ana", "pool-net")
        for key in ("one", "two", "three"):
            await queue(world, ana.account, key, platform="slack")
            await world.settled()
        assert len([call for call in world.slack.calls if call.method == "conversations.open"]) == 1
        assert len([call for call in world.slack.calls if call.method == "chat.postMessage"]) == 3
    storage.close_now()


async def test_a_place_that_may_be_written_in_again_is_open_again(stage: World) -> None:
    luc = await member(stage)
    group = stage.group("Hall", luc)
    place = Place("telegram", "", group.id, kind="group", name="Hall")
    group.mute_bot(luc.user)
    await stage.settled()
    group.chat.bot = "member"  # the group's default rights changed: of that nobody tells
    given = {"template": "question", "values": {"question": "Who?", "hint": "", "command": "log"}}

    def put(store: Store) -> None:
        assert store.places.find(place) is not None
        one = Delivery.new(key="hall", platform="telegram", place=place, not_before=MORNING, **given)
        store.deliveries.queue([one])

    await stage.storage.write(lambda store: store.places.remember(place, MORNING))
    await stage.storage.write(lambda store: store.places.set_state_of(place, "muted", "", MORNING))
    await stage.storage.write(put)
    await stage.worker.settle()
    known = await stage.storage.read(lambda store: store.places.find(place))
    assert known is not None
    assert known.state == "open"
    assert [one.text.split("\n")[0] for one in luc.user.sees(group) if one.from_bot] == ["Who?"]
