"""A motion's own pages: before and after, its rule, and a page for a representative's board (4.9, 4.11)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.assembly.standing import Standing, standing
from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.motions.answers import described, see
from bot.handlers.motions.rules import in_words
from bot.messages import Button, Reply
from bot.rules.decisions.amending import changes
from bot.rules.decisions.motions import Motion

SHORT = 1500  # characters of an article that is shown whole, with what stays
NUMBER = Annotated[int, Number(hidden=True)]


@command(
    "motion changes",
    N_("What a motion changes: before and after"),
    may="see_indicators",
    hidden=True,
    reads=True,
)
def motion_changes(ctx: Context, motion: NUMBER) -> Reply:
    """The sentences that go and those that come, in their places; of a long article only those."""
    now = standing(ctx, motion)
    whole = len(now.motion.after) <= SHORT
    values = {
        **described(ctx, now),
        "heading": _heading(ctx, now.motion),
        "whole": whole,
        "sentences": _sentences(now.motion, whole),
    }
    return Reply("motion_changes", values, (Button(N_("The rule"), "motion rule", _of(now)), see(motion)))


@command(
    "motion rule", N_("The rule by which a motion is decided"), may="see_indicators", hidden=True, reads=True
)
def motion_rule(ctx: Context, motion: NUMBER) -> Reply:
    """The rule as it was when notice was given: changing the rules never touches a running vote."""
    now = standing(ctx, motion)
    rule = now.motion.rule
    values = {**described(ctx, now), "profile": in_words(rule, ()), "version": rule.version}
    try_out = () if rule.is_election else (Button(N_("What if"), "simulate", {"kind": rule.kind}),)
    return Reply("rule_of_motion", values, (*try_out, see(motion)))


@command("board page", N_("A motion as a page for our board"), may="see_indicators", hidden=True, reads=True)
def board_page(ctx: Context, motion: NUMBER) -> Reply:
    """The motion as a message to forward, with what it means not to vote, computed from its rule (4.11)."""
    now = standing(ctx, motion)
    values = {
        **described(ctx, now),
        "alliance": ctx.charter.alliance.name,
        "heading": _heading(ctx, now.motion),
        "profile": in_words(now.motion.rule, ()),
        "silence": silence(now),
    }
    return Reply("board_page", values, (see(motion),))


def silence(now: Standing) -> dict[str, Any]:
    """What it means under a motion's rule that an organisation does not vote. `weighs_against`: the majority
    is one of all members; `needed` of `members` then vote for it; `quorum_needed`: so many take part."""
    verdict, rule = now.verdict, now.motion.rule
    over_members = [
        one.needed
        for one in getattr(verdict, "conditions", ())
        if one.base == "members" and one.what != "consent"
    ]
    return {
        "adopts": any(one.rule == "consent" for one in rule.majority),
        "objections": max((one.objections for one in rule.majority), default=0),
        "advice": all(one.rule == "none" for one in rule.majority),
        "election": rule.is_election,
        "weighs_against": bool(over_members),
        "needed": max(over_members, default=0),
        "quorum_needed": verdict.quorum.needed if verdict.quorum else 0,
        "quorum_in_favour": rule.quorum.rule == "approval",
        "members": len(now.entitled),
    }


def _sentences(motion: Motion, whole: bool) -> list[dict[str, str]]:
    found = changes(motion.before, motion.after) if motion.before or motion.after else ()
    return [
        {"kind": one.kind, "before": one.before, "after": one.after}
        for one in found
        if whole or one.kind != "same"
    ]


def _heading(ctx: Context, motion: Motion) -> str:
    titles = {one.number: one.title for one in ctx.charter.articles}
    return titles.get(motion.article or 0, "")


def _of(now: Standing) -> dict[str, str]:
    return {"motion": str(now.motion.number)}
