"""How far an edition is at a moment (spec/engagement.md section 3)."""

from __future__ import annotations

from datetime import datetime

from bot.rules.broadcasts.values import Tally
from bot.rules.newsletter.values import Edition, Phase


def phase(edition: Edition, tally: Tally, now: datetime) -> Phase:
    """How far it is `now` (UTC). An approved one is "scheduled" until its audience is frozen, "sending" while
    messages are on their way, then "sent". Whether those that wait are stopped is said by its state."""
    if edition.state != "approved":
        return edition.state
    if edition.sent_at is None or now < edition.sent_at:
        return "scheduled"
    return "sending" if tally.open else "sent"
