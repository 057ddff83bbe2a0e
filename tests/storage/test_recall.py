"""What is recalled is never stale: not after a change, not after a rollback, not after another process."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.rules.indicators import Involved, Record
from storage.organisations import Organisation
from storage.store import Storage, Store
from tests.storage.made_up import NOW

DAY = date(2026, 5, 12)


@pytest.fixture
def author(storage: Storage) -> int:
    def make(store: Store) -> int:
        store.organisations.add(Organisation("cimes", "Creating Integrated Systems", "CIMES"))
        return store.persons.add("Marie", "en", "Europe/Paris", NOW).id

    return storage.write_now(make)


def titles(storage: Storage) -> list[str]:
    found = storage.read_now(lambda store: store.activities.between(DAY, DAY))
    return [activity.record.title for activity in found]


def log(store: Store, author: int, title: str) -> int:
    record = Record(0, "workshop", title, DAY, (Involved("cimes", "host"),))
    return store.activities.add(record, author, (), NOW).record.id


def test_a_change_is_seen_at_once(storage: Storage, author: int) -> None:
    assert titles(storage) == []
    number = storage.write_now(lambda store: log(store, author, "One"))
    assert titles(storage) == ["One"]

    def rename(store: Store) -> None:
        activity = store.activities.get(number, lock=True)
        assert activity is not None
        store.activities.change(number, replace(activity.record, title="Two"), author, NOW)

    storage.write_now(rename)
    assert titles(storage) == ["Two"]


def test_what_was_rolled_back_is_not_remembered(storage: Storage, author: int) -> None:
    assert titles(storage) == []

    def log_and_fail(store: Store) -> None:
        log(store, author, "Never")
        assert [one.record.title for one in store.activities.between(DAY, DAY)] == ["Never"]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        storage.write_now(log_and_fail)
    storage.write_now(lambda store: log(store, author, "Kept"))
    assert titles(storage) == ["Kept"]


def test_another_processs_change_is_seen(storage: Storage, author: int, database_url: str) -> None:
    assert titles(storage) == []
    other = Storage(database_url)
    other.write_now(lambda store: log(store, author, "Theirs"))
    other.write_now(lambda store: store.organisations.add(Organisation("emc2", "Pôle EMC2", "EMC2")))
    other.close_now()
    assert titles(storage) == ["Theirs"]
    assert [o.slug for o in storage.read_now(lambda store: store.organisations.all())] == ["cimes", "emc2"]


def test_a_persons_new_name_is_seen_on_what_they_logged(storage: Storage, author: int) -> None:
    storage.write_now(lambda store: log(store, author, "One"))
    assert titles(storage) == ["One"]
    storage.write_now(lambda store: store.persons.change(author, name="Maria"))
    found = storage.read_now(lambda store: store.activities.between(DAY, DAY))
    assert [activity.author_name for activity in found] == ["Maria"]
