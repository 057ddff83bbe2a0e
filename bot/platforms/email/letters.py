"""The personal page behind each mail: written down before the mail goes, so that whatever its reader presses
and whatever comes back of it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.clock import Clock
from bot.messages import Account, Message
from bot.platforms.email.addresses import NAME
from bot.platforms.port import SendFailed
from storage.store import Busy, Storage, Store

GOOD_FOR: Final = timedelta(days=30)  # as long as most buttons
ZONE: Final = "Europe/Brussels"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it was written, and who reads it: name, language and zone, as far as they are known."""

    token: str
    until: datetime  # UTC
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


def _write(account: Account, message: Message, message_id: str, now: datetime, store: Store) -> Written:
    known, until = store.accounts.identify(account), now + GOOD_FOR
    number = known.account_id
    if number is None:
        number = store.accounts.remember(account, now)
    token = store.letters.write(number, message, message_id, now, until)
    person = known.person
    if person is None:
        return Written(token, until, known.name)
    return Written(token, until, person.name, person.language or "en", person.zone or ZONE)
