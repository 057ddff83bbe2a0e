"""Why an organisation votes as it does: one line beside its ballot and in the minutes (decisions.md 4.8)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.assembly.settling import settle
from bot.assembly.standing import Standing, standing
from bot.commands import N_, Number, OneOrganisation, Text, command
from bot.context import Context
from bot.handlers.motions.answers import choice_words, described, vote_taps
from bot.handlers.voting.answers import own_hat
from bot.messages import Ask, Button, Choice, Refusal, Reply

WHY = Text(most=200, label=N_("Why we voted so"), hint=N_("One line, for everybody to read"))


@command("reason", N_("Say why we voted so"), may="vote", hidden=True)
def reason(
    ctx: Context,
    motion: Annotated[int, Number(hidden=True)],
    for_: Annotated[str, OneOrganisation(hidden=True)] = "",
    why: Annotated[str, WHY] = "",
    shown: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """An organisation's explanation of its vote, in one line: while voting is open it can be written, written
    anew, and taken away (4.8). `shown`: the line as it stands was shown, so that no words take it away.
    Raises Ask for the line, Refusal where no ballot of theirs stands."""
    ctx.in_private()
    settle(ctx)
    now = standing(ctx, motion, lock=True)
    organisation = own_hat(ctx, now, for_)
    if now.phase != "open":
        raise Refusal("not_open", number=motion, phase=now.phase)
    if organisation not in now.current:
        taps = vote_taps(now.motion, organisation) if organisation in now.entitled else ()
        raise Refusal("no_ballot", buttons=taps, number=motion, organisation=ctx.short_name(organisation))
    values = _values(ctx, now, organisation)
    if not why and not shown:
        raise _asked(values, organisation)
    ctx.store.ballots.explain(motion, organisation, ctx.person.id, why, ctx.now)
    change = Button(
        N_("Change it") if why else N_("Add a reason"),
        "reason",
        {"motion": str(motion), "for": organisation},
    )
    who = (
        () if now.motion.rule.hides_choices else (Button(N_("Who voted how"), "who voted", _number(motion)),)
    )
    return Reply("reason_kept", {**values, "why": why}, (change, *who), replace=True)


def _values(ctx: Context, now: Standing, organisation: str) -> dict[str, Any]:
    said = {one.organisation: one.text for one in ctx.store.ballots.explanations(now.motion.number)}
    return {
        **described(ctx, now),
        "organisation": ctx.short_name(organisation),
        "choice": choice_words(ctx, now.motion, now.ballots[organisation]),
        "before": said.get(organisation, ""),
    }


def _asked(values: dict[str, Any], organisation: str) -> Ask:
    away = (Choice(N_("Take it away"), {"shown": "yes", "why": ""}),) if values["before"] else ()
    filled = {"for": organisation, "why": values["before"], "shown": "yes"}
    return Ask("why", "reason_asked", away, prefill=filled, **values)


def _number(motion: int) -> dict[str, str]:
    return {"motion": str(motion)}
