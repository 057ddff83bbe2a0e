"""Markdown -> text with spans, which every exporter starts from; and cutting long ones in parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from wcwidth import grapheme_boundary_before

Style = Literal["bold", "italic", "strikethrough", "code", "pre", "text_link", "blockquote"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text in one style, `start` to `end` in characters; named as in Telegram's Bot API."""

    style: Style
    start: int
    end: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Styled:
    """A text as it will be read, with its styles beside it. Spans nest or are apart, never interlock."""

    text: str
    spans: tuple[Span, ...] = ()


# What templates do not use is off, so that no value can ever begin it: HTML, indented code, underlined
# headings, rules, link definitions, images.
_OFF = ["code", "html_block", "html_inline", "reference", "lheading", "hr", "image"]
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(_OFF)

# Controls (a terminal would obey them), marks that turn the direction of all that follows, and halves
# of characters: none of them is text.
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_NOT_TEXT: dict[int, str | None] = dict.fromkeys(_CONTROLS)
_NOT_TEXT |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_NOT_TEXT |= {ord("\n"): "\n", ord("\t"): " ", ord("\r"): "\n"}

_INLINE: dict[str, Style] = {"strong": "bold", "em": "italic", "s": "strikethrough", "link": "text_link"}


@lru_cache(maxsize=256)  # one card is exported for many places
def parse(markdown: str) -> Styled:
    """Read CommonMark (with ~~strikethrough~~) into a text and its spans.

    Line ends stay line ends, as people see them in a chat; blocks stand as far apart as in the source.
    Headings are bold, list items begin with "•" or their number.
    """
    writing = _Writing()
    for token in _MARKDOWN.parse(markdown.translate(_NOT_TEXT).strip("\n")):
        writing.block(token)
    return Styled("".join(writing.parts), tuple(sorted(writing.spans, key=lambda s: (s.start, -s.end))))


class _Writing:
    """The text written so far, and what is open in it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.spans: list[Span] = []
        self.opened: list[tuple[Style, int, str]] = []
        self.last_line = 0  # of the source, where the last block ended
        self.lists: list[int | None] = []  # the next number of each open list, None for bullets
        self.marker = ""  # of the list item that has no text yet
        self.quotes = 0
        self.quote_start: int | None = None

    def block(self, token: Token) -> None:
        match token.type:
            case "paragraph_open" | "heading_open":
                self.begin(token)
                if token.type == "heading_open":
                    self.opened.append(("bold", self.length, ""))
            case "heading_close":
                self.close()
            case "inline":
                for child in token.children or ():
                    self.inline(child)
            case "fence":
                self.begin(token)
                self.whole("pre", token.content.rstrip("\n"))
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.marker = self.next_marker()
            case "list_item_close":
                self.marker = ""
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self.end_quote()

    def inline(self, token: Token) -> None:
        name, _, edge = token.type.partition("_")
        if token.type == "text":
            self.write(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            self.write("\n")
        elif token.type == "code_inline":
            self.whole("code", token.content)
        elif edge == "open":
            self.opened.append((_INLINE[name], self.length, str(token.attrs.get("href", ""))))
        elif edge == "close":
            self.close()

    def begin(self, token: Token) -> None:
        """Set a new paragraph or code block apart from the one before, as the source does."""
        first, after = token.map or [self.last_line, self.last_line]
        if self.length:
            self.write("\n" if first <= self.last_line else "\n\n")
        self.last_line = after
        if self.quotes and self.quote_start is None:
            self.quote_start = self.length
        self.write(self.marker)
        self.marker = ""

    def next_marker(self) -> str:
        number = self.lists[-1]
        if number is not None:
            self.lists[-1] = number + 1
        return "  " * (len(self.lists) - 1) + ("• " if number is None else f"{number}. ")

    def end_quote(self) -> None:
        self.quotes -= 1  # a quote in a quote is shown as one
        if not self.quotes and self.quote_start is not None:
            self.spans.append(Span("blockquote", self.quote_start, self.length))
            self.quote_start = None

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def whole(self, style: Style, text: str) -> None:
        self.opened.append((style, self.length, ""))
        self.write(text)
        self.close()

    def close(self) -> None:
        style, start, url = self.opened.pop()
        if start < self.length:
            self.spans.append(Span(style, start, self.length, url))


def cut(styled: Styled, start: int, end: int) -> Styled:
    """The part from `start` to `end`, without white space at its edges, spans clipped to it."""
    piece = styled.text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    end = start + len(piece)
    inside = (
        Span(s.style, max(s.start, start) - start, min(s.end, end) - start, s.url)
        for s in styled.spans
        if s.start < end and s.end > start
    )
    return Styled(piece, tuple(inside))


def split(styled: Styled, most: int, fits: Callable[[Styled], bool]) -> list[Styled]:
    """Cut a text in as few parts as hold in a message: at paragraphs, else lines, else words, else between
    two characters as people see them. `fits` says whether a part is short enough; no part is longer than
    `most` characters. A text of nothing but white space has no parts."""
    parts: list[Styled] = []
    start, end = 0, len(styled.text)
    while (rest := cut(styled, start, end)).text:
        if len(rest.text) <= most and fits(rest):
            return [*parts, rest]
        start = end - len(styled.text[start:end].lstrip())
        stop = _good_break(styled.text, start, _longest(styled, start, most, fits))
        parts.append(cut(styled, start, stop))
        start = stop
    return parts


def stretches(styled: Styled) -> list[tuple[int, int, list[Span]]]:
    """Start, end and spans of every stretch in which no style changes; a line's end ends one too."""
    edges = {0, len(styled.text)}
    edges.update(edge for span in styled.spans for edge in (span.start, span.end))
    edges.update(at + 1 for at, character in enumerate(styled.text) if character == "\n")
    ordered = sorted(edges)
    found: list[tuple[int, int, list[Span]]] = []
    within: list[Span] = []
    to_come = list(reversed(styled.spans))
    for start, end in pairwise(ordered):
        within = [span for span in within if span.end > start]
        while to_come and to_come[-1].start <= start:
            within.append(to_come.pop())
        found.append((start, end, within))
    return found


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, in which both platforms count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _longest(styled: Styled, start: int, most: int, fits: Callable[[Styled], bool]) -> int:
    fitting, too_far = start + 1, min(start + most, len(styled.text)) + 1
    while too_far - fitting > 1:
        middle = (fitting + too_far) // 2
        if fits(cut(styled, start, middle)):
            fitting = middle
        else:
            too_far = middle
    return fitting


def _good_break(text: str, start: int, end: int) -> int:
    for separator in ("\n\n", "\n", " "):
        # one that comes in the first quarter would leave too short a part
        at = text.rfind(separator, start + (end - start) // 4, end + len(separator))
        if at > start:
            return at
    if end >= len(text):
        return end
    whole = grapheme_boundary_before(text, end + 1)  # where the character that stands at `end` began
    return whole if whole > start else end
