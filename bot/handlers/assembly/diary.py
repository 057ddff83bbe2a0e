"""A General Assembly in the diary: the event that goes with it, so that people can say whether they come."""

from __future__ import annotations

from dataclasses import replace

from bot.assembly.meetings import voting_members
from bot.assembly.telling import voters_of
from bot.context import COORDINATING, Context
from bot.events.organising import announce, cancel, mode_of, new_uid, place_and_link, reschedule
from bot.events.standing import PURPOSE
from bot.rules.events.values import Event
from storage.meetings import Meeting


def told_by_assembly(ctx: Context) -> tuple[int, ...]:
    """Who hears of a General Assembly by the Assembly's own message, by person: no other one follows."""
    return (*voters_of(ctx, voting_members(ctx)), *ctx.coordinators())


def put_in_diary(ctx: Context, meeting: Meeting) -> Event | None:
    """The event of a General Assembly that was called: the whole alliance's, its card in every place for
    events. None under a charter that has no such kind of event."""
    kind = next((one for one in ctx.charter.event_kinds if one.assembly), None)
    if kind is None:
        return None
    room, link = place_and_link(meeting.where)
    event = Event(
        0, new_uid(), kind.key, ctx.translate(meeting.title), meeting.starts_at, kind.minutes, meeting.zone,
        (COORDINATING,), kind.audience, ctx.person.id, ctx.now, ctx.now, where=room, link=link,
        mode=mode_of(room, link), meeting=meeting.number,
    )  # fmt: skip
    places = tuple(known.id for known in ctx.store.places.serving(PURPOSE))
    return announce(ctx, event, invite=True, places=places, without=told_by_assembly(ctx))


def move_in_diary(ctx: Context, meeting: Meeting) -> None:
    """The event of a General Assembly that was moved follows it."""
    event = _event_of(ctx, meeting)
    if event is not None:
        room, link = place_and_link(meeting.where)
        link = link or event.link  # as for every event that moves
        after = replace(event, starts_at=meeting.starts_at, where=room, link=link, mode=mode_of(room, link))
        reschedule(ctx, event, after, told_by_assembly(ctx))


def strike_from_diary(ctx: Context, meeting: Meeting, why: str) -> None:
    """The event of a General Assembly that was cancelled is cancelled with it."""
    event = _event_of(ctx, meeting)
    if event is not None:
        cancel(ctx, event, why, told_by_assembly(ctx))


def _event_of(ctx: Context, meeting: Meeting) -> Event | None:
    found = ctx.store.events.of_meeting(meeting.number)
    event = ctx.store.events.get(found.number, lock=True) if found else None
    return event if event and event.state == "planned" else None
