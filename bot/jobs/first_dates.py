"""A first start with real dates behind it: the coordinators are asked once what was decided (spec 6, end)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.assembly.founding import ASKED, PastDate, dates_behind, unanswered
from bot.commands import N_
from bot.context import Context
from bot.handlers.charter.first_dates import LATER, asked, asked_in_a_line
from bot.messages import Reply
from bot.notices import QUESTION, Values, notice
from bot.timetable import job

KIND = "first dates"
WEEKS = timedelta(days=21)


@job(
    N_("First dates"),
    N_("Asks the coordinator once what became of the charter's dates that are past"),
    useful=timedelta(hours=8),
    tells=True,
    hour=9,
)
def ask_about_dates(ctx: Context, slot: datetime) -> None:
    """Each date is asked about once, ever, and once more if that was the answer. While nobody can be reached
    it waits. It never says that something lapsed."""
    due = [past for past in dates_behind(ctx) if _is_asked(ctx, past, slot.date())]
    if not due:
        return
    before, day = len(ctx.told), slot.date().isoformat()
    for person in ctx.coordinators():
        ctx.notify(person, KIND, f"{KIND}:{day}", {"dates": [past.key for past in due]})
    if len(ctx.told) > before:
        for past in due:
            ctx.store.milestones.answer(past.key, f"{ASKED}/{day}", None, ctx.now)


def still_due(ctx: Context, values: Values) -> bool:
    """Whether nobody has answered meanwhile, and the reader may still answer."""
    return bool(_open(ctx, values)) and ctx.may("keep_assembly")


@notice(
    KIND,
    N_("Dates behind us"),
    N_("You get this because you coordinate the alliance. I ask about each date once."),
    still_due=still_due,
    useful=WEEKS,
    priority=QUESTION,
    theme="alliance",
    duty=True,
    line=lambda ctx, values: asked_in_a_line(ctx, _open(ctx, values)),
)
def first_dates(ctx: Context, values: Values) -> Reply:
    """The dates that are still open, each with its taps."""
    return asked(ctx, _open(ctx, values))


def _is_asked(ctx: Context, past: PastDate, today: date) -> bool:
    """Whether a date is to be asked about today: never yet, or put off until a day that has come."""
    kept = ctx.store.milestones.all().get(past.key)
    if kept is None:
        return True
    answer, _, day = kept.answer.partition("/")
    return answer == LATER and date.fromisoformat(day) <= today


def _open(ctx: Context, values: Values) -> tuple[PastDate, ...]:
    return tuple(past for past in unanswered(ctx) if past.key in values["dates"])
