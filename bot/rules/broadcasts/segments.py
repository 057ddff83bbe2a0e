"""Whom an announcement is for: parts of everybody, who belongs to them, and how people type them.

spec/engagement.md section 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.rules.broadcasts.values import Segment, SegmentKind
from bot.rules.indicators import normal
from bot.rules.matching import same_sector

EVERYBODY: Final = (
    "all", "everybody", "everyone", "member", "people", "the alliance", "tous", "tout le monde", "membres",
    "tutti", "membri", "todos", "toda a gente", "todo el mundo", "wszyscy", "visi", "alle", "toți",
)  # fmt: skip
# Words that join the parts and say nothing of their own, in the members' languages.
_FILLING = """
    and or the of in from at for a an who those person organisation organisations cluster clusters sector
    sectors country countries role roles body bodies is are with will to
    et ou le la les de des du en au aux dans pour ceux celles qui e o i os as do da dos das na em para quem
    y el los las del con che di della dei nel nella per chi w z oraz un uz kas
    und oder der die das den aus von für wer și din cei care
"""
# Words before the number of an event.
_TO_AN_EVENT = """
    event events go goes going come comes coming went attend attends attended attending
    événement évènement vont viennent evento eventos vão vêm vanno vengono eventi wydarzenie idą pasākums
    veranstaltung gehen kommen van eveniment merg
"""
FILLING: Final = frozenset(normal(word) for word in _FILLING.split())
TO_AN_EVENT: Final = frozenset(normal(word) for word in _TO_AN_EVENT.split())
LONGEST = 12  # words of one name
LONGEST_NUMBER = 9  # digits; no event has a longer one
_WORD = re.compile(r"#?\w+(?:['’.]\w+)*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may belong to a part: their organisations (slugs) with the countries (ISO 3166) and
    sectors of these, their roles and the bodies in which they sit (keys of the charter), and the numbers of
    the events to which they go or went."""

    person: int
    organisations: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


def fits(candidate: Candidate, segments: Iterable[Segment]) -> bool:
    """Whether somebody belongs to these parts: parts of one kind add up, of several kinds somebody has to
    fit each ("France" or "Portugal", and "plastics"). Nobody belongs to no part at all."""
    by_kind: dict[SegmentKind, list[str]] = {}
    for segment in segments:
        by_kind.setdefault(segment.kind, []).append(segment.value)
    return bool(by_kind) and all(
        any(_BELONGS[kind](candidate, value) for value in values) for kind, values in by_kind.items()
    )


