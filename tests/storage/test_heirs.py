"""What an installation leaves in a channel is another's, on either database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.messages import Place, Topic
from storage.heirs import RECENT
from storage.places import KnownPlace
from storage.store import Storage, Store
from tests.storage.made_up import NOW

HALL = Place("slack", "T7", "C1", "", "group", "hall")
THERE, THREAD = replace(HALL, installation="T8"), replace(HALL, thread="1.2")


def test_a_channel_goes_on_with_its_purposes_threads_and_cards(storage: Storage) -> None:
    def work(store: Store) -> tuple[tuple[KnownPlace, ...], list[tuple[str, str]]]:
        hall, thread = (store.places.remember(place, NOW) for place in (HALL, THREAD))
        store.places.set_purposes(hall, ("announcements",))
        store.places.set_language(hall, "fr")
        for key, ago in (("1", timedelta(0)), ("2", RECENT + timedelta(days=1))):
            number = store.cards.put(Topic("motion", key), HALL, NOW - ago)
            store.cards.shown(number, 1, "seen", f"post {key}", NOW - ago)
        store.places.set_state_of(HALL, "removed", "", NOW)
        store.installations.pass_on(HALL, "T8", NOW)
        found = store.places.all()
        assert [one.id for one in found] == [hall, thread]
        return found, [(card.topic.key, card.message_id) for card in store.cards.in_place(THERE)]

    (hall, thread), cards = storage.write_now(work)
    assert (hall.place, hall.purposes, hall.language, hall.state) == (THERE, ("announcements",), "fr", "open")
    assert (thread.place, thread.state) == (replace(THREAD, installation="T8"), "open")
    assert cards == [("1", ""), ("2", "post 2")]  # the newer one is posted anew, with taps that work


def test_what_the_other_was_told_itself_goes_before_what_is_of_one_that_left(storage: Storage) -> None:
    def left(store: Store) -> tuple[int, int]:
        old, new = (store.places.remember(place, NOW) for place in (HALL, THERE))
        store.places.set_purposes(old, ("announcements",))
        store.places.set_purposes(new, ("votes",))
        for place in (HALL, THERE):
            store.cards.put(Topic("motion", "1"), place, NOW)
        return old, new

    def passed(store: Store, state: str) -> list[tuple[int, tuple[str, ...]]]:
        if state == "removed":
            store.places.set_state_of(HALL, "removed", "", NOW)
        store.installations.pass_on(HALL, "T8", NOW)
        assert len(store.cards.of_topic(Topic("motion", "1"))) == 1
        return [(one.id, one.purposes) for one in store.places.all()]

    _, new = storage.write_now(left)
    assert storage.write_now(lambda store: passed(store, "removed")) == [(new, ("votes",))]
    storage.write_now(left)
    both = ("announcements", "votes")
    assert storage.write_now(lambda store: passed(store, "open")) == [(new, both)]
