"""The minutes of a General Assembly, drafted from what was decided (Art. 5(1))."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.assembly.agenda import Record, agenda, before_members
from bot.assembly.founding import term
from bot.assembly.meetings import day_of, last_meeting, next_meeting, voting_members
from bot.assembly.settling import settle
from bot.assembly.standing import standing_of
from bot.commands import N_, Link, Number, Text, command
from bot.context import Context
from bot.handlers.assembly.answers import THE_ASSEMBLY, found_meeting, met, over, placed
from bot.handlers.motions.answers import described
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase
from storage.meetings import Meeting

OVER = ("withdrawn", "void", "lapsed")


@command(
    "minutes",
    N_("The minutes of a General Assembly, drafted"),
    may="see_indicators",
    example="/minutes 1",
)
def minutes(
    ctx: Context,
    meeting: Annotated[int, Number(label=N_("Meeting"), most=10**9)] = 0,
    sure: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Who was there, the agenda, and every motion decided since the meeting before, each with the result that
    proves itself. Whoever keeps the Assembly drafts them first: then the meeting was held, and its agenda is
    kept as it was. Raises Refusal before that, and the Ask whether it was held."""
    number = meeting or _newest(ctx)
    found = found_meeting(ctx, number)
    if found.state == "called":
        found = _held(ctx, found, sure)
    if found.state == "cancelled":
        raise over(ctx, found)
    given = {"meeting": str(found.number)}
    who, link = Button(N_("Attendance"), "attendance", given), Button(N_("Set a link"), "minutes link", given)
    taps = (who, link) if ctx.may("keep_assembly") else ()
    return Reply("minutes", _written(ctx, found), (*taps, THE_ASSEMBLY))


@command(
    "minutes link",
    N_("Where the minutes of a General Assembly are kept"),
    may="keep_assembly",
    example="/minutes link 1 https://example.org/minutes",
)
def minutes_link(
    ctx: Context,
    meeting: Annotated[int, Number(ask=N_("Of which meeting?"), label=N_("Meeting"), most=10**9)],
    link: Annotated[str, Link(ask=N_("Where are the minutes? A link."), label=N_("Link"))],
) -> Reply:
    """The link to the minutes as they were signed or filed; it stands with the draft."""
    found = found_meeting(ctx, meeting, lock=True)
    if found.state != "held":
        raise Refusal("minutes_not_yet", buttons=(THE_ASSEMBLY,), **placed(found, ctx.zone))
    found = ctx.store.meetings.write(replace(found, link=link))
    show = Button(N_("Minutes"), "minutes", {"meeting": str(found.number)})
    return Reply("minutes_linked", placed(found, ctx.zone), (show, THE_ASSEMBLY))


def _newest(ctx: Context) -> int:
    """The meeting that is meant if none is named: the newest that has begun."""
    begun = [one for one in ctx.store.meetings.all() if one.state != "cancelled" and one.starts_at <= ctx.now]
    return max(begun, key=lambda one: one.starts_at).number if begun else 0


def _held(ctx: Context, meeting: Meeting, sure: str) -> Meeting:
    """The meeting as one that was held, with its agenda as it is now."""
    values = placed(meeting, ctx.zone)
    if meeting.starts_at > ctx.now or not ctx.may("keep_assembly"):
        raise Refusal("minutes_not_yet", buttons=(THE_ASSEMBLY,), **values)
    if sure != "yes":
        yes = (Choice(N_("Yes, draft them"), {"meeting": str(meeting.number), "sure": "yes"}),)
        raise Ask("sure", "minutes_sure", yes, free=False, **values)
    settle(ctx)
    kept = found_meeting(ctx, meeting.number, lock=True)
    if kept.state != "called":  # somebody else drafted them, or it was cancelled, just now
        return kept
    record = Record(agenda(ctx, kept), voting_members(ctx))
    return ctx.store.meetings.write(
        replace(kept, state="held", held_at=kept.starts_at, minutes=record.to_text())
    )


def _written(ctx: Context, meeting: Meeting) -> dict[str, Any]:
    before, coming = last_meeting(ctx, meeting), next_meeting(ctx)
    until = term(ctx).until
    return {
        **met(ctx, meeting),
        "decisions": [_decision(ctx, one) for one in _decided(ctx, meeting, before)],
        "since": day_of(before).isoformat() if before else "",
        "alliance": ctx.charter.alliance.name,
        "ahead": [described(ctx, standing_of(ctx, one)) for one in before_members(ctx)],
        "renewal": until.isoformat() if until and until > ctx.counting_day else "",
        "next": placed(coming, ctx.zone) if coming else None,
    }


def _decided(ctx: Context, meeting: Meeting, before: Meeting | None) -> tuple[Motion, ...]:
    """The motions decided after the day of the meeting before, up to that of this one, in their order."""
    last, first = day_of(meeting), day_of(before) if before else date.min
    zone = ZoneInfo(ctx.charter.alliance.zone)
    counted = (one for one in ctx.store.motions.all() if one.outcome and phase(one, ctx.now) not in OVER)
    found = [one for one in counted if first < one.closes_at.astimezone(zone).date() <= last]
    return tuple(sorted(found, key=lambda one: (one.closes_at, one.number)))


def _decision(ctx: Context, motion: Motion) -> dict[str, Any]:
    said = ctx.store.ballots.explanations(motion.number)
    explained = [{"organisation": ctx.short_name(one.organisation), "text": one.text} for one in said]
    return {**described(ctx, standing_of(ctx, motion)), "explained": explained}
