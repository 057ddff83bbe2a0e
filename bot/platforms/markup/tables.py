"""Tables, which no chat has: a narrow one in code letters, of a wide one each row as a paragraph."""

from __future__ import annotations

from itertools import pairwise

from wcwidth import wcswidth

from bot.platforms.markup.styled import Span, Styled, joined

_BETWEEN = "  "  # two columns
_LINE = "─"  # under the head


def table(rows: list[list[Styled]], right: list[bool], columns: int) -> Styled:
    """A table (its head first) as it can be read in a chat whose lines take so many `columns` of code
    letters; `right` says which of its columns stand at the right. Code letters show no link: a table that has
    some is told row by row, however narrow."""
    wide = [max((_width(row[at].text) for row in rows), default=0) for at in range(len(right))]
    linked = any(span.style == "text_link" for row in rows for cell in row for span in cell.spans)
    if not linked and sum(wide) + len(_BETWEEN) * (len(wide) - 1) <= columns:
        return _aligned(rows, right, wide)
    head, *others = rows
    written = [_told(head, row) for row in others] or [_named(head)]
    gap = Styled("\n\n")
    return joined([written[0], *(piece for _, row in pairwise(written) for piece in (gap, row))])


def _aligned(rows: list[list[Styled]], right: list[bool], wide: list[int]) -> Styled:
    head, *others = [_line([cell.text for cell in row], right, wide) for row in rows]
    rule = _BETWEEN.join(_LINE * width for width in wide)
    text = "\n".join([head, rule, *others])
    return Styled(text, (Span("pre", 0, len(text)),))


def _line(cells: list[str], right: list[bool], wide: list[int]) -> str:
    written = []
    for cell, at_right, width in zip(cells, right, wide, strict=True):
        space = " " * (width - _width(cell))
        written.append(space + cell if at_right else cell + space)
    return _BETWEEN.join(written).rstrip()


def _told(head: list[Styled], row: list[Styled]) -> Styled:
    """A row in words: its first cell, and what stands under each head."""
    first = [_bold(row[0])] if row[0].text else []
    others = [
        joined([name, Styled(": "), cell]) if name.text else cell
        for name, cell in zip(head[1:], row[1:], strict=True)
        if cell.text
    ]
    return _dotted([*first, *others])


def _named(head: list[Styled]) -> Styled:
    """The head of a table without rows."""
    return _dotted([_bold(name) for name in head if name.text])


def _dotted(pieces: list[Styled]) -> Styled:
    dot = Styled(" · ")
    return joined([part for piece in pieces for part in (dot, piece)][1:])


def _bold(cell: Styled) -> Styled:
    inside = (span for span in cell.spans if span.style != "bold")
    return Styled(cell.text, (Span("bold", 0, len(cell.text)), *inside))


def _width(text: str) -> int:
    """In columns of code letters; what has no width of its own counts by its characters."""
    width = wcswidth(text)
    return width if width >= 0 else len(text)
