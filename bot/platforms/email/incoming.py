"""What came back by mail, as a call through the pipe: only what is about a mail or an event of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.messages import Account, Call, Place
from bot.platforms.email.addresses import NAME
from bot.platforms.email.reports import Bounce, CalendarAnswer, Report
from storage.letters import Letter
from storage.store import Store

BOUNCED: Final = "mail bounced"
ANSWERING: Final = "answer event"


def call_for(report: Report, now: datetime, store: Store) -> Call | None:
    """The call that a report or an answer stands for; None if it is about nothing of ours."""
    if isinstance(report, Bounce):
        return _bounced(report, now, store)
    return _answering(report, now, store)


def _bounced(report: Bounce, now: datetime, store: Store) -> Call | None:
    """A bounce is of the account that its letter went to: nobody else knows the letter's id."""
    letter = _letter(report.about, store)
    if letter is None:
        return None
    account = store.accounts.get(letter.account_id).account
    said = {"kind": report.kind, "says": report.says}
    return _call(f"bounce:{report.id}", account, now, BOUNCED, said)


def _answering(report: CalendarAnswer, now: datetime, store: Store) -> Call | None:
    """A calendar's answer is of the account it comes from. If it names a mail of ours, that went to them."""
    account = Account(NAME, "", report.address)
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
    return _call(f"reply:{report.id}", account, now, ANSWERING, wish)


def _letter(ids: tuple[str, ...], store: Store) -> Letter | None:
    return next((found for one in ids if (found := store.letters.by_message_id(one)) is not None), None)


def _call(event: str, account: Account, now: datetime, command: str, arguments: dict[str, str]) -> Call:
    place = Place(NAME, "", account.user)
    return Call(event, account, place, now, command=command, arguments=arguments)
