"""The year in lines: one for each message, a heading and a count for each month, and the worst week."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from bot.rules.attention import week_of
from bot.simulation.ledger import Line

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
LONGEST = 64  # letters of what a message says
_MARKS = re.compile(r"[*_`\\]|\[(?=[^\]]*\]\()|\]\([^)]*\)")


def timeline(lines: Sequence[Line]) -> Iterator[str]:
    """What was said, month by month, as people can read it."""
    for month in range(1, 13):
        these = [line for line in lines if line.local.month == month]
        if these:
            yield f"{MONTHS[month - 1]} {these[0].local.year}"
            yield from map(_line, these)
            yield f"{_messages(len(these))}, {sum(line.counted for line in these)} of them counted."
            yield ""
    yield worst_week(lines)


def worst_week(lines: Iterable[Line]) -> str:
    """The week in which most messages that counted came to one person."""
    weeks: dict[tuple[date, str], Counter[bool]] = defaultdict(Counter)
    for line in lines:
        weeks[week_of(line.at, line.zone), line.name][line.counted] += 1
    if not weeks:
        return "Nobody was told anything."
    (monday, name), worst = max(weeks.items(), key=lambda one: (one[1][True], one[1].total()))
    says = f"{_messages(worst[True])} that counted, {worst.total()} in all"
    return f"Worst week of anybody: {name}, {_days(monday)}: {says}."


def first_line(text: str) -> str:
    """The first line of a message as it reads, not too long."""
    line = _MARKS.sub("", next((line for line in text.splitlines() if line.strip()), ""))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _line(line: Line) -> str:
    local = line.local
    when = f"{local:%a} {local.day:>2} {MONTHS[local.month - 1][:3]} {local:%H:%M}"
    counted = "counts" if line.counted else "put off till now" if line.asked else ""
    notes = ", ".join(filter(None, (counted, f"{len(line.folded)} folded" if line.folded else "")))
    row = f"{when}  {line.name:<8} {line.platform:<8}  {line.kind:<21}  {first_line(line.text)}"
    return f"{row}  ({notes})" if notes else row


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _days(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    begins = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {MONTHS[monday.month - 1]}"
    return f"{begins}–{sunday.day} {MONTHS[sunday.month - 1]}"
