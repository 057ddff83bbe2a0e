"""The rules around one activity: is it logged already, which firms were meant, what may still change.

Pure: values in, values out, or a `Refusal`. Rules of spec/engagement.md section 5, by number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from bot.messages import Refusal
from bot.rules.indicators import Answered, Figure, Record, Sme, State, hosts, normal
from bot.rules.indicators import sme_key as sme_key

SIMILAR_TITLE = 0.75
SIMILAR_NAME = 0.85
MOST_SMES = 10_000  # per activity; more is taken for a slip of the finger
MOST_NAMES = 500
LONGEST_NAME = 120

_NOUN = r"(?:\s+(?:smes?|pmes?|pmis?|msps?|mśp|kmus?|mvus?|pymes?|firms?|company|companies|firmy))?"
_NUMBER = re.compile(rf"(\d+){_NOUN}", re.IGNORECASE)
_IN_WORDS = re.compile(rf"([a-z]+(?:[ -][a-z]+)?){_NOUN}", re.IGNORECASE)
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 10 * ten for ten, word in enumerate(_TENS) if word},
    **{
        f"{word}{sign}{_UNITS[unit]}": 10 * ten + unit
        for ten, word in enumerate(_TENS) for unit in range(1, 10) for sign in ("-", " ") if word
    },
    "a dozen": 12, "dozen": 12, "hundred": 100, "a hundred": 100, "one hundred": 100,
}  # fmt: skip
_COUNTED = re.compile(r"\d+\s+(.+)")  # "12 participants": people, not firms
_ROUGHLY = re.compile(  # "-3", "~12", "about 12", "1e9", "12%": no whole number, and nobody's name
    r"(?:[-+\u2212\u2013~≈<>]|(?:about|around|ca\.?|circa)\s)\s*\d.*|\d[\d.\s]*(?:e\d+|%|\+)?",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"(?: (?:gmbh|ag|kg|ug|sas?|sasu|sarl|srls?|spa|snc|ltda|lda|slu?|sia|as|ab|oyj?|aps|bv|nv|bvba|asbl"
    r"|ltd|plc|llc|inc|kft|zrt|doo|sro|sp z oo|oü|uab|eood|ood))+$"
)


@dataclass(frozen=True, slots=True)
class SmesGiven:
    """What a member typed about SMEs: names, or else a number whose list is still to be asked about."""

    names: tuple[str, ...] = ()
    number: int = 0


def possible_duplicates(
    new: Record, others: Iterable[Record], same_link: Collection[int] = ()
) -> tuple[Record, ...]:
    """The records that may be the same activity: a day apart at most with a similar title, or with the
    same link (`same_link`: ids of the records that carry it). Best match first; withdrawn ones and the
    record itself are left out (5.2)."""
    found = [
        (2.0 if other.id in same_link else _likeness(new, other), other)
        for other in others
        if other.state != "withdrawn" and (other.id != new.id or new.id == 0)
    ]
    alike = [(score, other) for score, other in found if score >= SIMILAR_TITLE]
    return tuple(other for _, other in sorted(alike, key=lambda pair: (-pair[0], pair[1].id)))


def read_smes(text: str) -> SmesGiven:
    """Read "12", "12 SMEs", "twenty" or "Acme, Foo GmbH; Bar". Names are kept as typed, each firm once.

    Raises Refusal("smes_unclear", "smes", text=..., most=..., counted=...) for what is no whole number from
    0 to `most` and no list of names (5.6); `counted` where it was meant as a number."""
    spelled = _IN_WORDS.fullmatch(" ".join(text.split()))
    if spelled and (in_words := _SPELLED.get(spelled[1].lower())) is not None:
        return SmesGiven(number=in_words)
    if number := _NUMBER.fullmatch(text.strip()):
        digits = number[1].lstrip("0") or "0"
        if len(digits) <= len(str(MOST_SMES)) and int(digits) <= MOST_SMES:
            return SmesGiven(number=int(digits))
        raise _unclear(text)
    names: dict[str, str] = {}
    for piece in re.split(r"[,;\n]", text):
        if name := " ".join(piece.split()):
            names.setdefault(sme_key(Sme(name)), name)
    if not names or len(names) > MOST_NAMES or not all(_is_name(name) for name in names.values()):
        raise _unclear(text)
    return SmesGiven(names=tuple(names.values()))


def near_smes(new: Sme, others: Iterable[Sme]) -> tuple[Sme, ...]:
    """Firms that may be the same under another spelling ("Acme" and "ACME GmbH"), for a human to
    decide; best match first. Firms that count as the same anyway, of two countries, or with two
    different registration numbers are not suggested (5.3)."""
    scored = [(_name_likeness(new.name, other.name), other) for other in others if _may_be_same(new, other)]
    near = [(score, other) for score, other in scored if score >= SIMILAR_NAME]
    return tuple(other for _, other in sorted(near, key=lambda pair: (-pair[0], sme_key(pair[1]))))


def may_undo(logged_at: datetime, now: datetime, state: State, hours: int) -> bool:
    """Whether a log can still be taken back: for `hours`, or until somebody confirmed it (5.7)."""
    return state in ("logged", "questioned") and now - logged_at < timedelta(hours=hours)


def state_after_answer(record: Record, organisation: str, answer: Answered) -> State:
    """The state once a co-host answers. Its yes is the check (5.5); a [Not us], or a yes taken back,
    undoes a check that rested on it alone. What was questioned or withdrawn stays so."""
    cohosts = {i.organisation: i.answer for i in record.involved if i.part == "cohost"}
    if organisation not in cohosts or record.state not in ("logged", "confirmed"):
        return record.state
    before, after = cohosts[organisation], cohosts | {organisation: answer}
    if answer == "confirmed":
        return "confirmed"
    rested_on_it = before == "confirmed" and "confirmed" not in after.values()
    return "logged" if rested_on_it else record.state


def state_by_answers(record: Record) -> State:
    """The state of a record that counts again after it was withdrawn or questioned: the co-hosts' taps
    that were given still stand."""
    confirmed = any(i.answer == "confirmed" for i in record.involved if i.part == "cohost")
    return "confirmed" if confirmed else "logged"


def state_after_edit(old: Record, new: Record) -> State:
    """The state once a record is edited: a confirmed one falls back to logged only if its day, kind,
    organisations or SMEs change (5.7). The co-hosts' answers are then open again."""
    if old.state == "confirmed" and _substance(old) != _substance(new):
        return "logged"
    return old.state


