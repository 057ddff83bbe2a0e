"""A command from a Slack workspace where the app is installed no more."""

from __future__ import annotations

from bot.commands import N_, command
from bot.context import Context
from bot.handlers.installations import INSTALL
from bot.messages import Call, Refusal, Reply


@command("slack gone", N_("I'm in this Slack workspace no more"), may="anybody", hidden=True, reads=True)
def slack_gone(ctx: Context) -> Reply:
    """The way back for whoever runs it. Raises Refusal where somebody typed it."""
    if not (isinstance(ctx.incoming, Call) and ctx.incoming.command):
        raise Refusal("button_old")
    return Reply("slack_gone", {"link": ctx.public_url + INSTALL if ctx.public_url else ""})
