"""What waits for somebody, decided upon once more: they want it in another way now, or are back."""

from __future__ import annotations

from datetime import datetime

from bot.context import Context
from bot.notices import NOTICES
from storage.deliveries import Delivery


def anew(ctx: Context) -> int:
    """What attention put off for the caller is decided upon now, by how they want it from now on: how many
    messages that are. What they put off themselves stays where it is."""
    waiting = ctx.store.deliveries.waiting_for(ctx.person.id)
    put_off = [one for one in waiting if one.since and not one.asked and one.not_before > ctx.now]
    for one in put_off:
        ctx.store.deliveries.look_again(one.id, ctx.now, _end(one, ctx.now))
    return len(put_off)


def _end(one: Delivery, now: datetime) -> datetime | None:
    """Until when it helps: an end of its own stays, the other kind moves along with its moment."""
    notice = NOTICES.get(one.kind)
    return one.useful_until if notice is None or one.fixed_end else now + notice.useful
