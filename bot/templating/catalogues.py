"""The catalogues: each language's words for what templates say, loaded when it is first spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from bot.messages import ENGLISH
from bot.templating import wording
from bot.templating.fitting import placeholders
from bot.templating.wording import SPEECH, Speech, locale_of


class Otherwise(Protocol):
    """A message in one language, or one plural form of it, said as members would have it."""

    @property
    def language(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def plural(self) -> str: ...
    @property
    def form(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that is said in one language: `text` is how, in place of the English `message_id`, or of that
    one and `plural` as its form of this number. `label`: it stands on a button."""

    message_id: str
    plural: str
    form: int
    text: str
    label: bool


Said = str | Sequence[str]  # a message id or what it is translated to: one text, or its plural forms
_TRANSLATED = re.compile(r'^msgstr(?:\[0\])? (?:"[^"]|""\n")', re.MULTILINE)
LABEL = "label"  # what a comment says of words that stand on a button


class Catalogues:
    """`folder`/<language>.po, and for what a charter says <charter>.<language>.po beside its file; English
    where there is none. Safe to use from several threads."""

    def __init__(self, folder: Path | None = None, charter: Path | None = None) -> None:
        self._folder, self._charter = folder, charter
        self._loaded: dict[str, NullTranslations] = {}
        self._otherwise: tuple[Otherwise, ...] = ()
        self._sentences: dict[str, tuple[Sentence, ...]] = {}

    def say_otherwise(self, wordings: tuple[Otherwise, ...]) -> None:
        """How members would have it said, from now on, in place of what the files say. Cheap where it is the
        very same tuple as before."""
        if wordings is not self._otherwise:
            self._otherwise, self._loaded, self._sentences = wordings, {}, {}

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

    def sentences(self, language: str) -> tuple[Sentence, ...]:
        """All that is said in a language, as its files and members have it. English is what any other file
        translates."""
        found = self._sentences.get(language)
        if found is None:
            every = self._messages(locale_of(language).language)
            found = self._sentences[language] = tuple(one for message in every for one in _sentences(message))
        return found

    def _messages(self, language: str) -> list[Message]:
        if language != ENGLISH:
            return [one for one in _read(self._files(language), language, self._otherwise) if one.id]
        some = next(iter(sorted(self.languages() - {ENGLISH})), "")
        found = [one for one in _read(self._files(some), some, ()) if one.id] if some else []
        for one in found:
            one.string = one.id
        return _said_otherwise(found, ENGLISH, self._otherwise)

    def _files(self, language: str) -> list[Path]:
        files = [self._folder / f"{language}.po"] if self._folder is not None else []
        if self._charter is not None:
            files.append(self._charter.with_suffix(f".{language}.po"))
        return [file for file in files if file.is_file()]

    def _load(self, language: str) -> NullTranslations:
        if language == ENGLISH and not any(one.language == ENGLISH for one in self._otherwise):
            return NullTranslations()
        catalogue = _read(self._files(language), language, self._otherwise)
        if language == ENGLISH:
            for one in self._messages(ENGLISH):
                catalogue.add(one.id, one.string)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        return Translations(compiled) if len(catalogue) else NullTranslations()


def _sentences(message: Message) -> Iterator[Sentence]:
    one, many = (message.id, "") if isinstance(message.id, str) else message.id
    for form, text in enumerate(_forms(message.string or "")):
        if text:
            yield Sentence(one, many, form, text, LABEL in message.auto_comments)


@lru_cache(maxsize=64)
def _says_something(file: Path) -> bool:
    """Whether anything in the file is translated, beside its header."""
    _, _, words = file.read_text(encoding="utf-8").partition("\n\n")
    return _TRANSLATED.search(words) is not None


def can_be_filled(message_id: Said, translated: Said) -> bool:
    """Whether a translation asks for nothing but what its message id is given."""
    given = frozenset(name for one in _forms(message_id) for name in placeholders(one))
    return all(given.issuperset(placeholders(one)) for one in _forms(translated))


def _forms(said: Said) -> Sequence[str]:
    return (said,) if isinstance(said, str) else said


def _read(files: Iterable[Path], language: str, otherwise: Iterable[Otherwise]) -> Catalog:
    """What these files say. What is fuzzy or empty is left out, and what has a placeholder that nobody fills:
    that is said in English rather than broken."""
    whole = Catalog(locale=language)
    for file in files:
        with file.open("rb") as opened:
            for one in read_po(opened, locale=language):
                if one.id:
                    whole[one.id] = one
    for message in whole:
        if message.id and not can_be_filled(message.id, message.string or ""):
            message.string = ""
    _said_otherwise(list(whole), language, otherwise)
    return whole


def _said_otherwise(messages: list[Message], language: str, otherwise: Iterable[Otherwise]) -> list[Message]:
    """The same messages, as members would have them. What nobody says any more is left alone."""
    better: dict[Said, list[Otherwise]] = {}
    for one in otherwise:
        if one.language == language:
            better.setdefault((one.message_id, one.plural) if one.plural else one.message_id, []).append(one)
    for message in messages if better else ():
        for one in better.get(message.id if isinstance(message.id, str) else tuple(message.id), ()):
            forms = [message.string] if isinstance(message.id, str) else list(message.string or message.id)
            said = [one.text if number == one.form else str(text) for number, text in enumerate(forms)]
            if can_be_filled(message.id, said):
                message.string = said[0] if isinstance(message.id, str) else tuple(said)
    return messages
