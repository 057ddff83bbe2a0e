"""How a motion is read back: what it changes, by which rule, how it stands, its next likely taps."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.assembly.standing import Standing, standing_of
from bot.commands import N_, OneChoice
from bot.context import Context
from bot.handlers.motions.titles import title_of
from bot.messages import Button, Phrase
from bot.rules.decisions.amending import changes
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import edit_until
from bot.rules.decisions.values import (
    ABSTAIN,
    AGAINST,
    FOR,
    NONE_OF_THESE,
    Condition,
    ElectionVerdict,
    Profile,
    Verdict,
)

A_YEAR = 24 * 365  # hours: what stands in a group is not soon asked again
LONGEST_LABEL = 20  # characters on a button
CHOICES = (
    OneChoice(FOR, N_("For"), ("yes", "in favour")),
    OneChoice(AGAINST, N_("Against"), ("no",)),
    OneChoice(ABSTAIN, N_("Abstain"), ("abstention",)),
)
LABELS = {one.value: one.label for one in CHOICES} | {NONE_OF_THESE: N_("None of these")}
OBJECTS = {FOR: N_("No objection"), AGAINST: N_("I object")}


def described(ctx: Context, standing: Standing) -> dict[str, Any]:
    """A motion in the words that every template reads back."""
    motion, rule = standing.motion, standing.motion.rule
    return {
        "number": motion.number,
        "kind": Phrase(rule.title),
        "motion_kind": motion.kind,
        "title": title_of(ctx, motion),
        "text": motion.text,
        "article": rule.article,
        "changes_article": motion.article or 0,
        "changed_lines": changed_lines(motion),
        "base": motion.base,
        "carried_over": motion.effect.get("carried_over", 0),
        "proposed_by": ctx.short_name(motion.organisation),
        "subject": _subject(ctx, motion),
        "candidates": [_candidate(ctx, one) for one in motion.candidates],
        "seats": motion.seats,
        "role": _role(ctx, motion),
        "phase": standing.phase,
        "recorded": motion.origin == "recorded",
        "opens_at": motion.opens_at.isoformat(),
        "closes_at": motion.closes_at.isoformat(),
        "edit_until": edit_until(motion).isoformat(),
        "extended": ctx.short_name(motion.extended_by) if motion.extended_by else "",
        "rule": ruled(rule),
        "hides": rule.hides_choices,
        "secret_wanted": rule.secrecy == "secret",
        "election": rule.is_election,
        "electorate": motion.electorate,
        "voted": len(standing.ballots),
        "members": len(standing.entitled),
        "recused": [ctx.short_name(v.organisation) for v in standing.roll if v.recused_at],
        "missing_for_quorum": _missing_for_quorum(standing),
        "counts": counted(standing),
        "outcome": outcome(ctx, standing) if motion.outcome else None,
        "void_reason": motion.void_reason,
        "challenged": standing.challenged,
        "final_at": motion.final_at.isoformat() if motion.final_at else "",
        "final": standing.phase == "final",
        "in_force_on": motion.in_force_on.isoformat() if motion.in_force_on else "",
        "review_on": motion.review_on.isoformat() if motion.review_on else "",
        "link": motion.link,
    }


def ruled(rule: Profile) -> dict[str, Any]:
    """A rule in words: who has to take part, what carries it, and whether that is a suggestion yet."""
    return {
        "title": Phrase(rule.title),
        "article": rule.article,
        "provisional": rule.provisional,
        "quorum": {
            "rule": rule.quorum.rule,
            "share": share(rule.quorum.share),
            "compare": rule.quorum.compare,
        },
        "majority": [
            {
                "rule": one.rule,
                "share": share(one.share),
                "base": one.base or "",
                "objections": one.objections,
            }
            for one in rule.majority
        ],
        "discussion_days": rule.discussion_days,
        "voting_days": rule.voting_days,
        "challenge_days": rule.challenge_days,
        "secrecy": rule.secrecy,
    }


def counted(standing: Standing) -> dict[str, int]:
    """The counts, as far as they may be shown: nobody's direction while a sealed vote runs (4.1)."""
    counts = standing.counts
    hidden = standing.motion.rule.hides_choices and not standing.motion.outcome
    shown = {"members": counts.members, "ballots": counts.ballots, "absent": counts.absent}
    if hidden or standing.motion.rule.is_election:
        return shown
    return shown | {"for": counts.for_, "against": counts.against, "abstain": counts.abstain}


def outcome(ctx: Context, standing: Standing) -> dict[str, Any]:
    """A declared result with everything that proves it (4.5)."""
    verdict = standing.verdict
    shown: dict[str, Any] = {"result": verdict.result, "quorum": condition(verdict.quorum)}
    shown |= {"by": standing.motion.effect.get("recorded", "")}
    if isinstance(verdict, Verdict):
        conditions = [condition(one) for one in verdict.conditions]
        return shown | {"conditions": conditions, "flips": verdict.flips, "tied_by": verdict.tied_by}
    rest = {"seats": verdict.seats, "filled": verdict.filled, "conditions": [], "flips": 0, "tied_by": 0}
    return shown | rest | {"elected": elected(ctx, standing, verdict)}


