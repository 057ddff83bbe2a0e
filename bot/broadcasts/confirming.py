"""From a yes to messages on their way: cooling, waiting for a second person, stopping (section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import batches
from bot.broadcasts.audience import Audience
from bot.broadcasts.standing import KIND, SECOND, batch_of, card_of
from bot.context import Context
from bot.messages import Place
from bot.rules.broadcasts.values import COOLING, Broadcast


def put_on_its_way(ctx: Context, broadcast: Broadcast, audience: Audience) -> Broadcast:
    """Its readers are frozen and each has a message that waits: for the three minutes in which it can be
    stopped, or for the moment (`send_at`) that was chosen. Its progress stands with whoever confirmed it."""
    at = max(broadcast.send_at or ctx.now, ctx.now + COOLING)
    places = tuple(one.place_id for one in audience.reach.chats)
    going = replace(broadcast, state="sending", send_at=at, places=places)
    ctx.store.broadcasts.write(going)
    batches.send(ctx, batch_of(going.number), KIND, {"broadcast": going.number}, audience.readers, at)
    show_progress(ctx, going)
    return going


def ask_second(ctx: Context, broadcast: Broadcast) -> tuple[int, ...]:
    """Whoever else may announce is asked to agree: who they are, by person. Nothing goes before one did."""
    others = tuple(one for one in announcers(ctx) if one not in authors(broadcast))
    at = broadcast.confirmed_at or ctx.now
    key = f"{SECOND}:{broadcast.number}:{at.isoformat()}"
    for person in others:
        ctx.notify(person, SECOND, key, {"broadcast": broadcast.number, "at": at.isoformat()})
    return others


def asks_second(ctx: Context) -> bool:
    """Whether a second person has to agree: from so many member organisations on as the charter says."""
    return len(ctx.members) >= ctx.charter.announcements.second_person_from


def authors(broadcast: Broadcast) -> set[int]:
    """Whose announcement it is, by person: none of them can be the second one to agree."""
    found = (broadcast.created_by, broadcast.confirmed_by, broadcast.edited_by)
    return {one for one in found if one is not None}


def announcers(ctx: Context) -> tuple[int, ...]:
    """Who may announce, by person."""
    found: list[int] = []
    for role in ctx.charter.roles:
        if ctx.charter.allows(role.key, "announce"):
            found += [holder.person.id for holder in ctx.store.roles.holders(role.key)]
    return tuple(dict.fromkeys(found))


def stop(ctx: Context, broadcast: Broadcast) -> tuple[Broadcast, int]:
    """What has not gone yet does not go: the announcement, and how many messages were stopped. None if all
    are out or on their way this moment; then nothing changes."""
    stopped = batches.stop(ctx, batch_of(broadcast.number), "stopped")
    if not stopped:
        return broadcast, 0
    over = replace(broadcast, state="stopped", stopped_by=ctx.person.id, stopped_at=ctx.now)
    ctx.store.broadcasts.write(over)
    ctx.store.cards.stale(card_of(broadcast.number))
    return over, stopped


def show_progress(ctx: Context, broadcast: Broadcast) -> None:
    """The card that follows it stands in the direct chat of whoever acts, from its first message on."""
    place = _own_chat(ctx)
    if place is not None:
        ctx.store.cards.put(card_of(broadcast.number), place, broadcast.send_at or ctx.now)


def draft_again(ctx: Context, broadcast: Broadcast, has_it: Mapping[str, Any]) -> Broadcast:
    """A new draft of what was stopped, for those who did not get it: `has_it` are the persons and places (by
    number) that have it already."""
    reached: set[int] = set(has_it["places"])
    left = None if broadcast.places is None else tuple(one for one in broadcast.places if one not in reached)
    again = replace(
        broadcast, number=0, created_by=ctx.person.id, created_at=ctx.now, state="draft", version=1,
        places=left, without=tuple(dict.fromkeys((*broadcast.without, *has_it["persons"]))), urgent="",
        confirmed_by=None, confirmed_at=None, second_by=None, send_at=None, stopped_by=None, stopped_at=None,
        edited_by=None, edited_at=None,
    )  # fmt: skip
    return ctx.store.broadcasts.add(again)


def back_to_draft(ctx: Context, broadcast: Broadcast) -> Broadcast:
    """It was confirmed and waits for nobody any more."""
    draft = replace(broadcast, state="draft", confirmed_by=None, confirmed_at=None, send_at=None)
    ctx.store.broadcasts.write(draft)
    return draft


def moment(text: str) -> datetime | None:
    """The moment that a button carries; None for at once."""
    return datetime.fromisoformat(text) if text else None


def _own_chat(ctx: Context) -> Place | None:
    """Where somebody reads alone, and what stands can be edited; None if they were never written to there."""
    theirs = (one.direct for one in ctx.store.accounts.of_person(ctx.person.id) if one.reachable)
    every = (ctx.place if ctx.place.kind == "direct" else None, *theirs)
    fit = (place for place in every if place is not None and place.platform not in batches.NEVER_CHANGES)
    return next(fit, None)
