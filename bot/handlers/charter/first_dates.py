"""Dates of the charter that are behind us: what the coordinator answers about them (spec/decisions.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from bot.assembly.agreement import TITLE
from bot.assembly.calendar import calendar_of
from bot.assembly.founding import About, PastDate, unanswered
from bot.commands import N_, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.handlers.charter.agreement import START
from bot.handlers.charter.renewal import PROPOSE
from bot.handlers.proposing.proposing import worded
from bot.messages import Button, Reply
from bot.rules.decisions.values import Kind

KEY = Annotated[str, Text(hidden=True)]
DECIDED, NOT_YET, LATER = "decided", "not_yet", "later"
ANSWERS = (
    OneChoice(DECIDED, N_("It was decided")),
    OneChoice(NOT_YET, N_("Not yet")),
    OneChoice(LATER, N_("Ask me in January")),
)
AGREEMENT, RENEWAL = Button(N_("The agreement"), "agreement"), Button(N_("The renewal"), "renewal")
ASK_LATER = Button(ANSWERS[2].label, "date answered", {"answer": LATER})
RECORDED: dict[About, tuple[str, Kind]] = {  # as what it is recorded: a renewal moves the date of the next
    "agreement": (TITLE, "ordinary_resolution"),
    "renewal": (N_("The alliance goes on for another year"), "annual_renewal"),
}


@command(
    "date answered",
    N_("Say what became of a date that the charter names"),
    may="keep_assembly",
    hidden=True,
)
def date_answered(ctx: Context, answer: Annotated[str, OneOf(ANSWERS, hidden=True)], key: KEY = "") -> Reply:
    """Keep what became of a date: it is not asked about again, but in January if they say so. Without a key
    it is about all that are open."""
    open_ = tuple(one for one in unanswered(ctx) if key in ("", one.key))
    if not open_:
        return Reply("first_dates_known", buttons=(AGREEMENT, RENEWAL), replace=True)
    asks_on = january(ctx)
    kept = f"{LATER}/{asks_on.isoformat()}" if answer == LATER else answer
    for one in open_:
        ctx.store.milestones.answer(one.key, kept, ctx.person.id, ctx.now)
    left = unanswered(ctx)  # asked in the same message, which this answer replaces
    values: dict[str, Any] = {"dates": described(open_), "answer": answer, "asks_on": asks_on.isoformat()}
    values["left"] = described(left)
    values["agreed"] = answer == DECIDED and any(one.about == "agreement" for one in open_)
    steps = _steps(open_) if answer == NOT_YET else ()
    record = tuple(_record(ctx, one) for one in open_) if answer == DECIDED else ()
    rest = answer_taps(ctx, left) if left else ()
    look = (AGREEMENT,) if values["agreed"] else ()
    return Reply("first_dates_answered", values, (*record, *look, *steps, *rest), replace=True)


@command("dates behind", N_("Dates that are past"), may="keep_assembly", hidden=True, reads=True)
def dates_behind_us(ctx: Context) -> Reply:
    """The dates that nobody has answered about yet, each with its taps."""
    if not (dates := unanswered(ctx)):
        return Reply("first_dates_known", buttons=(AGREEMENT, RENEWAL))
    return asked(ctx, dates)


def asked(ctx: Context, dates: tuple[PastDate, ...]) -> Reply:
    """What became of these dates?"""
    return Reply("first_dates", {"dates": described(dates)}, answer_taps(ctx, dates))


def asked_in_a_line(ctx: Context, dates: tuple[PastDate, ...]) -> Reply:
    """The same in one line of a digest; several have one tap, which opens them."""
    taps = answer_taps(ctx, dates) if len(dates) == 1 else (Button(N_("Answer"), "dates behind"),)
    return Reply("owed/first_dates", {"dates": described(dates)}, taps)


def answer_taps(ctx: Context, dates: tuple[PastDate, ...]) -> tuple[Button, ...]:
    """What can be said about each date, numbered where there are several, and one tap to be asked later."""
    taps = (
        Button(
            _label(ctx, one.label, at, len(dates)), "date answered", {"answer": one.value, "key": past.key}
        )
        for at, past in enumerate(dates, 1)
        for one in ANSWERS[:2]
    )
    return (*taps, ASK_LATER)


def described(dates: Iterable[PastDate]) -> list[dict[str, Any]]:
    """Dates as every template reads them."""
    return [{"about": one.about, "day": one.day.isoformat()} for one in dates]


def january(ctx: Context) -> date:
    """The first day of next January on which all members work."""
    return calendar_of(ctx).working_days_after(date(ctx.today.year + 1, 1, 1), 0)


def _label(ctx: Context, label: str, at: int, of: int) -> str:
    return label if of == 1 else f"{ctx.translate(label)}: {at}"


def _record(ctx: Context, past: PastDate) -> Button:
    title, kind = RECORDED[past.about]
    return Button(N_("Record it"), "record decision", {"title": worded(ctx, title), "kind": kind})


def _steps(dates: tuple[PastDate, ...]) -> tuple[Button, ...]:
    steps = {"agreement": START, "renewal": PROPOSE}
    return tuple(steps[one.about] for one in dates)
