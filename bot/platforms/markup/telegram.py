"""Markdown -> Telegram: plain text with entities, counted in UTF-16 units; and inline keyboards.

Telegram itself makes a mention of any @name it finds, so a name gets a word joiner behind its @, but in code
letters and in addresses. Links of its own (tg:) can mention somebody, so none of them is one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from bot.messages import Key
from bot.platforms.markup.cutting import split
from bot.platforms.markup.parsing import parse
from bot.platforms.markup.styled import Span, Style, Styled, utf16_length
from bot.templating import escape

LONGEST = 4096  # UTF-16 units of a message (platforms.md section 9)
COLUMNS = 32  # of a table in code letters, on a phone
LONGEST_CAPTION = 1024  # UTF-16 units under a picture (platforms.md section 9)
MOST_ENTITIES = 100  # those after the hundredth are dropped by Telegram (platforms.md section 9)
LONGEST_DATA = 64  # bytes of callback_data (platforms.md section 9)
MOST_KEYS = 100  # under one message (platforms.md section 9)
_SCHEMES = ("http://", "https://", "mailto:")
# an address written out, in which an @ is no mention; or one that is, unless an e-mail address goes on
_MENTION = re.compile(r"https?://[^\s/@]+\.[a-z]{2,}[/?#]\S*|(?<![A-Za-z0-9_])(@)(?=\w)", re.IGNORECASE)
_JOINER = "\N{WORD JOINER}"
_LABELS = (99, 18, 10, 7)  # the longest label that stays readable on a phone, by keys in its row


@dataclass(frozen=True, slots=True)
class Entity:
    """A MessageEntity of the Bot API; offset and length in UTF-16 units."""

    type: Style
    offset: int
    length: int
    url: str = ""
    language: str = ""


def telegram_text(markdown: str, under_picture: bool = False) -> list[tuple[str, list[Entity]]]:
    """The messages that a text takes (mostly one), each with its entities; none for an empty text. The first
    is shorter if it stands `under_picture`.

    Only http, https and mailto links stay links, and nobody is mentioned.
    """
    parts = split(
        _showable(parse(markdown, COLUMNS)), LONGEST, _fits, _fits_caption if under_picture else None
    )
    return [(part.text, _entities(part)) for part in parts]


def telegram_caption(text: str, entities: list[Entity], alt: str) -> tuple[str, list[Entity]]:
    """What stands under a picture: a text with its entities, and what the picture shows (`alt`, plain words)
    as a line in italics, if there is room."""
    line = _showable(parse(escape(alt), COLUMNS)).text
    whole = f"{text}\n\n{line}" if text else line
    if not line or utf16_length(whole) > LONGEST_CAPTION or len(entities) >= MOST_ENTITIES:
        return text, entities
    length = utf16_length(line)
    return whole, [*entities, Entity("italic", utf16_length(whole) - length, length)]


def telegram_keys(keys: tuple[Key, ...]) -> list[list[dict[str, str]]]:
    """Rows of an inline keyboard: up to four short labels in a row, long ones in pairs or alone; a hundred
    buttons at most.

    Raises ValueError for a token over 64 bytes.
    """
    rows: list[list[Key]] = []
    for key in keys[:MOST_KEYS]:
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
    """Without the spans that Telegram refuses or drops: other links, code inside another style, a style
    inside the same; and with nobody mentioned."""
    spans = [s for s in styled.spans if s.style != "text_link" or s.url.lower().startswith(_SCHEMES)]
    shown = tuple(s for s in spans if not any(_holds(other, s) for other in spans))
    return _without_mentions(Styled(styled.text, shown))


def _holds(outer: Span, inner: Span) -> bool:
    """Whether the inner one is not to be seen within the outer one."""
    within = outer is not inner and outer.start <= inner.start and inner.end <= outer.end
    if not within or outer.style == "blockquote":
        return False
    if outer.style == inner.style:
        return (outer.start, outer.end) != (inner.start, inner.end) or id(outer) < id(inner)
    return inner.style == "code"


def _without_mentions(styled: Styled) -> Styled:
    if "@" not in styled.text:
        return styled
    code = [(span.start, span.end) for span in styled.spans if span.style in ("code", "pre")]
    found = (mention.end() for mention in _MENTION.finditer(styled.text) if mention[1])
    breaks = [at for at in found if not any(start < at < end for start, end in code)]
    if not breaks:
        return styled
    edges = [0, *breaks, len(styled.text)]
    text = _JOINER.join(styled.text[start:end] for start, end in pairwise(edges))
    spans = (
        replace(s, start=s.start + bisect_left(breaks, s.start), end=s.end + bisect_left(breaks, s.end))
        for s in styled.spans
    )
    return Styled(text, tuple(spans))


def _fits(part: Styled) -> bool:
    return len(part.spans) <= MOST_ENTITIES and utf16_length(part.text) <= LONGEST


def _fits_caption(part: Styled) -> bool:
    return len(part.spans) <= MOST_ENTITIES and utf16_length(part.text) <= LONGEST_CAPTION


def _entities(part: Styled) -> list[Entity]:
    if not part.spans:
        return []
    if part.text.isascii():
        return [Entity(s.style, s.start, s.end - s.start, s.url, s.language) for s in part.spans]
    units = [0, *accumulate(2 if character > "\uffff" else 1 for character in part.text)]
    return [
        Entity(s.style, units[s.start], units[s.end] - units[s.start], s.url, s.language) for s in part.spans
    ]
