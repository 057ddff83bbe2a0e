"""Cards whose figures change with the day, and not only with what people do."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands import N_
from bot.context import Context
from bot.timetable import job

BY_THE_DAY = ("indicators",)  # what was planned for yesterday may count today (spec/engagement.md 5.1)


@job(
    N_("Cards"),
    N_("Brings the cards up to date as a day begins: what was planned may count now"),
    useful=timedelta(days=1),
    instead=N_("It writes to nobody; it only brings the cards up to date."),
    hour=0,
    minute=5,
)
def cards(ctx: Context, slot: datetime) -> None:  # noqa: ARG001 - a card shows what stands when it is sent
    """Have every card shown anew that says what counts up to today."""
    ctx.store.cards.stale_kinds(BY_THE_DAY)
