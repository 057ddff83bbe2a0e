"""When gaps and profiles are asked about: quarters, the year's end, a year after a check."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.people.public_holidays import is_free
from bot.rules.reminding import gaps, profiles
from bot.rules.reminding.profiles import Profile

DAY = timedelta(days=1)
CHRISTMAS = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
STARTS = st.sampled_from([(1, 1), (10, 1), (7, 1), (2, 28), (8, 31), (4, 6)])
YEARS = st.integers(2020, 2060)
FREE = st.frozensets(st.dates(date(2020, 1, 1), date(2062, 12, 31)), max_size=40)


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in CHRISTMAS


def year_of(year: int, starts: tuple[int, int]) -> tuple[date, date]:
    return date(year, *starts), date(year + 1, *starts) - DAY


def test_a_calendar_year_is_told_of_six_times() -> None:
    told = gaps.turns(*year_of(2026, (1, 1)), works)
    assert [(turn.name, turn.day.isoformat()) for turn in told] == [
        ("Q2", "2026-04-01"),
        ("Q3", "2026-07-01"),
        ("Q4", "2026-10-01"),
        ("45 days", "2026-11-16"),
        ("21 days", "2026-12-10"),
        ("7 days", "2026-12-23"),  # the 24th is free here: the working day before
    ]


def test_a_year_that_begins_in_october_has_its_own_quarters() -> None:
    told = gaps.turns(*year_of(2027, (10, 1)), works)
    assert [(turn.name, turn.day.isoformat()) for turn in told] == [
        ("Q2", "2028-01-03"),  # the 1st is a Saturday
        ("Q3", "2028-04-03"),
        ("Q4", "2028-07-03"),
        ("45 days", "2028-08-16"),
        ("21 days", "2028-09-08"),  # the 9th is a Saturday
        ("7 days", "2028-09-22"),
    ]


def test_a_year_that_begins_on_the_last_of_a_month_goes_by_shorter_months() -> None:
    days = {turn.name: turn.day for turn in gaps.turns(*year_of(2027, (8, 31)), lambda _day: True)}
    assert days["Q2"] == date(2027, 11, 30)
    assert days["Q3"] == date(2028, 2, 29)  # a leap year
    assert days["Q4"] == date(2028, 5, 31)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-03-31", ""),
        ("2026-04-01", "Q2"),
        ("2026-04-05", "Q2"),
        ("2026-04-06", ""),
        ("2026-12-23", "7 days"),
    ],
)
def test_a_turn_is_caught_up_with_for_four_days(day: str, name: str) -> None:
    turn = gaps.turn_on(date.fromisoformat(day), *year_of(2026, (1, 1)), works)
    assert (turn.name if turn else "") == name


def test_two_turns_on_one_day_are_one() -> None:
    """A first year that is a short one: six weeks and three days are left as its last quarter begins."""
    first, last = date(2026, 1, 1), date(2026, 11, 15)
    told = gaps.turns(first, last, works)
    assert Counter(turn.day for turn in told)[date(2026, 10, 1)] == 2
    found = [gaps.turn_on(date(2026, 10, day), first, last, works) for day in range(1, 6)]
    assert {turn.name for turn in found if turn} == {"45 days"}


@given(YEARS, STARTS, FREE)
def test_every_turn_is_a_working_day_of_the_year(
    year: int, starts: tuple[int, int], free: frozenset[date]
) -> None:
    first, last = year_of(year, starts)
    told = gaps.turns(first, last, lambda day: day.weekday() < 5 and day not in free)
    assert len({turn.name for turn in told}) == 6
    assert all(first < turn.day < last for turn in told)
    assert all(turn.day.weekday() < 5 and turn.day not in free for turn in told)
    days = {turn.name: turn.day for turn in told}
    assert all((last - days[f"{left} days"]).days >= left for left in gaps.DAYS_LEFT)


@settings(max_examples=20)
@given(YEARS, STARTS, st.sampled_from(["FR", "PT", "LV", "PL", ""]))
def test_each_turn_comes_once_however_often_it_is_asked(
    year: int, starts: tuple[int, int], country: str
) -> None:
    first, last = year_of(year, starts)
    free = is_free(frozenset({country} - {""}))
    found = [
        turn.name
        for n in range((last - first).days + 1)
        if (turn := gaps.turn_on(first + n * DAY, first, last, lambda d: d.weekday() < 5 and not free(d)))
    ]
    runs = [name for at, name in enumerate(found) if at == 0 or found[at - 1] != name]
    assert Counter(runs) == Counter(["Q2", "Q3", "Q4", "45 days", "21 days", "7 days"])


CHECKED = Profile("cimes", date(2025, 12, 4), date(2025, 8, 26))


@pytest.mark.parametrize(
    ("day", "state", "asked", "turn"),
    [
        ("2026-12-03", "current", [], None),
        ("2026-12-04", "due", [], (date(2026, 12, 4), 1)),
        ("2026-12-10", "due", ["2026-12-04"], None),
        ("2026-12-17", "due", ["2026-12-04"], None),
        ("2026-12-18", "not checked since", ["2026-12-04"], (date(2026, 12, 4), 2)),
        ("2026-12-22", "not checked since", ["2026-12-09"], None),  # a fortnight after it went
        ("2026-12-23", "not checked since", ["2026-12-09"], (date(2026, 12, 4), 2)),
        ("2027-04-04", "not checked since", [], (date(2026, 12, 4), 1)),  # the bot was away for months
        ("2027-04-04", "not checked since", ["2026-12-04"], (date(2026, 12, 4), 2)),
        ("2027-04-04", "not checked since", ["2026-12-04", "2026-12-18"], None),
        ("2027-12-06", "not checked since", [], (date(2027, 12, 6), 1)),  # the 4th is a Saturday
    ],
)
def test_a_check_is_asked_for_twice_a_year(
    day: str, state: str, asked: list[str], turn: tuple[date, int] | None
) -> None:
    today = date.fromisoformat(day)
    assert profiles.state(CHECKED, today, works) == state
    found = profiles.turn_on(CHECKED, today, [date.fromisoformat(one) for one in asked], works)
    assert (found and (found.due, found.number)) == turn


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)), st.text(min_size=1, max_size=20), FREE)
def test_who_never_checked_has_a_month_and_a_working_day_of_their_own(
    since: date, slug: str, free: frozenset[date]
) -> None:
    def working(day: date) -> bool:
        return day.weekday() < 5 and day not in free

    profile = Profile(slug, None, since)
    due = profiles.first_due(profile, working)
    assert working(due)
    assert due >= since + timedelta(days=28)
    assert sum(working(since + n * DAY) for n in range((due - since).days)) <= 23 + profiles.SPREAD
    assert profiles.turn_on(profile, due - DAY, (), working) is None
    assert profiles.turn_on(profile, due, (), working) == profiles.Turn(due, 1)
    assert profiles.state(profile, due, working) == "missing"


def test_first_checks_are_spread_over_the_days() -> None:
    since = date(2026, 11, 2)
    days = Counter(profiles.first_due(Profile(f"org-{n}", None, since), works) for n in range(200))
    assert len(days) == profiles.SPREAD
    assert max(days.values()) < 25


@given(
    st.dates(date(2024, 1, 1), date(2040, 12, 31)),
    st.integers(0, 2000),
    st.lists(st.integers(0, 30), min_size=350, max_size=350),
)
def test_in_any_year_it_is_asked_at_most_twice_a_fortnight_apart(
    checked: date, after: int, runs: list[int]
) -> None:
    """However seldom the job runs, and on whatever days."""
    profile, day = Profile("cimes", checked, checked), checked + after * DAY
    asked: dict[date, list[date]] = {}
    for later in runs:
        day += later * DAY
        due = profiles.due_by(profile, day, works)
        before = asked.setdefault(due, []) if due else []
        turn = profiles.turn_on(profile, day, before, works)
        assert (turn is not None) == (due is not None and _may_be_asked(before, day))
        if turn is not None:
            assert turn == profiles.Turn(due or day, len(before) + 1)
            before.append(day)
    assert all(len(days) <= profiles.TURNS for days in asked.values())


def _may_be_asked(before: list[date], day: date) -> bool:
    if len(before) != 1:
        return not before
    again = before[0] + profiles.AGAIN
    while not works(again):
        again += DAY
    return day >= again


def test_a_leap_day_is_the_28th_a_year_later() -> None:
    assert profiles.years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)
