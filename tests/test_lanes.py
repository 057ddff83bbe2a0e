"""Lanes: what is urgent goes first, a pause holds up only what it names, nothing is said twice unseen."""

from __future__ import annotations

from typing import Any

import pytest

from bot.notices import EVENT_CHANGE, QUESTION
from storage.deliveries import Delivery
from storage.store import Storage, Store
from tests.lanes_stage import (
    SENDS,
    Hurried,
    at_work,
    fails,
    halls,
    queue,
    read_by,
    remembered,
    said,
    server,
    states,
    to_person,
    to_place,
    until,
    world_on,
)
from tests.places_stage import known, on_slack, on_telegram, seen, stage
from tests.world import World

__all__ = ["stage"]  # a fixture

both = pytest.mark.parametrize("platform", ["slack", "telegram"])


# ---- what goes first ----


async def test_what_is_urgent_goes_first_and_the_rest_in_its_order(stage: World) -> None:
    rooms = await halls(stage, *(f"Hall {n}" for n in range(6)))
    words = ["News?", "Reminder?", "More news?", "Change?", "Question?", "Old news?"]
    urgency = [4, 3, 4, EVENT_CHANGE, QUESTION, 4]
    await queue(
        stage, *(to_place(stage, *one, priority=p) for *one, p in zip(rooms, words, urgency, strict=True))
    )

    await stage.settled()

    assert said(stage) == ["Change?", "Question?", "Reminder?", "News?", "More news?", "Old news?"]


