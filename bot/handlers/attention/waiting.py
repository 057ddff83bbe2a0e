"""What waits for somebody and is said together with other things, in a digest."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import Context
from bot.messages import Reply
from bot.notices import NOTICES, Notice
from storage.deliveries import Delivery

DIGEST = "digest"


def still_meant(ctx: Context, numbers: Iterable[int]) -> tuple[Delivery, ...]:
    """Of these deliveries (by number) those that their reader is still to get, in the same order: each is
    still due, and they stopped neither its kind nor its theme meanwhile."""
    stopped, chosen = ctx.store.silenced.kinds(ctx.person.id), ctx.store.attention.of(ctx.person.id)
    off = {theme for theme, one in chosen.items() if one.pace == "off"}
    kept = (ctx.store.deliveries.get(number) for number in dict.fromkeys(numbers))
    return tuple(one for one in kept if one is not None and _is_meant(ctx, one, stopped, off))


def in_one_line(ctx: Context, one: Delivery) -> Reply:
    """What a message says in a line, with the taps that settle it, as it stands now."""
    notice = NOTICES[one.kind]
    if notice.line is not None:
        return notice.line(ctx, one.values)
    if notice.render is not None:
        return notice.render(ctx, one.values)
    return Reply(one.template, one.values, one.buttons)


def counts(ctx: Context, notice: Notice, one: Delivery) -> bool:
    """Whether a message takes from its reader's attention."""
    return notice.counts(ctx, one.values) if callable(notice.counts) else notice.counts


def _is_meant(ctx: Context, one: Delivery, stopped: Iterable[str], off: Iterable[str]) -> bool:
    notice = NOTICES.get(one.kind)
    if notice is None or one.kind == DIGEST or one.person_id != ctx.person.id:
        return False
    if (notice.stoppable and one.kind in stopped) or (notice.theme in off and counts(ctx, notice, one)):
        return False
    return notice.still_due(ctx, one.values)
