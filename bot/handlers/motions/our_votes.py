"""How our organisation voted in a year: what its representative shows its board (spec/decisions.md 4.11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.assembly.standing import Standing, standing_of
from bot.commands import N_, Number, OneOrganisation, command
from bot.context import Context
from bot.handlers.activity_answers import turns
from bot.handlers.motions.answers import choice_words, described
from bot.handlers.motions.looking import own_organisations
from bot.messages import Button, Refusal, Reply

PAGE = 5
MOST_HATS = 3  # other organisations of the caller, each a tap


@command(
    "votes",
    N_("How our organisation voted this year"),
    may="see_indicators",
    example="/votes in 2026",
    aliases=("our votes",),
    reads=True,
)
def votes(
    ctx: Context,
    year: Annotated[int, Number(lead=("in",), label=N_("Year"), least=2000, most=2999)] = 0,
    of: Annotated[str, OneOrganisation(lead=("of",), label=N_("Organisation"))] = "",
    page: Annotated[int, Number(hidden=True)] = 1,
) -> Reply:
    """Every motion of the alliance's year on whose roll the organisation stands, newest first: choice, who
    gave it, the reason, the result, and what it did not vote on. Only for its own people. Raises Refusal."""
    ctx.in_private()
    own = own_organisations(ctx)
    if not own or (of and of not in own):
        raise _not_own(ctx, of)
    of, year = of or own[0], year or ctx.counting_year
    found = sorted(
        _of_year(ctx, of, year), key=lambda now: (now.motion.closes_at, now.motion.number), reverse=True
    )
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    values = {
        "organisation": ctx.short_name(of),
        "year": year,
        "total": len(found),
        "page": page,
        "pages": pages,
        "votes": [_vote(ctx, now, of) for now in found[(page - 1) * PAGE : page * PAGE]],
    }
    here = {"year": str(year), "of": of}
    others = (
        Button(ctx.short_name(slug), "votes", {"year": str(year), "of": slug}) for slug in own if slug != of
    )
    taps = (
        *turns("votes", here, page, page < pages),
        *list(others)[:MOST_HATS],
        Button(N_("All motions"), "motions"),
    )
    return Reply("votes", values, taps, replace=True)


def _of_year(ctx: Context, organisation: str, year: int) -> Iterator[Standing]:
    """The motions of a year, by the day of their deadline, on whose roll the organisation stands."""
    zone = ZoneInfo(ctx.charter.alliance.zone)
    for motion in ctx.store.motions.all():
        if motion.opened_at is None or ctx.charter.year_of(motion.closes_at.astimezone(zone).date()) != year:
            continue
        now = standing_of(ctx, motion)
        if any(voter.organisation == organisation for voter in now.roll):
            yield now


def _vote(ctx: Context, now: Standing, organisation: str) -> dict[str, Any]:
    entry = now.current.get(organisation)
    voter = next(voter for voter in now.roll if voter.organisation == organisation)
    person = ctx.store.persons.get(entry.person) if entry else None
    why = {one.organisation: one.text for one in ctx.store.ballots.explanations(now.motion.number)}
    return {
        **described(ctx, now),
        "at": entry.at.isoformat() if entry else "",
        "choice": choice_words(ctx, now.motion, entry.payload) if entry else "",
        "who": person.name if person else "",
        "entered": entry is not None and entry.event == "entered",
        "why": why.get(organisation, "") if entry else "",
        "recused": voter.recused_at is not None,
        "recused_why": voter.recused_why,
    }


def _not_own(ctx: Context, of: str) -> Refusal:
    ways = (Button(N_("All motions"), "motions"),)
    if of:
        return Refusal("votes_of_others", buttons=ways, organisation=ctx.short_name(of))
    return Refusal("votes_of_nobody", buttons=ways)
