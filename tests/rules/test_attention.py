"""Waking hours: when somebody may be written to, and how long an hour of theirs takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.attention import Waking, after_waking, is_waking, next_waking
from bot.rules.clocks import shown

HOLIDAYS = frozenset({date(2026, 12, 8), date(2026, 12, 25)})
LISBON = Waking("Europe/Lisbon", HOLIDAYS.__contains__)
RIGA = Waking("Europe/Riga", HOLIDAYS.__contains__)
NEVER = Waking("Europe/Lisbon", lambda _: True)
ZONES = (  # far east and west, odd offsets, jumps at midnight, by half an hour, the other way, over a day
    *("Europe/Lisbon", "Europe/Riga", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"),
    *("America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC"),
)
moments = st.datetimes(
    min_value=datetime(2011, 12, 1),  # noqa: DTZ001
    max_value=datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES)
amounts = st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=60))


def at(text: str, waking: Waking = LISBON) -> datetime:
    """A moment (UTC) that the clocks show, "2026-11-24 17:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(waking.zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-24 08:29", "2026-11-24 08:30"),
        ("2026-11-24 08:30", "2026-11-24 08:30"),
        ("2026-11-24 12:00", "2026-11-24 12:00"),
        ("2026-11-24 17:59", "2026-11-24 17:59"),
        ("2026-11-24 18:00", "2026-11-25 08:30"),
        ("2026-11-27 18:00", "2026-11-30 08:30"),  # a Friday
        ("2026-11-28 12:00", "2026-11-30 08:30"),
        ("2026-12-07 19:00", "2026-12-09 08:30"),  # a holiday on Tuesday
        ("2026-12-24 19:00", "2026-12-28 08:30"),  # and one on Friday
        ("2027-03-26 20:00", "2027-03-29 08:30"),  # the clocks jump in between, to and fro
        ("2026-10-23 20:00", "2026-10-26 08:30"),
    ],
)
def test_who_is_not_at_work_is_from_the_next_opening_on(now: str, opening: str) -> None:
    assert next_waking(at(now), LISBON) == at(opening)
    assert is_waking(at(now), LISBON) == (now == opening)
    assert is_waking(at(opening), LISBON)


def test_everybody_has_their_own_clocks() -> None:
    now = at("2026-11-24 17:00")
    assert is_waking(now, LISBON)
    assert next_waking(now, RIGA) == at("2026-11-25 08:30", RIGA)


@pytest.mark.parametrize(
    ("start", "hours", "then"),
    [
        ("2026-11-24 09:30", 2, "2026-11-24 11:30"),
        ("2026-11-24 09:30", 8.5, "2026-11-24 18:00"),
        ("2026-11-24 09:30", 9, "2026-11-25 09:00"),
        ("2026-11-24 06:00", 1, "2026-11-24 09:30"),
        ("2026-11-24 16:30", 24, "2026-11-27 12:00"),
        ("2026-11-27 17:30", 1, "2026-11-30 09:00"),
        ("2026-12-07 17:00", 2, "2026-12-09 09:30"),
        ("2027-03-26 17:00", 2, "2027-03-29 09:30"),  # the night to 28 March is an hour short
        ("2026-10-23 17:00", 2, "2026-10-26 09:30"),  # the night to 25 October an hour long
        ("2026-11-28 12:00", 0, "2026-11-28 12:00"),
    ],
)
def test_the_clock_stops_in_quiet_hours(start: str, hours: float, then: str) -> None:
    assert after_waking(at(start), timedelta(hours=hours), LISBON) == at(then)


def test_nobody_waits_for_who_is_never_at_work() -> None:
    now = at("2026-11-24 20:00")
    assert not is_waking(now, NEVER)
    assert next_waking(now, NEVER) == now
    assert after_waking(now, timedelta(hours=24), NEVER) == now + timedelta(hours=24)
    august = Waking("Europe/Lisbon", lambda day: day.month == 8)
    assert next_waking(at("2026-08-03 10:00"), august) == at("2026-09-01 08:30")


@given(moments, zones)
def test_the_next_waking_moment_is_by_their_clocks(now: datetime, zone: str) -> None:
    waking = Waking(zone, HOLIDAYS.__contains__)
    then = next_waking(now, waking)
    clock = shown(then, ZoneInfo(zone))
    assert then >= now
    assert is_waking(then, waking)
    assert "08:30" <= f"{clock:%H:%M}" < "18:00"
    assert clock.weekday() < 5
    assert clock.date() not in HOLIDAYS
    assert (then == now) == is_waking(now, waking)
    if then > now:
        assert not is_waking(then - timedelta(microseconds=1), waking)


@given(moments, zones, amounts, amounts)
def test_waking_time_adds_up(start: datetime, zone: str, one: timedelta, two: timedelta) -> None:
    waking = Waking(zone, HOLIDAYS.__contains__)
    then = after_waking(start, one, waking)
    assert then >= start + one
    assert after_waking(then, two, waking) == after_waking(start, one + two, waking)


@given(moments, zones, st.integers(0, 40))
def test_as_many_quarters_of_an_hour_are_awake_as_were_asked_for(
    start: datetime, zone: str, quarters: int
) -> None:
    quarter, waking = timedelta(minutes=15), Waking(zone, HOLIDAYS.__contains__)
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    then, awake = after_waking(start, quarters * quarter, waking), 0
    while start < then:
        awake, start = awake + is_waking(start, waking), start + quarter
    assert awake == quarters
