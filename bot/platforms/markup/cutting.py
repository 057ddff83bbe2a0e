"""Cutting a styled text: in parts that hold in a message, and in stretches of one style."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from wcwidth import grapheme_boundary_before

from bot.platforms.markup.styled import Span, Styled


def cut(styled: Styled, start: int, end: int) -> Styled:
    """The part from `start` to `end`, without white space at its edges, spans clipped to it."""
    piece = styled.text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    end = start + len(piece)
    inside = (
        replace(s, start=max(s.start, start) - start, end=min(s.end, end) - start)
        for s in styled.spans
        if s.start < end and s.end > start
    )
    return Styled(piece, tuple(inside))


def split(
    styled: Styled, most: int, fits: Callable[[Styled], bool], first: Callable[[Styled], bool] | None = None
) -> list[Styled]:
    """Cut a text in as few parts as hold in a message: at paragraphs, else lines, else words, else between
    two characters as people see them. `fits` says whether a part is short enough, `first` whether the first
    is where less fits into it; no part is longer than `most` characters. A text of nothing but white space
    has no parts."""
    parts: list[Styled] = []
    start, end = 0, len(styled.text)
    while (rest := cut(styled, start, end)).text:
        fitting = first if first and not parts else fits
        if len(rest.text) <= most and fitting(rest):
            return [*parts, rest]
        start = end - len(styled.text[start:end].lstrip())
        stop = _good_break(styled.text, start, _longest(styled, start, most, fitting))
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
