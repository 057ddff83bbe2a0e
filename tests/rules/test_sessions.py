"""When an event takes place, over both nights in which the clocks jump, and what comes when of it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.clocks import shown
from bot.rules.events.moments import (
    asks_at,
    goes_on,
    is_joining,
    is_last_call,
    last_begun,
    next_moment,
    next_turn,
    phase,
)
from bot.rules.events.sessions import ends_at, nth_weekday, session_at, sessions
from bot.rules.events.values import Repeats
from tests.rules.made_up_events import event, repeated

BRUSSELS = "Europe/Brussels"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SINGLE = event()  # Tue 8 Dec 2026, 14:00 UTC, an hour
SERIES = repeated("2026-12-01 14:00", "UTC", "weekly", 3)  # 1, 8 and 15 December
START = SINGLE.starts_at


def starts(given: str, zone: str, repeats: Repeats, times: int) -> list[str]:
    """When its sessions start, in UTC."""
    return [f"{one.starts_at:%d %b %H:%M}" for one in sessions(repeated(given, zone, repeats, times))]


# ---- sessions ----


@pytest.mark.parametrize(
    ("first", "zone", "repeats", "times", "expected"),
    [
        ("2026-12-08 14:00", "UTC", "weekly", 1, "08 Dec 14:00"),
        ("2026-12-08 14:00", "UTC", "", 5, "08 Dec 14:00"),
        ("2026-12-22 14:00", "UTC", "weekly", 3, "22 Dec 14:00, 29 Dec 14:00, 05 Jan 14:00"),
        ("2026-12-08 14:00", "UTC", "fortnightly", 3, "08 Dec 14:00, 22 Dec 14:00, 05 Jan 14:00"),
        # 15:00 in Brussels stays 15:00 there.
        ("2027-03-23 14:00", BRUSSELS, "weekly", 2, "23 Mar 14:00, 30 Mar 13:00"),
        ("2026-10-20 13:00", BRUSSELS, "weekly", 2, "20 Oct 13:00, 27 Oct 14:00"),
        # 02:30 there is jumped over on 28 March 2027, and comes twice on 25 October 2026.
        ("2027-03-21 01:30", BRUSSELS, "weekly", 3, "21 Mar 01:30, 28 Mar 01:30, 04 Apr 00:30"),
        ("2026-10-18 00:30", BRUSSELS, "weekly", 3, "18 Oct 00:30, 25 Oct 00:30, 01 Nov 01:30"),
        # The first one is in the second 02:30 of that night, the others are at half past two.
        ("2026-10-25 01:30", BRUSSELS, "weekly", 2, "25 Oct 01:30, 01 Nov 01:30"),
        # Midnight in Brussels is another day in UTC.
        ("2026-12-07 23:30", BRUSSELS, "weekly", 2, "07 Dec 23:30, 14 Dec 23:30"),
        # The second Tuesday of each month, and the last Thursday where there is a fifth.
        ("2026-12-08 14:00", "UTC", "monthly", 3, "08 Dec 14:00, 12 Jan 14:00, 09 Feb 14:00"),
        ("2026-12-31 14:00", "UTC", "monthly", 3, "31 Dec 14:00, 28 Jan 14:00, 25 Feb 14:00"),
        ("2026-10-29 14:00", "UTC", "monthly", 3, "29 Oct 14:00, 26 Nov 14:00, 31 Dec 14:00"),
        ("2026-11-01 14:00", "UTC", "monthly", 2, "01 Nov 14:00, 06 Dec 14:00"),
        ("2026-12-28 14:00", "UTC", "monthly", 2, "28 Dec 14:00, 25 Jan 14:00"),  # a fourth Monday
        ("2027-03-10 14:00", BRUSSELS, "monthly", 2, "10 Mar 14:00, 14 Apr 13:00"),
    ],
)
def test_sessions_are_by_the_clocks_of_the_zone(
    first: str, zone: str, repeats: Repeats, times: int, expected: str
) -> None:
    assert ", ".join(starts(first, zone, repeats, times)) == expected


def test_each_session_is_as_long_as_the_first() -> None:
    night = repeated("2027-03-20 23:00", BRUSSELS, "weekly", 2)  # the second one loses an hour on the wall
    long = replace(night, minutes=180)
    assert [one.ends_at - one.starts_at for one in sessions(long)] == [3 * HOUR, 3 * HOUR]
    assert ends_at(long) == datetime(2027, 3, 28, 2, 0, tzinfo=UTC)


def test_the_session_that_is_on_or_next() -> None:
    first, second, third = sessions(SERIES)
    assert session_at(SERIES, first.starts_at - HOUR) == first
    assert session_at(SERIES, first.ends_at - MINUTE) == first
    assert session_at(SERIES, first.ends_at) == second
    assert session_at(SERIES, third.ends_at + HOUR) == third


def test_which_weekday_of_its_month_a_day_is() -> None:
    days = [date(2026, 12, day) for day in (1, 7, 8, 14, 15, 22, 28, 29, 31)]
    assert [nth_weekday(day) for day in days] == [1, 1, 2, 2, 3, 4, 4, -1, -1]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([BRUSSELS, "Europe/Lisbon", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo"]),
    st.sampled_from(["weekly", "fortnightly", "monthly"]),
    st.integers(2, 14),
)
def test_every_session_shows_the_same_time_but_where_the_clocks_jump_over_it(
    first: datetime, zone: str, repeats: Repeats, times: int
) -> None:
    every = sessions(replace(repeated("2026-12-08 14:00", zone, repeats, times), starts_at=first))
    walls = [shown(one.starts_at, ZoneInfo(zone)) for one in every]
    assert (len(every), every[0].starts_at) == (times, first)
    for wall, later in itertools.pairwise(walls):
        days = (later.date() - wall.date()).days
        assert days in {"weekly": (7,), "fortnightly": (14,), "monthly": (28, 35)}[repeats]
        assert wall.weekday() == later.weekday()
        # Half an hour or an hour later at most, on the one day of the jump.
        assert timedelta() <= later - later.replace(hour=walls[0].hour, minute=walls[0].minute) <= HOUR


# ---- what comes when ----


def test_an_event_is_coming_then_on_then_over() -> None:
    assert phase(SINGLE, START - MINUTE) == "coming"
    assert phase(SINGLE, START) == "on"
    assert phase(SINGLE, START + HOUR - MINUTE) == "on"
    assert phase(SINGLE, START + HOUR) == "over"
    assert phase(replace(SINGLE, state="cancelled"), START) == "cancelled"
    assert phase(SERIES, sessions(SERIES)[0].ends_at + HOUR) == "on"


def test_people_can_say_that_they_joined_from_ten_minutes_before_to_a_day_after() -> None:
    end = START + HOUR
    moments = [START - 11 * MINUTE, START - 10 * MINUTE, end, end + 24 * HOUR - MINUTE, end + 24 * HOUR]
    assert [is_joining(SINGLE, now) for now in moments] == [False, True, True, True, False]
    assert not is_joining(replace(SINGLE, state="cancelled"), START)
    second = sessions(SERIES)[1]
    assert not is_joining(SERIES, second.starts_at - HOUR)
    assert is_joining(SERIES, second.starts_at)


def test_two_hours_before_a_session_nobody_waits_in_line_any_more() -> None:
    assert not is_last_call(SINGLE, START - 2 * HOUR - MINUTE)
    assert is_last_call(SINGLE, START - 2 * HOUR)
    assert is_last_call(SINGLE, START + 9 * HOUR)
    first, second, _ = sessions(SERIES)
    assert is_last_call(SERIES, first.ends_at - MINUTE)
    assert not is_last_call(SERIES, first.ends_at)
    assert is_last_call(SERIES, second.starts_at - HOUR)


def test_who_came_is_asked_on_the_morning_after() -> None:
    assert asks_at(SINGLE) == datetime(2026, 12, 9, 10, 0, tzinfo=UTC)
    late = event("2026-12-08 22:30", BRUSSELS)  # over half an hour after midnight
    assert asks_at(late) == datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
    assert asks_at(event("2027-03-27 14:00", BRUSSELS)) == datetime(2027, 3, 28, 8, 0, tzinfo=UTC)
    assert asks_at(SERIES) == datetime(2026, 12, 16, 10, 0, tzinfo=UTC)


def test_what_is_due_next_of_an_event() -> None:
    release, last_call, end = START - 24 * HOUR, START - 2 * HOUR, START + HOUR

    def due(line: bool, unconfirmed: bool, **done: datetime) -> datetime | None:
        shown_on = replace(SINGLE, **({"turned_at": end} | done))  # type: ignore[arg-type]
        return next_moment(shown_on, line=line, unconfirmed=unconfirmed)

    assert due(True, True) == release
    assert due(True, True, released_at=release) == last_call
    assert due(True, False) == last_call
    assert due(False, True) == end
    assert due(False, True, turned_at=release) == START - 10 * MINUTE
    assert due(True, False, last_call_at=last_call) == end
    assert due(False, False, ended_at=end) == asks_at(SINGLE)
    assert due(False, False, ended_at=end, asked_at=end) is None
    assert next_moment(replace(SINGLE, state="cancelled"), line=True, unconfirmed=True) is None


def test_cards_say_something_else_when_doors_open_and_when_a_session_is_over() -> None:
    turns, series = [], SERIES
    while turn := next_turn(series):
        turns.append(f"{turn:%d %b %H:%M}")
        series = replace(series, turned_at=turn)
    assert turns == [
        *("01 Dec 13:50", "01 Dec 15:00", "08 Dec 13:50", "08 Dec 15:00", "15 Dec 13:50", "15 Dec 15:00"),
    ]


def test_which_session_people_can_have_been_at_and_whether_another_is_to_come() -> None:
    first, second, third = sessions(SERIES)
    moments = [first.starts_at - 11 * MINUTE, first.starts_at - 10 * MINUTE, second.starts_at - 11 * MINUTE]
    moments += [second.ends_at, third.starts_at - 10 * MINUTE, third.ends_at + HOUR]
    assert [last_begun(SERIES, now) for now in moments] == [first, first, first, second, third, third]
    assert [goes_on(SERIES, now) for now in moments] == [True, True, True, True, False, False]
    assert not goes_on(replace(SERIES, state="cancelled"), first.starts_at)
    assert [goes_on(SINGLE, START - minutes * MINUTE) for minutes in (11, 10)] == [True, False]
