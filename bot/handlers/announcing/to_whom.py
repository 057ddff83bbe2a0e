"""Whom an announcement is for, as people type it: "France and plastics", "representatives", "event 12"."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from bot.commands import Kind, Reading, one_line
from bot.context import Context
from bot.messages import ENGLISH, Refusal, short_tag
from bot.rules.broadcasts.segments import FILLING, Known, read_segments
from bot.rules.broadcasts.values import Segment

LONGEST = 300  # characters
QUOTED = 80


@dataclass(frozen=True)
class ToWhom(Kind):
    """Parts of everybody, by their names; the value is what was typed. Refusal: announcement_audience."""

    def read(self, text: str, reading: Reading, option: str) -> str:
        words = one_line(text)
        found = read_segments(words[:LONGEST], known_in(reading))
        if found.unclear or not found.segments or len(words) > LONGEST:
            unclear = list(found.unclear) or [words]
            raise Refusal("announcement_audience", option, unclear=[one[:QUOTED] for one in unclear])
        return words

    def follows(self, text: str, reading: Reading) -> bool:
        """Whether words after "to" name a part of everybody. "to everybody" is left in the text: it changes
        nothing, and mostly belongs to it ("open to all"); so is "to us", which is no country."""
        words, known = one_line(text)[:LONGEST], known_in(reading)
        found, codes = read_segments(words, known), set(known.countries.values())
        talk = any(word.islower() and word.upper() in codes for word in words.split() if word not in FILLING)
        return not (found.unclear or talk) and any(segment.kind != "all" for segment in found.segments)


def meant(ctx: Context, text: str) -> tuple[Segment, ...]:
    """The parts that were typed. Raises Refusal for an event that there is not."""
    segments = read_segments(text, known_in(ctx.reading)).segments
    for one in segments:
        if one.kind == "event" and ctx.store.events.get(int(one.value)) is None:
            raise Refusal("announcement_event", "to", number=one.value)
    return segments


def known_in(reading: Reading) -> Known:
    """What can be named: as the charter and the members are now."""

    def titles(of: str) -> dict[str, str]:
        return {
            name: one.value
            for one in reading.choices.get(of, ())
            for name in (one.label, reading.translate(one.label), *one.words)
        }

    return Known(
        organisations={name: one.value for one in reading.organisations for name in one.names},
        countries={name: code for tongue in ("en", reading.language) for name, code in _countries(tongue)},
        bodies=titles("bodies"),
        roles=titles("roles"),
        sectors=titles("sectors"),
        inflects=short_tag(reading.language) != ENGLISH,
    )


def _countries(language: str) -> list[tuple[str, str]]:
    try:
        named = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return []
    return [(name, code) for code, name in named.items() if len(code) == 2 and code.isalpha()]
