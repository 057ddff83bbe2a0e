"""The events' deadlines: held seats run out, the last call, the end, the questions (engagement.md 1)."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.context import Context
from bot.events.seating import catch_up
from bot.events.settling import next_due, settle
from bot.timetable import deadlines
from storage.store import Store

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@deadlines("Events", next_due)
def events(ctx: Context) -> None:
    """Whatever is due of any event happens now."""
    settle(ctx)


def next_outdated(store: Store) -> datetime | None:
    """A moment that is past, if somebody has a seat by a role that ended; else None."""
    return LONG_AGO if store.rsvps.outdated() else None


@deadlines("Seats", next_outdated)
def seats(ctx: Context) -> None:
    """Whoever's role ended by a decision of the Assembly holds no seat by it any more."""
    catch_up(ctx)
