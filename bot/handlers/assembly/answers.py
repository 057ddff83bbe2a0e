"""How a General Assembly is read back: when and where, who comes, what is on its agenda."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.assembly.agenda import Item, record_of
from bot.assembly.meetings import Turnout, day_of, next_meeting, turnout
from bot.commands import N_
from bot.context import Context
from bot.handlers.counting import figures
from bot.handlers.motions.answers import condition
from bot.messages import Button, Refusal
from storage.meetings import Meeting

LARGEST = 10**9  # a meeting's number has nine digits at the most
THE_ASSEMBLY = Button(N_("The Assembly"), "assembly")


def found_meeting(ctx: Context, number: int = 0, *, lock: bool = False) -> Meeting:
    """The meeting with this number, the next one if none is given; held if it may be changed. Raises Refusal
    where there is none."""
    if not number and (coming := next_meeting(ctx)) is not None:
        number = coming.number
    meeting = ctx.store.meetings.get(number, lock=lock) if 0 < number < LARGEST else None
    if meeting is None:
        raise Refusal("meeting_not_there", buttons=(THE_ASSEMBLY,), number=number)
    return meeting


def still_called(ctx: Context, number: int = 0) -> Meeting:
    """The meeting, held for a change, if it is still to come. Raises Refusal where it is not."""
    meeting = found_meeting(ctx, number, lock=True)
    if meeting.state != "called":
        raise over(ctx, meeting)
    return meeting


def over(ctx: Context, meeting: Meeting) -> Refusal:
    """The no about a meeting that was held already, or cancelled."""
    values = {**placed(meeting, ctx.zone), "state": meeting.state}
    return Refusal("meeting_over", buttons=(THE_ASSEMBLY,), **values)


def placed(meeting: Meeting, reader_zone: str) -> dict[str, Any]:
    """When and where a meeting is, for a reader in that zone (IANA)."""
    return {
        "number": meeting.number,
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "zone": meeting.zone,
        "reader_zone": reader_zone,
        "where": meeting.where,
        "link": meeting.link,
    }


def attended(ctx: Context, found: Turnout) -> dict[str, Any]:
    """Who takes part and how, by short name, and whether that makes a quorum."""

    def names(*how: Any) -> list[str]:
        return [ctx.short_name(slug) for slug in found.those(*how)]

    return {
        "present": names("present"),
        "remote": names("remote"),
        "coming": names("coming"),
        "apologies": names("apologies"),
        "unheard": names(""),
        "here": len(found.those("present", "remote")),
        "members": len(found.there),
        "quorum": condition(found.quorum),
    }


def met(ctx: Context, meeting: Meeting) -> dict[str, Any]:
    """A meeting with everything about it: when, where, who takes part, its agenda with the indicators."""
    record = record_of(ctx, meeting)
    return {
        **placed(meeting, ctx.zone),
        **attended(ctx, turnout(ctx, meeting, record.members)),
        "state": meeting.state,
        "items": itemised(record.items),
        "figures": counted(ctx, ctx.charter.year_of(day_of(meeting))),
    }


def itemised(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    """The items of an agenda, as templates take them."""
    return [asdict(item) for item in items]


def counted(ctx: Context, year: int) -> dict[str, Any]:
    """This year's figures, one for each indicator (Art. 2)."""
    found = figures(ctx, year)
    lines = [
        {"label": one.condition.label, "value": one.value, "target": one.condition.target, "met": one.met}
        for one in found
    ]
    return {"year": year, "lines": lines}
