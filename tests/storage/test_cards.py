"""Cards: stale until shown, one claimer each, never edited before they are posted."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.messages import Place, Topic
from storage.cards import CardRow
from storage.store import Storage, Store
from tests.storage.made_up import HOUR, MINUTE, NOW

HALL = Place("telegram", "", "-100", kind="group", name="Hall")
CORNER = replace(HALL, thread="7")
OFFICE = Place("telegram", "", "-200", kind="group", name="Office")
SLACK = Place("slack", "T1", "-100", kind="group", name="general")
INDICATORS, MOTION = Topic("indicators", ""), Topic("motion", "7")


def put(storage: Storage, topic: Topic = INDICATORS, place: Place = HALL) -> int:
    return storage.write_now(lambda store: store.cards.put(topic, place, NOW))


def claim(
    storage: Storage, resting: tuple[str, ...] = (), may_edit: bool = True, minutes: int = 0
) -> CardRow | None:
    now = NOW + minutes * MINUTE
    return storage.write_now(
        lambda store: store.cards.claim(now, now - MINUTE, "telegram", resting, may_edit)
    )


def show(storage: Storage, card: CardRow, message_id: str = "m1") -> bool:
    return storage.write_now(lambda store: store.cards.shown(card.id, card.wanted, "hash", message_id, NOW))


def posted(storage: Storage, topic: Topic = INDICATORS, place: Place = HALL) -> CardRow:
    """A card that stands there and shows its topic as it is."""
    put(storage, topic, place)
    card = claim(storage)
    assert card is not None
    assert show(storage, card)
    return next(card for card in storage.read_now(lambda s: s.cards.in_place(place)) if card.topic == topic)


def stale(storage: Storage, topic: Topic = INDICATORS) -> None:
    storage.write_now(lambda store: store.cards.stale(topic))


def test_a_card_is_due_until_it_is_shown(storage: Storage) -> None:
    number = put(storage)
    card = claim(storage)
    assert card == CardRow(number, INDICATORS, HALL, attempts=1)
    assert claim(storage) is None
    assert show(storage, card)
    (shown,) = storage.read_now(lambda store: store.cards.of_topic(INDICATORS))
    assert shown == CardRow(number, INDICATORS, HALL, "m1", 1, 1, "hash")
    assert claim(storage, minutes=60) is None


def test_a_change_while_it_is_being_sent_makes_it_due_again(storage: Storage) -> None:
    put(storage)
    card = claim(storage)
    assert card is not None
    stale(storage)
    stale(storage)
    assert claim(storage) is None  # it is being sent
    show(storage, card)
    again = claim(storage)
    assert again == replace(card, message_id="m1", shown=1, wanted=3, shown_hash="hash")
    show(storage, again)
    assert claim(storage, minutes=60) is None


def test_many_changes_are_one_edit(storage: Storage) -> None:
    posted(storage)
    for _ in range(5):
        stale(storage)
    card = claim(storage)
    assert card is not None
    assert (card.wanted, card.shown) == (6, 1)
    show(storage, card)
    assert claim(storage, minutes=60) is None


def test_what_changed_makes_its_own_live_cards_stale(storage: Storage) -> None:
    posted(storage, INDICATORS, HALL)
    posted(storage, INDICATORS, OFFICE)
    posted(storage, MOTION, HALL)
    posted(storage, Topic("motion", "8"), HALL)
    storage.write_now(lambda store: store.cards.stop(INDICATORS, OFFICE))

    def due() -> list[tuple[Topic, Place]]:
        found = []
        while (card := claim(storage)) is not None:
            show(storage, card)
            found.append((card.topic, card.place))
        return found

    stale(storage, MOTION)
    assert due() == [(MOTION, HALL)]
    storage.write_now(lambda store: store.cards.stale_kinds(["indicators", "event"]))
    assert due() == [(INDICATORS, HALL)]
    storage.write_now(lambda store: store.cards.stale_kinds([]))
    assert due() == []


def test_without_a_post_a_card_is_posted_and_not_edited(storage: Storage) -> None:
    posted(storage)
    stale(storage)
    assert claim(storage, may_edit=False) is None
    put(storage, MOTION, HALL)
    new = claim(storage, may_edit=False)
    assert new is not None
    assert (new.topic, new.message_id) == (MOTION, "")


def test_resting_channels_are_passed_over_and_hold_nobody_up(storage: Storage) -> None:
    put(storage, INDICATORS, CORNER)
    put(storage, INDICATORS, OFFICE)
    put(storage, INDICATORS, SLACK)
    card = claim(storage, ("-100",))
    assert card is not None
    assert card.place == OFFICE
    assert claim(storage, ("-100",)) is None
    assert claim(storage) is not None
    assert claim(storage) is None  # the one on Slack is not Telegram's


def test_whoever_claimed_it_and_died_leaves_it_due(storage: Storage) -> None:
    put(storage)
    card = claim(storage)
    assert card is not None
    assert claim(storage, minutes=1) is None
    assert claim(storage, minutes=2) == replace(card, attempts=2)


def test_a_card_that_could_not_be_shown_is_tried_later(storage: Storage) -> None:
    put(storage)
    card = claim(storage)
    assert card is not None
    storage.write_now(lambda store: store.cards.later(card.id, NOW + HOUR, "429"))
    assert claim(storage, minutes=59) is None
    assert storage.read_now(lambda store: store.cards.next_due(["telegram"])) == NOW + HOUR
    assert claim(storage, minutes=60) == replace(card, attempts=2, says="429")


def test_when_the_next_card_is_due(storage: Storage) -> None:
    def due(*platforms: str) -> object:
        return storage.read_now(lambda store: store.cards.next_due(platforms))

    assert due("telegram", "slack") is None
    put(storage)
    assert (due("telegram", "slack"), due("slack"), due()) == (NOW, None, None)
    card = claim(storage)
    assert card is not None
    assert due("telegram") is None  # it is being shown
    storage.write_now(lambda store: store.cards.shown(card.id, card.wanted, "hash", "m1", NOW + MINUTE))
    assert due("telegram") is None
    stale(storage)
    assert due("telegram") == NOW + MINUTE  # edits of one post keep their distance


def test_a_post_that_is_gone_is_posted_anew(storage: Storage) -> None:
    number = posted(storage).id
    storage.write_now(lambda store: store.cards.lost_post(number))
    card = claim(storage, may_edit=False)
    assert card is not None
    assert (card.id, card.message_id, card.shown_hash) == (number, "", "")


def test_a_stopped_card_rests_and_comes_back_as_a_new_post(storage: Storage) -> None:
    before = posted(storage)
    stale(storage)
    before = replace(before, wanted=2)
    assert storage.write_now(lambda store: store.cards.stop(INDICATORS, HALL)) == before
    assert storage.write_now(lambda store: store.cards.stop(INDICATORS, HALL)) is None
    assert storage.write_now(lambda store: store.cards.stop(MOTION, HALL)) is None
    stale(storage)
    assert claim(storage) is None
    assert storage.read_now(lambda store: store.cards.in_place(HALL)) == ()
    assert storage.read_now(lambda store: store.cards.of_topic(INDICATORS)) == ()
    assert storage.read_now(lambda store: store.cards.next_due(["telegram"])) is None
    assert put(storage) == before.id
    card = claim(storage)
    assert card is not None
    assert card.message_id == ""


def test_a_card_stopped_while_it_is_being_posted_keeps_no_post(storage: Storage) -> None:
    put(storage)
    card = claim(storage)
    assert card is not None
    storage.write_now(lambda store: store.cards.stop(INDICATORS, HALL))
    assert not show(storage, card)
    put(storage)
    again = claim(storage, minutes=2)
    assert again is not None
    assert again.message_id == ""


def test_a_card_put_where_it_stands_is_brought_up_to_date(storage: Storage) -> None:
    card = posted(storage)
    assert put(storage, INDICATORS, replace(HALL, name="the great hall")) == card.id
    again = claim(storage)
    assert again is not None
    assert (again.message_id, again.place.name) == ("m1", "the great hall")


def test_a_whole_channel_or_one_thread_is_stopped(storage: Storage) -> None:
    for place in (HALL, CORNER, OFFICE, SLACK):
        put(storage, INDICATORS, place)

    def stopped(place: Place) -> list[Place]:
        found = storage.write_now(lambda store: store.cards.stopped_in(place))
        return [card.place for card in found]

    put(storage, MOTION, CORNER)
    assert stopped(CORNER) == [CORNER, CORNER]
    put(storage, MOTION, CORNER)
    assert stopped(HALL) == [HALL, CORNER]
    assert stopped(HALL) == []
    assert [card.place for card in storage.read_now(lambda s: s.cards.of_topic(INDICATORS))] == [
        OFFICE,
        SLACK,
    ]


def test_cards_move_with_their_channel_and_are_posted_there_anew(storage: Storage) -> None:
    first = posted(storage, INDICATORS, HALL)
    posted(storage, MOTION, CORNER)
    posted(storage, MOTION, OFFICE)
    new = Place("telegram", "", "-1001", kind="group")

    storage.write_now(lambda store: store.cards.moved(HALL, new))

    there = replace(HALL, channel="-1001")
    moved = storage.read_now(lambda store: store.cards.in_place(there))
    assert [(card.id, card.topic, card.place, card.message_id) for card in moved] == [
        (first.id, INDICATORS, there, ""),
        (first.id + 1, MOTION, there, ""),
    ]
    assert storage.read_now(lambda store: store.cards.in_place(HALL)) == ()
    card = claim(storage)
    assert card is not None
    assert (card.id, card.place.channel) == (first.id, "-1001")


@pytest.mark.parametrize("is_live", [True, False])
def test_a_card_that_moves_to_where_one_is_leaves_it_the_place(storage: Storage, is_live: bool) -> None:
    posted(storage, INDICATORS, HALL)
    other = posted(storage, INDICATORS, OFFICE)
    if not is_live:
        storage.write_now(lambda store: store.cards.stop(INDICATORS, OFFICE))

    storage.write_now(lambda store: store.cards.moved(HALL, OFFICE))

    assert [card.id for card in storage.read_now(lambda store: store.cards.of_topic(INDICATORS))] == [
        other.id
    ]
    card = claim(storage)
    assert card is not None
    assert (card.id, card.message_id) == (other.id, "m1" if is_live else "")
    assert claim(storage) is None


async def test_many_claimers_never_get_the_same_card(storage: Storage, database_url: str) -> None:
    def many(store: Store) -> None:
        for n in range(30):
            store.cards.put(INDICATORS, replace(HALL, channel=str(n)), NOW)

    await storage.write(many)
    other = Storage(database_url)  # another process
    claims = await asyncio.gather(
        *(which.write(lambda s: s.cards.claim(NOW, NOW, "telegram")) for which in [storage, other] * 16)
    )
    await other.close()
    numbers = [card.id for card in claims if card is not None]
    assert sorted(numbers) == list(range(1, 31))


async def test_no_change_is_lost_between_many(storage: Storage, database_url: str) -> None:
    def two(store: Store) -> None:
        store.cards.put(INDICATORS, HALL, NOW)
        store.cards.put(INDICATORS, OFFICE, NOW)

    await storage.write(two)
    other = Storage(database_url)
    one = [which.write(lambda store: store.cards.stale(INDICATORS)) for which in [storage, other] * 5]
    kind = [
        which.write(lambda store: store.cards.stale_kinds(["indicators"])) for which in [storage, other] * 5
    ]
    await asyncio.gather(*one, *kind)
    await other.close()
    found = await storage.read(lambda store: store.cards.of_topic(INDICATORS))
    assert [card.wanted for card in found] == [21, 21]
