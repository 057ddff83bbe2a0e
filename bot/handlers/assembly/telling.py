"""What members are told of a General Assembly: it is called, moved, or does not take place."""

from __future__ import annotations

from typing import Any

from bot.commands import N_
from bot.context import Context
from bot.handlers.assembly.answers import THE_ASSEMBLY, placed
from bot.handlers.assembly.attendance import answers
from bot.handlers.assembly.diary import told_by_assembly
from bot.notices import Values, told
from bot.people.waking import waking_of
from bot.rules.attention import next_waking
from storage.meetings import Meeting


def is_as_told(ctx: Context, values: Values) -> bool:
    """Whether the meeting still is when and where this says, or still is cancelled if this says so."""
    meeting = ctx.store.meetings.get(values["number"])
    if meeting is None or (meeting.state == "cancelled") != values["off"]:
        return False
    return (meeting.starts_at.isoformat(), meeting.where) == (values["starts_at"], values["where"])


ASSEMBLY = told(
    "assembly",
    N_("General Assemblies"),
    N_("You get this because you vote for your organisation, or look after the alliance."),
    still_due=is_as_told,
    theme="votes",
    counts=False,  # a call takes effect when people are told, as a motion's notice does
    stoppable=False,
)


def tell_meeting(ctx: Context, meeting: Meeting, template: str, key: str, **more: Any) -> None:
    """Everybody who votes and whoever keeps the Assembly is told, each with the time where they are.
    What begins before they are at work next is said at once."""
    for person in dict.fromkeys(told_by_assembly(ctx)):
        known = ctx.store.persons.get(person)
        if known is None:
            continue
        votes = any(ctx.charter.allows(role.role, "vote") for role in ctx.store.roles.of_person(person))
        values = {**placed(meeting, known.zone or ctx.charter.alliance.zone), **more, "votes": votes}
        values["off"] = meeting.state == "cancelled"
        taps = answers(meeting) if votes and template != "assembly_cancelled" else ()
        in_time = next_waking(ctx.now, waking_of(ctx, person)) < meeting.starts_at
        kind = ASSEMBLY if in_time else ""
        once = f"assembly:{meeting.number}:{key}"
        ctx.tell((person,), template, once, values, (*taps, THE_ASSEMBLY), kind=kind)
