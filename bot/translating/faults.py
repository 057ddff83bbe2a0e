"""What is wrong with a translation: missing, unsafe, or too long for where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from babel.messages.catalog import Catalog, Message

from bot.templating.catalogues import LABEL
from bot.templating.fitting import placeholders, unfit

MISSING: Final = "not translated"
GONE: Final = "nobody says it any more"


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
    return list(_says(original, translated, label))


def _faults(message: Message, there: Message | None, plurals: int) -> Iterator[str]:
    if there is None or there.fuzzy or not any(_forms(there)):
        yield MISSING
        return
    label = LABEL in message.auto_comments
    if isinstance(message.id, str):
        yield from _says(message.id, str(there.string), label)
        return
    forms = _forms(there)
    if len(forms) != plurals or not all(forms):
        yield f"needs {plurals} plural forms"
    for form in filter(None, forms):
        yield from _says(message.id[1], form, label, _lacking(*message.id))


def _forms(message: Message) -> Sequence[str]:
    said = message.string
    return said if isinstance(said, tuple | list) else (said or "",)


def _first(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[1]


def _lacking(one: str, many: str) -> Counter[str]:
    """The placeholders that one plural form may do without: the number, and what the English does without."""
    return (placeholders(many) - placeholders(one)) | Counter({"%(num)s": 1, "%(count)s": 1})


def _says(original: str, translated: str, label: bool, may_lack: Counter[str] | None = None) -> Iterator[str]:
    for one in unfit(original, translated, label=label, may_lack=may_lack):
        yield one.says
