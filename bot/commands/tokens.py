"""The words of a typed line, with quoted stretches kept whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_END = r"(?=$|[\s,;.:!?)])"
_WORDS = re.compile(
    rf'"(?P<a>[^"]+)"{_END}|“(?P<b>[^“”]+)”{_END}|„(?P<c>[^„“”]+)[“”]{_END}|«(?P<d>[^«»]+)»{_END}'
    rf"|(?<!\S)'(?P<e>[^']+)'{_END}|(?<!\S)‘(?P<f>[^‘’]+)’{_END}|(?<!\S)[wW]/(?=\S)|\S+"
)  # "w/MecaTech" is two words


class Token(NamedTuple):
    """One word, or one quoted stretch without its quotes; `start` and `end` are places in the line."""

    text: str
    start: int
    end: int
    quoted: bool


def tokens_of(text: str) -> list[Token]:
    """The words of `text` in order. A quote that is never closed is an ordinary sign."""
    found = []
    for word in _WORDS.finditer(text):
        inner = word[word.lastgroup] if word.lastgroup else ""
        if inner.strip():
            found.append(Token(inner.strip(), word.start(), word.end(), True))
        else:
            found.append(Token(word[0], word.start(), word.end(), False))
    return found


def written(text: str, tokens: Sequence[Token]) -> str:
    """The stretch of `text` that `tokens` cover, as it was written; a single quoted stretch loses its
    quotes."""
    if not tokens:
        return ""
    if len(tokens) == 1:
        return tokens[0].text
    return text[tokens[0].start : tokens[-1].end]
