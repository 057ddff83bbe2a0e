"""The public holidays of the members' countries, on which no day of a motion counts (spec/decisions.md 6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

import holidays

LANGUAGE = "en_US"  # the library's English; a country without it gives its own names
_FOR_ANOTHER_DAY = re.compile(r" \(substituted from [^)]*\)")  # with a date that only Americans read right


@lru_cache(maxsize=64)
def is_free(countries: frozenset[str]) -> Callable[[date], bool]:
    """A function that says whether a day is a public holiday in any of these countries (ISO 3166 codes of
    two letters). Only holidays of a whole country count; a code that is not known has none."""

    def free(day: date) -> bool:
        return day in _free_days(countries, day.year)

    return free


def named(countries: frozenset[str], day: date) -> tuple[tuple[str, str], ...]:
    """The public holidays of a day: country and the holiday's name, in English where there is one, in the
    order of the countries' codes."""
    found = ((country, _holidays(country, day.year).get(day, "")) for country in sorted(countries))
    return tuple((country, _FOR_ANOTHER_DAY.sub("", name)) for country, name in found if name)


@lru_cache(maxsize=512)
def _free_days(countries: frozenset[str], year: int) -> frozenset[date]:
    return frozenset(day for country in countries for day in _holidays(country, year))


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year, language=LANGUAGE))
    except NotImplementedError:  # the library's word for a country that it does not know
        return {}
