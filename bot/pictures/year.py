"""A year's indicators as a picture: reached against target, confirmed and logged told apart. For whoever
asks for it, and for the newsletter."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages import N_, Attachment
from bot.pictures import Bar, Chart, Mark, Part, picture
from bot.rules.indicators import Figure

Say = Callable[[str], str]  # a phrase in the language that the picture is in


def picture_of_year(say: Say, year: int, shown: tuple[Figure, ...], note: str, alt: str) -> Attachment:
    """A bar for each indicator, up to its target or beyond. `note` stands at the foot, `alt` says what it
    shows; both are translated already."""
    chart = Chart(
        name=f"indicators-{year}",
        title=say(N_("The alliance in {year}")).format(year=year),
        under=say(N_("Targets reached: {reached} of {total}")).format(**reached(shown)),
        bars=tuple(_bar(say, figure) for figure in shown),
        legend=(
            ("sure", say(N_("Confirmed"))),
            ("likely", say(N_("Logged"))),
            *((("ahead", say(N_("Planned"))),) if any(map(ahead, shown)) else ()),
            ("mark", say(N_("Target"))),
        ),
        note=note,
        alt=alt,
    )
    return picture(chart)


def reached(shown: tuple[Figure, ...]) -> dict[str, int]:
    """How many of the year's targets are reached, of how many."""
    return {"reached": sum(figure.met for figure in shown), "total": len(shown)}


def ahead(figure: Figure) -> int:
    """What is planned, in the unit of the bar: of firms nobody knows yet how many will come."""
    return figure.planned if figure.condition.measure == "activities" else 0


def _bar(say: Say, figure: Figure) -> Bar:
    target, planned = figure.condition.target, ahead(figure)
    says = say(N_("{value} of {target}")).format(value=figure.value, target=target)
    return Bar(
        label=say(figure.condition.label),
        says=f"{says} ✓" if figure.met else says,
        parts=(Part(figure.confirmed, "sure"), Part(figure.logged, "likely"), Part(planned, "ahead")),
        whole=max(target, figure.value + planned, 1),
        mark=Mark(target),
    )
