"""The gap matchmaker: who could host the missing event with us, and a draft (spec/engagement.md 9.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.assembly.calendar import calendar_of
from bot.commands import N_, Number, OneOrganisation, command
from bot.context import COORDINATING, Context
from bot.handlers.counting import span
from bot.handlers.partners.asking import ASKED, INTERESTED, Draft, answers_to, plan_tap, spoken_reasons
from bot.handlers.partners.gaps import Gap, gap_of, members
from bot.messages import Button, Phrase, Reply, filled
from bot.people.public_holidays import is_free
from bot.rules.clocks import first_moment
from bot.rules.matching import Proposal, event_day, proposals, shared

AT_ONCE = 2  # partners proposed together
MOST_NAMED = 4  # organisations without an event, each with a tap
BEGINS = time(10)  # by the alliance's clocks
INDICATORS = Button(N_("All indicators"), "indicators")


@command(
    "partners",
    N_("Who could host a joint event with us, and a draft"),
    may="organise_events",
    example="/partners",
    aliases=("find partners",),
    reads=True,
)
def partners(
    ctx: Context,
    for_: Annotated[str, OneOrganisation(lead=("for",), label=N_("For which organisation"))] = "",
    after: Annotated[int, Number(hidden=True)] = 0,
) -> Reply:
    """The indicator that is short of a joint event, the two that fit best with the reasons why, and a draft.
    Who acts for the whole alliance alone sees how it stands, and who has none. For their eyes only: nobody is
    told in a group what they lack. Raises Refusal for somebody else's organisation."""
    ctx.in_private()
    if not for_ and not ctx.hats("organise_events"):
        return _alliance(ctx, gap_of(ctx))
    organisation = ctx.acting_for("organise_events", for_)
    gap = gap_of(ctx, organisation)
    if gap is None or not gap.is_open(organisation):
        return Reply("partners_none", _standing(ctx, gap, organisation), (INDICATORS,), replace=True)
    asked = answers_to(ctx, organisation, gap.figure.year)
    known = {one.organisation: one for one in members(ctx, gap, organisation)}
    fitting = proposals(known[organisation], (one for slug, one in known.items() if slug not in asked))
    return _proposed(ctx, gap, organisation, fitting, after if after < len(fitting) else 0, asked)


def _proposed(
    ctx: Context,
    gap: Gap,
    organisation: str,
    fitting: tuple[Proposal, ...],
    after: int,
    asked: dict[str, str],
) -> Reply:
    """Two of those that fit, and what can be done: ask them, see others, plan it at once."""
    shown = fitting[after : after + AT_ONCE]
    slugs = [one.organisation for one in shown]
    keen = [slug for slug, answer in asked.items() if answer == INTERESTED]
    draft = _draft(ctx, gap, organisation, [*keen, *slugs])
    values = {
        **_standing(ctx, gap, organisation),
        **_said_of(ctx, gap, draft, [organisation, *keen, *slugs]),
        "partners": [_partner(ctx, gap, organisation, one) for one in shown],
        "asked": [{"name": ctx.short_name(slug), "answer": answer} for slug, answer in asked.items()],
        "sectors": bool(ctx.organisations[organisation].sectors),
    }
    following = after + AT_ONCE if after + AT_ONCE < len(fitting) else 0
    other = Button(N_("Other partners"), "partners", {"for": organisation, "after": str(following)})
    name_them = Button(N_("Name our sectors"), "sectors", {"for": organisation, "what": "words"})
    taps = (
        *_asking_taps(ctx, gap, organisation, slugs, draft, asked),
        *((other,) if len(fitting) > AT_ONCE else ()),
        plan_tap(draft, organisation, keen or slugs),
        *(() if values["sectors"] else (name_them,)),
        Button(N_("Not now"), "not now"),
    )
    return Reply("partners", values, taps, replace=True)


