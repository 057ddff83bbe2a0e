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
# Likeness, of 100: offered at all; taken without asking; before the next.
ALIKE, SURE, AHEAD = 55.0, 86.0, 8.0
# Letters of ours in a sentence that was copied as it was filled: alone, before a colon, among others.
FILLED_AT_LEAST, LED_AT_LEAST, PART_AT_LEAST = 4, 6, 12
_FILLED: Final = re.compile(r"%\((\w+)\)[sd]")
_IN_BRACES: Final = re.compile(r"\{(\w+)\}")
_PUT_IN: Final = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_VALUE: Final = r"((?:(?![.!?] ).)*?)"
_MARKUP: Final = re.compile(r"[*_`~\\]|\[|\]\([^)]*\)")
_QUOTES: Final = "\"'“”„«»‘’‚ \u00a0"
_ENDS: Final = " \n.:;,!?✓⏳🗳·"
_NEW_FOR_OLD: Final = re.compile(
    r"\s*(?:[\"“„«](.+?)[\"”“»]\s*(?:->|=>|→)|(.+?)\s*(?:->|=>))\s*(.+)", re.DOTALL
)


def found(ctx: Context, words: str) -> list[Sentence]:
    """What the bot says in the reader's language that these words were copied from, or else are most like,
    the likeliest first: the only one where there is no doubt."""
    every, said = ctx.sentences(ctx.language), _bare(words)
    return _copied(every, words) or _with(every, said) or _alike(every, said)


def new_for_old(words: str) -> tuple[str, str]:
    """The words of ours and the better ones, where somebody wrote both as `"old" -> "new"`; else the words
    as they are, and none."""
    both = _NEW_FOR_OLD.fullmatch(words)
    if both is None:
        return words, ""
    return (both[1] or both[2]).strip(_QUOTES), both[3].strip(_QUOTES)


def as_a_whole(sentence: Sentence, old: str, new: str) -> str:
    """The whole sentence with `new` in the place of `old`, which is a part of it, or all of it as it was
    filled: then what was put in stands in braces again."""
    filled = _filled(_pieces(sentence), _copy(old))
    if filled is None:
        part, text = re.compile(re.escape(old), re.IGNORECASE), readable(sentence.text)
        return part.sub(lambda _: new, text, count=1) if part.search(text) else new
    values = zip(_PUT_IN.findall(sentence.text), filled.groups(), strict=True)
    for place, value in sorted(values, key=lambda one: -len(one[1])):
        if value and readable(place) not in new:
            there = re.compile(rf"(?<![\w{{]){re.escape(value)}(?![\w}}])", re.IGNORECASE)
            new = there.sub(readable(place), new, count=1)
    return new


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
    names, before, text = set(_FILLED.findall(english(sentence))), sentence.text, text.strip()
    if text[:1] in _QUOTES and text[-1:] in _QUOTES and before.strip()[:1] not in _QUOTES:
        text = text.strip(_QUOTES)  # somebody quoted their own words
    filled = _IN_BRACES.sub(lambda one: f"%({one[1]})s" if one[1] in names else one[0], text)
    return before[: len(before) - len(before.lstrip())] + filled + before[len(before.rstrip()) :]


def put_in(sentence: Sentence) -> Sequence[str]:
    """The names of what is put into it, in braces."""
    return list(dict.fromkeys(_IN_BRACES.findall(readable(english(sentence)))))


def _copied(every: Sequence[Sentence], copy: str) -> list[Sentence]:
    """The sentences that say just these words with something put in, or of which these words have one: the
    one with the most words of its own first, and which ends as they do."""
    words, end = _copy(copy), copy.strip(_QUOTES)[-1:]
    alone: list[tuple[int, bool, Sentence]] = []
    among: list[tuple[int, bool, Sentence]] = []
    for one in every:
        pieces, ends_so = _pieces(one), one.text.strip()[-1:] == end
        letters = sum(sign.isalpha() for piece in pieces for sign in piece)
        if (len(pieces) == 1 or letters >= FILLED_AT_LEAST) and _filled(pieces, words):
            alone.append((letters, ends_so, one))
        elif letters >= (LED_AT_LEAST if _leads(one, words) else PART_AT_LEAST) and _follow(pieces, words):
            among.append((letters, ends_so, one))
    ranked = sorted(alone or among, key=lambda one: (-one[0], not one[1]))[:MOST]
    most, best_ends_so = ranked[0][:2] if ranked else (0, False)
    return [one for letters, ends_so, one in ranked if letters * 2 > most and ends_so >= best_ends_so]


def _pieces(sentence: Sentence) -> list[str]:
    """Its own words, apart where something is put in."""
    return [_plain(piece) for piece in _PUT_IN.split(sentence.text.strip(_ENDS))]


def _filled(pieces: Sequence[str], words: str) -> re.Match[str] | None:
    """The words as these pieces with something between them, that is no sentence of its own."""
    if not (words.startswith(pieces[0]) and words.endswith(pieces[-1]) and _follow(pieces, words)):
        return None  # the many that are not: quicker than the expression
    return re.fullmatch(_VALUE.join(re.escape(piece) for piece in pieces), words)


def _leads(sentence: Sentence, words: str) -> bool:
    """Whether the words begin with a sentence that ends in a colon: "Logged:"."""
    text = sentence.text.rstrip()
    return text.endswith(":") and words.startswith(_plain(text))


def _follow(pieces: Sequence[str], words: str) -> bool:
    """Whether all these pieces stand in the words, one after the other."""
    at = 0
    for piece in pieces:
        found_at = words.find(piece, at)
        if found_at < 0:
            return False
        at = found_at + len(piece)
    return True


def _with(every: Sequence[Sentence], words: str) -> list[Sentence]:
    """The sentences in which these words stand, the shortest first."""
    holding = [(len(bare), one) for one in every if words in (bare := _bare(one.text))] if words else []
    return [one for _, one in sorted(holding, key=lambda one: one[0])[:MOST]]


def _alike(every: Sequence[Sentence], words: str) -> list[Sentence]:
    bare = [_bare(one.text) for one in every]
    likely = process.extract(words, bare, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=40)
    ranked = sorted(likely, key=lambda one: (-one[1], abs(len(one[0]) - len(words))))[:MOST]
    if len(ranked) > 1 and ranked[0][1] >= SURE and ranked[0][1] - ranked[1][1] >= AHEAD:
        ranked = ranked[:1]
    return [every[at] for _, _, at in ranked]


def _bare(text: str) -> str:
    """The words alone, without what is put in."""
    return " ".join(_plain(_PUT_IN.sub(" ", text)).split()).strip(_ENDS + _QUOTES)


def _copy(words: str) -> str:
    """Words that were copied, without the signs around them."""
    return _plain(words).strip(_ENDS + _QUOTES)


def _plain(text: str) -> str:
    """A text as it is read, in small letters."""
    return re.sub(r"\s+", " ", _MARKUP.sub("", text)).casefold()
