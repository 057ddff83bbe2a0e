"""Typed words, sorted into a command's options.

A lead word ("with", "on") counts only if what follows it, up to the next lead word or the end, reads as its
option; a day phrase at the end or before a lead word needs none; quoted words are never taken apart. The
rest fills the options without lead words in order. Nothing is refused here: what is not understood stays
as it was written, and `fill` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.commands import day_doubts, days, doubts, moments
from bot.commands.ahead import take_ahead, take_place, without_about
from bot.commands.declared import Command, Option
from bot.commands.kinds import Day, Moment, Text
from bot.commands.leads import Lead, held, is_small
from bot.commands.line import Attempt, Line, free, without_hanging
from bot.commands.naming import Organisations
from bot.commands.tokens import Token, written
from bot.commands.values import Reading, Typed


def read(command: Command, text: str, reading: Reading, given: Mapping[str, str] | None = None) -> Typed:
    """Sort typed `text` (the words after the command's name) by option; those `given` before stay as they
    are. `doubt` is the one question worth asking: which day is meant, or whether a phrase is the day at all.
    `left` is what fits nowhere."""
    line = Line(command, text, reading, given or {})
    take_ahead(line)
    take_place(line)
    for lead in reversed(line.leads):
        if lead.at + lead.words < line.end and _take(line, lead):
            line.end = lead.at
    if not line.positional:
        _take_what_is_left(line)
    doubted = _take_trailing_day(line)
    placed = line.place(line.end)
    left = _fill_what_is_empty(line, line.tokens[sum(map(len, placed.values())) : line.end])
    without_about(line, placed)
    doubt = doubts.find(line, placed, doubted)
    cut = line.end < len(line.tokens)
    for option in line.positional:
        if option.name in placed:
            line.found[option.name] = _argument(line, option, placed[option.name], cut)
    asked = doubts.question(line, doubt)
    if doubt and doubt.title:
        line.found[doubt.title.name] = doubt.short
    if doubt and line.when:  # kept with the draft, so that going on without an answer asks again
        line.found[line.when.name] = doubt.day.isoformat() if doubt.day else doubt.phrase
    arguments = {
        option.name: line.found[option.name] for option in command.options if line.found.get(option.name)
    }
    return Typed(arguments, asked, left)


def takes_a_line(option: Option) -> bool:
    """Whether the answer to the question for `option` may say the rest as well, as a typed line does:
    "LCA clinic with CIMES yesterday"."""
    kind = option.kind
    return option.required and isinstance(kind, Text) and not kind.lead and not kind.hidden


def _take(line: Line, lead: Lead) -> bool:
    """Fill the lead word's option from what follows it, if that reads as it."""
    # A free text reads as anything, so its lead word leaves the required options a word each.
    option, segment = lead.option, line.tokens[lead.at + lead.words : line.end]
    several = isinstance(option.kind, Organisations)
    before = line.found.get(option.name)
    if before is not None and not several:
        return _is_other_day(line, option, segment)
    if free(option) and (lead.at < line.needed or (line.titled and held(line.tokens, lead))):
        return False
    day = line.open_day
    if day is not None and day is not option and (found := _trailing(line, segment, day)):
        count, sure = found
        rest = segment[:-count]
        if (
            rest
            and (sure or not free(option))
            and option.kind.follows(written(line.text, rest), line.reading)
        ):
            line.set(day, segment[-count:])
            segment = rest
    elif (
        day is not None
        and day is not option
        and (slip := _slipped(line, segment, day) or _missing(line, segment, day))
    ):
        rest = segment[: -slip[0]]
        if rest and not free(option) and option.kind.follows(written(line.text, rest), line.reading):
            phrase = written(line.text, segment[-slip[0] :])
            line.attempt = Attempt(line.end - slip[0], line.end, phrase, slip[1])
            line.found[day.name], segment = phrase, rest
    if not option.kind.follows(written(line.text, segment), line.reading):
        if _is_attempt(line, lead, segment):
            return True
        if not _settled_before(line, lead):
            return False
    line.set(option, segment)
    if before:
        line.found[option.name] = f"{line.found[option.name]},{before}"
    return True


def _is_other_day(line: Line, option: Option, segment: Sequence[Token]) -> bool:
    """Whether a second day is named: "on 3 May on 5 May"."""
    if not isinstance(option.kind, Day) or option is not line.when or line.attempt:
        return False
    try:
        settled = date.fromisoformat(line.found[option.name])
    except ValueError:
        return False
    day = days.day_in(written(line.text, segment), option.kind.direction, line.reading)
    if day is not None and day != settled:
        line.other_day = day.isoformat()
    return day is not None


def _is_attempt(line: Line, lead: Lead, segment: Sequence[Token]) -> bool:
    """Whether the words after a lead word are meant as a day and miss it: "on 5 juin", "on yesterdy"."""
    option, words = lead.option, [token.text for token in segment]
    if not isinstance(option.kind, Day) or option is not line.when or any(token.quoted for token in segment):
        return False
    slip = day_doubts.slipped_day(words, option.kind.direction, line.reading)
    day = slip[1] if slip and slip[0] == len(words) else None
    if day is None and not day_doubts.attempted(words):
        return False
    line.attempt = Attempt(lead.at, line.end, written(line.text, segment), day)
    line.found[option.name] = line.attempt.phrase
    return True


def _settled_before(line: Line, lead: Lead) -> bool:
    """Whether the words right before a lead word are another option's, so that what follows it can't be
    the title's: "on 12 May with Fooland" names an organisation, if one that nobody knows."""
    for other in line.leads:
        start = other.at + other.words
        if start >= lead.at or other.option is lead.option or free(other.option):
            continue
        between = line.tokens[start : lead.at]
        if other.option.kind.follows(written(line.text, between), line.reading):
            return True
        if isinstance(other.option.kind, Day) and day_doubts.attempted([token.text for token in between]):
            return True
    day = line.open_day
    if day is None or day is lead.option:
        return False
    found = _trailing(line, line.tokens[: lead.at], day)
    return found is not None and found[1]


def _take_what_is_left(line: Line) -> None:
    """Where nothing else could take the words, a lead word counts whatever follows, so that they are not
    lost in silence ("indicators of Nobody")."""
    lead = next((lead for lead in line.leads if lead.at + lead.words < line.end), None)
    if lead is not None and lead.option.name not in line.found:
        line.set(lead.option, line.tokens[lead.at + lead.words : line.end])
        line.end = lead.at


def _fill_what_is_empty(line: Line, rest: Sequence[Token]) -> str:
    """Give words that no option took to the one empty option that they plainly are ("indicators 2025");
    what still fits nowhere."""
    if not rest:
        return ""
    words = written(line.text, rest)
    fitting = [
        option
        for option in line.command.options
        if option.kind.lead and not option.kind.hidden and not free(option) and option.name not in line.found
        if option.kind.plainly(words, line.reading)
    ]
    if len(fitting) != 1:
        return words
    line.set(fitting[0], rest)
    return ""


def _trailing(line: Line, tokens: Sequence[Token], option: Option) -> tuple[int, bool] | None:
    """How many of the last words are a day (or moment) for `option`, and whether that is sure."""
    words: list[str] = []
    for token in reversed(tokens[-days.SEVERAL - 3 :]):
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


def _take_trailing_day(line: Line) -> tuple[int, date] | None:
    """Take a sure day phrase off the end of what is left. One in doubt stays: its length and its day."""
    option = line.open_day
    if option is None:
        return None
    tokens = line.tokens[: line.end]
    if found := _trailing(line, tokens, option):
        count, sure = found
        if sure:
            line.set(option, tokens[-count:])
            line.end -= count
            return None
        words = written(line.text, tokens[-count:])
        day = (
            days.day_in(words, option.kind.direction, line.reading) if isinstance(option.kind, Day) else None
        )
        return (count, day) if day else None
    if missed := _missing(line, tokens, option):
        at = line.end - missed[0]
        line.attempt = Attempt(at, line.end, written(line.text, tokens[at:]), None)
        line.found[option.name], line.end = line.attempt.phrase, at
        return None
    return _slipped(line, tokens, option)


def _missing(line: Line, tokens: Sequence[Token], option: Option) -> tuple[int, None] | None:
    """A day at the end that no calendar has, behind something: "Pumps 32 November"."""
    ending = tokens[-3:]
    words = [token.text for token in ending]
    if not isinstance(option.kind, Day) or any(token.quoted for token in ending):
        return None
    count = day_doubts.no_such_day(words, line.reading.language)
    return (count, None) if 0 < count < len(tokens) else None


def _slipped(line: Line, tokens: Sequence[Token], option: Option) -> tuple[int, date] | None:
    """A mistyped day at the end: "Pumps yesterdy"."""
    words = [token.text for token in tokens[-days.LONGEST :]]
    if not isinstance(option.kind, Day) or any(token.quoted for token in tokens[-days.LONGEST :]):
        return None
    found = day_doubts.slipped_day(words, option.kind.direction, line.reading)
    if found is None or (len(tokens) > found[0] and is_small(tokens[-found[0] - 1])):
        return None
    return found


def _argument(line: Line, option: Option, tokens: Sequence[Token], cut: bool) -> str:
    if not free(option):
        return option.kind.canonical(written(line.text, tokens), line.reading)
    return without_hanging(line.text, tokens) if cut else written(line.text, tokens)
