"""A laid-out picture as a PNG. Takes some hundredths of a second; the same picture is drawn once."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from bot.messages import Attachment
from bot.pictures.inks import FRAME, GROUND, INKS, OUTLINE, TRACK, Look
from bot.pictures.layout import WIDTH, Box, Sheet, laid_out
from bot.pictures.lettering import letters
from bot.pictures.values import Chart

REMEMBERED: Final = 32  # pictures of some thirty kilobytes: a result goes to many in a few languages
_FINER: Final = 3  # patterns are drawn so many times larger, so that slanting lines are smooth
_STEP: Final = 22  # pixels from one line to the next
_DOTS: Final = 18  # pixels from one dot to the next
_THICK: Final = 9


@lru_cache(maxsize=REMEMBERED)
def picture(chart: Chart) -> Attachment:
    """The chart as a picture that a message carries: a PNG 1200 pixels wide on an opaque ground, with what it
    shows in words. Nothing else is written into the file."""
    return Attachment(f"{chart.name}.png", "image/png", content=_png(laid_out(chart)), alt=chart.alt)


def _png(sheet: Sheet) -> bytes:
    image = Image.new("RGB", (WIDTH, sheet.height), GROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH - 1, sheet.height - 1), outline=FRAME, width=3)
    for box in sheet.boxes:
        _box(image, draw, box)
    for mark in sheet.marks:
        draw.rectangle((mark.left - 4, mark.top, mark.right + 3, mark.bottom - 1), fill=GROUND)
        draw.rectangle((mark.left, mark.top, mark.right - 1, mark.bottom - 1), fill=OUTLINE)
    for words in sheet.words:
        draw.text((words.x, words.y), words.says, words.colour, letters(words.size, words.weight))
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=6)
    return written.getvalue()


def _box(image: Image.Image, draw: ImageDraw.ImageDraw, box: Box) -> None:
    """A part in its ink, outlined; a track is only outlined."""
    around = (box.left, box.top, box.right - 1, box.bottom - 1)
    if box.ink is None:
        draw.rectangle(around, fill=TRACK, outline=OUTLINE, width=2)
        return
    size = (box.right - box.left, box.bottom - box.top)
    if min(size) > 0:
        image.paste(_filled(INKS[box.ink], size), (box.left, box.top))
        draw.rectangle(around, outline=OUTLINE, width=4)


def _filled(look: Look, size: tuple[int, int]) -> Image.Image:
    if look.pattern in ("solid", "empty"):
        return Image.new("RGB", size, look.colour)
    wide, high = size[0] * _FINER, size[1] * _FINER
    fine = Image.new("RGB", (wide, high), look.ground)
    draw = ImageDraw.Draw(fine)
    step, thick = _STEP * _FINER, _THICK * _FINER
    if look.pattern == "dots":
        for y in _centred(high, _DOTS * _FINER):
            for x in _centred(wide, _DOTS * _FINER):
                draw.ellipse((x - thick // 2, y - thick // 2, x + thick // 2, y + thick // 2), look.colour)
    else:
        slant = {"rising": high, "falling": -high, "upright": 0}[look.pattern]
        for x in range(-high, wide + high, step):
            draw.line((x, high, x + slant, 0), look.colour, thick)
    return fine.resize(size, Image.Resampling.BOX)


def _centred(length: int, step: int) -> range:
    """Where dots stand along a length: as many as fit, and as far from one end as from the other."""
    fit = max(length // step, 1)
    return range((length - (fit - 1) * step) // 2, length, step)
