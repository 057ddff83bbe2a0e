"""When two firms are one: the key by which SMEs are counted once (5.3)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from bot.rules.indicators.values import Sme


@lru_cache(maxsize=10_000)  # one figure asks for the same firm many times over
def sme_key(sme: Sme) -> str:
    """What makes a firm the same firm: country and registration number, or else its name, country and
    web domain, without regard to accents, case, dots and spaces (5.3)."""
    country = sme.country.strip().upper()
    registration = "".join(letter for letter in sme.registration.upper() if letter.isalnum())
    if registration:
        bare = registration.removeprefix(country)  # a VAT number repeats its country
        return f"registration:{country}:{bare or registration}"
    domain = sme.domain.strip().casefold().partition("://")[2] or sme.domain.strip().casefold()
    return f"name:{normal(sme.name)}:{country}:{domain.partition('/')[0].removeprefix('www.')}"


def normal(text: str) -> str:
    """A name or title made comparable: no case, accents, dots or punctuation, single spaces."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text).casefold()
        if letter not in ".'’" and not "\u0300" <= letter <= "\u036f"
    )
    words = "".join(" " if unicodedata.category(letter)[0] in "PSZC" else letter for letter in plain)
    return " ".join(words.split()) or text.strip().casefold()
