"""Whether an edit changed a word. Pure."""

from __future__ import annotations

import hashlib
import re

_WORD = re.compile(r"\w+")


def mark_of(words: str) -> str:
    """A short mark of what was written, the same whatever its slash, mention of us and signs between
    the words; "" for no words. A platform tells of edits that change none
    (core.telegram.org/bots/api#update),
    and what came before a restart is kept as its mark alone."""
    said = " ".join(one for one in words.split() if not one.startswith("@"))
    first, space, rest = said.partition(" ")
    bare = " ".join(_WORD.findall(f"{first.partition('@')[0]}{space}{rest}".casefold()))
    return hashlib.blake2b(bare.encode(), digest_size=8).hexdigest() if bare else ""
