"""A message put off by its reader: one occurrence, for one person (spec/engagement.md section 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, cast

import dateparser

from bot.commands import N_, Day, Number, Reading, Text, command, one_line
from bot.context import Context
from bot.handlers.notices import DIGEST, WHAT_I_SEND
from bot.messages import Ask, Button, Refusal, Reply
from bot.notices import NOTICES, Notice
from bot.people.waking import EVENTS, habits_of
from bot.rules.attention import SNOOZES, Snooze, day_of, snoozed
from storage.deliveries import Delivery

DELIVERY = Annotated[int, Number(hidden=True, most=2**53)]
LABELS: Final[dict[Snooze, str]] = {
    "tomorrow": N_("Tomorrow"),
    "monday": N_("Monday"),
    "two weeks": N_("In 2 weeks"),
}
AGAIN: Final = re.compile(r"~\d+$")  # what a message that was put off adds to its key
AGAIN_LATER: Final = "put off again"
LONGEST: Final = timedelta(days=365)
SO_LONG_FROM_NOW: Final = re.compile(r"\d{1,3}\s+\w+")  # "3 days"


@dataclass(frozen=True)
class DayAhead(Day):
    """A day to come, which a span of time says too: "3 days" is in three days."""

    def read(self, text: str, reading: Reading, option: str) -> date:
        """The day. Raises Refusal for words that are none."""
        if SO_LONG_FROM_NOW.fullmatch(one_line(text)) and (day := _from_now(one_line(text), reading)):
            return day
        return super().read(text, reading, option)


@command("later", N_("Be told something later"), hidden=True)
def later(ctx: Context, delivery: DELIVERY = 0) -> Reply:
    """When it is to come again; typed, not tapped, it is the newest one. What ends before that is said, and
    what is before its end is offered. Raises Refusal where there is none, and for one that is not theirs."""
    one, notice = _theirs(ctx, delivery)
    end = hard_end(one)
    if end is not None and not list(_before(ctx, one, notice)):
        return Reply("later_too_late", {"end": end.isoformat(), "at": "", "other": False}, (WHAT_I_SEND,))
    values = {"end": end.isoformat() if end else "", "title": "" if delivery else notice.title}
    return Reply("later", values, _taps(ctx, one, notice))


@command("snooze", N_("Be told something on another day"), hidden=True)
def snooze(
    ctx: Context,
    delivery: DELIVERY = 0,
    until: Annotated[str, Text(hidden=True)] = "",
    day: Annotated[date | None, DayAhead("future", label=N_("Day"))] = None,
) -> Reply:
    """It comes once more, at the hour of digests on a day when its reader works; put off twice, it comes at
    the later choice alone. Raises Ask for the day, Refusal for one that is past."""
    if not (delivery or until or day):  # typed alone
        return later(ctx)
    one, notice = _theirs(ctx, delivery)
    if until not in SNOOZES and day is None:
        raise Ask("day", "question", question=N_("On which day?"), hint=N_("Friday, 3 Dec …"))
    at = _comes(ctx, notice, cast(Snooze, until) if until in SNOOZES else _ahead(ctx, day))
    end = hard_end(one)
    if end is not None and at >= end:
        taps = _taps(ctx, one, notice)
        values = {"end": end.isoformat(), "at": at.isoformat(), "other": len(taps) > 1}
        return Reply("later_too_late", values, taps if len(taps) > 1 else (WHAT_I_SEND,), replace=True)
    _put_off(ctx, one, notice, at, end)
    change = Button(N_("Change"), "later", {"delivery": str(one.id)})
    values = {"at": at.isoformat(), "title": "" if delivery else notice.title}
    return Reply("snoozed", values, (change,), replace=True)


def hard_end(one: Delivery) -> datetime | None:
    """When what it is about is over (UTC), whenever it is said; None if it only is of use for a while after
    its moment."""
    return one.useful_until if one.fixed_end else None


def _put_off(ctx: Context, one: Delivery, notice: Notice, at: datetime, end: datetime | None) -> None:
    root = AGAIN.sub("", one.key)
    turn = 1
    while (before := ctx.store.deliveries.by_key(f"{root}~{turn}")) is not None:
        if before.state == "queued":
            ctx.store.deliveries.skipped(before.id, AGAIN_LATER)
        turn += 1
    there = ctx.reached(ctx.person.id, notice.theme)
    copy = Delivery.new(
        key=f"{root}~{turn}",
        platform=there.account.platform if there else one.platform,
        account_id=there.account_id if there else one.account_id,
        person_id=ctx.person.id,
        kind=one.kind,
        template=one.template,
        values=dict(one.values),
        buttons=one.buttons,
        topic=one.topic,
        reason=one.reason,
        priority=notice.priority,
        not_before=at,
        useful_until=end or at + notice.useful,
        fixed_end=end is not None,
        asked=True,
    )
    ctx.told.append(copy)


def _theirs(ctx: Context, number: int) -> tuple[Delivery, Notice]:
    """A message that the caller got, the newest one without a number. Raises Refusal if it is forgotten, or
    was for somebody else."""
    one = ctx.store.deliveries.get(number) if number else ctx.store.deliveries.came_last(ctx.person.id)
    if one is None and not number:
        raise Refusal("later_alone", buttons=(WHAT_I_SEND,))
    if one is None or one.person_id != ctx.person.id or one.kind not in NOTICES:
        raise Refusal("button_old", buttons=(WHAT_I_SEND,))
    return one, NOTICES[one.kind]


def _comes(ctx: Context, notice: Notice, until: Snooze | date) -> datetime:
    theme = EVENTS if notice.kind == DIGEST else notice.theme  # a quiet August is about what is in it
    habits = habits_of(ctx, ctx.person.id, theme)
    return snoozed(until, ctx.now, habits, ctx.charter.attention.budget)


def _before(ctx: Context, one: Delivery, notice: Notice) -> Iterator[Snooze]:
    """The choices that lie before its end, each moment once."""
    end, seen = hard_end(one), set[datetime]()
    for until in LABELS:
        at = _comes(ctx, notice, until)
        if at not in seen and (end is None or at < end):
            seen.add(at)
            yield until


def _taps(ctx: Context, one: Delivery, notice: Notice) -> tuple[Button, ...]:
    given = {"delivery": str(one.id)}
    known = (
        Button(LABELS[until], "snooze", {**given, "until": until}) for until in _before(ctx, one, notice)
    )
    return (*known, Button(N_("Another day"), "snooze", given))


def _ahead(ctx: Context, day: date | None) -> date:
    """A day to come. Raises Refusal for one that is past, today, or more than a year ahead."""
    today = day_of(ctx.now, ctx.zone)
    if day is None or day <= today or day - today > LONGEST:
        raise Refusal("later_day", "day", far=day is not None and day > today)
    return day


def _from_now(span: str, reading: Reading) -> date | None:
    base = datetime.combine(reading.today, time(12))
    found = dateparser.parse(
        span,
        languages=list(dict.fromkeys((reading.language.partition("-")[0], "en"))),
        settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "PARSERS": ["relative-time"]},
    )
    return found.date() if found else None
