"""What the next two weeks bring somebody, and what the newsletter said last: for who asks for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot.context import Context
from bot.handlers.newsletter.answers import organisation_name, readers_items
from bot.handlers.rsvp.owed import is_for, is_soon
from bot.handlers.rsvp.own_answers import timed
from bot.newsletter.archive import has_gone
from bot.newsletter.drafting import next_out
from bot.newsletter.subscribing import subscription_of
from bot.rules.decisions.phases import phase
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event
from bot.rules.newsletter.values import Edition
from bot.rules.rsvp.values import Rsvp

MOST_EVENTS, MOST_VOTES, MOST_ITEMS = 6, 4, 3
SAID_NO = ("declined", "withdrawn", "no_show")
LOOKED_THROUGH = 5  # editions, for the newest one that readers have


def events_ahead(ctx: Context, but: Collection[str] = ()) -> list[dict[str, Any]]:
    """The events of the next two weeks to which the caller goes or is invited, the soonest first: when each
    is, and their `answer`, "" for none. What is named in `but`, as a duty is, is left out if not answered."""
    own = {one.event: one for one in ctx.store.rsvps.of_person(ctx.person.id)}
    found = [
        {**timed(ctx, event), "answer": _said(own.get(event.number))}
        for event in ctx.store.events.coming(ctx.now)
        if is_soon(ctx, _starts(ctx, event)) and _is_theirs(ctx, event, own.get(event.number))
    ]
    found = [one for one in found if one["answer"] or f"event answer:{one['number']}" not in but]
    return sorted(found, key=lambda one: str(one["starts"]))[:MOST_EVENTS]


def votes_ahead(ctx: Context) -> list[dict[str, Any]]:
    """The votes that close in the next two weeks, the first to close first."""
    live = (one for one in ctx.store.motions.live() if phase(one, ctx.now) == "open")
    soon = sorted((one for one in live if is_soon(ctx, one.closes_at)), key=lambda one: one.closes_at)
    return [
        {"number": one.number, "title": one.title, "closes": one.closes_at.isoformat()}
        for one in soon[:MOST_VOTES]
    ]


def newest_edition(ctx: Context) -> tuple[Edition, list[dict[str, str]], int] | None:
    """The newest edition of the newsletter that went out, the first items that the caller may read, and how
    many more there are; None for none."""
    latest = next((one for one in ctx.store.editions.sent(LOOKED_THROUGH)[0] if has_gone(one)), None)
    items = readers_items(ctx, latest) if latest else ()
    if latest is None or not items:
        return None
    shown = [
        {"title": one.title, "organisation": organisation_name(ctx, one.organisation)}
        for one in items[:MOST_ITEMS]
    ]
    return latest, shown, len(items) - len(shown)


def comes_next(ctx: Context) -> dict[str, Any]:
    """What comes next after these two weeks: the first event for the caller (`next_event`, None for none),
    and for who subscribed when the newsletter is out ("" for others)."""
    own = {one.event: one for one in ctx.store.rsvps.of_person(ctx.person.id)}
    theirs = [one for one in ctx.store.events.coming(ctx.now) if _is_theirs(ctx, one, own.get(one.number))]
    first = min(theirs, key=lambda one: _starts(ctx, one), default=None)
    subscription = subscription_of(ctx.store, ctx.person.id)
    reads = subscription is not None and subscription.state == "on"
    out = next_out(ctx).isoformat() if reads else ""
    return {"next_event": timed(ctx, first) if first else None, "newsletter": out}


def _starts(ctx: Context, event: Event) -> datetime:
    return session_at(event, ctx.now).starts_at


def _is_theirs(ctx: Context, event: Event, own: Rsvp | None) -> bool:
    if event.state != "planned":
        return False
    if own is None or own.state == "invited":
        return is_for(ctx, event)
    return own.state not in SAID_NO and not own.gave_back


def _said(own: Rsvp | None) -> str:
    return own.state if own is not None and own.state != "invited" else ""
