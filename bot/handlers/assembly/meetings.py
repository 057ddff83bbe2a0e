"""The General Assembly: the next one, and calling, moving and cancelling it (Art. 5(1))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any

from bot.assembly.agenda import agenda as agenda_of
from bot.assembly.meetings import day_of, last_meeting, next_meeting, voting_members
from bot.commands import N_, LongText, Moment, Number, Text, command
from bot.context import Context
from bot.handlers.assembly.answers import THE_ASSEMBLY, counted, itemised, met, placed, still_called
from bot.handlers.assembly.attendance import answer_taps
from bot.handlers.assembly.diary import move_in_diary, put_in_diary, strike_from_diary
from bot.handlers.assembly.telling import tell_meeting
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.people.public_holidays import named
from storage.meetings import Meeting

TITLE = N_("General Assembly")
MOST_LINES = 12  # of one's own on an agenda
LONGEST_LINE = 160  # characters
HIDDEN = Annotated[str, Text(hidden=True)]
NUMBER = Annotated[int, Number(hidden=True)]
WHEN = Moment(
    "future", lead=("on", "to"), ask=N_("On which day, and at what time?"), label=N_("Day and time"),
    hint=N_("In your own time zone: 10 December 14:00"),
)  # fmt: skip
WHERE = Text(
    lead=("in",), ask=N_("Where? A place, a link, or both."), label=N_("Where"), most=300,
)  # fmt: skip
MORE = LongText(
    lead=("agenda",), label=N_("More for the agenda"), most=2000, hint=N_("A line each, if you like"),
)  # fmt: skip


@command(
    "assembly",
    N_("The next General Assembly: when, where, its agenda"),
    may="see_indicators",
    example="/assembly",
    reads=True,
    aliases=("general assembly",),
)
def assembly(ctx: Context) -> Reply:
    """The General Assembly that is called, or that none is this year: Art. 5(1) has one a year at least. One
    whose minutes are not drafted yet is what waits first."""
    meeting, held = next_meeting(ctx), last_meeting(ctx)
    keeps = ctx.may("keep_assembly")
    if meeting is not None:
        begun = meeting.starts_at <= ctx.now
        taps = (*answer_taps(ctx, meeting), *(_keeper_taps(meeting, begun) if keeps else ()))
        return Reply("assembly", {**met(ctx, meeting), "begun": begun}, taps)
    year, past = ctx.counting_year, _without_minutes(ctx, held)
    this_year = held is not None and ctx.charter.year_of(day_of(held)) == year
    values = {
        "year": year,
        "held": placed(held, ctx.zone) if held and this_year else None,
        "past": placed(past, ctx.zone) if past else None,
        "a_year": ctx.charter.calendar.general_assemblies_a_year,
        "article": _article(ctx),
        "items": itemised(agenda_of(ctx)),
        "figures": counted(ctx, year),
    }
    minuted = past if past and keeps else held
    minutes = (Button(N_("Minutes"), "minutes", {"meeting": str(minuted.number)}),) if minuted else ()
    call = (Button(N_("Call it"), "call assembly"),) if keeps else ()
    return Reply("assembly_none", values, (*minutes, *call) if past else (*call, *minutes))


@command(
    "call assembly",
    N_("Call a General Assembly"),
    may="keep_assembly",
    example="/call assembly on 10 December 14:00 in Brussels",
    suggested=False,
)
def call_assembly(
    ctx: Context,
    when: Annotated[datetime, WHEN],
    where: Annotated[str, WHERE],
    agenda: Annotated[str, MORE] = "",
    sure: HIDDEN = "",
) -> Reply:
    """Call the General Assembly: shown before anything goes out, then everybody who votes is told, each in
    their own zone and the alliance's. Raises that Ask, Refusal for a moment that is past."""
    _ahead(ctx, when)
    zone = ctx.charter.alliance.zone
    meeting = Meeting(0, TITLE, when, zone, where, _lines(agenda), ctx.person.id, ctx.now)
    if sure != "yes":
        there = next_meeting(ctx)
        choices = (
            Choice(N_("Call it"), {"sure": "yes"}),
            Choice(N_("Another time"), {"when": "", "sure": ""}),
            Choice(N_("Another place"), {"where": "", "sure": ""}),
        )
        values = {
            **met(ctx, meeting),
            **_goes_to(ctx, meeting),
            "other": placed(there, ctx.zone) if there else None,
        }
        raise Ask("sure", "assembly_preview", choices, free=False, **values)
    meeting = _called(ctx, meeting)
    put_in_diary(ctx, meeting)
    cancel = Button(N_("Cancel the meeting"), "cancel assembly", {"meeting": str(meeting.number)})
    values = {**placed(meeting, ctx.zone), **_goes_to(ctx, meeting)}
    taps = (*answer_taps(ctx, meeting), THE_ASSEMBLY, cancel)
    return Reply("assembly_call_done", values, taps, replace=True)


