"""How far an edition is: from what was decided, whether its audience is frozen, and its messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.broadcasts.values import Tally
from bot.rules.newsletter.phases import phase
from bot.rules.newsletter.values import Decided, Edition

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
EDITION = Edition(
    number=5,
    slug="2026-12",
    title="Green Manufacturing News",
    created_at=NOW - timedelta(days=7),
    collected_since=NOW - timedelta(days=35),
    collected_until=NOW,
    send_at=NOW,
)


@pytest.mark.parametrize("decided", ["draft", "held", "stopped", "skipped"])
def test_what_was_decided_stands(decided: Decided) -> None:
    sent = replace(EDITION, state=decided, sent_at=NOW)
    assert phase(replace(EDITION, state=decided), Tally(), NOW) == decided
    assert phase(sent, Tally(queued=3, sent=4), NOW) == decided


def test_an_approved_one_is_scheduled_then_sending_then_sent() -> None:
    approved = replace(EDITION, state="approved", approved_at=NOW - timedelta(days=1))
    assert phase(approved, Tally(), NOW - timedelta(hours=1)) == "scheduled"
    assert phase(approved, Tally(), NOW + timedelta(hours=1)) == "scheduled"  # nobody has queued it yet
    going = replace(approved, sent_at=NOW)
    assert phase(going, Tally(queued=1, sent=9), NOW) == "sending"
    assert phase(going, Tally(attempting=1), NOW) == "sending"
    assert phase(going, Tally(sent=9, failed=1, unknown=1), NOW) == "sent"
    assert phase(replace(approved, sent_at=NOW + timedelta(minutes=3)), Tally(queued=9), NOW) == "scheduled"
