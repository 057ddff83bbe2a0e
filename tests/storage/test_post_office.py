"""The post office: which message is next, what a person decides about an unclear one, what moves along, how a
batch stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.messages import Place, Post
from bot.rules.broadcasts.values import Tally
from storage.deliveries import Delivery
from storage.store import Storage, Store
from tests.storage.made_up import ANA, HALL, HOUR, MINUTE, NOW

CHAT = Place("telegram", "", "-100", kind="group", name="Hall")
TOPIC = Place("telegram", "", "-100", "7", kind="group", name="Hall")
OTHER = Place("telegram", "", "-200", kind="group", name="Office")


def delivery(key: str, place: Place | None = CHAT, **given: object) -> Delivery:
    platform = place.platform if place else "telegram"
    known = {"key": key, "platform": platform, "template": "t", "not_before": NOW, "place": place}
    return Delivery.new(**known | given)


def queue(storage: Storage, *these: Delivery) -> None:
    assert storage.write_now(lambda store: store.deliveries.queue(these)) == len(these)


def claim(storage: Storage, resting: tuple[str, ...] = (), above: int | None = None) -> str:
    one = storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram", resting, above))
    return one.key if one else ""


def number(storage: Storage, key: str) -> int:
    """Claim the only message that is due, and leave it as a crash does."""
    one = storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram"))
    assert one is not None
    assert one.key == key
    storage.write_now(lambda store: store.deliveries.unknown_since(NOW + MINUTE))
    return one.id


def state(storage: Storage, delivery_id: int) -> tuple[str, str]:
    one = storage.read_now(lambda store: store.deliveries.get(delivery_id))
    assert one is not None
    return one.state, one.says


def test_a_message_is_found_by_its_key(storage: Storage) -> None:
    queue(storage, delivery("hello"), delivery("bye"))
    found = storage.read_now(lambda store: (store.deliveries.by_key("bye"), store.deliveries.by_key("none")))
    assert found[0] is not None
    assert (found[0].key, found[0].state, found[1]) == ("bye", "queued", None)


def test_resting_targets_are_passed_over_and_hold_nobody_up(storage: Storage) -> None:
    account = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    queue(
        storage,
        delivery("urgent", priority=1),
        delivery("in its topic", TOPIC),
        delivery("to Ana", None, account_id=account),
        delivery("elsewhere", OTHER, priority=4),
    )
    assert claim(storage, ("-100", f"@{account}")) == "elsewhere"
    assert claim(storage, ("-100", f"@{account}")) == ""
    assert claim(storage, ("-100",)) == "to Ana"
    assert claim(storage, ("-200",)) == "urgent"
    assert claim(storage) == "in its topic"
    assert claim(storage) == ""


def test_what_is_less_urgent_can_be_left_out(storage: Storage) -> None:
    queue(storage, delivery("broadcast", priority=4), delivery("reminder", priority=3))
    assert claim(storage, above=2) == ""
    queue(storage, delivery("question", priority=2))
    assert [claim(storage, above=2), claim(storage, above=2)] == ["question", ""]
    assert [claim(storage), claim(storage)] == ["reminder", "broadcast"]


def test_when_the_next_one_is_due(storage: Storage) -> None:
    def next_due(*platforms: str) -> datetime | None:
        return storage.read_now(lambda store: store.deliveries.next_due(platforms))

    assert next_due("telegram", "slack") is None
    queue(
        storage,
        delivery("later", not_before=NOW + HOUR, priority=1),
        delivery("now", priority=4),
        delivery("there", HALL, not_before=NOW - HOUR),
    )
    assert next_due("telegram", "slack") == NOW - HOUR
    assert next_due("telegram") == NOW
    assert claim(storage) == "now"
    assert next_due("telegram") == NOW + HOUR
    assert next_due() is None


def test_a_person_decides_what_comes_of_an_unclear_one(storage: Storage) -> None:
    unclear = []
    for key in ("first", "second"):
        queue(storage, delivery(key))
        unclear.append(number(storage, key))
    first, second = unclear
    found = storage.read_now(lambda store: store.deliveries.unclear())
    assert [one.id for one in found] == [first, second]

    assert storage.write_now(lambda store: store.deliveries.again(first, NOW))
    assert storage.write_now(lambda store: store.deliveries.left(second, "left by person 1"))

    assert state(storage, second) == ("skipped", "left by person 1")
    assert storage.read_now(lambda store: store.deliveries.unclear()) == ()
    assert [claim(storage), claim(storage)] == ["first", ""]


@pytest.mark.parametrize("fate", ["queued", "attempting", "sent", "skipped", "failed"])
def test_only_an_unclear_one_is_decided_about(storage: Storage, fate: str) -> None:
    queue(storage, delivery("one"))
    one = storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram"))
    assert one is not None
    become = {
        "queued": lambda s: s.deliveries.later(one.id, NOW, ""),
        "attempting": lambda _: None,
        "sent": lambda s: s.deliveries.sent(one.id, NOW),
        "skipped": lambda s: s.deliveries.skipped(one.id, ""),
        "failed": lambda s: s.deliveries.failed(one.id, "", NOW),
    }
    storage.write_now(become[fate])
    assert not storage.write_now(lambda store: store.deliveries.again(one.id, NOW))
    assert not storage.write_now(lambda store: store.deliveries.left(one.id, "left"))
    assert state(storage, one.id) == (fate, "")


def test_whoever_comes_late_does_not_undo_what_was_settled(storage: Storage) -> None:
    queue(storage, delivery("left"))
    left = number(storage, "left")
    storage.write_now(lambda store: store.deliveries.left(left, "left by person 1"))
    storage.write_now(lambda store: store.deliveries.later(left, NOW, "429"))
    storage.write_now(lambda store: store.deliveries.failed(left, "gone", NOW))
    assert state(storage, left) == ("skipped", "left by person 1")
    storage.write_now(lambda store: store.deliveries.sent(left, NOW))  # but it did arrive, after all
    assert state(storage, left)[0] == "sent"


def test_what_waits_for_a_place_moves_with_it(storage: Storage) -> None:
    slack = Place("slack", "T1", "-100", kind="group")
    queue(
        storage,
        delivery("gone already", priority=0),
        delivery("hall"),
        delivery("topic", TOPIC),
        delivery("office", OTHER),
        delivery("slack", slack),
        delivery("elsewhere", Place("telegram", "other", "-100", kind="group"), priority=4),
    )
    assert claim(storage) == "gone already"
    new = Place("telegram", "", "-1001", kind="group")

    storage.write_now(lambda store: store.deliveries.moved(CHAT, new))

    def place(expected: str, resting: tuple[str, ...] = ()) -> Place | None:
        one = storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram", resting))
        assert one is not None
        assert one.key == expected
        return one.place

    assert place("office", ("-1001",)) == OTHER
    moved = Place("telegram", "", "-1001", kind="group", name="Hall")
    assert [place("hall", ("-100",)), place("topic", ("-100",))] == [moved, moved]
    assert place("elsewhere") == Place("telegram", "other", "-100", kind="group")


# ---- batches ----


def of_batch(key: str, reader: str = "place:1", place: Place | None = CHAT, **given: object) -> Delivery:
    return delivery(key, place, batch="broadcast:3", reader=reader, **given)


def test_each_reader_counts_once_and_by_the_best_that_became_of_them(storage: Storage) -> None:
    fates = {
        "sent": ("failed", "sent", "failed"),
        "queued": ("failed", "queued"),
        "attempting": ("unknown", "attempting"),
        "unknown": ("failed", "unknown", "skipped"),
        "failed": ("skipped", "failed"),
        "skipped": ("failed", "skipped"),
    }
    queue(storage, *(of_batch(f"{reader}{n}", reader) for reader in fates for n in range(len(fates[reader]))))
    queue(storage, delivery("another's", batch="broadcast:33", reader="sent"), delivery("nobody's"))

    def settle(store: Store) -> None:
        for one in store.deliveries.of_batch("broadcast:3"):
            state = fates[one.reader][int(one.key[-1])]
            row = f"state = '{state}', says = '{one.key} says'"
            store._connection.exec_driver_sql(f"UPDATE deliveries SET {row} WHERE id = {one.id}")

    storage.write_now(settle)
    found = storage.read_now(lambda store: store.deliveries.tally("broadcast:3"))
    assert found == Tally(
        queued=1,
        attempting=1,
        sent=1,
        failed=1,
        skipped=1,
        unknown=1,
        reasons={"failed1 says": 1, "skipped1 says": 1},
    )
    every = storage.read_now(lambda store: store.deliveries.outcomes("broadcast:3"))
    assert {one.reader: (one.state, one.tries) for one in every} == {
        reader: (reader, len(tries)) for reader, tries in fates.items()
    }
    assert {one.name for one in every} == {"Hall"}


def test_an_outcome_is_called_by_its_person_else_their_account_else_the_place(storage: Storage) -> None:
    def put(store: Store) -> None:
        person = store.persons.add("Ana Alves", "pt", "Europe/Lisbon", NOW).id
        account = store.accounts.remember(ANA, NOW)
        store.deliveries.queue(
            [
                of_batch("1", "person:1", place=None, account_id=account, person_id=person),
                of_batch("2", "account:1", place=None, account_id=account),
                of_batch("3", "place:1"),
            ]
        )

    storage.write_now(put)
    every = storage.read_now(lambda store: store.deliveries.outcomes("broadcast:3"))
    assert [one.name for one in every] == ["Ana Alves", "Ana", "Hall"]
    assert storage.read_now(lambda store: store.deliveries.tally("broadcast:4")) == Tally()


def test_where_a_message_stands_is_kept_with_all_its_parts(storage: Storage) -> None:
    queue(storage, of_batch("one"))
    assert claim(storage) == "one"
    post = Post(CHAT, "12", more=("13", "file:14"))
    storage.write_now(lambda store: store.deliveries.sent(1, NOW, post))
    [one] = storage.read_now(lambda store: store.deliveries.of_batch("broadcast:3"))
    assert (one.post, one.state) == (post, "sent")
    storage.write_now(lambda store: store.deliveries.stands(1, None))
    [one] = storage.read_now(lambda store: store.deliveries.of_batch("broadcast:3"))
    assert (one.post, one.state) == (None, "sent")


def test_what_changes_a_post_waits_while_edits_rest_and_is_never_unclear(storage: Storage) -> None:
    queue(
        storage,
        of_batch("edit", act="edit", about=1, priority=1),
        of_batch("delete", act="delete", about=1, priority=1),
        of_batch("reply", act="reply", about=1),
    )

    def next_one(edits: bool) -> str:
        one = storage.write_now(lambda store: store.deliveries.claim(NOW, "telegram", edits=edits))
        return one.key if one else ""

    assert [next_one(False), next_one(False), next_one(True), next_one(True)] == [
        "reply",
        "",
        "edit",
        "delete",
    ]
    lost = storage.write_now(lambda store: store.deliveries.unknown_since(NOW + MINUTE))
    assert [one.key for one in lost] == ["reply"]
    assert [next_one(True), next_one(True)] == ["edit", "delete"]


LOOKS: dict[str, tuple[str, Callable[[Store], object]]] = {
    "claim": ("ix_deliveries_queued", lambda s: s.deliveries.claim(NOW, "telegram", ("-1",), 2)),
    "next_due": ("ix_deliveries_queued", lambda s: s.deliveries.next_due(["telegram"])),
    "unclear": ("ix_deliveries_unknown", lambda s: s.deliveries.unclear()),
    "unknown_since": ("ix_deliveries_attempting", lambda s: s.deliveries.unknown_since(NOW)),
    "claim_new": ("ix_deliveries_queued", lambda s: s.deliveries.claim(NOW, "telegram", edits=False)),
    "next_fetch": ("ix_media_wanted", lambda s: s.deliveries.next_fetch(["telegram"])),
    "tally": ("ix_deliveries_batch", lambda s: s.deliveries.tally("broadcast:3")),
    "outcomes": ("ix_deliveries_batch", lambda s: s.deliveries.outcomes("broadcast:3")),
    "held": ("ix_deliveries_batch", lambda s: s.deliveries.held("broadcast:3")),
    "stop": ("ix_deliveries_batch", lambda s: s.deliveries.stop("broadcast:3", "", NOW)),
    "move": ("ix_deliveries_batch", lambda s: s.deliveries.move("broadcast:3", NOW)),
    "leave_out": ("ix_deliveries", lambda s: s.deliveries.leave_out("broadcast:3", ("edit",), "", NOW)),
    "card": ("ix_cards_stale", lambda s: s.cards.claim(NOW, NOW, "telegram", ("-1",))),
    "next_card": ("ix_cards_stale", lambda s: s.cards.next_due(["telegram"])),
}


@pytest.mark.parametrize("what", LOOKS)
def test_the_worker_reads_what_waits_and_not_the_whole_history(sqlite_url: str, what: str) -> None:
    storage = Storage(sqlite_url)
    plans: list[str] = []

    def explain(connection: Connection, _: Any, statement: str, given: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            raw = connection.connection.execute("EXPLAIN QUERY PLAN " + statement, given)
            plans.extend(row[3] for row in raw.fetchall())

    event.listen(storage._writer, "before_cursor_execute", explain)
    index, look = LOOKS[what]
    storage.write_now(look)
    storage.close_now()
    assert any(index in step for step in plans)
    assert not [step for step in plans if step in ("SCAN deliveries", "SCAN cards")]
