"""Typed words, sorted into a command's options.

A lead word ("with", "on") counts only if what follows it, up to the next lead word or the end, reads as its
option; a day phrase at the end or before a lead word needs none; quoted words are never taken apart. The
rest fills the options without lead words in order. Nothing is refused here: what is not understood stays
as it was written, and `fill` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.commands import days, moments
from bot.commands.declared import Command, Option
from bot.commands.kinds import Day, LongText, Moment, Text
from bot.commands.leads import Lead, held, is_small, leads_in
from bot.commands.naming import Organisations
from bot.commands.placing import Placed, place
from bot.commands.tokens import Token, tokens_of, written
from bot.commands.values import N_, Reading, Typed
from bot.messages import Ask, Choice

_HANGING = " ,;–—-"  # left over when a day or a lead word is cut off behind it


class _Doubt(NamedTuple):
    phrase: str
    day: date
    title: Sequence[Token]  # with the phrase
    short: str  # without it


class _Line:
    """One typed line while it is sorted: its words, what was found so far, and where the rest ends."""

    def __init__(self, command: Command, text: str, reading: Reading) -> None:
        self.text, self.reading, self.tokens = text, reading, tokens_of(text)
        self.positional, self.when = _order(command)
        self.needed = sum(option.required for option in self.positional)
        self.titled = any(isinstance(option.kind, Text | LongText) for option in self.positional)
        self.leads = leads_in(self.tokens, command, reading)
        self.found: dict[str, str] = {}
        self.end = len(self.tokens)

    @property
    def open_day(self) -> Option | None:
        """The option that a day phrase without a lead word would fill, while it is not filled."""
        return self.when if self.when and self.when.name not in self.found else None

    def set(self, option: Option, tokens: Sequence[Token]) -> None:
        words = written(self.text, tokens)
        self.found[option.name] = option.kind.canonical(words, self.reading)

    def place(self, end: int) -> Placed:
        order = [option for option in self.positional if option.name not in self.found]
        return place(order, self.tokens[:end], self.text, self.reading)


def read(command: Command, text: str, reading: Reading) -> Typed:
    """Sort typed `text` (the words after the command's name) by option. `doubt` is the one question worth
    asking: whether a phrase is the day or part of the title."""
    line = _Line(command, text, reading)
    for lead in reversed(line.leads):
        if lead.at + lead.words < line.end and _take(line, lead):
            line.end = lead.at
    if not line.positional:
        _take_what_is_left(line)
    doubted = _take_trailing_day(line)
    placed = line.place(line.end)
    doubt = (doubted and _doubt_at_end(line, placed, *doubted)) or _doubt_inside(line, placed)
    cut = line.end < len(line.tokens)
    for option in line.positional:
        if option.name in placed:
            line.found[option.name] = _argument(line, option, placed[option.name], cut)
    arguments = {
        option.name: line.found[option.name] for option in command.options if line.found.get(option.name)
    }
    if doubt is None or line.when is None:
        return Typed(arguments)
    title = next(option for option in line.positional if placed.get(option.name) is doubt.title)
    full, arguments[title.name] = arguments[title.name], doubt.short
    return Typed(arguments, _ask(line.when, title, full, doubt, reading))


def _take(line: _Line, lead: Lead) -> bool:
    """Fill the lead word's option from what follows it, if that reads as it."""
    # A free text reads as anything, so its lead word leaves the required options a word each.
    option, segment = lead.option, line.tokens[lead.at + lead.words : line.end]
    several = isinstance(option.kind, Organisations)
    before = line.found.get(option.name)
    if before is not None and not several:
        return False
    free = isinstance(option.kind, Text | LongText)
    if free and (lead.at < line.needed or (line.titled and held(line.tokens, lead))):
        return False
    day = line.open_day
    if day is not None and day is not option and (found := _trailing(line, segment, day)):
        count, sure = found
        rest = segment[:-count]
        if rest and (sure or not free) and option.kind.follows(written(line.text, rest), line.reading):
            line.set(day, segment[-count:])
            segment = rest
    if not option.kind.follows(written(line.text, segment), line.reading) and not _settled_before(line, lead):
        return False
    line.set(option, segment)
    if before:
        line.found[option.name] = f"{line.found[option.name]},{before}"
    return True


def _settled_before(line: _Line, lead: Lead) -> bool:
    """Whether the words right before a lead word are another option's, so that what follows it can't be
    the title's: "on 12 May with Fooland" names an organisation, if one that nobody knows."""
    for other in line.leads:
        start = other.at + other.words
        if start >= lead.at or other.option is lead.option or isinstance(other.option.kind, Text | LongText):
            continue
        if other.option.kind.follows(written(line.text, line.tokens[start : lead.at]), line.reading):
            return True
    day = line.open_day
    if day is None or day is lead.option:
        return False
    found = _trailing(line, line.tokens[: lead.at], day)
    return found is not None and found[1]


def _take_what_is_left(line: _Line) -> None:
    """Where nothing else could take the words, a lead word counts whatever follows, so that they are not
    lost in silence ("indicators of Nobody")."""
    lead = next((lead for lead in line.leads if lead.at + lead.words < line.end), None)
    if lead is not None and lead.option.name not in line.found:
        line.set(lead.option, line.tokens[lead.at + lead.words : line.end])
        line.end = lead.at


def _trailing(line: _Line, tokens: Sequence[Token], option: Option) -> tuple[int, bool] | None:
    """How many of the last words are a day (or moment) for `option`, and whether that is sure."""
    words: list[str] = []
    for token in reversed(tokens[-days.LONGEST - 3 :]):
        if token.quoted:
            break
        words.insert(0, token.text)
    if isinstance(option.kind, Moment) and (
        count := moments.trailing_moment(words, option.kind.direction, line.reading)
    ):
        return count, True
    if isinstance(option.kind, Day | Moment) and (
        found := days.trailing_day(words, option.kind.direction, line.reading)
    ):
        count, phrase = found
        bound = len(tokens) > count and is_small(tokens[-count - 1])  # "factory of tomorrow", "by Friday"
        if not bound or any(sign.isdigit() for word in words[-count:] for sign in word):
            return count, phrase.sure
        return (count, False) if phrase.sure else None
    return None


def _take_trailing_day(line: _Line) -> tuple[Option, int] | None:
    """Take a sure day phrase off the end of what is left. One in doubt stays: its option and length."""
    option = line.open_day
    if option is None or not (found := _trailing(line, line.tokens[: line.end], option)):
        return None
    count, sure = found
    if not sure:
        return option, count
    line.set(option, line.tokens[line.end - count : line.end])
    line.end -= count
    return None


def _title(line: _Line, placed: Placed) -> Sequence[Token]:
    """The words of the free text that ends what is left, if one does."""
    for option in line.positional:
        tokens = placed.get(option.name, ())
        if isinstance(option.kind, Text | LongText) and tokens and tokens[-1] is line.tokens[line.end - 1]:
            return tokens
    return ()


def _doubt_at_end(line: _Line, placed: Placed, option: Option, count: int) -> _Doubt | None:
    title = _title(line, placed)
    if len(title) <= count or not isinstance(option.kind, Day):
        return None
    phrase = written(line.text, title[-count:])
    day = days.day_in(phrase, option.kind.direction, line.reading)
    return _Doubt(phrase, day, title, _cut(line.text, title[:-count])) if day else None


def _doubt_inside(line: _Line, placed: Placed) -> _Doubt | None:
    """A lead word and a day in the middle of a title: "Pumps on 12 May in Riga"."""
    option, title = line.open_day, _title(line, placed)
    if option is None or not title or not isinstance(option.kind, Day):
        return None
    first = line.end - len(title)
    for lead in line.leads:
        start = lead.at + lead.words - first
        if lead.option is not option or lead.at <= first or start >= len(title):
            continue
        for count in range(min(days.LONGEST, len(title) - start), 0, -1):
            words = [token.text for token in title[start : start + count] if not token.quoted]
            phrase = days.day_phrase(words, option.kind.direction, line.reading)
            if phrase and phrase.sure and phrase.day and len(words) == count:
                short = [
                    _cut(line.text, title[: lead.at - first]),
                    written(line.text, title[start + count :]),
                ]
                return _Doubt(" ".join(words), phrase.day, title, " ".join(filter(None, short)))
    return None


def _ask(when: Option, title: Option, full: str, doubt: _Doubt, reading: Reading) -> Ask:
    spoken = days.spoken_day(doubt.day, reading)
    yes = reading.translate(N_("Yes, {day}")).replace("{day}", spoken)
    choices = (
        Choice(yes, {when.name: doubt.day.isoformat(), title.name: doubt.short}),
        Choice(N_("Part of the title"), {title.name: full, when.name: ""}),
    )
    return Ask(when.name, "day_doubt", choices, free=False, phrase=doubt.phrase, day=doubt.day)


def _argument(line: _Line, option: Option, tokens: Sequence[Token], cut: bool) -> str:
    if not isinstance(option.kind, Text | LongText):
        return option.kind.canonical(written(line.text, tokens), line.reading)
    return _cut(line.text, tokens) if cut else written(line.text, tokens)


def _cut(text: str, tokens: Sequence[Token]) -> str:
    words = written(text, tokens)
    return words if tokens and tokens[-1].quoted else words.rstrip(_HANGING)


@lru_cache(maxsize=256)
def _order(command: Command) -> tuple[tuple[Option, ...], Option | None]:
    """The options without lead words, and the one that a bare day phrase fills."""
    visible = [option for option in command.options if not option.kind.hidden]
    positional = tuple(option for option in visible if not option.kind.lead)
    dated = [option for option in visible if isinstance(option.kind, Day | Moment)]
    when = next((option for option in dated if not option.kind.lead), dated[0] if dated else None)
    return positional, when
