"""What Slack tells about a person: the name, language and zone in their profile, asked once a day."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace

from bot.messages import Account
from bot.platforms.port import SendFailed
from bot.platforms.slack.outgoing import SlackWeb, quickly

PATIENCE = 0.8  # seconds; the person is waiting, and without the profile all works too
FRESH, FRESH_NOTHING = 24 * 3600.0, 300.0  # seconds
MOST = 5000


@dataclass(frozen=True, slots=True)
class Profile:
    """Hints from a person's Slack profile; "" where it says nothing."""

    name: str = ""
    language: str = ""
    zone: str = ""


class Profiles:
    """The profiles of the people who wrote lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, Profile]] = OrderedDict()

    async def fill(self, web: SlackWeb, account: Account) -> Account:
        """`account` with the name, language and zone of its profile. Never raises: a profile that cannot
        be had in 0.8 s is done without, and asked for again after five minutes."""
        if not account.user:
            return account  # something that nobody did, or nobody we know of
        good_until, profile = self._known.get(account.user, (0.0, Profile()))
        if good_until < time.monotonic():
            profile = await self._ask(web, account.user)
        self._known.move_to_end(account.user)
        return replace(
            account,
            name=profile.name or account.name,
            language=profile.language or account.language,
            zone=profile.zone or account.zone,
        )

    async def _ask(self, web: SlackWeb, user: str) -> Profile:
        try:
            call = web.call("users.info", repeatable=True, user=user, include_locale="true")
            person = (await quickly(PATIENCE, call))["user"]
            shown = (person.get("profile") or {}).get("display_name")
            name = shown or person.get("real_name") or person.get("name") or ""
            profile = Profile(name, person.get("locale") or "", person.get("tz") or "")
            fresh = FRESH
        except (SendFailed, KeyError, TypeError, AttributeError):
            profile, fresh = Profile(), FRESH_NOTHING
        self._known[user] = (time.monotonic() + fresh, profile)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return profile
