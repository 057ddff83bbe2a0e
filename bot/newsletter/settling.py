"""What is due of the newsletter: a draft, an edition's hour, the end of the hours for it (engagement.md 3).

Each step looks again and leaves its mark on the edition, which is held: so it makes no difference who does
it, how late, or who else tries.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.context import Context
from bot.in_force import charters_in
from bot.newsletter.checking import faults_of
from bot.newsletter.drafting import draft_due, drafts_at, planned_send
from bot.newsletter.sending import WINDOW, end_of_hours, freeze, hours_end
from bot.newsletter.telling import tell_held
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition
from bot.rules.newsletter.windows import in_window, window_end
from storage.store import Store

LOOKED_AT = 2  # editions that went out, of which something may still be on its way
# Why an edition is held.
UNANSWERED, FAULTS, CHANGED = "unanswered", "faults", "changed"


def next_due(store: Store) -> datetime | None:
    """When something is due next of the newsletter (UTC), past moments included; None if nothing is."""
    edition = store.editions.open()
    moments = [_hours_end(store, one) for one in store.editions.sent(LOOKED_AT)[0]]
    if edition is not None and edition.state in ("draft", "approved"):
        moments.append(edition.send_at)
    elif edition is None:
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
    why = may_go(ctx, edition)
    if not why:
        freeze(ctx, edition)
        return
    held = replace(edition, state="held", why=why, version=edition.version + 1)
    tell_held(ctx, ctx.store.editions.write(held))


def _hours_end(store: Store, edition: Edition) -> datetime | None:
    zone = charters_in(store).versions[-1][1].alliance.zone
    return hours_end(store, edition, zone)
