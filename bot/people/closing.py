"""Accounts that are no more: whose it was is reached another way, and who looks after their role is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.charter import Charter
from bot.in_force import charters_in
from bot.notices import NOTICES
from bot.people.public_holidays import is_free
from bot.rules.attention import Waking, next_waking
from storage.accounts import Linked
from storage.deliveries import Delivery
from storage.persons import Person
from storage.roles import Role
from storage.store import Store

CLOSED: Final = "account closed"  # the notice
ENDS: Final = "end_roles"
_SIGNS: Final = ("user is deactivated", "user_disabled")  # what Telegram and Slack say of such an account


def says_closed(says: str) -> bool:
    """Whether a platform's words, why a message did not arrive, mean that the reader's account is no more."""
    return any(sign in says.lower() for sign in _SIGNS)


def closed(store: Store, account_id: int, now: datetime) -> None:
    """The platform says that an account was deactivated or deleted. No role ends by that: who may end it is
    asked once, for each organisation, whether its person still speaks for it. Known already: nothing."""
    if not store.accounts.closed(account_id, now):
        return
    linked = store.accounts.get(account_id)
    person = store.persons.get(linked.person_id) if linked.person_id is not None else None
    if person is None or person.left_at is not None:
        return
    charter = charters_in(store).at(now.date())
    by_organisation = {role.organisation: role for role in reversed(store.roles.of_person(person.id))}
    for role in by_organisation.values():
        for one in _asked(store, charter, person, role):
            _ask(store, linked, role, one, now)


def _asked(store: Store, charter: Charter, person: Person, role: Role) -> tuple[Person, ...]:
    """The organisation's people who may end the role, and the coordinators; not the person themself."""
    holders = store.roles.of_organisation(role.organisation) if role.organisation else ()
    found = {one.person.id: one.person for one in holders if charter.allows(one.role.role, ENDS)}
    found |= {one.id: one for one in _coordinators(store, charter)}
    found.pop(person.id, None)
    return tuple(found.values())


def _coordinators(store: Store, charter: Charter) -> Iterator[Person]:
    for role in charter.roles:
        if role.scope == "alliance" and charter.allows(role.key, ENDS):
            yield from (holder.person for holder in store.roles.holders(role.key))


def _ask(store: Store, linked: Linked, role: Role, reader: Person, now: datetime) -> None:
    there = next((one for one in store.accounts.of_person(reader.id) if one.reachable), None)
    if there is None:
        return
    notice = NOTICES[CLOSED]
    at = next_waking(now, Waking(reader.zone or "Europe/Brussels", is_free(frozenset())))
    asks = Delivery.new(
        key=f"{CLOSED}:{linked.account_id}:{now.isoformat()}:{role.id}:{reader.id}",
        platform=there.account.platform,
        account_id=there.account_id,
        person_id=reader.id,
        kind=CLOSED,
        template="",
        values={"account": linked.account_id, "role": role.id},
        priority=notice.priority,
        not_before=at,
        useful_until=at + notice.useful,
    )
    store.deliveries.queue([asks])
