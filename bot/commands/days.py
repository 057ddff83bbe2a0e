"""Days as people write them.

Only a phrase with a day number and a month, a weekday or a relative word is a day at all: "may", "sat",
"now", "1" or "green" alone never are. English and the person's own language; day before month (Europe).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

import dateparser
from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from bot.commands.calendar_words import Vocabulary, vocabulary
from bot.commands.values import Reading, fold

Direction = Literal["past", "future", "any"]
LONGEST = 7  # words in a day phrase: "Tuesday the 12th of May 2026", "el martes 12 de mayo de 2026"
SEVERAL = 2 * LONGEST + 2  # words in "from ... to ..."

YEARS = range(2000, 2101)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.,?")  # "1.10." is written by nobody for anything but a day
_DAY_MONTH = re.compile(r"(\d{1,2})([/.])(\d{1,2})")
NUMBER = re.compile(
    r"(?:\d{1,2}[-–])?(\d{1,2})(?:st|nd|rd|th|er|º|ª|°)?", re.ASCII
)  # "3-5 May" ends on the 5th
_YEAR = re.compile(r"\d{4}", re.ASCII)
_EDGES = ".,;:!?()"
_ELIDED = re.compile(r"(?:d?[ae])?ll?['’](?=\d)")  # "l'8 dicembre", "dell'11 maggio"
# "from 3 May to 5 May": several days, of which the last one counts (spec/engagement.md section 5)
_UNTIL = frozenset(("to", "until", "till", "-", "–", "—", "au", "al", "a", "ate", "bis", "do", "la", "lidz"))
_FROM = frozenset(("from", "du", "dal", "vom", "od", "desde", "de", "din", "no"))
_BETWEEN = frozenset(("between", "entre", "tra", "zwischen", "miedzy"))  # only these go on with "and"
_AND = frozenset(("and", "et", "e", "und", "i", "y"))


class DayPhrase(NamedTuple):
    """A phrase that names a day. `day` is None if there is no such day (31 Feb). `sure` is False where
    the words could as well be something else (a bare "Friday", "May 12", "1/2")."""

    day: date | None
    sure: bool


def day_phrase(words: Sequence[str], direction: Direction, reading: Reading) -> DayPhrase | None:
    """Read all of `words` as one day, or as several of which the last one counts; None if they are no day
    phrase at all. A day without a year is the last one (past) or the next one (future), today included; a
    year that is written is kept."""
    if phrase := _one_day(words, direction, reading):
        return phrase
    for at in range(len(words) - 2, max(0, len(words) - 2 - LONGEST), -1):
        if fold(words[at]) not in _UNTIL | _AND:
            continue
        phrase = _one_day(words[at + 1 :], direction, reading)
        if phrase and _since(words[: at + 1], direction, reading) == at + 1:
            return phrase
    return None


def _since(words: Sequence[str], direction: Direction, reading: Reading) -> int:
    """How many of the last `words` are the first half of several days: "from 3 May to", "3 -"; 0 for none."""
    if len(words) < 2 or fold(words[-1]) not in _UNTIL | _AND:
        return 0
    before, bare = words[:-1], fold(words[-1]) in _UNTIL
    for count in range(min(LONGEST, len(before)), 0, -1):
        named = len(before) > count and fold(before[-count - 1]) in (_FROM if bare else _BETWEEN)
        if not (bare or named):
            continue
        first = before[-count:]
        phrase = _one_day(first, direction, reading)
        number = count == 1 and NUMBER.fullmatch(fold(first[0]).strip(_EDGES))
        if number or (phrase and phrase.day and (phrase.sure or named)):
            return count + 1 + named
    return 0


def _one_day(words: Sequence[str], direction: Direction, reading: Reading) -> DayPhrase | None:
    if len(words) > LONGEST:
        return None
    tokens = [folded for word in words if (folded := _ELIDED.sub("", fold(word).strip(_EDGES), count=1))]
    if not 0 < len(tokens) <= LONGEST:
        return None
    known = vocabulary(_language(reading))
    if not (tokens[-1][0].isdigit() or tokens[-1] in known.last_words):
        return None
    if len(tokens) == 1 and (numeric := _numeric(tokens[0], direction, reading)):
        dotted = _DOTTED.fullmatch(words[0]) is not None and numeric.day is not None
        return DayPhrase(numeric.day, numeric.sure or dotted)
    return (
        _spelled(tokens, known, direction, reading)
        or _relative(tokens, known, direction, reading)
        or _counted(tokens, known, direction, reading)
    )


def trailing_day(
    words: Sequence[str], direction: Direction, reading: Reading
) -> tuple[int, DayPhrase] | None:
    """The longest day phrase at the end of `words`, and how many words it takes."""
    if not words:
        return None
    last = fold(words[-1]).strip(_EDGES)
    known = vocabulary(_language(reading))
    if not last or not (last[0].isdigit() or last in known.last_words):
        return None
    for count in range(min(LONGEST, len(words)), 0, -1):
        phrase = _one_day(words[-count:], direction, reading)
        if phrase and fold(words[-count]) not in known.fills and (phrase.day or phrase.sure):
            return count + _since(words[:-count], direction, reading), phrase
    return None


def day_in(text: str, direction: Direction, reading: Reading) -> date | None:
    """The day that `text` names, if it names one that exists and lies in the years 2000 to 2100."""
    phrase = day_phrase(text.split(), direction, reading)
    return phrase.day if phrase else None


def spoken_day(day: date, reading: Reading) -> str:
    """`day` as it is read back ("Tue 24 Nov"), in the person's language; with the year if it is not this
    one."""
    pattern = "EEE d MMM" if day.year == reading.today.year else "EEE d MMM y"
    try:
        locale = Locale.parse(reading.language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(day, pattern, locale)


def warm() -> None:
    """Load the words of the calendar once, at start: the first use costs a tenth of a second."""
    vocabulary("en")
    dateparser.parse("3 days ago", languages=["en"])


def _language(reading: Reading) -> str:
    return reading.language.replace("_", "-").split("-")[0].lower() or "en"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _numeric(token: str, direction: Direction, reading: Reading) -> DayPhrase | None:
    """One word of digits: 2026-05-12, 12.05.2026, 12/05/26, 12/05."""
    if found := _YEAR_FIRST.fullmatch(token):
        return DayPhrase(_day(int(found[1]), int(found[3]), int(found[4])), sure=True)
    if found := _DAY_FIRST.fullmatch(token):
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        first, second = int(found[1]), int(found[3])
        # 05/28/2026 can only be one day, so it is taken; otherwise, and with dots, the day comes first.
        day = _day(year, second, first) or (_day(year, first, second) if found[2] != "." else None)
        return DayPhrase(day, sure=found[2] != "." or len(found[4]) == 4 or day is not None)
    if not (found := _DAY_MONTH.fullmatch(token)):
        return None
    day = _nearest(int(found[1]), int(found[3]), direction, reading.today)
    # "Part 1/2", "open 24/7", "release 4.12": digits that are as often something else
    fraction = len(found[3]) == 1 and (int(found[1]) <= int(found[3]) or token == "24/7")
    return DayPhrase(day, sure=day is not None and found[2] == "/" and not fraction)


def _spelled(
    tokens: list[str], known: Vocabulary, direction: Direction, reading: Reading
) -> DayPhrase | None:
    """Day and month in letters: "12 May", "Tue 12 May 2026", "May 12, 2026", "12 de maio de 2026"."""
    day = month = year = weekday = None
    order = ""
    for token in tokens:
        if token in known.fills:
            continue
        if number := NUMBER.fullmatch(token):
            day, order = int(number[1]), order + "D"
        elif _YEAR.fullmatch(token):
            year, order = int(token), order + "Y"
        elif token in known.months and (token not in known.weekdays or "D" in order or order == "W"):
            month, order = known.months[token], order + "M"
        elif token in known.weekdays:
            weekday, order = known.weekdays[token], order + "W"
        elif (numeric := _numeric(token, direction, reading)) and order == "W" and token is tokens[-1]:
            return numeric
        else:
            return None
    if order not in _ORDERS or day is None or month is None:
        return None
    if not 1 <= day <= 31:
        return DayPhrase(None, sure=False)
    found = _day(year, month, day) if year else _nearest(day, month, direction, reading.today)
    matches = weekday is None or found is None or found.weekday() == weekday
    return DayPhrase(found, sure=order != "MD" and matches)


_ORDERS = frozenset(("DM", "DMY", "MD", "MDY", "WDM", "WDMY", "WMD", "WMDY", "YMD"))


def _nearest(day: int, month: int, direction: Direction, today: date) -> date | None:
    """The day and month without a year: the last (past) or the next (future) there is, or the nearest."""
    around = [
        found for year in range(today.year - 8, today.year + 9) if (found := _day(year, month, day))
    ]  # eight years reach from one 29 February to the next in every century
    if direction == "past":
        around = [found for found in around if found <= today]
    elif direction == "future":
        around = [found for found in around if found >= today]
    return min(around, key=lambda found: abs(found - today), default=None)


def _relative(
    tokens: list[str], known: Vocabulary, direction: Direction, reading: Reading
) -> DayPhrase | None:
    """ "yesterday", "last Tuesday", a bare "Friday"."""
    today, phrase = reading.today, " ".join(tokens)
    if (offset := known.relative.get(phrase)) is not None:
        return DayPhrase(today + timedelta(days=offset), sure=_fits(offset, direction))
    if len(tokens) == 3 and tokens[0] in known.fills:  # "el martes pasado"
        tokens = tokens[1:]
    if len(tokens) == 1 and len(phrase) >= 5 and phrase in known.weekdays:  # shorter: "sat", "mon", "sun"
        back = (today.weekday() - known.weekdays[phrase]) % 7
        ahead = -back % 7
        return DayPhrase(today + timedelta(days=ahead if direction == "future" else -back), sure=False)
    if len(tokens) != 2:
        return None
    for which, weekday in (tokens, tokens[::-1]):
        if which in known.which and weekday in known.weekdays:
            return _which_weekday(known.which[which], known.weekdays[weekday], direction, today)
    return None


def _which_weekday(which: str, weekday: int, direction: Direction, today: date) -> DayPhrase:
    back = (today.weekday() - weekday) % 7
    ahead = (weekday - today.weekday()) % 7
    offset = {"last": -(back or 7), "next": ahead or 7, "this": -back if direction == "past" else ahead}[
        which
    ]
    return DayPhrase(today + timedelta(days=offset), sure=_fits(offset, direction))


def _fits(offset: int, direction: Direction) -> bool:
    return direction == "any" or (offset <= 0 if direction == "past" else offset >= 0)


def _counted(
    tokens: list[str], known: Vocabulary, direction: Direction, reading: Reading
) -> DayPhrase | None:
    """ "3 days ago", "in two weeks", "il y a 3 jours": left to dateparser, in fixed languages, and only
    when every word of the phrase belongs to such an expression."""
    if len(tokens) < 3 or known.units.isdisjoint(tokens):
        return None
    if not all(
        token in known.counting or (token.isascii() and token.isdigit() and len(token) <= 3)
        for token in tokens
    ):
        return None
    found = _by_dateparser(" ".join(tokens), known.languages, reading.today)
    if found is None or found.year not in YEARS:
        return None
    return DayPhrase(found, sure=_fits((found - reading.today).days, direction))


@lru_cache(maxsize=512)
def _by_dateparser(phrase: str, languages: tuple[str, ...], today: date) -> date | None:
    base = datetime(today.year, today.month, today.day, 12)  # noqa: DTZ001 - dateparser wants it bare
    try:
        found = dateparser.parse(
            phrase, languages=list(languages), settings={"RELATIVE_BASE": base, "DATE_ORDER": "DMY"}
        )
    except (OverflowError, ValueError):
        return None
    return found.date() if found else None
