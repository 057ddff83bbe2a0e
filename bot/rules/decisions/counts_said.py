"""Numbers of votes as people type them, in the members' languages: "12-5-3 of 30", "12 pour, 5 contre"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.rules.decisions.casting import VOTING_WORDS
from bot.rules.decisions.values import ABSTAIN, AGAINST, FOR

MOST_DIGITS: Final = 6  # of a number of votes
# What stands beside a number, and is no answer on its own (`casting.VOTING_WORDS` are the answers).
_BESIDE: Final = {
    FOR: ("para", "a favore", "in favore"),
    AGAINST: ("contrários", "contrarios", "împotriva"),
    ABSTAIN: (
        "abstained", "abstentions", "abstenu", "abstenus", "abstenues", "se sont abstenus", "astensioni",
        "astenute", "abstenciones", "abstenções", "abțineri", "s-au abținut", "enthaltungen", "enthalten",
        "wstrzymał się", "wstrzymało się", "wstrzymali się", "wstrzymujących się", "atturas",
        "atturējās", "atturējušies",
    ),
}  # fmt: skip
_OF: Final = ("of", "out of", "sur", "su", "de", "di", "em", "din", "von", "z", "ze", "no", "da")
_AND: Final = ("and", "et", "e", "y", "und", "i", "oraz", "un", "și", "si")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Votes as somebody typed them; `members` is None and `rest` "" where nothing was said."""

    for_: int
    against: int
    abstain: int
    members: int | None
    rest: str


def read_counts(text: str) -> Numbers | None:
    """ "12-5-3 of 30 amendment" as numbers: for, against, abstained (0 if left out), of so many members, and
    the words that follow; None where it is none of that. Each number may have its word, before or after it,
    in any of the members' languages: "12 dafür, 5 dagegen, 3 Enthaltungen von 30"."""
    said = unicodedata.normalize("NFC", " ".join(text.split())).replace("’", "'")
    found = _COUNTS.fullmatch(said)
    if found is None or any(len(part) > MOST_DIGITS for part in re.findall(r"\d+", said)):
        return None
    of = found["of"]
    abstain = int(found["abstain"] or 0)
    return Numbers(
        int(found["for"]), int(found["against"]), abstain, int(of) if of else None, found["rest"] or ""
    )


def _one_of(words: Iterable[str]) -> str:
    """Any of these words, as a pattern: with its accents or without, the longest first."""
    spelled = {way for word in words for way in (word, _without_accents(word))}
    ways = "|".join(re.escape(word) for word in sorted(spelled, key=lambda word: (-len(word), word)))
    return rf"(?:(?:{ways})\b)"


def _without_accents(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ł", "l")


def _number(choice: str, name: str) -> str:
    answers = (words for by_word in VOTING_WORDS.values() for words in by_word.items())
    words = {word for word, meant in answers if meant == choice} | set(_BESIDE[choice])
    # "12-5 no 30" is Latvian for "of 30"
    besides = r"(?!no\s+\d+\Z)" if choice == AGAINST else ""
    word = besides + _one_of(words)
    return rf"(?:{word}\s*:?\s*)?(?P<{name}>\d+)(?:\s*{word})?"


_BETWEEN = rf"(?:\s*[-–−:/,;]\s*|\s+)(?:{_one_of(_AND)}\s+)?"
_FOR, _AGAINST, _ABSTAIN = _number(FOR, "for"), _number(AGAINST, "against"), _number(ABSTAIN, "abstain")
_COUNTS = re.compile(
    rf"(?i:{_FOR}{_BETWEEN}{_AGAINST}(?:{_BETWEEN}{_ABSTAIN})?(?:,?\s+{_one_of(_OF)}\s+(?P<of>\d+))?"
    rf"(?:\s+(?P<rest>(?!of\b)(?!{_one_of(_OF)}(?:\s+\d|\Z))[^\W\d].*))?)"
)
