"""Tokens of Markdown -> text with spans."""

from __future__ import annotations

import re

from markdown_it.token import Token

from bot.platforms.markup.styled import Span, Style, Styled
from bot.platforms.markup.tables import table

RULE = "———"
BAR = "│ "  # before each line of a quote within a quote, which no chat has
_INLINE: dict[str, Style] = {"strong": "bold", "em": "italic", "s": "strikethrough", "link": "text_link"}
_LANGUAGE = re.compile(r"[A-Za-z0-9+#.-]{1,30}")


class Writing:
    """The text written so far, and what is open in it; `columns` is how wide a table may be."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.parts: list[str] = []
        self.length = 0
        self.spans: list[Span] = []
        self.opened: list[tuple[Style, int, str]] = []
        self.last_line = 0  # of the source, where the last block ended
        self.lists: list[int | None] = []  # the next number of each open list, None for bullets
        self.marker = ""  # of the list item that has no text yet
        self.quotes = 0
        self.quote_start: int | None = None
        self.rows: list[list[Styled]] | None = None  # of the table that is open, its head first
        self.right: list[bool] = []  # which of its columns stand at the right

    def written(self) -> Styled:
        """All of it."""
        return Styled("".join(self.parts), tuple(sorted(self.spans, key=lambda s: (s.start, -s.end))))

    def block(self, token: Token) -> None:
        """Write the next token of a whole text."""
        if self.rows is not None:
            self._in_table(self.rows, token)
            return
        match token.type:
            case "paragraph_open":
                self._begin(token)
            case "heading_open":
                self._begin(token)
                self.opened.append(("bold", self.length, ""))
            case "heading_close":
                self._close()
            case "inline":
                self.inline(token)
            case "fence":
                self._begin(token)
                self._fence(token)
            case "hr":
                self._begin(token)
                self._write(RULE)
            case "table_open":
                self._begin(token)
                self.rows, self.right = [], []
            case _:
                self._container(token)

    def inline(self, token: Token) -> None:
        """Write the words of one paragraph, heading or cell."""
        for child in token.children or ():
            self._word(child)

    def _container(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.marker = self._next_marker(str(token.meta.get("box", "")))
            case "list_item_close":
                self.marker = ""
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self._end_quote()

    def _word(self, token: Token) -> None:
        name, _, edge = token.type.partition("_")
        if token.type == "text":
            self._write(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            self._write("\n" + BAR * (self.quotes - 1))
        elif token.type == "code_inline":
            self.opened.append(("code", self.length, ""))
            self._write(token.content)
            self._close()
        elif token.type == "image":
            self._picture(token)
        elif edge == "open":
            self.opened.append((_INLINE[name], self.length, str(token.attrs.get("href", ""))))
        elif edge == "close":
            self._close()

    def _picture(self, token: Token) -> None:
        """A picture that is elsewhere: a link to it, unless it stands in one."""
        address, linked = str(token.attrs["src"]), any(one[0] == "text_link" for one in self.opened)
        start = self.length
        self.inline(token)
        if start == self.length:
            self._write(address)
        if not linked:
            self.spans = [one for one in self.spans if one.start < start or one.style != "text_link"]
            self.spans.append(Span("text_link", start, self.length, address))

    def _fence(self, token: Token) -> None:
        start, language = self.length, _LANGUAGE.match(token.info.strip())
        self._write(token.content.rstrip("\n"))
        if start < self.length:
            self.spans.append(Span("pre", start, self.length, language=language[0] if language else ""))

    def _in_table(self, rows: list[list[Styled]], token: Token) -> None:
        match token.type:
            case "tr_open":
                rows.append([])
            case "th_open":
                self.right.append("right" in str(token.attrs.get("style", "")))
            case "inline":
                cell = Writing(self.columns)
                cell.inline(token)
                rows[-1].append(cell.written())
            case "table_close":
                self.rows = None
                self._append(table(rows, self.right, self.columns))

    def _begin(self, token: Token) -> None:
        """Set a new paragraph or code block apart from the one before, as the source does."""
        first, after = token.map or [self.last_line, self.last_line]
        if self.length:
            self._write("\n" if first <= self.last_line else "\n\n")
        self.last_line = after
        if self.quotes and self.quote_start is None:
            self.quote_start = self.length
        self._write(BAR * (self.quotes - 1) + self.marker)
        self.marker = ""

    def _next_marker(self, box: str) -> str:
        number = self.lists[-1]
        if number is not None:
            self.lists[-1] = number + 1
        return "  " * (len(self.lists) - 1) + (box or "• " if number is None else f"{number}. {box}")

    def _end_quote(self) -> None:
        self.quotes -= 1
        if not self.quotes and self.quote_start is not None:
            self.spans.append(Span("blockquote", self.quote_start, self.length))
            self.quote_start = None

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _append(self, styled: Styled) -> None:
        self.spans += [span.moved(self.length) for span in styled.spans]
        self._write(styled.text)

    def _close(self) -> None:
        style, start, url = self.opened.pop()
        if start < self.length:
            self.spans.append(Span(style, start, self.length, url))
