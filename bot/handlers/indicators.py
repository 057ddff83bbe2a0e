"""The yearly indicators: how far the alliance is, what is missing and for whom, and why."""

from __future__ import annotations

from typing import Annotated, Any

from bot.cards import card
from bot.commands import N_, Number, OneOf, OneOrganisation, command
from bot.context import Context
from bot.handlers.activity_answers import described, open_tap, turns
from bot.handlers.counting import figures, lacks
from bot.handlers.partners.gaps import wants_partners
from bot.handlers.pictures_of_indicators import picture_tap
from bot.messages import Button, Refusal, Reply, filled
from bot.rules.indicators import Figure, Verdict, hosts

PAGE = 5
YEAR = Annotated[int, Number(lead=("in", "year"), label=N_("Year"), least=2000, most=2100)]
OF = Annotated[str, OneOrganisation(lead=("of", "for"), label=N_("Of one organisation"))]


@command(
    "indicators",
    N_("How far the alliance is this year, and what is missing"),
    may="see_indicators",
    example="/indicators",
    reads=True,
    own_slash=True,
)
def indicators(ctx: Context, year: YEAR = 0, of: OF = "") -> Reply:
    """Each indicator: value of target, confirmed and logged, what is missing to count and for whom,
    and who contributed. One organisation's own view has no target: targets are the alliance's."""
    year = year or ctx.counting_year
    shown = figures(ctx, year, of)
    values = {
        "year": year,
        "of": ctx.short_name(of) if of else "",
        "figures": [_figure(ctx, figure, of) for figure in shown],
    }
    why_taps = tuple(
        Button(figure.condition.label, "why", _arguments(figure.condition.key, year, of)) for figure in shown
    )
    hats = ctx.hats("see_indicators")
    others = (
        (Button(N_("The alliance"), "indicators", {"year": str(year)}),)
        if of
        else tuple(_only(ctx, slug, year) for slug in hats[:3])
    )
    drawn = (picture_tap(year),) if shown and not of else ()
    return Reply("indicators", values, (*why_taps, *_partners_tap(ctx, shown, year, of), *drawn, *others))


def _partners_tap(ctx: Context, shown: tuple[Figure, ...], year: int, of: str) -> tuple[Button, ...]:
    """Looking for partners, where this year is short of an event that several organisations host (9.3)."""
    if year != ctx.counting_year or not ctx.may("organise_events", of or None):
        return ()
    lacking = (one for one in shown if (not one.value if of else not one.met))
    if not any(wants_partners(ctx, one.condition) for one in lacking):
        return ()
    return (Button(N_("Find partners"), "partners", {"for": of} if of else {}),)


def _only(ctx: Context, organisation: str, year: int) -> Button:
    """The tap that narrows the figures to one organisation."""
    label = filled(N_("Only {organisation}"), organisation=ctx.short_name(organisation))
    return Button(label, "indicators", {"year": str(year), "of": organisation})


@card("indicators", shows=("activities", "organisations"))
def indicators_card(ctx: Context, key: str) -> Reply:
    """How far the alliance is, where everybody sees it: the totals, without what is missing and for whom
    (voice.md, rule 10). `key` is a year, "" for the current one."""
    year = int(key) if key else ctx.counting_year
    shown = figures(ctx, year)
    values = {"year": year, "of": "", "figures": [{**_figure(ctx, one, ""), "nearly": []} for one in shown]}
    why_taps = (Button(f.condition.label, "why", _arguments(f.condition.key, year, "")) for f in shown)
    return Reply("indicators", values, (*why_taps, *((picture_tap(year),) if shown else ())))


@command("why", N_("Why an indicator stands where it does"), may="see_indicators", hidden=True, reads=True)
def why(
    ctx: Context,
    indicator: Annotated[str, OneOf("indicators", hidden=True)],
    year: Annotated[int, Number(hidden=True, least=2000, most=2100)],
    of: Annotated[str, OneOrganisation(hidden=True)] = "",
    page: Annotated[int, Number(hidden=True)] = 1,
) -> Reply:
    """The records behind one figure: which count and why, which don't and what they lack (5.10)."""
    matching = [f for f in figures(ctx, year, of) if f.condition.key == indicator]
    if not matching:
        raise Refusal("button_old")
    figure = matching[0]
    records = list(reversed(figure.records))
    shown = records[(page - 1) * PAGE : page * PAGE]
    values = {
        **_figure(ctx, figure, of),
        "year": year,
        "of": ctx.short_name(of) if of else "",
        "records": [_record(ctx, figure, record, verdict, of) for record, verdict in shown],
    }
    opens = tuple(open_tap(record.id) for record, _ in shown)
    pages = turns("why", _arguments(indicator, year, of), page, page * PAGE < len(records))
    back = Button(N_("All indicators"), "indicators", {"year": str(year)})
    return Reply("why", values, (*opens, *pages, back))


def _arguments(indicator: str, year: int, of: str) -> dict[str, str]:
    return {"indicator": indicator, "year": str(year), **({"of": of} if of else {})}


def _figure(ctx: Context, figure: Figure, of: str) -> dict[str, Any]:
    condition = figure.condition
    nearly = [
        {**described(ctx, record), "lacks": lacks(ctx, record, condition, of or None)}
        for record, verdict in figure.records
        if not verdict.counts
        and not verdict.planned
        and record.state != "withdrawn"
        and [missing.code for missing in verdict.missing] != ["smes"]  # a button asks for those
    ]
    return {
        "key": condition.key,
        "label": condition.label,
        "article": condition.article,
        "unit": condition.unit,
        "target": condition.target,
        "value": figure.value,
        "confirmed": figure.confirmed,
        "logged": figure.logged,
        "planned": figure.planned,
        "missing": figure.lacks,
        "met": figure.met,
        "measure": condition.measure,
        "contacts": figure.contacts,
        "named": figure.named,
        "attested": figure.attested,
        "contributors": [(ctx.short_name(slug), amount) for slug, amount in figure.contributors],
        "nearly": nearly,
    }


def _record(ctx: Context, figure: Figure, record: Any, verdict: Verdict, of: str) -> dict[str, Any]:
    return {
        **described(ctx, record),
        "rests_on_who_came": len(hosts(record)) < figure.condition.least_organisations,
        "counts": verdict.counts,
        "planned": verdict.planned,
        "amount": verdict.amount,
        "lacks": lacks(ctx, record, figure.condition, of or None),
    }
