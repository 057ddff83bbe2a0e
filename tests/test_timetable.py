"""When a job is due: wall-clock times of its zone, each once, in every zone and on both odd nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import example, given
from hypothesis import strategies as st

from bot import jobs
from bot.context import Context
from bot.rules.clocks import first_moment
from bot.timetable import JOBS, Job, job, latest_slot, next_slot

BRUSSELS = "Europe/Brussels"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONES = sorted(available_timezones())
ZONE = st.sampled_from(ZONES)
TIME = st.tuples(st.integers(0, 23), st.integers(0, 59))
WHEN = st.dates(date(1975, 1, 1), date(2036, 12, 31))  # the zones have jumped in many ways since


def nothing(ctx: Context, slot: datetime) -> None:
    """A job that only has moments."""


def daily(hour: int, minute: int = 0, useful: timedelta = DAY, zone: str = "") -> Job:
    return Job("daily", "", nothing, {"hour": hour, "minute": minute}, useful, zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def all_between(one: Job, first: datetime, last: datetime, zone: str) -> list[tuple[str, datetime]]:
    """Every slot in between, by asking for the next one again and again."""
    found, after = [], first
    while (slot := next_slot(one, after, zone)) is not None and slot.at <= last:
        found.append((slot.key, slot.at))
        after = slot.at
    return found


def test_half_past_two_comes_once_in_the_night_that_has_it_twice() -> None:
    slots = all_between(daily(2, 30), utc("2026-10-24T00:00"), utc("2026-10-26T12:00"), BRUSSELS)

    assert slots == [
        ("2026-10-24T02:30", utc("2026-10-24T00:30")),
        ("2026-10-25T02:30", utc("2026-10-25T00:30")),
        ("2026-10-26T02:30", utc("2026-10-26T01:30")),
    ]


def test_half_past_two_comes_when_the_clocks_jump_in_the_night_that_has_none() -> None:
    slots = all_between(daily(2, 30), utc("2027-03-27T00:00"), utc("2027-03-29T12:00"), BRUSSELS)

    assert slots == [
        ("2027-03-27T02:30", utc("2027-03-27T01:30")),
        ("2027-03-28T02:30", utc("2027-03-28T01:00")),  # 03:00 in Brussels
        ("2027-03-29T02:30", utc("2027-03-29T00:30")),
    ]


@given(zone=ZONE, day=WHEN, at=TIME)
@example(zone=BRUSSELS, day=date(2027, 3, 28), at=(2, 30))
@example(zone=BRUSSELS, day=date(2026, 10, 25), at=(2, 30))
@example(zone="Pacific/Apia", day=date(2011, 12, 30), at=(7, 30))  # Samoa left this day out
@example(zone="America/Santiago", day=date(2026, 9, 6), at=(0, 0))  # no midnight
@example(zone="Australia/Lord_Howe", day=date(2026, 10, 4), at=(2, 15))  # half an hour
@example(zone="Africa/Casablanca", day=date(2027, 2, 7), at=(2, 30))  # during Ramadan
def test_every_day_has_its_slot_once_and_never_before_its_time(
    zone: str, day: date, at: tuple[int, int]
) -> None:
    here = ZoneInfo(zone)
    first = datetime.combine(day - DAY, time(), UTC)
    slots = all_between(daily(*at), first, first + 4 * DAY, zone)

    days = [datetime.fromisoformat(key).date() for key, _ in slots]
    assert days == [days[0] + n * DAY for n in range(len(days))]
    assert {first.date() + n * DAY for n in (1, 2)} <= set(days)
    for key, moment in slots:
        wall, second = datetime.fromisoformat(key), timedelta(seconds=1)
        assert (wall.hour, wall.minute) == at
        shown = moment.astimezone(here).replace(tzinfo=None)
        assert shown >= wall
        assert shown == wall or (moment - second).astimezone(here).replace(tzinfo=None) < wall


@given(zone=ZONE, day=WHEN, at=TIME)
def test_on_an_ordinary_day_it_is_what_a_cron_in_that_zone_says(
    zone: str, day: date, at: tuple[int, int]
) -> None:
    here = ZoneInfo(zone)
    midnight = datetime.combine(day, time(), UTC)
    around = {(midnight + n * HOUR).astimezone(here).utcoffset() for n in range(-30, 78)}
    if len(around) > 1:
        return
    cron = CronTrigger(hour=at[0], minute=at[1], timezone=here)

    slot = next_slot(daily(*at), midnight, zone)

    assert slot is not None
    assert slot.at == cron.get_next_fire_time(None, (midnight + timedelta(seconds=1)).astimezone(here))


@given(
    zone=ZONE,
    day=WHEN,
    at=TIME,
    gone=st.integers(0, 60 * 60 * 24 * 5),
    useful=st.integers(1, 60 * 24 * 3),
)
def test_the_latest_slot_is_the_last_of_them_that_still_helps(
    zone: str, day: date, at: tuple[int, int], gone: int, useful: int
) -> None:
    one = daily(*at, useful=timedelta(minutes=useful))
    since = datetime.combine(day, time(), UTC)
    now = since + timedelta(seconds=gone)

    slot = latest_slot(one, since, now, zone)

    due = [s for s in all_between(one, since, now, zone) if s[1] > now - one.useful]
    assert (slot and (slot.key, slot.at)) == (due[-1] if due else None)


def test_nothing_is_due_before_a_job_was_first_seen() -> None:
    seen = utc("2026-11-23T08:00")
    assert latest_slot(daily(7, 30), seen, seen + HOUR, BRUSSELS) is None
    slot = next_slot(daily(7, 30), seen, BRUSSELS)
    assert slot is not None
    assert slot.at == utc("2026-11-24T06:30")


def test_a_slot_ends_where_the_next_is_looked_for() -> None:
    moment = utc("2026-11-23T06:30")
    found = latest_slot(daily(7, 30), moment - HOUR, moment, BRUSSELS)
    assert found is not None
    assert (found.key, found.at) == ("2026-11-23T07:30", moment)
    assert latest_slot(daily(7, 30), moment, moment + HOUR, BRUSSELS) is None


def test_a_job_may_follow_the_clocks_of_a_zone_of_its_own() -> None:
    slot = next_slot(daily(9, zone="Asia/Tokyo"), utc("2026-11-23T00:00"), BRUSSELS)
    assert slot is not None
    assert (slot.key, slot.at) == ("2026-11-24T09:00", utc("2026-11-24T00:00"))


def test_an_hour_that_is_left_out_does_not_make_its_jobs_run_one_after_another() -> None:
    often = Job("often", "", nothing, {"minute": "*/30"}, HOUR)
    slots = all_between(often, utc("2027-03-28T00:00"), utc("2027-03-28T01:30"), BRUSSELS)
    assert slots == [
        ("2027-03-28T01:30", utc("2027-03-28T00:30")),
        ("2027-03-28T02:00", utc("2027-03-28T01:00")),
        ("2027-03-28T03:30", utc("2027-03-28T01:30")),
    ]
    late = latest_slot(often, utc("2027-03-28T00:30"), utc("2027-03-28T01:00"), BRUSSELS)
    assert late is not None
    assert late.key == "2027-03-28T03:00"


def test_monday_is_monday() -> None:
    weekly = Job("weekly", "", nothing, {"day_of_week": "mon", "hour": 7, "minute": 30}, DAY)
    slot = next_slot(weekly, utc("2026-11-24T00:00"), BRUSSELS)
    assert slot is not None
    assert slot.at.astimezone(ZoneInfo(BRUSSELS)).strftime("%A %H:%M") == "Monday 07:30"


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ({"day_of_week": "1", "hour": 9}, "weekdays by name"),
        ({"day_of_week": 0}, "weekdays by name"),
        ({"hour": 25}, "the last value"),
        ({"day_of_week": "mond"}, "Invalid weekday name"),
        ({"month": 2, "day": 30}, "no such moment ever comes"),
        ({"hour": 7, "second": 30}, "a job's moments are given by"),
        ({"hour": 7, "timezone": "UTC"}, "a job's moments are given by"),
        ({}, "a job's moments are given by"),
    ],
)
def test_moments_that_are_none_are_found_at_the_declaration(at: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        job("Never", "", useful=DAY, **at)(nothing)
    assert "Never" not in JOBS


def test_two_jobs_do_not_share_a_name() -> None:
    assert jobs.__path__  # importing it declares them
    with pytest.raises(ValueError, match="there is a job 'Tidy up' already"):
        job("Tidy up", "", useful=DAY, hour=7)(nothing)


def test_a_name_fits_on_a_button() -> None:
    with pytest.raises(ValueError, match="20 letters at most"):
        job("Reminders of everything", "", useful=DAY, hour=7)(nothing)


def test_a_moment_out_of_the_middle_of_a_jump() -> None:
    for minute in range(60):
        wall = datetime(2027, 3, 28, 2, minute)  # noqa: DTZ001 - what a clock would show
        assert first_moment(wall, ZoneInfo(BRUSSELS)) == utc("2027-03-28T01:00")
