"""Markdown for pages and mails: as HTML that holds no script, and as plain text with its links written out.

What comes in may be a rendered message or what a member typed. HTML in it is text, an address leads to the
web or to a mail, a picture is a link to it, and a heading is bold, as in a chat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from bot.templating.escaping import text_of

__all__ = ["safe_link", "to_html", "to_text"]

# What nobody writes on purpose is off, as in chats: HTML, code by indentation, link definitions.
_OFF: Final = ["code", "html_block", "html_inline", "reference"]
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_MARKDOWN.disable(_OFF)
_MARKDOWN.validateLink = bool  # type: ignore[method-assign,assignment]  # safe_link looks at them
_RULES = _MARKDOWN.renderer.rules  # type: ignore[attr-defined]  # the renderer of HTML has them
_RULES["heading_open"] = lambda *_: "<p><strong>"
_RULES["heading_close"] = lambda *_: "</strong></p>\n"

_BARE = re.compile(r"https?://[^\s<>\"]+")
_NOT_THE_LAST = ".,;:!?'*_~)]}»”…"  # what ends a sentence around an address rather than the address
_PAIRS = {")": "(", "]": "[", "}": "{"}


def to_html(markdown: str) -> Markup:
    """CommonMark with tables and ~~strikethrough~~ as HTML; line ends stay line ends. Nothing in it can run,
    be fetched or pretend to be ours: links are http, https or mailto, and carry rel="nofollow noopener"."""
    tokens = _parsed(markdown)
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}).strip())


def to_text(markdown: str) -> str:
    """The same as plain text: an address behind each link's words, "•" or a number before a list's items,
    "> " before what is quoted, " | " between the cells of a table."""
    writing = _Plain()
    for token in _parsed(markdown):
        writing.block(token)
    return writing.text()


def safe_link(address: str) -> str:
    """An address that a page may lead to: http or https with a host, or mailto; "" for every other."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme in ("http", "https"):
        return address.strip() if parts.netloc else ""
    return address.strip() if parts.scheme == "mailto" and parts.path else ""


def _parsed(markdown: str) -> list[Token]:
    tokens = _MARKDOWN.parse(text_of(markdown))
    for token in tokens:
        if token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", "")):
            token.attrSet("align", str(style).rpartition(":")[2])  # a style attribute is what pages refuse
        if token.children:
            token.children = list(_linked(token.children))
    return tokens


def _linked(children: Iterable[Token]) -> Iterator[Token]:
    """An inline run with only links that are safe; bare addresses and pictures are links too."""
    opened: list[bool] = []  # whether each open link is kept
    for token in children:
        if token.type == "link_open":
            address = safe_link(str(token.attrs.get("href", "")))
            opened.append(bool(address))
            if address:
                yield _link(address)
        elif token.type == "link_close":
            if opened.pop():
                yield token
        elif token.type == "image":
            yield from _picture(token, inside=any(opened))
        elif token.type == "text" and not opened:
            yield from _bare_links(token.content)
        else:
            yield token


def _link(address: str) -> Token:
    return Token("link_open", "a", 1, attrs={"href": address, "rel": "nofollow noopener"})


def _picture(token: Token, inside: bool) -> Iterator[Token]:
    address = safe_link(str(token.attrs.get("src", "")))
    words = _words(token.content or address)
    if not address or inside:
        yield words
        return
    yield from (_link(address), words, Token("link_close", "a", -1))


def _bare_links(text: str) -> Iterator[Token]:
    at = 0
    for found in _BARE.finditer(text):
        address = _without_the_end(found.group())
        if not safe_link(address):
            continue
        yield _words(text[at : found.start()])
        yield from (_link(address), _words(address), Token("link_close", "a", -1))
        at = found.start() + len(address)
    yield _words(text[at:])


def _without_the_end(address: str) -> str:
    """An address without what closes the sentence or the bracket that it stands in."""
    while address[-1:] and address[-1] in _NOT_THE_LAST:
        closes = _PAIRS.get(address[-1])
        if closes and address.count(closes) >= address.count(address[-1]):
            break
        address = address[:-1]
    return address


def _words(text: str) -> Token:
    return Token("text", "", 0, content=text)


class _Plain:
    """The plain text written so far, and what is open in it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._lists: list[int | None] = []  # the next number of each open list, None for bullets
        self._marker = ""  # of the list item that has no text yet
        self._quotes = 0
        self._cells: list[str] | None = None  # of the row that is open
        self._last_line = 0  # of the source, where the last block ended

    def text(self) -> str:
        return "\n".join(self._lines).strip("\n")

    def block(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._words(token, _flat(token.children or ()))
            case "fence":
                self._words(token, token.content.rstrip("\n"))
            case "hr":
                self._words(token, "---")
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._marker = self._next_marker()
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "table_open":
                self._apart(token)
            case "tr_open":
                self._cells = []
            case "tr_close":
                self._lines.append(" | ".join(self._cells or ()))
                self._cells = None

    def _words(self, token: Token, text: str) -> None:
        if self._cells is not None:
            self._cells.append(text.replace("\n", " "))
            return
        self._apart(token)
        indent = "  " * len(self._lists)
        for at, line in enumerate(text.split("\n")):
            before = self._marker if at == 0 and self._marker else indent
            self._lines.append(f"{'> ' * self._quotes}{before}{line}".rstrip())
        self._marker = ""

    def _apart(self, token: Token) -> None:
        """Blocks stand as far apart as in the source."""
        first, after = token.map or [self._last_line, self._last_line]
        if self._lines and first > self._last_line:
            self._lines.append("")
        self._last_line = after

    def _next_marker(self) -> str:
        number = self._lists[-1]
        if number is not None:
            self._lists[-1] = number + 1
        return "  " * (len(self._lists) - 1) + ("• " if number is None else f"{number}. ")


def _flat(children: Iterable[Token]) -> str:
    """An inline run as it is read; a link's address follows its words unless it says the same."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrs["href"]), len(parts)))
        elif token.type == "link_close":
            address, start = links.pop()
            if "".join(parts[start:]) not in (address, address.removeprefix("mailto:")):
                parts.append(f" ({address})")
        else:
            parts.append(token.content)
    return "".join(parts)
