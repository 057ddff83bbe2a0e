"""How made-up people take a message: they tap what it offers, soon or late, put it off, or forget it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from bot.rules.attention import Waking, next_waking
from bot.simulation.ledger import Line
from bot.simulation.script import Deed

# How likely each of them is to do something about a message; whoever is not named is as likely as not.
DILIGENT: Final[Mapping[str, float]] = MappingProxyType(
    {"Ana": 0.9, "Marie": 0.8, "Luc": 0.6, "Jānis": 0.7, "Giulia": 0.9, "Ola": 0.2, "Yann": 0.4}
)
PUTS_OFF, STOPS = 0.08, 0.01
# What is tapped, and how often of ten times where there is a choice.
TAPS: Final = (
    (("Going", 6), ("Maybe", 2), ("Can't", 2)),
    (("For", 7), ("Against", 2), ("Abstain", 1)),
    (("We did", 9), ("Not us", 1)),
    (("Log it", 8), ("Nothing to log", 2)),
    (("Up to date", 1),),
    (("Still coming", 1),),
    (("Take it", 1),),
    (("Take a seat", 1),),
    (("Approve", 1),),
    (("It took place", 1),),
)


def taken(line: Line, seed: int, waking: Waking) -> Deed | None:
    """What somebody does about a message, and when; None if they forget it."""
    chance = random.Random(f"{seed}:{line.key}")
    if chance.random() > DILIGENT.get(line.name, 0.5):
        return None
    at = _some_time(line.at, chance, waking)
    mood = chance.random()
    labels = [key.label for key in line.keys]
    if mood < STOPS and "Stop these" in labels:
        return Deed(at, line.name, ("[Stop these]",))
    if mood < STOPS + PUTS_OFF and "Later" in labels:
        return Deed(at, line.name, ("[Later]", "[Tomorrow]"))
    words = _answers(labels, chance)
    return Deed(at, line.name, words) if words else None


def _answers(labels: list[str], chance: random.Random) -> tuple[str, ...]:
    words: list[str] = []
    for choices in TAPS:
        there = [(label, weight) for label, weight in choices if label in labels]
        if there:
            [label] = chance.choices([name for name, _ in there], [weight for _, weight in there])
            words.append(f"[{label}]")
    return tuple(words)


def _some_time(at: datetime, chance: random.Random, waking: Waking) -> datetime:
    """Within minutes, or hours, or after days, when they are at work."""
    soon = timedelta(minutes=chance.randrange(1, 90))
    late = timedelta(days=chance.choice((0, 0, 0, 1, 3, 6)))
    return next_waking(at + soon + late, waking) + timedelta(seconds=chance.randrange(600))
