"""Accounts: strangers, persons, and the same person on two platforms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Account, Place
from storage.accounts import Identity, Linked
from storage.store import Storage, Store
from tests.storage.made_up import ANA, ANA_ON_SLACK, DIRECT, HOUR, NOW, settle


def test_nobody_knows_an_account_never_seen(storage: Storage) -> None:
    assert storage.read_now(lambda store: store.accounts.identify(ANA)) == Identity()


def test_a_stranger_is_an_account_without_a_person(storage: Storage) -> None:
    number = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    assert storage.read_now(lambda store: store.accounts.identify(ANA)) == Identity(number, name=ANA.name)


def test_an_account_is_its_platform_home_and_user_whatever_its_name(storage: Storage) -> None:
    def work(store: Store) -> list[int]:
        others = [
            replace(ANA_ON_SLACK, workspace="T2"),
            replace(ANA_ON_SLACK, user="U8"),
            Account("telegram", "T1", "U7"),
        ]
        named = replace(ANA_ON_SLACK, name="Ana B", language="", zone="Europe/Riga")
        return [store.accounts.remember(one, NOW) for one in [ANA_ON_SLACK, named, *others]]

    first, again, *others = storage.write_now(work)
    assert first == again
    assert len({first, *others}) == 4
    kept = storage.read_now(lambda store: store.accounts.get(first))
    assert kept.account == Account("slack", "T1", "U7", "Ana B", "en", "Europe/Riga")


def test_what_is_not_said_again_stays_known(storage: Storage) -> None:
    number = storage.write_now(lambda store: store.accounts.remember(ANA, NOW, DIRECT, "T9"))
    bare = Account("telegram", "", "42")
    storage.write_now(lambda store: store.accounts.remember(bare, NOW + HOUR))
    assert storage.read_now(lambda store: store.accounts.get(number)) == Linked(
        number, ANA, DIRECT, installation="T9"
    )
    moved = Place("telegram", "", "43")
    storage.write_now(lambda store: store.accounts.remember(bare, NOW + HOUR, moved))
    assert storage.read_now(lambda store: store.accounts.get(number)).direct == moved


def test_a_person_is_identified_with_standing_roles_and_an_open_question(storage: Storage) -> None:
    ana = storage.write_now(settle)

    def work(store: Store) -> int:
        number = store.accounts.remember(ANA, NOW)
        store.accounts.attach(number, ana)
        ended = store.roles.grant(ana, "alternate", "cimes", NOW, None)
        store.roles.end(ended.id, NOW, None)
        store.roles.grant(ana, "representative", "cimes", NOW, None)
        store.roles.grant(ana, "coordinator", "", NOW, None)
        return number

    number = storage.write_now(work)
    person = storage.read_now(lambda store: store.persons.get(ana))
    roles = storage.read_now(lambda store: store.roles.of_person(ana))
    assert [role.role for role in roles] == ["representative", "coordinator"]
    expected = Identity(number, person, roles, name=ANA.name)
    assert storage.read_now(lambda store: store.accounts.identify(ANA)) == expected
    draft = storage.write_now(
        lambda store: store.drafts.put(number, DIRECT, "log", {}, "title", "asking", NOW)
    )
    assert storage.read_now(lambda store: store.accounts.identify(ANA)) == replace(expected, asking=True)
    storage.write_now(lambda store: store.drafts.close(draft.token))
    assert storage.read_now(lambda store: store.accounts.identify(ANA)) == expected


def test_who_left_is_a_stranger_again(storage: Storage) -> None:
    ana = storage.write_now(settle)
    number = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    storage.write_now(lambda store: store.accounts.attach(number, ana))
    storage.write_now(lambda store: store.roles.grant(ana, "member", "cimes", NOW, None))
    storage.write_now(lambda store: store.persons.leave(ana, NOW))
    assert storage.read_now(lambda store: store.accounts.identify(ANA)) == Identity(number, name=ANA.name)


def test_two_accounts_of_one_person_and_the_preferred_one(storage: Storage) -> None:
    ana = storage.write_now(settle)

    def work(store: Store) -> tuple[int, int]:
        first, second = store.accounts.remember(ANA, NOW), store.accounts.remember(ANA_ON_SLACK, NOW)
        store.accounts.attach(first, ana)
        store.accounts.attach(second, ana)
        return first, second

    def order() -> list[tuple[int, bool]]:
        linked = storage.read_now(lambda store: store.accounts.of_person(ana))
        assert {one.person_id for one in linked} <= {ana}
        return [(one.account_id, one.preferred) for one in linked]

    first, second = storage.write_now(work)
    assert order() == [(first, True), (second, False)]
    storage.write_now(lambda store: store.accounts.prefer(second, ana))
    assert order() == [(second, True), (first, False)]
    storage.write_now(lambda store: store.accounts.detach(second))
    assert order() == [(first, True)]
    assert storage.read_now(lambda store: store.accounts.identify(ANA_ON_SLACK)) == Identity(
        second, name=ANA_ON_SLACK.name
    )
    storage.write_now(lambda store: store.accounts.detach(first))
    assert order() == []


def test_an_account_out_of_reach_is_back_with_its_next_word(storage: Storage) -> None:
    number = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    assert storage.read_now(lambda store: store.accounts.get(number)).reachable
    storage.write_now(lambda store: store.accounts.lost(number, NOW))
    assert not storage.read_now(lambda store: store.accounts.get(number)).reachable
    storage.write_now(lambda store: store.accounts.remember(ANA, NOW + HOUR))
    assert storage.read_now(lambda store: store.accounts.get(number)).reachable


def test_an_account_that_is_not_there(storage: Storage) -> None:
    with pytest.raises(LookupError):
        storage.read_now(lambda store: store.accounts.get(7))
