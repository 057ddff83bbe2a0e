"""So many people of the founding organisations, every other one on Telegram and on Slack, and events whose
card stands in a group of the one and a channel of the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.assembly import nobody
from benchmarks.crowd_api import CHANNEL, TEAM
from benchmarks.tapping_api import FIRST_VOTER, GROUP
from benchmarks.world import house
from bot.dispatch import Surroundings
from bot.events.organising import announce, new_uid
from bot.events.standing import PURPOSE
from bot.messages import Account, Place
from bot.rules.events.values import Event
from storage.store import Storage, Store

PLACES = (
    Place("telegram", "", str(GROUP), kind="group", name="Events"),
    Place("slack", TEAM, CHANNEL, kind="group", name="events"),
)
AHEAD = timedelta(days=10)


@dataclass(frozen=True)
class Gathering:
    """The house with its people, `persons` in the order of `accounts`."""

    url: str
    storage: Storage
    around: Surroundings
    accounts: tuple[Account, ...]
    persons: tuple[int, ...]


def gathering(url: str, people: int) -> Gathering:
    """A fresh database with so many people, whose direct chats are open."""
    storage, around = house(url, "telegram", "")
    accounts = tuple(_account(number) for number in range(people))
    return Gathering(url, storage, around, accounts, storage.write_now(partial(_let_in, accounts)))


def announced(house: Gathering, capacity: int | None) -> int:
    """One more event with so many seats, None for no limit, given on to the line as soon as they are free;
    its number. Its card waits to be posted in both places."""
    return house.storage.write_now(partial(_announced, house.around, house.persons[0], capacity))


def _account(number: int) -> Account:
    if number % 2:
        return Account("slack", TEAM, f"U{number}", f"U{number}")
    return Account("telegram", "", str(FIRST_VOTER + number), f"V{FIRST_VOTER + number}")


def _let_in(accounts: tuple[Account, ...], store: Store) -> tuple[int, ...]:
    now, persons = datetime.now(UTC), []
    organisations = [one.slug for one in store.organisations.all() if one.standing == "voting"]
    for number, account in enumerate(accounts):
        direct = Place(account.platform, account.workspace, account.user.replace("U", "D"))
        person = store.persons.add(account.name, "en", "Europe/Brussels", now)
        store.accounts.attach(store.accounts.remember(account, now, direct), person.id)
        store.roles.grant(person.id, "member", organisations[number % len(organisations)], now, None)
        persons.append(person.id)
    for place in PLACES:
        store.places.set_purposes(store.places.remember(place, now), (PURPOSE,))
    return tuple(persons)


def _announced(around: Surroundings, by: int, capacity: int | None, store: Store) -> int:
    ctx = nobody(around, store)
    event = Event(
        number=0,
        uid=new_uid(),
        kind="webinar",
        title="Heat pumps in practice",
        starts_at=ctx.now + AHEAD,
        minutes=60,
        zone="Europe/Brussels",
        hosts=("cimes",),
        audience="public",
        created_by=by,
        created_at=ctx.now,
        changed_at=ctx.now,
        link="https://meet.example/heat",
        capacity=capacity,
    )
    places = tuple(known.id for known in store.places.serving(PURPOSE))
    return announce(ctx, event, False, places).number
