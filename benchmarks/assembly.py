"""An alliance of so many member organisations, each with one representative on Telegram, and motions whose
voting is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

from benchmarks.tapping_api import FIRST_VOTER, GROUP
from benchmarks.world import house
from bot.assembly.settling import settle
from bot.assembly.standing import topic_of
from bot.context import Context
from bot.delivery.rendering import shown_card
from bot.dispatch import Surroundings
from bot.dispatch.effects import leave_behind
from bot.dispatch.surroundings import context_for
from bot.handlers.motions.cards import PURPOSE, show_in_places
from bot.messages import Account, Call, Place
from bot.rules.decisions.book import GIVES_BALLOT
from bot.rules.decisions.motions import Motion
from storage.organisations import Organisation
from storage.store import Storage, Store

NOTICE, VOTING = timedelta(days=10), timedelta(days=5)
GROUP_PLACE = Place("telegram", "", str(GROUP), kind="group", name="Assembly")


@dataclass(frozen=True)
class Opened:
    """A motion whose voting is open, and the token of the first button of its card in the group: [For]."""

    number: int
    token: str


@dataclass(frozen=True)
class Assembly:
    """The house with its members, who are `slugs`; `persons` vote for them, in the same order."""

    storage: Storage
    around: Surroundings
    slugs: tuple[str, ...]
    persons: tuple[int, ...]


def assembly(url: str, members: int) -> Assembly:
    """A fresh database with so many members, the founders among them. Raises ValueError for fewer than
    those."""
    storage, around = house(url, "telegram", "")
    slugs, persons = storage.write_now(partial(_let_in, members))
    return Assembly(storage, around, slugs, persons)


def open_motion(house: Assembly, *, told: bool = False) -> Opened:
    """Voting opens on one more motion; everybody hears of it if they are `told`."""
    return house.storage.write_now(partial(_opened, house.around, told))


def put_away(house: Assembly, number: int) -> int:
    """The motion is withdrawn, so that the next one is the only one; how many ballots its book holds."""

    def work(store: Store) -> int:
        motion = cast(Motion, store.motions.get(number, lock=True))
        store.motions.write(replace(motion, withdrawn_at=datetime.now(UTC)))
        return sum(entry.event in GIVES_BALLOT for entry in store.ballots.book(number))

    return house.storage.write_now(work)


def nobody(around: Surroundings, store: Store) -> Context:
    """The world as the program itself sees it."""
    call = Call("bench", Account("", "", ""), Place("", "", ""), around.now())
    return context_for(around, call, store)


def _let_in(members: int, store: Store) -> tuple[tuple[str, ...], tuple[int, ...]]:
    now = datetime.now(UTC)
    founders = [one.slug for one in store.organisations.all() if one.standing == "voting"]
    if members < len(founders):
        raise ValueError(f"an alliance of {members} without some of its founders")
    later = [f"cluster-{n}" for n in range(members - len(founders))]
    for slug in later:
        name = slug.capitalize().replace("-", " ")
        store.organisations.add(Organisation(slug, name, name, country="BE", member_class="member"))
    slugs = (*founders, *later)
    persons = tuple(_representative(store, n, slug, now) for n, slug in enumerate(slugs))
    store.places.set_purposes(store.places.remember(GROUP_PLACE, now), (PURPOSE,))
    return slugs, persons


def _representative(store: Store, n: int, slug: str, now: datetime) -> int:
    user = str(FIRST_VOTER + n)
    person = store.persons.add(f"V{user}", "en", "Europe/Brussels", now)
    direct = Place("telegram", "", user)
    account = store.accounts.remember(Account("telegram", "", user, f"V{user}"), now, direct)
    store.accounts.attach(account, person.id)
    store.roles.grant(person.id, "representative", slug, now, None)
    return person.id


def _opened(around: Surroundings, told: bool, store: Store) -> Opened:
    ctx = nobody(around, store)
    rule = ctx.charter.decisions.ordinary_resolution.rule("ordinary_resolution", 1)
    noticed, opens = ctx.now - NOTICE, ctx.now - timedelta(hours=1)
    motion = store.motions.add(
        Motion(
            number=0,
            kind="ordinary_resolution",
            title="A joint newsletter",
            text="We publish one every quarter.",
            rule=rule,
            proposer=store.persons.add("Dana", "en", "Europe/Brussels", ctx.now).id,
            organisation="cimes",
            proposed_at=noticed,
            notice_at=noticed,
            opens_at=opens,
            closes_at=opens + VOTING,
        )
    )
    show_in_places(ctx, motion)
    settle(ctx)  # the roll is frozen
    if told:
        leave_behind(ctx)
    card = store.cards.of_topic(topic_of(motion))[0]
    message, _ = shown_card(around, store, card)
    return Opened(motion.number, message.keys[0].token)
