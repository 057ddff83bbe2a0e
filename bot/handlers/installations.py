"""Our app in Slack workspaces: whoever lets it in is greeted; the coordinators hear when one takes it out,
and when it is back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from bot.commands import N_, Text, command
from bot.context import Context
from bot.handlers.strangers import WAYS_IN
from bot.messages import SILENCE, Button, Call, Refusal, Reply
from bot.notices import QUESTION, Values, told
from storage.installations import Installation, InstallationState, reached_through

HIDDEN = Annotated[str, Text(hidden=True)]
STATES: dict[str, InstallationState] = {"removed": "removed", "revoked": "revoked"}
INSTALL = "/slack/install"
WEEK = timedelta(days=7)


def is_out(ctx: Context, values: Values) -> bool:
    """Whether the workspace has not let us in again meanwhile."""
    found = ctx.store.installations.get(values["workspace"])
    return found is not None and not found.is_active


def is_in(ctx: Context, values: Values) -> bool:
    """Whether we are still there."""
    return not is_out(ctx, values)


REASON = N_("You get this because you coordinate the alliance.")
OUT = told(
    "workspace out", N_("A Slack workspace takes me out"), REASON, still_due=is_out, useful=WEEK,
    priority=QUESTION, counts=False, stoppable=False,
)  # fmt: skip
BACK = told(
    "workspace in", N_("A Slack workspace lets me in"), REASON, still_due=is_in, useful=WEEK,
    priority=QUESTION, counts=False,
)  # fmt: skip


@command("slack installed", N_("A Slack workspace let me in"), may="anybody", hidden=True)
def slack_installed(ctx: Context, workspace: HIDDEN = "") -> Reply:
    """Who let us in is told what now: the stranger's ways in, or a first step for who is known. The
    coordinators see that it is there, or there again with its places."""
    found = _of_platform(ctx, workspace)
    back = found.ended_at is not None
    values = {"workspace": workspace, "name": found.name or workspace, "back": back, "places": 0}
    values["places"] = len([one for one in _places(ctx, workspace) if one == "open"]) if back else 0
    ctx.tell(ctx.coordinators(), "slack_let_in", f"workspace in:{ctx.incoming.event}", values, kind=BACK)
    if not ctx.incoming.account.user:
        return SILENCE
    ctx.store.installations.greeted(workspace, ctx.account_id)
    known = ctx.identity.person is not None
    said = {"alliance": ctx.charter.alliance.name, "name": values["name"], "known": known, "back": back}
    return Reply("slack_hello", said, (Button(N_("Help"), "help"),) if known else WAYS_IN)


@command("slack ended", N_("A Slack workspace took me out"), may="anybody", hidden=True)
def slack_ended(ctx: Context, workspace: HIDDEN = "", what: HIDDEN = "", at: HIDDEN = "") -> Reply:
    """Its places go with it, and the coordinators hear it once: what waits, and the way back. That Slack says
    it twice, in another order, or late, after it was let in again, changes nothing."""
    found = _of_platform(ctx, workspace)
    if datetime.fromisoformat(at) < found.installed_at.replace(microsecond=0):
        return SILENCE
    if ctx.store.installations.end(workspace, STATES[what], ctx.now) is None:
        return SILENCE
    places = ctx.store.installations.places_gone(workspace, ctx.now)
    values = {
        "workspace": workspace,
        "name": found.name or workspace,
        "places": places,
        "people": _only_there(ctx, workspace),
        "link": ctx.public_url + INSTALL if ctx.public_url else "",
    }
    key = f"workspace out:{workspace}:{ctx.now.isoformat()}"
    ctx.tell(ctx.coordinators(), "slack_out", key, values, kind=OUT)
    return SILENCE


def _of_platform(ctx: Context, workspace: str) -> Installation:
    """The installation that Slack speaks of. Raises Refusal where somebody typed or tapped it."""
    found = ctx.store.installations.get(workspace, lock=True) if workspace else None
    if found is None or not (isinstance(ctx.incoming, Call) and ctx.incoming.command):
        raise Refusal("button_old")
    return found


def _places(ctx: Context, workspace: str) -> list[str]:
    """How the places of a workspace stand."""
    every = ctx.store.places.all()
    return [
        one.state for one in every if (one.place.platform, one.place.installation) == ("slack", workspace)
    ]


def _only_there(ctx: Context, workspace: str) -> int:
    """How many people read us in that workspace and nowhere else."""
    return sum(
        all(
            one.account.platform == "slack"
            and reached_through(one.direct, one.account.workspace) == workspace
            for one in accounts
            if one.reachable
        )
        for _, accounts in ctx.store.accounts.of_everybody().values()
        if any(one.reachable for one in accounts)
    )
