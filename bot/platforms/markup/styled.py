"""A text and, beside it, the stretches that stand in a style."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Style = Literal["bold", "italic", "strikethrough", "code", "pre", "text_link", "blockquote"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text in one style, `start` to `end` in characters; named as in Telegram's Bot API.
    `language` is what a code block is written in."""

    style: Style
    start: int
    end: int
    url: str = ""
    language: str = ""

    def moved(self, by: int) -> Span:
        """The same, so many characters further on."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True)
class Styled:
    """A text as it will be read, with its styles beside it. Spans nest or are apart, never interlock."""

    text: str
    spans: tuple[Span, ...] = ()


def joined(pieces: list[Styled]) -> Styled:
    """One after the other."""
    length, spans = 0, list[Span]()
    for piece in pieces:
        spans += [span.moved(length) for span in piece.spans]
        length += len(piece.text)
    return Styled("".join(piece.text for piece in pieces), tuple(spans))


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, in which both platforms count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
