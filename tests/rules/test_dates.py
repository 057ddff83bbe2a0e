"""Working days and deadlines: when people are told, when voting opens, when it closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.clocks import first_moment
from bot.rules.decisions.dates import (
    WorkCalendar,
    challenge_ends,
    extended,
    months_after,
    schedule,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
AUGUST = ((8, 1), (8, 31))
TURN_OF_THE_YEAR = ((12, 24), (1, 6))
HOLIDAYS = frozenset({date(2026, 6, 10), date(2026, 11, 11), date(2027, 3, 29), date(2026, 12, 8)})
MEMBERS = WorkCalendar(
    zone="Europe/Brussels",
    deadline_weekdays=frozenset({1, 2, 3}),
    deadline_time=time(17),
    quiet=(AUGUST, TURN_OF_THE_YEAR),
    free=lambda day: day in HOLIDAYS,
)

moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001
    max_value=datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def at(text: str) -> datetime:
    """A moment that the clocks of Brussels show, "2026-11-24 17:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


# ---- days ----


@pytest.mark.parametrize(
    ("day", "working", "deadline"),
    [
        (date(2026, 11, 23), True, False),  # a Monday
        (date(2026, 11, 24), True, True),
        (date(2026, 11, 26), True, True),
        (date(2026, 11, 27), True, False),
        (date(2026, 11, 28), False, False),
        (date(2026, 6, 10), False, False),  # a Wednesday, Portugal's day
        (date(2026, 7, 30), True, True),
        (date(2026, 8, 4), False, False),
        (date(2026, 12, 23), True, True),
        (date(2026, 12, 24), False, False),
        (date(2027, 1, 6), False, False),
        (date(2027, 1, 7), True, True),
    ],
)
def test_what_is_a_working_day_and_what_a_deadline_day(day: date, working: bool, deadline: bool) -> None:
    assert (MEMBERS.is_working(day), MEMBERS.is_deadline_day(day)) == (working, deadline)


def test_working_days_are_counted_over_weekends_holidays_and_quiet_periods() -> None:
    tuesday, saturday = date(2026, 11, 24), date(2026, 11, 28)
    assert MEMBERS.working_days_after(tuesday, 0) == tuesday
    assert MEMBERS.working_days_after(tuesday, 3) == date(2026, 11, 27)
    assert MEMBERS.working_days_after(tuesday, 4) == date(2026, 11, 30)
    assert MEMBERS.working_days_after(saturday, 0) == MEMBERS.working_days_after(saturday, 1)
    assert MEMBERS.working_days_after(date(2026, 6, 9), 1) == date(2026, 6, 11)
    assert MEMBERS.working_days_after(date(2026, 12, 23), 1) == date(2027, 1, 7)
    assert MEMBERS.next_deadline_day(date(2026, 11, 27)) == date(2026, 12, 1)


def test_a_calendar_that_leaves_no_day_says_so_instead_of_looking_for_ever() -> None:
    with pytest.raises(ValueError, match="no such day within 1000 days of 2026-11-24"):
        replace(MEMBERS, deadline_weekdays=frozenset()).next_deadline_day(date(2026, 11, 24))
    with pytest.raises(ValueError, match="no such day"):
        schedule(at("2026-11-24 10:00"), 5, 5, replace(MEMBERS, quiet=(((1, 1), (12, 31)),)))


# ---- notice, opening, close ----


