"""Reading now what waits, instead of when it would come (engagement.md section 2)."""

from __future__ import annotations

from datetime import timedelta

from bot.batches import changed
from bot.commands import N_, command
from bot.context import Context
from bot.handlers.attention.coming import comes_next, events_ahead, newest_edition, votes_ahead
from bot.handlers.attention.digest import ALL_I_OWE, MOST, greeted
from bot.handlers.attention.numbered import numbered_taps
from bot.handlers.attention.waiting import DIGEST, Line, can_be_said, each_once, still_said
from bot.handlers.newsletter.answers import read_tap
from bot.messages import Button, Reply
from bot.notices import NOTICES
from bot.people.duties import all_owed, stands_in
from storage.deliveries import Delivery

EVER = timedelta(days=400)  # nothing is put off for so long
EVENTS = Button(N_("Events"), "events")


@command(
    "digest",
    N_("What waits for you, and what the next two weeks bring"),
    example="/digest",
    aliases=("what waits",),
)
def digest_now(ctx: Context) -> Reply:
    """What waits for the caller is said now and does not come again; then the events and votes of the next
    two weeks, and what the newest edition of the newsletter says."""
    ctx.in_private()
    waiting = _taken(ctx)
    lines = tuple(line for _, line in waiting[:MOST])
    named = {name for one, _ in waiting[:MOST] for name in NOTICES[one.kind].about(one.values)}
    events, votes, news = events_ahead(ctx, named), votes_ahead(ctx), newest_edition(ctx)
    values = {
        **greeted(ctx),
        **comes_next(ctx),
        "events": events,
        "votes": votes,
        "edition": news[0].title if news else "",
        "items": news[1] if news else [],
        "more_items": news[2] if news else 0,
        "number": len(waiting),
        "more": len(waiting) - len(lines),
        "owed": 0 if waiting else _owed(ctx),
    }
    read = (read_tap(news[0]),) if news else ()
    return Reply("digest_now", values, (*numbered_taps(ctx, lines), ALL_I_OWE, *read, EVENTS), parts=lines)


def _taken(ctx: Context) -> list[Line]:
    """What attention made wait for the caller, the most urgent first, as much as a message takes: from now on
    it goes no way of its own. What they asked to have later stays, and so does what is not due yet."""
    ctx.store.persons.hold(ctx.person.id)
    meant: list[Line] = []
    taken: list[Delivery] = []
    for one in ctx.store.deliveries.company(ctx.person.id, ctx.now + EVER):
        own = list(still_said(ctx, _items(one))) if _waits(ctx, one) else []
        said = each_once([*meant, *own])
        if own and (not meant or len(said) <= MOST):
            meant = said
            taken.append(one)
    ctx.store.deliveries.fold([one.id for one in taken], ctx.now)
    for batch in sorted({one.batch for one in taken if one.batch}):
        changed(ctx.store, batch)
    return meant


def _owed(ctx: Context) -> int:
    """How many things `/todo` lists for the caller."""
    own = (*all_owed(ctx), *(one for _, owed in stands_in(ctx) for one in owed))
    return len({one.key for one in own if can_be_said(ctx, one.reply)})


def _waits(ctx: Context, one: Delivery) -> bool:
    notice = NOTICES.get(one.kind)
    if notice is None or one.asked or not (one.since is not None or one.not_before <= ctx.now):
        return False
    return notice.takes(ctx, one.values)


def _items(one: Delivery) -> tuple[int, ...]:
    """What it says: itself; of a digest what is in it."""
    return tuple(one.values["items"]) if one.kind == DIGEST else (one.id,)
