"""A message that nobody asked for: it goes, waits for an opening or a digest, or never goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.attention import (
    Budget,
    Habits,
    Pace,
    Snooze,
    Waking,
    Wish,
    digest_from,
    earlier,
    is_waking,
    local_time,
    room,
    snoozed,
    verdict,
)
from tests.rules.post_office import Office, most
from tests.rules.test_attention import HOLIDAYS, LISBON, NEVER, RIGA, at, moments, zones

BUDGET = Budget()
ANA = Habits(LISBON)


def had(*moments: str) -> Habits:
    """Ana, who had messages that counted at these moments."""
    return replace(ANA, had=tuple(at(one) for one in moments))


def became(now: str, habits: Habits = ANA, wish: Wish | None = None) -> tuple[str, str]:
    """Why, and when by Ana's clocks; what waits for an opening, without its minutes of grace."""
    found = verdict(wish or Wish("votes", at(now)), habits, BUDGET, at(now))
    assert found.at is not None
    moment = found.at.astimezone(ZoneInfo(habits.waking.zone))
    if found.why == "quiet":
        assert time(8, 30) <= moment.time() <= time(8, 50)
        moment = moment.replace(minute=30)
    return found.why, f"{moment:%F %H:%M}"


@pytest.mark.parametrize(
    ("now", "why", "then"),
    [
        ("2026-11-24 10:00", "now", "2026-11-24 10:00"),
        ("2026-11-24 18:00", "quiet", "2026-11-25 08:30"),
        ("2026-11-24 08:29", "quiet", "2026-11-24 08:30"),
        ("2026-11-27 18:30", "quiet", "2026-11-30 08:30"),  # Friday evening
        ("2026-12-07 19:00", "quiet", "2026-12-09 08:30"),  # a holiday in between
        ("2027-03-28 01:30", "quiet", "2027-03-29 08:30"),  # the night that is an hour short
    ],
)
def test_quiet_hours(now: str, why: str, then: str) -> None:
    assert became(now) == (why, then)


def test_what_may_come_at_any_hour_does() -> None:
    night = at("2026-11-24 23:00")
    assert verdict(Wish("events", night, counts=False, any_hour=True), ANA, BUDGET, night).goes
    assert verdict(Wish("events", night, counts=False), ANA, BUDGET, night).why == "quiet"
    assert verdict(Wish("events", night, any_hour=True), ANA, BUDGET, night).goes  # and is counted


@pytest.mark.parametrize(
    ("moments", "now", "why", "then"),
    [
        (["2026-11-24 09:00"], "2026-11-24 10:00", "day is full", "2026-11-25 09:00"),
        (
            ["2026-11-27 09:00"],
            "2026-11-27 10:00",
            "day is full",
            "2026-11-30 09:00",
        ),  # not Saturday, not 08:30
        (["2026-11-23 09:00"], "2026-11-24 10:00", "now", "2026-11-24 10:00"),
        (
            ["2026-11-23 09:00", "2026-11-24 09:00", "2026-11-25 09:00"],
            "2026-11-26 10:00",
            "week is full",
            "2026-11-30 09:00",
        ),
        (
            ["2026-11-30 09:00", "2026-12-01 09:00", "2026-12-02 09:00"],
            "2026-12-03 10:00",
            "week is full",
            "2026-12-07 09:00",
        ),
        (["2026-12-07 09:00"], "2026-12-07 09:01", "day is full", "2026-12-09 09:00"),  # over a holiday
        (["2026-11-22 23:00"], "2026-11-23 10:00", "now", "2026-11-23 10:00"),  # Sunday is another week
    ],
)
def test_the_budget(moments: list[str], now: str, why: str, then: str) -> None:
    assert became(now, had(*moments)) == (why, then)
    assert became(now, had(*moments), Wish("votes", at(now), counts=False)) == ("now", now)


