"""Countries as people name them, with the zones and languages that are lived by there."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

from bot.commands.values import fold

NOT_COUNTRIES = frozenset(("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"))


def country_code(text: str, language: str) -> str:
    """The two letters (ISO 3166) of a country that is named so in English or the reader's language, or by
    them; "" where there is none."""
    wanted = fold(" ".join(text.split()))
    return _codes("en").get(wanted) or _codes(language).get(wanted, "")


def country_name(code: str, language: str) -> str:
    """How a country is called in a language."""
    return str(Locale.parse(language).territories.get(code, code))


def zones_of(country: str) -> tuple[str, ...]:
    """The IANA zones of a country, by name; none for one that is not known."""
    zones = available_timezones()
    found = (zone for zone, where in get_global("zone_territories").items() if where == country)
    return tuple(sorted(zone for zone in found if zone in zones))


def main_language(country: str) -> str:
    """The language (IETF tag) that most is written in there, English where that is not known."""
    return next(iter(get_official_languages(country)), "en")


@lru_cache(maxsize=64)
def _codes(language: str) -> dict[str, str]:
    named = Locale.parse(language).territories
    codes = {code: name for code, name in named.items() if len(code) == 2 and code not in NOT_COUNTRIES}
    by_name = {fold(name): code for code, name in codes.items() if code.isalpha()}
    return by_name | {fold(code): code for code in codes if code.isalpha()}
