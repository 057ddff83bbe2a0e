"""What waits for a co-host's tap: "confirmation" among what is owed (spec/engagement.md 5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.context import Context
from bot.handlers.activity_answers import described
from bot.handlers.cohosts import answer_taps, confirmation_key
from bot.handlers.counting import unanswered_by
from bot.people.duties import Owed, duty

CONFIRMATION = "confirmation"


@duty(CONFIRMATION)
def confirmations_owed(ctx: Context) -> Iterator[Owed]:
    """Each activity of which somebody says that the caller's organisation had a part, oldest first. It counts
    meanwhile, so there is no last day."""
    for organisation in ctx.hats("confirm_activities"):
        for one in unanswered_by(ctx, organisation):
            record = one.record
            yield Owed(
                CONFIRMATION,
                confirmation_key(record.id, organisation),
                "owed/confirmation",
                {**described(ctx, record), "organisation": ctx.short_name(organisation)},
                answer_taps(ctx, record, organisation),
                organisation=organisation,
            )
