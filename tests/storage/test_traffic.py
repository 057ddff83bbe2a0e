"""What came in and what goes out: each once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.messages import Button, Topic
from storage.deliveries import Delivery
from storage.received import Received
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import ANA, DIRECT, HALL, HOUR, MINUTE, NOW

EVENT = Received(
    "telegram", "1001", ANA, DIRECT, {"text": "“✓” \U0001f600 \ud800 \0"}, "unsent", "", NOW, "m1"
)


def record(storage: Storage, *events: Received) -> None:
    for one in events:
        storage.write_now(lambda store: store.received.record(one))  # noqa: B023


def test_an_event_is_recorded_with_its_answer(storage: Storage) -> None:
    silent = replace(EVENT, event="1002", answer=None, state="given")
    record(storage, EVENT, silent, replace(EVENT, platform="slack"))
    assert storage.read_now(lambda store: store.received.find("telegram", "1001")) == EVENT
    assert storage.read_now(lambda store: store.received.find("telegram", "1002")) == silent
    assert storage.read_now(lambda store: store.received.find("telegram", "1003")) is None


def test_a_second_record_is_a_duplicate_and_the_transaction_goes_on(storage: Storage) -> None:
    record(storage, EVENT)

    def work(store: Store) -> None:
        with pytest.raises(Duplicate):
            store.received.record(replace(EVENT, answer=None))
        store.received.record(replace(EVENT, event="1002"))

    storage.write_now(work)
    assert storage.read_now(lambda store: store.received.find("telegram", "1001")) == EVENT
    assert storage.read_now(lambda store: store.received.find("telegram", "1002")) is not None


async def test_the_same_event_many_times_at_once_is_done_once(storage: Storage) -> None:
    def work(store: Store) -> None:
        store.accounts.remember(ANA, NOW)
        store.persons.add("Ana", "pt", "Europe/Lisbon", NOW)
        store.received.record(EVENT)

    ended = await asyncio.gather(*(storage.write(work) for _ in range(12)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["Duplicate"] * 11 + ["NoneType"]
    persons = await storage.read(lambda store: [store.persons.get(number) for number in range(1, 20)])
    assert len([person for person in persons if person is not None]) == 1


def test_answers_not_given_are_found_oldest_first(storage: Storage) -> None:
    events = [replace(EVENT, event=str(n), received_at=NOW - n * MINUTE) for n in range(5)]
    broken = replace(EVENT, event="broken", state="failed", reference="R-7QK2", received_at=NOW - HOUR)
    record(storage, *events, broken, replace(EVENT, platform="slack", event="of another platform"))

    def unsent(limit: int = 10) -> list[str]:
        found = storage.read_now(lambda store: store.received.unsent("telegram", NOW, limit))
        return [one.event for one in found]

    assert unsent() == ["4", "3", "2", "1"]
    assert unsent(limit=2) == ["4", "3"]
    given = [("telegram", "4"), ("telegram", "2"), ("slack", "1"), ("telegram", "broken")]
    storage.write_now(lambda store: store.received.given(given))
    storage.write_now(lambda store: store.received.given([]))
    assert unsent() == ["3", "1"]
    found = storage.read_now(lambda store: store.received.find("telegram", "4"))
    assert found == replace(events[4], state="given")
    assert storage.read_now(lambda store: store.received.find("telegram", "broken")) == broken
    storage.write_now(lambda store: store.received.forget(NOW - MINUTE))
    assert unsent() == ["1"]
    assert storage.read_now(lambda store: store.received.find("telegram", "broken")) is None


def delivery(key: str, **given: object) -> Delivery:
    return Delivery.new(**{"key": key, "platform": "telegram", "template": "t", "not_before": NOW} | given)


def queue(storage: Storage, *these: Delivery) -> int:
    return storage.write_now(lambda store: store.deliveries.queue(these))


def claim(storage: Storage, limit: int = 10, platform: str = "telegram") -> list[Delivery]:
    def work(store: Store) -> list[Delivery]:
        claimed = (store.deliveries.claim(NOW, platform) for _ in range(limit))
        return [one for one in claimed if one is not None]

    return storage.write_now(work)


def test_a_delivery_comes_out_as_it_went_in(storage: Storage) -> None:
    account = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    person = storage.write_now(lambda store: store.persons.add("Ana", "pt", "Europe/Lisbon", NOW).id)
    sent = delivery(
        "a",
        account_id=account,
        person_id=person,
        kind="weekly line",
        place=HALL,
        values={"title": "Žuvis", "n": 3},
        buttons=(
            Button("Yes", "we did", {"activity": "12"}, "anyone"),
            Button("Show", url="https://a.example"),
        ),
        reason="you asked",
        priority=1,
        useful_until=NOW + HOUR,
        topic=Topic("activity", "12"),
    )
    assert queue(storage, sent) == 1
    (claimed,) = claim(storage)
    assert claimed == replace(sent, id=claimed.id, state="attempting", attempts=1)
    assert storage.read_now(lambda store: store.deliveries.get(claimed.id)) == claimed
    assert storage.read_now(lambda store: store.deliveries.get(claimed.id + 1)) is None


def test_a_key_is_queued_once_for_ever(storage: Storage) -> None:
    assert queue(storage) == 0
    assert queue(storage, delivery("a"), delivery("b")) == 2
    assert queue(storage, delivery("b"), delivery("c"), delivery("c")) == 1
    for one in claim(storage):
        storage.write_now(lambda store: store.deliveries.sent(one.id, NOW))  # noqa: B023
    assert queue(storage, delivery("a")) == 0


def test_the_most_urgent_due_ones_are_claimed_first(storage: Storage) -> None:
    queue(
        storage,
        delivery("broadcast", priority=3, not_before=NOW - HOUR),
        delivery("later", not_before=NOW + MINUTE),
        delivery("slack", platform="slack"),
        delivery("reminder", priority=2, not_before=NOW - MINUTE),
        delivery("older reminder", priority=2, not_before=NOW - HOUR),
        delivery("answer", priority=0),
    )
    assert [one.key for one in claim(storage, limit=3)] == ["answer", "older reminder", "reminder"]
    assert [one.key for one in claim(storage)] == ["broadcast"]
    assert [one.key for one in claim(storage, platform="slack")] == ["slack"]
    assert claim(storage) == claim(storage, platform="terminal") == []


async def test_many_claimers_never_get_the_same_one(storage: Storage, database_url: str) -> None:
    await storage.write(lambda store: store.deliveries.queue([delivery(str(n)) for n in range(60)]))
    other = Storage(database_url)
    claims = await asyncio.gather(
        *(
            which.write(lambda store: store.deliveries.claim(NOW, "telegram"))
            for which in [storage, other] * 30
        )
    )
    await other.close()
    keys = [one.key for one in claims if one is not None]
    assert sorted(keys, key=int) == [str(n) for n in range(60)]


def test_what_became_of_each(storage: Storage) -> None:
    queue(storage, *(delivery(key) for key in ("sent", "failed", "later", "skipped", "lost")))
    ids = {one.key: one.id for one in claim(storage)}

    def work(store: Store) -> None:
        store.deliveries.sent(ids["sent"], NOW)
        store.deliveries.failed(ids["failed"], "blocked by the user", NOW)
        store.deliveries.later(ids["later"], NOW, "429")
        store.deliveries.skipped(ids["skipped"], "answered meanwhile")

    storage.write_now(work)

    def state(key: str) -> tuple[str, str]:
        found = storage.read_now(lambda store: store.deliveries.get(ids[key]))
        assert found is not None
        return found.state, found.says

    assert [state(key) for key in ("sent", "failed", "later", "skipped", "lost")] == [
        ("sent", ""),
        ("failed", "blocked by the user"),
        ("queued", "429"),
        ("skipped", "answered meanwhile"),
        ("attempting", ""),
    ]
    storage.write_now(lambda store: store.deliveries.skipped(ids["sent"], "too late"))
    assert state("sent") == ("sent", "")
    (again,) = claim(storage)
    assert (again.key, again.attempts) == ("later", 2)


def test_what_a_crash_left_open_is_unknown_once(storage: Storage) -> None:
    queue(storage, delivery("a"), delivery("b"))
    a, b = claim(storage)
    storage.write_now(lambda store: store.deliveries.sent(b.id, NOW))
    assert storage.write_now(lambda store: store.deliveries.unknown_since(NOW)) == ()
    left = storage.write_now(lambda store: store.deliveries.unknown_since(NOW + MINUTE))
    assert left == (replace(a, state="unknown"),)
    assert storage.write_now(lambda store: store.deliveries.unknown_since(NOW + HOUR)) == ()
    assert claim(storage) == []
    storage.write_now(lambda store: store.deliveries.later(a.id, NOW, ""))
    assert [one.key for one in claim(storage)] == ["a"]
