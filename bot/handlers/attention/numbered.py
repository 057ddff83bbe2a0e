"""Several things in one message: each is a numbered line, its taps carry its number (voice.md, sample 12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import N_
from bot.context import Context
from bot.messages import Button, Reply

MOST_TAPS = 3  # of one line
MOST_IN_ALL = 12
LONGEST_LABEL = 20  # characters on a button
BALLOT = "cast ballot"
OF_SINGLE_ONES = ("later", "stop notices", "notify", "todo")  # what only a message of its own offers


def numbered_taps(ctx: Context, lines: Sequence[Reply], most: int = MOST_IN_ALL) -> tuple[Button, ...]:
    """The taps that settle each line, three at most of one and so many in all, with the line's number in
    front of the label; without it where there is one line only. Each line has one at least: what then is left
    goes to the first lines, and the others have one tap to all that can be answered."""
    every = [_taps_of(line) for line in lines]
    left = most - sum(bool(own) for own in every)
    taps: list[Button] = []
    for at, own in enumerate(every, 1):
        if len(own) - 1 > left:
            own = [_in_one(own)]
        left -= max(0, len(own) - 1)
        taps += own if len(lines) == 1 else [replace(_with_number(ctx, at, tap), beside=True) for tap in own]
    return tuple(taps[:most])


def _taps_of(line: Reply) -> list[Button]:
    own = [tap for tap in line.buttons if tap.command not in OF_SINGLE_ONES]
    ballots = [tap for tap in own if tap.command == BALLOT]
    return [_in_one(own)] if len(ballots) > MOST_TAPS else own[:MOST_TAPS]


def _in_one(own: Sequence[Button]) -> Button:
    """One tap in place of several: to where all the answers stand, so that none is offered before another;
    of what is no choice of answers the first."""
    first, given = own[0], own[0].arguments
    if first.command == BALLOT:
        about = {name: value for name, value in given.items() if name != "choice"}
        return Button(N_("Vote"), "vote", about)
    if first.command == "answer event":
        return Button(N_("Answer"), "event", {"number": given["event"]})
    if first.command == "we did":
        return Button(N_("Answer"), "activity", {"number": given["activity"]})
    return first


def _with_number(ctx: Context, at: int, tap: Button) -> Button:
    """A long label stands right after the number, and is not cut."""
    words = ctx.translate(tap.label)
    label = f"{at} · {words}"
    return replace(tap, label=label if len(label) <= LONGEST_LABEL else f"{at} {words}")