@pytest.mark.parametrize(
    ("pace", "since", "then"),
    [
        ("daily", "2026-11-24 08:40", "2026-11-24 09:00"),
        ("daily", "2026-11-24 09:01", "2026-11-25 09:00"),
        ("daily", "2026-11-27 12:00", "2026-11-30 09:00"),
        ("weekly", "2026-11-23 08:40", "2026-11-23 09:00"),
        ("weekly", "2026-11-24 10:00", "2026-11-30 09:00"),
        ("weekly", "2026-12-24 10:00", "2026-12-28 09:00"),
    ],
)
def test_a_digest_at_the_readers_pace(pace: Pace, since: str, then: str) -> None:
    habits, moment = replace(ANA, paces={"votes": pace}), at(then)
    wish = Wish("votes", at(since))
    assert became(since, habits, wish) == (pace, then)
    assert verdict(wish, habits, BUDGET, moment).goes
    assert verdict(wish, habits, BUDGET, moment + timedelta(hours=3)).goes  # nobody was there at nine
    assert verdict(Wish("events", at(since)), habits, BUDGET, at("2026-11-24 10:00")).goes  # another theme


def test_a_digest_after_a_week_of_holidays() -> None:
    away = Waking("Europe/Lisbon", lambda day: date(2026, 11, 30) <= day <= date(2026, 12, 4))
    since = at("2026-11-26 10:00")
    assert digest_from(since, Habits(away), BUDGET, weekly=True) == at("2026-12-07 09:00")


def test_off_and_away() -> None:
    off = replace(ANA, paces={"votes": "off"})
    now = at("2026-11-24 10:00")
    found = verdict(Wish("votes", now), off, BUDGET, now)
    assert (found.at, found.why) == (None, "off")
    assert verdict(Wish("votes", now, counts=False), off, BUDGET, now).goes
    away = replace(ANA, away_until=date(2026, 12, 7))
    assert became("2026-11-24 10:00", away) == ("away", "2026-12-09 08:30")  # the 8th is a holiday
    assert became("2026-11-24 10:00", away, Wish("votes", now, counts=False)) == ("now", "2026-11-24 10:00")
    assert became("2026-12-08 10:00", away)[0] == "quiet"
    assert became("2026-12-09 10:00", away) == ("now", "2026-12-09 10:00")
    ahead = replace(away, away_from=date(2026, 11, 26))
    assert became("2026-11-25 10:00", ahead)[0] == "now"
    assert became("2026-11-26 10:00", ahead) == ("away", "2026-12-09 08:30")
    assert became("2026-12-09 10:00", ahead)[0] == "now"


def test_august_off_is_not_nobody_there() -> None:
    """A month is longer than thirty days, and a weekend may stand before it and after it."""
    august = Habits(Waking("Europe/Lisbon", lambda day: day.month == 8))
    for year in range(2026, 2034):
        found = verdict(Wish("votes", at(f"{year}-07-31 18:30")), august, BUDGET, at(f"{year}-07-31 18:30"))
        assert found.why == "quiet"
        assert found.at is not None
        assert at(f"{year}-09-01 08:30") <= found.at <= at(f"{year}-09-03 08:50")


def test_nobody_waits_for_ever() -> None:
    now = at("2026-11-24 22:00")
    assert verdict(Wish("votes", now), Habits(NEVER), BUDGET, now).goes
    short = Habits(Waking("Europe/Lisbon", lambda _: False, time(8, 30), time(8, 35)), person=7)
    for person in range(30):
        found = verdict(Wish("votes", now), replace(short, person=person), BUDGET, now)
        assert found.at is not None
        assert is_waking(found.at, short.waking)  # the minutes of grace never miss the opening


