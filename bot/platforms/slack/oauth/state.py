"""The ticket with which somebody goes to Slack to add our app, and comes back: for ten minutes, once, in the
same browser.

No row is kept for it: whoever opens the page is anybody, and their looking would fill the database. So the
ticket carries its own moment and the mark of the browser's cookie, sealed under our keys: that nobody forges.
Only tickets that were used are noted (hashed), until they would have run out anyway.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Literal

from bot.platforms.slack.installations.keys import Keys

COOKIE = "charterbot_install"
LASTS = 600  # seconds
LONGEST = 500  # characters; ours have about 250
_COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_LABEL = "slack install "  # so that nothing else that these keys sealed is a ticket

Fits = Literal["fits", "late", "elsewhere"]


def new_cookie(had: str) -> str:
    """What the browser is to carry: what it `had` already, if that is ours, so that two tabs both work."""
    return had if _COOKIE_SHAPE.fullmatch(had) else secrets.token_urlsafe(32)


def new_ticket(keys: Keys, cookie: str, now: datetime) -> str:
    """A ticket for the browser with this cookie."""
    return keys.seal(f"{_LABEL}{secrets.token_hex(8)} {_mark(cookie)}", now)


def fits(keys: Keys, ticket: str, cookie: str, now: datetime) -> Fits:
    """Whether the ticket is good in the browser with this cookie: "late" if it ran out or never was one,
    "elsewhere" if another browser got it."""
    opened = keys.open_within(ticket, LASTS, now) if len(ticket) <= LONGEST else None
    if opened is None or not opened.startswith(_LABEL):
        return "late"
    mark = opened.rpartition(" ")[2]
    return "fits" if cookie and secrets.compare_digest(mark, _mark(cookie)) else "elsewhere"


def used_name(ticket: str) -> str:
    """Under which name a used ticket is noted."""
    return "state:" + sha256(ticket.encode()).hexdigest()


def _mark(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()
