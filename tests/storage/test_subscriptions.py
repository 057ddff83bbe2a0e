"""Subscriptions: one a reader, ended by a word; addresses: proved, stopped, started again."""

from __future__ import annotations

import asyncio
import re
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot.messages import Account
from bot.rules.newsletter.values import Subscription
from storage.emails import Address
from storage.store import Storage, Store
from storage.subscriptions import subscriptions
from tests.storage.made_up import HOUR, MINUTE, NOW
from tests.storage.made_up_announcements import ODD, ODD_AS_KEPT, account
from tests.storage.made_up_events import people

HERS = Subscription(person=1, asked_at=NOW, since=NOW, source="tap")
EVERYTHING = Subscription(
    account=1,
    topics=("energy", "fish"),
    language="lt",
    state="ended",
    word="a-word",
    source="import",
    text_version="2026-05",
    asked_at=NOW,
    since=NOW + HOUR,
    ended_at=NOW + 2 * HOUR,
    why="complained",
)


def write(storage: Storage, subscription: Subscription) -> Subscription:
    return storage.write_now(lambda store: store.subscriptions.write(subscription))


def on(storage: Storage) -> list[int]:
    """Whose subscriptions are on, by number of the subscription."""
    return [one.id for one in storage.read_now(lambda store: store.subscriptions.on())]


def test_every_field_of_a_subscription_has_its_column() -> None:
    assert [column.key for column in subscriptions.c] == [field.name for field in fields(Subscription)]


def test_who_never_said_yes_is_forgotten_and_who_had_left_has_left(storage: Storage) -> None:
    people(storage, 2)
    account(storage)
    never = write(storage, replace(HERS, state="asked"))
    before = write(storage, replace(EVERYTHING, state="asked"))
    later = write(storage, replace(HERS, person=2, state="asked", asked_at=NOW + HOUR))
    storage.write_now(lambda store: store.subscriptions.forget_asked(NOW + MINUTE))
    kept = [storage.read_now(lambda store, n=one.id: store.subscriptions.get(n)) for one in (never, before)]  # type: ignore[misc]
    assert kept == [None, replace(before, state="ended")]
    assert storage.read_now(lambda store: store.subscriptions.get(later.id)) == later


def test_a_subscription_is_kept_whole(storage: Storage) -> None:
    people(storage, 1)
    account(storage)
    hers, everything = write(storage, HERS), write(storage, EVERYTHING)
    assert re.fullmatch("[a-z2-7]{32}", hers.word)  # 160 bits
    assert hers == replace(HERS, id=1, word=hers.word)
    assert everything == replace(EVERYTHING, id=2)

    def ways(store: Store) -> list[Subscription | None]:
        kept = store.subscriptions
        return [kept.get(1), kept.of_person(1), kept.by_word(hers.word), kept.get(2), kept.of_account(1)]

    assert storage.read_now(ways) == [hers, hers, hers, everything, everything]

    def ways_to_nobody(store: Store) -> list[Subscription | None]:
        kept = store.subscriptions
        words = [kept.by_word(word) for word in ("", "\0\ud800", hers.word.upper())]
        numbers = [kept.get(number) for number in (0, -1, 7, 2**63)]
        return [*words, *numbers, kept.of_person(2), kept.of_account(2), kept.of_address("x@y.example")]

    assert storage.read_now(ways_to_nobody) == [None] * 10


def test_a_reader_who_comes_back_keeps_the_word_of_old_mails(storage: Storage) -> None:
    people(storage, 1)
    hers = write(storage, HERS)
    ended = write(storage, replace(hers, state="ended", ended_at=NOW + HOUR, why="asked"))
    assert (ended.word, ended.state, on(storage)) == (hers.word, "ended", [])
    again = write(storage, replace(HERS, topics=(ODD,), since=NOW + 2 * HOUR))
    assert again == replace(hers, topics=(ODD_AS_KEPT,), since=NOW + 2 * HOUR)
    assert on(storage) == [1]
    with pytest.raises(LookupError):
        write(storage, replace(hers, id=9))


@pytest.mark.parametrize("reader", [{"person": None}, {"person": 1, "account": 1}])
def test_somebody_reads_it_and_only_one(storage: Storage, reader: dict[str, Any]) -> None:
    people(storage, 1)
    account(storage)
    with pytest.raises(DBAPIError):
        write(storage, replace(HERS, **reader))


async def test_two_taps_at_once_are_one_subscription(storage: Storage) -> None:
    await asyncio.to_thread(people, storage, 1)
    taps = (storage.write(lambda store: store.subscriptions.write(HERS)) for _ in range(6))
    assert len({(one.id, one.word) for one in await asyncio.gather(*taps)}) == 1


def test_who_left_or_is_out_of_reach_reads_nothing(storage: Storage) -> None:
    for person in people(storage, 3):
        write(storage, replace(HERS, person=person))
    mails = [account(storage, f"{name}@example.org") for name in ("ola", "jan")]
    for mail in mails:
        write(storage, Subscription(account=mail, asked_at=NOW))
    asked = account(storage, "eva@example.org")
    write(storage, Subscription(account=asked, asked_at=NOW, state="asked"))
    assert on(storage) == [1, 2, 3, 4, 5]
    storage.write_now(lambda store: store.persons.leave(2, NOW))
    storage.write_now(lambda store: store.accounts.lost(mails[0], NOW))
    assert on(storage) == [1, 3, 5]
    kept = storage.read_now(lambda store: store.subscriptions.of_person(2))
    assert kept is not None
    assert kept.state == "on"


