"""Looking again at what stands in an edition, before somebody answers for it and before it goes out.

Between the draft and its hour an event is cancelled, an activity withdrawn, an item is for fewer people:
that is left out, and the coordination team is told (engagement.md 3.4, decision 25).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from bot.context import Context
from bot.newsletter.collecting import found_again
from bot.newsletter.standing import newsletter_of
from bot.rules.events.sessions import sessions
from bot.rules.newsletter.composing import words_of
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition, Item

Lost = Literal["withdrawn", "cancelled", "over", "moved", "fewer", "no member"]
FEW: Final = "few"  # why an edition is held: too little is left of it


def looked_again(
    ctx: Context, edition: Edition, at: datetime
) -> tuple[Edition, tuple[tuple[Item, Lost], ...]]:
    """The edition without what cannot stand in it at that moment (UTC), and each of these with why. What is
    left keeps the seal it was given; what was left out can be found again, or waits."""
    judged = [(item, lost_by(ctx, item, at)) for item in edition.items]
    lost = tuple((item, why) for item, why in judged if why is not None)
    if not lost:
        return edition, ()
    for item, _ in lost:
        kept = ctx.store.news.get(item.id, lock=True)
        if kept is not None and kept.used_in == edition.number:
            ctx.store.news.write(replace(kept, used_in=None))
    rest = tuple(item for item, why in judged if why is None)
    after = replace(edition, items=rest, version=edition.version + 1)
    if seal(edition) == edition.seal:
        after = replace(after, seal=seal(after))
    return ctx.store.editions.write(after), lost


def lost_by(ctx: Context, item: Item, at: datetime) -> Lost | None:
    """Why an item cannot stand in an edition at that moment any more, as things are now; None if it can."""
    if item.organisation and item.organisation not in ctx.organisations:
        return "no member"
    kept = ctx.store.news.get(item.id)
    if kept is not None and kept.dropped_at is not None:
        return "withdrawn"
    now = kept if item.source == "member" else found_again(ctx, item)
    if now is None:
        return "cancelled" if item.source == "event" else "withdrawn"
    opened = kept is not None and kept.consent == "members" and item.source != "member"  # by an editor
    narrower = item.consent == "public" and now.consent == "members" and not opened
    if narrower or _is_for_few(ctx, item):
        return "fewer"
    return _too_late(ctx, item, at) if item.source == "event" else None


def too_little(ctx: Context, before: Edition, after: Edition) -> bool:
    """Whether what is left of an edition is not worth one any more, and was."""
    return not after.items or (_is_worth(ctx, before.items) and not _is_worth(ctx, after.items))


def _is_for_few(ctx: Context, item: Item) -> bool:
    event = ctx.store.events.get(int(item.key)) if item.source == "event" else None
    return event is not None and event.audience not in ("public", "members")


def _too_late(ctx: Context, item: Item, at: datetime) -> Lost | None:
    """An event that has begun, or that begins at another hour than the item says."""
    event = ctx.store.events.get(int(item.key))
    if event is None or item.at not in {one.starts_at for one in sessions(event)}:
        return "moved"
    return "over" if item.at <= at else None


def _is_worth(ctx: Context, items: Sequence[Item]) -> bool:
    limits = newsletter_of(ctx)
    return len(items) >= limits.least_items and sum(map(words_of, items)) >= limits.least_words
