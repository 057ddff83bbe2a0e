"""When editions go out: the charter's day of the month, and the hours in which one may leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.clocks import shown
from bot.rules.newsletter.values import Newsletter
from bot.rules.newsletter.windows import DAYS, NTH, in_window, next_send, next_window, window_end

NEWS = Newsletter("News")
BRUSSELS = "Europe/Brussels"
zones = st.sampled_from((BRUSSELS, "Europe/Lisbon", "Pacific/Apia", "America/Havana", "Africa/Cairo", "UTC"))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
newsletters = st.builds(
    lambda nth, day, hour: replace(NEWS, day=f"{nth} {day}", hour=hour),
    st.sampled_from(list(NTH)),
    st.sampled_from(list(DAYS)),
    st.sampled_from(["09:00", "10:00", "15:45"]),
)


def at(text: str, zone: str = BRUSSELS) -> datetime:
    """A moment (UTC) that the clocks show."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "after", "send"),
    [
        ("first tue", "2026-11-24 10:30", "2026-12-01 10:00"),
        ("first tue", "2026-12-01 09:59", "2026-12-01 10:00"),
        ("first tue", "2026-12-01 10:00", "2027-01-05 10:00"),
        ("last thu", "2026-11-24 10:30", "2026-11-26 10:00"),
        ("last thu", "2026-11-26 10:01", "2026-12-31 10:00"),
        ("second wed", "2026-11-24 10:30", "2026-12-09 10:00"),
        ("third tue", "2027-02-20 00:00", "2027-03-16 10:00"),
        ("fourth thu", "2027-01-31 12:00", "2027-02-25 10:00"),
        ("last tue", "2027-03-28 01:00", "2027-03-30 10:00"),  # the clocks have jumped two days before
    ],
)
def test_the_next_edition(day: str, after: str, send: str) -> None:
    assert next_send(replace(NEWS, day=day), at(after)) == at(send)


@given(newsletters, moments, zones)
def test_an_edition_a_month_at_its_hour_inside_the_window(
    news: Newsletter, after: datetime, zone: str
) -> None:
    send = next_send(news, after, zone)
    wall = shown(send, ZoneInfo(zone))
    nth, weekday = news.day.split()
    assert after < send <= after + timedelta(days=63)
    assert (wall.weekday(), f"{wall:%H:%M}") == (DAYS[weekday], news.hour)
    assert (
        (wall.day - 1) // 7 == NTH[nth] if nth != "last" else (wall + timedelta(days=7)).month != wall.month
    )
    assert in_window(send, zone)
    following = shown(next_send(news, send, zone), ZoneInfo(zone))
    assert (following.year * 12 + following.month) - (wall.year * 12 + wall.month) == 1


@pytest.mark.parametrize(
    ("moment", "inside", "opens", "closes"),
    [
        ("2026-12-01 08:59", False, "2026-12-01 09:00", "2026-12-01 16:00"),
        ("2026-12-01 09:00", True, "2026-12-01 09:00", "2026-12-01 16:00"),
        ("2026-12-01 15:59", True, "2026-12-01 15:59", "2026-12-01 16:00"),
        ("2026-12-01 16:00", False, "2026-12-02 09:00", "2026-12-02 16:00"),
        ("2026-12-03 16:00", False, "2026-12-08 09:00", "2026-12-08 16:00"),  # a Thursday
        ("2026-12-04 12:00", False, "2026-12-08 09:00", "2026-12-08 16:00"),
        ("2026-11-30 12:00", False, "2026-12-01 09:00", "2026-12-01 16:00"),  # a Monday
    ],
)
def test_tuesday_to_thursday_nine_to_four(moment: str, inside: bool, opens: str, closes: str) -> None:
    assert in_window(at(moment)) is inside
    assert next_window(at(moment)) == at(opens)
    assert window_end(at(moment)) == at(closes)


def test_the_window_is_by_the_alliances_clock() -> None:
    assert in_window(at("2026-12-01 08:30", "Europe/Lisbon"))
    assert not in_window(at("2026-12-01 08:30", "Europe/Lisbon"), "Europe/Lisbon")


@given(moments, zones)
def test_a_window_to_come_is_one(moment: datetime, zone: str) -> None:
    opens, closes = next_window(moment, zone), window_end(moment, zone)
    assert moment <= opens < closes
    assert in_window(opens, zone)
    assert not in_window(closes, zone)
    assert in_window(closes - timedelta(seconds=1), zone)
    assert in_window(moment, zone) == (opens == moment)
    assert closes - opens <= timedelta(hours=7)
