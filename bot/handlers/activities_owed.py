"""What activities leave open: "question" and "evidence" among what is owed (spec/engagement.md 5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.activity_answers import described
from bot.handlers.counting import activities_of, conditions, host_of, span
from bot.messages import Button
from bot.people.duties import Owed, duty
from bot.rules.clocks import first_moment
from bot.rules.indicators import judge
from storage.activities import Activity

QUESTION, EVIDENCE = "question", "evidence"
BEFORE_THE_CLOSE = timedelta(days=60)  # from then on proof is asked for
NAMED = 2  # activities in one line


@duty(QUESTION)
def questions_owed(ctx: Context) -> Iterator[Owed]:
    """Each activity of the caller's organisations that somebody asks about: it doesn't count until they
    answer."""
    hats, year = ctx.hats("edit_activities"), ctx.counting_year
    near = {one.record.id: one for at in (year - 1, year, year + 1) for one in activities_of(ctx, at)}
    for number, one in near.items():
        if one.record.state == "questioned" and host_of(one.record) in hats:
            given = {"activity": str(number)}
            right = Button(N_("It's right"), "it is right", given)
            yield Owed(
                QUESTION,
                f"{QUESTION}:{number}:{one.version}",
                "owed/question",
                described(ctx, one.record),
                (right, Button(N_("Edit"), "edit", given), Button(N_("Show it"), "activity", _shown(number))),
                organisation=host_of(one.record),
            )


@duty(EVIDENCE)
def evidence_owed(ctx: Context) -> Iterator[Owed]:
    """For each of the caller's organisations, from sixty days before the year's close: what of theirs counts
    and has no proof yet."""
    year = ctx.counting_year
    closes = _close(ctx, year)
    hats = ctx.hats("edit_activities") if closes - ctx.now <= BEFORE_THE_CLOSE else ()
    for organisation in hats:
        bare = [one for one in activities_of(ctx, year) if _lacks_proof(ctx, one, organisation, year)]
        if bare:
            first = bare[0].record
            yield Owed(
                EVIDENCE,
                f"{EVIDENCE}:{organisation}:{year}",
                "owed/evidence",
                {
                    "organisation": ctx.short_name(organisation),
                    "titles": [one.record.title for one in bare[:NAMED]],
                    "count": len(bare),
                    "by": closes.isoformat(),
                },
                (Button(N_("Add link or photo"), "add link", {"activity": str(first.id)}),),
                closes,
                organisation,
            )


def _close(ctx: Context, year: int) -> datetime:
    """When one of the alliance's years is over (UTC)."""
    _, last = span(ctx, year)
    zone = ZoneInfo(ctx.charter.alliance.zone)
    return first_moment(datetime.combine(last + timedelta(days=1), time()), zone).astimezone(UTC)


def _lacks_proof(ctx: Context, activity: Activity, organisation: str, year: int) -> bool:
    record = activity.record
    if record.evidence or host_of(record) != organisation or ctx.charter.year_of(record.day) != year:
        return False
    return any(judge(record, one, ctx.counting_day).counts for one in conditions(ctx, year))


def _shown(number: int) -> dict[str, str]:
    return {"number": str(number)}
