"""Who is told what of a motion. What it says is rendered when sent (`bot/handlers/motions/notices.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.assembly.standing import Standing
from bot.commands import N_
from bot.context import Context
from bot.notices import told
from bot.rules.decisions.motions import Motion, Voter

NOTICED, OPENED, RESULT, FINAL = "motion notice", "vote opened", "motion result", "motion final"
NEWS = told(  # what happens to a motion on its way
    "motion news",
    N_("News of motions"),
    N_("You get this because you vote, proposed it, or coordinate the alliance."),
    theme="votes",
)


def voters_of(ctx: Context, organisations: Iterable[str]) -> tuple[int, ...]:
    """Who votes for these organisations, each person once: representatives, then alternates."""
    return tuple(dict.fromkeys(person for slug in organisations for person in ctx.people_of(slug, "vote")))


def tell_noticed(ctx: Context, motion: Motion, roll: Sequence[Voter]) -> None:
    """Notice is given: text, rule and dates, to everybody who votes, and to the coordinator. Whoever proposed
    it has just read all that, and hears of it again when there is something to vote on."""
    persons = dict.fromkeys((*_voters(ctx, roll), *ctx.coordinators()))
    if motion.version == 1 and motion.opens_at > motion.notice_at:
        persons.pop(motion.proposer, None)
    _notify(ctx, motion, NOTICED, persons, f":{motion.version}")


def tell_opened(ctx: Context, motion: Motion, roll: Sequence[Voter]) -> None:
    """Voting is open: to everybody who votes, with their taps."""
    _notify(ctx, motion, OPENED, _voters(ctx, roll))


def tell_result(ctx: Context, standing: Standing) -> None:
    """The result, to everybody who votes and to whoever proposed it."""
    _notify(ctx, standing.motion, RESULT, readers_of(ctx, standing))


def tell_final(ctx: Context, motion: Motion, persons: Iterable[int]) -> None:
    """A result that could be objected to is final now, or could not take effect: to its `readers_of` as they
    were before it took effect."""
    _notify(ctx, motion, FINAL, persons)


def readers_of(ctx: Context, standing: Standing) -> tuple[int, ...]:
    """Whom a result concerns: everybody who votes, whoever proposed it, the coordinator."""
    return (*_voters(ctx, standing.roll), standing.motion.proposer, *ctx.coordinators())


def _voters(ctx: Context, roll: Sequence[Voter]) -> tuple[int, ...]:
    return voters_of(ctx, (voter.organisation for voter in roll))


def _notify(ctx: Context, motion: Motion, kind: str, persons: Iterable[int], again: str = "") -> None:
    for person in dict.fromkeys(persons):
        if person:
            ctx.notify(person, kind, f"{kind}:{motion.number}{again}", {"motion": motion.number})
