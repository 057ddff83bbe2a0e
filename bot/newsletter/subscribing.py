"""Who reads the newsletter: the opt-in by a tap or by mail, its topics, and the way out (engagement.md 3).

Subscription is separate from membership: nobody reads it because they came in. A person reads it wherever
they are reached; a mail address of nobody we know reads it as that account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands import N_
from bot.in_force import charters_in
from bot.messages import Account, Button, Place
from bot.rules.newsletter.values import Subscription
from storage.deliveries import Delivery
from storage.store import Store

MAIL: Final = "email"
TEXT_VERSION: Final = "2026-11"  # of the sentence that people agree to; a new one with each change of it
BY_TAP, BY_PAGE = "tap", "page"
WHY: Final = ("asked", "bounced", "complained")
ASKED_TEMPLATE: Final = "newsletter_opt_in"  # carries no header to end it by one click: nothing has begun


def subscribe(
    store: Store,
    now: datetime,
    *,
    person: int | None = None,
    account: int | None = None,
    topics: Iterable[str] = (),
    language: str = "",
    source: str = BY_TAP,
) -> Subscription:
    """Somebody reads the newsletter from now on: a person, or a mail account of nobody we know (by number);
    the subscription as it is kept. Who reads it already goes on as before; who came back keeps the word by
    which a mail ends it, and gets the topics given now."""
    found = store.subscriptions.of_person(person) if person else store.subscriptions.of_account(account or 0)
    if found is not None and found.state == "on":
        return found
    known = found or Subscription(person=person, account=None if person else account, asked_at=now)
    chosen = tuple(topics) or known.topics
    return store.subscriptions.write(
        replace(
            known, topics=chosen, language=language or known.language, state="on", source=source,
            text_version=TEXT_VERSION, asked_at=known.asked_at if known.state == "asked" else now, since=now,
            ended_at=None, why="",
        )
    )  # fmt: skip


def asked(store: Store, address: str, language: str, topics: Iterable[str], now: datetime) -> None:
    """Somebody typed this mail address on the page. Nothing begins before the address says yes: it is sent
    one mail with a button, at most once an hour. An address that reads it already is sent nothing, and
    whoever asked is told the same either way."""
    account = _mail_account(store, address, language, now)
    person = store.accounts.get(account).person_id
    found = store.subscriptions.of_person(person) if person else store.subscriptions.of_account(account)
    if found is not None and found.state == "on":
        return
    known = found or Subscription(person=person, account=None if person else account, asked_at=now)
    waiting = replace(
        known, topics=tuple(topics), language=language, state="asked", source=BY_PAGE,
        text_version=TEXT_VERSION, asked_at=now, ended_at=None, why="",
    )  # fmt: skip
    store.subscriptions.write(waiting)
    confirm = Button(N_("Yes, send it to me"), "confirm subscription")
    store.deliveries.queue(
        [
            Delivery.new(
                key=f"newsletter opt-in:{account}:{now:%Y-%m-%dT%H}",
                platform=MAIL,
                account_id=account,
                person_id=person,
                template=ASKED_TEMPLATE,
                values={"title": charters_in(store).versions[-1][1].newsletter.title},
                buttons=(confirm,),
                not_before=now,
            )
        ]
    )


def _mail_account(store: Store, address: str, language: str, now: datetime) -> int:
    """The number of this address's account, remembered now if it was not yet. What is known of one stays as
    it is: anybody can type an address."""
    folded = address.strip().casefold()
    account = Account(MAIL, "", folded, language=language)
    known = store.accounts.identify(account).account_id
    return known or store.accounts.remember(account, now, Place(MAIL, "", folded))


def confirmed(store: Store, account: int, now: datetime) -> Subscription | None:
    """The mail account (by number) says yes to what was asked for it; the subscription, on from now. None
    where nothing was asked, or it was ended since: a yes to nothing begins nothing."""
    person = store.accounts.get(account).person_id
    found = store.subscriptions.of_account(account)
    if person is not None:
        found = store.subscriptions.of_person(person) or found
    if found is None or found.state == "ended":
        return None
    if found.state == "on":
        return found
    return store.subscriptions.write(replace(found, state="on", since=now))


def ended(store: Store, word: str, why: str, now: datetime) -> Subscription | None:
    """The subscription with this secret word ends at once, everywhere; as it is then. `why` is "asked",
    "bounced" or "complained". None for a word that nobody has. Ended twice is ended."""
    found = store.subscriptions.by_word(word) if word else None
    return None if found is None else stop(store, found, why, now)


def stop(store: Store, one: Subscription, why: str, now: datetime) -> Subscription:
    """This subscription ends at once, everywhere; as it is then."""
    if one.state == "ended":
        return one
    return store.subscriptions.write(replace(one, state="ended", ended_at=now, why=why))


def bounced(store: Store, account: int, now: datetime) -> Subscription | None:
    """Mail to this account (by number) does not get there any more: what it subscribed to by itself ends. A
    person's subscription goes on, for they have other ways."""
    found = store.subscriptions.of_account(account)
    return None if found is None else stop(store, found, "bounced", now)


def with_topics(store: Store, one: Subscription, topics: Iterable[str]) -> Subscription:
    """The reader wants only these topics (by key; none: all)."""
    return store.subscriptions.write(replace(one, topics=tuple(topics)))
