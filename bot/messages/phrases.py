"""Words of ours that stand in the code or the charter, in English, until somebody reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

LABEL_MOST: Final = 20  # characters on a button (voice.md, rule 3)
_KEPT: Final = "\u2063"  # before a phrase that waits in the database; nobody types it, and it is not seen


class Phrase(str):
    """English words that are said in their reader's language wherever a template prints them. What is made of
    one with `format`, `lower` or an f-string is a plain text, and stays English."""

    __slots__ = ()


class Translation(str):
    """A phrase in somebody's language, that still knows what it is `of`: another reader gets it in theirs."""

    of: str

    def __new__(cls, text: str, of: str = "") -> Translation:
        """`text` is what the message id `of` is called."""
        made = super().__new__(cls, text)
        made.of = of or text
        return made


class Filled(str):
    """A phrase with its {places} filled, at most so long; it is said in its reader's language where a phrase
    is. Not for what waits in the database: there it is the English text."""

    of: str
    values: Mapping[str, Any]
    most: int

    def __new__(
        cls, text: str, of: str = "", values: Mapping[str, Any] | None = None, most: int = 0
    ) -> Filled:
        """`text` is what the message id `of` says with these values."""
        made = super().__new__(cls, text)
        made.of, made.values, made.most = of or text, values or {}, most
        return made

    def said(self, translate: Callable[[str], str]) -> Filled:
        """The same in the language into which `translate` brings a message id."""
        text = translate(self.of)
        for name, value in self.values.items():
            phrase = phrase_in(value)
            text = text.replace(f"{{{name}}}", str(value) if phrase is None else translate(phrase))
        if self.most and len(text) > self.most:
            text = f"{text[: self.most - 1].rstrip()}…"
        return Filled(text, self.of, self.values, self.most)


def filled(message: str, most: int = LABEL_MOST, **values: Any) -> Filled:
    """A phrase with its {places} filled ("Only {organisation}"), cut to what a button takes unless `most`
    says otherwise (0: as long as it is). A value that is a phrase itself is translated with it."""
    return Filled("", message, values, most).said(str)


def N_(message: str) -> str:
    """Mark `message` as a message id: it is collected for translation, and is a Phrase."""
    return Phrase(message)


def phrase_in(value: Any) -> str | None:
    """The message id of a value that is read in its reader's language; None for any other value."""
    if isinstance(value, Translation):
        return value.of
    if isinstance(value, Phrase):
        return value
    return value.removeprefix(_KEPT) if isinstance(value, str) and value.startswith(_KEPT) else None


def kept(value: Any) -> Any:
    """A value as it can wait in the database (JSON) for a reader whose language is not known yet."""
    if isinstance(value, Mapping):
        return {name: kept(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [kept(one) for one in value]
    phrase = phrase_in(value)
    return f"{_KEPT}{phrase}" if phrase else value


NAMED: Final = Phrase("{what}: {name}")  # signs only, the same in every language
PLATFORMS: Final = {"email": N_("Email"), "terminal": N_("Terminal")}


def platform_name(platform: str) -> str:
    """What people call a platform."""
    return PLATFORMS.get(platform) or platform.capitalize()
