"""The colours of a picture: Okabe and Ito's, which the colour-blind tell apart, each with its own pattern.

The ground is opaque, so a picture reads the same in a dark and in a light theme; parts are outlined, so that
each stands out from the ground with at least 3:1, and letters with 4.5:1 (WCAG 1.4.11 and 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Colour = tuple[int, int, int]
Pattern = Literal["solid", "rising", "falling", "dots", "upright", "empty"]
Ink = Literal["sure", "likely", "ahead", "for", "against", "abstain", "absent", "part", "rest", "mark"]

GROUND: Final[Colour] = (255, 255, 255)
LETTERS: Final[Colour] = (26, 26, 26)
QUIET: Final[Colour] = (74, 74, 74)  # letters of what is said beside
OUTLINE: Final[Colour] = (26, 26, 26)
TRACK: Final[Colour] = (241, 241, 241)  # what of a bar is still empty
FRAME: Final[Colour] = (118, 118, 118)  # around the whole: on a white page it still ends somewhere

BLUE: Final[Colour] = (0, 114, 178)
VERMILLION: Final[Colour] = (213, 94, 0)
GREEN: Final[Colour] = (0, 158, 115)
YELLOW: Final[Colour] = (240, 228, 66)
GREY: Final[Colour] = (110, 110, 110)


@dataclass(frozen=True, slots=True)
class Look:
    """How an ink fills a part: lines or dots of `colour` on `ground`; a solid one has `colour` alone."""

    colour: Colour
    pattern: Pattern
    ground: Colour = GROUND


INKS: Final[dict[Ink, Look]] = {
    "sure": Look(BLUE, "solid"),
    "likely": Look(BLUE, "rising"),
    "ahead": Look(GREY, "dots"),
    "for": Look(BLUE, "solid"),
    "against": Look(VERMILLION, "falling"),
    "abstain": Look(GREY, "dots", YELLOW),
    "absent": Look(GROUND, "empty"),
    "part": Look(GREEN, "solid"),
    "rest": Look(GREY, "upright"),
    "mark": Look(LETTERS, "solid"),
}
