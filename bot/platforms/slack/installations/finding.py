"""Which of our workspaces something belongs to: an event that comes in, a place, a person, a file."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.messages import Account
from bot.platforms.port import SendFailed
from bot.platforms.slack.installations import Installed, Joined
from bot.platforms.slack.installations.own import OwnWorkspace
from bot.platforms.slack.outgoing import TOKEN_PAUSE, SlackWeb

MOST_FILES = 2000
MOST_TRIES = 12  # workspaces asked for one person or one file


class NotTaken(Exception):
    """What came in is nobody's here, or cannot be taken now; `status` is HTTP's: 200 where nothing would be
    better the next time."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Workspaces:
    """The workspace whose token stands in the settings (`own`), and those
    that installed us. Without `installed` there is only the first, and everything is its."""

    def __init__(self, own: OwnWorkspace, installed: Installed | None) -> None:
        self._own, self.installed = own, installed
        self._files: OrderedDict[str, str] = OrderedDict()

    async def of_request(self, asked: AsyncBoltRequest) -> Joined:
        """Whose request it is. Raises NotTaken."""
        if self.installed is None:
            return await self._the_only_one()
        team, enterprise = asked.context.team_id or "", asked.context.enterprise_id or ""
        found = await self.installed.find(team, enterprise) or self._of_token(team)
        if found is None:  # a button of ours, pressed by somebody from another organisation
            message = asked.body.get("message")
            poster = str(message.get("team") or "") if isinstance(message, dict) else ""
            found = await self.installed.find(poster, "") or self._of_token(poster) if poster else None
        if found is None:
            locked = any(row.workspace in (team, enterprise) for row in self.installed.locked)
            away = locked or (self._own.web() is not None and self._own.joined() is None)
            raise NotTaken(503 if away else 200)
        return found

    def named_by(self, asked: AsyncBoltRequest) -> str:
        """The installation, speaking or not, that a request names itself: "" where it only came to the one of
        the whole organisation, by way of a workspace of it."""
        assert self.installed is not None
        whole = asked.context.is_enterprise_install
        named = (asked.context.enterprise_id if whole else asked.context.team_id) or ""
        return named if self.installed.row(named) is not None else ""

    async def web(self, installation: str) -> SlackWeb:
        """The way into a place; where a workspace's own installation ended, its whole organisation's. Raises
        SendFailed: "gone" where we are installed no more."""
        own = self._own.web()
        if self.installed is None:
            assert own is not None
            return own
        found = await self.installed.find(installation, "")
        before = self.installed.row(installation)
        if found is None and before is not None and before.enterprise and not before.is_active:
            found = await self.installed.find(before.enterprise, "")
        if found is not None:
            return found.web
        mine = self._own.joined()
        if own is not None and (mine is None or installation in ("", mine.key)):
            return own
        raise self._missing(installation)

    async def reaching(self, account: Account) -> Sequence[tuple[str, SlackWeb]]:
        """The ways by which somebody can be written to, the likeliest first: their own team's installation;
        where that is none, those of whole organisations, and then all others, for guests in shared channels.
        Raises SendFailed: "gone" if there is none."""
        own_web, mine = self._own.web(), self._own.joined()
        if self.installed is None:
            assert own_web is not None
            return [(mine.key if mine else account.workspace, own_web)]
        home = await self.installed.find(account.workspace, "") or self._of_token(account.workspace)
        if home is not None:
            return [(home.key, home.web), *await self._otherwise_known(account, home.key)]
        if self.installed.is_locked(account.workspace):
            raise self._missing(account.workspace)
        whole = account.workspace  # that of a person of an Enterprise Grid is the Grid (decision 28)
        others = sorted(
            await self.installed.all(), key=lambda one: (one.enterprise != whole, not one.key.startswith("E"))
        )
        ways = [(one.key, one.web) for one in (*others, *([mine] if mine else []))]
        if not ways:
            raise self._missing(account.workspace)
        return ways[:MOST_TRIES]

    async def _otherwise_known(self, account: Account, home: str) -> Sequence[tuple[str, SlackWeb]]:
        """The ways through other installations that know somebody by the same id."""
        named = (one.partition("/") for one in account.known_as)
        teams = dict.fromkeys(team for team, _, user in named if user == account.user and team != home)
        assert self.installed is not None
        found = [await self.installed.find(team, "") or self._of_token(team) for team in teams]
        return [(one.key, one.web) for one in found if one is not None and one.key != home]

    async def every(self) -> Sequence[Joined]:
        """All that we are in, each once."""
        installed = await self.installed.all() if self.installed is not None else ()
        mine = self._own.joined()
        return (*installed, *([mine] if mine and mine.key not in {one.key for one in installed} else []))

    def came_with(self, files: Iterable[str], workspace: str) -> None:
        """These files came from that workspace."""
        for file in files:
            self._files[file] = workspace
        while len(self._files) > MOST_FILES:
            self._files.popitem(last=False)

    async def holding(self, file: str) -> Sequence[SlackWeb]:
        """The ways by which a file may be fetched, the likeliest first; all of them after a restart."""
        own_web = self._own.web()
        if self.installed is None:
            assert own_web is not None
            return [own_web]
        known = self._files.get(file, "")
        found = sorted(await self.every(), key=lambda one: one.key != known)
        return [one.web for one in found][:MOST_TRIES]

    async def _the_only_one(self) -> Joined:
        try:
            await self._own.welcome.who()
        except TimeoutError:
            raise NotTaken(503) from None
        own = self._own.joined()
        assert own is not None
        return own

    def _of_token(self, team: str) -> Joined | None:
        own = self._own.joined()
        return own if own is not None and own.key == team else None

    def _missing(self, workspace: str) -> SendFailed:
        assert self.installed is not None
        if self.installed.locked and (not workspace or self.installed.is_locked(workspace)):
            return SendFailed("later", "no key opens its token", TOKEN_PAUSE, scope="chat")
        return SendFailed("gone", "removed: not installed")


async def first_of(ways: Sequence[Any], doing: Callable[[Any], Awaitable[Any]]) -> Any:
    """What the first of these ways brings that does not say "gone". Raises SendFailed."""
    gone = SendFailed("gone", "no workspace has it")
    for way in ways:
        try:
            return await doing(way)
        except SendFailed as trouble:
            if trouble.kind != "gone":
                raise
            gone = trouble
    raise gone
