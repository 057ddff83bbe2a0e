"""Mail addresses as a way to somebody: whose account one is, and what happens when mails come back.

Whether mail goes to an address is whether its account is within reach, as on any platform; why it does not is
kept with the address (`storage.emails`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.charter import Charter
from bot.commands import N_
from bot.in_force import charters_in
from bot.messages import Account, Button, Place
from bot.notices import NOTICES
from bot.people.public_holidays import is_free
from bot.rules.attention import Waking, next_waking
from storage.accounts import Linked
from storage.deliveries import Delivery
from storage.emails import MAIL, Why
from storage.persons import Person
from storage.roles import Holder
from storage.store import Store

BOUNCED: Final = "mail bounced"  # the notice
SOFT_IN_A_ROW: Final = 3  # mails that did not arrive for now, after which none goes any more (section 3)
LOST_READER: Final = "mail_reader_lost"
LONGEST: Final = 254  # characters of an address (RFC 5321, 4.5.3.1.3, without its brackets)
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def on_the_wire(address: str) -> str:
    """The address as SMTP takes it, its domain in ASCII letters; "" for what can be nobody's address, is
    written in letters that many servers do not take yet (RFC 6531), or would become another when it is kept
    ("straße" is not "strasse")."""
    bare = address.strip()
    local, _, domain = bare.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return ""
    good = _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) and bare.casefold() == bare.lower()
    return f"{local}@{domain}" if good and len(local) + len(domain) < LONGEST else ""


def mail_account(store: Store, address: str, now: datetime, language: str = "") -> Linked:
    """The account of an address, kept from now on if it was not yet. What is known of one stays as it is:
    anybody can type an address."""
    folded = address.strip().casefold()
    account = Account(MAIL, "", folded, language=language)
    number = store.accounts.identify(account).account_id
    if number is None:
        number = store.accounts.remember(account, now, Place(MAIL, "", folded))
    return store.accounts.get(number)


def reads_mail_at(store: Store, person: int) -> Linked | None:
    """The account by which somebody gets mails of their own, such as calendar invitations: an address that
    they proved and want used, and which mails reach; None for none."""
    mails = [one for one in store.accounts.of_person(person) if _is_mail(one) and one.reachable]
    proved = set(store.emails.confirmed(person)) if mails else set()
    return next((one for one in mails if one.account.user in proved), None)


def chat_of(store: Store, person: int) -> Linked | None:
    """Where somebody reads us in a chat: the first of their accounts there that is within reach."""
    return next(
        (one for one in store.accounts.of_person(person) if one.reachable and not _is_mail(one)), None
    )


def is_stopped(store: Store, account: Account) -> bool:
    """Whether it is a mail account to whose address nothing goes any more. A press on the page of an old mail
    does not show that a new one would arrive, or is wanted."""
    said = store.emails.state(account.user) if account.platform == MAIL else None
    return said is not None and said.stopped_at is not None


def within_reach_again(store: Store, address: str, now: datetime) -> Linked:
    """Mails go to the address again, whatever stopped them."""
    linked = mail_account(store, address, now)
    store.emails.start(address, now)
    if not linked.reachable:
        store.accounts.remember(linked.account, now)
    return store.accounts.get(linked.account_id)


def bounced(store: Store, account_id: int, hard: bool, now: datetime) -> None:
    """A mail to this account came back: for good (`hard`, once), or for now (three times in a row): no mail
    goes there any more, what the address subscribed to by itself ends, and whose it is is asked in chat for
    another (spec/engagement.md section 3). An account of another platform is merely out of reach."""
    linked = store.accounts.get(account_id)
    if not _is_mail(linked):
        if hard:
            store.accounts.lost(account_id, now)
        return
    if not linked.reachable:
        return  # mails that were on their way come back, too
    if not hard and store.emails.soft_bounce(linked.account.user, now) < SOFT_IN_A_ROW:
        return
    _stop(store, linked, "bounced", now)
    person = _whose(store, linked)
    if person is not None and not _asked(store, linked, person, now):
        _told_others(store, linked, person, now)


def complained(store: Store, account_id: int, now: datetime) -> None:
    """Somebody called one of our mails unwanted: no mail goes there any more, and no newsletter. Who has a
    chat reads everything there; for whoever reads us by mail alone, others are told."""
    linked = store.accounts.get(account_id)
    if not _is_mail(linked):
        return
    was_reachable, person = linked.reachable, _whose(store, linked)
    _stop(store, linked, "complained", now)
    if linked.person_id is None:
        return
    _end_subscription(store, store.subscriptions.of_person(linked.person_id), "complained", now)
    if chat_of(store, linked.person_id) is not None:
        store.accounts.detach(account_id)
    elif was_reachable and person is not None:
        _told_others(store, linked, person, now)


def _stop(store: Store, linked: Linked, why: Why, now: datetime) -> None:
    store.emails.stop(linked.account.user, why, now)
    store.accounts.lost(linked.account_id, now)
    _end_subscription(store, store.subscriptions.of_account(linked.account_id), why, now)


def _end_subscription(store: Store, found: Any, why: str, now: datetime) -> None:
    if found is not None and found.state != "ended":
        store.subscriptions.write(replace(found, state="ended", ended_at=now, why=why))


def _whose(store: Store, linked: Linked) -> Person | None:
    """Who reads there, or says that it is theirs."""
    said = store.emails.state(linked.account.user)
    number = linked.person_id if linked.person_id is not None else said.person if said else None
    person = store.persons.get(number) if number is not None else None
    return person if person is not None and person.left_at is None else None


def _asked(store: Store, linked: Linked, person: Person, now: datetime) -> bool:
    """Ask for another address where they still read us; False if that is nowhere."""
    accounts = store.accounts.of_person(person.id)
    other = next((one for one in accounts if one.reachable and one.account_id != linked.account_id), None)
    if other is None:
        return False
    notice, at = NOTICES[BOUNCED], _at_work(person, now)
    values = {"address": linked.account.user}
    asked = Delivery.new(
        key=f"{BOUNCED}:{linked.account_id}:{now.isoformat()}:{person.id}",
        platform=other.account.platform,
        account_id=other.account_id,
        person_id=person.id,
        kind=BOUNCED,
        template="",
        values=values,
        priority=notice.priority,
        not_before=at,
        useful_until=at + notice.useful,
    )
    store.deliveries.queue([asked])
    return True


def _told_others(store: Store, linked: Linked, person: Person, now: datetime) -> None:
    """Who reads us by mail alone is out of reach: their colleagues and the coordinators hear it, and who may
    invites another address."""
    role = next(iter(store.roles.of_person(person.id)), None)
    if linked.person_id is None or role is None:
        return
    charter = charters_in(store).at(now.date())
    colleagues = store.roles.of_organisation(role.organisation) if role.organisation else ()
    told = {one.person.id: one.person for one in (*colleagues, *_coordinators(store, charter))}
    told.pop(person.id, None)
    names = {one.slug: one.short_name for one in store.organisations.all()}
    values = {"name": person.name, "organisation": names.get(role.organisation, "")}
    given = {"organisation": role.organisation, "role": role.role}
    invite = Button(N_("Invite by mail"), "mail another invitation", given)
    for one in told.values():
        may = any(charter.allows(worn.role, "invite") for worn in store.roles.of_person(one.id))
        key = f"{LOST_READER}:{linked.account_id}:{now.isoformat()}:{one.id}"
        _say(store, one, key, values, (invite,) if may else (), now)


def _say(
    store: Store, to: Person, key: str, values: dict[str, Any], buttons: tuple[Button, ...], now: datetime
) -> None:
    there = next((one for one in store.accounts.of_person(to.id) if one.reachable), None)
    if there is None:
        return
    said = Delivery.new(
        key=key,
        platform=there.account.platform,
        account_id=there.account_id,
        person_id=to.id,
        template=LOST_READER,
        values=values,
        buttons=buttons,
        not_before=_at_work(to, now),
    )
    store.deliveries.queue([said])


def _coordinators(store: Store, charter: Charter) -> Iterator[Holder]:
    for role in charter.roles:
        if role.scope == "alliance" and charter.allows(role.key, "invite_all"):
            yield from store.roles.holders(role.key)


def _at_work(person: Person, now: datetime) -> datetime:
    """Their next working hour (UTC), by their own clock."""
    return next_waking(now, Waking(person.zone or "Europe/Brussels", is_free(frozenset())))


def _is_mail(linked: Linked) -> bool:
    return linked.account.platform == MAIL
