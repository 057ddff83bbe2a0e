"""Announcements: numbered without gaps, kept whole, with every text that they had."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace

import pytest

from bot.rules.broadcasts.values import Broadcast, Segment, Version
from storage.broadcasts import broadcasts
from storage.store import Storage
from tests.storage.made_up import HOUR, MINUTE, NOW
from tests.storage.made_up_announcements import (
    BROADCAST,
    EVERY_FIELD_OF_A_BROADCAST,
    ODD,
    ODD_AS_KEPT,
    begin,
)


def put(storage: Storage, broadcast: Broadcast = BROADCAST) -> Broadcast:
    return storage.write_now(lambda store: store.broadcasts.add(broadcast))


def write(storage: Storage, broadcast: Broadcast) -> Broadcast:
    return storage.write_now(lambda store: store.broadcasts.write(broadcast))


def get(storage: Storage, number: int) -> Broadcast | None:
    return storage.read_now(lambda store: store.broadcasts.get(number))


def versions(storage: Storage, number: int = 1) -> tuple[Version, ...]:
    return storage.read_now(lambda store: store.broadcasts.versions(number))


def test_every_field_of_an_announcement_has_its_column() -> None:
    assert [column.key for column in broadcasts.c] == [field.name for field in fields(Broadcast)]


@pytest.mark.parametrize("broadcast", [BROADCAST, EVERY_FIELD_OF_A_BROADCAST], ids=["draft", "everything"])
def test_an_announcement_is_kept_whole(storage: Storage, broadcast: Broadcast) -> None:
    begin(storage)
    kept = put(storage, broadcast)
    assert kept == replace(broadcast, number=1) == get(storage, 1)
    assert list(kept.texts) == list(broadcast.texts)  # the first one is for whoever speaks none of them


def test_to_no_chat_is_not_to_every_chat(storage: Storage) -> None:
    begin(storage)
    assert put(storage, replace(BROADCAST, places=())).places == ()
    assert put(storage).places is None


def test_any_text_is_kept(storage: Storage) -> None:
    begin(storage)
    odd = replace(BROADCAST, texts={"en": ODD, ODD: "x"}, urgent=ODD, segments=(Segment("sector", ODD),))
    kept = put(storage, odd)
    assert kept.texts == {"en": ODD_AS_KEPT, ODD_AS_KEPT: "x"}
    assert (kept.urgent, kept.segments) == (ODD_AS_KEPT, (Segment("sector", ODD_AS_KEPT),))
    assert get(storage, 1) == kept == write(storage, kept)
    assert versions(storage)[0].texts == kept.texts


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
def test_a_number_that_no_announcement_has(storage: Storage, number: int) -> None:
    begin(storage)
    put(storage)
    assert get(storage, number) is None
    with pytest.raises(LookupError):
        write(storage, replace(BROADCAST, number=9))


def test_a_draft_has_one_text_and_what_went_out_keeps_each(storage: Storage) -> None:
    begin(storage)
    draft = put(storage)
    assert versions(storage) == (Version(1, 1, {"en": "The call opens Monday."}, 1, NOW),)

    draft = write(storage, replace(draft, texts={"en": "The call opens Tuesday."}))
    first = Version(1, 1, {"en": "The call opens Tuesday."}, 1, NOW)
    assert versions(storage) == (first,)  # nobody had read it

    going = write(storage, replace(draft, state="sending", confirmed_by=1, send_at=NOW + 3 * MINUTE))
    fix = replace(going, texts={"en": "Wednesday."}, version=2, edited_by=1, edited_at=NOW + HOUR)
    write(storage, fix)
    second = Version(1, 2, {"en": "Wednesday."}, 1, NOW + HOUR)
    assert versions(storage) == (first, second)

    write(storage, replace(fix, texts={"en": "Never said."}))  # by a mistake, without a new version
    write(storage, replace(fix, state="retracted", retracted_by=1, retracted_at=NOW + 2 * HOUR))
    assert versions(storage) == (first, second)
    assert versions(storage, 2) == ()


def test_the_newest_stand_first(storage: Storage) -> None:
    begin(storage)
    for _ in range(5):
        put(storage)

    def latest(limit: int, offset: int = 0) -> tuple[list[int], int]:
        found, total = storage.read_now(lambda store: store.broadcasts.latest(limit, offset))
        return [one.number for one in found], total

    assert latest(2) == ([5, 4], 5)
    assert latest(2, 4) == ([1], 5)
    assert latest(2, 6) == ([], 5)


def test_what_was_made_of_one_is_found_newest_first(storage: Storage) -> None:
    begin(storage)
    for of in (None, 1, 1, 2):
        put(storage, replace(BROADCAST, copy_of=of))

    def copies(number: int) -> list[int]:
        return [one.number for one in storage.read_now(lambda store: store.broadcasts.copies(number))]

    assert [copies(number) for number in (1, 2, 3)] == [[3, 2], [4], []]
    assert get(storage, 2) == replace(BROADCAST, number=2, copy_of=1)


async def test_two_who_decide_at_once_decide_one_after_the_other(storage: Storage) -> None:
    await asyncio.to_thread(begin, storage)
    await asyncio.to_thread(put, storage)

    async def confirm() -> bool:
        def work(store: object) -> bool:
            broadcast = store.broadcasts.get(1, lock=True)  # type: ignore[attr-defined]
            if broadcast.state != "draft":
                return False
            store.broadcasts.write(replace(broadcast, state="sending"))  # type: ignore[attr-defined]
            return True

        return await storage.write(work)

    assert sum(await asyncio.gather(*(confirm() for _ in range(8)))) == 1
