"""What is said out of courtesy."""

from __future__ import annotations

from bot.commands import N_, command
from bot.context import Context
from bot.messages import Reply


@command(
    "thanks",
    N_("Help"),
    may="anybody",
    hidden=True,
    reads=True,
    aliases=(
        "thank you", "thank you very much", "thanks a lot", "many thanks", "thx", "cheers", "ok", "okay",
    ),
)  # fmt: skip
def thanks(ctx: Context) -> Reply:  # noqa: ARG001 - the handler's signature
    """Something kind, and nothing else to do."""
    return Reply("you_are_welcome")
