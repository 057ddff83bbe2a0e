"""The Assembly's deadlines: motions open, close and become final at their moments (spec/decisions.md 3)."""

from __future__ import annotations

from bot.assembly.settling import next_due, settle
from bot.context import Context
from bot.timetable import deadlines


@deadlines("Motions", next_due)
def motions(ctx: Context) -> None:
    """Whatever is due of any motion happens now, as of the moment that it was due."""
    settle(ctx)
