"""Objecting to how something was decided, and what is answered to it (spec/decisions.md 3, 4.10 and 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from bot.assembly.settling import changed, settle
from bot.assembly.standing import Standing, standing
from bot.assembly.telling import NEWS, voters_of
from bot.commands import N_, LongText, Number, OneChoice, OneMotion, OneOf, OneOrganisation, command
from bot.context import Context
from bot.handlers.motions.answers import described, see
from bot.handlers.voting.answers import own_hat
from bot.messages import Ask, Button, Refusal, Reply
from bot.notices import Values, told
from bot.rules.decisions import book
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase
from storage.challenges import Challenge

ANSWERS = (OneChoice("dismissed", N_("Dismiss")), OneChoice("upheld", N_("Uphold")))
LONGEST = 1000  # characters of a reason
LARGEST = 2**63 - 1


def is_unanswered(ctx: Context, values: Values) -> bool:
    """Whether an objection still waits for an answer, and the reader may give it."""
    made = ctx.store.challenges.get(values["challenge"])
    return made is not None and made.answer == "" and ctx.may("keep_assembly")


RAISED = told(
    "objection",
    N_("Objections to decisions"),
    N_("You get this because you coordinate the alliance."),
    still_due=is_unanswered,
    theme="votes",
    duty=True,
)


@command(
    "object",
    N_("Object to how a motion was decided"),
    may="vote",
    example="/object 7",
    suggested=False,
)
def object_to(
    ctx: Context,
    motion: Annotated[str, OneMotion(ask=N_("Which motion?"), label=N_("Motion"))],
    why: Annotated[str, LongText(most=LONGEST, label=N_("What wasn't right"))] = "",
    for_: Annotated[str, OneOrganisation(hidden=True)] = "",
) -> Reply:
    """A member objects to how something was decided, before that is final: once, with its reason. Until the
    coordinator has answered, nothing becomes final (section 6; recorded decisions 4.10). Raises an Ask for
    the reason, Refusal where there is nothing to object to now."""
    ctx.in_private()
    settle(ctx)
    now = standing(ctx, int(motion), lock=True)
    organisation = own_hat(ctx, now, for_)
    _check(ctx, now, organisation)
    values = {**described(ctx, now), "organisation": ctx.short_name(organisation)}
    if not why:
        filled = {"motion": motion, "for": organisation}
        raise Ask("why", "objection_asked", prefill=filled, **values)
    made = ctx.store.challenges.add(now.motion.number, organisation, ctx.person.id, why, ctx.now)
    changed(ctx, now.motion)
    coordinators = ctx.coordinators()
    values |= {"why": why, "who": ctx.person.name, "asked": len(coordinators)}
    taps = _answer_taps(made)
    said, every = {**values, "challenge": made.id}, (*taps, see(now.motion.number))
    ctx.tell(coordinators, "objection_told", f"objection:{made.id}", said, every, kind=RAISED)
    own = taps if ctx.person.id in coordinators else ()
    return Reply("objection_made", values, (*own, see(now.motion.number)), replace=True)


@command("answer objection", N_("Answer an objection"), may="keep_assembly", hidden=True)
def answer_objection(
    ctx: Context,
    challenge: Annotated[int, Number(hidden=True, most=LARGEST)],
    answer: Annotated[str, OneOf(ANSWERS, hidden=True)],
    why: Annotated[str, LongText(most=LONGEST, label=N_("Why"))] = "",
) -> Reply:
    """The coordinator answers for the alliance, with a reason. Dismissed: the result becomes final when the
    window is over, now if it is. Upheld: the motion is void, and whoever votes is told. Raises an Ask for the
    reason, Refusal where it is answered already."""
    ctx.in_private()
    settle(ctx)
    made = ctx.store.challenges.get(challenge)
    if made is None:
        raise Refusal("button_old", buttons=(Button(N_("Help"), "help"),))
    now = standing(ctx, made.motion, lock=True)
    made = ctx.store.challenges.get(challenge) or made  # as it is now that nobody else answers it
    values = _values(ctx, now, made)
    if made.answer:
        raise Refusal("objection_over", buttons=(see(made.motion),), **values)
    if not why:
        raise Ask("why", "objection_why", prefill={}, **values, answer=answer)
    values |= {"answer": answer, "reason": why}
    if answer == "upheld":
        _uphold(ctx, now, why, values)
    else:
        _dismiss(ctx, now, made, why, values)
    return Reply("objection_answered", values | _final(ctx, made.motion), (see(made.motion),), replace=True)


def window_is_open(motion: Motion, now: datetime) -> bool:
    """Whether something counted can still be objected to at this moment: until it would be final."""
    return phase(motion, now) == "closed" and (motion.final_at is None or now < motion.final_at)


def may_object(standing: Standing, hats: Iterable[str], now: datetime) -> bool:
    """Whether one of these organisations (slugs) could object now: it was on the roll, and has not yet."""
    heard = {one.organisation for one in standing.challenges}
    could = {voter.organisation for voter in standing.roll} - heard
    return window_is_open(standing.motion, now) and not could.isdisjoint(hats)


def _check(ctx: Context, now: Standing, organisation: str) -> None:
    """That there is something to object to, by an organisation that has not done so."""
    motion = now.motion
    look = (see(motion.number),)
    named: dict[str, Any] = {"number": motion.number, "organisation": ctx.short_name(organisation)}
    if not window_is_open(motion, ctx.now):
        stage = "over" if now.phase == "closed" else now.phase
        at = motion.final_at.isoformat() if motion.final_at else motion.closes_at.isoformat()
        raise Refusal("objection_window", buttons=look, number=motion.number, phase=stage, at=at)
    if organisation not in {voter.organisation for voter in now.roll}:
        raise Refusal("not_on_roll", buttons=look, **named)
    own = next((one for one in now.challenges if one.organisation == organisation), None)
    if own is not None:
        raise Refusal("objection_once", buttons=look, **named, answer=own.answer)


def _answer_taps(made: Challenge) -> tuple[Button, ...]:
    return tuple(
        Button(one.label, "answer objection", {"challenge": str(made.id), "answer": one.value})
        for one in ANSWERS
    )


def _dismiss(ctx: Context, now: Standing, made: Challenge, why: str, values: dict[str, Any]) -> None:
    ctx.store.challenges.answer(made.id, "dismissed", ctx.person.id, why, ctx.now)
    changed(ctx, now.motion)
    settle(ctx)  # the window may be over: then it is final now
    told = {**values, **_final(ctx, made.motion)}
    persons = ctx.people_of(made.organisation, "vote")
    key = f"objection answered:{made.id}"
    ctx.tell(persons, "objection_dismissed", key, told, (see(made.motion),), kind=NEWS)


def _uphold(ctx: Context, now: Standing, why: str, values: dict[str, Any]) -> None:
    """What was decided is void: the book is closed once more, with that outcome (docs/ballot-book.md)."""
    for one in now.challenges:
        if one.answer == "":
            ctx.store.challenges.answer(one.id, "upheld", ctx.person.id, why, ctx.now)
    motion = now.motion
    facts: dict[str, Any] = {"voided_at": ctx.now, "void_reason": why}
    facts["outcome"] = {**motion.outcome, "result": "void"}
    if now.entries:
        entry = book.close_book(
            now.entries[-1], motion, facts["outcome"], at=ctx.now, salt=book.new_salt()
        )  # fmt: skip
        ctx.store.ballots.append(entry)
        facts["closing_hash"] = entry.hash
    changed(ctx, ctx.store.motions.write(replace(motion, **facts)))
    voters = voters_of(ctx, (voter.organisation for voter in now.roll))
    persons = [one for one in (*voters, motion.proposer, *ctx.coordinators()) if one]
    key = f"upheld:{motion.number}"
    ctx.tell(persons, "objection_upheld", key, values, (see(motion.number),), kind=NEWS)


def _values(ctx: Context, now: Standing, made: Challenge) -> dict[str, Any]:
    return {
        "number": made.motion,
        "title": now.motion.title,
        "organisation": ctx.short_name(made.organisation),
        "why": made.why,
    }


def _final(ctx: Context, number: int) -> dict[str, Any]:
    shown = described(ctx, standing(ctx, number))
    return {name: shown[name] for name in ("phase", "final_at", "challenged")}
