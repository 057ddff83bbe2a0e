"""Which sentence of the bot somebody means, by its words; and it as people read and write it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz, process

from bot.context import Context
from bot.templating import Sentence

MOST: Final = 3  # sentences that are offered
ALIKE, SURE, AHEAD = (
    55.0,
    86.0,
    8.0,
)  # likeness, of 100: offered at all; taken without asking; before the next
_FILLED: Final = re.compile(r"%\((\w+)\)[sd]")
_IN_BRACES: Final = re.compile(r"\{(\w+)\}")
_MARKS: Final = re.compile(r"[*_`~]|%\(\w+\)[sd]|\{\w*\}|\[|\]\([^)]*\)")


def found(ctx: Context, words: str) -> list[Sentence]:
    """What the bot says in the reader's language that is most like these words, the likeliest first: the only
    one where there is no doubt."""
    every = ctx.sentences(ctx.language)
    bare = [_bare(one.text) for one in every]
    likely = process.extract(_bare(words), bare, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=40)
    ranked = sorted(likely, key=lambda one: (-one[1], abs(len(one[0]) - len(words))))[:MOST]
    if len(ranked) > 1 and ranked[0][1] >= SURE and ranked[0][1] - ranked[1][1] >= AHEAD:
        ranked = ranked[:1]
    return [every[at] for _, _, at in ranked]


def key_of(sentence: Sentence) -> str:
    """What a sentence is known by on a button."""
    said = "\x1f".join((sentence.message_id, sentence.plural, str(sentence.form)))
    return hashlib.blake2b(said.encode(), digest_size=9).hexdigest()


def by_key(ctx: Context, key: str) -> Sentence | None:
    """The sentence of this key in the reader's language; None if nobody says it any more."""
    return next((one for one in ctx.sentences(ctx.language) if key_of(one) == key), None)


def english(sentence: Sentence) -> str:
    """What it is in English."""
    return sentence.plural if sentence.plural and sentence.form else sentence.message_id


def readable(text: str) -> str:
    """A text as people read and write it: what is put in stands in braces."""
    return _FILLED.sub(r"{\1}", text)


def written(sentence: Sentence, text: str) -> str:
    """What somebody wrote, as the sentence has it: with its own way to name what is put in, and its ends."""
    names = set(_FILLED.findall(english(sentence)))
    filled = _IN_BRACES.sub(lambda one: f"%({one[1]})s" if one[1] in names else one[0], text.strip())
    before = sentence.text
    return before[: len(before) - len(before.lstrip())] + filled + before[len(before.rstrip()) :]


def put_in(sentence: Sentence) -> Sequence[str]:
    """The names of what is put into it, in braces."""
    return list(dict.fromkeys(_IN_BRACES.findall(readable(english(sentence)))))


def _bare(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text).casefold().split())
