"""Reading who came out of a table: what a video service exports, a spreadsheet, or lines that were pasted.

Columns are found by their header, in the members' languages, or by what stands in them. Whatever is in a cell
is text, formulas too. Nothing is known here of who these people are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.rules.rsvp.columns import Columns, columns_of, folded

MOST_ROWS: Final = 2000
LONGEST_CELL: Final = 500  # characters; the rest says nothing about who came
LONGEST_NAME: Final = 100
LONGEST_ADDRESS: Final = 254  # characters (RFC 5321)
LONGEST_STAY: Final = 31 * 24 * 60  # minutes; more is no length
_HEADER_WITHIN: Final = 40  # rows: services write about the meeting before they list who came
_SEPARATORS: Final = "\t;,|"
_ADDRESS: Final = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,63}")
_CLOCK: Final = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_SPELT: Final = re.compile(
    r"(?:(\d+)\s*h\w*\.?)?[\s,]*(?:(\d+)\s*m\w*\.?)?[\s,]*(?:(\d+)\s*s\w*\.?)?", re.IGNORECASE
)
_GERMAN_HOURS: Final = re.compile(r"(\d+)\s*(?:std|stunden?|godz|ore|st)\b\.?", re.IGNORECASE)
_PLAIN: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?")
_AT_THE_END: Final = re.compile(
    r"[\s,;|]+((?:\d{1,3}:[0-5]\d(?::[0-5]\d)?)|(?:\d{1,4}(?:[.,]\d+)?(?:\s*(?:min\w*|m|h))?))\s*$",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(r"\d+\.\s+\S")
_BESIDE: Final = re.compile(r"\s+[(\[][^)\]]*[)\]]\s*$")  # "Ana Silva (Pool-Net)", "(Guest)"
_NO: Final = frozenset(["no", "non", "nie", "nao", "ne", "nein", "nu", "false", "0", "n"])


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody in a table: a name or an address or both, and how many minutes they stayed, 0 for unknown."""

    name: str
    address: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Who stands in a table, each once; `left_out` rows were too many to be read. `plain`: there were only
    words, no header, no address and no length, so it may be anything."""

    people: tuple[Attendee, ...] = ()
    left_out: int = 0
    plain: bool = False


def read_table(text: str) -> Table:
    """Who came, by a table: their name, e-mail address and minutes, as far as they are in it. Somebody who
    stands in several rows (they came and went) is there once, with all their minutes. At most 2,000 rows are
    read. Nobody is in what is no table of people."""
    rows = _rows(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))
    columns, rows = _with_header(rows)
    rows = [row for row in rows if any(row)]
    bare = columns.weight == 0
    columns = _by_content(rows) if bare else columns
    found = (_attendee(row, columns) for row in rows[:MOST_ROWS])
    people = _together(one for one in found if one is not None)
    plain = bare and not any(one.address or one.minutes for one in people)
    return Table(people, max(0, len(rows) - MOST_ROWS) if people else 0, plain)


def mail_address(text: str) -> str:
    """The one e-mail address that `text` is, casefolded; "" if it is none. "Ana <ana@example.org>" and
    "mailto:" are read too; that it has the form of one is all that is looked at."""
    bare = text.strip().strip("<>").split("|")[0].removeprefix("mailto:").strip()
    inner = re.fullmatch(r"[^<>]*<\s*(?:mailto:)?([^<>|\s]+)(?:\|[^<>]*)?\s*>?", bare)
    address = inner[1] if inner else bare
    if len(address) > LONGEST_ADDRESS or ".." in address or not _ADDRESS.fullmatch(address):
        return ""
    local = address.partition("@")[0]
    return "" if local.startswith(".") or local.endswith(".") else address.casefold()


def minutes_in(text: str, unit: float = 0.0) -> int | None:
    """How many minutes a length is, rounded up: "62", "62.5", "01:02:03", "1h 2m 3s", "1 Std. 2 Min."; a bare
    number is in `unit`s of so many minutes. None if it is no length."""
    words = text.strip()
    if not words:
        return None
    if _PLAIN.fullmatch(words):
        return _whole(float(words.replace(",", ".")) * (unit or 1.0))
    if clock := _CLOCK.fullmatch(words):
        return _whole(int(clock[1]) * 60 + int(clock[2]) + int(clock[3] or 0) / 60)
    spelt = _SPELT.fullmatch(_GERMAN_HOURS.sub(r"\1h", words))
    if spelt is None or not any(spelt.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in spelt.groups())
    return _whole(hours * 60 + minutes + seconds / 60)


def _whole(minutes: float) -> int | None:
    return None if minutes > LONGEST_STAY else int(-(-round(minutes, 4) // 1))


def _rows(text: str) -> list[list[str]]:
    """The cells of each line, by whichever separator cuts most of them alike; pasted lines without one are
    rows of one cell."""
    lines = [line for line in text.split("\n") if not line.casefold().startswith("sep=")]
    best = max(_SEPARATORS, key=lambda sign: sum(sign in line for line in lines) * 8 + _cut_most(lines, sign))
    if not any(best in line for line in lines):
        return [[" ".join(line[:LONGEST_CELL].split())] for line in lines]
    read = (_cells(line, best) for line in lines)
    return [[" ".join(cell[:LONGEST_CELL].split()) for cell in row] for row in read]


def _cells(line: str, sign: str) -> list[str]:
    """One line by itself: a quotation mark that nobody closed spoils no other."""
    try:
        return next(csv.reader([line], delimiter=sign, skipinitialspace=True), [])
    except csv.Error:  # one cell of more than 131,072 characters
        return line.split(sign)


def _cut_most(lines: Sequence[str], sign: str) -> int:
    """How often a separator stands in the line where it stands most, up to 7: it breaks a tie."""
    return min(7, max((line.count(sign) for line in lines), default=0))


def _with_header(rows: list[list[str]]) -> tuple[Columns, list[list[str]]]:
    """Where things stand by the header that says most, and the rows under it, up to the next part of a
    report (who did what when) which names them all again."""
    heads = [columns_of(row) for row in rows[:_HEADER_WITHIN]]
    at = max(range(len(heads)), key=lambda one: (heads[one].weight, -one), default=-1)
    if at < 0 or heads[at].weight == 0:
        return Columns(), rows
    under: list[list[str]] = []
    for row in rows[at + 1 :]:
        filled = [cell for cell in row if cell]
        if (len(filled) == 1 and _SECTION.match(filled[0])) or columns_of(row).weight >= max(
            heads[at].weight, 3
        ):
            break
        under.append(row)
    return heads[at], under


def _by_content(rows: Sequence[Sequence[str]]) -> Columns:
    """Where things stand in a table without a header, by what stands there."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[at] for row in rows if at < len(row) and row[at]] for at in range(width)]

    def most(fits: list[int]) -> int:
        best = max(range(width), key=lambda at: (fits[at], -at), default=-1)
        return best if best >= 0 and fits[best] * 2 > len(rows) * 0.5 else -1

    address = most([sum(bool(mail_address(cell)) for cell in cells) for cells in columns])
    minutes = most([sum(minutes_in(cell) is not None for cell in cells) for cells in columns])
    names = [sum(_is_name(cell) for cell in cells) for cells in columns]
    whole = most([0 if at in (address, minutes) else fit for at, fit in enumerate(names)])
    return Columns(whole=whole, address=address, minutes=minutes)


