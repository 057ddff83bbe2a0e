"""Who may be meant by a name or an address in a table: suggestions, for a human to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from bot.rules.rsvp.columns import folded
from bot.rules.rsvp.reading import Attendee

ALIKE: Final = 78.0  # likeness of two names, of 100, from which one is suggested
UNLIKE: Final = 55.0  # likeness under which two names without a word in common are two people's
ANSWERED: Final = 8.0  # more likely by this if they answered the event
MOST: Final = 4  # suggestions for one name


@dataclass(frozen=True, slots=True)
class People:
    """Who can be meant, as their names are compared: `keys` and `words` in the order of `persons`."""

    persons: tuple[int, ...]
    keys: tuple[str, ...]
    words: tuple[frozenset[str], ...]
    answered: frozenset[int]


def people(names: Mapping[int, str], answered: frozenset[int]) -> People:
    """Everybody by person and name, and who of them answered the event."""
    keys = tuple(_key(name) for name in names.values())
    return People(tuple(names), keys, tuple(frozenset(key.split()) for key in keys), answered)


def likely(one: Attendee, among: People) -> tuple[int, ...]:
    """The persons that somebody in a table may be, likeliest first; who answered the event before others."""
    called = one.name or one.address.partition("@")[0].replace(".", " ").replace("_", " ")
    key = _key(called)
    if len(key) < 3:
        return ()
    near = process.extract(key, among.keys, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3 * MOST)
    scores = {among.persons[at]: score for _, score, at in near}
    if len(key.split()) > 1:
        scores |= {person: max(scores.get(person, 0.0), ALIKE) for person in _with_all(key.split(), among)}
    ranked = sorted(scores, key=lambda person: (-_score(scores[person], person, among), person))
    return tuple(ranked[:MOST])


def is_somebody_else(name: str, owner: str) -> bool:
    """Whether a name is clearly not that of the person `owner`: no word of it is near to one of theirs. An
    address in place of a name says nothing, nor do names that one of us does not know."""
    said, theirs = _key(name), _key(owner)
    if not said or not theirs or "@" in name or "@" in owner:
        return False
    near = any(
        fuzz.ratio(one, other) >= ALIKE or (min(len(one), len(other)) == 1 and one[0] == other[0])
        for one in said.split()
        for other in theirs.split()
    )
    return not near and fuzz.ratio(said, theirs) < UNLIKE


def _score(alike: float, person: int, among: People) -> float:
    return alike + (ANSWERED if person in among.answered else 0.0)


def _with_all(words: Sequence[str], among: People) -> list[int]:
    """Whose names have these words and more, or all but a few of them: "Ana Silva", "Ana Maria Silva"."""
    said = set(words)
    return [
        person
        for person, named in zip(among.persons, among.words, strict=True)
        if len(named) > 1 and (said <= named or named <= said)
    ]


def _key(name: str) -> str:
    """The words of a name, whichever comes first."""
    return " ".join(sorted(folded(name).split()))
