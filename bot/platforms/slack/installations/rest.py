"""What one workspace of several asks for, when it asks for a pause or takes our token no more.

There is one lane for all of Slack, so a pause of one workspace is made a pause of its chats: each message to
it waits without a call until the pause is over, and what goes elsewhere goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.platforms.pacing import LONG_AGO
from bot.platforms.port import SendFailed
from bot.platforms.slack.outgoing import LIMITED, TOKEN

ENDED = frozenset(["token_revoked", "account_inactive", "invalid_auth"])  # this installation is over


class WorkspaceRest:
    """The pauses of one workspace."""

    def __init__(self, clock: Clock, *, ends: bool = True) -> None:
        self._clock, self._ends = clock, ends  # a token of the settings never ends: somebody may mend it
        self._edits, self._all = LONG_AGO, LONG_AGO

    def check(self, edit: bool) -> None:
        """Raises SendFailed("later") for this chat alone, while the workspace rests."""
        until = max(self._all, self._edits) if edit else self._all
        left = (until - self._clock.now()).total_seconds()
        if left > 0:
            raise SendFailed("later", "the workspace rests", left, scope="chat")

    def noted(self, failed: SendFailed) -> SendFailed:
        """What that means here: a pause of this workspace and no other; a token that is over is out of
        reach."""
        if self._ends and failed.says in ENDED:
            return SendFailed("gone", f"removed: {failed.says}")
        if failed.says not in LIMITED | TOKEN or failed.scope == "chat":
            return failed
        until: datetime = self._clock.now() + timedelta(seconds=failed.after)
        if failed.scope == "edits":
            self._edits = max(self._edits, until)
        else:
            self._all = max(self._all, until)
        return SendFailed(failed.kind, failed.says, failed.after, scope="chat")
