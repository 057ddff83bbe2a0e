"""The rules of decision in words, and trying them out with numbers (spec/decisions.md 4.7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, cast

from bot.commands import N_, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.handlers.motions.answers import condition, ruled
from bot.in_force import version_at
from bot.messages import Button, Refusal, Reply
from bot.rules.decisions.counts_said import read_counts
from bot.rules.decisions.tallying import decide
from bot.rules.decisions.values import Counts, Kind, Profile

ORDINARY: Kind = "ordinary_resolution"
LONGEST_QUOTE = 40  # characters of numbers that nobody understands
KINDS = (
    OneChoice("ordinary_resolution", N_("Ordinary resolution"), ("resolution", "ordinary", "decision")),
    OneChoice("charter_amendment", N_("Change of the charter"), ("amendment", "charter", "charter change")),
    OneChoice("annual_renewal", N_("Renewal for another year"), ("renewal", "another year")),
    OneChoice("admission", N_("Admission of a member"), ("new member", "joining")),
    OneChoice("exclusion", N_("Exclusion of a member"), ("excluding",)),
    OneChoice("election", N_("Election"), ("elections", "electing")),
    OneChoice("consent_item", N_("No-objection item"), ("consent", "no objection", "silence")),
    OneChoice("consultation", N_("Consultation"), ("advice", "poll")),
)
ON_BUTTONS: dict[str, str] = {
    "ordinary_resolution": N_("Resolution"),
    "charter_amendment": N_("Charter change"),
    "annual_renewal": N_("Renewal"),
    "admission": N_("Admission"),
    "exclusion": N_("Exclusion"),
    "election": N_("Election"),
    "consent_item": N_("No objection"),
    "consultation": N_("Consultation"),
}


@command(
    "rule",
    N_("By which rule a kind of motion is decided"),
    may="see_indicators",
    example="/rule amendment",
    reads=True,
)
def rule(ctx: Context, kind: Annotated[str, OneOf(KINDS, label=N_("Kind of motion"))] = "") -> Reply:
    """All numbers of one kind's rule in words, as it is in force today; without a kind all rules, in a line
    each."""
    if not kind:
        every = [in_words(profile_of(ctx, one.value), ()) for one in KINDS]
        taps = tuple(_tap(one.value) for one in KINDS)
        return Reply("rules", {"rules": every}, taps, replace=True)
    profile = profile_of(ctx, kind)
    roles = {role.key: role.title for role in ctx.charter.roles}
    proposers = [roles.get(key, key) for key in ctx.charter.decision(profile.kind).proposers]
    every_rule = Button(N_("All rules"), "rule")
    try_out = () if profile.is_election else (Button(N_("What if"), "simulate", {"kind": kind}),)
    return Reply("rule", {"profile": in_words(profile, proposers)}, (*try_out, every_rule), replace=True)


@command(
    "simulate",
    N_("What a vote would mean: for, against, abstained"),
    may="see_indicators",
    example="/simulate 12-5-3 of 30 amendment",
    reads=True,
)
def simulate(
    ctx: Context,
    votes: Annotated[
        str,
        Text(
            ask=N_("How many for, against and abstained?"),
            hint=N_("Such as 12-5-3, or 12-5-3 of 30 for that many members."),
            label=N_("Votes"),
        ),
    ],
    kind: Annotated[str, OneOf(KINDS, label=N_("Kind of motion"))] = "",
) -> Reply:
    """Whether it would be carried and why, with the numbers filled in. Of as many members as vote today, and
    for an ordinary resolution, if nothing else is said. Raises Refusal for numbers that no vote can have."""
    numbers = read_counts(votes)
    if numbers is None:
        raise Refusal("simulate_unclear", "votes", text=votes[:LONGEST_QUOTE])
    if numbers.rest:
        kind = OneOf(KINDS, label=N_("Kind of motion")).read(numbers.rest, ctx.reading, "kind")
    profile = profile_of(ctx, kind or ORDINARY)
    if profile.is_election:
        raise Refusal("simulate_election", buttons=(_tap(profile.kind, N_("The rule")),))
    members = voting_members(ctx) if numbers.members is None else numbers.members
    counts = Counts(members, numbers.for_, numbers.against, numbers.abstain)
    if counts.ballots > members:
        raise Refusal("simulate_too_many", "votes", ballots=counts.ballots, members=members)
    return Reply(
        "simulate",
        simulated(profile, counts),
        (_tap(profile.kind, N_("The rule")), Button(N_("All rules"), "rule")),
    )


def simulated(profile: Profile, counts: Counts) -> dict[str, Any]:
    """What these counts mean under a rule, with everything that shows why."""
    verdict = decide(profile, counts)
    return {
        "kind": profile.title,
        "motion_kind": profile.kind,
        "rule": ruled(profile),
        "counts": {
            "members": counts.members,
            "for": counts.for_,
            "against": counts.against,
            "abstain": counts.abstain,
            "absent": counts.absent,
        },
        "outcome": {
            "result": verdict.result,
            "quorum": condition(verdict.quorum),
            "conditions": [condition(one) for one in verdict.conditions],
            "flips": verdict.flips,
            "tied_by": verdict.tied_by,
        },
    }


def in_words(profile: Profile, proposers: Sequence[str]) -> dict[str, Any]:
    """A rule with everything that there is to say about it; `proposers` are titles of roles."""
    bases = {one.base or "" for one in profile.majority}
    return {
        **ruled(profile),
        "kind": profile.kind,
        "proposers": list(proposers),
        "tie": profile.tie,
        "may_tie": any(one.rule in ("simple", "plurality") for one in profile.majority),
        "abstaining_is_neutral": bases == {"votes_cast"} or profile.majority[0].rule == "simple",
        "secret_from": profile.secret_from or 0,
        "early_close": profile.early_close,
        "subject_is_recused": profile.subject_is_recused,
    }


def profile_of(ctx: Context, kind: str) -> Profile:
    """The rule for a kind of motion that is in force today."""
    named = cast(Kind, kind)
    version = version_at(ctx.store, ctx.counting_day).version
    return ctx.charter.decision(named).rule(named, version)


def voting_members(ctx: Context) -> int:
    """How many organisations have a vote today."""
    votes = {one.key for one in ctx.charter.classes if one.votes}
    return sum(one.standing == "voting" and one.member_class in votes for one in ctx.members)


def _tap(kind: str, label: str = "") -> Button:
    return Button(label or ON_BUTTONS[kind], "rule", {"kind": kind})
