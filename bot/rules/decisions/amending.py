"""Amending a text: its sentences, what differs between two wordings, and an amendment carried over to a
newer version (spec/decisions.md 4.9, 5.16 and the last line of section 6).

Texts are compared tidily: a sentence a line, an empty line between paragraphs. How a line was wrapped or
how many spaces stand in it is no part of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

ALIKE = 0.4  # of 1: words that two sentences share, from which one is the other one changed
MOST_COMPARED = 400  # pairs of sentences: comparing all of them takes their number to the third

_ENDS = re.compile(r"""[.!?…]["'”’»)\]]*$""")
_OPENING = "\"'“‘«(["
_NUMBERING = re.compile(r"[(\[]?(\d{1,3}|[a-z]|[ivx]{1,4})[.)\]]+", re.IGNORECASE)  # "1.", "(a)", "iv."
_INITIAL = re.compile(r"[^\W\d_](\.[^\W\d_])*\.")  # "J.", "e.g."
_SHORT = frozenset(
    (
        "approx.", "art.", "arts.", "ca.", "cf.", "dr.", "etc.", "fig.", "incl.", "mr.", "mrs.", "ms.", "no.",
        "nos.", "nr.", "para.", "prof.", "resp.", "sec.", "st.", "vs.",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one sentence. `before` is "" for one that was added, `after` for one removed."""

    kind: Literal["same", "removed", "added", "changed"]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Edit:
    """Sentences `start` to `end` of a base (none: an insertion before `start`) give way to these."""

    start: int
    end: int
    instead: tuple[str, ...]


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in their order, with "" where a paragraph ends. `joined` puts them together
    again."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found: list[str] = []
    for line in lines:
        if line:
            found.extend(_sentences_of(line))
        elif found and found[-1]:
            found.append("")
    return tuple(found[:-1] if found and not found[-1] else found)


def joined(parts: Sequence[str]) -> str:
    """The text of sentences as `sentences` gave them: one a line, an empty line between paragraphs."""
    return "\n".join(parts)


def tidy(text: str) -> str:
    """A text as it is kept: a sentence a line, an empty line between paragraphs, no other white space."""
    return joined(sentences(text))


def changes(before: str, after: str) -> tuple[Change, ...]:
    """What differs between two wordings, sentence by sentence in reading order, with those that stay. Where
    paragraphs begin is not told."""
    old, new = sentences(before), sentences(after)
    found: list[Change] = []
    for tag, i, j, k, m in _compared(old, new):
        gone = [sentence for sentence in old[i:j] if sentence]
        come = [sentence for sentence in new[k:m] if sentence]
        found.extend((Change("same", one, one) for one in gone) if tag == "equal" else _paired(gone, come))
    return tuple(found)


def merge(base: str, after: str, current: str) -> str | None:
    """The amendment that made `after` of `base`, carried over to `current`: all three are versions of one
    text. None where that takes a person: a sentence that it touches reads differently in `current`, or a
    neighbour of what it adds does (4.9, 5.16).

    Two amendments that touch different sentences give the same text in either order."""
    start = sentences(base)
    amendment, since = _edits(start, sentences(after)), _edits(start, sentences(current))
    if any(_collide(one, other) for one in amendment for other in since):
        return None
    merged: list[str] = []
    at = 0
    for edit in sorted((*amendment, *since), key=lambda edit: (edit.start, edit.end)):
        merged += (*start[at : edit.start], *edit.instead)
        at = edit.end
    return tidy(joined((*merged, *start[at:])))


def _sentences_of(line: str) -> Iterator[str]:
    words = line.split()
    first = 0
    for at in range(len(words) - 1):
        if _ends_sentence(words[at], at == first) and _begins_sentence(words[at + 1]):
            yield " ".join(words[first : at + 1])
            first = at + 1
    yield " ".join(words[first:])


def _begins_sentence(word: str) -> bool:
    first = word.lstrip(_OPENING)[:1]
    return first.isalnum() and not first.islower()  # some scripts have no capitals


def _ends_sentence(word: str, is_first: bool) -> bool:
    if not _ENDS.search(word) or word.lower().lstrip("([") in _SHORT or _INITIAL.fullmatch(word):
        return False
    return not (is_first and _NUMBERING.fullmatch(word))


def _compared(
    old: Sequence[str], new: Sequence[str]
) -> Sequence[tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _edits(base: Sequence[str], new: Sequence[str]) -> list[_Edit]:
    return [_Edit(i, j, tuple(new[k:m])) for tag, i, j, k, m in _compared(base, new) if tag != "equal"]


def _collide(one: _Edit, other: _Edit) -> bool:
    """Whether two edits touch the same sentence, or add something at the same place."""
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    (first, end), (start, last) = _reach(one), _reach(other)
    return first < last and start < end


def _reach(edit: _Edit) -> tuple[int, int]:
    """The sentences of the base on which an edit rests. What is only added rests on its neighbours, unless a
    paragraph's end is between them."""
    if edit.start < edit.end:
        return edit.start, edit.end
    return edit.start - bool(edit.instead[0]), edit.end + bool(edit.instead[-1])


def _paired(gone: Sequence[str], come: Sequence[str]) -> Iterator[Change]:
    """Sentences that gave way to others: which one became which."""
    if len(gone) == len(come):
        yield from (Change("changed", old, new) for old, new in zip(gone, come, strict=True))
        return
    if len(gone) * len(come) > MOST_COMPARED:
        yield from (Change("removed", old, "") for old in gone)
        yield from (Change("added", "", new) for new in come)
        return
    likest = max(
        ((_likeness(old, new), -i, -k) for i, old in enumerate(gone) for k, new in enumerate(come)),
        default=(0.0, 0, 0),
    )
    if likest[0] < ALIKE:
        yield from (Change("removed", old, "") for old in gone)
        yield from (Change("added", "", new) for new in come)
        return
    i, k = -likest[1], -likest[2]
    yield from _paired(gone[:i], come[:k])
    yield Change("changed", gone[i], come[k])
    yield from _paired(gone[i + 1 :], come[k + 1 :])


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, old.lower().split(), new.lower().split(), autojunk=False).ratio()