@pytest.mark.parametrize(
    ("until", "then"),
    [
        ("tomorrow", "2026-11-27 09:00"),
        ("monday", "2026-11-30 09:00"),
        ("two weeks", "2026-12-10 09:00"),
        (date(2026, 12, 8), "2026-12-09 09:00"),  # a holiday
        (date(2026, 12, 12), "2026-12-14 09:00"),  # a Saturday
        (date(2026, 11, 1), "2026-11-27 09:00"),  # long ago
    ],
)
def test_later(until: Snooze | date, then: str) -> None:
    assert snoozed(until, at("2026-11-26 16:00"), ANA, BUDGET) == at(then)


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 19:00", "2026-11-24 17:45"),
        ("2026-11-24 07:00", "2026-11-23 17:45"),
        ("2026-11-23 07:00", "2026-11-20 17:45"),
        ("2026-12-09 07:00", "2026-12-07 17:45"),
    ],
)
def test_earlier_never_later(moment: str, then: str) -> None:
    assert earlier(at(moment), LISBON) == at(then)
    assert earlier(at(moment), NEVER) == at(moment)


def test_a_time_of_day_is_by_the_readers_clocks() -> None:
    night = at("2026-11-24 23:30")  # half past one on Wednesday in Riga
    assert local_time(night, time(9, 30), LISBON) == at("2026-11-24 09:30")
    assert local_time(night, time(9, 30), RIGA) == at("2026-11-25 09:30", RIGA)
    assert local_time(at("2026-11-28 10:00"), time(9, 30), LISBON) == at("2026-11-30 08:30")


paces = st.sampled_from(["instant", "daily", "weekly"])
wishes = st.tuples(
    st.datetimes(datetime(2026, 10, 19), datetime(2026, 11, 8), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["votes", "events", "alliance"]),
    st.sampled_from([True, True, True, False]),
)


@given(st.lists(wishes, max_size=25), zones, paces, paces, st.integers(1, 2), st.integers(2, 5))
def test_no_stream_of_wishes_takes_more_than_the_budget(
    stream: list[tuple[datetime, str, bool]], zone: str, votes: Pace, events: Pace, a_day: int, a_week: int
) -> None:
    waking = Waking(zone, HOLIDAYS.__contains__)
    habits = Habits(waking, {"votes": votes, "events": events}, (), date(2026, 10, 22), 3)
    office = Office(habits, Budget(a_day, a_week))
    never = datetime(2028, 1, 1, tzinfo=UTC)
    office.plays([(Wish(theme, since, counts), never) for since, theme, counts in stream])
    day, week = most(office)
    assert day <= a_day
    assert week <= a_week
    assert all(is_waking(one.at, waking) for one in office.went)
    said = [number for one in office.went for number in one.numbers]
    assert sorted(said) == list(range(len(stream)))  # each once, none for ever
    last = max((since for since, _, _ in stream), default=never)
    assert all(one.at <= last + timedelta(days=18) for one in office.went)


@given(moments, zones, st.lists(st.integers(0, 24 * 8), max_size=6))
def test_what_is_put_off_waits_for_a_waking_moment_to_come(now: datetime, zone: str, ago: list[int]) -> None:
    waking = Waking(zone, HOLIDAYS.__contains__)
    habits = Habits(waking, had=tuple(now - timedelta(hours=hours) for hours in ago), person=5)
    wish, looked = Wish("votes", now), now
    for _ in range(4):
        found = verdict(wish, habits, BUDGET, looked)
        if found.goes:
            break
        assert found.at is not None
        assert found.at > looked
        assert is_waking(found.at, waking)
        looked = found.at
    assert found.goes
    assert is_waking(looked, waking)
    assert room(habits, BUDGET, looked)


@given(moments, zones)
def test_earlier_is_the_last_quarter_hour_at_work(moment: datetime, zone: str) -> None:
    waking = Waking(zone, HOLIDAYS.__contains__)
    then = earlier(moment, waking)
    assert is_waking(then, waking)
    assert then <= moment
    if then < moment:
        closes = then + timedelta(minutes=15)
        assert not is_waking(closes, waking)
        later = closes + (moment - closes) / 2
        assert not is_waking(later, waking)
