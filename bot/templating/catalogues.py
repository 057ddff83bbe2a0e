"""The catalogues: each language's words for what templates say, loaded when it is first spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from bot.messages import ENGLISH
from bot.templating import wording
from bot.templating.wording import SPEECH, Speech, locale_of

Said = str | Sequence[str]  # a message id or what it is translated to: one text, or its plural forms
_TRANSLATED = re.compile(r'^msgstr(?:\[0\])? (?:"[^"]|""\n")', re.MULTILINE)
_FILLED = re.compile(r"%\(\w+\).|\{\w*\}")


class Catalogues:
    """`folder`/<language>.po, and for what a charter says <charter>.<language>.po beside its file; English
    where there is none. Safe to use from several threads."""

    def __init__(self, folder: Path | None = None, charter: Path | None = None) -> None:
        self._folder, self._charter = folder, charter
        self._loaded: dict[str, NullTranslations] = {}

    @contextmanager
    def speaking(self, language: str, zone: str, now: datetime | None = None) -> Iterator[None]:
        """What is rendered inside is said in this language, zone (IANA) and at this moment (UTC; now if none
        is given). Raises zoneinfo.ZoneInfoNotFoundError for a zone that is none."""
        speech = Speech(language, ZoneInfo(zone), now or datetime.now(UTC), self.of(language))
        token = SPEECH.set(speech)
        try:
            yield
        finally:
            SPEECH.reset(token)

    def translate(self, message_id: str, language: str, **values: Any) -> str:
        """A message id in `language`, with its %(name)s filled: plain text, for labels and titles."""
        return wording.plain(self.of(language), message_id, values)

    def of(self, language: str) -> NullTranslations:
        """The catalogue of a language."""
        catalogue = self._loaded.get(language)
        if catalogue is None:
            catalogue = self._loaded[language] = self._load(locale_of(language).language)
        return catalogue

    def languages(self) -> frozenset[str]:
        """Those that have a catalogue with something in it, and English."""
        there = self._folder.glob("*.po") if self._folder is not None else ()
        return frozenset({ENGLISH, *(file.stem for file in there if _says_something(file))})

    def _load(self, language: str) -> NullTranslations:
        files = [self._folder / f"{language}.po"] if self._folder is not None else []
        if self._charter is not None:
            files.append(self._charter.with_suffix(f".{language}.po"))
        loaded = NullTranslations()
        for read in map(_read, filter(Path.is_file, files)):
            loaded = loaded.merge(read) if isinstance(loaded, Translations) else read
        return loaded


@lru_cache(maxsize=64)
def _says_something(file: Path) -> bool:
    """Whether anything in the file is translated, beside its header."""
    _, _, words = file.read_text(encoding="utf-8").partition("\n\n")
    return _TRANSLATED.search(words) is not None


def can_be_filled(message_id: Said, translated: Said) -> bool:
    """Whether a translation asks for nothing but what its message id is given."""
    given = frozenset(name for one in _forms(message_id) for name in _placeholders(one))
    return all(given.issuperset(_placeholders(one)) for one in _forms(translated))


def _forms(said: Said) -> Sequence[str]:
    return (said,) if isinstance(said, str) else said


def _placeholders(text: str) -> list[str]:
    return _FILLED.findall(text)


def _read(file: Path) -> Translations:
    """A catalogue as gettext looks things up in it. What is fuzzy or empty is left out, and what has a
    placeholder that nobody fills: that is said in English rather than broken."""
    compiled = BytesIO()
    with file.open("rb") as opened:
        catalogue = read_po(opened)
    for message in catalogue:
        if message.id and not can_be_filled(message.id, message.string or ""):
            message.string = ""
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
