"""Several things in one message: each is a numbered line, its taps carry its number (voice.md, sample 12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.context import Context
from bot.messages import Button, Reply

MOST_TAPS = 3  # of one line
MOST_IN_ALL = 12
LONGEST_LABEL = 20  # characters on a button
OF_SINGLE_ONES = ("later", "stop notices", "notify", "todo")  # what only a message of its own offers


def numbered_taps(ctx: Context, lines: Sequence[Reply], most: int = MOST_IN_ALL) -> tuple[Button, ...]:
    """The taps that settle each line, three at most of one and so many in all, with the line's number in
    front of the label; without it where there is one line only."""
    taps: list[Button] = []
    for at, line in enumerate(lines, 1):
        own = [tap for tap in line.buttons if tap.command not in OF_SINGLE_ONES][:MOST_TAPS]
        taps += own if len(lines) == 1 else [replace(_with_number(ctx, at, tap), beside=True) for tap in own]
    return tuple(taps[:most])


def _with_number(ctx: Context, at: int, tap: Button) -> Button:
    label = f"{at} · {ctx.translate(tap.label)}"
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1].rstrip() + "…"
    return replace(tap, label=label)
