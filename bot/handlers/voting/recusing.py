"""Stepping aside: an organisation takes no part in one vote, with its reason (spec/decisions.md 4.8)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.assembly.balloting import recuse
from bot.assembly.settling import settle
from bot.assembly.standing import standing
from bot.assembly.telling import NEWS
from bot.commands import N_, OneMotion, OneOrganisation, Text, command
from bot.context import Context
from bot.handlers.motions.answers import choice_words, described, see
from bot.handlers.voting.answers import own_hat
from bot.messages import Ask, Choice, Refusal, Reply

REASONS = (N_("It concerns us"), N_("Personal interest"))


@command(
    "recuse",
    N_("Step aside: take no part in a vote"),
    may="vote",
    example="/recuse 7",
    aliases=("step aside",),
    suggested=False,
)
def step_aside(
    ctx: Context,
    motion: Annotated[str, OneMotion(ask=N_("Which motion?"), label=N_("Motion"))],
    why: Annotated[str, Text(most=200, label=N_("Reason"))] = "",
    for_: Annotated[str, OneOrganisation(lead=("for",), label=N_("For which organisation"))] = "",
    sure: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """An organisation takes no part in a vote that is open: it is counted neither as member nor as absent,
    and a ballot that it gave counts no more (section 2, 4.8). It can't be taken back, so it is asked twice:
    for the reason, and whether. Raises those Asks, Refusal where it has no vote or voting isn't open."""
    ctx.in_private()
    settle(ctx)
    now = standing(ctx, int(motion))
    organisation = own_hat(ctx, now, for_)
    named: dict[str, Any] = {"number": now.motion.number, "organisation": ctx.short_name(organisation)}
    if now.phase != "open":
        raise Refusal("not_open", number=now.motion.number, phase=now.phase)
    if organisation not in now.entitled:
        raise Refusal("not_on_roll", buttons=(see(now.motion.number),), **named)
    entry = now.current.get(organisation)
    choice = choice_words(ctx, now.motion, entry.payload) if entry else ""
    values = {**described(ctx, now), **named, "why": why, "choice": choice, "left": len(now.entitled) - 1}
    if not why:
        likely = tuple(Choice(label, {"why": ctx.translate(label)}) for label in REASONS)
        in_form = {"for": organisation} if ctx.place.kind == "group" else None
        raise Ask("why", "recuse_why", likely, prefill=in_form, **values)
    if not sure:
        yes = (Choice(N_("Yes, step aside"), {"for": organisation, "sure": "yes"}),)
        raise Ask("sure", "recuse_sure", yes, free=False, **values)
    after = recuse(ctx, now.motion.number, organisation, why)
    told = {**described(ctx, after), **named, "why": why, "who": ctx.person.name}
    persons = (*ctx.people_of(organisation, "vote"), *ctx.coordinators())
    taps = (see(now.motion.number),)
    key = f"recused:{now.motion.number}:{organisation}"
    ctx.tell(persons, "recuse_told", key, told, taps, kind=NEWS)
    return Reply("recuse_done", told, taps, replace=True)
