"""More time for a vote: once per motion, five working days (spec/decisions.md 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from bot.assembly.calendar import calendar_of
from bot.assembly.settling import changed, settle
from bot.assembly.standing import Standing, standing, standing_of
from bot.assembly.telling import NEWS, voters_of
from bot.commands import N_, OneMotion, OneOrganisation, Text, command
from bot.context import Context
from bot.handlers.motions.answers import described, see
from bot.handlers.voting.answers import own_hat
from bot.messages import Ask, Choice, Refusal, Reply
from bot.rules.decisions.dates import extended
from bot.rules.decisions.phases import may_extend

DAYS = 5  # working days (section 3)


@command(
    "ask for time",
    N_("Ask for five more working days to vote"),
    may="vote",
    example="/ask for time 7",
    aliases=("more time",),
    suggested=False,
)
def ask_for_time(
    ctx: Context,
    motion: Annotated[str, OneMotion(ask=N_("Which motion?"), label=N_("Motion"))],
    for_: Annotated[str, OneOrganisation(hidden=True)] = "",
    sure: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """ "Our board needs time": the deadline moves by five working days, once per motion, asked before it is
    past (sections 3 and 5.13). Whoever votes is told. Raises an Ask with the new deadline, Refusal where it
    was asked already, voting is over, or the organisation has no vote on it."""
    ctx.in_private()
    settle(ctx)
    now = standing(ctx, int(motion), lock=True)
    organisation = own_hat(ctx, now, for_)
    _check(ctx, now, organisation)
    before, after = now.motion.closes_at, extended(now.motion.closes_at, DAYS, calendar_of(ctx))
    values: dict[str, Any] = {"organisation": ctx.short_name(organisation), "before": before.isoformat()}
    if not sure:
        yes = (Choice(N_("Yes, more time"), {"for": organisation, "sure": "yes"}),)
        values |= {"after": after.isoformat()}
        raise Ask("sure", "more_time_sure", yes, free=False, **described(ctx, now), **values)
    later = replace(now.motion, closes_at=after, extended_by=organisation, extended_at=ctx.now)
    found = ctx.store.motions.write(later)
    changed(ctx, found)
    told = {**described(ctx, standing_of(ctx, found)), **values}
    voters = voters_of(ctx, (voter.organisation for voter in now.roll))
    persons, taps = (*voters, found.proposer, *ctx.coordinators()), (see(found.number),)
    key = f"more time:{found.number}"
    ctx.tell((one for one in persons if one), "more_time_given", key, told, taps, kind=NEWS)
    return Reply("more_time_given", told, taps, replace=True)


def _check(ctx: Context, now: Standing, organisation: str) -> None:
    motion = now.motion
    if now.phase not in ("notice", "open"):
        raise Refusal("not_open", number=motion.number, phase=now.phase)
    if organisation not in now.entitled:
        named: dict[str, Any] = {"number": motion.number, "organisation": ctx.short_name(organisation)}
        raise Refusal("not_on_roll", buttons=(see(motion.number),), **named)
    if not may_extend(motion, ctx.now):
        who, closes = ctx.short_name(motion.extended_by), motion.closes_at.isoformat()
        taps = (see(motion.number),)
        raise Refusal("more_time_once", buttons=taps, number=motion.number, who=who, closes_at=closes)
