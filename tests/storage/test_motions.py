"""Motions: numbered without gaps, kept whole, with every text that they had."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace

import pytest

from bot.rules.decisions.motions import Motion
from storage.motions import MotionText
from storage.motions.tables import motions
from storage.store import Storage, Store
from tests.storage.made_up import MINUTE, NOW, settle
from tests.storage.made_up_motions import DAY, EVERYTHING, MOTION, put


def get(storage: Storage, number: int) -> Motion | None:
    return storage.read_now(lambda store: store.motions.get(number))


def test_every_field_of_a_motion_has_its_column() -> None:
    assert [column.key for column in motions.c] == [field.name for field in fields(Motion)]


@pytest.mark.parametrize("motion", [MOTION, EVERYTHING], ids=["fresh", "everything"])
def test_a_motion_is_kept_whole(storage: Storage, motion: Motion) -> None:
    kept = put(storage, motion)
    assert kept == replace(motion, number=1) == get(storage, 1)
    assert list(kept.effect) == list(motion.effect)  # in the order in which people see it
    assert kept.result == motion.result


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
def test_a_number_that_no_motion_has(storage: Storage, number: int) -> None:
    put(storage)
    assert get(storage, number) is None


def test_everything_but_the_number_may_change(storage: Storage) -> None:
    put(storage)
    put(storage)
    changed = replace(EVERYTHING, number=1)
    assert storage.write_now(lambda store: store.motions.write(changed)) == changed
    assert storage.read_now(lambda store: store.motions.all()) == (changed, replace(MOTION, number=2))
    back = replace(MOTION, number=1)
    assert storage.write_now(lambda store: store.motions.write(back)) == back == get(storage, 1)


def test_a_motion_that_is_not_there_cannot_be_written(storage: Storage) -> None:
    put(storage)
    for verb in ("write", "edit"):

        def work(store: Store, verb: str = verb) -> None:
            absent = replace(MOTION, number=9)
            if verb == "write":
                store.motions.write(absent)
            else:
                store.motions.edit(absent, 1, NOW)

        with pytest.raises(LookupError, match="motion 9"):
            storage.write_now(work)
    assert storage.read_now(lambda store: store.motions.texts(9)) == ()


def test_live_are_those_that_have_not_ended(storage: Storage) -> None:
    put(storage)
    put(storage, replace(MOTION, withdrawn_at=NOW))
    put(storage, replace(MOTION, voided_at=NOW))
    put(storage, replace(MOTION, certified_at=NOW))
    put(storage, replace(MOTION, closed_at=NOW))
    assert [one.number for one in storage.read_now(lambda store: store.motions.live())] == [1, 5]
    assert [one.number for one in storage.read_now(lambda store: store.motions.all())] == [1, 2, 3, 4, 5]


def test_a_text_that_was_replaced_is_kept(storage: Storage) -> None:
    first = put(storage, replace(MOTION, after="Four."))
    second = replace(first, title="Two stands", text="Two.", after="Five.", closes_at=first.closes_at + DAY)
    edited = storage.write_now(lambda store: store.motions.edit(second, 1, NOW + MINUTE))
    assert edited == replace(second, version=2) == get(storage, 1)
    # the version that counts is the one that stands, not the one that the writer had in hand
    third = storage.write_now(
        lambda store: store.motions.edit(replace(second, text="Three."), 1, NOW + 2 * MINUTE)
    )
    assert (third.version, third.text) == (3, "Three.")
    assert storage.read_now(lambda store: store.motions.texts(1)) == (
        MotionText(1, 1, "A stand in Žilina", first.text, "Four.", 1, NOW + MINUTE),
        MotionText(1, 2, "Two stands", "Two.", "Five.", 1, NOW + 2 * MINUTE),
    )
    assert storage.read_now(lambda store: store.motions.texts(2)) == ()


def test_words_that_no_database_keeps_come_back_as_they_are_kept(storage: Storage) -> None:
    motion = put(storage, replace(MOTION, title="A \0 stand", text="half \ud800"))
    assert (motion.title, motion.text) == ("A \ufffd stand", "half \ufffd")
    assert motion == get(storage, 1)


def test_a_motion_that_was_rolled_back_leaves_no_gap(storage: Storage) -> None:
    put(storage)

    def fail(store: Store) -> None:
        assert store.motions.add(MOTION).number == 2
        raise InterruptedError

    with pytest.raises(InterruptedError):
        storage.write_now(fail)

    def tried(store: Store) -> None:
        with store.trial():
            assert store.motions.add(MOTION).number == 2

    storage.write_now(tried)
    assert put(storage).number == 2


async def test_many_at_once_have_different_numbers(storage: Storage, database_url: str) -> None:
    await storage.write(settle)
    other = Storage(database_url)  # a second process would be just as far away
    kept = await asyncio.gather(
        *(which.write(lambda store: store.motions.add(MOTION)) for which in [storage, other] * 6)
    )
    await other.close()
    assert sorted(one.number for one in kept) == list(range(1, 13))


async def test_whoever_holds_a_motion_is_waited_for(storage: Storage, database_url: str) -> None:
    await storage.write(lambda store: (settle(store), store.motions.add(MOTION)))
    other = Storage(database_url)

    def one_more_seat(store: Store) -> None:
        motion = store.motions.get(1, lock=True)
        assert motion is not None
        store.motions.write(replace(motion, seats=motion.seats + 1))

    await asyncio.gather(*(which.write(one_more_seat) for which in [storage, other] * 8))
    await other.close()
    motion = await storage.read(lambda store: store.motions.get(1, lock=True))  # a reader takes no lock
    assert motion is not None
    assert motion.seats == 17
