"""Letters: one typeface that comes with the program (Source Sans Pro: Latin, Greek, Cyrillic), and how words
break into lines."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from PIL import ImageFont

Weight = Literal["Regular", "Semibold"]
CUT: Final = "…"
LONGEST: Final = 150  # letters: no line holds as many, and measuring the rest would take its time
_PACKAGE: Final = "font_source_sans_pro"
_NO_LETTER: Final = "\uffff"  # stands for nothing in any typeface


@lru_cache(maxsize=16)
def letters(size: int, weight: Weight = "Regular") -> ImageFont.FreeTypeFont:
    """The typeface in a size (pixels). Raises LookupError where its package is not installed."""
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise LookupError(f"{_PACKAGE} is not installed")
    folder = Path(next(iter(found.submodule_search_locations))) / "files"
    return ImageFont.truetype(folder / f"SourceSansPro-{weight}.ttf", size)


@lru_cache(maxsize=4096)
def has_letter(character: str) -> bool:
    """Whether the typeface knows a character."""
    if character.isspace():
        return True
    font = letters(24)
    return bytes(font.getmask(character)) != _no_letter()


def readable(text: str) -> str:
    """A text on one line, without the characters that the typeface has not: a small picture in a title, or
    another script. What it shows as words has them all."""
    return " ".join("".join(one for one in text if has_letter(one)).split())


def lines(text: str, font: ImageFont.FreeTypeFont, width: float, most: int = 3) -> list[str]:
    """A text broken into lines of at most `width` pixels, the last of `most` cut; a word that is longer than
    a line is broken itself."""
    broken: list[str] = []
    line = ""
    most_letters = readable(text[: LONGEST * most])
    for word in (piece for whole in most_letters.split() for piece in _pieces(whole, font, width)):
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > width:
            broken.append(line)
            line = word
        else:
            line = longer
    broken += [line] if line else []
    if len(broken) <= most:
        return broken
    return [*broken[: most - 1], _shortened(broken[most - 1], font, width)]


def _pieces(word: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    pieces, piece = [], ""
    for letter in word:
        if piece and font.getlength(piece + letter) > width:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def _shortened(line: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    while line and font.getlength(line + CUT) > width:
        line = line[:-1]
    return line.rstrip() + CUT


@lru_cache(maxsize=1)
def _no_letter() -> bytes:
    return bytes(letters(24).getmask(_NO_LETTER))
