"""One typed line while it is sorted into options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.commands.declared import Command, Option
from bot.commands.kinds import Day, LongText, Moment, Text
from bot.commands.leads import leads_in
from bot.commands.placing import Placed, place
from bot.commands.tokens import Token, tokens_of, written
from bot.commands.values import Reading

_HANGING = " ,;–—-"  # left over when a day or a lead word is cut off behind it


class Attempt(NamedTuple):
    """Words after a lead word that look like a day and are none, or one with a slip (then with its day);
    `at` and `end` are places in the line, the lead word included."""

    at: int
    end: int
    phrase: str
    day: date | None


class Line:
    """The words of a line, what was found so far, and where the rest ends."""

    def __init__(self, command: Command, text: str, reading: Reading, given: Mapping[str, str]) -> None:
        self.command, self.reading = command, reading
        order, self.when = _order(command)
        self.positional = tuple(option for option in order if option.name not in given)
        self.needed = sum(option.required for option in self.positional)
        self.titled = any(isinstance(option.kind, Text | LongText) for option in self.positional)
        self.found = dict(given)
        self.other_day = ""  # a second day that was named with a lead word
        self.attempt: Attempt | None = None
        self.rewrite(text)

    def rewrite(self, text: str) -> None:
        """Take `text` for the line from now on."""
        self.text, self.tokens = text, tokens_of(text)
        self.leads = leads_in(self.tokens, self.command, self.reading)
        self.end = len(self.tokens)

    def cut(self, start: int, end: int) -> None:
        """Take the words from `start` to `end` out of the line, with a comma before them."""
        before, after = (
            self.text[: self.tokens[start].start].rstrip(_HANGING),
            self.text[self.tokens[end - 1].end :],
        )
        self.rewrite(f"{before} {after}".strip())

    @property
    def open_day(self) -> Option | None:
        """The option that a day phrase without a lead word would fill, while it is not filled."""
        return self.when if self.when and self.when.name not in self.found else None

    def set(self, option: Option, tokens: Sequence[Token]) -> None:
        """Fill `option` from `tokens`."""
        words = written(self.text, tokens)
        self.found[option.name] = option.kind.canonical(words, self.reading)

    def place(self, end: int) -> Placed:
        """The words before `end`, by the options that need no lead word."""
        order = [option for option in self.positional if option.name not in self.found]
        return place(order, self.tokens[:end], self.text, self.reading)


def free(option: Option) -> bool:
    """Whether any words at all read as the option."""
    return isinstance(option.kind, Text | LongText)


def without_hanging(text: str, tokens: Sequence[Token]) -> str:
    """The words as they were written, without the comma or dash that something cut off left behind."""
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
