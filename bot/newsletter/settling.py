"""What is due of the newsletter: a draft, an edition's hour, the end of the hours for it (engagement.md 3).

Each step looks again and leaves its mark on the edition, which is held: so it makes no difference who does
it, how late, or who else tries.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.context import Context
from bot.in_force import charters_in
from bot.newsletter.checking import faults_of
from bot.newsletter.drafting import draft_due, drafts_at, planned_send
from bot.newsletter.looking import FEW, looked_again, too_little
from bot.newsletter.sending import WINDOW, end_of_hours, freeze, hours_end
from bot.newsletter.telling import tell_closed, tell_held, tell_left_out
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition
from bot.rules.newsletter.windows import in_window, window_end
from storage.store import Store

LOOKED_AT = 2  # editions that went out, of which something may still be on its way
LEAST_HELD = timedelta(days=2)  # before a held edition makes room for the next one
# Why an edition is held.
UNANSWERED, FAULTS, CHANGED = "unanswered", "faults", "changed"


def next_due(store: Store) -> datetime | None:
    """When something is due next of the newsletter (UTC), past moments included; None if nothing is."""
    edition = store.editions.open()
    moments = [_hours_end(store, one) for one in store.editions.sent(LOOKED_AT)[0]]
    if edition is not None and edition.state in ("draft", "approved"):
        moments.append(edition.send_at)
    elif edition is not None:
        moments.append(_makes_room(store, edition))
    else:
        sends_at = planned_send(store)
        moments.append(drafts_at(store, sends_at) if sends_at else None)
    return min((moment for moment in moments if moment is not None), default=None)


def settle(ctx: Context) -> None:
    """Bring about all that is due by now of the newsletter."""
    for one in ctx.store.editions.sent(LOOKED_AT)[0]:
        ends = _hours_end(ctx.store, one)
        if ends is not None and ends <= ctx.now:
            held = ctx.store.editions.get(one.number, lock=True)
            if held is not None and held.state == "approved":
                end_of_hours(ctx, held)
    edition = ctx.store.editions.open()
    if edition is not None and edition.state == "held":
        edition = _close_held(ctx, edition)
    if edition is None:
        draft_due(ctx)
    elif edition.state in ("draft", "approved") and edition.send_at <= ctx.now:
        locked = ctx.store.editions.get(edition.number, lock=True)
        if locked is not None and locked.sent_at is None and locked.state in ("draft", "approved"):
            _send_or_hold(ctx, locked)


def may_go(ctx: Context, edition: Edition) -> str:
    """Why an edition may not go out now, "" if it may."""
    zone = ctx.charter.alliance.zone
    if not in_window(ctx.now, zone) or ctx.now >= window_end(edition.send_at, zone):
        return WINDOW
    if seal(edition) != edition.seal:
        return CHANGED
    if faults_of(ctx, edition):
        return FAULTS
    waits = edition.approval == "second" and edition.state != "approved"
    return UNANSWERED if waits else ""


def _send_or_hold(ctx: Context, edition: Edition) -> None:
    why, before = may_go(ctx, edition), edition
    if not why:
        edition, lost = looked_again(ctx, before, ctx.now)
        why = FEW if lost and too_little(ctx, before, edition) else ""
        if lost:
            tell_left_out(ctx, edition, lost)
    if not why:
        freeze(ctx, edition)
        return
    held = replace(edition, state="held", why=why, version=edition.version + 1)
    held = ctx.store.editions.write(held)
    tell_held(ctx, held, _makes_room(ctx.store, held))


def _makes_room(store: Store, held: Edition) -> datetime | None:
    """When a held edition makes room for the next one (UTC): when that one's draft is made. None while nobody
    reads the newsletter."""
    sends_at = planned_send(store)
    return None if sends_at is None else max(drafts_at(store, sends_at), held.send_at + LEAST_HELD)


def _close_held(ctx: Context, edition: Edition) -> Edition | None:
    """Nobody said what to do with a held edition, and the next one is due: there is no such edition, its
    items can stand in the next one. None then, else the edition."""
    ends = _makes_room(ctx.store, edition)
    if ends is None or ctx.now < ends:
        return edition
    locked = ctx.store.editions.get(edition.number, lock=True)
    if locked is None or locked.state != "held" or locked.sent_at is not None:
        return locked
    ctx.store.news.release(locked.number)
    closed = ctx.store.editions.write(replace(locked, state="skipped", version=locked.version + 1))
    tell_closed(ctx, closed)
    return None


def _hours_end(store: Store, edition: Edition) -> datetime | None:
    zone = charters_in(store).versions[-1][1].alliance.zone
    return hours_end(store, edition, zone)
