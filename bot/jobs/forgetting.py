"""Letting go of what is kept no longer (spec/engagement.md section 8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import N_
from bot.context import Context
from bot.timetable import job

RECEIVED_KEPT = timedelta(days=7)  # a platform redelivers for hours, not for weeks
DRAFTS_KEPT = timedelta(days=30)
DELIVERIES_KEPT = timedelta(days=365)


@job(
    N_("Tidy up"),
    N_("Deletes week-old input, month-old drafts and year-old messages"),
    useful=timedelta(days=1),
    instead=N_("It writes to nobody; it only tidies."),
    hour=2,
    minute=30,
)
def tidy_up(ctx: Context, slot: datetime) -> None:  # noqa: ARG001 - what is old is old whenever it is asked
    """Delete what came in, with its answers; drafts that nobody went on with; buttons past their time; and
    messages that were sent or given up long ago."""
    ctx.store.received.forget(ctx.now - RECEIVED_KEPT)
    ctx.store.drafts.forget(ctx.now - DRAFTS_KEPT)
    ctx.store.buttons.forget(ctx.now)
    ctx.store.deliveries.forget(ctx.now - DELIVERIES_KEPT)
