"""Places: known by where they are, with what each is for and whether the bot may write there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.messages import Place
from storage.places import KnownPlace, PlaceState
from storage.store import Storage, Store
from tests.storage.made_up import ANA, HALL, HOUR, NOW

GROUP = Place("telegram", "", "-100", kind="group", name="Hall")
TOPIC = replace(GROUP, thread="7")
OFFICE = Place("telegram", "", "-200", kind="group", name="Office")


def remember(storage: Storage, *places: Place) -> list[int]:
    return storage.write_now(lambda store: [store.places.remember(place, NOW) for place in places])


def use(storage: Storage, number: int, *purposes: str) -> None:
    storage.write_now(lambda store: store.places.set_purposes(number, purposes))


def everything(storage: Storage) -> tuple[KnownPlace, ...]:
    return storage.read_now(lambda store: store.places.all())


def test_a_place_is_known_by_where_it_is(storage: Storage) -> None:
    renamed, nameless = replace(HALL, name="the great hall"), replace(HALL, name="")
    other_thread = replace(HALL, thread="")
    first, again, third, other = remember(storage, HALL, renamed, nameless, other_thread)
    assert first == again == third != other
    known = KnownPlace(first, renamed)
    assert storage.read_now(lambda store: store.places.get(first)) == known
    assert storage.read_now(lambda store: store.places.get(other + 1)) is None
    assert storage.read_now(lambda store: store.places.find(HALL)) == known
    assert storage.read_now(lambda store: store.places.find(replace(HALL, installation="T2"))) is None
    assert everything(storage) == (known, KnownPlace(other, other_thread))


def test_remembering_leaves_what_was_said_of_it(storage: Storage) -> None:
    (number,) = remember(storage, GROUP)
    account = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))

    def work(store: Store) -> None:
        store.places.set_purposes(number, ("votes", "announcements", "votes"))
        store.places.set_state(number, "muted", "not enough rights", NOW)
        store.places.remember(GROUP, NOW + HOUR, account)
        store.places.remember(GROUP, NOW + HOUR)

    storage.write_now(work)
    assert everything(storage) == (
        KnownPlace(
            number,
            GROUP,
            ("announcements", "votes"),
            "muted",
            "not enough rights",
            state_at=NOW,
            added_by=account,
        ),
    )


def test_what_serves_a_purpose_is_where_the_bot_may_write(storage: Storage) -> None:
    hall, topic, office = remember(storage, GROUP, TOPIC, OFFICE)
    use(storage, hall, "votes", "events")
    use(storage, topic, "events")
    use(storage, office, "old events")

    def serving(purpose: str) -> list[int]:
        found = storage.read_now(lambda store: store.places.serving(purpose))
        return [known.id for known in found]

    assert (serving("events"), serving("votes"), serving("event")) == ([hall, topic], [hall], [])
    storage.write_now(lambda store: store.places.set_state(hall, "archived", "", NOW))
    assert serving("events") == [topic]
    use(storage, topic)
    assert serving("events") == []
    known = storage.read_now(lambda store: store.places.get(topic))
    assert known is not None
    assert known.purposes == ()


def test_what_is_said_of_a_channel_holds_for_its_threads(storage: Storage) -> None:
    remember(storage, GROUP, TOPIC, OFFICE)

    def states() -> list[tuple[PlaceState, str, datetime | None]]:
        return [(known.state, known.says, known.state_at) for known in everything(storage)]

    untouched: tuple[PlaceState, str, None] = ("open", "", None)
    storage.write_now(lambda store: store.places.set_state_of(TOPIC, "closed", "", NOW))
    assert states() == [untouched, ("closed", "", NOW), untouched]
    storage.write_now(lambda store: store.places.set_state_of(GROUP, "lost", "kicked", NOW + HOUR))
    assert states() == [("lost", "kicked", NOW + HOUR), ("lost", "kicked", NOW + HOUR), untouched]

    def names() -> list[str]:
        return [known.place.name for known in everything(storage)]

    storage.write_now(lambda store: store.places.rename(TOPIC, "The corner \0"))
    assert names() == ["Hall", "The corner \ufffd", "Office"]
    storage.write_now(lambda store: store.places.rename(GROUP, "Great hall"))
    assert names() == ["Great hall", "Great hall", "Office"]


def test_a_group_that_became_another_one_goes_on_there(storage: Storage) -> None:
    number, _ = remember(storage, GROUP, OFFICE)
    use(storage, number, "votes")
    storage.write_now(lambda store: store.places.set_state(number, "removed", "left", NOW))

    moved = storage.write_now(lambda store: store.places.moved(GROUP, "-1001"))

    assert moved == KnownPlace(number, replace(GROUP, channel="-1001"), ("votes",), state_at=NOW)
    assert [known.place.channel for known in everything(storage)] == ["-1001", "-200"]
    assert storage.write_now(lambda store: store.places.moved(GROUP, "-1001")) is None


def test_the_new_group_may_be_heard_of_first(storage: Storage) -> None:
    new = replace(GROUP, channel="-1001", name="Hall, grown")
    old, topic, newer = remember(storage, GROUP, TOPIC, new)
    account = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    storage.write_now(lambda store: store.places.remember(GROUP, NOW, account))
    use(storage, old, "votes")
    use(storage, topic, "indicators")
    use(storage, newer, "events")
    storage.write_now(lambda store: store.places.set_state(newer, "muted", "no rights", NOW))

    grown = storage.write_now(lambda store: store.places.moved(GROUP, "-1001"))

    purposes = ("events", "indicators", "votes")
    assert grown == KnownPlace(newer, new, purposes, "muted", "no rights", state_at=NOW, added_by=account)
    assert everything(storage) == (grown,)
    assert storage.write_now(lambda store: store.places.moved(GROUP, "-1001")) is None


def test_a_forgotten_place_keeps_its_number(storage: Storage) -> None:
    office, hall = remember(storage, OFFICE, GROUP)
    use(storage, hall, "votes")
    storage.write_now(lambda store: store.places.set_state(hall, "removed", "kicked", NOW))
    storage.write_now(lambda store: store.places.forget(hall))
    assert [known.id for known in everything(storage)] == [office]
    forgotten = KnownPlace(hall, GROUP, state="forgotten", state_at=NOW)
    assert storage.read_now(lambda store: store.places.get(hall)) == forgotten

    assert storage.write_now(lambda store: store.places.set_state_of(GROUP, "archived", "", NOW)) == ()
    assert storage.read_now(lambda store: store.places.find(GROUP)) == forgotten
    assert remember(storage, replace(GROUP, channel="-300"))[0] not in (office, hall)
    assert remember(storage, GROUP) == [hall]
    back = KnownPlace(hall, GROUP, state_at=NOW)
    assert storage.read_now(lambda store: store.places.get(hall)) == back


def test_a_group_that_was_forgotten_and_has_grown_is_back_where_it_grew(storage: Storage) -> None:
    new = replace(GROUP, channel="-1001")
    old, newer = remember(storage, GROUP, new)
    use(storage, old, "votes")
    storage.write_now(lambda store: store.places.forget(newer))
    moved = storage.write_now(lambda store: store.places.moved(GROUP, "-1001"))
    assert moved == KnownPlace(newer, new, ("votes",))


def test_who_speaks_in_a_place_has_it_tried_again(storage: Storage) -> None:
    other = replace(GROUP, thread="8")
    numbers = remember(storage, GROUP, TOPIC, other, OFFICE)
    group, seven, eight, _ = numbers

    def out(*states: PlaceState) -> None:
        def put(store: Store) -> None:
            for number, state in zip(numbers, states, strict=True):
                store.places.set_state(number, state, "told so", NOW)

        storage.write_now(put)

    def reached(place: Place) -> list[int]:
        found = storage.write_now(lambda store: store.places.reach(place, NOW + HOUR))
        assert {(one.state, one.says, one.state_at) for one in found} <= {("open", "", NOW + HOUR)}
        return sorted(one.id for one in found)

    def is_out(place: Place) -> bool:
        return storage.read_now(lambda store: store.places.out_of_reach(place))

    out("muted", "muted", "muted", "muted")
    assert is_out(TOPIC)
    assert reached(TOPIC) == [group, seven, eight]
    assert (is_out(GROUP), is_out(OFFICE)) == (False, True)
    out("lost", "lost", "lost", "lost")
    assert reached(TOPIC) == [group, seven]
    assert (is_out(GROUP), is_out(other)) == (False, True)
    assert reached(other) == [eight]
    out("removed", "closed", "archived", "removed")
    assert not is_out(TOPIC)
    assert reached(TOPIC) == []
