"""The register of decisions: every resolution, with its date, result and review date (decisions.md 4.10)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.assembly.standing import standing_of
from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.activity_answers import turns
from bot.handlers.motions.answers import elected
from bot.handlers.motions.recording import NO_OBJECTION
from bot.messages import Button, Reply, filled
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.tallying import counts_of
from bot.rules.decisions.values import ElectionVerdict

PAGE = 5
WON = ("elected", "elected_unopposed")


@command(
    "decisions",
    N_("What the Assembly has decided"),
    may="see_indicators",
    example="/decisions",
    reads=True,
)
def decisions(ctx: Context, page: Annotated[int, Number(hidden=True)] = 1) -> Reply:
    """A page of what was carried, the latest decision first: voted here or recorded, and marked where its
    review date is past (4.10)."""
    carried = [one for one in ctx.store.motions.all() if one.result == "carried" and one.voided_at is None]
    carried.sort(key=lambda one: (one.closes_at, one.number), reverse=True)
    pages = max(1, -(-len(carried) // PAGE))
    page = min(max(page, 1), pages)
    shown = carried[(page - 1) * PAGE : page * PAGE]
    values = {
        "decisions": [_listed(ctx, one) for one in shown],
        "total": len(carried),
        "page": page,
        "pages": pages,
        "again": sum(_is_due(ctx, one) for one in carried),
    }
    opens = (
        Button(filled(N_("Motion {number}"), number=one.number), "motion", {"number": str(one.number)})
        for one in shown
    )
    taps = (*opens, *turns("decisions", {}, page, page < pages))
    return Reply("register", values, taps, replace=True)


def _listed(ctx: Context, motion: Motion) -> dict[str, Any]:
    counts = counts_of(motion.outcome)
    names: list[str] = []
    if motion.rule.is_election:
        now = standing_of(ctx, motion)
        if isinstance(now.verdict, ElectionVerdict):
            names = [one["name"] for one in elected(ctx, now, now.verdict) if one["result"] in WON]
    return {
        "number": motion.number,
        "title": motion.title,
        "day": motion.closes_at.isoformat(),
        "article": motion.rule.article,
        "changes": motion.article or 0,
        "consent": motion.kind == "consent_item",
        "counts": counts and {"for": counts.for_, "against": counts.against, "abstain": counts.abstain},
        "no_objection": motion.effect.get("recorded") == NO_OBJECTION,
        "elected": names,
        "recorded": motion.origin == "recorded",
        "final": motion.certified_at is not None,
        "review_on": motion.review_on.isoformat() if motion.review_on else "",
        "due": _is_due(ctx, motion),
    }


def _is_due(ctx: Context, motion: Motion) -> bool:
    return motion.review_on is not None and motion.review_on <= ctx.today
