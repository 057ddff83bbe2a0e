"""How far an announcement is: from what was decided, when it goes, and how its messages stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.broadcasts.phases import has_begun, may_stop, phase
from bot.rules.broadcasts.values import COOLING, Broadcast, Decided, Phase, Tally

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DRAFT = Broadcast(number=3, texts={"en": "Hello"}, created_by=1, created_at=NOW)
GOING = replace(DRAFT, state="sending", confirmed_by=1, confirmed_at=NOW, send_at=NOW + COOLING)
counts = st.integers(0, 3)
tallies = st.builds(Tally, counts, counts, counts, counts, counts, counts)


@pytest.mark.parametrize(
    ("after", "tally", "expected"),
    [
        (timedelta(), Tally(queued=37), "cooling"),
        (timedelta(minutes=2, seconds=59), Tally(queued=37), "cooling"),
        (timedelta(minutes=3), Tally(queued=37), "sending"),
        (timedelta(minutes=4), Tally(attempting=1, sent=36), "sending"),
        (timedelta(minutes=4), Tally(queued=1, failed=2), "sending"),
        (timedelta(minutes=5), Tally(sent=37), "done"),
        (timedelta(minutes=5), Tally(sent=30, skipped=7), "done"),
        (timedelta(minutes=5), Tally(sent=36, failed=1), "partly_failed"),
        (timedelta(minutes=5), Tally(sent=36, unknown=1), "partly_failed"),
        (timedelta(days=400), Tally(), "done"),  # nobody, or kept no longer
    ],
)
def test_an_announcement_on_its_way(after: timedelta, tally: Tally, expected: Phase) -> None:
    assert phase(GOING, tally, NOW + after) == expected


def test_monday_waits_and_cools_down_at_its_end() -> None:
    monday = replace(GOING, send_at=NOW + timedelta(days=6))
    assert phase(monday, Tally(queued=37), NOW) == "waiting"
    assert phase(monday, Tally(queued=37), NOW + timedelta(days=6) - COOLING) == "cooling"
    assert not has_begun(monday, NOW + timedelta(days=5))
    assert has_begun(monday, NOW + timedelta(days=6))
    assert not has_begun(DRAFT, NOW)


@given(st.sampled_from(["draft", "awaiting", "stopped", "retracted"]), tallies)
def test_what_somebody_decided_stands_whatever_was_sent(decided: Decided, tally: Tally) -> None:
    assert phase(replace(GOING, state=decided), tally, NOW + timedelta(hours=1)) == decided


@given(tallies, st.timedeltas(timedelta(), timedelta(days=1)))
def test_what_can_be_stopped_is_what_is_not_over(tally: Tally, after: timedelta) -> None:
    stands = phase(GOING, tally, NOW + after)
    assert may_stop(GOING, tally, NOW + after) == (stands in ("cooling", "sending"))
    assert has_begun(GOING, NOW + after) == (stands != "cooling")
    assert (stands in ("done", "partly_failed")) == (after >= COOLING and not tally.open)


def test_only_a_draft_that_waits_for_a_second_can_be_stopped_before() -> None:
    assert may_stop(replace(DRAFT, state="awaiting"), Tally(), NOW)
    assert not may_stop(DRAFT, Tally(), NOW)
    assert not may_stop(replace(GOING, state="stopped"), Tally(queued=1), NOW)
