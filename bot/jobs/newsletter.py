"""The newsletter's deadlines: a draft, an edition's hour, the end of the hours for it (engagement.md 3)."""

from __future__ import annotations

from bot.context import Context
from bot.newsletter.settling import next_due, settle
from bot.timetable import deadlines


@deadlines("Newsletter", next_due)
def newsletter(ctx: Context) -> None:
    """Whatever is due of the newsletter happens now."""
    settle(ctx)