def _is_name(cell: str) -> bool:
    return sum(sign.isalpha() for sign in cell) >= 2 and not any(sign.isdigit() for sign in cell)


def _attendee(row: Sequence[str], columns: Columns) -> Attendee | None:
    def cell(at: int) -> str:
        return row[at] if 0 <= at < len(row) else ""

    if columns.there >= 0 and folded(cell(columns.there)) in _NO:
        return None
    if len([one for one in row if one]) == 1 and max(columns[:5]) <= 0:
        return _in_a_line(next(one for one in row if one))
    parts = " ".join(part for part in (cell(columns.first), cell(columns.last)) if part)
    name, address = parts or cell(columns.whole), mail_address(cell(columns.address))
    if not address and (found := _ADDRESS.search(name)):
        address, name = mail_address(found[0]), _ADDRESS.sub("", name)
    name = _tidy(name)
    if not name and not address:
        return None
    return Attendee(name, address, minutes_in(cell(columns.minutes), columns.unit) or 0)


def _in_a_line(line: str) -> Attendee | None:
    """Somebody in a line without separators: "Ana Silva ana@example.org 62"."""
    minutes, address = 0, ""
    if found := _AT_THE_END.search(line):
        minutes, line = minutes_in(found[1]) or 0, line[: found.start()]
    if mail := _ADDRESS.search(line):
        address, line = mail_address(mail[0]), line.replace(mail[0], " ")
    name = _tidy(line.replace("<mailto:", " "))
    if not address and not _is_name(name):
        return None
    return Attendee(name, address, minutes)


def _tidy(name: str) -> str:
    """A name without what services write beside it, on one line."""
    words = " ".join(name.replace("<", " ").replace(">", " ").split()).strip(" ,;|\"'")
    return (_BESIDE.sub("", words) or words)[:LONGEST_NAME].strip()


def _together(people: Iterable[Attendee]) -> tuple[Attendee, ...]:
    """Everybody once: by address, else by name; a row without an address belongs to the one of that name."""
    found: dict[str, Attendee] = {}
    for one in people:
        key = one.address or "name " + folded(one.name)
        if (before := found.get(key)) is not None:
            one = replace(before, name=before.name or one.name, minutes=before.minutes + one.minutes)
        found[key] = one
    named: dict[str, list[str]] = {}
    for key, one in found.items():
        if one.address and one.name:
            named.setdefault(folded(one.name), []).append(key)
    for key, one in list(found.items()):
        same = named.get(folded(one.name), []) if not one.address else []
        if len(same) == 1:
            known = found[same[0]]
            found[same[0]] = replace(known, minutes=known.minutes + one.minutes)
            del found[key]
    return tuple(found.values())
