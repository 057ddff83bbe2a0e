"""Pictures of numbers: plain values in, already in their reader's words; a PNG and what it shows out.

They stand on bot.messages and Pillow alone (`year.py` on the rules of indicators too). What may be shown, and
how it is called, is for whoever asks.
"""

from __future__ import annotations

from bot.pictures.drawing import picture
from bot.pictures.inks import INKS, Ink
from bot.pictures.values import Bar, Chart, Mark, Part

__all__ = ["INKS", "Bar", "Chart", "Ink", "Mark", "Part", "picture"]
