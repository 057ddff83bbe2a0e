"""Batches: each reader once; what follows reaches every copy: a fix, a correction, a withdrawal, a stop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bot import batches
from bot.messages import Place, Post, Topic
from storage.deliveries import Delivery
from storage.store import Storage, Store
from tests.batches_stage import (
    BATCH,
    WHY,
    Held,
    Reader,
    corrected,
    does,
    down,
    edits,
    hall_reader,
    outcomes,
    parcels,
    reader,
    revoked,
    sends,
    stops,
    takes_back,
    tally,
    text,
    tried_again,
)
from tests.lanes_stage import EDITS, SENDS, calls, deletes, fails, halls, read_by, said, server
from tests.places_stage import moves, on_slack, on_telegram, place_of, seen, stage
from tests.world import MORNING, World

__all__ = ["parcels", "stage"]  # fixtures


async def luc_and_hall(world: World) -> tuple[Any, Any, Reader, Reader]:
    """Luc, a hall of Marie's, and both as readers."""
    luc = await world.member("Luc", "mecatech")
    [hall] = await halls(world, "Hall")
    return luc, hall, await reader(world, luc), hall_reader(world, hall)


# ---- on its way ----


async def test_each_reader_gets_it_once_and_a_place_no_reason(world: World) -> None:
    luc, hall, to_luc, to_hall = await luc_and_hall(world)
    assert await sends(world, to_luc, to_hall) == 2
    assert await sends(world, to_luc, to_hall) == 0
    assert (await tally(world)).open == 2
    await world.settled()

    assert luc.reads().lines == ["First · Brussels", WHY]
    assert said(world).count("First · Brussels") == 2
    assert [one.split("\n") for one in seen(luc, hall)] in ([["First · Brussels"]], [])
    found = await outcomes(world)
    assert {name: (one.state, one.says, one.act, one.tries) for name, one in found.items()} == {
        "Luc": ("sent", "", "send", 1),
        "Hall": ("sent", "", "send", 1),
    }
    assert found["Hall"].reader == to_hall.key
    assert found["Luc"].at == world.clock.now()
    assert (await tally(world)).sent == 2


async def test_a_place_reads_it_in_its_own_zone(stage: World) -> None:
    _, hall, _, to_hall = await luc_and_hall(stage)
    place = place_of(stage, hall)

    def lives_in_riga(store: Any) -> None:
        one = store.places.remember(place, stage.clock.now())
        store.places._connection.exec_driver_sql(f"UPDATE places SET zone = 'Europe/Riga' WHERE id = {one}")

    await stage.storage.write(lives_in_riga)
    await sends(stage, to_hall)
    await stage.settled()
    assert said(stage) == ["First · Riga"]


