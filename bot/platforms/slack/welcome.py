"""Who we are in a workspace, and whether it takes our token."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.platforms.port import SendFailed
from bot.platforms.slack.heard import Me

NAME_PATIENCE, LONGEST_PAUSE = 2.0, 30.0  # seconds
log = structlog.get_logger()


class Welcome:
    """Asks Slack who we are until it says so, and again once it has turned our token away. `pause` is the
    first wait between two questions, in seconds."""

    def __init__(self, ask: Callable[[], Awaitable[Me]], pause: float) -> None:
        self.me: Me | None = None
        self._ask, self._pause = ask, pause
        self._known, self._good = asyncio.Event(), False
        self._asking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Find out who we are, in a task of our own that keeps trying."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._learn())

    async def end(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def good(self) -> bool:
        """Whether Slack knows us, and took our token the last time that we heard of it."""
        return self._good

    def turned_away(self, _code: str = "") -> None:
        """Slack does not take our token any more: nothing works until it does."""
        if self._good:
            self._good = False
            log.error("slack.token_turned_away")
            self.begin()

    async def who(self) -> Me:
        """Who we are. Raises TimeoutError if Slack has not told yet."""
        async with asyncio.timeout(NAME_PATIENCE):
            await self._known.wait()
        assert self.me is not None
        return self.me

    async def _learn(self) -> None:
        pause = self._pause
        while not self._good:
            try:
                self.me = await self._ask()
                self._good = True
            except SendFailed as trouble:
                log.warning("slack.not_reached", reason=trouble.says, again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        self._known.set()
        if self.me is not None:
            log.info("slack.known", team=self.me.team, user=self.me.user)
