"""The workspaces that installed our app, as a process knows them: each with its own way to Slack's Web API.

All of them are read at once and remembered for five seconds, so that a request costs no SQL and no call while
that is warm, and another process's installation or end is known within seconds. The list is the memory of
workspaces that have none, too: one that is unknown has it read again, but not more than once a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from bot.platforms.slack.heard import Me
from bot.platforms.slack.installations.keys import Keys
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.people import Profiles
from storage.installations import Installation
from storage.store import Busy, Storage

FRESH, FRESH_UNKNOWN = 5.0, 1.0  # seconds
LONGEST_PAUSE = 30.0  # seconds
NEVER: Final = -1e9
LOCKED: Final = (
    "ENCRYPTION_KEY: it does not open the tokens of {names}; put the key back, after a comma if there is a "
    "newer one, or let them install the app again."
)
log = structlog.get_logger()


@dataclass(frozen=True)
class Joined:
    """Our app in one workspace: who we are there, the way to its Web API, and who wrote there lately."""

    me: Me
    web: SlackWeb
    enterprise: str = ""
    profiles: Profiles = field(default_factory=Profiles)

    @property
    def key(self) -> str:
        """What places there name as their installation."""
        return self.me.team

    @property
    def answering(self) -> SlackWeb:
        """The way for answers to what somebody just did."""
        return replace(self.web, answering=True)


Joins = Callable[[Installation, str], Joined]  # with the token


class Installed:
    """What stands in `storage`, opened with `keys`; `joins` makes the way to one of them."""

    def __init__(self, storage: Callable[[], Storage], keys: Keys, joins: Joins) -> None:
        self._storage, self._keys, self._joins = storage, keys, joins
        self._rows: dict[str, Installation] = {}
        self._joined: dict[str, Joined] = {}
        self.locked: tuple[Installation, ...] = ()  # active, and no key of ours opens their tokens
        self._read_at = NEVER
        self._reading = asyncio.Lock()

    async def begin(self) -> None:
        """Put every token under the newest key, and say so if some cannot be opened. Raises Busy."""
        rows = await self._storage().read(lambda store: store.installations.all())
        renewed = [(row, sealed) for row in rows if (sealed := self._keys.renewed(row.token)) is not None]
        for row, sealed in renewed:
            before = (row.workspace, row.token, sealed)
            await self._storage().write(lambda store, b=before: store.installations.reseal(*b))  # type: ignore[misc]
        if renewed:
            log.info("slack.tokens_resealed", how_many=len(renewed))
        await self._read()
        if self.locked:
            log.error("slack.installations_locked", says=says_locked(self.locked))

    async def find(self, team: str, enterprise: str) -> Joined | None:
        """The installation that this team's events belong to: its own, else its whole organisation's."""
        await self._refresh(FRESH)
        found = self._joined.get(team) or self._joined.get(enterprise)
        if found is None:
            await self._refresh(FRESH_UNKNOWN)
            found = self._joined.get(team) or self._joined.get(enterprise)
        return found

    async def all(self) -> Sequence[Joined]:
        """Every one that is active."""
        await self._refresh(FRESH)
        return tuple(self._joined.values())

    def row(self, workspace: str) -> Installation | None:
        """What was last read of one, ended or not."""
        return self._rows.get(workspace)

    def is_locked(self, workspace: str) -> bool:
        """Whether it is active and its token is under a key that we were not given."""
        return any(workspace in (row.workspace, row.enterprise) for row in self.locked)

    def rows(self) -> Sequence[Installation]:
        """What was last read of all of them, ended ones too."""
        return tuple(self._rows.values())

    def leave(self) -> None:
        """Nothing is known any more: the connections are closed."""
        self._rows, self._joined, self._read_at = {}, {}, NEVER

    def forget(self) -> None:
        """Something changed: it is read again the next time that somebody asks."""
        self._read_at = NEVER

    async def _refresh(self, fresh: float) -> None:
        if self._is_fresh(fresh):
            return
        async with self._reading:
            if self._is_fresh(fresh):
                return
            try:
                await self._read()
            except Busy:
                log.warning("slack.installations_not_read")  # what was known goes on

    def _is_fresh(self, fresh: float) -> bool:
        return asyncio.get_running_loop().time() - self._read_at < fresh

    async def _read(self) -> None:
        now = asyncio.get_running_loop().time()
        rows = await self._storage().read(lambda store: store.installations.all(), quick=True)
        known, before = self._joined, self._rows
        self._joined, locked = {}, []
        for row in rows:
            if not row.is_active:
                continue
            had = known.get(row.workspace)
            if had is not None and _says_the_same(before.get(row.workspace), row):
                self._joined[row.workspace] = had
            elif (token := self._keys.open(row.token)) is not None:
                self._joined[row.workspace] = self._joins(row, token)
            else:
                locked.append(row)
        self._rows, self.locked = {row.workspace: row for row in rows}, tuple(locked)
        self._read_at = now


async def begin(installed: Installed, pause: float) -> None:
    """`Installed.begin`, again and again until the database lets it."""
    while True:
        try:
            await installed.begin()
            return
        except Busy:
            log.warning("slack.installations_not_read", again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def says_locked(rows: Sequence[Installation]) -> str:
    """A sentence for whoever runs the bot with another key than before."""
    return LOCKED.format(names=", ".join(row.name or row.workspace for row in rows))


def _says_the_same(before: Installation | None, row: Installation) -> bool:
    same = ("token", "bot_user", "bot", "name", "scopes", "installed_at")
    return before is not None and all(getattr(before, name) == getattr(row, name) for name in same)
