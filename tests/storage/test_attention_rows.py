"""One reader's messages: what waits, what they had, what is put off, folded, or goes another way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from storage.attention import Absence, Chosen
from storage.deliveries import Delivery
from storage.store import Storage, Store
from tests.storage.made_up import ANA, ANA_ON_SLACK, HOUR, MINUTE, NOW, settle


@pytest.fixture
def ana(storage: Storage) -> int:
    """Ana, on Telegram (account 1) and on Slack (2)."""

    def put(store: Store) -> int:
        person = settle(store)
        for account in (ANA, ANA_ON_SLACK):
            store.accounts.attach(store.accounts.remember(account, NOW), person)
        return person

    return storage.write_now(put)


def queue(storage: Storage, *keys: str, **given: Any) -> None:
    known = {"platform": "telegram", "template": "", "not_before": NOW, "account_id": 1, "person_id": 1}
    these = [Delivery.new(**{"key": key, "kind": "seats", **known, **given}) for key in keys]
    assert storage.write_now(lambda store: store.deliveries.queue(these)) == len(these)


def claim(storage: Storage, minutes: int = 0) -> Delivery:
    found = storage.write_now(lambda store: store.deliveries.claim(NOW + minutes * MINUTE, "telegram"))
    assert found is not None
    return found


def by_key(storage: Storage, key: str) -> Delivery:
    found = storage.read_now(lambda store: store.deliveries.by_key(key))
    assert found is not None
    return found


def test_what_waits_for_somebody_the_most_urgent_first(storage: Storage, ana: int) -> None:
    queue(storage, "late", not_before=NOW + 2 * HOUR)
    queue(storage, "soon", "then", platform="slack", account_id=2)
    queue(storage, "first", priority=1)
    queue(storage, "edit", act="edit")
    queue(storage, "answer", kind="")
    queue(storage, "nobody's", person_id=None)
    waits = storage.read_now(lambda store: store.deliveries.waiting_for(ana))
    assert [one.key for one in waits] == ["first", "soon", "then", "late"]
    soon = storage.write_now(lambda store: store.deliveries.company(ana, NOW + HOUR))
    assert [one.key for one in soon] == ["first", "soon", "then"]


def test_what_somebody_had_that_counted(storage: Storage, ana: int) -> None:
    queue(storage, "1", "2", "3", "4", "5")
    for minutes in range(4):
        claim(storage, minutes)
    last = claim(storage, 4)

    def ends(store: Store) -> None:
        for number in range(1, 5):
            store.deliveries.count(number)
        store.deliveries.sent(1, NOW)
        store.deliveries.failed(2, "gone", NOW)
        store.deliveries.later(3, NOW + HOUR, "too fast")  # it takes nothing until it goes
        store.deliveries.skipped(5, "no longer due")

    storage.write_now(ends)
    assert last.key == "5"

    def asked(store: Store) -> list[tuple[datetime, ...]]:
        return [
            store.deliveries.had(ana, since, but) for since, but in ((NOW, 0), (NOW, 1), (NOW + MINUTE, 0))
        ]

    had = storage.read_now(asked)
    assert had == [(NOW, NOW + 3 * MINUTE), (NOW + 3 * MINUTE,), (NOW + 3 * MINUTE,)]
    assert storage.read_now(lambda store: store.deliveries.sent_to(ana, NOW)) == {True: 2}


def test_what_is_put_off_keeps_when_it_was_wanted(storage: Storage, ana: int) -> None:
    queue(storage, "seats", useful_until=NOW + HOUR)
    claimed = claim(storage)
    storage.write_now(lambda store: store.deliveries.put_off(claimed, NOW + HOUR, NOW + 3 * HOUR, "quiet"))
    one = by_key(storage, "seats")
    assert (one.state, one.not_before, one.useful_until) == ("queued", NOW + HOUR, NOW + 3 * HOUR)
    assert (one.since, one.attempts, one.says, one.counted) == (NOW, 0, "quiet", False)
    again = claim(storage, 60)
    storage.write_now(lambda store: store.deliveries.put_off(again, NOW + 5 * HOUR, None, "day is full"))
    one = by_key(storage, "seats")
    assert (one.since, one.not_before, one.useful_until) == (NOW, NOW + 5 * HOUR, None)


def test_what_is_folded_goes_no_way_of_its_own(storage: Storage, ana: int) -> None:
    queue(storage, "over")
    over = claim(storage)
    storage.write_now(lambda store: store.deliveries.sent(over.id, NOW))
    queue(storage, "claimed", "waits", batch="broadcast:1", reader="person:1")
    claim(storage)
    storage.write_now(lambda store: store.deliveries.fold([1, 2, 3], NOW))
    states = [by_key(storage, key).state for key in ("over", "claimed", "waits")]
    assert states == ["sent", "folded", "folded"]
    assert storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram")) is None
    tally = storage.read_now(lambda store: store.deliveries.tally("broadcast:1"))
    assert (tally.folded, tally.arrived, tally.out, tally.open, tally.total) == (1, 1, 1, 0, 1)
    [found] = storage.read_now(lambda store: store.deliveries.outcomes("broadcast:1"))
    assert (found.state, found.says, found.name) == ("folded", "", "Ana")


def test_what_is_folded_into_a_digest_comes_as_far_as_that(storage: Storage, ana: int) -> None:
    queue(storage, "one", "two", batch="broadcast:1")
    queue(storage, "digest", kind="digest", useful_until=NOW + HOUR)
    queue(storage, "other digest", kind="digest", not_before=NOW + HOUR)
    storage.write_now(lambda store: store.deliveries.fold([1, 2], NOW, "digest"))

    def found(store: Store) -> tuple[Any, Any]:
        return store.deliveries.tally("broadcast:1"), store.deliveries.outcomes("broadcast:1")[0].state

    tally, state = storage.read_now(found)
    assert (tally.queued, tally.arrived, state) == (1, 0, "queued")
    assert by_key(storage, "one").folded_into == 3
    claim(storage)
    assert storage.read_now(found)[1] == "attempting"
    storage.write_now(lambda store: store.deliveries.sent(3, NOW))
    tally, state = storage.read_now(found)
    assert (tally.folded, tally.arrived, state) == (1, 1, "folded")

    storage.write_now(lambda store: store.deliveries.fold([2], NOW, "other digest"))
    held = storage.write_now(lambda store: [store.deliveries.folded([1, 2], digest) for digest in (3, 4)])
    assert [[one.key for one in these] for these in held] == [["one"], ["two"]]


def test_what_is_given_back_goes_a_way_of_its_own(storage: Storage, ana: int) -> None:
    queue(storage, "seats", useful_until=NOW + HOUR)
    queue(storage, "digest", kind="digest", not_before=NOW + HOUR)
    storage.write_now(lambda store: store.deliveries.fold([1], NOW, "digest"))
    seats = by_key(storage, "seats")
    later = NOW + 2 * HOUR
    for _ in range(2):  # the second time there is nothing to give back
        storage.write_now(lambda store: store.deliveries.unfold(seats, later, later + HOUR, tries=1))
    one = by_key(storage, "seats")
    assert (one.state, one.folded_into, one.since, one.attempts) == ("queued", None, NOW, 1)
    assert (one.not_before, one.useful_until) == (later, later + HOUR)


def test_it_goes_to_another_account(storage: Storage, ana: int) -> None:
    queue(storage, "seats")
    one = claim(storage)
    storage.write_now(lambda store: store.deliveries.elsewhere(one.id, "slack", 2))
    assert storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram")) is None
    there = storage.write_now(lambda store: store.deliveries.claim(NOW, "slack"))
    assert there is not None
    assert (there.account_id, there.target, there.attempts) == (2, "@2", 1)


def test_all_that_somebodys_attention_depends_on_at_once(storage: Storage, ana: int) -> None:
    def mind(store: Store) -> Any:
        return store.deliveries.mind(ana, NOW - HOUR, NOW + HOUR, 0)

    empty = storage.read_now(mind)
    assert (empty.kinds, empty.chosen, empty.absence, empty.had, empty.waiting) == (set(), {}, None, (), 0)

    def chooses(store: Store) -> None:
        store.silenced.stop(ana, "weekly", NOW)
        store.silenced.stop(ana, "vote", NOW)
        store.attention.choose(ana, "events", Chosen("weekly", "slack"), NOW)
        store.attention.away(ana, date(2026, 5, 20), ana, NOW, date(2026, 5, 18))

    storage.write_now(chooses)
    queue(storage, "1", "2", "3")
    queue(storage, "late", not_before=NOW + timedelta(days=1))
    these = [claim(storage, minutes) for minutes in (1, 0)]

    def count(store: Store) -> None:
        for one in these:
            store.deliveries.count(one.id)

    storage.write_now(count)
    full = storage.read_now(mind)
    assert full.kinds == {"weekly", "vote"}
    assert full.chosen == {"events": Chosen("weekly", "slack")}
    absence = Absence(ana, date(2026, 5, 20), ana, NOW, date(2026, 5, 18))
    assert full.absence == absence == storage.read_now(lambda store: store.attention.absence(ana))
    everybody = storage.read_now(lambda store: store.attention.wanted("events"))
    assert everybody.away == {ana: (date(2026, 5, 18), date(2026, 5, 20))}
    assert (full.had, full.waiting) == ((NOW, NOW + MINUTE), 1)


def test_who_is_held_is_nobody_elses(postgres_url: str) -> None:
    storage = Storage(postgres_url)
    person = storage.write_now(settle)

    def holds(store: Store) -> tuple[bool, bool]:
        mine = store.deliveries.holds(person)
        theirs = others.submit(storage.write_now, lambda other: other.deliveries.holds(person))
        return mine, theirs.result(10)

    with ThreadPoolExecutor(1) as others:
        assert storage.write_now(holds) == (True, False)
    assert storage.write_now(lambda store: store.deliveries.holds(person))
    storage.close_now()
