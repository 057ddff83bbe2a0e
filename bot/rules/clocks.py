"""What the clocks on a wall show, and when: also in the two nights of the year in which they jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of a zone show at a moment: a time without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the clocks of a zone show `wall`, a time without a zone, or a later
    one: where they jump over it, the moment of the jump."""
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if shown(after, zone) == wall:
        return after
    # Read by the offset before the jump the time lies after the jump, and the other way round (`fold`).
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        before, after = (middle, after) if shown(middle, zone) < wall else (before, middle)
    return after.replace(microsecond=0)
