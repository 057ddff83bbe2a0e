"""Letting go of what is kept no longer (spec/engagement.md section 8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import N_
from bot.context import Context
from bot.timetable import job

RECEIVED_KEPT = timedelta(days=7)  # a platform redelivers for hours, not for weeks
DRAFTS_KEPT = timedelta(days=30)
DELIVERIES_KEPT = timedelta(days=365)
ASKED_KEPT = timedelta(weeks=4)  # for a mail address that says neither yes nor no to the newsletter
LETTERS_KEPT = timedelta(days=30)  # after they are over: whoever opens one late still reads what it was
RUNS_KEPT = timedelta(days=365)  # of jobs; the newest of each stays
ABSENCES_KEPT = timedelta(days=30)  # after the last day
MEDIA_KEPT = timedelta(days=30)  # that never arrived; what stands in an announcement stays


@job(
    N_("Tidy up"),
    N_("Deletes week-old input, month-old drafts, letters and absences, year-old messages and runs"),
    useful=timedelta(days=1),
    instead=N_("It writes to nobody; it only tidies."),
    hour=2,
    minute=30,
)
def tidy_up(ctx: Context, slot: datetime) -> None:  # noqa: ARG001 - what is old is old whenever it is asked
    """Delete what came in, with its answers; drafts that nobody went on with; buttons past their time;
    messages that were sent, said in a digest or given up long ago; when jobs ran; letters that are over;
    files that never arrived; absences that are past; and who was asked about the newsletter and never said
    yes."""
    ctx.store.received.forget(ctx.now - RECEIVED_KEPT)
    ctx.store.drafts.forget(ctx.now - DRAFTS_KEPT)
    ctx.store.buttons.forget(ctx.now)
    ctx.store.deliveries.forget(ctx.now - DELIVERIES_KEPT)
    ctx.store.jobs.forget(ctx.now - RUNS_KEPT)
    ctx.store.attention.forget((ctx.now - ABSENCES_KEPT).date())
    ctx.store.letters.forget(ctx.now - LETTERS_KEPT)
    ctx.store.media.forget(ctx.now - MEDIA_KEPT)
    ctx.store.subscriptions.forget_asked(ctx.now - ASKED_KEPT)
