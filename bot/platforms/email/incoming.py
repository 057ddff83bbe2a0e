"""What came back by mail, as a call through the pipe: only what is about a mail or an event of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.messages import Account, Call, Place
from bot.platforms.email.addresses import NAME, kept_address
from bot.platforms.email.reports import Bounce, CalendarAnswer, Report
from storage.letters import Letter
from storage.store import Store

BOUNCED: Final = "mail bounced"
ANSWERING: Final = "answer event"
ASKING: Final = "calendar asks"  # whether it was they who answered


def call_for(report: Report, now: datetime, store: Store, trusted: str = "") -> Call | None:
    """The call that a report or an answer stands for; None if it is about nothing of ours. `trusted` is what
    the mail server calls itself that checks who sent a mail, "" for none."""
    if isinstance(report, Bounce):
        return _bounced(report, now, store)
    return _answering(report, now, store, trusted)


def _bounced(report: Bounce, now: datetime, store: Store) -> Call | None:
    """A bounce is of the account that its letter went to. Whoever it was passed on to knows the letter's id,
    too: where it did not arrive at another address, that alone does not end it."""
    letter = _letter(report.about, store)
    if letter is None or report.kind == "ours":
        return None
    account = store.accounts.get(letter.account_id).account
    elsewhere = bool(report.to) and kept_address(account.user) not in map(kept_address, report.to)
    kind = "soft" if elsewhere and report.kind == "hard" else report.kind
    said = {"kind": kind, "says": report.says}
    return _call(f"bounce:{report.id}", account, now, BOUNCED, said)


def _answering(report: CalendarAnswer, now: datetime, store: Store, trusted: str) -> Call | None:
    """A calendar's answer is of the account it comes from, if it names a mail of ours that went to them or
    our own server checked its sender. Anybody can write a sender, so else they are asked, once a day."""
    account = Account(NAME, "", report.address)
    known = store.accounts.identify(account)
    if known.account_id is None:  # a domain in letters of its own is written in ASCII on the way
        account = Account(NAME, "", kept_address(report.address))
        known = store.accounts.identify(account)
    if known.person is None or known.account_id is None:
        return None
    letter = _letter(report.about, store)
    if letter is not None and letter.account_id != known.account_id:
        return None
    event = store.events.by_uid(report.uid)
    if event is None:
        return None
    wish = {"event": str(event.number), "wish": report.wish}
    if letter is not None or (trusted and report.checker == trusted.casefold() and not report.forged):
        return _call(f"reply:{report.id}", account, now, ANSWERING, wish)
    if report.forged:
        return None
    asked = f"reply?:{known.account_id}:{event.number}:{report.wish}:{now:%Y%m%d}"
    return _call(asked, account, now, ASKING, wish)


def _letter(ids: tuple[str, ...], store: Store) -> Letter | None:
    return next((found for one in ids if (found := store.letters.by_message_id(one)) is not None), None)


def _call(event: str, account: Account, now: datetime, command: str, arguments: dict[str, str]) -> Call:
    place = Place(NAME, "", account.user)
    return Call(event, account, place, now, command=command, arguments=arguments)