@dataclass(frozen=True, slots=True)
class Known:
    """The names by which parts are known, each with its value: organisations (slug), countries (ISO 3166; in
    English and the reader's language), titles of bodies and roles (key), and the sectors there are."""

    organisations: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    sectors: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood of a typed audience, in the order of the words, and what was not, as it was typed:
    whoever goes on with words left over may reach others than were meant."""

    segments: tuple[Segment, ...]
    unclear: tuple[str, ...] = ()


def read_segments(text: str, known: Known) -> Read:
    """A typed audience as parts of everybody: "everybody", "France", "FR and plastics", "representatives in
    Portugal", "CIMES, Pool-Net", "those who go to 12", "the Assembly". Case, accents and plurals make no
    difference, and the longest name wins. Two letters are a country's unless they are a small word that
    joins others. "Everybody" beside something narrower says nothing and is left out."""
    words, names = _WORD.findall(text), _names(known)
    found: list[Segment] = []
    unclear: list[list[str]] = []
    place, at_unclear = 0, -1
    while place < len(words):
        segments, taken = _at(words, place, names, known)
        found += segments
        if not taken:
            if at_unclear != place - 1 or not unclear:
                unclear.append([])
            unclear[-1].append(words[place])
            at_unclear = place
        place += taken or 1
    narrower = [segment for segment in found if segment.kind != "all"]
    return Read(tuple(dict.fromkeys(narrower or found)), tuple(" ".join(one) for one in unclear))


def for_everybody(segments: Iterable[Segment]) -> bool:
    """Whether it is for all: then for the chats, too. What is for some of them is for no chat, unless
    somebody says so: more people read there."""
    return any(segment.kind == "all" for segment in segments)


def _at(
    words: Sequence[str], place: int, names: Mapping[tuple[str, ...], tuple[Segment, ...]], known: Known
) -> tuple[tuple[Segment, ...], int]:
    """What begins with the word at this place, and how many words it takes: none where it is not clear."""
    word, plain = words[place], normal(words[place])
    if _is_country(word, words, known):
        return (Segment("country", word.upper()),), 1
    for length in range(min(LONGEST, len(words) - place), 0, -1):
        meant = names.get(tuple(_stem(one) for one in words[place : place + length]))
        if meant is not None:
            return meant, length
    before = {normal(one) for one in words[:place]}
    if plain.isdecimal() and len(plain) <= LONGEST_NUMBER and (word.startswith("#") or before & TO_AN_EVENT):
        return (Segment("event", str(int(plain))),), 1
    return (), int(plain in FILLING or plain in TO_AN_EVENT)


def _is_country(word: str, words: Sequence[str], known: Known) -> bool:
    """Whether two letters are a country's: in capitals where not everything is, or no word that joins."""
    if len(word) != 2 or word.upper() not in known.countries.values():
        return False
    shouted = all(one.isupper() for one in words) and len(words) > 1
    return normal(word) not in FILLING or (word.isupper() and not shouted)


def _names(known: Known) -> dict[tuple[str, ...], tuple[Segment, ...]]:
    """Every name as its words, with what it means. Of a title "Assembly of Members" the first part will do;
    where several titles of one kind begin alike it means all of them."""
    names: dict[tuple[str, ...], tuple[Segment, ...]]
    names = {_stems(name): (Segment("all"),) for name in EVERYBODY}
    by_kind: list[tuple[SegmentKind, Iterable[tuple[str, str]]]] = [
        ("organisation", known.organisations.items()),
        ("country", [(name, code) for name, code in known.countries.items() if len(name) > 2]),
        ("body", known.bodies.items()),
        ("role", known.roles.items()),
    ]
    for kind, values in by_kind:
        for name, value in values:
            names.setdefault(_stems(name), (Segment(kind, value),))
    names = _heads("role", known.roles) | _heads("body", known.bodies) | names
    for key in known.roles.values():
        names.setdefault(_stems(key), (Segment("role", key),))
    for sector in known.sectors:
        names.setdefault(_stems(sector), (Segment("sector", sector),))
    return names


def _heads(kind: SegmentKind, titles: Mapping[str, str]) -> dict[tuple[str, ...], tuple[Segment, ...]]:
    heads: dict[tuple[str, ...], tuple[Segment, ...]] = {}
    for title, key in titles.items():
        head, of, _ = title.partition(" of ")
        if of:
            heads[_stems(head)] = (*heads.get(_stems(head), ()), Segment(kind, key))
    return heads


def _stems(name: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _WORD.findall(name))


def _stem(word: str) -> str:
    """A word without case, accents and its plural."""
    plain = normal(word.removeprefix("#"))
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def _works_in(candidate: Candidate, sector: str) -> bool:
    """However a sector is written (`bot.rules.matching`)."""
    return same_sector(sector) in {same_sector(one) for one in candidate.sectors}


_BELONGS: Final[Mapping[SegmentKind, Callable[[Candidate, str], bool]]] = {
    "all": lambda _candidate, _value: True,
    "country": lambda candidate, value: value in candidate.countries,
    "sector": _works_in,
    "role": lambda candidate, value: value in candidate.roles,
    "body": lambda candidate, value: value in candidate.bodies,
    "organisation": lambda candidate, value: value in candidate.organisations,
    "event": lambda candidate, value: value in candidate.events,
}