@both
async def test_an_event_change_overtakes_a_broadcast_in_progress(platform: str, sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with world_on(platform, storage, Hurried()) as world, at_work(world):
        rooms = await halls(world, *(f"Hall {n}" for n in range(31)))
        change = to_place(world, rooms.pop(), "Change?", priority=EVENT_CHANGE)
        news = [to_place(world, room, f"News {n}?") for n, room in enumerate(rooms)]
        await queue(world, *news)
        world.worker.wake()
        await until(lambda: len(said(world)) >= 5)

        def put(store: Store) -> int:
            store.deliveries.queue([change])
            every = [store.deliveries.get(number) for number in range(1, len(news) + 1)]
            return sum(1 for one in every if one is not None and one.state != "queued")

        begun = await storage.write(put)
        await until(lambda: len(said(world)) == 31)
        assert begun < 30
        assert said(world).index("Change?") <= begun
    storage.close_now()


async def test_what_is_said_in_one_chat_keeps_its_order_however_slow_it_is(stage: World) -> None:
    [hall, other] = await halls(stage, "Hall", "Other")
    luc = await stage.member("Luc", "mecatech")
    fails(stage, SENDS, **({"delay": 0.1} if stage.platform == "slack" else {"status": 200, "slow": 0.1}))
    mine = [await to_person(stage, luc, f"For you {n}?") for n in range(4)]
    ours = [to_place(stage, hall, f"For all {n}?") for n in range(4)]
    await queue(stage, *(one for pair in zip(ours, mine, strict=True) for one in pair))
    await queue(stage, to_place(stage, other, "Elsewhere?"))

    await stage.settled()

    assert read_by(luc) == [f"For you {n}?" for n in range(4)]
    assert [one for one in said(stage) if "all" in one] == [f"For all {n}?" for n in range(4)]
    assert said(stage).index("Elsewhere?") < said(stage).index("For all 3?")


@pytest.mark.parametrize(("wait", "times"), [(1, 1), (1, 3), (40, 1)])
async def test_a_pause_in_a_chat_does_not_change_the_order_there(stage: World, wait: int, times: int) -> None:
    [hall] = await halls(stage, "Hall")
    await queue(stage, to_place(stage, hall, "One?"), to_place(stage, hall, "Two?"))
    fails(stage, SENDS, status=429, retry_after=wait, times=times)

    for _ in range(4):
        await stage.settled()
        stage.clock.pass_(seconds=wait)
    await stage.settled()

    assert said(stage) == ["One?", "Two?"]


# ---- what a platform does to a message ----


async def test_what_certainly_did_not_arrive_is_sent_again(stage: World) -> None:
    [hall] = await halls(stage, "Hall")
    place = to_place(stage, hall, "One?")
    await queue(stage, place)
    fails(stage, SENDS, status=429, retry_after=7, times=3)
    for _ in range(4):
        assert said(stage) == []
        await stage.settled()
        stage.clock.pass_(seconds=8)
    await stage.passes(minutes=1)
    assert said(stage) == ["One?"]
    assert await states(stage) == {"One?": "sent"}


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("how", ["lost", "500"])
async def test_what_may_have_arrived_is_sent_again_by_a_person_only(
    stage: World, how: str, arrives: bool
) -> None:
    ola, luc = await stage.member("Ola", "", "coordinator"), await stage.member("Luc", "mecatech")
    await queue(stage, await to_person(stage, luc, "One?"), await to_person(stage, luc, "Two?"))
    fault = {"drop": True} if how == "lost" else {"status": 500}
    fails(stage, SENDS, after_processing=arrives, **fault)
    await stage.settled()
    stage.clock.pass_(minutes=2)
    await stage.settled()
    stage.clock.pass_(hours=2)
    await stage.settled()
    once = ["One?"] if arrives else []
    assert read_by(luc) == [*once, "Two?"]
    assert await states(stage) == {"One?": "unknown", "Two?": "sent"}

    heard = await ola.types("/unclear")
    assert heard.lines[1].startswith(f"Luc · {stage.platform.capitalize()} · a message · ")
    await ola.taps("Send again")
    for _ in range(3):
        await stage.settled()
        stage.clock.pass_(minutes=2)
    assert read_by(luc) == [*once, "Two?", "One?"]
    assert await states(stage) == {"One?": "sent", "Two?": "sent"}


async def test_an_answer_is_given_again_rather_than_never(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = stage.group("Hall", marie)
    call = "respond" if stage.platform == "slack" else "sendMessage"
    server(stage).fail_next(call, drop=True)
    line = "Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"
    await marie.says("log workshop Green hydrogen 101 on 12 May with MecaTech", hall, mention=True)
    fails(stage, SENDS, drop=True)
    for _ in range(6):
        stage.clock.pass_(minutes=1)
        await stage.settled()
    assert sum(line in one for one in said(stage)) >= 1
    assert len(await stage.logged()) == 1


# ---- places and people out of reach ----


@on_slack
async def test_an_archived_channel_is_shown_as_such_and_the_others_go_on(stage: World) -> None:
    [hall, other] = await halls(stage, "Hall", "Other")
    ola = await stage.member("Ola", "", "coordinator")
    hall.archived = True  # while the bot was away
    await queue(
        stage, to_place(stage, hall, "One?"), to_place(stage, hall, "Two?"), to_place(stage, other, "Three?")
    )

    await stage.settled()

    assert said(stage) == ["Three?"]
    assert list((await states(stage)).values()) == ["failed", "skipped", "sent"]
    assert (await ola.types("/places")).lines[1:] == [
        "1 · Hall · Slack · answers only",
        "It was archived on Tue 24 Nov. I go on once somebody there opens it again.",
        "2 · Other · Slack · answers only",
    ]


@on_telegram
@pytest.mark.parametrize(
    ("what", "state"), [("kicked", "removed"), ("restricted", "muted"), ("closed", "closed")]
)
async def test_a_group_that_shut_unheard_is_shown_with_its_state(stage: World, what: str, state: str) -> None:
    marie = await stage.member("Marie", "cimes")
    hall = stage.telegram.group("Hall", [marie.user], forum=True, bot=False)
    hall.chat.bot = "member"
    topic = hall.topic("Numbers", marie.user)
    if what == "closed":
        hall.chat.closed.add(topic)
    else:
        hall.chat.bot = what
    one = to_place(stage, hall, "One?")
    assert one.place is not None
    place = type(one.place)("telegram", "", hall.id, str(topic) if what == "closed" else "", "group", "Hall")
    await queue(stage, Delivery.new(**{**_given(one), "place": place}))

    await stage.settled()

    assert [(k.place.name, k.state) for k in await known(stage) if k.place.kind == "group"] == [
        ("Hall", state)
    ]
    assert list((await states(stage)).values()) == ["failed"]


def _given(one: Delivery) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("key", "platform", "template", "values", "not_before")}


@on_telegram
@pytest.mark.parametrize("told", [True, False])
async def test_a_group_upgraded_in_the_middle_gets_everything_once(stage: World, told: bool) -> None:
    marie = await stage.member("Marie", "cimes")
    old = stage.telegram.group("Hall", [marie.user], kind="group", bot=False)
    old.chat.bot = "member"
    await remembered(stage, old)
    await queue(stage, *(to_place(stage, old, f"{n}?") for n in range(5)))
    grown: list[Any] = []

    def upgrade(moment: str, method: str, parameters: dict[str, Any]) -> bool:
        if moment == "asked" and method == "sendMessage" and len(seen(marie, old)) == 2 and not grown:
            grown.append(stage.telegram.group("Hall", [], bot=False))
            grown[0].chat.members, grown[0].chat.bot = old.chat.members, "member"
            old.chat.migrated_to = grown[0].chat.id
            if told:
                old._tells(old.chat, marie.user, {"migrate_to_chat_id": grown[0].chat.id})
        return False

    stage.telegram.witness = upgrade
    await stage.settled()

    assert [seen(marie, old)[n].split("\n")[0] for n in (0, 1)] == ["0?", "1?"]
    assert [one.split("\n")[0] for one in seen(marie, grown[0])] == ["2?", "3?", "4?"]
    assert set((await states(stage)).values()) == {"sent"}
    assert [k.place.channel for k in await known(stage)] == [grown[0].id]
