"""The year's indicators as a picture: reached against target, confirmed and logged told apart."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.counting import figures
from bot.messages import Attachment, Button, Reply
from bot.pictures.year import ahead, picture_of_year, reached
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
    note = _said(ctx, "picture_as_of", {"day": ctx.today})
    values = {"year": year, **reached(shown), "figures": [_in_words(ctx, figure) for figure in shown]}
    return picture_of_year(ctx.translate, year, shown, note, _said(ctx, "picture_of_indicators", values))


def _in_words(ctx: Context, figure: Figure) -> dict[str, object]:
    return {
        "label": Md(ctx.translate(figure.condition.label)),
        "value": figure.value,
        "target": figure.condition.target,
        "confirmed": figure.confirmed,
        "logged": figure.logged,
        "planned": ahead(figure),
    }


def _said(ctx: Context, template: str, values: dict[str, object]) -> str:
    """A template without Markdown, on one line: what it is given is not escaped."""
    return " ".join(ctx.rendered(template, values).split())
