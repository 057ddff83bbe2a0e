"""What somebody typed for many to read: Markdown, looked at before it goes anywhere."""

from __future__ import annotations

import difflib
from functools import lru_cache

from markdown_it import MarkdownIt

from bot.templating import escape

LONGEST_TITLE = 60  # characters
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])


@lru_cache(maxsize=64)
def title_of(markdown: str) -> str:
    """The first line as it is read, without its marks and its full stop, cut at a word: by it people know an
    announcement."""
    for token in _MARKDOWN.parse(markdown):
        if token.type == "inline" and token.children:
            words = ""
            for child in token.children:
                if child.type in ("softbreak", "hardbreak") and words.strip():
                    break
                words += child.content if child.type in ("text", "code_inline", "image") else ""
            if words.strip():
                return _shortened(_without_stop(words))
    return _shortened(_without_stop(markdown))


def _without_stop(words: str) -> str:
    line = " ".join(words.split())
    return line if line.endswith("..") else line.removesuffix(".").removesuffix(":") or line


@lru_cache(maxsize=64)
def closed(markdown: str) -> str:
    """The text with the code block closed that its author left open: what the bot says below it is none of
    the code."""
    lines = markdown.splitlines()
    fences = [token for token in _MARKDOWN.parse(markdown) if token.type == "fence" and token.level == 0]
    if not fences or fences[-1].map is None:
        return markdown
    first, after = fences[-1].map
    last, mark = lines[after - 1].strip() if after - 1 > first else "", fences[-1].markup
    is_closed = len(last) >= len(mark) and set(last) == {mark[0]}
    rest = "".join(lines[after:]).strip()
    return markdown if is_closed or rest else f"{markdown}\n{mark}"


@lru_cache(maxsize=64)
def has_table(markdown: str) -> bool:
    """Whether there is a table in it, which a narrow screen shows as a list."""
    return any(token.type == "table_open" for token in _MARKDOWN.parse(markdown))


def difference(before: str, after: str) -> str:
    """The words that changed, as Markdown: those taken away struck through, new ones bold, a few words
    around each."""
    old, new = before.split(), after.split()
    parts: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(_around(new[c:d], first=not parts, last=d == len(new)))
            continue
        parts += [f"~~{escape(' '.join(old[a:b]))}~~"] if b > a else []
        parts += [f"**{escape(' '.join(new[c:d]))}**"] if d > c else []
    return " ".join(part for part in parts if part)


def _around(words: list[str], *, first: bool, last: bool) -> str:
    """What stayed between two changes: the ends of it."""
    near = 4
    if first and last:
        return ""
    if first:
        return ("… " if len(words) > near else "") + escape(" ".join(words[-near:]))
    if last:
        return escape(" ".join(words[:near])) + (" …" if len(words) > near else "")
    if len(words) <= 2 * near:
        return escape(" ".join(words))
    return f"{escape(' '.join(words[:near]))} … {escape(' '.join(words[-near:]))}"


def _shortened(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rsplit(maxsplit=1)[0] + " …"
