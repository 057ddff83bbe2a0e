"""Whose an e-mail address is, whose calendar a secret leads to; what people say of an event afterwards."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.feedback import Feedback
from storage.store import Storage, Store
from tests.storage.made_up import HOUR, MINUTE, NOW
from tests.storage.made_up_events import people, plan


def leave(storage: Storage, person: int) -> None:
    storage.write_now(lambda store: store.persons.leave(person, NOW))


def add(storage: Storage, person: int, address: str, minutes: int = 0) -> bool:
    return storage.write_now(lambda store: store.emails.add(person, address, NOW + minutes * MINUTE))


def owner(storage: Storage, address: str) -> int | None:
    return storage.read_now(lambda store: store.emails.owner(address))


def test_an_address_is_one_persons_however_it_is_written(storage: Storage) -> None:
    ana, luc = people(storage, 2)
    assert add(storage, ana, " Ana@Example.ORG", 1)
    assert add(storage, ana, "zoë@STRASSE.example")
    assert add(storage, ana, "ana@example.org", 2)  # again: it is hers already
    assert not add(storage, luc, "ANA@example.org")
    assert (owner(storage, "ana@EXAMPLE.org\n"), owner(storage, "luc@example.org")) == (ana, None)

    def of(person: int) -> tuple[str, ...]:
        return storage.read_now(lambda store: store.emails.of_person(person))

    assert (of(ana), of(luc)) == (("zoë@strasse.example", "ana@example.org"), ())

    def remove(person: int) -> bool:
        return storage.write_now(lambda store: store.emails.remove(person, "Ana@example.org"))

    assert [remove(luc), remove(ana), remove(ana)] == [False, True, False]
    assert add(storage, luc, "ana@example.org")
    assert owner(storage, "ana@example.org") == luc


def test_who_left_keeps_no_address_from_who_comes_back(storage: Storage) -> None:
    before, after = people(storage, 2)
    add(storage, before, "ana@example.org")
    leave(storage, before)
    assert owner(storage, "ana@example.org") is None
    assert add(storage, after, "ana@example.org")
    assert owner(storage, "ana@example.org") == after


async def test_an_address_that_two_take_at_once_is_one_persons(storage: Storage) -> None:
    persons = await asyncio.to_thread(people, storage, 8)
    got = await asyncio.gather(
        *(
            storage.write(lambda store, one=one: store.emails.add(one, "a@b.example", NOW))  # type: ignore[misc]
            for one in persons
        )
    )
    assert sum(got) == 1
    assert await storage.read(lambda store: store.emails.owner("a@b.example")) == persons[got.index(True)]


def issue(storage: Storage, person: int, hours: int = 0) -> str:
    return storage.write_now(lambda store: store.calendar_links.issue(person, NOW + hours * HOUR))


def person_of(storage: Storage, token: str) -> int | None:
    return storage.read_now(lambda store: store.calendar_links.person_of(token))


def test_a_calendar_link_leads_to_one_person_until_it_ends(storage: Storage) -> None:
    ana, luc = people(storage, 2)

    def since(person: int) -> object:
        return storage.read_now(lambda store: store.calendar_links.since(person))

    first, lucs = issue(storage, ana), issue(storage, luc)
    assert re.fullmatch("[a-z2-7]{32}", first)  # 160 bits
    assert first != lucs
    assert (person_of(storage, first), person_of(storage, lucs), since(ana)) == (ana, luc, NOW)

    second = issue(storage, ana, hours=1)
    assert (person_of(storage, first), person_of(storage, second)) == (None, ana)
    assert since(ana) == NOW + HOUR

    storage.write_now(lambda store: store.calendar_links.end(ana, NOW))
    assert (person_of(storage, second), since(ana), since(luc)) == (None, None, NOW)
    third = issue(storage, ana)
    assert (person_of(storage, third), person_of(storage, second)) == (ana, None)

    leave(storage, luc)
    assert person_of(storage, lucs) is None
    assert [person_of(storage, wrong) for wrong in ("", third.upper(), "\0\ud800", "x" * 9999)] == [None] * 4


def test_only_the_hash_of_a_token_is_kept(storage: Storage) -> None:
    (ana,) = people(storage, 1)
    token = issue(storage, ana)

    def rows(store: Store) -> str:
        return str(store._connection.execute(text("SELECT * FROM calendar_links")).all())

    kept = storage.read_now(rows)
    assert token not in kept
    assert re.search("[0-9a-f]{64}", kept)


def test_what_is_said_of_an_event_is_kept_as_it_comes(storage: Storage) -> None:
    event, other = plan(storage), plan(storage)
    luc, ola = people(storage, 2)

    def put(person: int, useful: int | None, plan: str | None, minutes: int) -> None:
        at = NOW + minutes * MINUTE
        storage.write_now(lambda store: store.feedback.put(event, person, useful, plan, at))

    put(luc, 2, None, 0)
    put(ola, None, "Tell \0 colleagues", 1)
    put(luc, None, "Try it", 2)
    put(ola, 0, None, 3)
    put(luc, 1, None, 4)

    def of(number: int) -> tuple[Feedback, ...]:
        return storage.read_now(lambda store: store.feedback.of_event(number))

    assert of(event) == (
        Feedback(event, ola, 0, "Tell \ufffd colleagues", NOW + 3 * MINUTE),
        Feedback(event, luc, 1, "Try it", NOW + 4 * MINUTE),
    )
    assert of(other) == ()
    with pytest.raises(DBAPIError):
        storage.write_now(lambda store: store.feedback.put(9, luc, 1, None, NOW))
