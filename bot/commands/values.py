"""What reading works with: the names that can be named, the moment, the person's zone and language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.messages import Ask

# Embedding, override and isolate signs can turn a line around for whoever reads it; letters stay as they are.
_BIDI = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class Known:
    """Something that can be named: `value` is what commands carry (a slug, an id), `names` how people
    call it, the fullest first."""

    value: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneChoice:
    """One of a closed set. `label` is a message id or the charter's wording; `words` are synonyms that
    people may type."""

    value: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that typed words are understood against. `now` is aware; `zone` and `language` are the
    person's. `choices` holds the named sets that the charter provides ("activity_kinds")."""

    now: datetime
    zone: str = "Europe/Brussels"
    language: str = "en"
    organisations: tuple[Known, ...] = ()
    persons: tuple[Known, ...] = ()
    events: tuple[Known, ...] = ()
    motions: tuple[Known, ...] = ()
    choices: Mapping[str, tuple[OneChoice, ...]] = field(default_factory=dict)
    translate: Callable[[str], str] = str

    @property
    def today(self) -> date:
        """The calendar day it is for the person, now."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Typed:
    """Typed words sorted by option name, the one question that would settle a doubt, and the words that no
    option could take."""

    arguments: dict[str, str]
    doubt: Ask | None = None
    left: str = ""


def one_line(text: str) -> str:
    """`text` as one tidy line: NFC, white space collapsed, control and direction-override signs taken
    out; letters of every script and combining marks stay. Nothing visible in it: ""."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    bare = _CONTROL.sub("", text).translate(_BIDI)
    line = " ".join(unicodedata.normalize("NFC", bare).split())
    seen = any(unicodedata.category(sign) != "Cf" and not sign.isspace() for sign in line)
    return line if seen else ""


def paragraphs(text: str) -> str:
    """`text` tidied line by line as `one_line` does, with at most one empty line between paragraphs."""
    lines = "\n".join(one_line(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def words_of(text: str) -> tuple[str, ...]:
    """The words of `text` for comparing: without accents, case or punctuation."""
    folded = fold(text)
    return tuple("".join(sign if sign.isalnum() else " " for sign in folded).split())


def fold(text: str) -> str:
    """`text` without case and accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold()).replace("ł", "l")  # Unicode keeps its stroke
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