def open_evidence(figure: Figure) -> tuple[Record, ...]:
    """The records that count but carry no link or file yet. It is needed by the close of the year; until
    then its absence is printed, and changes no number (5.5)."""
    return tuple(record for record, verdict in figure.records if verdict.counts and not record.evidence)


def _likeness(new: Record, other: Record) -> float:
    if abs((new.day - other.day).days) > 1:
        return 0.0
    one, two = normal(new.title), normal(other.title)
    return max(_ratio(one, two), _ratio(_sorted_words(one), _sorted_words(two)))


def _ratio(one: str, two: str) -> float:
    # difflib's ratio depends on the order of the two; who was logged first does not matter here
    first, second = sorted((one, two))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))


def _is_name(text: str) -> bool:
    counted = _COUNTED.fullmatch(text)
    return (
        len(text) <= LONGEST_NAME
        and any(letter.isalpha() for letter in text)
        and not _ROUGHLY.fullmatch(text)
        and not (counted and counted[1].islower())
    )


def _unclear(text: str) -> Refusal:
    words = text.strip()
    counted = bool(_ROUGHLY.fullmatch(words) or re.fullmatch(r"[\d.,^\s]+", words))
    return Refusal("smes_unclear", "smes", text=text[:LONGEST_NAME], most=MOST_SMES, counted=counted)


def _may_be_same(one: Sme, two: Sme) -> bool:
    if sme_key(one) == sme_key(two):
        return False
    if one.country and two.country and one.country.upper() != two.country.upper():
        return False
    return not (one.registration and two.registration)


def _name_likeness(one: str, two: str) -> float:
    return _ratio(_without_legal_form(one), _without_legal_form(two))


def _without_legal_form(name: str) -> str:
    return _LEGAL_FORM.sub("", normal(name))


def _substance(record: Record) -> tuple[object, ...]:
    firms = frozenset(sme_key(sme) for sme in record.smes)
    host = frozenset(i.organisation for i in record.involved if i.part == "host" and i.answer != "denied")
    together = frozenset(hosts(record))  # who came is measured: it is nothing that a co-host confirmed
    return record.day, record.kind, together, host, firms, record.sme_number, record.sme_basis
