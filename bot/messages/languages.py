"""The languages that the alliance is spoken to in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = "en"
# Each in its own name, so that whoever looks for theirs finds it whatever language stands above.
LANGUAGES: Final[Mapping[str, str]] = {
    ENGLISH: "English",
    "fr": "Français",
    "de": "Deutsch",
    "it": "Italiano",
    "pl": "Polski",
    "pt": "Português",
    "lv": "Latviešu",
    "es": "Español",
    "ro": "Română",
}


def short_tag(tag: str) -> str:
    """The language of an IETF tag as a platform gives it: "pt" for "pt-BR" and "pt_BR"."""
    return tag.replace("_", "-").partition("-")[0].strip().lower()


def spoken(tag: str, languages: frozenset[str] | tuple[str, ...]) -> str:
    """The language of a tag if it is one of `languages`, else ""."""
    short = short_tag(tag)
    return short if short in languages else ""
