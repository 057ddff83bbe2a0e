"""When people are reminded of an event: by their clocks, in their waking hours, also as clocks jump."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.attention import Waking, is_waking
from bot.rules.clocks import shown
from bot.rules.reminding.events import (
    days_on,
    decide_at,
    join_at,
    log_again_at,
    log_at,
    nudge_at,
    tomorrow_at,
)
from tests.rules.made_up_events import event

ZONES = ("Europe/Lisbon", "Europe/Brussels", "Europe/Riga", "Pacific/Auckland", "America/St_Johns", "UTC")
HOLIDAYS = {date(2026, 12, 8), date(2026, 12, 25), date(2026, 12, 24), date(2027, 1, 1)}
DAY = timedelta(days=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2027, 5, 1), timezones=st.just(UTC))  # noqa: DTZ001
WAKINGS = st.builds(lambda zone: waking(zone), st.sampled_from(ZONES))


def waking(zone: str = "Europe/Brussels", free: frozenset[date] = frozenset(HOLIDAYS)) -> Waking:
    return Waking(zone, free.__contains__)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "announced", "zone", "when"),
    [
        ("2026-12-11 14:00", "2026-11-01 09:00", "Europe/Brussels", "2026-12-04 08:30"),
        ("2026-12-11 14:00", "2026-11-01 09:00", "Europe/Riga", "2026-12-04 07:30"),
        (
            "2026-12-12 14:00",
            "2026-11-01 09:00",
            "Europe/Brussels",
            "2026-12-07 07:30",
        ),  # a Saturday, so Monday
        (
            "2026-12-15 14:00",
            "2026-11-01 09:00",
            "Europe/Brussels",
            "2026-12-09 07:30",
        ),  # a holiday, so the 9th
        ("2026-12-11 14:00", "2026-12-01 08:30", "Europe/Brussels", "2026-12-04 08:30"),  # 72 hours before
        ("2026-12-11 14:00", "2026-12-01 08:31", "Europe/Brussels", None),
        ("2026-12-11 14:00", "2026-12-09 09:00", "Europe/Brussels", None),
        (
            "2026-12-10 23:30",
            "2026-11-01 09:00",
            "Europe/Brussels",
            "2026-12-04 08:30",
        ),  # the 11th, in Brussels
    ],
)
def test_who_has_not_answered_is_asked_a_week_before(
    starts: str, announced: str, zone: str, when: str
) -> None:
    found = nudge_at(event(starts, created_at=at(announced)), waking(zone))
    assert found == (at(when) if when else None)


def test_what_was_moved_lately_was_said_lately() -> None:
    moved = event("2026-12-11 14:00", created_at=LONG_AGO, sequence=1, changed_at=at("2026-12-03 09:00"))
    assert nudge_at(moved, waking()) is None
    edited = event("2026-12-11 14:00", created_at=LONG_AGO, changed_at=at("2026-12-03 09:00"))
    assert nudge_at(edited, waking()) == at("2026-12-04 08:30")


@pytest.mark.parametrize(
    ("starts", "zone", "when"),
    [
        ("2026-12-10 14:00", "Europe/Brussels", "2026-12-09 14:00"),
        ("2026-12-14 07:00", "Europe/Brussels", "2026-12-11 16:45"),  # Monday at eight: Friday
        ("2026-12-10 18:00", "Europe/Lisbon", "2026-12-09 17:45"),  # in the evening
        ("2026-12-09 14:00", "Europe/Brussels", "2026-12-07 16:45"),  # the day before is a holiday
        ("2026-12-10 22:00", "Pacific/Auckland", "2026-12-09 22:00"),  # eleven in the morning there
        ("2027-03-29 08:00", "Europe/Brussels", "2027-03-26 16:45"),  # a Monday after clocks went on
    ],
)
def test_the_day_before_is_moved_earlier(starts: str, zone: str, when: str) -> None:
    assert tomorrow_at(at(starts), LONG_AGO, waking(zone)) == at(when)


def test_who_answered_later_than_that_knows() -> None:
    starts = at("2026-12-10 14:00")
    assert tomorrow_at(starts, at("2026-12-09 14:00"), waking()) == at("2026-12-09 14:00")
    assert tomorrow_at(starts, at("2026-12-09 14:01"), waking()) is None
    assert join_at(starts, at("2026-12-10 13:45")) == at("2026-12-10 13:45")
    assert join_at(starts, at("2026-12-10 13:46")) is None


@pytest.mark.parametrize(
    ("starts", "answered", "when"),
    [
        ("2026-12-11 14:00", "2026-12-01 09:00", "2026-12-09 07:30"),  # the 8th is a holiday
        ("2026-12-10 14:00", "2026-12-01 09:00", "2026-12-07 14:00"),
        ("2026-12-10 14:00", "2026-12-06 14:01", None),  # said a day ago
        ("2026-12-15 07:00", "2026-12-01 09:00", "2026-12-14 07:30"),
        ("2026-12-14 07:00", "2026-12-01 09:00", "2026-12-11 07:30"),
        ("2026-12-13 14:00", "2026-12-01 09:00", "2026-12-10 14:00"),
    ],
)
def test_who_said_maybe_is_asked_three_days_before(starts: str, answered: str, when: str) -> None:
    assert decide_at(event(starts), at(answered), waking()) == (at(when) if when else None)


def test_the_log_comes_two_hours_three_days_and_ten_days_after() -> None:
    hour = event("2026-12-10 14:00")  # until 15:00, a Thursday
    assert log_at(hour) == at("2026-12-10 17:00")
    assert log_again_at(hour, waking()) == (at("2026-12-14 07:30"), at("2026-12-21 07:30"))
    weekly = event("2026-12-10 14:00", repeats="weekly", times=2)
    assert log_at(weekly) == at("2026-12-17 17:00")


@pytest.mark.parametrize(
    ("moment", "days", "zone", "when"),
    [
        ("2027-03-28 08:00", -1, "Europe/Brussels", "2027-03-27 09:00"),  # ten o'clock on both days
        ("2026-10-25 09:00", -1, "Europe/Brussels", "2026-10-24 08:00"),
        (
            "2027-03-29 00:30",
            -1,
            "Europe/Brussels",
            "2027-03-28 01:00",
        ),  # half past two is left out that night
        (
            "2026-10-26 01:30",
            -1,
            "Europe/Brussels",
            "2026-10-25 00:30",
        ),  # half past two comes twice: the first
    ],
)
def test_by_the_clocks_in_the_nights_in_which_they_jump(moment: str, days: int, zone: str, when: str) -> None:
    assert days_on(at(moment), days, zone) == at(when)


@given(MOMENTS, WAKINGS)
def test_whatever_the_zone_reminders_keep_to_waking_hours_and_come_before(
    starts: datetime, own: Waking
) -> None:
    made = event(starts.isoformat()[:16].replace("T", " "), created_at=LONG_AGO)
    nudge, decide = nudge_at(made, own), decide_at(made, LONG_AGO, own)
    tomorrow = tomorrow_at(made.starts_at, LONG_AGO, own)
    again = log_again_at(made, own)

    for moment in (nudge, decide, tomorrow, *again):
        assert moment is None or is_waking(moment, own)
    assert nudge is not None
    assert nudge < made.starts_at
    assert tomorrow is not None
    assert tomorrow <= days_on(made.starts_at, -1, own.zone)
    assert decide is None or nudge <= decide < made.starts_at
    assert log_at(made) < again[0] < again[1]


@given(MOMENTS, st.sampled_from(ZONES), st.integers(-10, 10))
def test_days_are_counted_by_the_clocks(moment: datetime, zone: str, days: int) -> None:
    there = shown(days_on(moment, days, zone), ZoneInfo(zone))
    wanted = shown(moment, ZoneInfo(zone)) + days * DAY
    assert timedelta() <= there - wanted <= timedelta(hours=1)
