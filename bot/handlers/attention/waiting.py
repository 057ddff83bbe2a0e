"""What waits for somebody and is said together with other things, in a digest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import structlog

from bot.context import Context
from bot.messages import Reply
from bot.notices import NOTICES
from bot.people.duties import STANDS_FOR
from bot.people.waking import away
from storage.deliveries import Delivery
from storage.store import Busy

log = structlog.get_logger()

DIGEST = "digest"
Line = tuple[Delivery, Reply]  # a message, and what it says in a line, with the taps that settle it


def still_said(ctx: Context, numbers: Iterable[int]) -> Iterator[Line]:
    """Of these deliveries (by number) those that their reader is still to get, in the same order, each in a
    line as it stands now: it is still due and not over, and they stopped neither its kind nor its theme
    meanwhile. One that cannot be said is left out and stops no other."""
    stopped, chosen = ctx.store.silenced.kinds(ctx.person.id), ctx.store.attention.of(ctx.person.id)
    off = {theme for theme, one in chosen.items() if one.pace == "off"}
    for number in dict.fromkeys(numbers):
        one = ctx.store.deliveries.get(number)
        line = _line_unbroken(ctx, one, stopped, off) if one is not None else None
        if one is not None and line is not None:
            yield one, line


def each_once(lines: Sequence[Line]) -> list[Line]:
    """The same without what a newer one says, too: of two about the same the newest stays."""
    kept: list[Line] = []
    said: set[str] = set()
    for one, line in sorted(lines, key=lambda each: each[0].id, reverse=True):
        about = set(NOTICES[one.kind].about(one.values))
        if not about or not about <= said:
            kept.append((one, line))
        said |= about
    return [each for each in lines if each in kept]


def can_be_said(ctx: Context, line: Reply) -> bool:
    """Whether a line comes to words. What does not is a mistake of ours, and kept for us to see."""
    try:
        return bool(ctx.rendered(line.template, line.values).strip())
    except Exception as bug:
        log.error("line_unreadable", template=line.template, exc_info=bug)
        return False


def _line_unbroken(
    ctx: Context, one: Delivery, stopped: Collection[str], off: Collection[str]
) -> Reply | None:
    """What it says in a line; None for what is not to be said, or cannot be."""
    try:
        line = _in_one_line(ctx, one) if _is_meant(ctx, one, stopped, off) else None
    except Busy:
        raise
    except Exception as bug:
        log.error("line_unreadable", delivery=one.id, kind=one.kind, exc_info=bug)
        return None
    return line if line is not None and can_be_said(ctx, line) else None


def _is_meant(ctx: Context, one: Delivery, stopped: Collection[str], off: Collection[str]) -> bool:
    notice = NOTICES.get(one.kind)
    if notice is None or one.kind == DIGEST or one.person_id != ctx.person.id:
        return False
    if STANDS_FOR in one.values and away(ctx, one.values[STANDS_FOR]) != ctx.person.id:
        return False
    if one.fixed_end and one.useful_until is not None and one.useful_until <= ctx.now:
        return False
    if (notice.stoppable and one.kind in stopped) or (notice.theme in off and notice.takes(ctx, one.values)):
        return False
    return notice.still_due(ctx, one.values)


def _in_one_line(ctx: Context, one: Delivery) -> Reply:
    notice = NOTICES[one.kind]
    if notice.line is not None:
        return notice.line(ctx, one.values)
    if notice.render is not None:
        return notice.render(ctx, one.values)
    return Reply(one.template, one.values, one.buttons)
