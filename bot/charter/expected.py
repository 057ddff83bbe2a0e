"""The kinds of value a charter file may hold, each with the words in which it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from babel import Locale
from pydantic import AfterValidator, Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from bot.messages import Phrase

_ENGLISH = Locale("en")
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # CLDR lists these beside the countries
_A_DAY = re.compile(r"\d\d-\d\d")


@dataclass(frozen=True)
class Expected:
    """Stands at the end of an Annotated type: whatever is wrong with a value, say only what was
    expected."""

    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def _check(self, value: Any, plain: core_schema.ValidatorFunctionWrapHandler) -> Any:
        try:
            return plain(value)
        except ValidationError:
            raise PydanticCustomError("expected", "{words}", {"words": self.words}) from None


def _holds(rule: Callable[[str], bool]) -> AfterValidator:
    def check(text: str) -> str:
        if not rule(text):
            raise ValueError
        return text

    return AfterValidator(check)


def as_fraction(share: str) -> Fraction:
    """The exact value of a share such as "2/3" (spec/decisions.md 2: never a float)."""
    return Fraction(share)


def month_and_day(text: str) -> tuple[int, int]:
    """(8, 1) for "08-01"."""
    return int(text[:2]), int(text[3:])


def _is_share(text: str) -> bool:
    numbers = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text, re.ASCII)
    return bool(numbers) and Fraction(text) <= 1


def _is_country(text: str) -> bool:
    return re.fullmatch("[A-Z]{2}", text) is not None and text in _ENGLISH.territories.keys() - _NO_COUNTRIES


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # it walks the whole of tzdata each time it is asked


def _is_zone(text: str) -> bool:
    return text in _zones()


def _is_day_of_year(text: str) -> bool:
    if not _A_DAY.fullmatch(text):
        return False
    try:
        date(2000, *month_and_day(text))
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    try:
        return len(text) == 5 and time.fromisoformat(text) is not None
    except ValueError:
        return False


_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Slug = Annotated[
    str,
    Field(pattern=_SLUG, max_length=40),
    Expected("a short name of small letters, digits and hyphens"),
]
Title = Annotated[str, Field(pattern=r"\S", max_length=200), Expected("a text of 1 to 200 characters")]
Label = Annotated[str, Field(pattern=r"\S", max_length=40), Expected("a text of 1 to 40 characters")]
Prose = Annotated[str, Field(pattern=r"\S", max_length=2000), Expected("a text of 1 to 2000 characters")]
TitlePhrase = Annotated[Title, AfterValidator(Phrase)]  # these three are said in their reader's language
LabelPhrase = Annotated[Label, AfterValidator(Phrase)]
ProsePhrase = Annotated[Prose, AfterValidator(Phrase)]
Whole = Annotated[int, Field(ge=0, le=100_000), Expected("a whole number of 0 or more")]
Positive = Annotated[int, Field(ge=1, le=100_000), Expected("a whole number of 1 or more")]
Share = Annotated[str, _holds(_is_share), Expected("a fraction above 0 and up to 1, such as '2/3'")]
Country = Annotated[str, _holds(_is_country), Expected("a country code of two capitals, such as 'PT'")]
Zone = Annotated[str, _holds(_is_zone), Expected("a time zone, such as 'Europe/Lisbon'")]
Language = Annotated[
    str,
    _holds(lambda text: text in _ENGLISH.languages),
    Expected("a language code, such as 'pt'"),
]
DayOfYear = Annotated[
    str, _holds(_is_day_of_year), Expected("a day of the year, month first, such as '08-31'")
]
YearStart = Annotated[
    str,
    _holds(lambda text: text == "calendar" or (_is_day_of_year(text) and text != "02-29")),
    Expected("'calendar', or the day the year begins, month first, such as '10-01'"),
]
TimeOfDay = Annotated[str, _holds(_is_time), Expected("a time of day, such as '17:00'")]
ArticleReference = Annotated[
    str,
    Field(pattern=r"^(Preamble|Art\. [1-9][0-9]?(\([1-9][0-9]?\))?)$"),
    Expected("'Preamble' or an article, such as 'Art. 2(1)'"),
]
