"""The newsletter: editions and their items, kept as they stood."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.rules.newsletter.values import Edition, Item, Note
from storage.columns import as_kept
from storage.editions import editions
from storage.news import news
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import NOW, settle
from tests.storage.made_up_announcements import (
    EDITION,
    EVERY_FIELD_OF_AN_EDITION,
    EVERY_FIELD_OF_AN_ITEM,
    FOUND,
    ITEM,
    WEEK,
    begin,
)


def add(storage: Storage, *items: Item) -> tuple[Item, ...]:
    return storage.write_now(lambda store: tuple(store.news.add(item) for item in items))


def publish(storage: Storage, slug: str = "2026-06", **given: object) -> Edition:
    edition = replace(EDITION, slug=slug, **given)  # type: ignore[arg-type]
    return storage.write_now(lambda store: store.editions.add(edition))


def waiting(storage: Storage) -> list[int]:
    return [item.id for item in storage.read_now(lambda store: store.news.waiting())]


def told(storage: Storage, key: str) -> int | None:
    return storage.read_now(lambda store: store.news.told("activity", key))


def test_every_field_has_its_column() -> None:
    assert [column.key for column in news.c] == [field.name for field in fields(Item)]
    assert [column.key for column in editions.c] == [field.name for field in fields(Edition)]


@pytest.mark.parametrize("edition", [EDITION, EVERY_FIELD_OF_AN_EDITION], ids=["draft", "everything"])
def test_an_edition_is_kept_whole(storage: Storage, edition: Edition) -> None:
    begin(storage)
    kept = storage.write_now(lambda store: store.editions.add(edition))
    assert kept == replace(edition, number=1)
    changed = replace(EVERY_FIELD_OF_AN_EDITION, number=1, title="Another")
    assert storage.write_now(lambda store: store.editions.write(changed)) == changed
    assert storage.read_now(lambda store: store.editions.get(1)) == changed
    assert storage.read_now(lambda store: store.editions.by_slug("été-2026")) == changed


@pytest.mark.parametrize("item", [ITEM, EVERY_FIELD_OF_AN_ITEM, FOUND], ids=["short", "everything", "found"])
def test_an_item_is_kept_whole(storage: Storage, item: Item) -> None:
    begin(storage)
    assert add(storage, item) == (replace(item, id=1),)
    changed = replace(EVERY_FIELD_OF_AN_ITEM, id=1, title="Another")
    assert storage.write_now(lambda store: store.news.write(changed)) == changed
    assert storage.read_now(lambda store: store.news.get(1, lock=True)) == changed


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
def test_a_number_that_nothing_has(storage: Storage, number: int) -> None:
    assert storage.read_now(lambda store: store.editions.get(number)) is None
    assert storage.read_now(lambda store: store.news.get(number)) is None
    with pytest.raises(LookupError):
        storage.write_now(lambda store: store.editions.write(replace(EDITION, number=9)))
    with pytest.raises(LookupError):
        storage.write_now(lambda store: store.news.write(replace(ITEM, id=9)))
    assert storage.read_now(lambda store: (store.editions.latest(), store.editions.open())) == (None, None)


def test_two_editions_have_two_addresses(storage: Storage) -> None:
    publish(storage)
    with pytest.raises(Duplicate):
        publish(storage)
    assert publish(storage, "2026-07").number == 2  # no gap
    assert storage.read_now(lambda store: store.editions.by_slug("\0")) is None


def test_which_edition_is_latest_which_open_and_which_went_out(storage: Storage) -> None:
    publish(storage, "a", state="approved", sent_at=NOW)
    publish(storage, "b", state="skipped")
    publish(storage, "c", state="approved", sent_at=NOW + WEEK)

    def now(store: Store) -> tuple[Edition | None, Edition | None]:
        return store.editions.latest(), store.editions.open()

    latest, opened = storage.read_now(now)
    assert latest is not None
    assert (latest.slug, opened) == ("c", None)
    for number, state in enumerate(("draft", "held", "approved"), 4):
        edition = publish(storage, str(number), state=state)
        assert storage.read_now(now) == (edition, edition)
        storage.write_now(lambda store, one=edition: store.editions.write(replace(one, state="stopped")))  # type: ignore[misc]
        assert storage.read_now(now)[1] is None

    def sent(limit: int, offset: int = 0) -> tuple[list[str], int]:
        found, total = storage.read_now(lambda store: store.editions.sent(limit, offset))
        return [one.slug for one in found], total

    assert sent(9) == (["c", "a"], 2)
    assert sent(1, 1) == (["a"], 2)


def test_what_waits_and_who_sent_it(storage: Storage) -> None:
    ana = begin(storage)
    later = replace(ITEM, at=NOW + WEEK, by=ana)
    add(storage, later, replace(ITEM, by=ana), replace(ITEM, dropped_at=NOW, by=ana), FOUND, ITEM)
    assert waiting(storage) == [2, 5, 1]
    publish(storage)
    used = storage.write_now(lambda store: store.news.write(replace(later, id=1, used_in=1)))
    assert waiting(storage) == [2, 5]
    of_ana = storage.read_now(lambda store: store.news.of_person(ana))
    assert [item.id for item in of_ana] == [1, 3, 2]
    assert of_ana[0] == used


def test_an_edition_takes_items_and_gives_them_back(storage: Storage) -> None:
    begin(storage)
    sent = add(storage, ITEM, replace(ITEM, title="Another"))
    june, july = publish(storage, "june"), publish(storage, "july")

    def take(edition: Edition, *items: Item) -> tuple[Item, ...]:
        return storage.write_now(lambda store: store.news.take(edition.number, items))

    other = replace(FOUND, key="8", topics=("energy",), organisation="cimes", media=1)
    taken = take(june, FOUND, sent[0], other)
    assert [(one.title, one.used_in) for one in taken] == [(one.title, 1) for one in (FOUND, sent[0], other)]
    assert all(storage.read_now(lambda store, one=one: store.news.get(one.id)) == one for one in taken)  # type: ignore[misc]
    assert [told(storage, key) for key in ("7", "8", "9", "", "\0")] == [1, 1, None, None, None]
    assert waiting(storage) == [2]

    assert take(june, *taken) == taken  # once more is the same
    assert take(july, FOUND, *sent, other) == (replace(sent[1], used_in=2),)
    assert take(july) == ()

    storage.write_now(lambda store: store.news.release(june.number))
    assert (told(storage, "7"), waiting(storage)) == (None, [1])
    renamed = replace(FOUND, title="The workshop", key="7")
    assert take(july, renamed) == (replace(renamed, id=taken[0].id, used_in=2),)
    assert storage.read_now(lambda store: store.news.get(taken[0].id)) == replace(
        renamed, id=taken[0].id, used_in=2
    )


def test_what_its_author_changed_meanwhile_is_taken_as_it_is_now(storage: Storage) -> None:
    begin(storage)
    first, second = add(storage, ITEM, replace(ITEM, title="Another"))
    june = publish(storage)
    mended = replace(second, title="Another, mended")
    storage.write_now(lambda store: store.news.write(replace(first, dropped_at=NOW)))
    storage.write_now(lambda store: store.news.write(mended))
    taken = storage.write_now(lambda store: store.news.take(june.number, (first, second)))
    assert taken == (replace(mended, used_in=june.number),)


def test_what_is_found_twice_is_one_item(storage: Storage) -> None:
    publish(storage)
    twice = storage.write_now(lambda store: store.news.take(1, (FOUND, FOUND)))
    assert len({item.id for item in twice}) == 1
    with pytest.raises(Duplicate):
        add(storage, FOUND)


WORDS = some.text(some.characters(exclude_categories=()), max_size=20)
MOMENTS = some.builds(
    lambda microseconds, zone: (NOW + timedelta(microseconds=microseconds)).astimezone(zone),
    some.integers(-(10**15), 10**15),
    some.timezones(),
)
ITEMS = some.builds(
    Item,
    id=some.integers(0, 2**63 - 1),
    key=WORDS,
    title=WORDS,
    text=WORDS,
    link=WORDS,
    topics=some.lists(WORDS, max_size=3).map(tuple),
    language=WORDS,
    embargo=some.none() | some.dates(date(2000, 1, 1)),
    at=MOMENTS,
    dropped_at=some.none() | MOMENTS,
)
NOTES = some.builds(Note, MOMENTS, some.integers(1, 9), WORDS)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=some.lists(ITEMS, max_size=3), notes=some.lists(NOTES, max_size=2), said=WORDS)
def test_what_comes_out_is_what_went_in(
    storage: Storage, items: list[Item], notes: list[Note], said: str
) -> None:
    edition = replace(EDITION, number=1, items=tuple(items), notes=tuple(notes), title=said, intro=said)

    def work(store: Store) -> Edition | None:
        if store.editions.latest() is None:
            settle(store)
            store.editions.add(EDITION)
        store.editions.write(edition)
        return store.editions.get(1)

    shown = as_kept(said)
    assert storage.write_now(work) == replace(
        edition,
        items=tuple(_shown(item) for item in items),
        notes=tuple(replace(note, text=as_kept(note.text)) for note in notes),
        title=shown,
        intro=shown,
    )


def _shown(item: Item) -> Item:
    words = {name: as_kept(getattr(item, name)) for name in ("key", "title", "text", "link", "language")}
    return replace(item, topics=tuple(map(as_kept, item.topics)), **words)  # type: ignore[arg-type]


def test_a_moment_needs_its_zone(storage: Storage) -> None:
    naive = replace(ITEM, at=NOW.replace(tzinfo=None) + timedelta(hours=1))
    with pytest.raises(ValueError, match="zone"):
        publish(storage, items=(naive,))