def test_an_address_leads_to_a_subscription(storage: Storage) -> None:
    ana, luc = people(storage, 2)
    for person in (ana, luc):
        write(storage, replace(HERS, person=person))
    write(storage, Subscription(account=account(storage, "ola@example.org"), asked_at=NOW))
    elsewhere = Account("slack", "", "luc@example.org")
    storage.write_now(lambda store: store.accounts.remember(elsewhere, NOW))
    storage.write_now(lambda store: store.emails.add(luc, "luc@example.org", NOW))
    storage.write_now(lambda store: store.emails.add(ana, "ola@example.org", NOW))

    def of(address: str) -> int:
        found = storage.read_now(lambda store: store.subscriptions.of_address(address))
        return 0 if found is None else found.id

    assert [of(" Ola@Example.ORG"), of("LUC@example.org"), of("jan@example.org")] == [3, 2, 0]
    storage.write_now(lambda store: store.persons.leave(luc, NOW))
    assert of("luc@example.org") == 0


def state(storage: Storage, address: str) -> Address | None:
    return storage.read_now(lambda store: store.emails.state(address))


def confirm(storage: Storage, person: int, address: str, hours: int = 0) -> bool:
    return storage.write_now(lambda store: store.emails.confirm(person, address, NOW + hours * HOUR))


def test_a_proof_is_worth_more_than_a_word(storage: Storage) -> None:
    ana, luc = people(storage, 2)
    storage.write_now(lambda store: store.emails.add(ana, "a@b.example", NOW))
    assert state(storage, "A@b.example ") == Address("a@b.example", ana, NOW)
    assert confirm(storage, luc, "A@b.example", 1)
    assert state(storage, "a@b.example") == Address("a@b.example", luc, NOW + HOUR, NOW + HOUR)
    assert not confirm(storage, ana, "a@b.example", 2)
    assert not storage.write_now(lambda store: store.emails.add(ana, "a@b.example", NOW))
    assert confirm(storage, luc, "second@b.example", 3)
    storage.write_now(lambda store: store.emails.add(luc, "third@b.example", NOW))
    storage.write_now(lambda store: store.emails.add(luc, "a@b.example", NOW + 4 * HOUR))  # said once more
    assert storage.read_now(lambda store: store.emails.confirmed(luc)) == ("second@b.example", "a@b.example")
    assert storage.read_now(lambda store: store.emails.confirmed(ana)) == ()

    storage.write_now(lambda store: store.persons.leave(luc, NOW))
    storage.write_now(lambda store: store.emails.add(ana, "a@b.example", NOW))
    assert state(storage, "a@b.example") == Address("a@b.example", ana, NOW)  # to be proved by her, too


def test_where_mail_does_not_arrive(storage: Storage) -> None:
    (ana,) = people(storage, 1)
    confirm(storage, ana, "ana@b.example")
    assert state(storage, "ola@b.example") is None

    def bounce(address: str) -> int:
        return storage.write_now(lambda store: store.emails.soft_bounce(address, NOW))

    def stopped(address: str) -> tuple[object, ...]:
        found = state(storage, address)
        assert found is not None
        return found.person, found.stopped_at, found.why, found.soft

    assert [bounce("Ana@b.example"), bounce("ana@b.example"), bounce("ola@b.example")] == [1, 2, 1]
    storage.write_now(lambda store: store.emails.arrived(" ANA@b.example"))
    assert (stopped("ana@b.example"), stopped("ola@b.example")) == ((ana, None, "", 0), (None, None, "", 1))

    for address in ("Ana@b.example", "new@b.example"):
        storage.write_now(lambda store, one=address: store.emails.stop(one, "bounced", NOW))  # type: ignore[misc]
    bounce("ana@b.example")
    assert stopped("ana@b.example") == (ana, NOW, "bounced", 1)
    assert stopped("new@b.example") == (None, NOW, "bounced", 0)
    assert storage.read_now(lambda store: store.emails.confirmed(ana)) == ("ana@b.example",)

    storage.write_now(lambda store: store.emails.remove(ana, "ana@b.example"))
    assert stopped("ana@b.example") == (None, NOW, "bounced", 1)  # it stays known
    confirm(storage, ana, "ana@b.example", 1)
    storage.write_now(lambda store: store.emails.start("New@b.example", NOW + timedelta(hours=1)))
    assert stopped("ana@b.example") == (ana, None, "", 0)
    assert stopped("new@b.example") == (None, None, "", 0)


@pytest.mark.parametrize("address", ["", "\0\ud800", "x" * 900, "o'neil@b.example", 'quo"te@b.example'])
def test_any_address_is_borne(storage: Storage, address: str) -> None:
    (ana,) = people(storage, 1)
    assert confirm(storage, ana, address, 1)
    assert confirm(storage, ana, address, 2)
    storage.write_now(lambda store: store.emails.stop(address, "asked", NOW + MINUTE))
    found = state(storage, address)
    assert found is not None
    assert (found.person, found.why) == (ana, "asked")
