"""The personal page behind each mail: written down before the mail goes, so that whatever its reader presses
and whatever comes back of it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.clock import Clock
from bot.context.speaking import language_of
from bot.in_force import charters_in
from bot.messages import LANGUAGES, Account, Message
from bot.platforms.email.addresses import NAME
from bot.platforms.port import SendFailed
from storage.drafts import Draft
from storage.store import Busy, Storage, Store

GOOD_FOR: Final = timedelta(days=30)  # as long as most buttons
ZONE: Final = "Europe/Brussels"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it was written, and who reads it: name, language and zone, as far as they are known.
    `asks`: it is a question, and its page has a field for the answer."""

    token: str
    asks: bool = False
    name: str = ""
    language: str = "en"
    zone: str = ZONE


async def write_letter(
    storage: Storage, clock: Clock, address: str, message: Message, message_id: str
) -> Written:
    """Write the letter of the mail `message_id` to this address. Raises SendFailed("later")."""
    account, now = Account(NAME, "", address.strip().casefold()), clock.now()
    try:
        return await storage.write(partial(_write, account, message, message_id, now))
    except Busy:
        raise SendFailed("later", "the database is busy", after=1.0) from None


def question_of(store: Store, account_id: int, message: Message) -> Draft | None:
    """The question that a message asks this account, and that still waits for words: one of its buttons goes
    on with it, or throws it away. None where it asks nothing, or was answered."""
    draft = store.drafts.open(account_id)
    if draft is None:
        return None
    found = (store.buttons.get(key.token) for key in message.keys if key.token)
    its_own = any(one is not None and one.arguments.get("draft") == draft.token for one in found)
    return draft if its_own else None


def _write(account: Account, message: Message, message_id: str, now: datetime, store: Store) -> Written:
    known = store.accounts.identify(account)
    number = known.account_id
    if number is None:
        number = store.accounts.remember(account, now)
    token = store.letters.write(number, message, message_id, now, now + GOOD_FOR)
    asks = question_of(store, number, message) is not None
    charter, members = charters_in(store).at(now.date()), store.organisations.all()
    hint = store.accounts.get(number).account.language
    language = language_of(known, hint, members, charter, tuple(LANGUAGES))
    person = known.person
    if person is None:
        return Written(token, asks, known.name, language)
    return Written(token, asks, person.name, language, person.zone or ZONE)
