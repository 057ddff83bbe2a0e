"""A thousand organisations in made-up zones and countries, and a year of messages for their people."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import available_timezones

import pytest

from bot.rules.attention import Budget, Habits, Pace, Waking, Wish, is_waking
from tests.rules.post_office import SOON, Office, most

YEAR = datetime(2027, 1, 1, tzinfo=UTC)
DAYS, HOURS = 365, timedelta(hours=1)
BUDGET = Budget()
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
# by theme: how many in a year, whether they count, whether at any hour, and for how many hours they help
STREAMS = (
    ("votes", 10, True, False, 24 * 21),
    ("votes", 6, False, False, 30),  # last calls
    ("indicators", 8, True, False, 24 * 14),
    ("events", 40, True, False, 24 * 5),
    ("events", 12, False, True, 1),  # join links
    ("announcements", 24, True, False, 24 * 14),
    ("alliance", 6, True, False, 24 * 30),
)


def holidays(chance: random.Random) -> frozenset[date]:
    """A country's free days of the year, a bridge of four among them."""
    days = {YEAR.date() + timedelta(days=chance.randrange(DAYS)) for _ in range(12)}
    bridge = YEAR.date() + timedelta(days=chance.randrange(DAYS))
    return frozenset(days | {bridge + timedelta(days=one) for one in range(4)})


def somebody(chance: random.Random, free: frozenset[date], person: int) -> Habits:
    """One person's habits: most take everything as it comes, some are away for weeks, or have August off."""
    august = chance.random() < 0.3
    waking = Waking(chance.choice(ZONES), lambda day: day in free or (august and day.month == 8))
    paces: dict[str, Pace] = {}
    for theme in ("votes", "events", "announcements"):
        if chance.random() < 0.4:
            paces[theme] = chance.choice(get_args(Pace))
    away = YEAR.date() + timedelta(days=chance.randrange(DAYS)) if chance.random() < 0.2 else None
    return Habits(waking, paces, (), away, person)


def wishes(chance: random.Random) -> list[tuple[Wish, datetime]]:
    """What one person is to get in a year, each with until when it helps; some days bring much at once."""
    busy = [YEAR + chance.randrange(DAYS * 24) * HOURS for _ in range(20)]
    found = []
    for theme, many, counts, any_hour, helps in STREAMS:
        for _ in range(many):
            at = YEAR + timedelta(minutes=chance.randrange(DAYS * 24 * 60))
            if chance.random() < 0.5:
                at = chance.choice(busy) + timedelta(minutes=chance.randrange(90))
            found.append((Wish(theme, at, counts, any_hour), at + helps * HOURS))
    return found


def year_of(habits: Habits, these: list[tuple[Wish, datetime]]) -> Office:
    """Somebody's year, in which each wish is said once, or folded once, or past its use, or not wanted."""
    office = Office(habits, BUDGET)
    office.plays(these)
    said = [number for one in office.went for number in one.numbers]
    assert sorted(said + office.past + office.unwanted) == list(range(len(these)))
    for one in office.went:
        wish = these[one.numbers[0]][0]
        assert wish.any_hour or is_waking(one.at, habits.waking), (habits, one)
        assert all(
            these[number][0].since <= one.at + SOON and one.at < these[number][1] for number in one.numbers
        )
    day, week = most(office)
    assert day <= BUDGET.a_day
    assert week <= BUDGET.a_week
    return office


def test_a_year_of_a_thousand_organisations(request: pytest.FixtureRequest) -> None:
    quick = request.config.getoption("--ways") == "one"
    chance, worst, folded, past, all_in_all = random.Random(7), 0, 0, 0, 0
    for organisation in range(50 if quick else 1000):
        free = holidays(chance)
        for person in range(chance.choice((1, 2))):
            these = wishes(chance)
            office = year_of(somebody(chance, free, organisation * 2 + person), these)
            worst = max(worst, most(office)[1])
            folded += sum(len(one.numbers) for one in office.went if len(one.numbers) > 1)
            past += sum(these[number][0].counts for number in office.past)
            all_in_all += len(these)
    assert worst == BUDGET.a_week  # the year is busy enough to fill a week
    assert folded > all_in_all / 10  # and to need digests
    assert past < all_in_all / 8  # but hardly anything is too late: for who is away, or reads once a week