async def test_what_waits_is_stopped_and_what_is_on_its_way_is_not_tried_again(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says why: not that it came too late."""
    luc, _, to_luc, to_hall = await luc_and_hall(stage)
    held, gate = Held(stage, monkeypatch), asyncio.Event()
    held.by(gate)
    await sends(stage, to_luc)
    await sends(stage, to_hall, at=stage.clock.now() + timedelta(minutes=3))
    under_way = asyncio.create_task(stage.worker.settle())
    while not held.begun:
        await asyncio.sleep(0)
    fails(stage, SENDS, status=429, retry_after=7)
    assert await stops(stage) == 1
    gate.set()
    await under_way
    await stage.passes(minutes=10)

    assert read_by(luc) == said(stage) == []
    found = await outcomes(stage)
    assert {name: (one.state, one.says) for name, one in found.items()} == {
        "Luc": ("skipped", "stopped"),
        "Hall": ("skipped", "stopped"),
    }
    assert (await tally(stage)).reasons == {"stopped": 2}


async def test_what_waits_goes_at_another_moment(stage: World) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    monday = stage.clock.now() + timedelta(days=6)
    await sends(stage, to_luc, at=monday)
    soon = stage.clock.now() + timedelta(hours=1)
    assert await does(stage, lambda ctx: batches.move(ctx, BATCH, soon)) == 1
    await stage.passes(minutes=59)
    assert read_by(luc) == []
    await stage.passes(minutes=1)
    assert read_by(luc) == ["First · Brussels"]


async def test_whoever_is_out_of_reach_counts_by_their_other_account(stage: World) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    other = stage.stranger("Luc elsewhere")

    def links(store: Any) -> None:
        account = store.accounts.remember(other.account, stage.clock.now())
        store.accounts.attach(account, to_luc.person)
        store.accounts.detach(to_luc.account_id)

    await sends(stage, to_luc)
    await stage.storage.write(links)
    await stage.settled()
    assert (read_by(luc), read_by(other)) == ([], ["First · Brussels"])
    found = (await outcomes(stage))["Luc"]
    assert (found.reader, found.state, found.tries) == (to_luc.key, "sent", 2)
    assert (await tally(stage)).total == 1

    assert await edits(stage, "Second") == 1
    await stage.settled()
    assert read_by(other) == ["Second · Brussels"]


# ---- a fix ----


async def test_a_fix_reaches_every_copy_and_each_that_waits(world: World) -> None:
    luc, _, to_luc, to_hall = await luc_and_hall(world)
    ana = await reader(world, await world.member("Ana", "pool-net"))
    await sends(world, to_luc, to_hall)
    await sends(world, ana, at=world.clock.now() + timedelta(minutes=3))
    await world.settled()

    assert await edits(world, "Second") == 2
    await world.passes(minutes=5)

    assert luc.reads().lines == ["Second · Brussels", WHY]
    assert said(world) == ["Second · Brussels", "Second · Brussels", "Second · Lisbon"]
    assert (await tally(world, f"{BATCH}:edit:2")).sent == 2
    assert calls(world, EDITS) == 2
    assert await edits(world, "Second") == 1  # Ana's, which stands now; the others' are made already
    assert (await tally(world)).sent == 3


async def test_of_two_fixes_in_a_row_only_the_last_is_made(stage: World) -> None:
    _, _, to_luc, to_hall = await luc_and_hall(stage)
    await sends(stage, to_luc, to_hall)
    await stage.settled()
    assert [await edits(stage, "Second"), await edits(stage, "Third", 3)] == [2, 2]
    await stage.settled()
    assert said(stage) == ["Third · Brussels"] * 2
    assert calls(stage, EDITS) == 2
    assert (await tally(stage, f"{BATCH}:edit:2")).reasons == {"a newer text": 2}


async def test_what_is_on_its_way_while_the_text_changes_is_fixed_once_it_stands(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, to_luc, to_hall = await luc_and_hall(stage)
    held, gate = Held(stage, monkeypatch), asyncio.Event()
    held.by(gate)
    await sends(stage, to_luc, to_hall)
    under_way = asyncio.create_task(stage.worker.settle())
    while len(held.begun) < 2:
        await asyncio.sleep(0)
    assert await edits(stage, "Second") == 2  # both are under way with the first text
    gate.set()
    await under_way
    assert calls(stage, SENDS) == calls(stage, EDITS) == 2
    assert said(stage) == ["Second · Brussels"] * 2
    assert (await tally(stage, f"{BATCH}:edit:2")).sent == 2


async def test_a_fix_waits_for_what_another_process_is_sending(stage: World) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    await sends(stage, to_luc)
    await stage.settled()
    now = stage.clock.now()

    def begins(store: Any) -> Any:
        [one] = store.deliveries.of_batch(BATCH)
        store.deliveries.later(one.id, now, "")  # no more than a state
        store._connection.exec_driver_sql("UPDATE deliveries SET state = 'attempting', attempted_at = NULL")
        return one

    one = await stage.storage.write(begins)
    assert await edits(stage, "Second") == 1
    await stage.settled()
    await stage.passes(seconds=5)
    assert read_by(luc) == ["First · Brussels"]
    assert (await tally(stage, f"{BATCH}:edit:2")).queued == 1
    await stage.storage.write(lambda store: store.deliveries.sent(one.id, now, one.post))
    await stage.passes(seconds=5)
    assert read_by(luc) == ["Second · Brussels"]


async def test_what_was_put_off_meanwhile_says_the_new_text_by_itself(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    held, gate = Held(stage, monkeypatch), asyncio.Event()
    held.by(gate)
    await sends(stage, to_luc)
    under_way = asyncio.create_task(stage.worker.settle())
    while not held.begun:
        await asyncio.sleep(0)
    fails(stage, SENDS, status=429, retry_after=40)
    await edits(stage, "Second")
    gate.set()
    await under_way
    await stage.passes(minutes=2)
    assert read_by(luc) == ["Second · Brussels"]
    assert calls(stage, EDITS) == 0 or (await tally(stage, f"{BATCH}:edit:2")).sent == 1


async def test_a_post_that_somebody_deleted_is_not_posted_anew(stage: World) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    hall_people = stage.group("Hall two", luc)
    to_second = hall_reader(stage, hall_people, "Hall two")
    await sends(stage, to_luc, to_second)
    await stage.settled()
    deletes(stage, luc, hall_people)
    await edits(stage, "Second")
    await stage.settled()
    assert said(stage) == ["Second · Brussels"]
    found = await outcomes(stage, f"{BATCH}:edit:2")
    assert {name: (one.state, one.says) for name, one in found.items()} == {
        "Luc": ("sent", ""),
        "Hall two": ("failed", "deleted"),
    }


@pytest.mark.parametrize("how", ["lost", "500"])
async def test_a_fix_of_which_nobody_can_tell_is_made_again(stage: World, how: str) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    await sends(stage, to_luc)
    await stage.settled()
    fails(stage, EDITS, after_processing=True, **({"drop": True} if how == "lost" else {"status": 500}))
    await edits(stage, "Second")
    await stage.settled()
    await stage.passes(minutes=3)
    assert read_by(luc) == ["Second · Brussels"]
    assert (await tally(stage, f"{BATCH}:edit:2")).sent == 1
    assert await stage.storage.read(lambda store: store.deliveries.unclear()) == ()


async def test_a_fix_under_way_when_the_process_died_is_made_again(stage: World) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    await sends(stage, to_luc)
    await stage.settled()
    await edits(stage, "Second")
    now = stage.clock.now()
    claimed = await stage.storage.write(lambda store: store.deliveries.claim(now, stage.platform))
    assert claimed is not None
    assert claimed.act == "edit"
    await stage.passes(minutes=3)
    assert read_by(luc) == ["Second · Brussels"]


async def test_who_stopped_the_kind_still_has_what_they_got_fixed(stage: World) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    await sends(stage, to_luc)
    await stage.settled()
    now = stage.clock.now()
    await stage.storage.write(lambda store: store.silenced.stop(to_luc.person or 0, "parcel", now))
    await edits(stage, "Second")
    await stage.settled()
    assert read_by(luc) == ["Second · Brussels"]


@on_telegram
async def test_a_long_text_keeps_all_its_parts_through_a_fix(stage: World) -> None:
    luc, _, to_luc, _ = await luc_and_hall(stage)
    text["says"] = "First " + "word " * 1200
    await sends(stage, to_luc)
    await stage.settled()
    assert len(read_by(luc)) == 2
    await edits(stage, "Second")
    await stage.settled()
    assert read_by(luc) == ["Second · Brussels"]
    await edits(stage, "Third " + "word " * 1200, 3)
    await edits(stage, "Fourth " + "word " * 1200, 4)
    await stage.settled()
    assert [one.split()[0] for one in read_by(luc)] == ["Fourth", "word"]
    parts = await stage.storage.read(lambda store: store.posts.of_topic(Topic("parcel", "7")))
    assert [one.part for one in parts] == [0, 1, 1]  # the second was taken away, and posted anew


# ---- a correction, and taking back ----


async def test_a_correction_stands_in_reply_to_every_copy(stage: World) -> None:
    luc, _, to_luc, to_hall = await luc_and_hall(stage)
    await sends(stage, to_luc, to_hall)
    await stage.settled()
    assert [await corrected(stage), await corrected(stage)] == [2, 0]
    await stage.settled()
    assert Counter(said(stage)) == {"First · Brussels": 2, "Correction: First": 2}
    assert luc.reads().lines == ["Correction: First", WHY]
    assert len([one for one in server(stage).calls if _replies(stage, one)]) == 2


def _replies(world: World, call: Any) -> bool:
    given = call.parameters if world.platform == "telegram" else call.arguments
    return bool(given.get("reply_parameters") or given.get("thread_ts"))


async def test_taking_back_leaves_nothing_where_the_platform_lets_it(world: World) -> None:
    _, _, to_luc, to_hall = await luc_and_hall(world)
    ana = await reader(world, await world.member("Ana", "pool-net"))
    await sends(world, to_luc, to_hall)
    await sends(world, ana, at=world.clock.now() + timedelta(minutes=3))
    await world.settled()
    await edits(world, "Second")
    assert await takes_back(world) == 2
    await world.passes(minutes=5)
    assert said(world) == []
    assert {one.act for one in (await outcomes(world, f"{BATCH}:back")).values()} == {"delete"}
    assert (await tally(world)).reasons == {"taken back": 1}
    assert (await tally(world, f"{BATCH}:edit:2")).reasons == {"taken back": 2}
    assert await edits(world, "Third", 3) == 0
    assert await takes_back(world) == 0


async def test_what_is_too_old_to_be_taken_away_says_that_it_was_withdrawn(stage: World) -> None:
    _, _, to_luc, to_hall = await luc_and_hall(stage)
    await sends(stage, to_luc, to_hall)
    await stage.settled()
    if stage.platform == "telegram":
        await stage.passes(hours=49)
    else:
        server(stage).fail_next("chat.delete", code="cant_delete_message", times=2)
    await takes_back(stage)
    await stage.settled()
    assert said(stage) == ["It was withdrawn."] * 2
    found = await outcomes(stage, f"{BATCH}:back")
    assert [(one.act, one.state) for one in found.values()] == [("edit", "sent")] * 2


async def test_mails_stay_as_they_are(stage: World) -> None:
    _, _, to_luc, _ = await luc_and_hall(stage)
    mail = Reader("account:9", "email", to_luc.account_id)
    await sends(stage, mail)
    now = stage.clock.now()

    def goes(store: Any) -> None:
        one = store.deliveries.claim(now, "email")
        store.deliveries.sent(one.id, now, Post(place_of(stage, _Box), "<1@example.org>"))

    await stage.storage.write(goes)
    assert [await edits(stage, "Second"), await takes_back(stage), await corrected(stage)] == [0, 0, 1]
    assert await does(stage, lambda ctx: batches.uneditable(ctx, BATCH)) == 1


class _Box:
    id = "marie@example.org"


# ---- what failed, and what nobody can tell ----


async def test_only_what_failed_is_tried_again(stage: World) -> None:
    luc, _, to_luc, to_hall = await luc_and_hall(stage)
    ana = await stage.member("Ana", "pool-net")
    wrong = {"code": "msg_too_long"} if stage.platform == "slack" else {"status": 400}
    await sends(stage, to_hall)
    fails(stage, SENDS, **wrong)
    await stage.settled()
    await sends(stage, to_luc)
    fails(stage, SENDS, after_processing=True, drop=True)
    await stage.settled()
    await sends(stage, await reader(stage, ana))
    await stage.settled()
    await stage.passes(minutes=3)
    before = await tally(stage)
    assert (before.sent, before.failed, before.unknown, before.reasons) == (1, 1, 1, {"refused": 1})

    assert await tried_again(stage) == 1
    await stage.settled()
    assert await tried_again(stage) == 0
    found = await outcomes(stage)
    assert {name: (one.state, one.tries) for name, one in found.items()} == {
        "Luc": ("unknown", 1),
        "Hall": ("sent", 2),
        "Ana": ("sent", 1),
    }
    assert await edits(stage, "Second") == 2  # never what is unclear
    await stage.settled()
    assert read_by(luc) == ["First · Brussels"]


async def test_a_place_that_disappears_is_named_with_its_state(stage: World) -> None:
    _, hall, to_luc, to_hall = await luc_and_hall(stage)
    await sends(stage, to_luc, to_hall)
    if stage.platform == "slack":
        hall.archived = True
    else:
        hall.chat.bot = "kicked"
    await stage.settled()
    state = "archived" if stage.platform == "slack" else "removed"
    assert (await tally(stage)).reasons == {state: 1}
    for tries in (2, 3):  # as long as nobody has mended it
        assert await tried_again(stage) == 1
        await stage.settled()
        hall_then = (await outcomes(stage))["Hall"]
        assert (hall_then.state, hall_then.says, hall_then.tries) == ("failed", state, tries)


@on_slack
async def test_a_channel_with_another_number_keeps_its_posts(stage: World) -> None:
    _, hall, _, to_hall = await luc_and_hall(stage)
    await sends(stage, to_hall)
    await stage.settled()
    await moves(stage, hall, None)
    await edits(stage, "Second")
    await stage.settled()
    assert said(stage)[-1] == "Second · Brussels"
    assert (await tally(stage, f"{BATCH}:edit:2")).sent == 1


@on_telegram
async def test_what_stands_in_a_group_of_before_is_left_there(stage: World) -> None:
    luc, ana = await stage.member("Luc", "mecatech"), await stage.member("Ana", "pool-net")
    old = stage.telegram.group("Hall", [luc.user, ana.user], kind="group", bot=False)
    old.chat.bot = "member"
    await sends(stage, hall_reader(stage, old))
    await stage.settled()
    new = await moves(stage, old, luc)
    await sends(stage, Reader("place:other", "telegram", place=place_of(stage, new)))
    await stage.settled()
    await edits(stage, "Second")
    await stage.settled()
    assert [one.split(" ")[0] for one in seen(luc, old)] == ["First"]
    assert [one.split(" ")[0] for one in seen(luc, new)][-1:] == ["Second"]
    assert (await outcomes(stage, f"{BATCH}:edit:2"))["Hall"].says == "moved"


# ---- rough weather ----


@pytest.mark.parametrize("trouble", [down, revoked])
async def test_after_an_hour_of_trouble_everything_goes_out_once_and_in_its_order(
    stage: World, trouble: Any
) -> None:
    rooms = await halls(stage, *(f"Hall {n}" for n in range(4)))
    luc = await reader(stage, await stage.member("Luc", "mecatech"))
    trouble(stage)
    await sends(stage, *(hall_reader(stage, room, f"Hall {n}") for n, room in enumerate(rooms)))
    at = stage.clock.now()
    await does(
        stage,
        lambda ctx: batches.send(ctx, BATCH, "parcel", {}, [luc], at, at + timedelta(minutes=30)),
    )
    for _ in range(6):
        await stage.settled()
        stage.clock.pass_(minutes=10)
    before = await tally(stage)
    assert (before.open + before.failed, before.sent, before.skipped, before.unknown) == (5, 0, 0, 0)
    assert said(stage) == []

    trouble(stage, False)
    await stage.passes(minutes=11)
    now = await tally(stage)
    assert (now.sent, now.failed, now.reasons) == (4, 1, {"past its use": 1})
    assert said(stage) == ["First · Brussels"] * 4

    assert await tried_again(stage) == 1
    await stage.passes(minutes=1)
    assert (await tally(stage)).sent == 5


async def test_the_card_shows_how_far_it_is(stage: World) -> None:
    ola = await stage.member("Ola", "", "coordinator")
    _, _, to_luc, _ = await luc_and_hall(stage)
    assert stage.port is not None
    direct = await stage.port.direct(ola.account)
    now = stage.clock.now()

    await sends(stage, to_luc, at=now + timedelta(minutes=3))
    await stage.storage.write(lambda store: store.cards.put(Topic("parcel", "7"), direct, now))
    await stage.settled()
    assert ola.reads().first == "0 of 1 sent"
    await stage.passes(minutes=4)
    assert ola.reads().first == "1 of 1 sent"


def test_what_a_batch_is_of() -> None:
    assert (
        batches.topic_of("broadcast:3") == batches.topic_of("broadcast:3:edit:2") == Topic("broadcast", "3")
    )
    assert batches.topic_of("") is None


# ---- several at once ----


async def test_a_claim_and_a_stop_at_once_never_both_win(database_url: str) -> None:
    one, other = Storage(database_url), Storage(database_url)
    async with World("slack", one) as world:
        for n in range(20):
            key = Reader(f"place:{n}", "slack", place=place_of(world, type("Hall", (), {"id": f"C{n}"})))
            await sends(world, key)
        now = world.clock.now()
        stopping = asyncio.create_task(stops(world))
        claims = (other.write(lambda store: store.deliveries.claim(now, "slack")) for _ in range(20))
        taken = [found for found in await asyncio.gather(*claims) if found is not None]
        stopped = await stopping
        assert stopped + len(taken) == 20
        found = await tally(world)
        assert (found.attempting, found.skipped) == (len(taken), stopped)
    await other.close()
    await one.close()


def test_who_changes_a_text_and_who_claims_wait_for_each_other(postgres_url: str) -> None:
    """Either the change sees the claim, and what is sent is edited; or the claim finds what the change
    wrote."""
    one, other = Storage(postgres_url), Storage(postgres_url)
    place = Place("slack", "T1", "C1", kind="group")
    new = [
        Delivery.new(key=f"{BATCH}:{n}", platform="slack", template="t", not_before=MORNING, place=place,
                     batch=BATCH, reader=f"place:{n}")
        for n in range(2)
    ]  # fmt: skip
    one.write_now(lambda store: store.deliveries.queue(new))
    claimed, changed, looked = threading.Event(), threading.Event(), threading.Event()

    def claims(store: Store) -> str:
        found = store.deliveries.claim(MORNING, "slack")
        claimed.set()
        assert not changed.wait(0.3)  # the change waits for us to commit
        return found.key if found else ""

    def changes(store: Store) -> list[str]:
        claimed.wait(5)
        held = store.deliveries.held(BATCH)
        changed.set()
        looked.wait(5)
        return [found.state for found in held]

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(one.write_now, claims), threads.submit(other.write_now, changes)
        assert first.result(10) == f"{BATCH}:0"
        changed.wait(5)
        assert one.write_now(lambda store: store.deliveries.claim(MORNING, "slack")) is None  # it is held
        looked.set()
        assert second.result(10) == ["attempting", "queued"]
    one.close_now()
    other.close_now()


def test_what_goes_another_way_meanwhile_is_held_too(postgres_url: str) -> None:
    one, other = Storage(postgres_url), Storage(postgres_url)
    place = Place("slack", "T1", "C1", kind="group")
    given = {"platform": "slack", "template": "t", "not_before": MORNING, "place": place, "batch": BATCH}
    first, again = (Delivery.new(key=f"{BATCH}:{key}", reader="place:1", **given) for key in ("1", "1>2"))
    one.write_now(lambda store: store.deliveries.queue([first]))
    begun = threading.Event()

    def fails_over(store: Store) -> None:
        found = store.deliveries.claim(MORNING, "slack")
        assert found is not None
        store.deliveries.failed(found.id, "gone", MORNING)
        store.deliveries.queue([again])
        begun.set()
        time.sleep(0.2)  # whoever wants to hold them waits, having seen only the first

    def holds(store: Store) -> list[str]:
        begun.wait(5)
        return [found.state for found in store.deliveries.held(BATCH)]

    with ThreadPoolExecutor(2) as threads:
        threads.submit(one.write_now, fails_over)
        assert threads.submit(other.write_now, holds).result(10) == ["failed", "queued"]
    one.close_now()
    other.close_now()