@pytest.mark.parametrize(
    ("now", "days", "told_on", "opens", "closes"),
    [
        # Told on a Tuesday: five full days until the next, open from Wednesday; the fifth day of voting
        # would be a Tuesday, 8 December, were that not a holiday.
        ("2026-11-24 10:30", (5, 5), "2026-11-24", "2026-12-02 09:00", "2026-12-09 17:00"),
        # On a Friday evening nobody is told before Monday.
        ("2026-11-13 18:00", (5, 5), "2026-11-16", "2026-11-24 09:00", "2026-12-01 17:00"),
        ("2026-11-13 16:59", (5, 5), "2026-11-13", "2026-11-23 09:00", "2026-12-01 17:00"),
        # At five o'clock the day is over.
        ("2026-11-24 17:00", (5, 5), "2026-11-25", "2026-12-03 09:00", "2026-12-10 17:00"),
        # Ten days of discussion and five of voting before Christmas, and a week too late for that.
        ("2026-11-30 09:00", (10, 5), "2026-11-30", "2026-12-16 09:00", "2026-12-22 17:00"),
        ("2026-12-07 09:00", (10, 5), "2026-12-07", "2026-12-23 09:00", "2027-01-12 17:00"),
        ("2026-12-28 09:00", (5, 5), "2027-01-07", "2027-01-15 09:00", "2027-01-21 17:00"),
        # In August nobody is told.
        ("2026-08-03 10:00", (5, 5), "2026-09-01", "2026-09-09 09:00", "2026-09-15 17:00"),
        ("2026-07-28 10:00", (5, 5), "2026-07-28", "2026-09-03 09:00", "2026-09-09 17:00"),
        # 10 June is a holiday in Portugal: what would close on that Wednesday closes a day later.
        ("2026-05-26 10:00", (5, 5), "2026-05-26", "2026-06-03 09:00", "2026-06-09 17:00"),
        ("2026-05-27 10:00", (5, 5), "2026-05-27", "2026-06-04 09:00", "2026-06-11 17:00"),
        # Without discussion voting opens at once, and the days count from the next on.
        ("2026-11-24 10:30", (0, 5), "2026-11-24", "2026-11-24 10:30", "2026-12-01 17:00"),
        ("2026-11-13 18:00", (0, 5), "2026-11-16", "2026-11-13 18:00", "2026-11-24 17:00"),
        ("2026-11-24 10:30", (0, 10), "2026-11-24", "2026-11-24 10:30", "2026-12-09 17:00"),
        # Over the nights in which the clocks change.
        ("2027-03-22 10:00", (0, 5), "2027-03-22", "2027-03-22 10:00", "2027-03-30 17:00"),
        ("2026-10-20 10:00", (2, 3), "2026-10-20", "2026-10-23 09:00", "2026-10-27 17:00"),
    ],
)
def test_a_notice_has_dates(now: str, days: tuple[int, int], told_on: str, opens: str, closes: str) -> None:
    dates = schedule(at(now), *days, MEMBERS)
    assert dates.told_on == date.fromisoformat(told_on)
    assert (dates.notice_at, dates.opens_at, dates.closes_at) == (at(now), at(opens), at(closes))
    assert {moment.tzinfo for moment in (dates.notice_at, dates.opens_at, dates.closes_at)} == {UTC}


def test_five_oclock_is_another_moment_after_the_clocks_have_changed() -> None:
    october = schedule(at("2026-10-20 10:00"), 2, 3, MEMBERS)
    assert october.opens_at == datetime(2026, 10, 23, 7, 0, tzinfo=UTC)
    assert october.closes_at == datetime(2026, 10, 27, 16, 0, tzinfo=UTC)
    march = schedule(at("2027-03-18 10:00"), 5, 2, MEMBERS)
    assert march.opens_at == datetime(2027, 3, 26, 8, 0, tzinfo=UTC)
    assert march.closes_at == datetime(2027, 3, 30, 15, 0, tzinfo=UTC)


def test_the_alliances_zone_decides_which_day_it_is() -> None:
    late_in_brussels = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday there
    assert schedule(late_in_brussels, 5, 5, MEMBERS).told_on == date(2026, 11, 24)
    assert schedule(late_in_brussels, 5, 5, replace(MEMBERS, zone="Europe/Lisbon")).told_on == date(
        2026, 11, 24
    )
    assert schedule(at("2026-11-23 17:30"), 5, 5, replace(MEMBERS, zone="Europe/Lisbon")).told_on == date(
        2026, 11, 23
    )


