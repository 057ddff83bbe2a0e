"""Votes that are owed: those of one's organisations, and for coordinators those that were not given although
their organisations were reminded (spec/decisions.md 4.4 and 4.12)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.assembly.standing import Standing, standing_of
from bot.commands import N_
from bot.context import Context
from bot.handlers.motions.answers import see, vote_taps
from bot.handlers.motions.titles import title_of
from bot.messages import Button
from bot.people.duties import Owed, duty
from bot.people.waking import waking_of
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase
from bot.rules.reminding.votes import turns

VOTE = "vote"
MOST_NAMED = 5  # organisations in one line


@duty(VOTE)
def votes_owed(ctx: Context) -> Iterator[Owed]:
    """The open votes that the caller's organisations have not cast. Coordinators owe a word to those that
    were reminded twice, from the morning of the last call on: in their own list, never in public."""
    hats, keeps = ctx.hats("vote"), ctx.may("keep_assembly")
    if not hats and not keeps:
        return
    for motion in ctx.store.motions.live():
        if phase(motion, ctx.now) != "open":
            continue
        now = standing_of(ctx, motion)
        missing = now.missing
        for slug in hats:
            if slug in missing:
                yield _own(ctx, now, slug, named=len(hats) > 1)
        others = tuple(slug for slug in missing if slug not in hats)
        if keeps and others and _were_reminded(ctx, motion):
            yield _of_others(ctx, motion, others)


def key_of(motion: int, organisation: str) -> str:
    """The name of what an organisation (slug) owes on a motion: its vote."""
    return f"{VOTE}:{motion}:{organisation}"


def taps_of(motion: Motion, organisation: str) -> tuple[Button, ...]:
    """The taps that cast an organisation's vote: one for each choice, or the ballot of an election."""
    if motion.rule.is_election:
        given = {"motion": str(motion.number), "for": organisation}
        return (Button(N_("Open the ballot"), "vote", given),)
    return vote_taps(motion, organisation)


def enter_tap(motion: int, organisation: str = "") -> Button:
    """The coordinator's tap: an organisation said by phone how it votes (spec/decisions.md 4.8)."""
    given = {"motion": str(motion)} | ({"organisation": organisation} if organisation else {})
    return Button(N_("Enter a vote"), "enter ballot", given)


def _own(ctx: Context, now: Standing, slug: str, *, named: bool) -> Owed:
    motion = now.motion
    values = {
        "number": motion.number,
        "title": title_of(ctx, motion),
        "organisation": ctx.short_name(slug) if named else "",
        "closes_at": motion.closes_at.isoformat(),
    }
    return Owed(
        VOTE, key_of(motion.number, slug), "owed/vote", values, taps_of(motion, slug), motion.closes_at, slug
    )  # fmt: skip


def _of_others(ctx: Context, motion: Motion, others: tuple[str, ...]) -> Owed:
    names = [ctx.short_name(slug) for slug in others]
    values = {
        "number": motion.number,
        "organisations": names[:MOST_NAMED],
        "more": max(0, len(names) - MOST_NAMED),
        "closes_at": motion.closes_at.isoformat(),
    }
    only = others[0] if len(others) == 1 else ""
    taps = (enter_tap(motion.number, only), see(motion.number))
    return Owed(VOTE, f"{VOTE}:{motion.number}:others", "owed/votes_missing", values, taps, motion.closes_at)


def _were_reminded(ctx: Context, motion: Motion) -> bool:
    last = turns(motion.opens_at, motion.closes_at, waking_of(ctx, ctx.person.id, "votes")).last
    return last is not None and last <= ctx.now
