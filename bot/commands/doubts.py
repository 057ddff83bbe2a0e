"""The one question worth asking about a typed line: is a phrase the day, or part of the title?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.commands import day_doubts, days
from bot.commands.declared import Option
from bot.commands.kinds import Day
from bot.commands.line import Attempt, Line, free, without_hanging
from bot.commands.placing import Placed
from bot.commands.tokens import Token, written
from bot.commands.values import Reading
from bot.messages import N_, Ask, Choice


class Doubt(NamedTuple):
    """A phrase that may be the day or part of `title`, which is `full` with it and `short` without. No
    `day`: it looks like one, but the calendar has none. No `title`: it can't be part of it."""

    phrase: str
    day: date | None
    title: Option | None
    full: str = ""
    short: str = ""


def find(line: Line, placed: Placed, at_end: tuple[int, date] | None) -> Doubt | None:
    """What is in doubt; `at_end`: how many of the last words may be the day, and which."""
    if line.attempt:
        return _attempted(line, placed, line.attempt)
    return (at_end and _at_end(line, placed, *at_end)) or _inside(line, placed)


def question(line: Line, doubt: Doubt | None) -> Ask | None:
    """The question that settles it, with a tap for each answer."""
    when, reading = line.when, line.reading
    if when is None:
        return None
    if doubt is not None:
        return _ask(when, doubt, reading)
    one, other = line.other_day, line.found.get(when.name, "")
    if one and one != other:
        return day_doubts.which_day(when.name, date.fromisoformat(one), date.fromisoformat(other), reading)
    return None


def _ask(when: Option, doubt: Doubt, reading: Reading) -> Ask:
    title: tuple[Choice, ...] = ()
    if doubt.title:
        title = (Choice(N_("Part of the title"), {doubt.title.name: doubt.full, when.name: ""}),)
    if doubt.day is None:
        return Ask(when.name, "refusals/day_unclear", title, text=doubt.phrase[:80], kept=True)
    yes = reading.translate(N_("Yes, {day}")).replace("{day}", days.spoken_day(doubt.day, reading))
    found = {when.name: doubt.day.isoformat(), **({doubt.title.name: doubt.short} if doubt.title else {})}
    return Ask(
        when.name, "day_doubt", (Choice(yes, found), *title), free=False, phrase=doubt.phrase, day=doubt.day
    )


def _last(line: Line, placed: Placed) -> tuple[Option, Sequence[Token]] | None:
    """The free text that ends what is left, if one does."""
    for option in line.positional:
        tokens = placed.get(option.name, ())
        if free(option) and tokens and tokens[-1] is line.tokens[line.end - 1]:
            return option, tokens
    return None


def _at_end(line: Line, placed: Placed, count: int, day: date) -> Doubt | None:
    found = _last(line, placed)
    if found is None or len(found[1]) <= count or line.when is None or not isinstance(line.when.kind, Day):
        return None
    option, title = found
    full = without_hanging(line.text, title) if line.end < len(line.tokens) else written(line.text, title)
    phrase = written(line.text, title[-count:])
    return Doubt(phrase, day, option, full, without_hanging(line.text, title[:-count]))


def _attempted(line: Line, placed: Placed, attempt: Attempt) -> Doubt:
    found = _last(line, placed)
    if found is None or found[1][-1] is not line.tokens[attempt.at - 1]:
        return Doubt(attempt.phrase, attempt.day, None)
    option, title = found
    full = without_hanging(line.text, [*title, *line.tokens[attempt.at : attempt.end]])
    return Doubt(attempt.phrase, attempt.day, option, full, without_hanging(line.text, title))


def _inside(line: Line, placed: Placed) -> Doubt | None:
    """A lead word and a day in the middle of a title: "Pumps on 12 May in Riga"."""
    when, found = line.open_day, _last(line, placed)
    if when is None or found is None or not isinstance(when.kind, Day):
        return None
    option, title = found
    first = line.end - len(title)
    for lead in line.leads:
        start = lead.at + lead.words - first
        if lead.option is not when or lead.at < first or start >= len(title):
            continue
        for count in range(min(days.LONGEST, len(title) - start), 0, -1):
            words = [token.text for token in title[start : start + count] if not token.quoted]
            phrase = days.day_phrase(words, when.kind.direction, line.reading)
            if phrase and phrase.sure and phrase.day and len(words) == count:
                ends = without_hanging(line.text, title[: lead.at - first])
                short = " ".join(filter(None, (ends, written(line.text, title[start + count :]))))
                full = written(line.text, title)
                return Doubt(" ".join(words), phrase.day, option, full, short) if short else None
    return None
