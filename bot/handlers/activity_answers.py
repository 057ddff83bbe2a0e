"""How an activity is read back: its words, its next likely taps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands import N_
from bot.context import Context
from bot.handlers.counting import Line, activities_of, host_of, lines_for, unanswered
from bot.messages import Button, Reply, filled
from bot.rules.indicators import Record, attended, hosts
from storage.activities import Activity


def described(ctx: Context, record: Record) -> dict[str, Any]:
    """An activity in the words that every template reads back: `organisations` hosted it, the host first, of
    those in `attended` somebody came."""
    return {
        "id": record.id,
        "title": record.title,
        "kind": ctx.translate(ctx.charter.activity_kind(record.kind).label),
        "day": record.day.isoformat(),
        "organisations": [ctx.short_name(slug) for slug in hosts(record)],
        "attended": [ctx.short_name(slug) for slug in attended(record)],
        "host": ctx.short_name(host_of(record)),
        "state": record.state,
        "planned": record.day > ctx.counting_day,
        "smes": len(record.smes) + record.sme_number,
        "basis": record.sme_basis,
        "names": [sme.name for sme in record.smes],
        "evidence": record.evidence,
    }


def opened(ctx: Context, activity: Activity) -> Reply:
    """An activity that is there already, read back."""
    year = activities_of(ctx, ctx.charter.year_of(activity.record.day))
    lines = lines_for(ctx, activity.record, [other.record for other in year])
    return Reply(
        "already_logged",
        {
            **described(ctx, activity.record),
            "lines": lines,
            "asked": [ctx.short_name(o) for o in unanswered(activity.record)],
        },
        tail(activity.record.id),
        replace=True,
    )


def next_taps(
    ctx: Context, activity: Activity, lines: tuple[Line, ...], way_out: Button
) -> tuple[Button, ...]:
    """What an activity still lacks, each a tap away, and the way out last."""
    number = {"activity": str(activity.record.id)}
    if any(lack.code == "second_organisation" for line in lines for lack in line.lacks):
        likely = [slug for slug in ctx.organisations if slug != host_of(activity.record)][:2]
        return (
            *(Button(ctx.short_name(s), "add organisation", {**number, "with": s}) for s in likely),
            # NOTE: another organisation
            Button(N_("Another"), "add organisation", number),
            Button(N_("Only us"), "only us", number),
            way_out,
        )
    more = [Button(N_("Add SMEs"), "add smes", number)] if _could_name_smes(ctx, activity.record) else []
    if not activity.record.evidence:
        more.append(Button(N_("Add link or photo"), "add link", number))
    return (*more, way_out)


def _could_name_smes(ctx: Context, record: Record) -> bool:
    """Whether SMEs are still open, and an indicator would count them for this kind."""
    if record.smes or record.sme_number:
        return False
    return any(c.measure == "smes" and record.kind in c.kinds for c in ctx.charter.conditions())


def open_tap(number: int) -> Button:
    """The tap that opens one activity of a list."""
    return Button(filled(N_("Open {number}"), number=number), "activity", {"number": str(number)})


def turns(command: str, here: Mapping[str, str], page: int, more: bool) -> tuple[Button, ...]:
    """The taps to the pages before and after one of a list."""
    # NOTE: the next page of a list, whatever it lists (activities, motions, votes, people)
    older = Button(N_("Older"), command, {**here, "page": str(page + 1)})
    # NOTE: the page before, of a list of anything
    newer = Button(N_("Newer"), command, {**here, "page": str(page - 1)})
    return (*((older,) if more else ()), *((newer,) if page > 1 else ()))


def tail(number: int) -> tuple[Button, ...]:
    return (
        Button(N_("Show it"), "activity", {"number": str(number)}),
        Button(N_("Indicators"), "indicators"),
    )
