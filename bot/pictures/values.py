"""What a picture is made of: bars, the parts of each, a mark across it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.pictures.inks import Ink


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a bar, in this ink."""

    amount: int
    ink: Ink


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across a bar, at so much of it, and the words under it; at 0 the words alone."""

    at: int
    says: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is about, its numbers in words, its parts from left to right. `whole` is how much the
    full width stands for."""

    label: str
    says: str
    parts: tuple[Part, ...]
    whole: int
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture to be drawn. `name` is its file's, without an ending; `under` stands below the title, `note`
    at the foot; `legend` names inks, and the mark under "mark"; `alt` says the same in a sentence or two."""

    name: str
    title: str
    under: str
    bars: tuple[Bar, ...]
    legend: tuple[tuple[Ink, str], ...] = ()
    note: str = ""
    alt: str = ""
