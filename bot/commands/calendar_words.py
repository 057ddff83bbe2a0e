"""The words of the calendar in English and one more language, taken from dateparser's tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dateparser.languages.loader import default_loader

from bot.commands.values import fold

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# How months are written beside a day's number, where dateparser knows only their names.
_MONTHS_BESIDE_A_DAY = {
    "lv": (
        "janvārī janvāra janvārim", "februārī februāra februārim", "martā martam",
        "aprīlī aprīļa aprīlim", "maijā maijam", "jūnijā jūnijam", "jūlijā jūlijam", "augustā augustam",
        "septembrī septembra septembrim", "oktobrī oktobra oktobrim", "novembrī novembra novembrim",
        "decembrī decembra decembrim",
    ),
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OFFSETS = {"0 day ago": 0, "1 day ago": -1, "2 day ago": -2, "in 1 day": 1, "in 2 day": 2}
# Small words inside a written day: "the 12th of May", "12 de maio", "le 12 mai".
_FILLS = {"en": ("the", "of"), "fr": ("le",), "pt": ("de", "dia"), "es": ("de", "el"), "it": ("il",),
          "de": ("der", "den", "dem", "am"), "nl": ("de",), "ro": ("pe",)}  # fmt: skip
# What dateparser does not know: which weekday. They count only beside a weekday.
_WHICH = {
    "last": "last past dernier scorso scorsa passado passada ultimo ultima pasado letzten letzter letzte "
    "vergangenen vorigen ostatni ostatnia zeszly zesztly ubiegly pagajuso pagajusaja vorige afgelopen trecut",
    "next": "next coming prochain prossimo prossima proximo proxima que-vem nachsten nachster kommenden "
    "przyszly nastepny nakamo nakamaja volgende viitoare viitor",
    "this": "this ce questo questa este esta diesen dieser ten ta deze",
}
_NUMBERS = "a an one two three four five six seven eight nine ten un une due dois duas"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded words: months 1-12, weekdays 0 (Monday) to 6, whole relative phrases in days from today."""

    languages: tuple[str, ...]
    months: dict[str, int]
    weekdays: dict[str, int]
    relative: dict[str, int]
    which: dict[str, str]
    fills: frozenset[str]
    units: frozenset[str]
    counting: frozenset[str]
    last_words: frozenset[str]  # what a day phrase can end with


@lru_cache(maxsize=64)
def vocabulary(language: str) -> Vocabulary:
    """The calendar's words in English and `language` (two letters; one that is not known adds nothing)."""
    infos = {"en": _info("en")}
    if language != "en" and (info := _info(language)):
        infos[language] = info
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    relative: dict[str, int] = {"the day before yesterday": -2, "the day after tomorrow": 2}
    for info in infos.values():
        months |= {word: n for n, month in enumerate(_MONTHS, 1) for word in _folded(info.get(month))}
        weekdays |= {word: n for n, day in enumerate(_WEEKDAYS) for word in _folded(info.get(day))}
        kinds = info.get("relative-type", {})
        relative |= {word: n for kind, n in _OFFSETS.items() for word in _folded(kinds.get(kind))}
    beside = enumerate(_MONTHS_BESIDE_A_DAY.get(language, ()), 1)
    months |= {fold(word): n for n, words in beside for word in words.split()}
    which = {fold(word): kind for kind, words in _WHICH.items() for word in words.split()}
    units = frozenset(w for info in infos.values() for unit in ("day", "week") for w in _units(info, unit))
    around = frozenset(
        part for info in infos.values() for sign in ("ago", "in") for w in _folded(info.get(sign))
        for part in w.split()
    )  # fmt: skip
    fills = frozenset(word for name in infos for word in _FILLS.get(name, ()))
    ends = {phrase.split()[-1] for phrase in relative} | units | around
    return Vocabulary(
        tuple(infos), months, weekdays, relative, which, fills - set(weekdays), units,
        units | around | set(_NUMBERS.split()), frozenset(ends | set(months) | set(weekdays) | set(which)),
    )  # fmt: skip


def _info(language: str) -> dict[str, Any]:
    try:
        return dict(default_loader.get_locale(language).info)
    except (ValueError, KeyError, IndexError, AttributeError, ImportError):
        return {}


def _units(info: dict[str, Any], unit: str) -> list[str]:
    return [word for word in _folded(info.get(unit)) if len(word) >= 3]


def _folded(words: list[str] | None) -> list[str]:
    return [fold(word).strip(".") for word in words or ()]
