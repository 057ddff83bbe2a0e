"""Lead words: the words that announce an option in typed text, in English and the person's language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.commands.declared import Command, Option
from bot.commands.lead_words import COUNTED, ways_to_say
from bot.commands.tokens import Token
from bot.commands.values import Reading, fold
from bot.messages import ENGLISH

_BEFORE = (
    "for of and the to in at on with from by our a an local more into onto through towards about between "
    "de des les du et pour aux nos di per e il "
    "la gli dei para os as das dos fur und mit von die der dla i w z y con los las un uz voor en van"
)
_AFTER = "and in of for to at on from by are is e et und i y w z en di em"
_SMALL_BEFORE, _SMALL_AFTER = frozenset(_BEFORE.split()), frozenset(_AFTER.split())
_MOST = 40  # lead words looked at in one line, so that a line of nothing else stays cheap


class Lead(NamedTuple):
    """A lead word of `words` words in a line, at word `at`."""

    at: int
    words: int
    option: Option


def leads_in(tokens: Sequence[Token], command: Command, reading: Reading) -> list[Lead]:
    """The lead words in the line (its last forty), whether they count or not."""
    leads = _lead_words(command, reading)
    folded = ["" if token.quoted else fold(token.text).rstrip(":") for token in tokens]
    found = [
        Lead(at, len(words), option)
        for at, word in enumerate(folded)
        if word in leads
        for words, option in leads[word]
        if tuple(folded[at : at + len(words)]) == words
    ]
    return found[-_MOST:]


def counted_in(tokens: Sequence[Token], command: Command, reading: Reading) -> list[tuple[int, Option]]:
    """The places of words that a number stands before, with their options: "12 SMEs"."""
    leads = _lead_words(command, reading)
    words = ["" if token.quoted else fold(token.text).strip(".,;:") for token in tokens]
    return [
        (at, option)
        for at, word in enumerate(words)
        if at and tokens[at - 1].text.isdecimal() and not tokens[at - 1].quoted
        for way, option in leads.get(word, ())
        if len(way) == 1 and COUNTED.intersection(option.kind.lead)
    ]


def held(tokens: Sequence[Token], lead: Lead) -> bool:
    """Whether small words around a lead word hold it in a phrase ("help for SMEs in Riga"): then, for a
    free text, it is no lead word."""
    following = tokens[lead.at + lead.words]
    if lead.at and is_small(tokens[lead.at - 1]):
        return True
    return not following.quoted and following.text in _SMALL_AFTER


def is_small(token: Token) -> bool:
    """Whether the word binds the one after it into a phrase ("of", "for", "the")."""
    return fold(token.text) in _SMALL_BEFORE


_Leads = dict[str, list[tuple[tuple[str, ...], Option]]]


def _lead_words(command: Command, reading: Reading) -> _Leads:
    english = _english_leads(command)
    if reading.language.startswith("en") or not reading.language:
        return english
    leads = {first: list(ways) for first, ways in english.items()}
    for option in command.options:
        for lead in () if option.kind.hidden else option.kind.lead:
            for way in ways_to_say(lead, reading.language):
                _add_lead(leads, way, option)
    return leads


@lru_cache(maxsize=256)
def _english_leads(command: Command) -> _Leads:
    leads: _Leads = {}
    for option in command.options:
        for lead in () if option.kind.hidden else option.kind.lead:
            for way in ways_to_say(lead, ENGLISH):
                _add_lead(leads, way, option)
    return leads


def _add_lead(leads: _Leads, lead: str, option: Option) -> None:
    words = tuple(fold(lead).split())
    if words and (words, option) not in leads.get(words[0], ()):
        leads.setdefault(words[0], []).append((words, option))
