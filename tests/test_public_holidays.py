"""Public holidays of the members' countries, and a notice over the ones of the founders."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.people.public_holidays import is_free, named
from bot.rules.decisions.dates import WorkCalendar, schedule

FOUNDERS = frozenset({"FR", "BE", "PL", "PT", "IT", "LV"})


def test_a_holiday_of_any_country_is_free() -> None:
    free = is_free(FOUNDERS)
    portugals_day, latvias_day, tuesday = date(2026, 6, 10), date(2026, 11, 18), date(2026, 11, 24)
    assert (free(portugals_day), free(latvias_day), free(tuesday)) == (True, True, False)
    assert not is_free(FOUNDERS - {"PT"})(portugals_day)
    assert not is_free(frozenset())(date(2026, 12, 25))


def test_easter_moves_with_the_year() -> None:
    free = is_free(frozenset({"PL"}))
    assert [free(date(2026, 4, 6)), free(date(2027, 3, 29)), free(date(2028, 4, 17))] == [True] * 3
    assert not free(date(2027, 4, 6))


def test_a_holiday_of_a_part_of_a_country_does_not_count() -> None:
    assert not is_free(frozenset({"FR"}))(date(2026, 12, 26))  # in Alsace and Moselle it does
    assert not is_free(frozenset({"DE"}))(date(2026, 6, 4))


def test_a_country_that_nobody_knows_has_no_holidays() -> None:
    assert not is_free(frozenset({"XX", ""}))(date(2026, 12, 25))
    assert is_free(frozenset({"XX", "PT"}))(date(2026, 12, 25))
    assert named(frozenset({"XX"}), date(2026, 12, 25)) == ()


def test_the_same_countries_are_looked_up_once() -> None:
    assert is_free(frozenset({"PT", "FR"})) is is_free(frozenset({"FR", "PT"}))


def test_a_holiday_is_named_in_english_with_its_country() -> None:
    assert named(FOUNDERS, date(2026, 12, 8)) == (
        ("IT", "Immaculate Conception"),
        ("PT", "Immaculate Conception"),
    )
    assert named(FOUNDERS, date(2026, 7, 14)) == (("FR", "National Day"),)
    assert named(FOUNDERS, date(2026, 6, 22)) == (("LV", "Day off"),)  # for a Saturday on which they work
    assert named(FOUNDERS, date(2026, 11, 24)) == ()


def test_a_notice_of_november_closes_after_the_holiday_of_italy_and_portugal() -> None:
    calendar = WorkCalendar(
        zone="Europe/Brussels",
        deadline_weekdays=frozenset({1, 2, 3}),
        deadline_time=time(17),
        quiet=(((8, 1), (8, 31)), ((12, 24), (1, 6))),
        free=is_free(FOUNDERS),
    )
    dates = schedule(datetime(2026, 11, 24, 9, 30, tzinfo=UTC), 5, 5, calendar)
    assert dates.opens_at == datetime(2026, 12, 3, 8, 0, tzinfo=UTC)  # 1 December is Portugal's
    assert dates.closes_at == datetime(2026, 12, 10, 16, 0, tzinfo=UTC)
