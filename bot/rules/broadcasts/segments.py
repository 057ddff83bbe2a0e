"""Whom an announcement is for: parts of everybody, who belongs to them, and how people type them.

spec/engagement.md section 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from bot.rules.broadcasts.values import Segment, SegmentKind
from bot.rules.indicators import normal
from bot.rules.matching import same_sector

EVERYBODY: Final = (
    "all", "everybody", "everyone", "member", "people", "the alliance", "tous", "tout le monde", "membres",
    "tutti", "membri", "todos", "toda a gente", "todo el mundo", "wszyscy", "wszystkich", "visi", "visiem",
    "alle", "allen", "toți", "tuturor", "membros", "miembros", "mitglieder", "mitgliedern", "członkowie",
    "członków", "biedri", "biedriem", "membrii", "membrilor",
)  # fmt: skip
# Words that join the parts and say nothing of their own, in the members' languages.
_FILLING = """
    and or the of in from at for a an who those person organisation organisations cluster clusters sector
    sectors country countries role roles body bodies is are with will to
    et ou le la les de des du en au aux dans pour ceux celles qui e o i os as do da dos das na em para quem
    y el los las del con che di della dei nel nella per chi w z oraz un uz kas
    und oder der die das den aus von für wer și din cei care
    an am im zu zur zum dem des ao aos às al a ai agli alla alle i gli lo il degli delle della do dla ze
    către cele
    only just nur seulement uniquement juste solo soltanto solamente apenas só somente tylko tikai doar numai
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
# letters of a word that stay in all its forms, and those that its written form loses and a typed one gains
STAYS, LOSES, GAINS = 5, 2, 4
# "Assembly of Members", "Coordinamento dell'Alleanza": what a title begins with, before what it is of
_HEAD = re.compile(
    r"(\w+) (?:(?:of|de|des|du|del|della|delle|dei|di|da|do|das|dos|der|al) |d(?:ell)?['’])", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:(?:de|a|ne|da|su)?ll|d|l)['’](?=\w)", re.IGNORECASE)
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
    """The names by which parts are known, each with its value: organisations (slug), countries (ISO 3166),
    titles of bodies and roles (key), sectors (as they are kept); all but the first in English and the
    reader's language. `inflects`: words of that language change their endings, so those of bodies, roles and
    sectors are known in their other forms too."""

    organisations: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)
    inflects: bool = False


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
        stems = tuple(_stem(one) for one in words[place : place + length])
        meant = names.get(stems) or (_inflected(stems, names) if known.inflects else ())
        if meant:
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
    names = _heads(known) | names
    for key in known.roles.values():
        names.setdefault(_stems(key), (Segment("role", key),))
    for name, sector in known.sectors.items():
        names.setdefault(_stems(name), (Segment("sector", sector),))
    return names


def _heads(known: Known) -> dict[tuple[str, ...], tuple[Segment, ...]]:
    """What titles begin with; no word that begins both a role's and a body's."""
    titles: list[tuple[SegmentKind, Mapping[str, str]]] = [("role", known.roles), ("body", known.bodies)]
    heads: dict[tuple[str, ...], dict[Segment, None]] = {}
    for kind, of in titles:
        for title, key in of.items():
            if head := _HEAD.match(title):
                heads.setdefault(_stems(head[1]), {})[Segment(kind, key)] = None
    return {head: tuple(of) for head, of in heads.items() if len({one.kind for one in of}) == 1}


def _inflected(
    typed: tuple[str, ...], names: Mapping[tuple[str, ...], tuple[Segment, ...]]
) -> tuple[Segment, ...]:
    """The body, role or sector that these words are another form of: "Vertretungen", "tworzyw sztucznych"."""
    found = {
        segments
        for name, segments in names.items()
        if len(name) == len(typed) and segments[0].kind in ("body", "role", "sector")
        if all(map(_is_form_of, typed, name))
    }
    return found.pop() if len(found) == 1 else ()


def _is_form_of(typed: str, word: str) -> bool:
    same = (left == right for left, right in zip(typed, word, strict=False))
    stays = len(list(takewhile(bool, same)))
    return typed == word or (stays >= STAYS and len(word) - stays <= LOSES and len(typed) - stays <= GAINS)


def _stems(name: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _WORD.findall(name))


def _stem(word: str) -> str:
    """A word without case, accents, its plural and an article that is bound to it ("l'Assemblée")."""
    plain = normal(_ARTICLE.sub("", word.removeprefix("#")))
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
