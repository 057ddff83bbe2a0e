"""Markdown -> a terminal, and Markdown -> plain words."""

from __future__ import annotations

from bot.platforms.markup.cutting import stretches
from bot.platforms.markup.parsing import parse
from bot.platforms.markup.styled import Span, Style

_LOOKS: dict[Style, str] = {
    "bold": "1", "italic": "3", "strikethrough": "9", "text_link": "4", "code": "36", "pre": "36",
}  # fmt: skip
_BAR = "│ "
_COLUMNS = 60  # of a table


def plain_text(markdown: str) -> str:
    """The words alone, without any style; a link leaves its label."""
    return parse(markdown, _COLUMNS).text


def terminal_text(markdown: str, colour: bool = True) -> str:
    """The text for a terminal: styles as ANSI sequences if `colour`, an address behind each link's label
    (a moment has none), quotes behind a bar. Nothing that a member typed reaches the terminal as a
    sequence."""
    styled = parse(markdown, _COLUMNS)
    written: list[str] = []
    for start, end, within in stretches(styled):
        quoted = any(span.style == "blockquote" for span in within)
        if quoted and (start == 0 or styled.text[start - 1] == "\n"):
            written.append(_BAR)
        written.append(_look(styled.text[start:end], within) if colour else styled.text[start:end])
        written.extend(
            f" ({span.url})"
            for span in within
            if span.style == "text_link"
            and span.end == end
            and span.url != styled.text[span.start : end]
            and not span.url.startswith("time:")
        )
    return "".join(written)


def _look(text: str, within: list[Span]) -> str:
    codes = sorted({_LOOKS[span.style] for span in within if span.style in _LOOKS})
    words = text.rstrip("\n")
    if not codes or not words:
        return text
    return f"\x1b[{';'.join(codes)}m{words}\x1b[0m{text[len(words) :]}"
