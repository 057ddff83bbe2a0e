"""What a handler or a job leaves behind: messages on their way, and cards that show what it changed."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import CARDS
from bot.context import Context
from bot.messages import kept


def leave_behind(ctx: Context) -> int:
    """Queue what others are told, and mark the cards stale that show a noun which this transaction has
    changed; how many messages are new. In the transaction that did the work."""
    new = ctx.store.deliveries.queue([replace(one, values=kept(one.values)) for one in ctx.told])
    changed = ctx.store.changed
    if changed and (kinds := [one.kind for one in CARDS.values() if changed.intersection(one.shows)]):
        ctx.store.cards.stale_kinds(kinds)
    return new
