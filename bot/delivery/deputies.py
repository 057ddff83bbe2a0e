"""What asks something of somebody who is away: their deputy gets a copy (spec/engagement.md 2 and 9.9)."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.batches import root_key
from bot.context import Context
from bot.notices import NOTICES
from bot.people.duties import STANDS_FOR, as_person
from bot.people.waking import away
from storage.deliveries import Delivery
from storage.store import Busy

log = structlog.get_logger()


def ask_deputy(ctx: Context, one: Delivery) -> None:
    """While the reader of a claimed notice is away their deputy is asked the same, once, however many they
    stand in for, if they could do it and want to be told of it. What was passed on to somebody is never
    passed on again. What counts waits for its reader as everything does; what does not comes to both."""
    person, notice = one.person_id, NOTICES[one.kind]
    if person is None or STANDS_FOR in one.values:
        return
    deputy = away(ctx, person)
    if not deputy:
        return
    stem = root_key(one).removesuffix(f":{person}")
    if ctx.store.deliveries.by_key(f"{stem}:{deputy}") is not None:  # they are asked anyway
        return
    there = ctx.reached(deputy, notice.theme)
    if there is None or not _wants_unbroken(ctx, deputy, one):
        return
    copy = replace(
        one,
        id=0,
        key=f"{stem}:for:{deputy}",
        platform=there.account.platform,
        account_id=there.account_id,
        person_id=deputy,
        values={**one.values, STANDS_FOR: person},
        not_before=ctx.now,
        useful_until=one.useful_until if one.fixed_end else ctx.now + notice.useful,
        since=None,
        counted=False,
        attempts=0,
        state="queued",
        says="",
        batch="",
        reader="",
    )
    ctx.store.deliveries.queue([copy])


def _wants_unbroken(ctx: Context, deputy: int, one: Delivery) -> bool:
    """`_wants`; where that breaks its reader is asked, once they are back."""
    try:
        return _wants(ctx, deputy, one)
    except Busy:
        raise
    except Exception as bug:
        log.warning("delivery_not_passed_on", delivery=one.id, kind=one.kind, exc_info=bug)
        return False


def _wants(ctx: Context, deputy: int, one: Delivery) -> bool:
    """Whether a deputy could do what it asks for, and wants to be told of such things."""
    notice, theirs = NOTICES[one.kind], as_person(ctx, deputy)
    if theirs is None or (notice.stoppable and one.kind in ctx.store.silenced.kinds(deputy)):
        return False
    values = {**one.values, STANDS_FOR: one.person_id}
    chosen = ctx.store.attention.of(deputy).get(notice.theme)
    counts = notice.takes(theirs, values)
    if counts and chosen is not None and chosen.pace == "off":
        return False
    return notice.still_due(theirs, values)
