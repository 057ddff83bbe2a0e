"""Batches in rough weather: what was put off, moved, unclear or cut off halfway comes right in the end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot import batches
from storage.store import Store
from tests.batches_stage import (
    BATCH,
    Held,
    does,
    edits,
    hall_reader,
    outcomes,
    parcels,
    reader,
    sends,
    stops,
    takes_back,
    tally,
    tried_again,
)
from tests.lanes_stage import EDITS, SENDS, calls, fails, halls, read_by, said, server
from tests.places_stage import adds_bot, on_telegram, stage
from tests.test_delivery_media import JPEG, picture
from tests.world import World

__all__ = ["parcels", "stage"]  # fixtures


async def under_way(world: World, held: Held, many: int = 1) -> asyncio.Task[None]:
    """So many messages are on their way, and held there."""
    task = asyncio.create_task(world.worker.settle())
    while len(held.begun) < many:
        await asyncio.sleep(0)
    return task


async def luc_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, asyncio.Event, Any]:
    """Luc's parcel is on its way, and held there by a gate."""
    luc = await world.member("Luc", "mecatech")
    held, gate = Held(world, monkeypatch), asyncio.Event()
    held.by(gate)
    await sends(world, await reader(world, luc))
    return luc, gate, await under_way(world, held)


# ---- what is on its way while somebody decides ----


