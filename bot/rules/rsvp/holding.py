"""Until when a seat is held for somebody who was offered it (spec/engagement.md section 1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.rules.attention import Waking, after_waking
from bot.rules.events.moments import LAST_CALL

LONGEST_HOLD = timedelta(hours=24)  # of waking time
SHARE = 3  # of the time left until the start, one part in three


def held_until(now: datetime, starts_at: datetime, waking: Waking) -> datetime:
    """Until when (UTC) a seat offered now is held: 24 hours, or a third of the time that is left if that is
    less. The clock stops in their quiet hours, and two hours before the start it is over, so that a moment
    before `now` is possible: then no offer is made."""
    hold = min(LONGEST_HOLD, (starts_at - now) / SHARE)
    return min(after_waking(now, hold, waking), starts_at.astimezone(UTC) - LAST_CALL)
