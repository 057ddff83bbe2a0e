"""The catalogues: each language's words for what templates say, loaded when it is first spoken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations

from bot.templating import wording
from bot.templating.wording import SPEECH, Speech, locale_of


class Catalogues:
    """<language>/LC_MESSAGES/messages.mo under `folder`; English where there is none. Safe to use from
    several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
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
            wanted = [str(locale_of(language)), locale_of(language).language]
            catalogue = Translations.load(str(self._folder), wanted) if self._folder else NullTranslations()
            self._loaded[language] = catalogue
        return catalogue

    def languages(self) -> frozenset[str]:
        """Those that have a catalogue, and English."""
        if self._folder is None or not self._folder.is_dir():
            return frozenset({"en"})
        there = (one.name for one in self._folder.iterdir() if (one / "LC_MESSAGES/messages.mo").is_file())
        return frozenset({"en", *there})
