"""The recording or the slides of an event: for those who said that they would come."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.commands import N_, Link, Number, Text, command
from bot.context import Context
from bot.events.standing import found_event, may_organise
from bot.events.telling import SHARED, kept_notice, notify_event
from bot.handlers.events.answers import see
from bot.handlers.events.logging import logged_as
from bot.messages import Button, Refusal, Reply
from bot.notices import EVENT_CHANGE, Values, notice
from bot.rules.events.values import Event
from bot.rules.rsvp.values import YES


@command(
    "event share",
    N_("Send the recording or slides to those who said yes"),
    may="organise_events",
    example="/event share 12 https://example.org/recording",
)
def event_share(
    ctx: Context,
    number: Annotated[int, Number(ask=N_("Which event? Its number, please."), label=N_("Number"), least=1)],
    link: Annotated[str, Link(ask=N_("Paste the link to the recording or slides."), label=N_("Link"))],
) -> Reply:
    """Send a link to whoever said yes, once; it stands with the event for them. It
    becomes evidence of the logged activity, which every member can open, only by a tap of its own (5.5)."""
    event = _own_event(ctx, number)
    if event.state == "cancelled":
        raise Refusal("event_share_cancelled", buttons=(see(event),), title=event.title)
    taken_back = {"number": str(number), "link": link}
    values = {"title": event.title, "number": number, "link": link}
    if link in event.shared:
        way = Button(N_("Take back"), "event unshare", taken_back)
        taps = _prove_taps(ctx, event, link)
        return Reply("event_shared_already", {**values, "can_prove": bool(taps)}, (see(event), *taps, way))
    event = ctx.store.events.write(replace(event, shared=(*event.shared, link), changed_at=ctx.now))
    reached = _send(ctx, event, link)
    prove = _prove_taps(ctx, event, link)
    values |= {"reached": reached, "can_prove": bool(prove)}
    back = Button(N_("Take back"), "event unshare", taken_back)
    return Reply("event_shared_done", values, (see(event), *prove, back))


@command("event unshare", N_("Take a shared link back"), may="organise_events", hidden=True)
def event_unshare(
    ctx: Context,
    number: Annotated[int, Number(hidden=True)],
    link: Annotated[str, Text(hidden=True, most=2000)],
) -> Reply:
    """Take a link off an event: whoever has not got it yet does not, and it stands there no more."""
    event = _own_event(ctx, number)
    kept = tuple(one for one in event.shared if one != link)
    if kept != event.shared:
        event = ctx.store.events.write(replace(event, shared=kept, changed_at=ctx.now))
    logged = logged_as(ctx, event)
    proves = logged is not None and any(one.url == link for one in logged.evidence)
    again = Button(N_("Share it again"), "event share", {"number": str(number), "link": link})
    return Reply("event_unshared", {"title": event.title, "proves": proves}, (again,), replace=True)


def is_shared(ctx: Context, values: Values) -> bool:
    """Whether a link still stands with its event."""
    event = ctx.store.events.get(values["event"])
    return event is not None and event.state != "cancelled" and values["link"] in event.shared


def shared_in_short(ctx: Context, values: Values) -> Reply:
    """That it is there, and the tap under which it is found."""
    event = found_event(ctx, values["event"])
    return Reply("event_shared_in_short", {"title": event.title}, (see(event),))


@notice(
    SHARED,
    N_("Recordings and slides"),
    N_("You get this because you said that you'd come."),
    still_due=is_shared,
    useful=timedelta(days=14),
    priority=EVENT_CHANGE,
    theme="events",
    line=shared_in_short,
)
def event_shared(ctx: Context, values: Values) -> Reply:
    """The link itself."""
    event = found_event(ctx, values["event"])
    return Reply("event_shared", {"title": event.title, "link": values["link"]}, (see(event),))


def _own_event(ctx: Context, number: int) -> Event:
    """An event whose hosts' people the caller is of, locked. Raises Refusal."""
    event = found_event(ctx, number, lock=True)
    if not may_organise(ctx, event):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(event.host))
    return event


def _send(ctx: Context, event: Event, link: str) -> int:
    """Queue the link for everybody who said yes but the caller; returns how many that reaches."""
    before, key = len(ctx.told), hashlib.blake2b(link.encode(), digest_size=12).hexdigest()
    for one in ctx.store.rsvps.of_event(event.number, YES):
        if one.person != ctx.person.id:
            sent = kept_notice(ctx, SHARED, event.number, one.person, key)
            left_out = sent is not None and sent.state == "skipped"  # it was taken back before they got it
            once = f"{key}:{ctx.now.isoformat()}" if left_out else key
            notify_event(ctx, SHARED, event, (one.person,), once, link=link)
    return len(ctx.told) - before


def _prove_taps(ctx: Context, event: Event, link: str) -> tuple[Button, ...]:
    """[Add as evidence], where the event is logged and this link proves nothing yet."""
    logged = logged_as(ctx, event)
    if logged is None or not ctx.may("log_activities", event.host):
        return ()
    if any(one.url == link for one in logged.evidence):
        return ()
    return (Button(N_("Add as evidence"), "add link", {"activity": str(logged.record.id), "link": link}),)
