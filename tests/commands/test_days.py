"""Days and moments as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import spoken_day, warm
from bot.commands.day_doubts import attempted, slipped_day
from bot.commands.days import Direction, day_in, day_phrase
from bot.commands.moments import moment_in
from tests.commands.alliance import reading

NOW = reading()
YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%a %d %B %Y", "%d/%m/%y",
           "%A the %dth of %B %Y", "%d-%m-%Y", "%Y/%m/%d"]  # fmt: skip
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}


@pytest.mark.parametrize("written", FORMATS)
def test_every_day_of_a_year_in_every_format(written: str) -> None:
    for day in YEAR:
        assert day_in(day.strftime(written), "past", NOW) == day


@pytest.mark.parametrize("language", MONTHS)
def test_every_day_of_a_year_in_other_languages(language: str) -> None:
    names, now = MONTHS[language].split(), reading(language)
    for day in YEAR:
        assert day_in(f"{day.day} {names[day.month - 1]} {day.year}", "any", now) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["past", "future", "any"]))
def test_a_day_without_a_year_lies_in_its_direction(day: date, direction: Direction) -> None:
    found = day_in(f"{day.day} {day:%B}", direction, NOW)
    assert found is not None
    assert (found.day, found.month) == (day.day, day.month)
    assert direction != "past" or found <= NOW.today
    assert direction != "future" or found >= NOW.today


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        ("12 May", "past", date(2026, 5, 12)),
        ("12 May", "future", date(2027, 5, 12)),
        ("24 December", "past", date(2025, 12, 24)),
        ("22 Nov", "past", date(2026, 11, 22)),
        ("22 Nov", "future", date(2026, 11, 22)),
        ("29 Feb", "past", date(2024, 2, 29)),
        ("29 Feb", "future", date(2028, 2, 29)),
        ("12 May 2027", "past", date(2027, 5, 12)),
        ("12/05", "past", date(2026, 5, 12)),
        ("5/12", "past", date(2025, 12, 5)),
        ("12.05.", "past", date(2026, 5, 12)),
        ("05/28/2026", "past", date(2026, 5, 28)),
        ("12th of May", "past", date(2026, 5, 12)),
        ("today", "past", date(2026, 11, 22)),
        ("Day before yesterday", "past", date(2026, 11, 20)),
        ("last sunday", "past", date(2026, 11, 15)),
        ("sunday", "past", date(2026, 11, 22)),
        ("next friday", "future", date(2026, 11, 27)),
        ("this friday", "future", date(2026, 11, 27)),
        ("this friday", "past", date(2026, 11, 20)),
        ("friday", "future", date(2026, 11, 27)),
        ("3 days ago", "past", date(2026, 11, 19)),
        ("a week ago", "past", date(2026, 11, 15)),
        ("in two weeks", "future", date(2026, 12, 6)),
        ("from 3 May to 5 May", "past", date(2026, 5, 5)),
        ("between 3 and 5 May", "past", date(2026, 5, 5)),
        ("3 to 5 May", "past", date(2026, 5, 5)),
        ("3-5 May", "past", date(2026, 5, 5)),
        ("30 April – 2 May 2026", "past", date(2026, 5, 2)),
        ("from Monday to last Friday", "past", date(2026, 11, 20)),
    ],
)
def test_directions_and_relative_words(text: str, direction: Direction, expected: date) -> None:
    assert day_in(text, direction, NOW) == expected


@pytest.mark.parametrize(
    "text",
    ["a", "1", "now", "sat", "may", "green", "mar", "12", "2026", "May 2026", "31 Feb", "32 May", "0 May",
     "days ago", "12 May 1999", "1.1.2101", "99/99/9999", "2026-02-30", "week", "last", "", "¼ May", "٣",
     "3 and 5 May", "to 5 May", "work to 5 May", "from 3 May to"],
)  # fmt: skip
def test_these_are_no_days(text: str) -> None:
    assert day_in(text, "past", NOW) is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "hier", date(2026, 11, 21)),
        ("fr", "mardi dernier", date(2026, 11, 17)),
        ("fr", "il y a 3 jours", date(2026, 11, 19)),
        ("fr", "le 12 mai", date(2026, 5, 12)),
        ("pt", "ontem", date(2026, 11, 21)),
        ("pt", "terça-feira passada", date(2026, 11, 17)),
        ("it", "ieri", date(2026, 11, 21)),
        ("it", "12 ago", date(2026, 8, 12)),
        ("it", "mar 17 nov", date(2026, 11, 17)),
        ("it", "17 mar", date(2026, 3, 17)),
        ("fr", "5 juin", date(2026, 6, 5)),
        ("fr", "du 3 au 5 juin", date(2026, 6, 5)),
        ("pl", "wczoraj", date(2026, 11, 21)),
        ("pl", "5 czerwca", date(2026, 6, 5)),
        ("lv", "5. jūnijā", date(2026, 6, 5)),
        ("lv", "vakar", date(2026, 11, 21)),
        ("de", "gestern", date(2026, 11, 21)),
        ("pt-BR", "ontem", date(2026, 11, 21)),
        ("xx", "yesterday", date(2026, 11, 21)),
    ],
)
def test_the_language_of_the_person(language: str, text: str, expected: date) -> None:
    assert day_in(text, "past", reading(language)) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pumps yesterdy", (1, date(2026, 11, 21))),
        ("pumps 12 septmber", (2, date(2026, 9, 12))),
        ("pumps 12 septmber 2025", (3, date(2025, 9, 12))),
        ("pumps next tusday", (2, date(2026, 11, 24))),
        ("pumps last thurdsay", (2, date(2026, 11, 19))),
        ("open sundays", None),
        ("pumps", None),
        ("the 7 wonders", None),
    ],
)
def test_a_slip_in_a_word_of_the_calendar(text: str, found: tuple[int, date] | None) -> None:
    assert slipped_day(text.split(), "past", NOW) == found


def test_what_looks_like_a_day_and_is_none() -> None:
    tried = ["5 juin", "32 may", "5th juin", "juin 5", "5 juin 2026", "3 continents"]
    assert [attempted(text.split()) for text in tried] == [True] * 6
    others = ["2025 roadmap", "3D printing", "5", "juin", "3 of 4", "12 big steel works", "5 6"]
    assert [attempted(text.split()) for text in others] == [False] * 7


def test_what_is_sure_and_what_is_not() -> None:
    def sure(text: str) -> bool | None:
        phrase = day_phrase(text.split(), "past", NOW)
        return phrase.sure if phrase else None

    assert [sure(text) for text in ("12 May", "12/5", "last tuesday", "yesterday", "2026-05-12")] == [
        True
    ] * 5
    assert [sure(text) for text in ("Friday", "May 12", "1/2", "24/7", "4.12", "tomorrow", "Mon 12 May")] == [
        False
    ] * 7
    assert [sure(text) for text in ("may", "sat", "green", "1")] == [None] * 4


def test_today_is_the_persons_today() -> None:
    auckland = reading(zone="Pacific/Auckland")
    assert day_in("today", "past", auckland) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 December 14:00", datetime(2026, 12, 12, 13, 0, tzinfo=UTC)),
        ("12 December at 9", datetime(2026, 12, 12, 8, 0, tzinfo=UTC)),
        ("12 Dec, 2pm", datetime(2026, 12, 12, 13, 0, tzinfo=UTC)),
        ("12/12/2026 17h30", datetime(2026, 12, 12, 16, 30, tzinfo=UTC)),
        ("2026-12-12 14:00", datetime(2026, 12, 12, 13, 0, tzinfo=UTC)),
        ("2026-12-12T14:00:00Z", datetime(2026, 12, 12, 14, 0, tzinfo=UTC)),
        ("14:00", datetime(2026, 11, 22, 13, 0, tzinfo=UTC)),
        ("12:00", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("12 am", datetime(2026, 11, 22, 23, 0, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert moment_in(text, "future", NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 December",
        "9",
        "25:00",
        "14:61",
        "31 Feb 14:00",
        "13pm",
        "2026-99-99T10:00",
        "1999-01-01 10:00",
    ],
)
def test_these_are_no_moments(text: str) -> None:
    assert moment_in(text, "future", NOW) is None


@given(st.text(max_size=60), st.sampled_from(["en", "fr", "de", "ja", "??", ""]))
def test_no_text_breaks_a_day_or_moment(text: str, language: str) -> None:
    now = reading(language)
    for direction in ("past", "future", "any"):
        day, moment = day_in(text, direction, now), moment_in(text, direction, now)
        assert day is None or 2000 <= day.year <= 2100
        assert moment is None or moment.tzinfo is UTC


def test_days_are_read_back_with_their_weekday() -> None:
    warm()
    assert spoken_day(date(2026, 11, 24), NOW) == "Tue 24 Nov"
    assert spoken_day(date(2025, 11, 24), NOW) == "Mon 24 Nov 2025"
    assert spoken_day(date(2026, 11, 24), reading("fr")) == "mar. 24 nov."
    assert spoken_day(date(2026, 11, 24), reading("??")) == "Tue 24 Nov"
