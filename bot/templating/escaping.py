"""Escaping: any text as Markdown that is read as that text."""

from __future__ import annotations

import re
from typing import Any

from bot.rules.names import turns


class Md(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


_CLEAN: dict[int, str | None] = dict.fromkeys((*range(9), *range(0x0E, 0x1C), *range(0x7F, 0xA0)))
_CLEAN |= dict.fromkeys((*range(9, 0x0E), *range(0x1C, 0x20), 0x85, 0x2028, 0x2029), " ")
# marks that turn the direction of all that follows them, also of our words
_CLEAN |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_CLEAN |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")  # halves of characters
_ESCAPES = _CLEAN | {ord(special): "\\" + special for special in "\\`*_[]<>()&~|"}
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_ISOLATED = re.compile(f"{_ISOLATE}([^{_ISOLATE}{_END}\n]*){_END}")
_LOOSE = dict.fromkeys((ord(_ISOLATE), ord(_END)))
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), 0x2066, 0x2067)
_NOT_TEXT: dict[int, str | None] = dict.fromkeys(_CONTROLS)
_NOT_TEXT |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_NOT_TEXT |= {ord("\n"): "\n", ord("\t"): " ", ord("\r"): "\n"}
_LIST_NUMBER = re.compile(r"^( *[0-9]+)\.(?= |$)")


def escape(text: str) -> Md:
    """Markdown that is read as `text`: letter by letter, on one line, and no heading, list or quote even
    at the start of a line."""
    if isinstance(text, Md):
        return text
    escaped = text.translate(_ESCAPES)
    first = escaped.lstrip(" ")[:1]
    if first and first in "-+#=.":
        at = escaped.index(first)
        escaped = f"{escaped[:at]}\\{escaped[at:]}"
    elif first.isdigit():
        escaped = _LIST_NUMBER.sub(r"\1\\.", escaped)
    return Md(escaped)


def printed(value: Any) -> str:
    """What `{{ value }}` puts in the text; nothing for None. What is read from right to left is kept to
    itself (UAX 9, isolates), so that it does not turn our words beside it around."""
    if isinstance(value, Md):
        return value
    said = "" if value is None else str(value)
    return Md(f"{_ISOLATE}{escape(said)}{_END}") if turns(said) else escape(said)


def text_of(markdown: str) -> str:
    """Markdown without what is no text: controls (a terminal would obey them), marks that turn the direction
    of all that follows, halves of characters. What keeps a name to itself stays where it begins and ends in
    one line."""
    text = markdown.translate(_NOT_TEXT)
    if _ISOLATE not in text and _END not in text:
        return text
    pieces = _ISOLATED.split(text)  # the odd ones stood between the two marks
    kept = (_ISOLATE + one + _END if at % 2 else one.translate(_LOOSE) for at, one in enumerate(pieces))
    return "".join(kept)


def kept_lines(value: str) -> Md:
    """A filter: the value with its lines kept."""
    return Md("\n".join(escape(line) for line in str(value).splitlines()))


def as_code(value: str) -> Md:
    """A filter: the value in code letters. Backslashes do not escape there, so a value in backticks of the
    template's own would show them."""
    words = " ".join(str(value).translate(_CLEAN).split())
    ticks = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    return Md(f"{ticks} {words} {ticks}" if "`" in words else f"{ticks}{words}{ticks}" if words else "")
