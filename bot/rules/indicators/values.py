"""The values of the indicator rules: what is judged, by which condition, with which outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["logged", "confirmed", "questioned", "withdrawn"]
Part = Literal["host", "cohost", "attended"]
Answered = Literal["open", "confirmed", "denied"]
Basis = Literal["", "attested", "estimate"]
Measure = Literal["activities", "smes"]
SmeCount = Literal["once_a_year", "per_activity"]


@dataclass(frozen=True, slots=True)
class Involved:
    """A member organisation that took part, by slug. "denied" is its tap on [Not us]. "attended": somebody
    of it came, which was measured, so it is not asked and `answer` stays "open" (5.1)."""

    organisation: str
    part: Part = "cohost"
    answer: Answered = "open"


@dataclass(frozen=True, slots=True)
class Sme:
    """A small or medium firm as it was named. `country` is ISO 3166, `domain` its web address."""

    name: str
    country: str = ""
    registration: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One activity as it stands now. `day` is the day it ended or was submitted (5.1)."""

    id: int
    kind: str
    title: str
    day: date
    involved: tuple[Involved, ...]
    state: State = "logged"
    smes: tuple[Sme, ...] = ()
    sme_number: int = 0  # firms given as a number, beside those named
    sme_basis: Basis = ""  # "" = not yet asked whether there is a list
    evidence: int = 0  # links and files attached


@dataclass(frozen=True, slots=True)
class Condition:
    """One indicator of the charter as a rule. `states` holds the states that count: a charter that
    wants peer verification leaves "logged" out (5.5). `year_starts` is (month, day). `smes`: whether a firm
    counts once in a year, or once for each activity that reached it."""

    key: str
    label: str
    article: str
    target: int
    kinds: tuple[str, ...]
    least_organisations: int = 1
    measure: Measure = "activities"
    unit: str = ""
    states: tuple[State, ...] = ("logged", "confirmed")
    year_starts: tuple[int, int] = (1, 1)
    smes: SmeCount = "once_a_year"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a record lacks to count, or to count for more.

    `code`: "kind" · "withdrawn" · "questioned" · "confirmation" (the charter counts confirmed ones only)
    · "ended" · "second_organisation" · "organisations" (`n` more) · "own_confirmation" (`for_` has not
    tapped yet) · "smes" (none given) · "list" (`n` firms: is there a list?) · "estimate" (`n` firms
    without a list). `for_` is the organisation that can supply it, "" if nobody in particular.
    """

    code: str
    for_: str = ""
    n: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule as applied to one record: which, whether it holds, with which number out of which.

    `rule`: "kind" · "state" · "ended" · "organisations" · "own" · "smes". `missing` may stand beside a
    rule that holds: three firms are named and count, twelve more wait for a list.
    """

    rule: str
    holds: bool
    n: int = 0
    needed: int = 0
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a record counts for an indicator, with how much, and what it lacks."""

    counts: bool
    planned: bool
    amount: int
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value for one year. `value` = `confirmed` + `logged`; for SMEs it is also
    `named` + `attested`, and `contacts` is how often firms were reached, repeats included.

    `planned` is how many activities will count once their day has come. `contributors` is what each
    organisation sees in its own view; these do not add up to the value (5.2).
    """

    condition: Condition
    year: int
    value: int
    confirmed: int
    logged: int
    contacts: int
    attested: int
    named: int
    planned: int
    met: bool
    contributors: tuple[tuple[str, int], ...]
    records: tuple[tuple[Record, Verdict], ...]

    @property
    def lacks(self) -> int:
        """How much is still missing to the target; 0 once it is reached."""
        return max(0, self.condition.target - self.value)
