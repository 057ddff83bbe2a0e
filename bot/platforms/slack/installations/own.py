"""The workspace whose bot token stands in the settings."""

from __future__ import annotations

from bot.clock import Clock
from bot.platforms.slack.heard import Me
from bot.platforms.slack.installations import Joined
from bot.platforms.slack.installations.rest import WorkspaceRest
from bot.platforms.slack.installations.sessions import Sessions, who_we_are
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.welcome import Welcome


class OwnWorkspace:
    """The one and only, or one beside those that installed us (`among_others`): then there may be none, and
    its pauses are its own."""

    def __init__(
        self, token: str, sessions: Sessions, clock: Clock, pause: float, *, among_others: bool
    ) -> None:
        self.there = bool(token) or not among_others
        self.welcome = Welcome(self.ask, pause)
        self._token, self._sessions, self._clock, self._among_others = token, sessions, clock, among_others
        self._web: SlackWeb | None = None
        self._joined: Joined | None = None

    def web(self) -> SlackWeb | None:
        """The way there; None if there is no such workspace."""
        if self._web is None and self.there:
            rest = WorkspaceRest(self._clock, ends=False) if self._among_others else None
            self._web = self._sessions.web(self._token, self.welcome.turned_away, rest)
        return self._web

    def joined(self) -> Joined | None:
        """The same with who we are; None until Slack told."""
        me, web = self.welcome.me, self.web()
        if me is None or web is None:
            return None
        if self._joined is None or self._joined.me != me:
            self._joined = Joined(me, web)
        return self._joined

    def leave(self) -> None:
        """The connections are closed."""
        self._web = self._joined = None

    async def ask(self) -> Me:
        """Who we are, as auth.test tells it. Raises SendFailed."""
        web = self.web()
        assert web is not None
        return await who_we_are(web)
