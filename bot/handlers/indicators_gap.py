"""What is missing to the year's targets, told to one person of each member (spec/engagement.md 2 and 9.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.handlers.activity_answers import described
from bot.handlers.counting import figures, lacks, span
from bot.handlers.partners.asking import spoken_reasons
from bot.handlers.partners.gaps import gap_of, members, wants_partners
from bot.messages import Button, Reply
from bot.notices import Values, notice
from bot.people.duties import Owed, duty, in_one_line, is_owed
from bot.people.keeping import EDITS, keeper, works
from bot.rules.clocks import first_moment
from bot.rules.indicators import Figure
from bot.rules.matching import Proposal, proposals
from bot.rules.reminding.gaps import turns

GAP: Final = "gap"
PARTNERS: Final = 2  # proposed together
NEARLY: Final = 2  # of the organisation's own activities that nearly count
WEEKS = timedelta(days=21)


@duty(GAP, deputy_may=EDITS)
def gaps_owed(ctx: Context) -> Iterator[Owed]:
    """What is missing to the targets of the alliance's year, as a line for each organisation that the caller
    looks after, from the second quarter on and until they are met."""
    short = unmet(ctx)
    for slug in sorted({role.organisation for role in ctx.roles} & ctx.organisations.keys()) if short else ():
        home = ctx.organisations[slug]
        begins = turns(*span(ctx, ctx.counting_year), works(home))[0].day
        here = ctx.now.astimezone(ZoneInfo(home.zone)).date()
        if home.standing == "voting" and here >= begins and keeper(ctx, slug) == ctx.person.id:
            yield Owed(
                GAP,
                key_of(slug, ctx.counting_year),
                "owed/gap",
                {**_numbers(ctx, short), "organisation": home.short_name},
                _taps(ctx, slug, short),
                year_end(ctx),
                slug,
            )


def unmet(ctx: Context) -> tuple[Figure, ...]:
    """The targets of the alliance's year that are not met yet."""
    return tuple(one for one in figures(ctx, ctx.counting_year) if not one.met)


def key_of(organisation: str, year: int) -> str:
    """What an organisation's share in the missing is known by."""
    return f"{GAP}:{organisation}:{year}"


def year_end(ctx: Context) -> datetime:
    """When the alliance's year is over, by its own clock (UTC)."""
    _, last = span(ctx, ctx.counting_year)
    midnight = datetime.combine(last + timedelta(days=1), time())
    return first_moment(midnight, ZoneInfo(ctx.charter.alliance.zone))


@notice(
    GAP,
    N_("Targets not met yet"),
    N_("You get this because you look after your organisation's part in the alliance's targets."),
    still_due=is_owed(GAP),
    useful=WEEKS,
    theme="indicators",
    duty=True,
    line=in_one_line(GAP),
)
def gap_notice(ctx: Context, values: Values) -> Reply:
    """The numbers, what this organisation could do, and who could host the missing event with it (9.3). All
    that is missing is one message; nobody is named for being late."""
    slug, short = str(values["organisation"]), unmet(ctx)
    shown = {
        **_numbers(ctx, short),
        "organisation": ctx.short_name(slug),
        "nearly": _nearly(ctx, slug),
        "partners": _partners(ctx, slug) if _wants_partners(ctx, short) else [],
        "ways": [_way(ctx, figure) for figure in short],
    }
    return Reply("indicators_gap", shown, _taps(ctx, slug, short))


def _numbers(ctx: Context, short: tuple[Figure, ...]) -> dict[str, Any]:
    """What there is of each target that is not met, and the days that are left with today."""
    _, last = span(ctx, ctx.counting_year)
    today = ctx.now.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    return {
        "year": ctx.counting_year,
        "days": max(0, (last - today).days),
        "figures": [
            {"value": one.value, "target": one.condition.target, "label": one.condition.label}
            for one in short
        ],
    }


def _way(ctx: Context, figure: Figure) -> dict[str, Any]:
    """What would count for a target: an event with others ("event"), SMEs by name ("smes"), or something of
    these kinds ("kinds"), if need be `together` with another member."""
    condition = figure.condition
    code = "kinds"
    if wants_partners(ctx, condition):
        code = "event"
    elif condition.measure == "smes":
        code = "smes"
    kinds = [ctx.translate(ctx.charter.activity_kind(kind).label) for kind in condition.kinds]
    return {
        "code": code,
        "label": condition.label,
        "kinds": kinds,
        "together": condition.least_organisations > 1,
    }


def _nearly(ctx: Context, slug: str) -> list[dict[str, Any]]:
    """The organisation's own activities of this year that lack one thing to count for the alliance."""
    found: dict[int, dict[str, Any]] = {}
    for figure in unmet(ctx):
        for record, verdict in figure.records:
            own = record.involved and record.involved[0].organisation == slug
            codes = {missing.code for missing in verdict.missing}
            lacks_one = codes and codes != {"smes"} and codes.isdisjoint({"withdrawn", "kind"})
            if own and lacks_one and not verdict.counts and not verdict.planned:
                lacking = lacks(ctx, record, figure.condition)
                found.setdefault(record.id, {**described(ctx, record), "lacks": lacking})
    return [found[number] for number in sorted(found, reverse=True)][:NEARLY]


def _wants_partners(ctx: Context, short: tuple[Figure, ...]) -> bool:
    return any(wants_partners(ctx, figure.condition) for figure in short)


def _partners(ctx: Context, slug: str) -> list[dict[str, Any]]:
    """Two others that could host the missing event with it and why: first who has the same gap and works in
    the same sector (9.3), then whoever else fits."""
    gap = gap_of(ctx, slug)
    if gap is None:
        return []
    known = {one.organisation: one for one in members(ctx, gap, slug)}
    fitting = proposals(known[slug], known.values())
    return [
        {
            "name": ctx.short_name(one.organisation),
            "reasons": spoken_reasons(one.reasons, same=gap.is_short(slug)),
        }
        for one in sorted(fitting, key=lambda one: not _same_gap_and_sector(one))[:PARTNERS]
    ]


def _same_gap_and_sector(proposal: Proposal) -> bool:
    return {"gap", "sector"} <= {reason.why for reason in proposal.reasons}


def _taps(ctx: Context, slug: str, short: tuple[Figure, ...]) -> tuple[Button, ...]:
    find = Button(N_("Find partners"), "partners", {"for": slug})
    asked = _wants_partners(ctx, short) and ctx.may("organise_events", slug)
    return (
        *((find,) if asked else ()),
        Button(N_("Log something"), "log"),
        Button(N_("All indicators"), "indicators"),
    )
