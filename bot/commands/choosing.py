"""The option kind for one of a closed set. Refusal: choice_unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from rapidfuzz import fuzz

from bot.commands.everyday_words import ways_to_choose
from bot.commands.kinds import FieldKind, Kind
from bot.commands.values import OneChoice, Reading, one_line, words_of
from bot.messages import Refusal, short_tag

_CLOSE = 70.0  # likeness of a typed choice to a known one, of 100, from which it is suggested
_WORDS = 4  # words that a choice has at most; more are a sentence, which is not quoted
_MEANT = 80.0  # from which words before a free text are taken as the choice
_SHORTEST = 3  # letters of one word of a label that stands for the whole


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a closed set: given here, or by the name under which `Reading.choices` holds it."""

    choices: str | tuple[OneChoice, ...] = ()
    field: ClassVar[FieldKind] = "choice"

    def read(self, text: str, reading: Reading, option: str) -> str:
        if found := self._named(one_line(text), reading):
            return found
        near = self.nearest(text, reading)
        raise Refusal(
            "choice_unknown", option, text=one_line(text)[:80], suggestion=near.value if near else "",
            label=near.label if near else "", labels=[label for _, label in self.offered(reading)],
            sentence=len(text.split()) > _WORDS, what=self.label,
        )  # fmt: skip

    def follows(self, text: str, reading: Reading) -> bool:
        return bool(self._named(text, reading) or self.nearest(text, reading))

    def plainly(self, text: str, reading: Reading) -> bool:
        return bool(self.exactly(text, reading))

    def leading(self, words: Sequence[str], reading: Reading) -> int:
        """How many of the first `words` name a choice, or are near enough to one that they were meant so."""
        spoken = self._spoken(reading)
        for count in range(len(words), 0, -1):
            if words_of(" ".join(words[:count])) in spoken:
                return count
        near = [
            (_best(words_of(" ".join(words[:count])), spoken), -count) for count in range(1, len(words) + 1)
        ]
        best, count = max(near, default=(0.0, 0))
        return -count if best >= _MEANT else 0

    def exactly(self, text: str, reading: Reading) -> str:
        """The value of the choice called `text`, "" for none."""
        if any(one.value == text for one in self.among(reading)):
            return text
        return self._spoken(reading).get(words_of(text), "")

    def nearest(self, text: str, reading: Reading) -> OneChoice | None:
        """The choice most like `text`, if one is like enough to be suggested."""
        typed, best, found = words_of(text), _CLOSE, ""
        for words, value in self._spoken(reading).items():
            if (score := _likeness(typed, words)) >= best:
                best, found = score, value
        return next((one for one in self.among(reading) if one.value == found), None)

    def among(self, reading: Reading) -> tuple[OneChoice, ...]:
        """The choices there are."""
        return reading.choices.get(self.choices, ()) if isinstance(self.choices, str) else self.choices

    def offered(self, reading: Reading) -> tuple[tuple[str, str], ...]:
        return tuple((one.value, reading.translate(one.label)) for one in self.among(reading))

    def _named(self, text: str, reading: Reading) -> str:
        """The value of the choice called `text`, or by the one word that only its label has: "past" for
        "Past events". "" for none."""
        found, words = self.exactly(text, reading), words_of(text)
        return found or (_by_a_word(self._labels(reading)).get(words[0], "") if len(words) == 1 else "")

    def _spoken(self, reading: Reading) -> Mapping[tuple[str, ...], str]:
        among = self.among(reading)
        labels = tuple(label for _, label in self._labels(reading))
        return _spoken(among, labels, short_tag(reading.language))

    def _labels(self, reading: Reading) -> tuple[tuple[str, str], ...]:
        return tuple((one.value, str(reading.translate(one.label))) for one in self.among(reading))


@lru_cache(maxsize=256)
def _spoken(
    among: tuple[OneChoice, ...], labels: tuple[str, ...], language: str
) -> Mapping[tuple[str, ...], str]:
    """Every way to say a choice, as words; the first choice keeps a word that two of them claim."""
    spoken: dict[tuple[str, ...], str] = {}
    for one, label in zip(among, labels, strict=True):
        own = (way for word in (one.value, *one.words) for way in ways_to_choose(word, language))
        for name in (one.value, one.label, label, *one.words, *own):
            spoken.setdefault(words_of(name), one.value)
    spoken.pop((), None)
    return spoken


@lru_cache(maxsize=256)
def _by_a_word(labels: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """The one word that tells a label from all the others, with the value of its choice; none for a label
    that has several such words, or only a small one."""
    among = [(value, set(words_of(label))) for value, label in labels]
    found: dict[str, str] = {}
    for value, words in among:
        own = [word for word in words if sum(word in others for _, others in among) == 1]
        telling = [word for word in own if len(word) >= _SHORTEST]
        if len(telling) == 1:
            found[telling[0]] = value
    return found


def _likeness(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    typed = " ".join(left)[:80]
    return fuzz.ratio(typed, " ".join(right)) if len(typed) >= 3 else 0.0


def _best(typed: tuple[str, ...], spoken: Mapping[tuple[str, ...], str]) -> float:
    return max((_likeness(typed, words) for words in spoken), default=0.0)
