"""An installation comes and goes: what Slack says about it, as calls that the pipe understands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.messages import Account, Call, Place

CAME, ENDED = "slack installed", "slack ended"  # commands of bot/handlers/installations.py
GONE = "slack gone"  # of bot/handlers/home/nobody_here.py


def ending_of(body: Mapping[str, Any]) -> str:
    """How an installation ended: "removed" (the app was uninstalled), "revoked" (its token was), or "" for
    any other payload. That people's own tokens are revoked is none of ours: we have none."""
    event = body.get("event") if body.get("type") == "event_callback" else None
    if not isinstance(event, Mapping):
        return ""
    if event.get("type") == "app_uninstalled":
        return "removed"
    tokens = event.get("tokens") if event.get("type") == "tokens_revoked" else None
    return "revoked" if isinstance(tokens, Mapping) and tokens.get("bot") else ""


def told_end(body: Mapping[str, Any], workspace: str, what: str, now: datetime) -> Call:
    """The call for an event that says so. Raises KeyError, TypeError, ValueError and their like on one of
    another shape."""
    at = datetime.fromtimestamp(int(body["event_time"]), UTC)
    return _call(f"ended:{body['event_id']}", workspace, {"what": what, "at": at.isoformat()}, now)


def found_end(workspace: str, installed_at: datetime, now: datetime) -> Call:
    """The call for a token that Slack took no more when we used it: once for each installation."""
    event = f"ended:{workspace}:{installed_at.isoformat()}"
    return _call(event, workspace, {"what": "revoked", "at": now.isoformat()}, now)


def came(account: Account, place: Place, workspace: str, installed_at: datetime, now: datetime) -> Call:
    """The call for a new installation, in the name of who installed it."""
    return Call(
        event=f"installed:{workspace}:{installed_at.isoformat()}",
        account=account,
        place=place,
        received_at=now,
        command=CAME,
        arguments={"workspace": workspace},
    )


def asks_after_us(account: Account, body: Mapping[str, Any], now: datetime) -> Call:
    """The call for a command of somebody's in a workspace where we are installed no more. Raises KeyError."""
    place = Place("slack", account.workspace, body["channel_id"], "", "direct")
    event = f"cmd:{body['trigger_id']}"
    return Call(event=event, account=account, place=place, received_at=now, command=GONE)


def _call(event: str, workspace: str, arguments: Mapping[str, str], now: datetime) -> Call:
    account, place = Account("slack", workspace, ""), Place("slack", workspace, "")
    given = {"workspace": workspace, **arguments}
    return Call(event=event, account=account, place=place, received_at=now, command=ENDED, arguments=given)
