"""Where everything stands in a picture: a chart becomes words, boxes and marks with their places, in pixels.

A picture is 1200 pixels wide and shown at 400 on a phone: its smallest letters, 42 high, are 14 there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PIL import ImageFont

from bot.pictures.inks import LETTERS, QUIET, Colour, Ink
from bot.pictures.lettering import Weight, letters, lines, readable
from bot.pictures.values import Bar, Chart, Mark

WIDTH: Final = 1200
EDGE: Final = 56
INNER: Final = WIDTH - 2 * EDGE
TITLE: Final = 60  # sizes of letters
LABEL: Final = 46
SMALL: Final = 42
BAR: Final = 62  # how high a bar is
OVER: Final = 14  # how far a mark stands out of it
GAP: Final = 14
BETWEEN: Final = 44
SWATCH: Final = 52
SLIM: Final = 20  # how much room the sign of a mark takes in the legend
HALF: Final = 4  # of the width of a mark
APART: Final = 36  # one name of the legend from the next


@dataclass(frozen=True, slots=True)
class Words:
    """A line of letters; `y` is its top."""

    x: float
    y: float
    says: str
    size: int
    weight: Weight = "Regular"
    colour: Colour = LETTERS

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + letters(self.size, self.weight).getlength(self.says)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a bar, its whole empty track (no ink), or a sign of the legend."""

    left: int
    top: int
    right: int
    bottom: int
    ink: Ink | None = None


@dataclass
class Sheet:
    """All of a picture, and how high it is so far."""

    height: int = EDGE
    words: list[Words] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    marks: list[Box] = field(default_factory=list)


def laid_out(chart: Chart) -> Sheet:
    """The chart from top to bottom: title, what stands under it, bars, legend, note."""
    sheet = Sheet()
    _lines(sheet, chart.title, TITLE, "Semibold")
    _lines(sheet, chart.under, LABEL, colour=QUIET)
    for bar in chart.bars:
        sheet.height += BETWEEN
        _bar(sheet, bar)
    if chart.legend:
        sheet.height += BETWEEN
        _legend(sheet, chart.legend)
    if chart.note:
        sheet.height += GAP
        _lines(sheet, chart.note, SMALL, colour=QUIET)
    sheet.height += EDGE
    return sheet


def _bar(sheet: Sheet, bar: Bar) -> None:
    """The label on the left and the numbers on the right, the bar under both, the mark's words under it."""
    says = readable(bar.says)
    font = letters(LABEL, "Semibold")
    wide = font.getlength(says)
    beside = wide <= INNER / 2
    top = sheet.height
    _lines(sheet, bar.label, LABEL, width=INNER - (wide + EDGE if beside else 0))
    if beside:
        sheet.words.append(Words(WIDTH - EDGE - wide, top, says, LABEL, "Semibold"))
        sheet.height = max(sheet.height, top + _high(LABEL))
    else:
        _lines(sheet, says, LABEL, "Semibold")
    sheet.height += GAP
    top = sheet.height
    sheet.height += BAR
    sheet.boxes += [Box(EDGE, top, WIDTH - EDGE, top + BAR), *_parts(bar, top)]
    if bar.mark is not None:
        _mark(sheet, bar, bar.mark, top)


def _parts(bar: Bar, top: int) -> list[Box]:
    boxes, sum_ = [], 0
    for part in bar.parts:
        if part.amount > 0:
            left, right = _at(bar, sum_), _at(bar, sum_ + part.amount)
            boxes.append(Box(left, top, right, top + BAR, part.ink))
        sum_ += part.amount
    return boxes


def _mark(sheet: Sheet, bar: Bar, mark: Mark, top: int) -> None:
    at = min(_at(bar, mark.at), WIDTH - EDGE - HALF)  # at the end it closes the bar
    if mark.at > 0:
        sheet.marks.append(Box(at - HALF, top - OVER, at + HALF, top + BAR + OVER))
    if mark.says:
        says, font = readable(mark.says), letters(SMALL)
        wide = font.getlength(says)
        left = min(max(at - wide / 2, EDGE), WIDTH - EDGE - wide)
        sheet.words.append(Words(left, top + BAR + OVER, says, SMALL, colour=QUIET))
        sheet.height = top + BAR + OVER + _high(SMALL)


def _at(bar: Bar, amount: int) -> int:
    return EDGE + round(INNER * min(amount, bar.whole) / max(bar.whole, 1))


def _legend(sheet: Sheet, legend: tuple[tuple[Ink, str], ...]) -> None:
    """Signs with their names, in as many lines as they take."""
    font, x, high = letters(SMALL), EDGE, _high(SMALL)
    for ink, name in legend:
        says, sign = readable(name), SLIM if ink == "mark" else SWATCH
        wide = sign + GAP + font.getlength(says)
        if x > EDGE and x + wide > WIDTH - EDGE:
            x, sheet.height = EDGE, sheet.height + high + GAP
        top = sheet.height + 6
        if ink == "mark":
            middle = x + sign // 2
            sheet.marks.append(Box(middle - HALF, top - 2, middle + HALF, top + high - 10))
        else:
            sheet.boxes.append(Box(x, top, x + sign, top + high - 12, ink))
        sheet.words.append(Words(x + sign + GAP, sheet.height, says, SMALL))
        x += round(wide) + APART
    sheet.height += high


def _lines(
    sheet: Sheet,
    text: str,
    size: int,
    weight: Weight = "Regular",
    colour: Colour = LETTERS,
    width: float = INNER,
) -> None:
    for line in lines(text, letters(size, weight), width):
        sheet.words.append(Words(EDGE, sheet.height, line, size, weight, colour))
        sheet.height += _high(size)


def _high(size: int) -> int:
    """How high a line of that size is: accents above capitals and tails below must not meet."""
    ascent, descent = _metrics(letters(size))
    return ascent + descent


def _metrics(font: ImageFont.FreeTypeFont) -> tuple[int, int]:
    ascent, descent = font.getmetrics()
    return round(ascent), round(descent)
