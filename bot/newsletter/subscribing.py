"""Who reads the newsletter: the opt-in by a tap or by mail, its topics, and the way out (engagement.md 3).

Subscription is separate from membership: nobody reads it because they came in. A person reads it wherever
they are reached; a mail address of nobody we know reads it as that account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.commands import N_
from bot.in_force import charters_in
from bot.messages import Button
from bot.people.addresses import mail_account, within_reach_again
from bot.rules.newsletter.values import Subscription
from storage.deliveries import Delivery
from storage.emails import MAIL
from storage.store import Store

TEXT_VERSION: Final = "2026-11"  # of the sentence that people agree to; a new one with each change of it
BY_TAP, BY_PAGE = "tap", "page"
WHY: Final = ("asked", "bounced", "complained")
MOST_ASKED: Final = 2  # opt-in mails to one address in so long: anybody can type it
ASKED_WITHIN: Final = timedelta(days=30)
AN_HOUR: Final = timedelta(hours=1)  # between two of them
OPT_IN: Final = "newsletter opt-in"  # the batch of these mails
ASKED_TEMPLATE: Final = "newsletter_opt_in"  # carries no header to end it by one click: nothing has begun


def subscriptions_of(
    store: Store, person: int | None, account: int | None = None
) -> tuple[Subscription, ...]:
    """Every subscription by which somebody reads the newsletter or did, one that is on first: their own, and
    those that their accounts made by themselves before they were known to be theirs. Without a `person`, that
    of the account (by number)."""
    accounts = [account] if account else []
    if person is not None:
        accounts += [one.account_id for one in store.accounts.of_person(person)]
    found = [store.subscriptions.of_person(person) if person is not None else None]
    found += [store.subscriptions.of_account(one) for one in dict.fromkeys(accounts)]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.state != "on"))


def subscription_of(store: Store, person: int | None, account: int | None = None) -> Subscription | None:
    """The one of these that counts; None for nobody who ever subscribed."""
    return next(iter(subscriptions_of(store, person, account)), None)


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
    one mail with a button, at most once an hour and twice in thirty days. An address that reads it already,
    or that called one of our mails unwanted, is sent nothing, and whoever asked is told the same either way.
    When and why it was ended stays known until the yes."""
    there = mail_account(store, address, now, language)
    account, person = there.account_id, there.person_id
    found = subscription_of(store, person, account)
    if (found is not None and found.state == "on") or _is_unwanted(store, address, found):
        return
    known = found or Subscription(person=person, account=None if person else account, asked_at=now)
    waiting = replace(
        known, topics=tuple(topics), language=language, state="asked", source=BY_PAGE,
        text_version=TEXT_VERSION, asked_at=now,
    )  # fmt: skip
    store.subscriptions.write(waiting)
    _ask(store, account, person, now)


def _is_unwanted(store: Store, address: str, found: Subscription | None) -> bool:
    """Whether this address once called a mail of ours unwanted: no stranger has us write there again."""
    fares = store.emails.state(address)
    return (fares is not None and fares.why == "complained") or (
        found is not None and found.why == "complained"
    )


def _ask(store: Store, account: int, person: int | None, now: datetime) -> None:
    batch = f"{OPT_IN}:{account}"
    before = [one for one in store.deliveries.of_batch(batch) if now - one.not_before < ASKED_WITHIN]
    last = max((one.not_before for one in before), default=None)
    if len(before) >= MOST_ASKED or (last is not None and now - last < AN_HOUR):
        return
    confirm = Button(N_("Yes, send it to me"), "confirm subscription")
    asking = Delivery.new(
        key=f"{batch}:{before[-1].id if before else 0}:{now:%Y-%m-%d}",  # of two at once one is sent
        platform=MAIL,
        account_id=account,
        person_id=person,
        template=ASKED_TEMPLATE,
        values={"title": charters_in(store).versions[-1][1].newsletter.title},
        buttons=(confirm,),
        not_before=now,
        batch=batch,
    )
    store.deliveries.queue([asking])


def confirmed(store: Store, account: int, now: datetime) -> Subscription | None:
    """The mail account (by number) says yes to what was asked for it; the subscription, on from now. None
    where nothing was asked, or it was ended since: a yes to nothing begins nothing. Who says yes is reached
    there, whatever came back before."""
    there = store.accounts.get(account)
    every = subscriptions_of(store, there.person_id, account)
    found = next((one for state in ("on", "asked") for one in every if one.state == state), None)
    if found is None or found.state == "on":
        return found
    if there.account.platform == MAIL and not there.reachable:
        within_reach_again(store, there.account.user, now)
    return store.subscriptions.write(replace(found, state="on", since=now, ended_at=None, why=""))


def ended(store: Store, word: str, why: str, now: datetime) -> Subscription | None:
    """The subscription with this secret word ends at once, everywhere; as it is then. `why` is "asked",
    "bounced" or "complained"; who asks for it ends every other way by which they read it, too. None for a
    word that nobody has. Ended twice is ended."""
    found = store.subscriptions.by_word(word) if word else None
    if found is None:
        return None
    if why != "bounced":
        person = store.accounts.get(found.account).person_id if found.account else found.person
        stop_all(store, person, found.account, why, now)
    return stop(store, store.subscriptions.get(found.id) or found, why, now)


def stop_all(store: Store, person: int | None, account: int | None, why: str, now: datetime) -> bool:
    """Somebody reads it in no way any more, from this moment; whether they did until now."""
    every = subscriptions_of(store, person, account)
    for one in every:
        stop(store, one, why, now)
    return any(one.state == "on" for one in every)


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
