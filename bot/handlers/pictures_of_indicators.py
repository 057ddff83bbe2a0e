"""The year's indicators as a picture: reached against target, confirmed and logged told apart."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.counting import figures
from bot.messages import Attachment, Button, Reply
from bot.pictures import Bar, Chart, Mark, Part, picture
from bot.rules.indicators import Figure
from bot.templating import Md

AS_A_PICTURE = N_("As a picture")


@command(
    "indicators picture", N_("The indicators as a picture"), may="see_indicators", hidden=True, reads=True
)
def indicators_picture(
    ctx: Context, year: Annotated[int, Number(hidden=True, least=2000, most=2100)] = 0
) -> Reply:
    """The alliance's year as it stands, to look at. One organisation's own view has no targets (5.2), so
    there is nothing to measure it by."""
    year = year or ctx.counting_year
    back = Button(N_("In words"), "indicators", {"year": str(year)})
    shown = figures(ctx, year)
    drawn = picture_of_indicators(ctx, year, shown) if shown else None
    return Reply("indicators_picture", {"year": year, "any": bool(shown)}, (back,), file=drawn)


def picture_tap(year: int) -> Button:
    """The tap that shows a year's indicators as a picture."""
    return Button(AS_A_PICTURE, "indicators picture", {"year": str(year)})


def picture_of_indicators(ctx: Context, year: int, shown: tuple[Figure, ...]) -> Attachment:
    """A bar for each indicator, up to its target or beyond, in the reader's words."""
    reached = {"reached": sum(figure.met for figure in shown), "total": len(shown)}
    each = [_in_words(ctx, figure) for figure in shown]
    chart = Chart(
        name=f"indicators-{year}",
        title=ctx.translate(N_("The alliance in {year}")).format(year=year),
        under=ctx.translate(N_("Targets reached: {reached} of {total}")).format(**reached),
        bars=tuple(_bar(ctx, figure) for figure in shown),
        legend=(
            ("sure", ctx.translate(N_("Confirmed"))),
            ("likely", ctx.translate(N_("Logged"))),
            *((("ahead", ctx.translate(N_("Planned"))),) if any(map(_ahead, shown)) else ()),
            ("mark", ctx.translate(N_("Target"))),
        ),
        note=_said(ctx, "picture_as_of", {"day": ctx.today}),
        alt=_said(ctx, "picture_of_indicators", {"year": year, **reached, "figures": each}),
    )
    return picture(chart)


def _bar(ctx: Context, figure: Figure) -> Bar:
    target, ahead = figure.condition.target, _ahead(figure)
    says = ctx.translate(N_("{value} of {target}")).format(value=figure.value, target=target)
    return Bar(
        label=ctx.translate(figure.condition.label),
        says=f"{says} ✓" if figure.met else says,
        parts=(Part(figure.confirmed, "sure"), Part(figure.logged, "likely"), Part(ahead, "ahead")),
        whole=max(target, figure.value + ahead, 1),
        mark=Mark(target),
    )


def _ahead(figure: Figure) -> int:
    """What is planned, in the unit of the bar: of firms nobody knows yet how many will come."""
    return figure.planned if figure.condition.measure == "activities" else 0


def _in_words(ctx: Context, figure: Figure) -> dict[str, object]:
    return {
        "label": Md(ctx.translate(figure.condition.label)),
        "value": figure.value,
        "target": figure.condition.target,
        "confirmed": figure.confirmed,
        "logged": figure.logged,
        "planned": _ahead(figure),
    }


def _said(ctx: Context, template: str, values: dict[str, object]) -> str:
    """A template without Markdown, on one line: what it is given is not escaped."""
    return " ".join(ctx.rendered(template, values).split())
