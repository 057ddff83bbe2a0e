"""The events' deadlines: held seats run out, the last call, the end, the questions (engagement.md 1)."""

from __future__ import annotations

from bot.context import Context
from bot.events.settling import next_due, settle
from bot.timetable import deadlines


@deadlines("Events", next_due)
def events(ctx: Context) -> None:
    """Whatever is due of any event happens now."""
    settle(ctx)
