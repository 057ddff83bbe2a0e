"""There and back: what an author writes is read again out of what each chat is sent.

What a chat cannot show: Telegram has no code letters within another style (the style stays), Slack no link in
code letters (the code stays) and no code block within a quote (it stands outside). Neither has lists,
headings, tables, pictures or a quote within a quote: those are marks before a line, bold words, code letters
or words, links and a bar.
"""

from __future__ import annotations

import html
import re

from hypothesis import assume, given

from bot.platforms.markup import Entity, slack_blocks, telegram_text
from tests.platforms.documents import DOCUMENT, Block, source
from tests.platforms.shown import Chat, Line, lines_of

TELEGRAM = Chat(columns=32, code_wins=False, code_in_quotes=True)
SLACK = Chat(columns=60, code_wins=True, code_in_quotes=False)
JOINER, BREAK = "\N{WORD JOINER}", "\N{ZERO WIDTH SPACE}"
STYLES = {"*": "bold", "_": "italic", "~": "strikethrough"}


@given(DOCUMENT)
def test_what_telegram_shows_is_what_was_written(document: tuple[Block, ...]) -> None:
    parts = telegram_text(source(document))
    assume(len(parts) == 1)
    assert read_telegram(*parts[0]) == lines_of(document, TELEGRAM)


@given(DOCUMENT)
def test_what_slack_shows_is_what_was_written(document: tuple[Block, ...]) -> None:
    blocks, _ = slack_blocks(source(document))
    assume(len(blocks) == 1)
    assert read_slack(blocks[0]["text"]["text"]) == lines_of(document, SLACK)


# ---- reading what a chat is sent, by its own rules ----


def read_telegram(text: str, entities: list[Entity]) -> list[Line]:
    """A text with its entities, as Telegram shows it."""
    lines: list[Line] = [[]]
    at = 0  # in UTF-16 units
    for letter in text:
        styles = frozenset(one.type for one in entities if one.offset <= at < one.offset + one.length)
        at += 2 if letter > "\uffff" else 1
        if letter == "\n":
            lines.append([])
        elif not letter.isspace() and letter != JOINER:
            lines[-1].append((letter, styles))
    return [line for line in lines if line]


def read_slack(mrkdwn: str) -> list[Line]:
    """A section's text, as Slack shows it."""
    lines: list[Line] = []
    for number, piece in enumerate(mrkdwn.split("```")):
        if number % 2:
            shown = html.unescape(piece)
            lines += [_plain(line, frozenset(["pre"])) for line in shown.split("\n")]
        else:
            lines += [_slack_line(line) for line in piece.split("\n")]
    return [line for line in lines if line]


def _slack_line(line: str) -> Line:
    if line.startswith(">"):
        return _slack_words(line[1:], frozenset(["blockquote"]))
    return _slack_words(line, frozenset())


def _slack_words(text: str, within: frozenset[str]) -> Line:
    found: Line = []
    opened: list[str] = []
    at = 0
    while at < len(text):
        letter, styles = text[at], within | frozenset(opened)
        link = re.compile(r"<([^|>]*)\|?([^>]*)>").match(text, at)
        if link:
            found += _slack_words(link[2] or link[1], styles | {"text_link"})
            at = link.end()
        elif letter == "`" and _opens(text, at):
            end = text.index("`", at + 1)
            found += _plain(html.unescape(text[at + 1 : end]), styles | {"code"})
            at = end + 1
        elif letter in STYLES and STYLES[letter] in opened and _closes(text, at):
            opened.remove(STYLES[letter])
            at += 1
        elif letter in STYLES and STYLES[letter] not in opened and _opens(text, at):
            opened.append(STYLES[letter])
            at += 1
        else:
            entity = re.compile(r"&(?:amp|lt|gt);").match(text, at)
            found += _plain(html.unescape(entity[0]) if entity else letter, styles)
            at = entity.end() if entity else at + 1
    assert not opened, f"{opened} is not closed in {text!r}"
    return found


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(after) and not after.isspace() and not _holds(before)


def _closes(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not before.isspace() and not _holds(after)


def _holds(letter: str) -> bool:
    """Whether a letter beside a mark keeps it from being one."""
    return letter.isalnum() or letter == JOINER


def _plain(text: str, styles: frozenset[str]) -> Line:
    return [(one, styles) for one in text if not one.isspace() and one not in (JOINER, BREAK)]
