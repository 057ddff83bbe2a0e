"""Markdown -> text with spans, which every exporter starts from."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.platforms.markup.styled import Styled
from bot.platforms.markup.writing import Writing
from bot.templating.escaping import text_of

# What nobody writes on purpose in a chat is off, and stays the text it is: HTML, code by indentation, link
# definitions.
_OFF = ["code", "html_block", "html_inline", "reference"]
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"]).disable(_OFF)

_TASK = re.compile(r"\[([ xX])\] +")  # GFM: what begins an item that is a task


@lru_cache(maxsize=256)  # one card is exported for many places
def parse(markdown: str, columns: int) -> Styled:
    """Read CommonMark (with ~~strikethrough~~, tables and tasks) into a text and its spans.

    Line ends stay line ends, as people see them in a chat; blocks stand as far apart as in the source.
    Headings are bold, list items begin with "•", "☐", "☑" or their number; a picture is a link. A table no
    wider than `columns` stands in code letters, a wider one as a line for each of its rows.
    """
    writing = Writing(columns)
    tokens = _MARKDOWN.parse(text_of(markdown).strip("\n"))
    _find_tasks(tokens)
    for token in tokens:
        writing.block(token)
    return writing.written()


def _find_tasks(tokens: list[Token]) -> None:
    """Take the box of each task out of its words, and note it at its item."""
    for item, paragraph, words in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open" or not words.children:
            continue
        task, first = _TASK.match(words.content), words.children[0]  # in the source, where none is escaped
        if task and first.type == "text":
            item.meta["box"] = "☐ " if task[1] == " " else "☑ "
            first.content = _TASK.sub("", first.content, count=1)
