"""Pictures and files: wanted, fetched by one, kept; what never came is forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from storage.media import CLAIMED_FOR, Media
from storage.store import Storage, Store
from tests.storage.made_up import HOUR, MINUTE, NOW
from tests.storage.made_up_announcements import BROADCAST, ITEM, ODD, ODD_AS_KEPT

PIXELS = bytes(range(256)) * 8


def want(storage: Storage, ref: str = "file-1", minutes: int = 0, platform: str = "telegram") -> int:
    at = NOW + timedelta(minutes=minutes)
    return storage.write_now(
        lambda store: store.media.want(platform, ref, "a.jpg", "image/jpeg", 900, None, at)
    )


def get(storage: Storage, number: int) -> Media | None:
    return storage.read_now(lambda store: store.media.get(number))


def content(storage: Storage, number: int) -> bytes | None:
    return storage.read_now(lambda store: store.media.content(number))


def take(storage: Storage, minutes: int = 0, platform: str = "telegram") -> int:
    """The number of the one that is to be fetched next; 0 for none."""
    at = NOW + timedelta(minutes=minutes)
    one = storage.write_now(lambda store: store.media.next_wanted(platform, at))
    return 0 if one is None else one.id


def test_from_wanted_to_kept(storage: Storage) -> None:
    number = want(storage)
    wanted = Media(number, "telegram", "file-1", "a.jpg", "image/jpeg", 900, "", "wanted", "", None, NOW)
    assert (get(storage, number), content(storage, number)) == (wanted, None)
    assert storage.write_now(lambda store: store.media.next_wanted("telegram", NOW)) == replace(
        wanted, attempts=1
    )

    storage.write_now(lambda store: store.media.keep(number, PIXELS, ODD, "image/png"))
    storage.write_now(lambda store: store.media.describe(number, ODD))
    kept = replace(wanted, name=ODD_AS_KEPT, mime="image/png", size=2048, alt=ODD_AS_KEPT, state="kept")
    assert get(storage, number) == replace(kept, attempts=1)
    assert content(storage, number) == PIXELS
    assert take(storage, minutes=99) == 0

    storage.write_now(lambda store: store.media.failed(number, "too late to say so"))
    storage.write_now(lambda store: store.media.later(number, NOW, "too late to say so"))
    assert get(storage, number) == replace(kept, attempts=1)


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
def test_a_number_that_nothing_has(storage: Storage, number: int) -> None:
    want(storage)
    assert (get(storage, number), content(storage, number)) == (None, None)


def test_a_broken_one_does_not_stand_in_the_way(storage: Storage) -> None:
    broken, second = want(storage), want(storage, "file-2", minutes=1)
    want(storage, "F1", platform="slack")
    assert take(storage, 5) == broken
    storage.write_now(lambda store: store.media.later(broken, NOW + HOUR, "busy"))
    assert [take(storage, 5), take(storage, 5), take(storage, 59)] == [second, 0, second]
    assert take(storage, 60) == broken
    storage.write_now(lambda store: store.media.failed(broken, "file is too big"))
    found = get(storage, broken)
    assert found is not None
    assert (found.state, found.says, found.attempts) == ("failed", "file is too big", 2)


def test_whoever_never_said_what_became_of_it_is_taken_for_dead(storage: Storage) -> None:
    number, patience = want(storage), int(CLAIMED_FOR / MINUTE)
    assert [take(storage), take(storage, patience - 1), take(storage, patience)] == [number, 0, number]


async def test_each_is_fetched_by_one(storage: Storage) -> None:
    wanted = {await asyncio.to_thread(want, storage, str(ref)) for ref in range(4)}

    def work(store: Store) -> int:
        one = store.media.next_wanted("telegram", NOW)
        return 0 if one is None else one.id

    taken = [number for number in await asyncio.gather(*(storage.write(work) for _ in range(8))) if number]
    assert (len(taken), set(taken)) == (len(set(taken)), wanted)


def test_what_never_came_is_forgotten_and_nothing_names_it_any_more(storage: Storage) -> None:
    person = storage.write_now(lambda store: store.persons.add("Ana", "pt", "Europe/Lisbon", NOW))
    kept, failed, waits, late = (want(storage, str(one)) for one in range(4))
    storage.write_now(lambda store: store.media.keep(kept, PIXELS, "a.jpg", "image/jpeg"))
    storage.write_now(lambda store: store.media.failed(failed, "gone"))
    named = replace(BROADCAST, created_by=person.id, media=failed)
    storage.write_now(lambda store: store.broadcasts.add(named))
    storage.write_now(lambda store: store.news.add(replace(ITEM, media=waits)))
    late = want(storage, minutes=2)
    storage.write_now(lambda store: store.media.forget(NOW + MINUTE))
    assert [get(storage, one) is not None for one in (kept, failed, waits, late)] == [
        True,
        False,
        False,
        True,
    ]
    broadcast = storage.read_now(lambda store: store.broadcasts.get(1))
    item = storage.read_now(lambda store: store.news.get(1))
    assert broadcast is not None
    assert item is not None
    assert (broadcast.media, item.media) == (0, 0)
    storage.write_now(lambda store: store.media.forget(NOW + HOUR))
    assert want(storage, "anew") > late  # its number is never another one's


def test_looking_at_one_reads_no_bytes(storage: Storage) -> None:
    number = want(storage)
    storage.write_now(lambda store: store.media.keep(number, PIXELS, "a.jpg", "image/jpeg"))
    asked: list[str] = []

    def work(store: Store) -> None:
        event.listen(
            store._connection, "before_cursor_execute", lambda *given: asked.append(given[2]), once=False
        )
        store.media.get(number)

    storage.read_now(work)
    assert len(asked) == 1
    assert "content" not in asked[0]
