"""Members, persons, roles, the alliance and its charter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from storage.charters import Alliance, CharterVersion
from storage.persons import Person
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import CIMES, HOUR, MECATECH, NOW, settle


def test_organisations_come_out_as_they_went_in_by_short_name(storage: Storage) -> None:
    def work(store: Store) -> None:
        store.organisations.add(MECATECH)
        store.organisations.add(CIMES)

    storage.write_now(work)
    assert storage.read_now(lambda store: store.organisations.all()) == (CIMES, MECATECH)
    assert storage.read_now(lambda store: store.organisations.get("mecatech")) == MECATECH
    assert storage.read_now(lambda store: store.organisations.get("nobody")) is None


def test_one_database_serves_one_alliance(storage: Storage) -> None:
    assert storage.read_now(lambda store: store.charters.alliance()) is None
    founded = storage.write_now(lambda store: store.charters.found("green", "Green Alliance", NOW))
    assert founded == Alliance("green", "Green Alliance")
    assert storage.read_now(lambda store: store.charters.alliance()) == founded
    with pytest.raises(Duplicate):
        storage.write_now(lambda store: store.charters.found("blue", "Blue Alliance", NOW))
    assert storage.read_now(lambda store: store.charters.alliance()) == founded


def test_charter_versions_count_from_one_and_may_come_back(storage: Storage) -> None:
    days = (date(2026, 1, 1), date(2026, 6, 1), date(2027, 1, 1))
    texts = ('{"a":1}', '{"a":2}', '{"a":1}')

    def work(store: Store) -> list[int]:
        store.charters.found("green", "Green Alliance", NOW)
        return [
            store.charters.add(f"print of {text}", text, day, NOW)
            for text, day in zip(texts, days, strict=True)
        ]

    assert storage.write_now(work) == [1, 2, 3]
    assert storage.read_now(lambda store: store.charters.versions()) == tuple(
        CharterVersion(number, day, f"print of {text}", text)
        for number, (text, day) in enumerate(zip(texts, days, strict=True), 1)
    )


def test_a_person_changes_only_in_what_is_given(storage: Storage) -> None:
    ana = storage.write_now(lambda store: store.persons.add("Ana", "pt", "Europe/Lisbon", NOW))
    assert ana == Person(ana.id, "Ana", "pt", "Europe/Lisbon")
    changed = storage.write_now(lambda store: store.persons.change(ana.id, language="fr", notice_seen_at=NOW))
    assert changed == replace(ana, language="fr", notice_seen_at=NOW)
    renamed = storage.write_now(lambda store: store.persons.change(ana.id, name="Ana B", zone="Europe/Riga"))
    assert renamed == replace(changed, name="Ana B", zone="Europe/Riga")
    assert storage.write_now(lambda store: store.persons.change(ana.id)) == renamed
    assert storage.read_now(lambda store: store.persons.get(ana.id)) == renamed
    assert storage.read_now(lambda store: store.persons.get(ana.id + 1)) is None
    with pytest.raises(LookupError):
        storage.write_now(lambda store: store.persons.change(ana.id + 1, name="Nobody"))


def test_who_left_holds_nothing_and_left_when_they_first_did(storage: Storage) -> None:
    ana = storage.write_now(settle)
    storage.write_now(lambda store: store.roles.grant(ana, "representative", "cimes", NOW, None))
    storage.write_now(lambda store: store.persons.leave(ana, NOW))
    storage.write_now(lambda store: store.persons.leave(ana, NOW + HOUR))
    person = storage.read_now(lambda store: store.persons.get(ana))
    assert person is not None
    assert person.left_at == NOW
    assert storage.read_now(lambda store: store.roles.of_organisation("cimes")) == ()
    assert storage.read_now(lambda store: store.roles.holders("representative")) == ()


def test_the_same_role_twice_is_the_one_that_stands(storage: Storage) -> None:
    ana = storage.write_now(settle)

    def grant(store: Store) -> tuple[int, ...]:
        given = [("representative", "cimes"), ("representative", "mecatech"), ("coordinator", "")] * 2
        return tuple(store.roles.grant(ana, role, where, NOW, ana).id for role, where in given)

    ids = storage.write_now(grant)
    assert ids[:3] == ids[3:]
    assert len(set(ids)) == 3
    held = storage.read_now(lambda store: store.roles.of_person(ana))
    assert [(role.role, role.organisation, role.since, role.until) for role in held] == [
        ("representative", "cimes", NOW, None),
        ("representative", "mecatech", NOW, None),
        ("coordinator", "", NOW, None),
    ]


@pytest.mark.parametrize("organisation", ["cimes", ""])
def test_a_role_that_ended_can_be_given_again(storage: Storage, organisation: str) -> None:
    ana = storage.write_now(settle)
    first = storage.write_now(lambda store: store.roles.grant(ana, "member", organisation, NOW, None))
    ended = storage.write_now(lambda store: store.roles.end(first.id, NOW + HOUR, ana))
    assert ended == replace(first, until=NOW + HOUR)
    assert storage.write_now(lambda store: store.roles.end(first.id, NOW + 2 * HOUR, ana)) == ended
    assert storage.read_now(lambda store: store.roles.of_person(ana)) == ()
    again = storage.write_now(
        lambda store: store.roles.grant(ana, "member", organisation, NOW + 3 * HOUR, None)
    )
    assert again.id != first.id
    assert storage.read_now(lambda store: store.roles.get(first.id)) == ended
    with pytest.raises(LookupError):
        storage.write_now(lambda store: store.roles.end(again.id + 1, NOW, ana))


def test_holders_are_persons_with_their_roles(storage: Storage) -> None:
    ana = storage.write_now(settle)
    luc = storage.write_now(lambda store: store.persons.add("Luc", "fr", "Europe/Brussels", NOW))

    def work(store: Store) -> None:
        store.roles.grant(luc.id, "representative", "mecatech", NOW, ana)
        store.roles.grant(ana, "representative", "cimes", NOW, None)
        store.roles.grant(ana, "coordinator", "", NOW, None)

    storage.write_now(work)
    both = storage.read_now(lambda store: store.roles.holders("representative"))
    assert [(one.person.name, one.role.organisation) for one in both] == [
        ("Luc", "mecatech"),
        ("Ana", "cimes"),
    ]
    (only,) = storage.read_now(lambda store: store.roles.of_organisation("mecatech"))
    assert (only.person, only.role.role) == (luc, "representative")
    assert [one.person.id for one in storage.read_now(lambda store: store.roles.holders("coordinator"))] == [
        ana
    ]
