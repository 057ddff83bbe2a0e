"""Reading an announcement that came in a digest."""

from __future__ import annotations

from dataclasses import replace

from bot.broadcasts.standing import batch_of, found_broadcast
from bot.commands import N_, command
from bot.context import Context
from bot.handlers.announcing.answers import PERSON
from bot.handlers.announcing.notices import announcement_itself
from bot.handlers.announcing.preview import NUMBER
from bot.messages import Refusal, Reply
from bot.rules.broadcasts.values import Broadcast


@command("read announcement", N_("Read an announcement"), hidden=True)
def read_announcement(ctx: Context, number: NUMBER) -> Reply:
    """An announcement as it stands now, for whoever it was sent to, and for who announces. It can be answered
    where it stands, so it is no mere look. Raises Refusal for others."""
    ctx.in_private()
    found = found_broadcast(ctx, number)
    if not _is_for(ctx, found):
        raise Refusal("announcement_missing", number=number)
    back = {"withdrawn": True} if found.state == "retracted" else {}
    edited = {"version": found.version} if found.edited_at is not None else {}
    said = announcement_itself(ctx, {"broadcast": number, **back, **edited})
    return replace(said, buttons=(), media=0, silent=False)


def _is_for(ctx: Context, found: Broadcast) -> bool:
    key = f"{batch_of(found)}:{PERSON}{ctx.person.id}"
    return ctx.may("announce") or ctx.store.deliveries.by_key(key) is not None
