"""The options without lead words, filled from the words that are left, in order."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.choosing import OneOf
from bot.commands.declared import Option
from bot.commands.kinds import LongText, Text
from bot.commands.tokens import Token, written
from bot.commands.values import Reading

Placed = dict[str, Sequence[Token]]


def place(order: Sequence[Option], tokens: Sequence[Token], text: str, reading: Reading) -> Placed:
    """Which of `tokens` (a run of the line `text`) belong to which option of `order`.

    A free text takes what the options after it leave; with another free text after it, it takes one word
    or quoted stretch. An option that may be left out is passed over when its words do not fit.
    """
    placed: Placed = {}
    rest = tokens
    for n, option in enumerate(order):
        if not rest:
            break
        later = order[n + 1 :]
        if isinstance(option.kind, Text | LongText):
            if later and not rest[0].quoted and not any(isinstance(o.kind, Text | LongText) for o in later):
                rest = _from_the_end(later, rest, text, reading, placed)
                placed[option.name] = rest
                break
            count = 1 if later else len(rest)
        else:
            count = _leading(option, bool(later), rest, text, reading)
        placed[option.name], rest = rest[:count], rest[count:]
    return placed


def _from_the_end(
    later: Sequence[Option], rest: Sequence[Token], text: str, reading: Reading, placed: Placed
) -> Sequence[Token]:
    """Give the options of `later` their words at the end of `rest`; the first word is never theirs."""
    for option in reversed(later):
        for count in range(min(6, len(rest) - 1), 0, -1):
            if option.kind.plainly(written(text, rest[-count:]), reading):
                placed[option.name], rest = rest[-count:], rest[:-count]
                break
    return rest


def _leading(option: Option, followed: bool, rest: Sequence[Token], text: str, reading: Reading) -> int:
    """How many of the first words are the option's; 0 if it may be left out and they do not fit."""
    kind = option.kind
    if isinstance(kind, OneOf):
        apart = next((n for n, token in enumerate(rest[:6]) if token.quoted and n), 6)
        count = kind.leading([token.text for token in rest[:apart]], reading)
    else:
        runs = range(min(8, len(rest)), 0, -1)
        count = next((n for n in runs if kind.plainly(written(text, rest[:n]), reading)), 0) or next(
            (n for n in runs if kind.follows(written(text, rest[:n]), reading)), 0
        )
    if not followed:  # the last one takes all, so that words that fit nowhere are not lost in silence
        return len(rest)
    return count or int(option.required)
