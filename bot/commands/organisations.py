"""Fuzzy naming: which organisation (person, event, motion) is meant by what somebody typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.commands.values import Known, words_of

_CLEAR = 84.0  # likeness of a typing slip, of 100
_NEAR = 62.0  # worth suggesting
_MARGIN = 6.0  # the best must lead by this much to be taken without asking
_STRONG = 0.4  # the part of a name that must be typed before a lead word is believed
_SHORTEST = 3  # letters; fewer are no hint
_COMMAS = re.compile(r"\s*[,;\n]\s*")
_JOINTS = re.compile(r"\s*[&+]\s*|\s+(?:and|e|ed|et|und|i|oraz|y|un|și|şi|si)\s+", re.IGNORECASE)
_LEADING_JOINT = re.compile(r"^(?:[&+]|(?:and|e|ed|et|und|i|oraz|y|un|și|şi|si)\s)\s*", re.IGNORECASE)
_JOINED = 8  # cuts that one name may span
_QUOTES = "\"'“”„«»‘’ "


@dataclass(frozen=True, slots=True)
class Found:
    """What a name led to: one clear `value`, or `several` that are as likely, or only `suggestions`.
    `strong` says that enough of a name was typed to believe that a name was meant at all."""

    value: str = ""
    several: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class _Index:
    values: frozenset[str]
    exact: dict[str, tuple[str, ...]]
    keys: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]  # key, words, value


def find(text: str, known: tuple[Known, ...]) -> Found:
    """Who of `known` is called `text`: by value or name (case, accents and punctuation aside), then by a
    part of a name, then allowing for typing slips."""
    index = _index(known)
    if text in index.values:
        return Found(value=text, strong=True)
    key = "".join(words_of(text))
    if exact := index.exact.get(key):
        return _settle(exact, strong=True)
    if len(key) < _SHORTEST:
        return Found()
    return _by_part(words_of(text), key, index) or _by_likeness(key, index)


def _settle(values: Sequence[str], *, strong: bool) -> Found:
    if len(values) == 1:
        return Found(value=values[0], strong=strong)
    return Found(several=tuple(values), strong=strong)


def _by_part(words: tuple[str, ...], key: str, index: _Index) -> Found | None:
    share: dict[str, float] = {}
    for name, name_words, value in index.rows:
        if name.startswith(key) or all(_begins(word, name_words) for word in words):
            share[value] = max(share.get(value, 0.0), len(key) / len(name))
    if not share:
        return None
    return _settle(tuple(share), strong=max(share.values()) >= _STRONG)


def _begins(word: str, name_words: tuple[str, ...]) -> bool:
    return any(name == word or (len(word) >= _SHORTEST and name.startswith(word)) for name in name_words)


def _by_likeness(key: str, index: _Index) -> Found:
    best: dict[str, float] = {}
    for _, score, at in process.extract(key, index.keys, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=12):
        value = index.rows[at][2]
        best[value] = max(best.get(value, 0.0), score)
    ranked = sorted(best, key=lambda value: -best[value])
    if not ranked or best[ranked[0]] < _CLEAR:
        return Found(suggestions=tuple(ranked[:3]))
    close = [value for value in ranked if best[value] > best[ranked[0]] - _MARGIN]
    return _settle(close, strong=True)


@lru_cache(maxsize=64)
def _index(known: tuple[Known, ...]) -> _Index:
    exact: dict[str, list[str]] = {}
    rows = []
    for one in known:
        for name in dict.fromkeys((one.value, *one.names)):
            words = words_of(name)
            key = "".join(words)
            if key and one.value not in exact.setdefault(key, []):
                exact[key].append(one.value)
                rows.append((key, words, one.value))
    return _Index(
        frozenset(one.value for one in known),
        {key: tuple(values) for key, values in exact.items()},
        tuple(row[0] for row in rows),
        tuple(rows),
    )


def short_name(value: str, known: tuple[Known, ...]) -> str:
    """How `value` is called on a button: its first name of at most 20 characters, else its first, cut."""
    names = next((one.names for one in known if one.value == value), ()) or (value,)
    fitting = next((name for name in names if len(name) <= 20), "")
    return fitting or names[0][:19].rstrip() + "…"


def split(text: str, known: tuple[Known, ...]) -> list[str]:
    """The single names in a list ("MecaTech, CIMES and EMC2"): cut at commas and joining words, but never
    inside a name that is known ("Green and Smart Technology Cluster")."""
    if exactly(text, known):
        return [text.strip(_QUOTES)]
    pieces: list[str] = []
    for part in _COMMAS.split(text):
        pieces += _split_part(_LEADING_JOINT.sub("", part), known)
    return list(dict.fromkeys(pieces))


def _split_part(part: str, known: tuple[Known, ...]) -> list[str]:
    if exactly(part, known):
        return [part.strip(_QUOTES)]
    cuts = [(0, 0), *((cut.start(), cut.end()) for cut in _JOINTS.finditer(part)), (len(part), len(part))]
    pieces, at = [], 0
    while at < len(cuts) - 1:
        spans = range(min(len(cuts) - 1, at + _JOINED), at + 1, -1)
        end = next((span for span in spans if exactly(_cut(part, cuts, at, span), known)), at + 1)
        pieces += _run_together(_cut(part, cuts, at, end), known)
        at = end
    return [piece for piece in pieces if piece]


def _cut(part: str, cuts: list[tuple[int, int]], start: int, end: int) -> str:
    return part[cuts[start][1] : cuts[end][0]]


def _run_together(piece: str, known: tuple[Known, ...]) -> list[str]:
    """ "MecaTech CIMES": two names with nothing between, only if every word of it is part of one."""
    whole, words = piece.strip(_QUOTES), piece.split()
    if not 1 < len(words) <= 12 or exactly(whole, known):
        return [whole]
    names, at = [], 0
    while at < len(words):
        end = next((e for e in range(len(words), at, -1) if exactly(" ".join(words[at:e]), known)), 0)
        if not end:
            return [whole]
        names.append(" ".join(words[at:end]).strip(_QUOTES))
        at = end
    return names


def exactly(text: str, known: tuple[Known, ...]) -> bool:
    """Whether `text` is, case and accents aside, a whole name or value of `known`."""
    index = _index(known)
    return text in index.values or "".join(words_of(text)) in index.exact
