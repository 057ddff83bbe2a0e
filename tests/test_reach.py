"""Whom something reaches: each person once, on one platform; chats; and who is left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import event as listening

from bot.charter import Charter, load
from bot.context import Context
from bot.dispatch.surroundings import Surroundings, context_for
from bot.messages import Account, Call, Place
from bot.people.reach import (
    LeftOut,
    Reach,
    described_segments,
    reach,
    reach_of,
    reader_of,
    waking_hours,
)
from bot.people.waking import waking_of
from bot.rules.attention import is_waking
from bot.rules.broadcasts.values import Segment, SegmentKind
from bot.rules.events.values import Event
from bot.rules.rsvp.values import Rsvp, State
from bot.seeding import charters_of, seed
from bot.templating import Templates
from storage.places import PlaceState
from storage.store import Storage, Store
from tests.world import Clock

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KIND = "announcement"
EVERYBODY = (Segment("all"),)
EMPTY = {"CIMES", "EMC2", "MecaTech", "EVOLUMA", "Clust-ER MECH", "Green-Tech Cluster"}
T = TypeVar("T")
templates = Templates(ROOT / "templates")


@pytest.fixture(scope="module")
def charter() -> Charter:
    return load(ROOT / "charters/green-manufacturing.toml")


@pytest.fixture
def alliance(storage: Storage, charter: Charter) -> Storage:
    """The alliance of the file, with nobody in it yet."""
    seed(storage, charter, NOW)
    return storage


def seen(storage: Storage, look: Callable[[Context], T], language: str = "en") -> T:
    """What somebody finds who looks now."""
    around = Surroundings(charters_of(storage), templates, Clock(NOW), languages=("en", "fr"))
    call = Call("house", Account("", "", "", language=language), Place("", "", ""), NOW)
    return storage.read_now(lambda store: look(context_for(around, call, store)))


def comes_in(
    storage: Storage, name: str, *roles: str, zone: str = "", on: tuple[str, ...] = ("slack",)
) -> int:
    """Somebody with an account on each of these platforms, the first one preferred, and roles such as
    "representative@pool-net" and "coordinator"."""

    def let_in(store: Store) -> int:
        person = store.persons.add(name, "en", zone, NOW)
        for platform in on:
            account = store.accounts.remember(Account(platform, "", f"{name}{person.id}"), NOW)
            store.accounts.attach(account, person.id)
        for role in roles:
            key, _, organisation = role.partition("@")
            store.roles.grant(person.id, key, organisation, NOW, None)
        return person.id

    return storage.write_now(let_in)


def stands(storage: Storage, name: str, *purposes: str, state: PlaceState = "open", zone: str = "") -> int:
    """A channel that is for these purposes."""

    def remember(store: Store) -> int:
        number = store.places.remember(Place("slack", "T1", f"C-{name}", kind="group", name=name), NOW)
        store.places.set_purposes(number, purposes)
        if state != "open":
            store.places.set_state(number, state, "", NOW)
        return number

    return storage.write_now(remember)


def answer(storage: Storage, event: int, *given: tuple[int, State]) -> None:
    """These answer to an event."""
    rows = [Rsvp(event, person, "", state, NOW) for person, state in given]
    storage.write_now(lambda store: store.rsvps.write(*rows))


def planned(storage: Storage, by: int, title: str) -> int:
    """An event, by number."""
    event = Event(
        number=0,
        uid="",
        kind="webinar",
        title=title,
        starts_at=NOW,
        minutes=60,
        zone="Europe/Lisbon",
        hosts=("cimes",),
        audience="public",
        created_by=by,
        created_at=NOW,
        changed_at=NOW,
    )
    return storage.write_now(lambda store: store.events.add(replace(event, uid=title))).number


def reached(storage: Storage, *segments: Segment, **more: Any) -> Reach:
    """Whom an announcement to these parts and no chat reaches."""
    return seen(storage, lambda ctx: reach(ctx, segments, (), KIND, **more))


def names(found: Reach) -> list[str]:
    return [one.name for one in found.readers]


def test_what_a_platform_calls_a_zone_need_not_be_one(alliance: Storage) -> None:
    luc = comes_in(alliance, "Luc", "representative@mecatech")
    strange = Account("slack", "", f"Luc{luc}", zone="Mars/Olympus")
    alliance.write_now(lambda store: store.accounts.remember(strange, NOW))
    (found,) = reached(alliance, *EVERYBODY).people
    assert (found.zone, waking_hours(found).zone) == ("Europe/Brussels", "Europe/Brussels")


def test_everybody_is_reached_once_by_the_account_they_prefer(alliance: Storage) -> None:
    ana = comes_in(alliance, "Ana", "representative@pool-net", on=("telegram", "slack"))
    giulia = comes_in(alliance, "giulia", "representative@clust-er-mech", "coordinator", zone="Europe/Rome")
    comes_in(alliance, "Guest")  # an account, and neither a role nor an answer
    found = reached(alliance, *EVERYBODY)
    assert [(one.key, one.name, one.platform, one.person, one.zone, one.country) for one in found.people] == [
        (f"person:{ana}", "Ana", "telegram", ana, "Europe/Lisbon", "PT"),
        (f"person:{giulia}", "giulia", "slack", giulia, "Europe/Rome", "IT"),
    ]
    assert found.chats == ()
    assert {one.name for one in found.left_out} == EMPTY - {"Clust-ER MECH"}
    assert {one.why for one in found.left_out} == {"not_started"}
    account = seen(alliance, lambda ctx: ctx.reached(ana))
    assert account is not None
    assert found.people[0].account_id == account.account_id


def test_who_is_left_out_and_why(alliance: Storage) -> None:
    ana, luc, eva, dan = (
        comes_in(alliance, name, "representative@cimes", on=("slack", "telegram"))
        for name in ("Ana", "Luc", "Eva", "Dan")
    )
    leaves = comes_in(alliance, "Leo", "representative@cimes")

    def change(store: Store) -> None:
        store.silenced.stop(ana, KIND, NOW)
        store.silenced.stop(luc, "weekly line", NOW)
        store.accounts.lost(store.accounts.of_person(luc)[0].account_id, NOW)
        for linked in store.accounts.of_person(eva):
            store.accounts.lost(linked.account_id, NOW)
        store.persons.leave(leaves, NOW)

    alliance.write_now(change)
    found = reached(alliance, Segment("organisation", "cimes"), without=(dan,))
    assert [(one.name, one.platform) for one in found.readers] == [("Luc", "telegram")]
    assert found.left_out == (
        LeftOut(f"person:{ana}", "Ana", "muted"),
        LeftOut(f"person:{dan}", "Dan", "taken off"),
        LeftOut(f"person:{eva}", "Eva", "nowhere"),
    )
    assert {one.name for one in reached(alliance, *EVERYBODY, without=(ana,)).left_out} >= {"Ana", "Eva"}


@pytest.mark.parametrize(
    ("kind", "value", "who"),
    [
        ("all", "", ["Ana", "Giulia", "Marie", "Vera"]),
        ("country", "PT", ["Ana"]),
        ("country", "FR", ["Marie"]),
        ("sector", "Plastics", ["Ana"]),
        ("role", "representative", ["Ana", "Giulia"]),
        ("body", "assembly", ["Ana", "Giulia", "Marie"]),
        ("body", "coordination-team", ["Giulia", "Vera"]),
        ("organisation", "cimes", ["Marie"]),
        ("organisation", "emc2", []),
    ],
)
def test_parts_of_everybody(alliance: Storage, kind: SegmentKind, value: str, who: list[str]) -> None:
    comes_in(alliance, "Ana", "representative@pool-net")
    comes_in(alliance, "Marie", "alternate@cimes")
    comes_in(alliance, "Giulia", "representative@clust-er-mech", "action-coordinator")
    comes_in(alliance, "Vera", "coordinator")
    assert names(reached(alliance, Segment(kind, value))) == who


def test_whoever_goes_also_without_a_role(alliance: Storage) -> None:
    ana = comes_in(alliance, "Ana", "representative@pool-net")
    guest, maybe, came, not_her, held = (
        comes_in(alliance, name) for name in ("Guest", "Maybe", "Came", "Not her", "Held")
    )
    number = planned(alliance, ana, "LCA clinic")
    answer(alliance, number, (ana, "going"), (guest, "going"), (maybe, "maybe"), (came, "attended"))
    answer(alliance, number, (not_her, "declined"), (held, "waitlisted"))
    going = Segment("event", str(number))
    assert names(reached(alliance, going)) == ["Ana", "Came", "Guest", "Maybe"]
    assert names(reached(alliance, going, Segment("country", "PT"))) == ["Ana"]
    assert names(reached(alliance, *EVERYBODY)) == ["Ana"]
    assert reached(alliance, going).left_out == ()
    assert reached(alliance, Segment("event", "999")).readers == ()


def test_chats_stand_first_and_those_out_of_reach_say_why(alliance: Storage) -> None:
    comes_in(alliance, "Ana", "representative@pool-net")
    hall = stands(alliance, "Hall", "announcements", "events")
    votes = stands(alliance, "Votes", "votes")
    states: dict[PlaceState, str] = {
        "removed": "removed",
        "archived": "archived",
        "closed": "closed",
        "muted": "cannot_post",
        "lost": "lost",
    }
    for state in states:
        stands(alliance, state, "announcements", state=state)

    found = seen(alliance, lambda ctx: reach(ctx, EVERYBODY, None, KIND))
    assert [(one.key, one.name, one.platform) for one in found.chats] == [(f"place:{hall}", "Hall", "slack")]
    chat = found.readers[0]
    assert chat.place is not None
    assert (chat.place.channel, chat.place_id, chat.zone, chat.person) == (
        "C-Hall",
        hall,
        "Europe/Brussels",
        None,
    )
    assert {one.name: one.why for one in found.left_out if one.key.startswith("place:")} == states

    both = seen(alliance, lambda ctx: reach(ctx, (), (hall, votes, 999), KIND))
    assert [one.name for one in both.readers] == ["Hall", "Votes"]
    assert both.left_out == ()  # no part: nobody, and nobody is missing
    meant = seen(alliance, lambda ctx: reach(ctx, (), None, KIND, purpose="votes"))
    assert [one.name for one in meant.readers] == ["Votes"]


def test_these_persons_and_one(alliance: Storage) -> None:
    ana = comes_in(alliance, "Ana", "representative@pool-net")
    guest = comes_in(alliance, "Guest", zone="Europe/Riga")
    nowhere = comes_in(alliance, "Nobody", on=())
    gone = comes_in(alliance, "Gone")
    muted = comes_in(alliance, "Muted", "member@pool-net")
    alliance.write_now(lambda store: store.persons.leave(gone, NOW))
    alliance.write_now(lambda store: store.silenced.stop(muted, "edition", NOW))

    found = seen(alliance, lambda ctx: reach_of(ctx, (guest, ana, nowhere, gone, muted, 999), "edition"))
    assert names(found) == ["Ana", "Guest"]
    assert [(one.name, one.why) for one in found.left_out] == [("Muted", "muted"), ("Nobody", "nowhere")]
    for person, expected in (
        (guest, found.readers[1]),
        (muted, found.left_out[0]),
        (nowhere, found.left_out[1]),
    ):
        assert seen(alliance, lambda ctx, one=person: reader_of(ctx, one, "edition")) == expected  # type: ignore[misc]
    with pytest.raises(LookupError):
        seen(alliance, lambda ctx: reader_of(ctx, 999, "edition"))


def test_working_hours_are_those_that_a_person_has(alliance: Storage) -> None:
    people = [
        comes_in(alliance, "Ana", "representative@pool-net"),
        comes_in(alliance, "Jānis", "representative@green-tech", zone="Europe/Riga"),
        comes_in(alliance, "Two", "member@pool-net", "member@cimes"),
        comes_in(alliance, "Vera", "coordinator"),
    ]

    def look(ctx: Context) -> None:
        for reader in reach_of(ctx, people, KIND).readers:
            assert reader.person is not None
            mine, theirs = waking_hours(reader), waking_of(ctx, reader.person)
            assert mine == theirs
            assert not is_waking(datetime(2026, 12, 25, 12, tzinfo=UTC), mine) or reader.country == ""

    seen(alliance, look)


def test_parts_are_called_by_their_names(alliance: Storage) -> None:
    ana = comes_in(alliance, "Ana", "representative@pool-net")
    number = planned(alliance, ana, "LCA clinic")
    parts = (
        Segment("all"),
        Segment("country", "LV"),
        Segment("sector", "plastics"),
        Segment("role", "representative"),
        Segment("body", "assembly"),
        Segment("organisation", "pool-net"),
        Segment("event", str(number)),
    )
    assert seen(alliance, lambda ctx: described_segments(ctx, parts)) == [
        "everybody",
        "Latvia",
        "plastics",
        "Representative",
        "Assembly of Members",
        "Pool-Net",
        "those who go to LCA clinic",
    ]
    there = (Segment("country", "LV"),)
    assert seen(alliance, lambda ctx: described_segments(ctx, there), "fr") == ["Lettonie"]
    gone = (Segment("organisation", "gone"), Segment("role", "gone"), Segment("event", "999"))
    assert seen(alliance, lambda ctx: described_segments(ctx, gone)) == [
        "gone",
        "gone",
        "those who go to 999",
    ]


@contextmanager
def counted(storage: Storage) -> Iterator[Counter[str]]:
    """The statements that are sent to the database meanwhile."""
    found: Counter[str] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found[statement] += 1

    listening.listen(storage._reader, "before_cursor_execute", note)
    yield found
    listening.remove(storage._reader, "before_cursor_execute", note)


def test_many_take_no_more_statements_than_a_few(alliance: Storage) -> None:
    def crowd(store: Store) -> None:
        for at in range(300):
            person = store.persons.add(f"Somebody {at}", "en", "", NOW)
            store.accounts.attach(store.accounts.remember(Account("slack", "", f"U{at}"), NOW), person.id)
            store.roles.grant(person.id, "member", "cimes", NOW, None)

    def look(people: int) -> int:
        with counted(alliance) as asked:
            found = seen(alliance, lambda ctx: reach(ctx, EVERYBODY, None, KIND))
            persons = [one.person for one in found.readers if one.person is not None]
            assert len(seen(alliance, lambda ctx: reach_of(ctx, persons, KIND)).readers) == people
        return asked.total()

    comes_in(alliance, "Ana", "representative@pool-net")
    look(1)  # members and charter are remembered from now on
    few = look(1)
    alliance.write_now(crowd)
    assert look(301) == few
