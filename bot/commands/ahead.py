"""What people say before the title: "12 May workshop ...", "workshop with MecaTech ...", "3 SMEs coached"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import days
from bot.commands.choosing import OneOf
from bot.commands.declared import Option
from bot.commands.kinds import Day, Text
from bot.commands.lead_words import WE, ways_to_say
from bot.commands.leads import counted_in, is_small
from bot.commands.line import Line, free
from bot.commands.moments import trailing_moment
from bot.commands.naming import OneOrganisation, Organisations
from bot.commands.placing import Placed
from bot.commands.tokens import Token, written
from bot.commands.values import fold

KIND, WHERE = "kind", "where"
ONLINE = ("online", "tiessaiste")
_SENTENCE = 10  # words, of "we have held a policy workshop on ..."
_LONGEST_NAMES = 12  # words of a list of organisations
_JOINS = ("&", "+")


def take_ahead(line: Line) -> None:
    """Take out of `line` what stands before its title and is plainly another option; only where a kind and
    a title are said in a row."""
    if not line.titled and line.positional:
        _take_counted(line)
    if not line.titled:
        return
    _take_sentence(line)
    if not isinstance(line.positional[0].kind, OneOf):
        return
    _take_counted(line)
    while _take_lead(line, 0) or _take_day(line) or _take_lead(line, _kind_words(line, 0)):
        pass


def without_about(line: Line, placed: Placed) -> None:
    """ "webinar on hydrogen": the word between the kind and its title belongs to neither."""
    for before, option in zip(line.positional, line.positional[1:], strict=False):
        title = placed.get(option.name, ())
        follows = before.name == KIND and placed.get(KIND) and free(option)
        if follows and len(title) > 1 and title[0].text.islower() and _is_about(line, title[0]):
            placed[option.name] = title[1:]


def take_place(line: Line) -> None:
    """ "3 December 14:00 online": behind a day, a link or "online" says where, without a lead word."""
    where, last = line.command.option(WHERE), line.end - 1
    if where is None or where.name in line.found or last < 1 or not isinstance(where.kind, Text):
        return
    said, when = line.tokens[last].text, line.open_day
    if when is None or not (fold(said) in ONLINE or said.startswith(("http://", "https://"))):
        return
    words = [token.text for token in line.tokens[:last]]
    day = days.trailing_day(words, "future", line.reading)
    if trailing_moment(words, "future", line.reading) or (day and day[1].sure):
        line.set(where, line.tokens[last : line.end])
        line.end = last


def _take_sentence(line: Line) -> None:
    """ "We did a workshop on pumps" is a kind and a title; where the kind is known, a title."""
    option = line.command.option(KIND)
    tokens = line.tokens[:_SENTENCE]
    about = next((at for at, token in enumerate(tokens[:-1]) if _is_about(line, token)), 0)
    if option is None or not isinstance(option.kind, OneOf) or not about or fold(tokens[0].text) not in WE:
        return
    for at in range(1, about):
        if option.kind.exactly(" ".join(token.text for token in tokens[at:about]), line.reading):
            line.cut(0, about + 1 if KIND in line.found else at)
            return


def _is_about(line: Line, token: Token) -> bool:
    ways = ways_to_say("about", line.reading.language)
    return not token.quoted and fold(token.text) in {fold(way) for way in ways}


def _take_counted(line: Line) -> None:
    """ "3 SMEs coached", "Moulds, 12 SMEs, on 3 May": a number before the word is how many there were."""
    for at, option in counted_in(line.tokens, line.command, line.reading):
        first = at - 1 == _kind_words(line, 0)
        bound = not first and is_small(line.tokens[at - 2])  # "help for 3 SMEs in Riga"
        following = line.tokens[at + 1 :]
        if not bound and (_stands_alone(line, at) or (first and _goes_on(following))):
            line.set(option, line.tokens[at - 1 : at])
            line.cut(at - 1, at + 1)
            return


def _stands_alone(line: Line, at: int) -> bool:
    following = line.tokens[at + 1 :]
    if not following or line.tokens[at].text[-1] in ",.;" or any(one.at == at + 1 for one in line.leads):
        return True
    end = next((one.at for one in line.leads if one.at > at), len(line.tokens))
    return _sure_day(line, line.tokens[at + 1 : end])


def _goes_on(following: Sequence[Token]) -> bool:
    """Whether a title in small letters follows, not a list of names."""
    return following[0].text[0].islower() and not any("," in token.text for token in following[:3])


def _kind_words(line: Line, start: int) -> int:
    kind = line.positional[0].kind
    words = [token.text for token in line.tokens[start : start + 6] if not token.quoted]
    return kind.leading(words, line.reading) if isinstance(kind, OneOf) and words else 0


def _take_lead(line: Line, at: int) -> bool:
    """A lead word at word `at`, with as many words as are plainly its option."""
    lead = next((one for one in line.leads if one.at == at), None)
    if lead is None or lead.option.name in line.found:
        return False
    start = at + lead.words
    for count in range(min(_LONGEST_NAMES, len(line.tokens) - start - 1), 0, -1):
        if _plainly(line, lead.option, line.tokens[start : start + count]):
            return _ends_there(line, start + count) and _take_out(line, lead.option, at, start, start + count)
    return False


def _plainly(line: Line, option: Option, tokens: Sequence[Token]) -> bool:
    if isinstance(option.kind, Day):
        return _sure_day(line, tokens)
    named = isinstance(option.kind, OneOrganisation | Organisations)
    return named and option.kind.plainly(written(line.text, tokens), line.reading)


def _ends_there(line: Line, end: int) -> bool:
    """Whether a title can begin at `end`: no list and no phrase goes on there."""
    if any(one.at == end for one in line.leads):
        return True
    following = line.tokens[end]
    return not (line.tokens[end - 1].text.endswith(",") or is_small(following) or following.text in _JOINS)


def _take_day(line: Line) -> bool:
    """A day before the kind: "12 May workshop ..."."""
    day = line.open_day
    if day is None or not isinstance(day.kind, Day):
        return False
    for count in range(min(days.SEVERAL, len(line.tokens) - 1), 0, -1):
        if _sure_day(line, line.tokens[:count]):
            return _kind_words(line, count) > 0 and _take_out(line, day, 0, 0, count)
    return False


def _sure_day(line: Line, tokens: Sequence[Token]) -> bool:
    if line.when is None or not isinstance(line.when.kind, Day) or any(token.quoted for token in tokens):
        return False
    phrase = days.day_phrase([token.text for token in tokens], line.when.kind.direction, line.reading)
    return phrase is not None and phrase.sure and phrase.day is not None


def _take_out(line: Line, option: Option, at: int, start: int, end: int) -> bool:
    line.set(option, line.tokens[start:end])
    line.cut(at, end)
    return True
