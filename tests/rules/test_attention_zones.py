"""Attention in every zone of tzdata, in each quarter of an hour of the nights in which clocks jump."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.rules.attention import Budget, Habits, Waking, Wish, digest_from, earlier, is_waking, verdict
from bot.rules.clocks import first_moment, shown

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
OPENS, CLOSES, NINE = time(8, 30), time(18), time(9)
EUROPE = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))  # Sundays
APIA = date(2011, 12, 30)  # a Friday that never was there
ZONES = sorted(available_timezones() - {"Factory", "localtime"})


def never(_: date) -> bool:
    """Nobody's holiday."""
    return False


@pytest.fixture(scope="module")
def chosen(request: pytest.FixtureRequest) -> list[str]:
    """Every zone; the quick check takes one of twelve, and the odd ones."""
    odd = ["Australia/Lord_Howe", "Pacific/Apia", "America/Havana", "Africa/Casablanca", "Antarctica/Troll"]
    quick = request.config.getoption("--ways") == "one"
    return sorted({*ZONES[::12], *odd}) if quick else ZONES


def jumps(zone: ZoneInfo, since: date = date(2026, 1, 1), days: int = 730) -> Iterator[date]:
    """The days on whose way to the next one the clocks of a zone jump."""
    noon = datetime.combine(since, time(12), UTC)
    for ahead in range(days):
        moment = noon + ahead * DAY
        if moment.astimezone(zone).utcoffset() != (moment + DAY).astimezone(zone).utcoffset():
            yield moment.astimezone(zone).date()


def nights(name: str) -> Iterator[date]:
    """The days before a night that may be odd in a zone: Europe's and its own."""
    yield from sorted({*(day - DAY for day in EUROPE), *jumps(ZoneInfo(name))})


def holds_in(name: str, day: date) -> None:
    """Look at a wish at every quarter-hour of two days: it waits for a moment that is shown to be waking."""
    zone, waking = ZoneInfo(name), Waking(name, never)
    habits, budget = Habits(waking, person=3), Budget()
    now = first_moment(datetime.combine(day, time(12)), zone)
    for _ in range(int(2 * DAY / QUARTER)):
        now += QUARTER
        found = verdict(Wish("votes", now), habits, budget, now)
        assert found.at is not None
        clock = shown(found.at, zone)
        assert clock.weekday() < 5, (name, now, clock)
        assert OPENS <= clock.time() < CLOSES, (name, now, clock)
        local = shown(now, zone)
        working = local.weekday() < 5 and OPENS <= local.time() < CLOSES
        assert found.goes == working, (name, now, local)
        assert found.goes == (found.at == now)
        assert found.at >= now


def test_every_quarter_hour_of_every_night_of_jumps(chosen: list[str]) -> None:
    for name in chosen:
        for day in nights(name):
            holds_in(name, day)


def test_digests_come_at_nine_by_the_clocks_of_every_zone(chosen: list[str]) -> None:
    for name in chosen:
        zone, habits = ZoneInfo(name), Habits(Waking(name, never))
        for day in nights(name):
            now = first_moment(datetime.combine(day, time(21)), zone)
            for weekly in (False, True):
                digest = digest_from(now, habits, Budget(), weekly=weekly)
                clock = shown(digest, zone)
                assert (clock.time(), clock.weekday() < 5) == (NINE, True), (name, day)
                assert now < digest <= now + 8 * DAY
                assert not weekly or clock.weekday() == 0
            before = earlier(now, habits.waking)
            assert is_waking(before, habits.waking)
            assert shown(before, zone).time() == time(17, 45)


def test_a_digest_in_an_hour_that_is_missing_or_comes_twice() -> None:
    """In Egypt the clocks jump at midnight to a Friday, and somebody there works by night."""
    zone, night = ZoneInfo("Africa/Cairo"), Waking("Africa/Cairo", never, time(0), time(23, 59))
    habits = Habits(night)

    def digest(now: datetime, at: time) -> datetime:
        return digest_from(now.replace(tzinfo=zone), habits, Budget(digest=at))

    missing = digest(datetime(2026, 4, 23, 12), time(0, 30))  # noqa: DTZ001
    assert shown(missing, zone) == datetime(2026, 4, 24, 1)  # noqa: DTZ001 - midnight became one
    assert verdict(Wish("votes", missing), habits, Budget(), missing).goes
    thursday = digest(datetime(2026, 10, 29, 12), time(23, 30))  # noqa: DTZ001
    assert shown(thursday + timedelta(hours=1), zone) == shown(thursday, zone)  # half past eleven, twice
    again = digest_from(thursday + QUARTER, habits, Budget(digest=time(23, 30)))
    assert shown(again, zone) == datetime(2026, 10, 30, 23, 30)  # noqa: DTZ001 - once for one day


def test_the_day_that_apia_left_out() -> None:
    apia = Habits(Waking("Pacific/Apia", never))
    zone = ZoneInfo("Pacific/Apia")
    thursday = first_moment(datetime(2011, 12, 29, 19), zone)  # noqa: DTZ001
    found = verdict(Wish("votes", thursday), apia, Budget(), thursday)
    assert found.at is not None
    assert shown(found.at, zone).date() == date(2012, 1, 2)  # Friday never came
    assert not is_waking(first_moment(datetime.combine(APIA, time(12)), zone), apia.waking)
    assert shown(digest_from(thursday, apia, Budget()), zone) == datetime(2012, 1, 2, 9)  # noqa: DTZ001
    for name in ("Pacific/Apia", "Pacific/Fakaofo"):
        holds_in(name, APIA - DAY)
