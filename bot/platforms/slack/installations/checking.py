"""`python -m bot check`: what Slack says about each of our tokens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.platforms.manifest import SLACK_SCOPES
from bot.platforms.port import Finding, SendFailed
from bot.platforms.slack.heard import Me
from bot.platforms.slack.installations import Installed, Joined, says_locked
from bot.platforms.slack.installations.sessions import who_we_are
from storage.installations import Installation

ENDS = {"revoked": "took our token back", "removed": "took me out"}


async def findings(
    own: Callable[[], Awaitable[Me]] | None,
    ticket: Callable[[], Awaitable[str]] | None,
    has_secret: bool,
    installed: Installed | None,
) -> list[Finding]:
    """The workspace of the settings' token, those that installed us, and the way by which events come."""
    found = await _of_token(own) if own is not None else []
    if installed is not None:
        found += await _of_installations(installed)
    if ticket is None:
        says = "Requests are checked with it." if has_secret else "Set SLACK_SIGNING_SECRET."
        return [*found, Finding("Slack signing secret", has_secret, says)]
    try:
        await ticket()
        return [*found, Finding("Slack app token", True, "Socket Mode is open to me.")]
    except SendFailed as trouble:
        says = f"apps.connections.open says: {trouble.says}."
        return [*found, Finding("Slack app token", False, says)]


async def _of_token(own: Callable[[], Awaitable[Me]]) -> list[Finding]:
    try:
        me = await own()
    except SendFailed as trouble:
        return [Finding("Slack bot token", False, f"auth.test says: {trouble.says}.")]
    where = f"{me.name} in {me.team_name} ({me.team})"
    lacking = _lacking(me)
    says = f"Add these scopes and reinstall the app: {lacking}." if lacking else "All are granted."
    return [
        Finding("Slack bot token", True, f"Slack knows me as {where}."),
        Finding("Slack scopes", not lacking, says),
    ]


async def _of_installations(installed: Installed) -> list[Finding]:
    try:
        joined = {one.key: one for one in await installed.all()}
    except Exception as trouble:  # tables that are not there yet: the line about the database says how
        return [Finding("Slack workspaces", False, f"They cannot be read ({type(trouble).__name__}).")]
    found = [Finding("Slack workspaces", False, says_locked(installed.locked))] if installed.locked else []
    for row in installed.rows():
        if row.is_active and row.workspace in joined:
            found.append(await _of_one(row, joined[row.workspace]))
        elif not row.is_active and row.ended_at is not None:
            says = f"It {ENDS[row.state]} on {row.ended_at:%Y-%m-%d}; who runs it can add the app again."
            found.append(Finding(_what(row), True, says))
    return found or [Finding("Slack workspaces", True, "None has added the app yet.")]


async def _of_one(row: Installation, joined: Joined) -> Finding:
    try:
        me = await who_we_are(joined.web)
    except SendFailed as trouble:
        return Finding(_what(row), False, f"auth.test says: {trouble.says.removeprefix('removed: ')}.")
    lacking = _lacking(me)
    says = f"It lacks scopes; let it add the app again: {lacking}." if lacking else "All is granted."
    return Finding(_what(row), not lacking, says)


def _what(row: Installation) -> str:
    return f"Slack: {row.name or row.workspace}"


def _lacking(me: Me) -> str:
    return ", ".join(sorted(set(SLACK_SCOPES) - set(me.scopes)))
