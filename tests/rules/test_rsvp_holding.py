"""Until when a seat is held for whoever was offered it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.attention import Waking
from bot.rules.rsvp.holding import held_until

LISBON = Waking("Europe/Lisbon", lambda _: False)
ALWAYS_AWAY = Waking("Europe/Lisbon", lambda _: True)


def at(text: str) -> datetime:
    """A moment that the clocks of Lisbon show, "2026-11-24 17:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Lisbon"))


@pytest.mark.parametrize(
    ("now", "starts", "until"),
    [
        ("2026-11-24 16:30", "2026-12-10 09:30", "2026-11-27 12:00"),  # a day of waking hours
        ("2026-11-24 09:00", "2026-11-24 18:00", "2026-11-24 12:00"),  # a third of nine hours
        ("2026-11-24 17:00", "2026-11-25 17:00", "2026-11-25 15:00"),  # eight hours, of which one is today
        ("2026-11-24 17:00", "2026-11-25 11:00", "2026-11-25 09:00"),  # cut off two hours before
        ("2026-11-24 20:00", "2026-11-25 09:00", "2026-11-25 07:00"),
        ("2026-11-27 17:00", "2026-11-29 12:00", "2026-11-29 10:00"),  # over a weekend the clock stands
        ("2026-11-24 09:00", "2026-11-24 11:30", "2026-11-24 09:30"),
    ],
)
def test_a_seat_is_held_for_a_day_or_a_third_of_what_is_left(now: str, starts: str, until: str) -> None:
    assert held_until(at(now), at(starts), LISBON) == at(until)


def test_the_clock_runs_for_who_is_never_at_work() -> None:
    assert held_until(at("2026-11-24 16:30"), at("2026-12-10 09:30"), ALWAYS_AWAY) == at("2026-11-25 16:30")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(), timedelta(days=60)),
)
def test_an_offer_is_over_two_hours_before_the_start_and_lasts_a_while_before_that(
    now: datetime, left: timedelta
) -> None:
    until = held_until(now, now + left, LISBON)
    assert until <= now + left - timedelta(hours=2)
    assert (until > now) == (left > timedelta(hours=2))
    assert until >= min(now + min(timedelta(hours=24), left / 3), now + left - timedelta(hours=2))