async def test_what_is_moved_while_it_is_on_its_way_waits_if_it_is_put_off(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    luc, gate, task = await luc_waits(stage, monkeypatch)
    later = stage.clock.now() + timedelta(hours=3)
    assert await does(stage, lambda ctx: batches.move(ctx, BATCH, later, later + timedelta(hours=1))) == 0
    fails(stage, SENDS, status=429, retry_after=7)
    gate.set()
    await task
    await stage.passes(hours=2)
    assert read_by(luc) == []
    await stage.passes(hours=1, minutes=1)
    assert read_by(luc) == ["First · Brussels"]


async def test_a_stop_that_finds_nothing_waiting_changes_nothing(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    luc, gate, task = await luc_waits(stage, monkeypatch)
    assert await stops(stage) == 0
    fails(stage, SENDS, status=429, retry_after=7)
    gate.set()
    await task
    await stage.passes(minutes=1)
    assert read_by(luc) == ["First · Brussels"]


async def test_what_is_taken_back_on_its_way_does_not_go_again(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    luc, gate, task = await luc_waits(stage, monkeypatch)
    assert await takes_back(stage) == 1
    fails(stage, SENDS, status=429, retry_after=7)
    gate.set()
    await task
    await stage.passes(minutes=5)
    assert read_by(luc) == []
    found = (await outcomes(stage))["Luc"]
    assert (found.state, found.says) == ("skipped", "taken back")


@pytest.mark.parametrize("then", ["fixed", "taken back"])
async def test_what_arrives_after_it_counted_as_unclear_is_put_right(
    stage: World, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    luc, gate, task = await luc_waits(stage, monkeypatch)
    stage.clock.pass_(minutes=2)
    await stage.worker._sweep()
    assert (await tally(stage)).unknown == 1
    done = edits(stage, "Second") if then == "fixed" else takes_back(stage)
    assert await done == 0  # nobody can tell whether there is anything to be done
    gate.set()
    await task
    await stage.passes(minutes=1)
    assert read_by(luc) == (["Second · Brussels"] if then == "fixed" else [])
    assert (await tally(stage)).sent == 1


async def test_what_stays_unclear_is_left_alone(stage: World, monkeypatch: pytest.MonkeyPatch) -> None:
    luc = await stage.member("Luc", "mecatech")
    fails(stage, SENDS, after_processing=True, drop=True)
    await sends(stage, await reader(stage, luc))
    await stage.settled()
    await stage.passes(minutes=3)
    await edits(stage, "Second")
    await stage.passes(minutes=3)
    assert read_by(luc) == ["First · Brussels"]
    assert calls(stage, EDITS) == 0
    assert (await outcomes(stage, f"{BATCH}:edit:2"))["Luc"].state == "skipped"


# ---- what cannot be reached, and can again ----


async def test_a_fix_that_missed_a_chat_is_made_once_it_is_mended(stage: World) -> None:
    [hall] = await halls(stage, "Hall")
    marie: Any = await stage.member("Ana", "pool-net")
    await sends(stage, hall_reader(stage, hall))
    await stage.settled()
    await stage.removes_bot(marie, hall)
    await edits(stage, "Second")
    await stage.settled()
    fixing = f"{BATCH}:edit:2"
    missed = (await outcomes(stage, fixing))["Hall"]
    assert (missed.state, missed.says) == ("failed", "removed")

    await adds_bot(stage, hall, marie)
    assert await does(stage, lambda ctx: batches.again(ctx, fixing)) == 1
    await stage.passes(minutes=1)
    assert "Second · Brussels" in said(stage)
    assert (await tally(stage, fixing)).sent == 1
    assert await does(stage, lambda ctx: batches.again(ctx, fixing)) == 0


async def test_after_days_without_the_platform_it_failed_and_can_be_sent_again(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    await sends(stage, await reader(stage, luc))
    stage.clock.pass_(days=4)
    await stage.settled()
    late = await tally(stage)
    assert (late.failed, late.skipped, late.reasons) == (1, 0, {"past its use": 1})
    assert await tried_again(stage) == 1
    await stage.settled()
    assert read_by(luc) == ["First · Brussels"]


@on_telegram
async def test_a_platform_that_takes_messages_and_does_not_answer_is_left_in_peace(stage: World) -> None:
    """Each try makes one more of which nobody can tell: they become few."""
    rooms = await halls(stage, *(f"Hall {n}" for n in range(30)))
    server(stage).fail_next("sendMessage", times=10_000, status=502)
    await sends(stage, *(hall_reader(stage, room, f"Hall {n}") for n, room in enumerate(rooms)))
    await stage.passes(minutes=10)
    found = await tally(stage)
    assert 1 < found.unknown < 20, found
    assert found.failed == 0
    server(stage)._faults["sendMessage"].clear()
    await stage.passes(minutes=10)
    assert (await tally(stage)).open == 0
    assert len(said(stage)) == 30 - (await tally(stage)).unknown


# ---- cut off halfway, and what remains ----


@on_telegram
async def test_a_fix_that_broke_off_posts_none_of_its_parts_twice(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    await sends(stage, await reader(stage, luc))
    await stage.settled()
    server(stage).fail_next("sendMessage", status=200)
    server(stage).fail_next("sendMessage", status=503)
    await edits(stage, " ".join(f"word-{n}" for n in range(1200)))
    await stage.settled()
    assert len(read_by(luc)) == 2
    await stage.passes(minutes=1)
    firsts = [one.split()[0] for one in read_by(luc)]
    assert len(firsts) == len(set(firsts)) == 3


async def test_where_a_picture_stays_it_counts_as_not_taken_back(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    number = await stage.storage.write(lambda store: _picture(store, stage))
    await sends(stage, await reader(stage, luc), media=number)
    await stage.settled()
    await stage.passes(hours=49)
    if stage.platform == "slack":
        server(stage).fail_next("chat.delete", code="cant_delete_message")
    await takes_back(stage)
    await stage.settled()
    assert read_by(luc)[-1].startswith("It was withdrawn.")
    back = f"{BATCH}:back"
    found = (await outcomes(stage, back))["Luc"]
    assert (found.state, found.says, found.act) == ("failed", batches.REMAINS, "edit")
    assert await does(stage, lambda ctx: batches.again(ctx, back)) == 0


def _picture(store: Store, world: World) -> int:
    number = store.media.want(world.platform, "1", "day.jpg", JPEG, 0, None, world.clock.now())
    store.media.keep(number, picture("JPEG"), "day.jpg", JPEG)
    return number
