"""Whether a text can stand in the place of another: a translation, or a member's better wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from markdown_it import MarkdownIt

from bot.messages import LABEL_MOST

A_SENTENCE: Final = 4  # words from which a translation that is the English itself was forgotten
_FILLED: Final = re.compile(r"%\((\w+)\)(.)|%(?!%)|(\{\w*\})|%%")
_SIGNS: Final = re.compile(r"[✓⏳🗳⚠📎🔗→←↑↓]")
_HTML: Final = re.compile(r"</?[a-z][^<>]*>")
_MARKDOWN: Final = MarkdownIt("commonmark")
_PLAIN = frozenset({"text", "softbreak", "inline", "paragraph_open", "paragraph_close"})


@dataclass(frozen=True, slots=True)
class Unfit:
    """One reason why a text cannot stand there; `says` it for whoever keeps the catalogues."""

    kind: Literal["lacks", "unfilled", "markup", "lines", "edges", "signs", "exclaims", "long", "english"]
    says: str


def unfit(
    original: str, text: str, *, label: bool = False, may_lack: Counter[str] | None = None
) -> Iterator[Unfit]:
    """What keeps `text` from standing where the English has `original`: a placeholder lost or invented, other
    markup, lines, ends or signs, an exclamation mark of its own, more than 20 characters on a button, or the
    English itself. `may_lack`: the placeholders that this form may do without."""
    given, lost = placeholders(text), placeholders(original)
    lost.subtract(given)
    lacks = sorted(name for name, count in (+lost - (may_lack or Counter())).items() if count)
    if lacks:
        yield Unfit("lacks", f"lacks {', '.join(lacks)}")
    if invented := sorted(given.keys() - placeholders(original).keys()):
        yield Unfit("unfilled", f"has {', '.join(invented)}, which is not filled")
    if _markup(original) != _markup(text):
        yield Unfit("markup", f"other markup: {_markup(original)} became {_markup(text)}")
    if original.count("\n") != text.count("\n"):
        yield Unfit("lines", "other lines")
    if _edges(original) != _edges(text):
        yield Unfit("edges", "other white space at its ends")
    if _signs(original) != _signs(text):
        yield Unfit("signs", "other signs")
    if "!" in text and "!" not in original:
        yield Unfit("exclaims", "an exclamation mark of its own (voice.md, rule 6)")
    if label and len(shown(text)) > LABEL_MOST:
        yield Unfit("long", f"{len(shown(text))} characters on a button, {LABEL_MOST} at most")
    if text == original and len(re.findall(r"[^\W\d_]{2,}", shown(original, ""))) >= A_SENTENCE:
        yield Unfit("english", "still English")


def placeholders(text: str) -> Counter[str]:
    """What is filled in a text, how often each."""
    found: Counter[str] = Counter()
    for one in _FILLED.finditer(text):
        if one[1]:
            found[f"%({one[1]}){one[2]}"] += 1
        elif one[3]:
            found[one[3]] += 1
        elif one[0] == "%":
            found["a bare %"] += 1
    return found


def shown(text: str, filled: str = "12") -> str:
    """The text with each placeholder filled by something short."""
    return _FILLED.sub(filled, text)


@lru_cache(maxsize=16384)  # each message id is looked at once for each language
def _markup(text: str) -> dict[str, int]:
    """How much of each kind of markup there is, and where its links lead."""
    kinds: Counter[str] = Counter(_HTML.findall(text))
    for token in _MARKDOWN.parse(shown(text)):
        for one in (token, *(token.children or ())):
            if one.type not in _PLAIN and not one.type.endswith("_close"):
                kinds[f"{one.type} {one.attrGet('href') or ''}".strip()] += 1
    return dict(sorted(kinds.items()))


def _signs(text: str) -> Counter[str]:
    return Counter(_SIGNS.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()
