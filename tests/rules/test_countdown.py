"""How long before a date a vote has to begin: it looks for working days, and never for a quiet month."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.decisions.dates import WorkCalendar
from bot.rules.reminding.countdown import BEFORE, Takes, countdown, final_on, latest_beginning, quiet_between

AUGUST, TURN_OF_THE_YEAR = ((8, 1), (8, 31)), ((12, 24), (1, 6))
HOLIDAYS = frozenset({date(2026, 7, 14), date(2026, 7, 21), date(2026, 6, 24)})
RENEWAL, AGREEMENT = Takes(10, 5), Takes(10, 5, 3)


def calendar(
    *quiet: tuple[tuple[int, int], tuple[int, int]], off: frozenset[date] = HOLIDAYS
) -> WorkCalendar:
    """The Assembly's days, with these quiet periods."""
    return WorkCalendar("Europe/Brussels", frozenset({1, 2, 3}), time(17), quiet, off.__contains__)


MEMBERS = calendar(AUGUST, TURN_OF_THE_YEAR)


@pytest.mark.parametrize(
    ("last", "takes", "begins"),
    [
        (date(2026, 8, 26), RENEWAL, date(2026, 6, 30)),  # all of it before August: it begins in June
        (date(2026, 7, 30), RENEWAL, date(2026, 6, 30)),
        (date(2026, 9, 30), RENEWAL, date(2026, 9, 2)),
        (date(2026, 9, 24), RENEWAL, date(2026, 6, 30)),  # not half of it before August and half after
        (date(2026, 11, 26), RENEWAL, date(2026, 10, 29)),
        (date(2026, 11, 26), AGREEMENT, date(2026, 10, 22)),  # and three days to object
        (date(2027, 1, 5), RENEWAL, date(2026, 11, 25)),  # over before Christmas
        (date(2026, 11, 27), RENEWAL, date(2026, 10, 29)),  # no vote closes on a Friday
    ],
)
def test_it_looks_for_a_working_month(last: date, takes: Takes, begins: date) -> None:
    assert latest_beginning(last, takes, MEMBERS) == begins


def test_it_is_said_ninety_thirty_and_seven_days_before_it_begins_on_working_days() -> None:
    found = countdown(date(2026, 8, 26), RENEWAL, MEMBERS)
    assert (found.begins, found.reminders) == (
        date(2026, 6, 30),
        (date(2026, 4, 1), date(2026, 5, 29), date(2026, 6, 23)),  # 31 May is a Sunday
    )
    turns = [
        found.turn(date(2026, month, day)) for month, day in ((3, 31), (4, 1), (5, 28), (5, 29), (6, 22))
    ]
    assert turns == [None, 0, 0, 1, 1]
    assert [found.turn(date(2026, 6, 23)), found.turn(date(2026, 8, 26))] == [2, 2]
    assert found.turn(date(2026, 8, 27)) is None  # of a date that is past nobody is reminded


def test_a_calendar_without_working_days_leaves_no_room() -> None:
    with pytest.raises(ValueError, match="no vote fits before 2026-08-26"):
        latest_beginning(date(2026, 8, 26), RENEWAL, calendar(((1, 1), (12, 31))))


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.builds(Takes, st.integers(0, 15), st.integers(1, 15), st.integers(0, 5)),
    st.sampled_from([(), (AUGUST,), (AUGUST, TURN_OF_THE_YEAR)]),
)
def test_whoever_begins_by_then_is_done_in_time_and_a_day_later_is_not(
    last: date, takes: Takes, quiet: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
) -> None:
    members = calendar(*quiet)
    found = countdown(last, takes, members)

    assert members.is_working(found.begins)
    assert final_on(found.begins, takes, members) <= last
    assert final_on(found.begins, takes, members, in_hand=0) <= final_on(found.begins, takes, members)
    assert not quiet_between(found.begins, final_on(found.begins, takes, members), members)
    later = members.working_days_after(found.begins, 1)
    final = final_on(later, takes, members)
    assert final > last or quiet_between(later, final, members)
    assert list(found.reminders) == sorted(set(found.reminders))
    assert 1 <= len(found.reminders) <= len(BEFORE)
    assert all(members.is_working(day) and day < found.begins for day in found.reminders)


def test_a_vote_that_fits_into_no_month_goes_through_a_quiet_one() -> None:
    crowded = calendar(*(((month, 20), (month, 28)) for month in range(1, 13)))
    begins = latest_beginning(date(2026, 11, 26), RENEWAL, crowded)
    assert quiet_between(begins, final_on(begins, RENEWAL, crowded), crowded)


def test_a_quiet_period_is_named_with_its_days_in_every_year() -> None:
    leap = calendar(((2, 29), (3, 2)), TURN_OF_THE_YEAR)
    assert quiet_between(date(2027, 1, 6), date(2027, 2, 28), leap) == (
        (date(2026, 12, 24), date(2027, 1, 6)),
        (date(2027, 2, 28), date(2027, 3, 2)),
    )
    assert quiet_between(date(2028, 1, 7), date(2028, 2, 28), leap) == ()
