"""Installations on either database: one row a workspace, ended once, back with what it had; claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.delivery.way import lost
from bot.messages import Account, Place
from bot.platforms.slack.installations.rest import ENDED
from storage.installations import FOUND_OUT, TAKEN_OUT, Installation
from storage.store import Storage, Store

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ONE = Installation(
    "T7", "T7", "", False, "CIMES", "A1", "UBOT7", "B7", ("chat:write", "im:write"), "sealed", "U1", NOW
)
HALL, OTHER = Place("slack", "T7", "C1", "", "group", "hall"), Place("slack", "T8", "C2", "", "group", "x")
ATTIC, CELLAR = replace(HALL, channel="C3", name="attic"), replace(HALL, channel="C4", name="cellar")


def test_one_row_for_each_workspace(storage: Storage) -> None:
    assert storage.write_now(lambda store: store.installations.install(ONE)) is None
    again = replace(ONE, token="sealed again", scopes=("chat:write",), installed_at=LATER)
    assert storage.write_now(lambda store: store.installations.install(again)) == ONE
    assert storage.read_now(lambda store: store.installations.all()) == (again,)
    assert storage.read_now(lambda store: store.installations.get("T8")) is None
    assert "sealed" not in repr(ONE)


def test_it_ends_once_and_that_it_was_removed_is_noted_after_all(storage: Storage) -> None:
    storage.write_now(lambda store: store.installations.install(ONE))
    assert storage.write_now(lambda store: store.installations.end("T7", "revoked", LATER)) == ONE
    assert (
        storage.write_now(lambda store: store.installations.end("T7", "removed", LATER + LATER.resolution))
        is None
    )
    found = storage.read_now(lambda store: store.installations.get("T7"))
    assert found == replace(ONE, state="removed", ended_at=LATER)
    assert storage.write_now(lambda store: store.installations.end("T9", "removed", LATER)) is None


def test_its_places_and_accounts_go_and_come_back_with_it(storage: Storage) -> None:
    def before(store: Store) -> tuple[int, int, int]:
        store.installations.install(ONE)
        for place in (HALL, OTHER):
            store.places.remember(place, NOW)
        home = store.accounts.remember(Account("slack", "T7", "U1"), NOW)
        guest = Place("slack", "T7", "D5")
        accounts = store.accounts
        reached = accounts.remember(Account("slack", "T99", "U2"), NOW, guest)
        lost_before = accounts.remember(Account("slack", "T7", "U3"), NOW)
        accounts.lost(lost_before, NOW - timedelta(days=1))
        assert store.installations.places_gone("T7", LATER) == 1
        store.installations.end("T7", "revoked", LATER)
        for one in (home, reached):
            accounts.lost(one, LATER)
        return home, reached, lost_before

    home, reached, lost_before = storage.write_now(before)
    gone = storage.read_now(lambda store: store.places.find(HALL))
    assert gone is not None
    assert (gone.state, gone.says) == ("removed", TAKEN_OUT)
    other = storage.read_now(lambda store: store.places.find(OTHER))
    assert other is not None
    assert other.state == "open"

    def back(store: Store) -> list[str]:
        ended = store.installations.install(replace(ONE, installed_at=LATER))
        assert ended is not None
        return [one.place.channel for one in store.installations.back(ended, LATER)]

    assert storage.write_now(back) == ["C1"]

    def reachable(store: Store) -> list[bool]:
        return [store.accounts.get(one).reachable for one in (home, reached, lost_before)]

    assert storage.read_now(reachable) == [True, True, False]


def test_what_found_out_that_the_token_is_over_comes_back_too(storage: Storage) -> None:
    """A message to a place and one to a person, before anybody wrote down that the workspace is out."""

    def before(store: Store) -> int:
        store.installations.install(ONE)
        for place in (HALL, ATTIC, CELLAR):
            store.places.remember(place, NOW)
        assert lost(store, HALL, "removed: token_revoked", NOW) == "removed"
        assert lost(store, ATTIC, "archived: is_archived", NOW) == "archived"
        assert lost(store, CELLAR, "removed: not_in_channel", NOW) == "removed"
        marie = store.accounts.remember(Account("slack", "T7", "U1"), NOW)
        store.accounts.lost(marie, NOW)
        store.installations.end("T7", "revoked", NOW + timedelta(seconds=1))
        assert store.installations.places_gone("T7", NOW + timedelta(seconds=1)) == 1
        return marie

    marie = storage.write_now(before)

    def back(store: Store) -> list[str]:
        ended = store.installations.install(replace(ONE, installed_at=LATER))
        assert ended is not None
        return [one.place.channel for one in store.installations.back(ended, LATER)]

    assert storage.write_now(back) == ["C1"]
    assert storage.read_now(lambda store: store.accounts.get(marie)).reachable
    states = storage.read_now(lambda store: {one.place.name: one.state for one in store.places.all()})
    assert states == {"hall": "open", "attic": "archived", "cellar": "removed"}


def test_every_code_that_ends_an_installation_is_one_that_places_come_back_from() -> None:
    assert {f"removed: {code}" for code in ENDED} == FOUND_OUT


def test_what_is_claimed_is_one_holders_until_it_is_let_go_or_over(storage: Storage) -> None:
    def claim(by: str, now: datetime) -> str:
        return storage.write_now(lambda store: store.installations.claim("channel:C1", by, LATER, now))

    assert claim("T7", NOW) == "T7"
    assert claim("T8", NOW) == "T7"
    storage.write_now(lambda store: store.installations.release("channel:C1", "T8"))
    assert claim("T8", NOW) == "T7"
    storage.write_now(lambda store: store.installations.release("channel:C1", "T7"))
    assert claim("T8", NOW) == "T8"
    assert claim("T7", LATER) == "T7"