@command(
    "move assembly",
    N_("Move the General Assembly to another day or place"),
    may="keep_assembly",
    example="/move assembly to 15 December 14:00",
    suggested=False,
)
def move_assembly(
    ctx: Context,
    when: Annotated[datetime, WHEN],
    where: Annotated[str, Text(lead=("in",), label=N_("Where"), most=300)] = "",
    meeting: NUMBER = 0,
    sure: HIDDEN = "",
) -> Reply:
    """Another day, time or place; whoever votes is told, and answers anew if they like. Raises the Ask
    whether, Refusal for a moment that is past, when and where it is anyhow, a meeting that is over."""
    _ahead(ctx, when)
    before = still_called(ctx, meeting)
    after = replace(before, starts_at=when, where=where or before.where)
    if (after.starts_at, after.where.casefold()) == (before.starts_at, before.where.casefold()):
        raise Refusal("meeting_there", "when", buttons=(THE_ASSEMBLY,), **placed(before, ctx.zone))
    values = {**placed(after, ctx.zone), **_goes_to(ctx, after), "before": placed(before, ctx.zone)}
    if sure != "yes":
        yes = (Choice(N_("Move it"), {"sure": "yes"}), Choice(N_("Another time"), {"when": "", "sure": ""}))
        raise Ask("sure", "assembly_move_sure", yes, free=False, **values)
    ctx.store.meetings.write(after)
    moved = {"starts_at": before.starts_at.isoformat(), "zone": before.zone, "where": before.where}
    tell_meeting(ctx, after, "assembly_moved", f"moved:{ctx.now.isoformat()}", before=moved)
    move_in_diary(ctx, after)
    return Reply("assembly_move_done", values, (THE_ASSEMBLY,), replace=True)


@command(
    "cancel assembly",
    N_("Cancel the General Assembly that is called"),
    may="keep_assembly",
    example="/cancel assembly",
    suggested=False,
)
def cancel_assembly(
    ctx: Context,
    why: Annotated[str, Text(label=N_("Reason"), most=200)] = "",
    meeting: NUMBER = 0,
    sure: HIDDEN = "",
) -> Reply:
    """The meeting does not take place; whoever votes is told. Raises the Ask whether, Refusal for one that is
    over."""
    found = still_called(ctx, meeting)
    values = {**placed(found, ctx.zone), **_goes_to(ctx, found), "why": why}
    if sure != "yes":
        yes = (Choice(N_("Yes, cancel it"), {"sure": "yes", "meeting": str(found.number)}),)
        raise Ask("sure", "assembly_cancel_sure", yes, free=False, way_out=N_("Not now"), **values)
    ctx.store.meetings.write(replace(found, state="cancelled"))
    tell_meeting(ctx, replace(found, state="cancelled"), "assembly_cancelled", "cancelled", why=why)
    strike_from_diary(ctx, found, why)
    return Reply("assembly_cancel_done", values, (THE_ASSEMBLY,), replace=True)


def call_meeting(ctx: Context, starts: datetime, where: str, zone: str) -> Meeting:
    """A General Assembly is called whose event is announced elsewhere: everybody who votes is told."""
    return _called(ctx, Meeting(0, TITLE, starts, zone, where, (), ctx.person.id, ctx.now))


def _called(ctx: Context, meeting: Meeting) -> Meeting:
    meeting = ctx.store.meetings.add(meeting)
    tell_meeting(ctx, meeting, "assembly_called", "called", items=itemised(agenda_of(ctx, meeting)))
    return meeting


def _keeper_taps(meeting: Meeting, begun: bool) -> tuple[Button, ...]:
    number = {"meeting": str(meeting.number)}
    who = Button(N_("Attendance"), "attendance", number)
    if begun:
        return (who, Button(N_("Minutes"), "minutes", number))
    cancel = Button(N_("Cancel the meeting"), "cancel assembly", number)
    return (who, Button(N_("Move it"), "move assembly", number), cancel)


def _without_minutes(ctx: Context, held: Meeting | None) -> Meeting | None:
    """The newest General Assembly that took place after the last one with minutes, and has none yet."""
    since = held.starts_at if held else datetime.min.replace(tzinfo=UTC)
    called = (one for one in ctx.store.meetings.all() if one.state == "called")
    past = (one for one in called if since < one.starts_at <= ctx.now)
    return max(past, key=lambda one: (one.starts_at, one.number), default=None)


def _article(ctx: Context) -> str:
    return next((one.article for one in ctx.charter.bodies if one.meetings_a_year), "")


def _ahead(ctx: Context, when: datetime) -> None:
    if when <= ctx.now:
        raise Refusal("meeting_past", "when", when=when.isoformat())


def _lines(given: str) -> tuple[str, ...]:
    lines = (line.strip().lstrip("-•*·").strip()[:LONGEST_LINE] for line in given.splitlines())
    return tuple(line for line in lines if line)[:MOST_LINES]


def _goes_to(ctx: Context, meeting: Meeting) -> dict[str, Any]:
    """Whom a call reaches, and where that day is a public holiday."""
    members = voting_members(ctx)
    alone = [ctx.short_name(slug) for slug in members if not ctx.people_of(slug, "vote")]
    return {
        "organisations": len(members) - len(alone),
        "nobody": alone,
        "holidays": list(_holidays(ctx, day_of(meeting))),
    }


def _holidays(ctx: Context, day: date) -> Iterator[str]:
    countries = frozenset(one.country for one in ctx.members if one.standing == "voting" and one.country)
    return (country for country, _ in named(countries, day))
