"""The option kinds that name something: organisations, a person, an event, a motion.

Refusals: organisation_unknown, person_unknown, event_unknown, motion_unknown. Asks, where several are as
likely: organisation_which, person_which, event_which, motion_which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.commands import organisations
from bot.commands.kinds import FieldKind, Kind
from bot.commands.values import Known, Reading, one_line
from bot.messages import Ask, Choice, Refusal

LIST_LENGTH = 2000  # characters of a list of organisations


@dataclass(frozen=True)
class Named(Kind):
    """Something that has a name: the noun says what, `known` where the names are."""

    noun: ClassVar[str] = ""
    field: ClassVar[FieldKind] = "choice"

    def known(self, reading: Reading) -> tuple[Known, ...]:
        """What can be named."""
        raise NotImplementedError

    def read(self, text: str, reading: Reading, option: str) -> Any:
        name = one_line(text)
        found = self.found(name, reading)
        if found.value:
            return found.value
        known = self.known(reading)
        if found.several:
            choices = [(organisations.short_name(v, known), v) for v in found.several]
            raise _which(self.noun, option, name, choices)
        suggestions = [organisations.short_name(value, known) for value in found.suggestions]
        raise Refusal(f"{self.noun}_unknown", option, text=name[:80], suggestions=suggestions)

    def follows(self, text: str, reading: Reading) -> bool:
        return self.found(one_line(text), reading).strong

    def plainly(self, text: str, reading: Reading) -> bool:
        return organisations.exactly(text, self.known(reading))

    def found(self, name: str, reading: Reading) -> organisations.Found:
        """Who is called `name`."""
        return organisations.find(name, self.known(reading))

    def offered(self, reading: Reading) -> tuple[tuple[str, str], ...]:
        known = self.known(reading)
        return tuple((one.value, organisations.short_name(one.value, known)) for one in known)


def _which(noun: str, option: str, text: str, choices: Sequence[tuple[str, str]]) -> Ask:
    taps = tuple(Choice(label, {option: value}) for label, value in choices)
    return Ask(option, f"{noun}_which", taps, free=True, text=text[:80])


@dataclass(frozen=True)
class OneOrganisation(Named):
    """One organisation; the value is its slug. `members_only` tells whoever fills `Reading.organisations`."""

    members_only: bool = False
    noun: ClassVar[str] = "organisation"

    def known(self, reading: Reading) -> tuple[Known, ...]:
        return reading.organisations


@dataclass(frozen=True)
class Organisations(Kind):
    """Several organisations; the value is a tuple of slugs in the order given, each once."""

    field: ClassVar[FieldKind] = "choices"

    def read(self, text: str, reading: Reading, option: str) -> tuple[str, ...]:
        if len(text) > LIST_LENGTH:
            raise Refusal("text_too_long", option, most=LIST_LENGTH, length=len(text))
        known, one = reading.organisations, OneOrganisation()
        pieces = organisations.split(one_line(text), known)
        slugs: dict[str, None] = {}
        for at, piece in enumerate(pieces):
            try:
                slugs[one.read(piece, reading, option)] = None
            except Ask as which:
                taps = [
                    Choice(
                        tap.label,
                        {option: ",".join([*pieces[:at], tap.arguments[option], *pieces[at + 1 :]])},
                    )
                    for tap in which.choices
                ]
                raise Ask(option, which.template, tuple(taps), free=False, **which.values) from None
        return tuple(slugs)

    def write(self, value: Sequence[str]) -> str:
        return ",".join(value)

    def follows(self, text: str, reading: Reading) -> bool:
        known = reading.organisations
        if len(text) > LIST_LENGTH:
            return False
        return any(organisations.find(piece, known).strong for piece in organisations.split(text, known))

    def plainly(self, text: str, reading: Reading) -> bool:
        known = reading.organisations
        pieces = organisations.split(text, known) if len(text) <= LIST_LENGTH else []
        return bool(pieces) and all(organisations.exactly(piece, known) for piece in pieces)

    def canonical(self, text: str, reading: Reading) -> str:
        known = reading.organisations
        if len(text) > LIST_LENGTH:
            return text
        pieces = organisations.split(one_line(text), known)
        return ",".join(dict.fromkeys(organisations.find(piece, known).value or piece for piece in pieces))

    def offered(self, reading: Reading) -> tuple[tuple[str, str], ...]:
        return OneOrganisation().offered(reading)


@dataclass(frozen=True)
class OnePerson(Named):
    """One person; the value is their id as text. Not for an option: who is meant depends on what is asked,
    so a command takes a `Text` and its handler asks `person_called` (bot/handlers/people_called.py)."""

    noun: ClassVar[str] = "person"

    def known(self, reading: Reading) -> tuple[Known, ...]:
        return reading.persons


class _Numbered(Named):
    """Named or numbered: "7", "#7" and "motion 7" pass even where the list of names was not loaded; the
    handler then says whether there is such a one."""

    def found(self, name: str, reading: Reading) -> organisations.Found:
        number = re.fullmatch(
            r"(?:\w{1,12}\s)?\s*(?:#|no\.?\s*|nr\.?\s*)?(\d{1,9})", name, re.ASCII | re.IGNORECASE
        )
        if number and not any(name in (one.value, *one.names) for one in self.known(reading)):
            return organisations.Found(value=str(int(number[1])), strong=True)
        return super().found(name, reading)


@dataclass(frozen=True)
class OneEvent(_Numbered):
    """One event; the value is its number as text."""

    noun: ClassVar[str] = "event"

    def known(self, reading: Reading) -> tuple[Known, ...]:
        return reading.events


@dataclass(frozen=True)
class OneMotion(_Numbered):
    """One motion; the value is its public number as text."""

    noun: ClassVar[str] = "motion"

    def known(self, reading: Reading) -> tuple[Known, ...]:
        return reading.motions
