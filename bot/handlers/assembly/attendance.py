"""Who comes to a General Assembly: each member's answer, and the list that is ticked on the day."""

from __future__ import annotations

from typing import Annotated, Final, get_args

from bot.assembly.agenda import record_of
from bot.assembly.meetings import DOORS, There, Turnout, turnout, voting_members
from bot.commands import N_, Number, OneChoice, OneOf, OneOrganisation, command
from bot.context import Context
from bot.handlers.assembly.answers import THE_ASSEMBLY, attended, found_meeting, over, placed, still_called
from bot.handlers.counting import short
from bot.messages import Button, Refusal, Reply
from storage.meetings import How, Meeting

HOWS = tuple(OneChoice(how, how) for how in get_args(How))
ON_A_PAGE = 20  # organisations, one tap each
MEETING = Annotated[int, Number(hidden=True)]
PAGE = Annotated[int, Number(hidden=True)]
HOW = Annotated[How, OneOf(HOWS, hidden=True)]
NEXT: Final[dict[There, How]] = {
    "": "present",
    "coming": "present",
    "present": "remote",
    "remote": "apologies",
    "apologies": "present",
}
SIGNS: Final[dict[There, str]] = {
    "": "",
    "coming": "",
    "present": "✓ ",
    "remote": "✓ ",
    "apologies": "– ",
}


@command("attend assembly", N_("Say whether we come to the General Assembly"), may="vote", hidden=True)
def attend_assembly(
    ctx: Context, meeting: MEETING, how: HOW, for_: Annotated[str, OneOrganisation(hidden=True)] = ""
) -> Reply:
    """A member's answer to a call: we'll be there, or apologies. It may change until the meeting was held.
    Somebody of two organisations is asked for which one. Raises that Ask, Refusal."""
    found = still_called(ctx, meeting)
    organisation = ctx.acting_for("vote", for_)
    if organisation not in voting_members(ctx):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    ctx.store.meetings.attend(found.number, organisation, ctx.person.id, how, ctx.now)
    here = ctx.now >= found.starts_at - DOORS
    said = {"organisation": ctx.short_name(organisation), "how": how, "here": here}
    others = (tap for tap in answers(found, organisation) if tap.arguments["how"] != how)
    return Reply(
        "attendance_answered", {**placed(found, ctx.zone), **said}, (*others, THE_ASSEMBLY), replace=True
    )


@command(
    "attendance",
    N_("Who is at the General Assembly, and whether it's enough"),
    may="keep_assembly",
    example="/attendance 1",
    reads=True,
)
def attendance(
    ctx: Context, meeting: Annotated[int, Number(label=N_("Meeting"), most=10**9)] = 0, page: PAGE = 1
) -> Reply:
    """The list of the organisations that vote, one tap each, so many on a page; the quorum line counts those
    that are there."""
    return _listed(ctx, found_meeting(ctx, meeting), page)


@command("tick attendance", N_("Tick an organisation on the list"), may="keep_assembly", hidden=True)
def tick_attendance(
    ctx: Context,
    meeting: MEETING,
    organisation: Annotated[str, OneOrganisation(hidden=True)],
    how: HOW,
    page: PAGE = 1,
) -> Reply:
    """The coordinator's tick on the day: here, remote, apologies. Raises Refusal for a meeting that does not
    take place."""
    found = found_meeting(ctx, meeting, lock=True)
    if found.state == "cancelled":
        raise over(ctx, found)
    ctx.store.meetings.attend(found.number, organisation, ctx.person.id, how, ctx.now)
    return _listed(ctx, found, page)


def answer_taps(ctx: Context, meeting: Meeting) -> tuple[Button, ...]:
    """What somebody who votes can answer to a call: both while nothing was said, then the other one."""
    hats = [slug for slug in ctx.hats("vote") if slug in voting_members(ctx)]
    if not hats or meeting.state != "called":
        return ()
    said = {one.organisation: one.how for one in ctx.store.meetings.attendance(meeting.number)}
    only = hats[0] if len(hats) == 1 else ""
    return tuple(tap for tap in answers(meeting, only) if tap.arguments["how"] != said.get(only))


def answers(meeting: Meeting, organisation: str = "") -> tuple[Button, ...]:
    """Both answers to a call, for one organisation or whichever the presser votes for."""
    given = {"meeting": str(meeting.number)} | ({"for": organisation} if organisation else {})
    return (
        Button(N_("We'll be there"), "attend assembly", {**given, "how": "present"}),
        Button(N_("Apologies"), "attend assembly", {**given, "how": "apologies"}),
    )


def _listed(ctx: Context, meeting: Meeting, page: int) -> Reply:
    found = turnout(ctx, meeting, record_of(ctx, meeting).members)
    doors, keeps = meeting.starts_at - DOORS, meeting.state != "cancelled"
    values = {
        **placed(meeting, ctx.zone),
        **attended(ctx, found),
        "open": keeps and ctx.now >= doors,
        "doors_at": doors.isoformat() if keeps else "",
    }
    ticks = _ticks(ctx, meeting, found, page) if values["open"] else ()
    minutes = Button(N_("Minutes"), "minutes", {"meeting": str(meeting.number)})
    begun = (minutes,) if keeps and ctx.now >= meeting.starts_at else (THE_ASSEMBLY,)
    return Reply("attendance", values, (*ticks, *begun), replace=True)


def _ticks(ctx: Context, meeting: Meeting, found: Turnout, page: int) -> tuple[Button, ...]:
    """One tap for each organisation of a page, and those to the pages beside it."""
    pages = max(1, -(-len(found.there) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    shown = list(found.there.items())[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    ticks = (_tick(ctx, meeting, slug, how, page) for slug, how in shown)
    beside = ((N_("More"), page + 1), (N_("Back"), page - 1))
    turns = (
        Button(label, "attendance", {"meeting": str(meeting.number), "page": str(other)})
        for label, other in beside
        if 1 <= other <= pages
    )
    return (*ticks, *turns)


def _tick(ctx: Context, meeting: Meeting, organisation: str, how: There, page: int) -> Button:
    remote = f"{ctx.translate(N_('remote'))}: " if how == "remote" else ""
    given = {"meeting": str(meeting.number), "organisation": organisation, "how": NEXT[how]}
    given |= {"page": str(page)} if page > 1 else {}
    return Button(short(f"{SIGNS[how]}{remote}{ctx.short_name(organisation)}"), "tick attendance", given)
