"""A candidate who stands no more, before or while voting runs (spec/decisions.md 5.17)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.assembly.settling import changed, settle
from bot.assembly.standing import standing
from bot.assembly.telling import NEWS
from bot.commands import N_, Number, Text, command
from bot.context import Context
from bot.handlers.motions.answers import described, see
from bot.messages import Ask, Choice, Refusal, Reply
from bot.rules.decisions.motions import Candidate

YES = (Choice(N_("I stand down"), {"sure": "yes"}),)


@command(
    "stand down",
    N_("No longer be a candidate"),
    example="/stand down 7",
    suggested=False,
)
def stand_down(
    ctx: Context,
    motion: Annotated[int, Number(ask=N_("In which election?"), label=N_("Motion"))],
    sure: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """The caller is no candidate any more: votes for them are kept, not counted. It cannot be taken back."""
    settle(ctx)
    now = standing(ctx, motion, lock=True)
    own = next((one for one in now.motion.candidates if one.person == ctx.person.id), None)
    if own is None or own.withdrawn:
        raise Refusal("not_a_candidate", number=motion, title=now.motion.title)
    if now.phase not in ("notice", "open"):
        raise Refusal("not_open", number=motion, phase=now.phase)
    if not sure:
        raise Ask("sure", "stand_down_sure", YES, free=False, **described(ctx, now))
    after = replace(now.motion, candidates=tuple(_without(one, own) for one in now.motion.candidates))
    ctx.store.motions.write(after)
    changed(ctx, after)
    values = {**described(ctx, now), "name": own.name}
    key = f"stands down:{motion}:{own.key}"
    ctx.tell((*ctx.coordinators(), after.proposer), "stood_down_told", key, values, (see(motion),), kind=NEWS)
    return Reply("stood_down", values, (see(motion),))


def _without(one: Candidate, own: Candidate) -> Candidate:
    return replace(one, withdrawn=True) if one.key == own.key else one
