"""When somebody is reminded of a vote: at half of the time, and on the last morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.attention import Waking, is_waking
from bot.rules.clocks import shown
from bot.rules.reminding.votes import BETWEEN, NINE, NOON, SETTLING, Turns, due, turns

HOLIDAYS = frozenset({date(2026, 12, 8), date(2026, 12, 9)})
LISBON = Waking("Europe/Lisbon", HOLIDAYS.__contains__)
RIGA = Waking("Europe/Riga", lambda _: False)
AUCKLAND = Waking("Pacific/Auckland", lambda _: False)
NEVER = Waking("Europe/Lisbon", lambda _: True)
ZONES = ("Europe/Lisbon", "Europe/Riga", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Havana", "UTC")
AHEAD = timedelta(hours=25)
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001
    max_value=datetime(2030, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
lengths = st.timedeltas(min_value=timedelta(hours=1), max_value=timedelta(days=40))
holidays = st.frozensets(st.integers(min_value=0, max_value=60), max_size=30)


def brussels(text: str) -> datetime:
    """A moment (UTC) that the clocks of Brussels show."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Brussels")).astimezone(UTC)


def there(moment: datetime | None, waking: Waking) -> str:
    """What somebody's own clocks show then; "" for never."""
    return "" if moment is None else f"{shown(moment, ZoneInfo(waking.zone)):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("opens", "closes", "waking", "first", "last"),
    [
        ("2026-11-24 09:00", "2026-12-02 17:00", LISBON, "Mon 30 Nov 09:00", "Wed 02 Dec 09:00"),
        ("2026-11-24 09:00", "2026-12-02 17:00", RIGA, "Mon 30 Nov 09:00", "Wed 02 Dec 09:00"),
        # it closes at five in the morning there: the day before counts
        ("2026-11-24 09:00", "2026-12-02 17:00", AUCKLAND, "Mon 30 Nov 09:00", "Tue 01 Dec 17:45"),
        # on the closing day and the day before Portugal is off
        ("2026-12-02 09:00", "2026-12-09 17:00", LISBON, "", "Mon 07 Dec 17:45"),
        ("2026-12-02 09:00", "2026-12-09 17:00", RIGA, "Mon 07 Dec 09:00", "Wed 09 Dec 09:00"),
        # it closes in the morning
        ("2026-11-23 09:00", "2026-12-02 11:00", RIGA, "Mon 30 Nov 09:00", "Tue 01 Dec 12:00"),
        # half of the time is over at eleven
        ("2026-11-23 11:00", "2026-12-01 11:00", LISBON, "Fri 27 Nov 10:00", "Mon 30 Nov 10:00"),
        ("2026-12-01 09:00", "2026-12-02 17:00", RIGA, "", "Wed 02 Dec 09:00"),  # no room for two
        ("2026-12-02 09:00", "2026-12-02 17:00", RIGA, "", ""),  # they were told this morning
        ("2026-11-24 09:00", "2026-12-02 17:00", NEVER, "", ""),
    ],
)
def test_at_half_of_the_time_and_on_the_last_morning(
    opens: str, closes: str, waking: Waking, first: str, last: str
) -> None:
    found = turns(brussels(opens), brussels(closes), waking)
    assert (there(found.first, waking), there(found.last, waking)) == (first, last)


@given(moments, lengths, st.sampled_from(ZONES), holidays)
def test_every_turn_is_at_work_while_voting_is_open_and_far_from_the_other(
    opens: datetime, length: timedelta, zone: str, off: frozenset[int]
) -> None:
    closes = opens + length
    waking = Waking(zone, lambda day: (day - opens.date()).days in off)

    found = turns(opens, closes, waking)

    for turn in (found.first, found.last):
        assert turn is None or (opens < turn < closes and is_waking(turn, waking))
    if found.first is not None:
        assert opens + length / 2 <= found.first <= (found.last or closes) - BETWEEN
        assert NINE <= shown(found.first, ZoneInfo(zone)).time() < NOON
    if found.last is not None:
        assert found.last >= opens + SETTLING


@given(moments, lengths, st.sampled_from(ZONES), st.timedeltas(timedelta(), timedelta(days=45)))
def test_what_is_due_comes_from_now_on_and_before_the_close(
    opens: datetime, length: timedelta, zone: str, gone: timedelta
) -> None:
    waking, closes, now = Waking(zone, lambda _: False), opens + length, opens + gone

    for at in due(turns(opens, closes, waking), closes, waking, now, AHEAD).values():
        assert now <= at < closes
        assert is_waking(at, waking)


def test_a_turn_that_was_missed_is_made_up_for_while_it_helps() -> None:
    opens, closes = brussels("2026-11-24 09:00"), brussels("2026-12-10 17:00")
    found = turns(opens, closes, RIGA)
    assert (there(found.first, RIGA), there(found.last, RIGA)) == ("Thu 03 Dec 09:00", "Thu 10 Dec 09:00")

    def on(now: str) -> list[tuple[str, str]]:
        late = due(found, closes, RIGA, brussels(now), AHEAD)
        return [(turn, there(at, RIGA)) for turn, at in late.items()]

    assert on("2026-12-01 05:00") == []
    assert on("2026-12-02 05:00") == []
    assert on("2026-12-03 05:00") == [("first", "Thu 03 Dec 09:00")]
    assert on("2026-12-04 14:00") == [("first", "Mon 07 Dec 09:00")]  # the bot was down on Thursday
    assert on("2026-12-09 13:00") == [("last", "Thu 10 Dec 09:00")]
    assert on("2026-12-10 13:00") == [("last", "Thu 10 Dec 14:00")]  # an hour later in Riga
    assert on("2026-12-10 17:30") == []  # not a word once it is closed
    assert due(Turns(None, None), closes, RIGA, opens, AHEAD) == {}
