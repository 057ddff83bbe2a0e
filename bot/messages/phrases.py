"""Words of ours that stand in the code or the charter, in English, until somebody reads them."""

from __future__ import annotations


class Phrase(str):
    """English words that are said in their reader's language wherever a template prints them. What is made of
    one with `format`, `lower` or an f-string is a plain text, and stays English."""

    __slots__ = ()


def N_(message: str) -> str:
    """Mark `message` as a message id: it is collected for translation, and is a Phrase."""
    return Phrase(message)
