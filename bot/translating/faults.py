"""What is wrong with a translation: missing, unsafe, or too long for where it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from babel.messages.catalog import Catalog, Message
from markdown_it import MarkdownIt

from bot.translating.extracting import LABEL

LABEL_MOST: Final = 20  # characters on a button (voice.md, rule 3)
A_SENTENCE: Final = 4  # words from which a translation that is the English itself was forgotten
MISSING: Final = "not translated"
GONE: Final = "nobody says it any more"
_FILLED: Final = re.compile(r"%\((\w+)\)(.)|%(?!%)|(\{\w*\})|%%")
_SIGNS: Final = re.compile(r"[✓⏳🗳⚠📎🔗→←↑↓]")
_HTML: Final = re.compile(r"</?[a-z][^<>]*>")
_MARKDOWN: Final = MarkdownIt("commonmark")
_PLAIN = frozenset({"text", "softbreak", "inline", "paragraph_open", "paragraph_close"})


def faults(catalogue: Catalog, wanted: Catalog) -> Iterator[str]:
    """A sentence for each message of `wanted` that `catalogue` does not translate well: nothing there or
    fuzzy, a placeholder lost or invented, markup broken, other lines, an exclamation mark of its own, a
    label over 20 characters, a plural form missing; and for each that nobody says any more."""
    for message in wanted:
        if message.id:
            there = catalogue.get(message.id)
            for what in _faults(message, there, catalogue.num_plurals):
                yield f"{catalogue.locale}: {_first(message.id)!r}: {what}"
    for message in catalogue:
        if message.id and wanted.get(message.id) is None:
            yield f"{catalogue.locale}: {_first(message.id)!r}: {GONE}"


def is_unsafe(fault: str) -> bool:
    """Whether a sentence of `faults` is about a text that somebody would read."""
    return not fault.endswith((MISSING, GONE))


def safe(original: str, translated: str, *, label: bool = False) -> list[str]:
    """What is wrong with one translated text, in sentences; nothing if it is good."""
    return list(_wrong(original, translated, label))


def _faults(message: Message, there: Message | None, plurals: int) -> Iterator[str]:
    if there is None or there.fuzzy or not any(_forms(there)):
        yield MISSING
        return
    label = LABEL in message.auto_comments
    if isinstance(message.id, str):
        yield from _wrong(message.id, str(there.string), label)
        return
    forms = _forms(there)
    if len(forms) != plurals or not all(forms):
        yield f"needs {plurals} plural forms"
    for form in filter(None, forms):
        yield from _wrong(message.id[1], form, label, may_lack=_lacking(*message.id))


def _forms(message: Message) -> Sequence[str]:
    said = message.string
    return said if isinstance(said, tuple | list) else (said or "",)


def _first(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[1]


def _lacking(one: str, many: str) -> Counter[str]:
    """The placeholders that one plural form may do without: the number, and what the English does without."""
    return (_placeholders(many) - _placeholders(one)) | Counter({"%(num)s": 1, "%(count)s": 1})


def _wrong(
    original: str, translated: str, label: bool, may_lack: Counter[str] | None = None
) -> Iterator[str]:
    given, lost = _placeholders(translated), _placeholders(original)
    lost.subtract(given)
    lacks = sorted(name for name, count in (+lost - (may_lack or Counter())).items() if count)
    if lacks:
        yield f"lacks {', '.join(lacks)}"
    if invented := sorted(given.keys() - _placeholders(original).keys()):
        yield f"has {', '.join(invented)}, which is not filled"
    if _markup(original) != _markup(translated):
        yield f"other markup: {_markup(original)} became {_markup(translated)}"
    if original.count("\n") != translated.count("\n"):
        yield "other lines"
    if _edges(original) != _edges(translated):
        yield "other white space at its ends"
    if _signs(original) != _signs(translated):
        yield "other signs"
    if "!" in translated and "!" not in original:
        yield "an exclamation mark of its own (voice.md, rule 6)"
    if label and len(_shown(translated)) > LABEL_MOST:
        yield f"{len(_shown(translated))} characters on a button, {LABEL_MOST} at most"
    if translated == original and len(re.findall(r"[^\W\d_]{2,}", _shown(original, ""))) >= A_SENTENCE:
        yield "still English"


def _placeholders(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in _FILLED.finditer(text):
        if one[1]:
            found[f"%({one[1]}){one[2]}"] += 1
        elif one[3]:
            found[one[3]] += 1
        elif one[0] == "%":
            found["a bare %"] += 1
    return found


def _shown(text: str, filled: str = "12") -> str:
    """The text with each placeholder filled by something short."""
    return _FILLED.sub(filled, text)


@lru_cache(maxsize=16384)  # each message id is looked at once for each language
def _markup(text: str) -> dict[str, int]:
    """How much of each kind of markup there is, and where its links lead."""
    kinds: Counter[str] = Counter(_HTML.findall(text))
    for token in _MARKDOWN.parse(_shown(text)):
        for one in (token, *(token.children or ())):
            if one.type not in _PLAIN and not one.type.endswith("_close"):
                kinds[f"{one.type} {one.attrGet('href') or ''}".strip()] += 1
    return dict(sorted(kinds.items()))


def _signs(text: str) -> Counter[str]:
    return Counter(_SIGNS.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()
