"""Markdown -> Telegram: plain text with entities, counted in UTF-16 units; and inline keyboards."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from bot.messages import Key
from bot.platforms.markup.parsing import Span, Style, Styled, parse, split, utf16_length

LONGEST = 4096  # UTF-16 units of a message (platforms.md section 9)
MOST_ENTITIES = 100  # those after the hundredth are dropped by Telegram (platforms.md section 9)
LONGEST_DATA = 64  # bytes of callback_data (platforms.md section 9)
_SCHEMES = ("http://", "https://", "tg://", "mailto:")
_LABELS = (99, 18, 10, 7)  # the longest label that stays readable on a phone, by keys in its row


@dataclass(frozen=True, slots=True)
class Entity:
    """A MessageEntity of the Bot API; offset and length in UTF-16 units."""

    type: Style
    offset: int
    length: int
    url: str = ""


def telegram_text(markdown: str) -> list[tuple[str, list[Entity]]]:
    """The messages that a text takes (mostly one), each with its entities; none for an empty text.

    Only http, https, tg and mailto links stay links.
    """
    parts = split(_showable(parse(markdown)), LONGEST, _fits)
    return [(part.text, _entities(part)) for part in parts]


def telegram_keys(keys: tuple[Key, ...]) -> list[list[dict[str, str]]]:
    """Rows of an inline keyboard: up to four short labels in a row, long ones in pairs or alone.

    Raises ValueError for a token over 64 bytes.
    """
    rows: list[list[Key]] = []
    for key in keys:
        if rows and len(rows[-1]) < len(_LABELS):
            longest = max(len(other.label) for other in (*rows[-1], key))
            if longest <= _LABELS[len(rows[-1])]:
                rows[-1].append(key)
                continue
        rows.append([key])
    return [[_button(key) for key in row] for row in rows]


def _button(key: Key) -> dict[str, str]:
    if key.url:
        return {"text": key.label, "url": key.url}
    if len(key.token.encode()) > LONGEST_DATA:
        raise ValueError(f"a button's token may have {LONGEST_DATA} bytes: {key.label}")
    return {"text": key.label, "callback_data": key.token}


def _showable(styled: Styled) -> Styled:
    """Without the spans that Telegram refuses or drops: other links, code inside another style."""
    spans = [s for s in styled.spans if s.style != "text_link" or s.url.lower().startswith(_SCHEMES)]
    shown = tuple(s for s in spans if s.style != "code" or not any(_holds(other, s) for other in spans))
    return Styled(styled.text, shown)


def _holds(outer: Span, inner: Span) -> bool:
    return (
        outer is not inner
        and outer.style != "blockquote"
        and outer.start <= inner.start
        and inner.end <= outer.end
    )


def _fits(part: Styled) -> bool:
    return len(part.spans) <= MOST_ENTITIES and utf16_length(part.text) <= LONGEST


def _entities(part: Styled) -> list[Entity]:
    if not part.spans:
        return []
    if part.text.isascii():
        return [Entity(s.style, s.start, s.end - s.start, s.url) for s in part.spans]
    units = [0, *accumulate(2 if character > "\uffff" else 1 for character in part.text)]
    return [Entity(s.style, units[s.start], units[s.end] - units[s.start], s.url) for s in part.spans]
