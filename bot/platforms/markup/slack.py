"""Markdown -> Slack: section blocks of mrkdwn, and rows of buttons.

mrkdwn has no escapes. `&`, `<` and `>` are written as entities, so that nothing becomes a mention or a
link. A literal `*`, `_`, `~` or backtick where Slack would take it for a mark gets a word joiner where it
stands at no letter: Slack formats only at the break of a word, and a word joiner is none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from bot.messages import Key
from bot.platforms.markup.cutting import split, stretches
from bot.platforms.markup.parsing import parse
from bot.platforms.markup.styled import Span, Style, Styled, utf16_length

LONGEST_SECTION = 3000  # characters of a section's text (platforms.md section 9)
COLUMNS = 60  # of a table in code letters, on a desktop
LONGEST_LABEL = 75  # characters of a button's text (platforms.md section 9)
MOST_KEYS = 100  # twenty blocks of the fifty that a message takes
KEYS_IN_A_ROW = 5  # an actions block takes 25; more than five wrap badly on a phone
_TIME = re.compile(r"time:([0-9]{1,11})")  # a moment in Unix seconds, read in everybody's own zone
_LONGEST_URL = 2000  # a longer one would not leave room for its label in a section
_SCHEMES = ("http://", "https://", "mailto:")
_MARKS: dict[Style, str] = {"bold": "*", "italic": "_", "strikethrough": "~"}
_JOINER = "\N{WORD JOINER}"
_BREAK = "\N{ZERO WIDTH SPACE}"  # lets a mark stand at a letter
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ADDRESS = str.maketrans({"&": "&amp;", "<": "%3C", ">": "%3E", "|": "%7C", "\n": "%0A", " ": "%20"})
_CALL = re.compile(r"(?<![A-Za-z0-9_])[@＠﹫](?=\w)")
_FENCE = re.compile("`{3,}")  # would end a block of code
_MARKLIKE = re.compile("[*_~`＊＿｀]")  # Slack reads the wide ones as marks too
_BARE_URL = re.compile(r"(?<!\w)https?://[^\s<>|]*[^\s<>|.,;:!?'\"*_~`)\]]", re.IGNORECASE)


def slack_blocks(message_text: str) -> tuple[list[dict[str, Any]], str]:
    """The section blocks of a Markdown text, each within Slack's limit, and the text that notifications
    and screen readers take instead of them.

    Blocks are `verbatim`, so that a typed "@channel" or "#general" stays words; addresses written out in
    the text are made links here.
    """
    parts = split(parse(message_text, COLUMNS), LONGEST_SECTION, _fits)
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": _mrkdwn(part), "verbatim": True}}
        for part in parts
    ]
    if not parts:
        return [], ""
    return blocks, slack_quiet(_mrkdwn(Styled(parts[0].text))) + (" …" if len(parts) > 1 else "")


def slack_quiet(text: str) -> str:
    """Words that stand in no `verbatim` block, with nobody called: a joiner behind the @ of each name."""
    return _CALL.sub(rf"\g<0>{_JOINER}", text)


def slack_keys(keys: tuple[Key, ...]) -> list[dict[str, Any]]:
    """Rows of buttons as actions blocks. A button's value is its token, its action_id "key:<index>"."""
    buttons = [_button(index, key) for index, key in enumerate(keys[:MOST_KEYS])]
    rows = (buttons[at : at + KEYS_IN_A_ROW] for at in range(0, len(buttons), KEYS_IN_A_ROW))
    return [{"type": "actions", "elements": row} for row in rows]


def _button(index: int, key: Key) -> dict[str, Any]:
    label = key.label if len(key.label) <= LONGEST_LABEL else key.label[: LONGEST_LABEL - 1] + "…"
    button = {"type": "button", "action_id": f"key:{index}", "text": {"type": "plain_text", "text": label}}
    return {**button, "url": key.url} if key.url else {**button, "value": key.token}


def _fits(part: Styled) -> bool:
    return utf16_length(_mrkdwn(part)) <= LONGEST_SECTION


