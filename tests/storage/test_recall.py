"""What is recalled is never stale: not after a change, not after a rollback, not after another process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from bot.rules.indicators import Involved, Record, Sme
from storage.activities import Activity, Evidence
from storage.organisations import Organisation
from storage.store import Storage, Store
from tests.storage.made_up import NOW

DAY = date(2026, 5, 12)
ONE_DAY = timedelta(days=1)
SPANS = ((DAY, DAY), (DAY - ONE_DAY, DAY + ONE_DAY), (DAY + ONE_DAY, DAY + 9 * ONE_DAY))
UNKEEPABLE = "Zażółć \0 and \ud800"  # PostgreSQL keeps neither NUL nor half a surrogate


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


def all_spans(storage: Storage) -> list[tuple[Activity, ...]]:
    return storage.read_now(lambda store: [store.activities.between(*span) for span in SPANS])


def read_anew(database_url: str) -> list[tuple[Activity, ...]]:
    """What a process that remembers nothing reads."""
    other = Storage(database_url)
    found = all_spans(other)
    other.close_now()
    return found


def selects(storage: Storage, act: Callable[[], Any]) -> list[str]:
    """The tables that were asked while something was done."""
    asked: list[str] = []

    def note(*given: Any) -> None:
        if given[2].startswith("SELECT"):
            asked.append(given[2].partition("FROM ")[2].split()[0])

    engines = {storage._reader, storage._writer}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    act()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    return asked


def change(store: Store, number: int, record: Record, author: int) -> None:
    store.activities.change(number, record, author, NOW, "why")


def test_a_change_brings_what_is_remembered_forward(storage: Storage, author: int, database_url: str) -> None:
    record = Record(0, "workshop", UNKEEPABLE, DAY, (Involved("cimes", "host"),), smes=(Sme(UNKEEPABLE),))
    all_spans(storage)

    def kept(work: Callable[[Store], Any]) -> Any:
        """Do `work`; then all is known that reading anew returns, and only the number was asked for."""
        result = storage.write_now(work)
        asked = selects(storage, lambda: all_spans(storage))
        assert set(asked) == {"changes"}
        assert all_spans(storage) == read_anew(database_url)
        return result

    link = f"https://agenda.example/{UNKEEPABLE}"
    first = kept(lambda store: store.activities.add(record, author, (link, "https://b.example"), NOW)).record
    kept(lambda store: store.activities.add(replace(record, day=DAY + ONE_DAY), author, (), NOW))
    kept(lambda store: store.activities.add(replace(record, day=DAY - ONE_DAY), author, (), NOW))
    kept(lambda store: store.activities.add(replace(record, day=DAY - 300 * ONE_DAY), author, (), NOW))
    for changed in (
        replace(first, title="Other", smes=(Sme(UNKEEPABLE, "FR"), Sme("Acme"))),
        replace(first, day=DAY + 3 * ONE_DAY),
        replace(first, day=DAY, state="withdrawn", smes=()),
        replace(first, involved=(Involved("cimes", "host", "confirmed"),)),
    ):
        kept(partial(change, number=first.id, record=changed, author=author))
    kept(lambda store: store.activities.answer(first.id, "cimes", "denied", author, NOW, "confirmed"))
    kept(lambda store: [store.activities.change(first.id, first, author, NOW), log(store, author, "Two")])


def test_what_cannot_be_brought_forward_is_read_anew(
    storage: Storage, author: int, database_url: str
) -> None:
    number = storage.write_now(lambda store: log(store, author, "One"))
    all_spans(storage)
    proof = Evidence("link", "https://c.example", by=author)
    storage.write_now(lambda store: store.activities.add_evidence(number, proof, NOW))
    assert all_spans(storage) == read_anew(database_url)
    assert len(all_spans(storage)[0][0].evidence) == 1


def test_a_transaction_sees_its_own_change_without_reading_the_year(storage: Storage, author: int) -> None:
    storage.write_now(lambda store: log(store, author, "One"))
    titles(storage)
    seen: list[str] = []

    def log_and_look(store: Store) -> None:
        log(store, author, "Two")
        seen.extend(one.record.title for one in store.activities.between(DAY, DAY))

    assert selects(storage, lambda: storage.write_now(log_and_look)) == []
    assert seen == ["One", "Two"]


def test_a_change_after_another_processs_is_not_brought_forward(
    storage: Storage, author: int, database_url: str
) -> None:
    all_spans(storage)
    other = Storage(database_url)
    other.write_now(lambda store: log(store, author, "Theirs"))
    storage.write_now(lambda store: log(store, author, "Ours"))
    assert titles(storage) == titles(other) == ["Theirs", "Ours"]
    other.close_now()


def test_a_rolled_back_change_is_not_taken_for_another_of_the_same_number(
    storage: Storage, author: int, database_url: str
) -> None:
    all_spans(storage)

    def log_and_fail(store: Store) -> None:
        log(store, author, "Never")
        store.activities.between(DAY, DAY)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        storage.write_now(log_and_fail)
    other = Storage(database_url)
    other.write_now(lambda store: log(store, author, "Theirs"))  # it raises the number to the same one
    other.close_now()
    assert titles(storage) == ["Theirs"]


def test_what_was_worked_out_stands_until_an_activity_changes(storage: Storage, author: int) -> None:
    worked: list[str] = []

    def count(key: str) -> int:
        def work(store: Store) -> int:
            return store.activities.worked_out(key, lambda: counted(store, key))

        return storage.read_now(work)

    def counted(store: Store, key: str) -> int:
        worked.append(key)
        return len(store.activities.between(DAY, DAY))

    assert [count("a"), count("a"), count("b")] == [0, 0, 0]
    assert worked == ["a", "b"]
    storage.write_now(lambda store: log(store, author, "One"))
    assert [count("a"), count("a")] == [1, 1]
    assert worked == ["a", "b", "a"]


async def test_many_at_once_in_two_processes_forget_nothing_and_repeat_nothing(
    storage: Storage, author: int, database_url: str
) -> None:
    other = Storage(database_url)

    async def log_and_look(here: Storage, title: str) -> None:
        await here.write(lambda store: log(store, author, title))
        found = await here.read(lambda store: store.activities.between(DAY, DAY))
        assert [one.record.title for one in found].count(title) == 1

    both = ((here, name) for here, name in ((storage, "ours"), (other, "theirs")))
    await asyncio.gather(*(log_and_look(here, f"{name} {n}") for here, name in both for n in range(15)))

    anew = await asyncio.to_thread(read_anew, database_url)
    assert len(anew[0]) == 30
    for here in (storage, other):
        assert await asyncio.to_thread(all_spans, here) == anew
    await other.close()
