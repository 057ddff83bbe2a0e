"""One HTTP session for all of Slack, and the ways to its Web API with one token each."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.pacing import Pace, Pacer
from bot.platforms.slack.door import silent_logger
from bot.platforms.slack.heard import Me
from bot.platforms.slack.outgoing import Rest, SlackWeb

CALL_PATIENCE = 10.0  # seconds


PACE = Pace(  # platforms.md section 9
    overall=0.1,  # there is a cap for a whole workspace, of which Slack tells no number
    chat=1.05,
    group=1.05,  # one message a second in each channel
    edit=1.25,  # chat.update: 50 a minute in a workspace
    same_post=3.0,
    opening=1.25,  # conversations.open: 50 a minute in a workspace
)


class Sessions:
    """Made at first use, inside the running loop."""

    def __init__(self, api_url: str, pacer: Pacer) -> None:
        self.api_url, self._pacer = api_url, pacer
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """The one session."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_PATIENCE))
        return self._session

    def web(
        self, token: str, turned_away: Callable[[str], None] = lambda _code: None, rest: Rest | None = None
    ) -> SlackWeb:
        """A way with this token."""
        # no retry handlers: a call whose connection broke may have posted already
        client = AsyncWebClient(
            token, self.api_url, session=self.session(), logger=silent_logger(), retry_handlers=[]
        )
        return SlackWeb(client, self.session(), self._pacer, False, turned_away, rest)

    async def close(self) -> None:
        """Close it; whoever comes later makes another."""
        if self._session is not None:
            await self._session.close()
        self._session = None


async def who_we_are(web: SlackWeb) -> Me:
    """What auth.test tells about us. Raises SendFailed."""
    answer, headers = await web.call_with_headers("auth.test", repeatable=True)
    team, user, bot, name, team_name = (
        str(answer.get(key) or "") for key in ("team_id", "user_id", "bot_id", "user", "team")
    )
    scopes = tuple(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(","))
    return Me(team, user, bot, name, team_name, scopes)