@lru_cache(maxsize=128)  # measured to see whether it fits, then written
def _mrkdwn(styled: Styled) -> str:
    written: list[str] = []
    before = ""  # the character that stands before, "" at a line's start
    after_mark = False  # whether that is a mark of ours
    for start, end, within in stretches(styled):
        text = styled.text[start:end]
        styles = {span.style for span in within}
        if "pre" in styles:
            written.append(_code_block(styled, start, end, within))
            before, after_mark = "`", True
            continue
        if start == 0 or styled.text[start - 1] == "\n":
            written.append(_line_start(text, styles))
            before = ""
        if not text.strip():
            written.append(text)
            before, after_mark = text[-1:], False
            continue
        words, mark = (
            _words(text.strip(), within),
            "".join(_MARKS[style] for style in _MARKS if style in styles),
        )
        marked = bool(mark) or words.startswith("`")
        touches = (marked and _sticks(before)) or (after_mark and _sticks(text[0]))
        written += [_BREAK if touches else "", _between(text, mark, words)]
        after_mark = text[-1:] == text[-1:].strip() and (bool(mark) or words.endswith("`"))
        before = "*" if after_mark else text[-1]
    return "".join(written)


def _between(text: str, mark: str, words: str) -> str:
    """The words of a text between marks; white space stays outside, where Slack wants it."""
    ahead, behind = len(text) - len(text.lstrip()), len(text.rstrip())
    return f"{text[:ahead]}{mark}{words}{mark[::-1]}{text[behind:]}"


def _sticks(character: str) -> bool:
    """Whether a mark beside this character needs a break to be seen as one."""
    if not character or character.isspace():
        return False
    return not character.isascii() or character.isalnum() or character in "*_~`"


def _line_start(text: str, styles: set[Style]) -> str:
    # Slack begins a quote at either, entity or not; in any other style a mark stands before it
    literal = not styles - {"blockquote"} and text.lstrip(" ").startswith((">", "＞"))
    return ("> " if "blockquote" in styles else "") + (_JOINER if literal else "")


def _code_block(styled: Styled, start: int, end: int, within: list[Span]) -> str:
    block = next(span for span in within if span.style == "pre")
    text = _FENCE.sub(lambda fence: _JOINER.join(fence[0]), styled.text[start:end])
    opening = "```\n" if start == block.start else ""
    closing = "\n```" if end == block.end else ""
    return opening + text.translate(_ENTITIES) + closing


def _words(text: str, within: list[Span]) -> str:
    link = next((span for span in within if span.style == "text_link"), None)
    if any(span.style == "code" for span in within) and "`" not in text:
        return f"`{text.translate(_ENTITIES)}`"
    if link is None:
        return _with_links(text)
    if (moment := _TIME.fullmatch(link.url)) and text.strip():
        return f"<!date^{moment[1]}^{{date_short}}, {{time}}|{text.translate(_ENTITIES).replace('|', ' ')}>"
    address = link.url.translate(_ADDRESS)
    if not address.lower().startswith(_SCHEMES) or len(address) > _LONGEST_URL or not text.strip():
        return _literal(text)
    return f"<{address}|{_literal(text)}>"


def _with_links(text: str) -> str:
    written: list[str] = []
    at = 0
    for found in _BARE_URL.finditer(text):
        address = found[0].translate(_ADDRESS)
        if len(address) <= _LONGEST_URL:
            written += [_literal(text[at : found.start()]), f"<{address}>"]
            at = found.end()
    return "".join([*written, _literal(text[at:])])


def _literal(text: str) -> str:
    """The text as Slack will print it, letter by letter."""
    return _MARKLIKE.sub(_disarmed, text).translate(_ENTITIES)


def _disarmed(found: re.Match[str]) -> str:
    mark, text = found[0], found.string
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    if mark not in "`｀" and (
        (before.isalnum() and after.isalnum()) or (before.isspace() and after.isspace())
    ):
        return mark  # snake_case and 3 * 4 are safe; at an edge of the text anything may follow
    return ("" if before.isalnum() else _JOINER) + mark + ("" if after.isalnum() else _JOINER)
