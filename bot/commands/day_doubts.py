"""Where a day is in doubt: two years that fit, a slip of the finger, an attempt that names no day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from rapidfuzz import fuzz, process

from bot.commands import days
from bot.commands.calendar_words import vocabulary
from bot.commands.values import Reading, fold
from bot.messages import Ask, Choice

_LONG_AGO, _SOON = timedelta(days=274), timedelta(days=92)  # nine months back, three ahead
_SLIP = 85.0  # likeness of a mistyped word of the calendar, of 100
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})", re.ASCII)
_SHORTEST = 6  # letters; shorter words are too like others


def either_year(text: str, reading: Reading) -> tuple[date, date] | None:
    """The two days that a day of the past without a year can be, where the last one is long ago and the
    next one soon: "24 Dec", said in November."""
    words = text.split()
    last, following = (days.day_phrase(words, way, reading) for way in ("past", "future"))
    if not (last and last.day and following and following.day):
        return None
    unequal = reading.today - last.day > _LONG_AGO and timedelta() < following.day - reading.today <= _SOON
    return (last.day, following.day) if unequal else None


def which_day(option: str, one: date, other: date, reading: Reading) -> Ask:
    """The question which of two days is meant, with a tap for each."""
    years = one.year != other.year
    taps = [
        _written(day, "d MMM y", reading) if years else days.spoken_day(day, reading) for day in (one, other)
    ]
    said = [_written(day, "EEE d MMM y" if years else "EEE d MMM", reading) for day in (one, other)]
    choices = tuple(
        Choice(tap, {option: day.isoformat()}) for tap, day in zip(taps, (one, other), strict=True)
    )
    return Ask(option, "day_which", choices, free=False, one=said[0], other=said[1])


def _written(day: date, pattern: str, reading: Reading) -> str:
    try:
        locale = Locale.parse(reading.language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(day, pattern, locale)


def slipped_day(words: Sequence[str], direction: days.Direction, reading: Reading) -> tuple[int, date] | None:
    """The day at the end of `words` if one word of the calendar is put right ("yesterdy", "12 septmber"),
    and how many words it takes."""
    for back in (1, 2):
        if back > len(words) or (back == 2 and not words[-1].strip(".,").isdecimal()):
            break
        meant = _nearest_word(fold(words[-back]).strip(".,;:!?()"), reading.language)
        if not meant:
            continue
        mended = [*words[: len(words) - back], meant, *words[len(words) - back + 1 :]]
        found = days.trailing_day(mended, direction, reading)
        if found and found[0] >= back and found[1].day:
            return found[0], found[1].day
    return None


def no_such_day(words: Sequence[str], language: str) -> int:
    """How many of the last `words` are plainly a day that no calendar has: "32 November", "31/11"; 0 for
    none."""
    last = fold(words[-1]).strip(".,;:!?()") if words else ""
    if found := _SLASHED.fullmatch(last):
        return int(int(found[1]) <= 31 and int(found[2]) <= 12)
    known = vocabulary(language.replace("_", "-").split("-")[0].lower() or "en")
    for count in (2, 3):
        tokens = [fold(word).strip(".,;:!?()") for word in words[-count:]]
        if len(tokens) < count:
            break
        number = days.NUMBER.fullmatch(tokens[0])
        month = tokens[1] in known.months and tokens[1] not in known.weekdays
        if number and month and (count == 2 or (tokens[2].isdecimal() and len(tokens[2]) == 4)):
            return count
    return 0


@lru_cache(maxsize=1024)
def _nearest_word(typed: str, language: str) -> str:
    known = vocabulary(language.replace("_", "-").split("-")[0].lower() or "en")
    words = {word for word in (*known.months, *known.weekdays, *known.relative) if len(word) >= _SHORTEST}
    if len(typed) < _SHORTEST or len(typed) > 20 or typed in words or typed.removesuffix("s") in words:
        return ""
    found = process.extractOne(typed, sorted(words), scorer=fuzz.ratio, score_cutoff=_SLIP)
    return str(found[0]) if found else ""


def attempted(words: Sequence[str]) -> bool:
    """Whether `words` look like a day that is none: a day's number with one or two words ("5 juin")."""
    tokens = [fold(word).strip(".,;:!?()") for word in words]
    if not 2 <= len(tokens) <= 3:
        return False
    numbers = [token for token in tokens[:2] if days.NUMBER.fullmatch(token)]
    spelled = [token for token in tokens if token.isalpha() and len(token) >= 3]
    years = [token for token in tokens[2:] if token.isdecimal() and len(token) == 4]
    return len(numbers) == 1 and bool(spelled) and len(numbers) + len(spelled) + len(years) == len(tokens)