def _alliance(ctx: Context, gap: Gap | None) -> Reply:
    """How the alliance stands, and for whom the coordinator can look for partners."""
    without = [one.slug for one in ctx.members if one.standing == "voting" and gap and gap.is_short(one.slug)]
    if gap is None or (gap.figure.met and not without):
        return Reply("partners_none", _standing(ctx, gap, COORDINATING), (INDICATORS,), replace=True)
    values = {**_standing(ctx, gap, COORDINATING), "without": [ctx.short_name(slug) for slug in without]}
    taps = (
        Button(filled(N_("For {organisation}"), organisation=ctx.short_name(slug)), "partners", {"for": slug})
        for slug in without[:MOST_NAMED]
    )
    return Reply("partners_alliance", values, (*taps, INDICATORS), replace=True)


def _standing(ctx: Context, gap: Gap | None, organisation: str) -> dict[str, Any]:
    """How an organisation and the alliance stand to the indicator; `label` is "" where there is none."""
    name = ctx.short_name(organisation)
    if gap is None:
        return {"organisation": name, "label": ""}
    return {
        "organisation": name,
        "label": gap.figure.condition.label,
        "year": gap.figure.year,
        "value": gap.figure.value,
        "target": gap.figure.condition.target,
        "met": gap.figure.met,
        "own": gap.own[organisation],
        "opened": gap.open[organisation],
        "planned": gap.planned[organisation],
        "short": gap.is_short(organisation),
    }


def _said_of(ctx: Context, gap: Gap, draft: Draft, slugs: list[str]) -> dict[str, Any]:
    """A draft, in how many countries its day is no holiday, and whether it would count only next year."""
    day = draft.starts.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    return {
        **draft.spoken(ctx),
        "countries": len(_countries(ctx, slugs)),
        "next_year": ctx.charter.year_of(day) > gap.figure.year,
    }


def _asking_taps(
    ctx: Context, gap: Gap, organisation: str, slugs: list[str], draft: Draft, asked: dict[str, str]
) -> Iterator[Button]:
    """Asking those that are shown, and once more those that were asked and have not answered."""
    if slugs:
        label = N_("Ask both") if len(slugs) == AT_ONCE else N_("Ask them")
        yield Button(label, "ask partners", draft.arguments(organisation, slugs))
    if waiting := [slug for slug, answer in asked.items() if answer == ASKED]:
        theirs = _draft(ctx, gap, organisation, waiting).arguments(organisation, waiting)
        yield Button(N_("Ask again"), "ask partners", {**theirs, "again": "yes"})


def _partner(ctx: Context, gap: Gap, organisation: str, one: Proposal) -> dict[str, Any]:
    return {
        "name": ctx.short_name(one.organisation),
        "reasons": spoken_reasons(one.reasons, same=gap.is_short(organisation)),
    }


def _draft(ctx: Context, gap: Gap, organisation: str, slugs: list[str]) -> Draft:
    """An event for them: named after a sector that all of them share, else one that some do, on a day on
    which all of them work."""
    ours, theirs = ctx.organisations[organisation].sectors, [ctx.organisations[one].sectors for one in slugs]
    common = ours if theirs else ()
    for sectors in theirs:
        common = shared(common, sectors)
    some = [sector for sectors in theirs for sector in shared(ours, sectors)]
    sector = next(iter((*common, *some)), "")
    title = ctx.translate(N_("{sector}: what works for us") if sector else N_("What works for us"))
    sector = ctx.translate(sector) if isinstance(sector, Phrase) else sector
    named = title.format(sector=sector[:1].upper() + sector[1:])
    return Draft(gap.kind.key, named, _begins(ctx, gap, [organisation, *slugs]))


def _begins(ctx: Context, gap: Gap, slugs: list[str]) -> datetime:
    """Ten o'clock by the alliance's clocks, about four weeks ahead."""
    zone = ZoneInfo(ctx.charter.alliance.zone)
    calendar = replace(calendar_of(ctx), free=is_free(_countries(ctx, slugs)))
    _, last = span(ctx, gap.figure.year)
    day = event_day(ctx.now.astimezone(zone).date(), last, calendar.is_working)
    return first_moment(datetime.combine(day, BEGINS), zone)


def _countries(ctx: Context, slugs: list[str]) -> frozenset[str]:
    return frozenset(ctx.organisations[slug].country for slug in slugs) - {""}
