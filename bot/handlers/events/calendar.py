"""Events in people's own calendars: one as a file, all of somebody's by a link that follows their answers."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Number, command
from bot.context import Context
from bot.events.calendar_file import MIME, calendar, event_file
from bot.events.feeds import PUBLIC, address, own_events
from bot.events.standing import EVENTS, found_event, may_organise
from bot.handlers.events.answers import answer_taps, own_answer, see
from bot.messages import Attachment, Button, Reply
from bot.rules.events.moments import phase
from bot.rules.events.sessions import session_at
from bot.rules.rsvp.values import YES

CALENDAR_LINK = Button(N_("Calendar link"), "calendar")
NEW_LINK = Button(N_("New link"), "calendar new")
END_LINK = Button(N_("End it"), "calendar end")


@command("calendar file", N_("Put an event into your own calendar"), hidden=True, reads=True)
def calendar_file(ctx: Context, event: Annotated[int, Number(hidden=True)]) -> Reply:
    """The event as a file for any calendar (RFC 5545). The link to the meeting is in it for those who go and
    for the hosts. One that was cancelled is taken out of the calendar by its file. Raises Refusal."""
    ctx.in_private()
    found = found_event(ctx, event)
    own, off = own_answer(ctx, found), found.state == "cancelled"
    linked = (own is not None and own.state in YES and not own.gave_back) or may_organise(ctx, found)
    values = {
        "title": found.title,
        "starts": session_at(found, ctx.now).starts_at.isoformat(),
        "zone": found.zone,
        "times": found.times if found.repeats else 1,
        "cancelled": off,
        "has_link": bool(found.link),
        "linked": linked,
        "in_group": ctx.place.kind == "group",
    }
    asked = (own is None or own.state == "invited") and phase(found, ctx.now) == "coming"
    follow = (CALENDAR_LINK,) if ctx.public_url else ()
    buttons = (*(answer_taps(found) if asked else (see(found),)), *follow)
    file = event_file(found, method="CANCEL" if off else "PUBLISH", going=linked, own=own)
    return Reply("calendar_file", values, buttons, file=file)


@command("calendar", N_("Your events in your own calendar, always up to date"), example="/calendar")
def own_calendar_link(ctx: Context) -> Reply:
    """A secret link to the events that somebody goes to, may come to or waits for; shown once, for only its
    hash is kept. Where our web side is reached by nobody, they get the events as a file."""
    ctx.in_private()
    if not ctx.public_url:
        return _as_file(ctx)
    since = ctx.store.calendar_links.since(ctx.person.id)
    if since is None:
        return _fresh(ctx)
    values = {"since": since.isoformat(), "public": address(ctx.public_url, PUBLIC)}
    return Reply("calendar", values, (NEW_LINK, END_LINK))


@command("calendar new", N_("A new calendar link; the one before ends"), hidden=True)
def new_calendar_link(ctx: Context) -> Reply:
    """A fresh link in place of the one before, which leads nowhere from now on."""
    ctx.in_private()
    return _fresh(ctx) if ctx.public_url else _as_file(ctx)


@command("calendar end", N_("End your calendar link"), hidden=True)
def end_calendar_link(ctx: Context) -> Reply:
    """The link leads nowhere from now on; twice is the same."""
    ctx.in_private()
    ctx.store.calendar_links.end(ctx.person.id, ctx.now)
    return Reply("calendar_ended", {}, (NEW_LINK,), replace=True)


def _fresh(ctx: Context) -> Reply:
    again = ctx.store.calendar_links.since(ctx.person.id) is not None
    token = ctx.store.calendar_links.issue(ctx.person.id, ctx.now)
    links = {"link": address(ctx.public_url, token), "public": address(ctx.public_url, PUBLIC)}
    return Reply("calendar_link", {**links, "again": again}, (NEW_LINK, END_LINK), replace=True)


def _as_file(ctx: Context) -> Reply:
    entries = own_events(ctx.store, ctx.person.id, ctx.now)
    file = Attachment("my-events.ics", MIME, calendar(entries)) if entries else None
    values = {"count": len(entries), "in_group": ctx.place.kind == "group"}
    return Reply("calendar_as_file", values, (EVENTS,), file=file)
