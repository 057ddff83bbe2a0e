"""Invitations and link codes: each counts once, however many try at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.invitations import Invitation
from storage.links import LinkCode
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import ANA, ANA_ON_SLACK, HOUR, MINUTE, NOW, settle

LATER = NOW + timedelta(days=30)


def invite(storage: Storage, uses: int = 1, organisation: str = "cimes") -> Invitation:
    return storage.write_now(
        lambda store: store.invitations.add("hash", organisation, "member", uses, LATER, None, NOW)
    )


def test_an_invitation_is_found_by_its_hash(storage: Storage) -> None:
    ana = storage.write_now(settle)
    made = storage.write_now(
        lambda store: store.invitations.add("hash", "cimes", "representative", 3, LATER, ana, NOW)
    )
    assert made == Invitation(made.id, "cimes", "representative", 3, LATER, None, ana, 0)
    assert storage.write_now(lambda store: store.invitations.by_hash("hash")) == made
    assert storage.read_now(lambda store: store.invitations.by_hash("hash", lock=False)) == made
    assert storage.write_now(lambda store: store.invitations.by_hash("other")) is None
    with pytest.raises(Duplicate):
        invite(storage)


def test_an_invitation_to_the_alliance_itself(storage: Storage) -> None:
    made = invite(storage, organisation="")
    found = storage.write_now(lambda store: store.invitations.by_hash("hash"))
    assert found == made
    assert made.organisation == ""


def test_a_use_counts_once_for_each_person_until_none_are_left(storage: Storage) -> None:
    ana = storage.write_now(settle)
    luc, ola = (storage.write_now(lambda s: s.persons.add("One", "en", "Europe/Riga", NOW)).id for _ in "ab")
    made = invite(storage, uses=2)

    def use(person: int) -> bool:
        return storage.write_now(lambda store: store.invitations.use(made.id, person, NOW))

    assert [use(ana), use(ana), use(luc), use(ola)] == [True, False, True, False]
    after = storage.write_now(lambda store: store.invitations.by_hash("hash"))
    assert after == replace(made, uses_left=0, used=2)
    assert storage.read_now(lambda store: store.invitations.used_by(made.id)) == (ana, luc)


async def test_many_at_once_cannot_share_a_single_use(storage: Storage) -> None:
    await storage.write(settle)
    made = await asyncio.to_thread(invite, storage)

    def come_in(store: Store) -> bool:
        person = store.persons.add("One of many", "en", "Europe/Riga", NOW)
        return store.invitations.use(made.id, person.id, NOW)

    assert sum(await asyncio.gather(*(storage.write(come_in) for _ in range(12)))) == 1


def test_standing_invitations_are_neither_used_up_nor_expired_nor_revoked(storage: Storage) -> None:
    ana = storage.write_now(settle)

    def add(code: str, uses: int, days: int) -> Invitation:
        return storage.write_now(
            lambda store: store.invitations.add(
                code, "cimes", "member", uses, NOW + timedelta(days=days), ana, NOW
            )
        )

    good, used, _expired, revoked = add("a", 2, 30), add("b", 1, 30), add("c", 1, 0), add("d", 1, 30)
    storage.write_now(lambda store: store.invitations.use(used.id, ana, NOW))
    storage.write_now(lambda store: store.invitations.revoke(revoked.id, NOW))
    storage.write_now(lambda store: store.invitations.revoke(revoked.id, NOW + HOUR))
    assert storage.read_now(lambda store: store.invitations.standing(NOW)) == (good,)
    kept = storage.write_now(lambda store: store.invitations.by_hash("d"))
    assert kept == replace(revoked, revoked_at=NOW)


def test_wrong_tries_are_counted_since_a_moment_and_forgotten_after_a_day(storage: Storage) -> None:
    ana = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    other = storage.write_now(lambda store: store.accounts.remember(ANA_ON_SLACK, NOW))

    def tries(account: int, hours: int) -> int:
        return storage.read_now(lambda store: store.invitations.wrong_tries(account, NOW - hours * HOUR))

    for hours in (30, 5, 1):
        storage.write_now(lambda store: store.invitations.note_wrong_try(ana, NOW - hours * HOUR))  # noqa: B023
    assert [tries(ana, 100), tries(ana, 5), tries(ana, 4), tries(ana, 0)] == [2, 2, 1, 0]
    assert tries(other, 100) == 0


def test_a_link_code_is_claimed_by_one_account_and_finished_once(storage: Storage) -> None:
    asks = storage.write_now(lambda store: store.accounts.remember(ANA, NOW))
    claims = storage.write_now(lambda store: store.accounts.remember(ANA_ON_SLACK, NOW))
    soon = NOW + 10 * MINUTE
    made = storage.write_now(lambda store: store.links.add("hash", asks, soon, NOW))
    assert made == LinkCode(made.id, "hash", asks, None, soon, None)
    assert storage.write_now(lambda store: store.links.by_hash("hash")) == made
    assert storage.write_now(lambda store: store.links.by_hash("other")) is None
    claimed = replace(made, claimed_by=claims)
    assert storage.write_now(lambda store: store.links.claim(made.id, claims, NOW)) == claimed
    assert storage.write_now(lambda store: store.links.claim(made.id, claims, NOW)) == claimed
    assert storage.write_now(lambda store: store.links.claim(made.id, asks, NOW)) is None
    assert storage.read_now(lambda store: store.links.get(made.id)) == claimed
    assert storage.write_now(lambda store: store.links.finish(made.id, NOW))
    assert not storage.write_now(lambda store: store.links.finish(made.id, NOW + MINUTE))
    done = storage.write_now(lambda store: store.links.get(made.id, lock=True))
    assert done == replace(claimed, done_at=NOW)
    assert storage.write_now(lambda store: store.links.claim(made.id, claims, NOW)) is None
    assert storage.read_now(lambda store: store.links.get(made.id + 1)) is None
    with pytest.raises(Duplicate):
        storage.write_now(lambda store: store.links.add("hash", asks, soon, NOW))