def condition(one: Condition | None) -> dict[str, Any] | None:
    """A condition with its numbers filled in."""
    if one is None:
        return None
    given = one.share
    return {
        "what": one.what, "base": one.base, "share": share(given), "value": one.value, "total": one.total,
        "p": given.numerator if given else 1, "q": given.denominator if given else 1,
        "left": one.left, "right": one.right, "compare": one.compare, "needed": one.needed,
        "holds": one.holds,
    }  # fmt: skip


def elected(ctx: Context, standing: Standing, verdict: ElectionVerdict) -> list[dict[str, Any]]:
    """How each candidate fared, the most votes first."""
    named = {one.key: one for one in standing.motion.candidates}
    ranked = sorted(verdict.candidates, key=lambda one: -one.votes)
    return [
        {**_candidate(ctx, named[one.candidate]), "votes": one.votes, "result": one.result} for one in ranked
    ]


def share(given: Any) -> str:
    """A share as it is printed: "2/3"; "" for none."""
    return "" if given is None else f"{given.numerator}/{given.denominator}"


def choice_words(ctx: Context, motion: Motion, choice: str) -> str:
    """A choice as people call it: "For", "I object", or the candidates' names."""
    if motion.kind == "consent_item" and choice in OBJECTS:
        return ctx.translate(OBJECTS[choice])
    if choice in LABELS:
        return ctx.translate(LABELS[choice])
    names = {one.key: one.name for one in motion.candidates}
    return ", ".join(names.get(key, key) for key in choice.split("+"))


def vote_taps(motion: Motion, organisation: str = "", *, in_group: bool = False) -> tuple[Button, ...]:
    """One tap for each choice. In a group whoever votes for an organisation may press them; several seats
    take a private answer, where candidates are picked one by one."""
    given = {"motion": str(motion.number)} | ({"for": organisation} if organisation else {})

    def tap(choice: str, label: str) -> Button:
        arguments = {**given, "choice": choice}
        if in_group:
            return Button(label, "cast ballot", arguments, who="anyone", hours=A_YEAR)
        return Button(label, "cast ballot", arguments)

    if motion.rule.is_election:
        if motion.seats > 1:
            who = {"who": "anyone", "hours": A_YEAR} if in_group else {}
            return (Button(N_("Vote"), "choose", {**given, "picked": ""}, **who),)  # type: ignore[arg-type]
        named = [tap(key, label) for key, label in candidate_labels(motion).items()]
        return (*named, tap(NONE_OF_THESE, N_("None of these")), tap(ABSTAIN, N_("Abstain")))
    if motion.kind == "consent_item":
        return (tap(FOR, OBJECTS[FOR]), tap(AGAINST, OBJECTS[AGAINST]))
    return tuple(tap(one.value, one.label) for one in CHOICES)


def candidate_labels(motion: Motion) -> dict[str, str]:
    """What the tap of each candidate who stands says, by key: the name; the number in the list before it
    where two names would read the same on a button, ticked or not."""
    names = {one.key: one.name for one in motion.candidates if not one.withdrawn}
    cut = Counter(_cut(name) for name in names.values())
    alone = {key: name if cut[_cut(name)] == 1 else f"{key} · {name}" for key, name in names.items()}
    return {key: label[:LONGEST_LABEL] for key, label in alone.items()}


def _cut(name: str) -> str:
    return name[: LONGEST_LABEL - len("✓ ")].casefold()


def changed_lines(motion: Motion) -> list[dict[str, str]]:
    """What an amendment changes, sentence by sentence; what stays is left out."""
    found = changes(motion.before, motion.after) if motion.kind == "charter_amendment" else ()
    return [
        {"kind": one.kind, "before": one.before, "after": one.after} for one in found if one.kind != "same"
    ]


def see(number: int, label: str = N_("Read it")) -> Button:
    """The tap that opens a motion."""
    return Button(label, "motion", {"number": str(number)})


def described_number(ctx: Context, motion: Motion) -> dict[str, Any]:
    """`described` for whoever has only the motion."""
    return described(ctx, standing_of(ctx, motion))


def _missing_for_quorum(standing: Standing) -> int:
    """How many more have to take part. Where votes in favour make it valid, a sealed vote does not say."""
    rule = standing.motion.rule
    if rule.quorum.rule == "approval" and rule.hides_choices and not standing.motion.outcome:
        return 0
    return standing.missing_for_quorum


def _candidate(ctx: Context, one: Any) -> dict[str, Any]:
    of = ctx.short_name(one.organisation) if one.organisation in ctx.organisations else one.organisation
    return {"key": one.key, "name": one.name, "of": of, "withdrawn": one.withdrawn}


def _role(ctx: Context, motion: Motion) -> str:
    """What an election is for, as the charter calls it."""
    return next((one.title for one in ctx.charter.roles if one.key == motion.role), motion.role)


def _subject(ctx: Context, motion: Motion) -> str:
    return ctx.short_name(motion.subject) if motion.subject in ctx.organisations else motion.subject
