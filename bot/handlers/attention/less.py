"""Fewer messages, for who types that they want them to stop."""

from __future__ import annotations

from bot.commands import N_, command
from bot.context import Context
from bot.handlers.attention.notify import EVERYTHING
from bot.handlers.notices import WHAT_I_SEND
from bot.messages import Button, Reply


@command(
    "write less",
    N_("What I send you"),
    hidden=True,
    reads=True,
    aliases=("stop", "mute", "pause", "no more", "less", "fewer", "fewer messages"),
)
def write_less(ctx: Context) -> Reply:
    """The ways there are to get fewer messages, as taps; nothing changes by the word alone."""
    ctx.in_private()
    weekly = Button(N_("Weekly digest"), "notify", {"about": EVERYTHING, "how": "weekly"})
    off = Button(N_("Switch off"), "notify", {"about": EVERYTHING, "how": "off"})
    return Reply("write_less", {}, (weekly, off, WHAT_I_SEND))
