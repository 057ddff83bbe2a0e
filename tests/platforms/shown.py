"""What a chat is to show of a made-up document: its lines, each letter with its styles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wcwidth import wcswidth

from tests.platforms.documents import (
    Block,
    Code,
    Fence,
    Grid,
    Inline,
    Inside,
    Items,
    Marked,
    Paragraph,
    Quote,
    Rule,
    Words,
)

Letter = tuple[str, frozenset[str]]
Line = list[Letter]


@dataclass(frozen=True)
class Chat:
    """What a chat can show. Code within another style keeps the style alone, or only the code (`code_wins`);
    code blocks may stand outside a quote."""

    columns: int
    code_wins: bool
    code_in_quotes: bool


def lines_of(blocks: tuple[Block, ...], chat: Chat, quoted: bool = False) -> list[Line]:
    """Each line with letters in it, each letter with its styles."""
    found: list[Line] = []
    for block in blocks:
        found += _lines(block, chat, frozenset(["blockquote"] if quoted else []))
        if isinstance(block, Items):
            found.append(_plain("end", frozenset(["blockquote"] if quoted else [])))
    return found


def _lines(block: Block, chat: Chat, within: frozenset[str]) -> list[Line]:
    match block:
        case Paragraph(words, level):
            return [_letters(words, chat, within | ({"bold"} if level else set()))]
        case Items():
            return list(_item_lines(block, chat, within))
        case Quote(blocks):
            return lines_of(blocks, chat, quoted=True)
        case Fence(lines):
            styles = within | {"pre"} if chat.code_in_quotes else frozenset(["pre"])
            return [_plain(line, styles) for line in lines]
        case Grid():
            return _grid_lines(block, chat)
        case Rule(text):
            return [_plain(text, within)]


def _item_lines(block: Items, chat: Chat, within: frozenset[str]) -> Iterator[Line]:
    for number, item in enumerate(block.items, start=1):
        marker = f"{number}." if block.numbered else "•"
        yield _plain(marker, within) + _letters(item.words, chat, within)
        if item.below:
            yield from _item_lines(item.below, chat, within)


def _grid_lines(block: Grid, chat: Chat) -> list[Line]:
    texts = [[_shown(cell) for cell in row] for row in block.rows]
    widths = [max(wcswidth(row[at]) for row in texts) for at in range(len(texts[0]))]
    linked = any(
        "text_link" in styles
        for row in block.rows
        for cell in row
        for _, styles in _letters(cell, chat, frozenset())
    )
    if not linked and sum(widths) + 2 * (len(widths) - 1) <= chat.columns:
        head, *others = [_plain("".join(row), frozenset(["pre"])) for row in texts]
        return [head, _plain("─" * sum(widths), frozenset(["pre"])), *others]
    return list(_told(block, chat))


def _told(block: Grid, chat: Chat) -> Iterator[Line]:
    nothing, bold = frozenset[str](), frozenset(["bold"])
    head, *others = block.rows
    for row in others or [head]:
        line = _letters(row[0], chat, bold)
        for name, cell in zip(head[1:], row[1:], strict=True):
            if others:
                line += _plain("·", nothing) + _letters(name, chat, nothing) + _plain(":", nothing)
                line += _letters(cell, chat, nothing)
            else:
                line += _plain("·", nothing) + _letters(name, chat, bold)
        yield line


def _letters(words: tuple[Inline, ...], chat: Chat, within: frozenset[str]) -> Line:
    found: Line = []
    for one in words:
        match one:
            case Words(texts):
                found += _plain("".join(texts), within)
            case Code(text):
                found += _plain(text, _code(chat, within))
            case Inside(before, bold, after):
                found += _plain(before, within) + _plain(bold, within | {"bold"}) + _plain(after, within)
            case Marked(kind, inside):
                found += _letters(inside, chat, within | {kind})
    return found


def _code(chat: Chat, within: frozenset[str]) -> frozenset[str]:
    others = within - {"blockquote"}
    if chat.code_wins:
        return (within - {"text_link"}) | {"code"}
    return within if others else within | {"code"}


def _shown(words: tuple[Inline, ...]) -> str:
    """With the spaces between its words."""
    return " ".join(_one_shown(one) for one in words)


def _one_shown(one: Inline) -> str:
    match one:
        case Words(words):
            return " ".join(words)
        case Code(text):
            return text
        case Inside(before, bold, after):
            return before + bold + after
        case Marked(_, inside):
            return _shown(inside)


def _plain(text: str, styles: frozenset[str]) -> Line:
    return [(letter, styles) for letter in text if not letter.isspace()]
