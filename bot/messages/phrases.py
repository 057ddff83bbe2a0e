"""Words of ours that stand in the code or the charter, in English, until somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

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


PLATFORMS: Final = {"email": N_("Email"), "terminal": N_("Terminal")}


def platform_name(platform: str) -> str:
    """What people call a platform."""
    return PLATFORMS.get(platform) or platform.capitalize()
