"""Who is at work: how many are off, and the first moment at which most are back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.attention import Waking, is_waking
from bot.rules.broadcasts.hours import local_hours, next_common_opening, off
from bot.rules.clocks import shown

QUARTER = timedelta(minutes=15)
BRUSSELS = "Europe/Brussels"
CHRISTMAS = frozenset({date(2026, 12, 25)})


def never(_: date) -> bool:
    return False


def people(**zones: int) -> list[Waking]:
    """So many people in each city."""
    cities = {"lisbon": "Europe/Lisbon", "riga": "Europe/Riga", "paris": "Europe/Paris"}
    cities |= {"apia": "Pacific/Apia", "kathmandu": "Asia/Kathmandu", "york": "America/New_York"}
    return [Waking(cities[city], never) for city, number in zones.items() for _ in range(number)]


def at(text: str, zone: str = BRUSSELS) -> datetime:
    """A moment (UTC) that the clocks show."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_nineteen_of_twenty_three_are_off() -> None:
    friday = at("2026-11-27 18:40")
    wakings = people(paris=15, riga=4, lisbon=4)
    assert off(wakings, friday) == 19  # in Lisbon it is twenty to six
    assert off(wakings, at("2026-11-27 19:00")) == 23
    assert next_common_opening(wakings, friday) == at("2026-11-30 09:00")


@pytest.mark.parametrize(
    ("wakings", "now", "opening"),
    [
        (people(paris=3), "2026-11-24 10:05", "2026-11-24 10:15"),  # at the quarter, where all are at work
        (people(paris=3), "2026-11-24 10:15", "2026-11-24 10:15"),
        (people(paris=3), "2026-11-24 08:40", "2026-11-24 09:00"),  # never before nine
        (people(paris=3), "2026-11-24 17:50", "2026-11-25 09:00"),  # the next quarter is after hours
        (people(paris=8, lisbon=2), "2026-11-24 06:00", "2026-11-24 09:00"),  # eight of ten are enough
        (people(paris=7, lisbon=3), "2026-11-24 06:00", "2026-11-24 09:30"),  # seven are not
        (people(paris=8, riga=2), "2026-11-27 20:00", "2026-11-30 09:00"),
        (people(kathmandu=5), "2026-11-27 20:00", "2026-11-30 09:00"),  # 13:45 there
        (people(york=5), "2026-11-27 23:59", "2026-11-30 14:30"),
        ([Waking("Europe/Paris", CHRISTMAS.__contains__)], "2026-12-24 19:00", "2026-12-28 09:00"),
        ([], "2026-11-24 07:00", "2026-11-24 09:00"),
    ],
)
def test_most_are_at_work_again(wakings: list[Waking], now: str, opening: str) -> None:
    assert next_common_opening(wakings, at(now)) == at(opening)


def test_nine_is_by_the_alliances_clock() -> None:
    assert next_common_opening(people(lisbon=2), at("2026-11-24 05:00"), "Europe/Lisbon") == at(
        "2026-11-24 09:00", "Europe/Lisbon"
    )
    assert next_common_opening(people(riga=2), at("2026-11-24 05:00"), "Europe/Lisbon") == at(
        "2026-11-24 09:00", "Europe/Lisbon"
    )


def test_where_most_never_meet_it_is_when_most_of_them_do() -> None:
    """Apia is at work while Europe sleeps: two of three are the most there ever are."""
    found = next_common_opening(people(paris=2, apia=1), at("2026-11-27 20:00"))
    assert found == at("2026-11-30 09:00")
    nowhere = [Waking("Europe/Paris", lambda _: True)]
    assert next_common_opening(nowhere, at("2026-11-24 05:00")) == at("2026-11-24 09:00")


def slowly(wakings: list[Waking], start: datetime, zone: str) -> datetime | None:
    """The same by looking at each quarter-hour of ten days."""
    moment = start + (-(start - datetime(2000, 1, 1, tzinfo=UTC)) % QUARTER)
    for _ in range(10 * 96):
        there = sum(is_waking(moment, waking) for waking in wakings)
        if shown(moment, ZoneInfo(zone)).hour >= 9 and there * 5 >= len(wakings) * 4:
            return moment
        moment += QUARTER
    return None


zones = st.sampled_from(
    [
        *("Europe/Lisbon", "Europe/Riga", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"),
        *("Pacific/Apia", "Pacific/Kiritimati", "Africa/Cairo", "America/Los_Angeles"),
    ]
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(zones, min_size=1, max_size=5), moments, zones)
@example(["Europe/Lisbon"], datetime(2027, 3, 26, 19, tzinfo=UTC), "Europe/Lisbon")  # the clocks jump
@example(["Europe/Riga"], datetime(2026, 10, 23, 19, tzinfo=UTC), "Europe/Lisbon")
@example(["Africa/Cairo"], datetime(2027, 4, 29, 19, tzinfo=UTC), "Africa/Cairo")
# One is at work when it is nine here, goes home, and both are at work before midnight.
@example(["Australia/Eucla", "Asia/Tokyo"], datetime(2026, 6, 2, 8, 50, tzinfo=UTC), "UTC")
def test_no_quarter_hour_is_sooner(where: list[str], now: datetime, zone: str) -> None:
    wakings = [Waking(one, never) for one in where]
    expected = slowly(wakings, now, zone)
    found = next_common_opening(wakings, now, zone)
    assert found >= now
    if expected is not None:
        assert found == expected


@given(st.lists(zones, max_size=6), moments)
def test_who_is_not_off_is_at_work(where: list[str], moment: datetime) -> None:
    wakings = [Waking(one, never) for one in where]
    assert off(wakings, moment) == sum(not is_waking(moment, waking) for waking in wakings)


@dataclass(frozen=True)
class Somebody:
    zone: str


def test_the_hours_at_which_it_is_read() -> None:
    readers = [
        Somebody("Europe/Lisbon"),
        Somebody("Europe/Riga"),
        Somebody("Europe/Lisbon"),
        Somebody(BRUSSELS),
    ]
    found = local_hours(readers, at("2026-11-24 09:00"))
    assert list(found.items()) == [(8, 2), (9, 1), (10, 1)]
    assert local_hours([], at("2026-11-24 09:00")) == {}


def test_a_thousand_people_take_no_longer_than_their_clocks() -> None:
    """Every clock is looked at once, however many people live by it."""
    asked: list[date] = []

    def free(day: date) -> bool:
        asked.append(day)
        return False

    wakings = [Waking("Europe/Paris", free)] * 1000
    assert next_common_opening(wakings, at("2026-11-28 12:00")) == at("2026-11-30 09:00")
    assert off(wakings, at("2026-11-30 09:00")) == 0
    assert len(asked) < 200