def test_where_deadlines_are_in_the_morning_the_day_of_opening_is_not_a_full_one() -> None:
    mornings = replace(MEMBERS, deadline_time=time(8))
    dates = schedule(at("2026-11-24 07:00"), 5, 1, mornings)
    assert dates.opens_at == at("2026-12-02 09:00")
    assert dates.closes_at == at("2026-12-03 08:00")


@given(moments, st.integers(0, 12), st.integers(1, 12))
def test_whatever_the_moment_the_dates_keep_their_promise(
    now: datetime, discussion: int, voting: int
) -> None:
    dates = schedule(now, discussion, voting, MEMBERS)
    closes = dates.closes_at.astimezone(BRUSSELS)
    assert closes.time() == time(17)
    assert closes.weekday() in (1, 2, 3)
    assert MEMBERS.is_working(closes.date())
    assert now == dates.notice_at <= dates.opens_at < dates.closes_at
    opens = dates.opens_at.astimezone(BRUSSELS).date()
    before = full_days(dates.told_on, opens)
    assert before == discussion if discussion else dates.opens_at == now
    # The last day counts, and the day of opening where voting opens in the morning.
    assert full_days(max(dates.told_on, opens), closes.date()) + 1 + (discussion > 0) >= voting


@given(moments, st.timedeltas(timedelta(0), timedelta(days=40)), st.integers(0, 10), st.integers(1, 10))
def test_who_gives_notice_later_never_comes_first(
    now: datetime, by: timedelta, discussion: int, voting: int
) -> None:
    one, other = (schedule(moment, discussion, voting, MEMBERS) for moment in (now, now + by))
    assert one.told_on <= other.told_on
    assert one.opens_at <= other.opens_at
    assert one.closes_at <= other.closes_at


def full_days(first: date, last: date) -> int:
    """How many working days lie between two days."""
    between = (first + timedelta(days=n) for n in range(1, (last - first).days))
    return sum(MEMBERS.is_working(day) for day in between)


# ---- more time, objections, months ----


@pytest.mark.parametrize(
    ("closes", "later"),
    [
        ("2026-11-24 17:00", "2026-12-01 17:00"),
        ("2026-12-02 17:00", "2026-12-10 17:00"),  # over 8 December
        ("2026-12-17 17:00", "2027-01-07 17:00"),  # over Christmas
        ("2026-10-22 17:00", "2026-10-29 17:00"),  # over the change of the clocks
    ],
)
def test_an_extension_is_five_working_days_and_ends_on_a_deadline_day(closes: str, later: str) -> None:
    assert extended(at(closes), 5, MEMBERS) == at(later)


def test_members_may_object_for_so_many_working_days_and_that_may_end_on_a_monday() -> None:
    wednesday = at("2026-12-09 17:00")
    assert challenge_ends(wednesday, 3, MEMBERS) == at("2026-12-14 17:00")
    assert challenge_ends(wednesday, 5, MEMBERS) == at("2026-12-16 17:00")
    assert challenge_ends(at("2026-12-22 17:00"), 3, MEMBERS) == at("2027-01-08 17:00")
    assert challenge_ends(wednesday, 0, MEMBERS) == wednesday


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 8, 26), 6, date(2026, 2, 26)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2026-11-24 17:00", "Europe/Brussels", "2026-11-24 16:00"),
        ("2027-03-28 02:30", "Europe/Brussels", "2027-03-28 01:00"),  # left out: the clocks jump at one UTC
        ("2026-10-25 02:30", "Europe/Brussels", "2026-10-25 00:30"),  # comes twice: the first
        ("2011-12-30 17:00", "Pacific/Apia", "2011-12-30 10:00"),  # a day that was left out
    ],
)
def test_a_time_that_the_clocks_leave_out_comes_when_they_jump(wall: str, zone: str, utc: str) -> None:
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert first_moment(datetime.fromisoformat(wall), ZoneInfo(zone)) == expected
