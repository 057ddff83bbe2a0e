"""A co-host is reminded once, a week after being asked; several are one message (engagement.md 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.commands import N_
from bot.context import Context
from bot.handlers.activity_answers import described
from bot.handlers.cohosts import answer_taps, confirmation_key
from bot.handlers.counting import unanswered
from bot.messages import Button, Reply
from bot.notices import QUESTION, Values, notice
from storage.activities import Activity

REMINDED: Final = "confirmation reminder"
CONFIRMS: Final = "confirm_activities"
MOST = 5  # activities with taps of their own
WEEKS = timedelta(days=14)


def is_open(ctx: Context, values: Values) -> bool:
    """Whether one of the activities still waits for the organisation's tap, and the reader may give it."""
    return bool(_open(ctx, values))


def in_a_line(ctx: Context, values: Values) -> Reply:
    """What still waits in one line of a digest: one activity with both answers; several with a tap to the
    first, where each answer leads to the next."""
    organisation, still = str(values["organisation"]), _open(ctx, values)
    first = still[0].record
    name = ctx.short_name(organisation)
    if len(still) == 1:
        shown = {**described(ctx, first), "organisation": name}
        return Reply("owed/confirmation", shown, answer_taps(ctx, first, organisation))
    look = Button(N_("Look at them"), "activity", {"number": str(first.id)})
    return Reply("owed/confirmations", {"count": len(still), "organisation": name}, (look,))


def named(values: Values) -> tuple[str, ...]:
    """Every word that it asks for, as what is owed is named."""
    return tuple(confirmation_key(number, values["organisation"]) for number in values["activities"])


@notice(
    REMINDED,
    N_("Confirmations, once more"),
    N_("You get this because you look after your organisation's activities. This is the last time I ask."),
    still_due=is_open,
    useful=WEEKS,
    priority=QUESTION,
    theme="activities",
    duty=True,
    line=in_a_line,
    about=named,
)
def confirmation_reminder(ctx: Context, values: Values) -> Reply:
    """What still waits for a co-host's tap, each with both answers; without one it counts all the same."""
    organisation, still = str(values["organisation"]), _open(ctx, values)
    shown = {
        "organisation": ctx.short_name(organisation),
        "activities": [described(ctx, one.record) for one in still[:MOST]],
        "more": len(still[MOST:]),
    }
    return Reply("cohost_reminded", shown, tuple(_taps(ctx, still, organisation)))


def _open(ctx: Context, values: Values) -> tuple[Activity, ...]:
    organisation = str(values["organisation"])
    if not ctx.may(CONFIRMS, organisation):
        return ()
    asked = (ctx.store.activities.get(number) for number in values["activities"])
    return tuple(
        one
        for one in asked
        if one is not None and one.record.state != "withdrawn" and organisation in unanswered(one.record)
    )


def _taps(ctx: Context, still: tuple[Activity, ...], organisation: str) -> Iterator[Button]:
    """Both answers for each; of several the number says which, and the others still stand."""
    for at, one in enumerate(still[:MOST], 1):
        for tap in answer_taps(ctx, one.record, organisation):
            label = f"{ctx.translate(tap.label)}: {at}"
            yield tap if len(still) == 1 else replace(tap, label=label, beside=True)
    if still[MOST:]:
        yield Button(N_("The others"), "activities", {"of": organisation})
