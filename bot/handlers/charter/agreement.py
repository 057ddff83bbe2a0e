"""The Partnership Agreement: eight answers that the founders vote on, and what holds by them (Preamble)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from bot.assembly.agreement import QUESTIONS, TITLE, answers_now, recorded_agreement
from bot.assembly.founding import agreement, agreement_due, founding, running_agreement
from bot.assembly.settling import settle
from bot.assembly.standing import roll_now
from bot.commands import N_, OneOf, OneOrganisation, Text, command
from bot.context import COORDINATING, Context
from bot.handlers.charter.agreement_answers import (
    ASKED,
    CHOICES,
    SUGGESTED_DAYS,
    TITLES,
    Answers,
    days_given,
    full,
    lines,
    written,
)
from bot.handlers.motions.answers import described_number, see
from bot.handlers.proposing.preview import seal
from bot.handlers.proposing.proposing import drafted, give_notice, worded
from bot.messages import Ask, Button, Choice, Refusal, Reply, filled
from bot.rules.decisions.motions import Motion

PREVIEW = "preview"  # the step after the page; the last step is the seal of what was seen
HIDDEN = Annotated[str, Text(hidden=True)]
START = Button(N_("Start the agreement"), "propose agreement")


@command(
    "agreement",
    N_("The Partnership Agreement: what holds, and what is still a suggestion"),
    may="see_indicators",
    example="/agreement",
    reads=True,
)
def agreement_(ctx: Context) -> Reply:
    """What was agreed and since when; before that, the eight questions with today's suggestions. A date that
    is past is told as it was planned, without blame; one that was only recorded has no answers here yet."""
    adopted, running, due = agreement(ctx), running_agreement(ctx), agreement_due(ctx)
    recorded = None if adopted or running else recorded_agreement(ctx)
    values = {
        "agreed_on": adopted.in_force_on if adopted else None,
        "motion": adopted.number if adopted else 0,
        "due": due,
        "past": due is not None and due < ctx.counting_day,
        "running": running.number if running else 0,
        "recorded": recorded.number if recorded else 0,
        "lines": lines(ctx, answers_now(ctx.charter)),
        "still_open": _still_open(ctx),
    }
    shown = tuple(
        see(one.number, filled(N_("Motion {number}"), number=one.number))
        for one in (running, adopted, recorded)
        if one
    )
    start = () if running or not _proposes_for(ctx) else (_start(adopted, recorded),)
    return Reply("agreement", values, (*shown, *start))


@command(
    "propose agreement",
    N_("Propose the Partnership Agreement to the founders: eight questions on one page"),
    may="propose",
    example="/propose agreement",
)
def propose_agreement(
    ctx: Context,
    quorum: Annotated[str, OneOf(CHOICES["quorum"], label=TITLES["quorum"])] = "",
    majority: Annotated[str, OneOf(CHOICES["majority"], label=TITLES["majority"])] = "",
    amendment: Annotated[str, OneOf(CHOICES["amendment"], label=TITLES["amendment"])] = "",
    days: Annotated[
        str, Text(label=TITLES["days"], hint=N_("Working days to discuss and to vote: 5 and 5"), most=40)
    ] = "",
    proposers: Annotated[str, OneOf(CHOICES["proposers"], label=TITLES["proposers"])] = "",
    proxies: Annotated[str, OneOf(CHOICES["proxies"], label=TITLES["proxies"])] = "",
    year: Annotated[str, OneOf(CHOICES["year"], label=TITLES["year"])] = "",
    smes: Annotated[str, OneOf(CHOICES["smes"], label=TITLES["smes"])] = "",
    for_: Annotated[str, OneOrganisation(hidden=True)] = "",
    change: HIDDEN = "",
    step: HIDDEN = "",
) -> Reply:
    """The page of eight questions, each with what holds today; then a preview of what changes; then it is a
    motion of the founders, by the rule for a change of the charter (it sets how rules change). A draft
    survives; a yes is one to what was seen. Raises Refusal where it is not for the caller to start, or one
    is under way."""
    settle(ctx)
    organisation = _proposer(ctx, for_)
    if step not in ("", PREVIEW):
        ctx.store.charters.lock()  # two founders may send it at once
    if running := running_agreement(ctx):
        raise Refusal("agreement_running", buttons=(see(running.number),), number=running.number)
    given = {"quorum": quorum, "majority": majority, "amendment": amendment, "proposers": proposers}
    given |= {"proxies": proxies, "year": year, "smes": smes, "days": days_given(days) if days else ""}
    answers = full(ctx.charter, given, founding(ctx).in_force)
    if change in QUESTIONS and not (change == "days" and days):  # these are typed, so the question stays
        raise _question(change)
    if not step:
        raise _page(ctx, answers)
    motion = _drafted(ctx, organisation, answers)
    if step != seal(motion):
        raise _preview(ctx, motion, answers, changed=step != PREVIEW)
    motion = give_notice(ctx, motion)
    voters = [one.name for one in roll_now(ctx, motion)]
    values = {**described_number(ctx, motion), "founders": voters}
    return Reply("agreement_noticed", values, (see(motion.number),))


def _proposes_for(ctx: Context) -> tuple[str, ...]:
    """For whom the caller may start it: a founder, for drafting it is the founders' task (Preamble), or the
    alliance as its coordinator."""
    founders = {one.slug for one in ctx.members if one.founding}
    own = tuple(slug for slug in ctx.hats("propose") if slug in founders)
    return own or ((COORDINATING,) if ctx.may("propose", COORDINATING) else ())


def _proposer(ctx: Context, given: str) -> str:
    own = _proposes_for(ctx)
    if not own:
        raise Refusal("agreement_founders", buttons=(Button(N_("The agreement"), "agreement"),))
    if given in own or len(own) == 1:
        return given if given in own else own[0]
    choices = tuple(Choice(ctx.short_name(slug), {"for": slug}) for slug in own)
    raise Ask("for", "question", choices, free=False, question=N_("For which organisation?"), hint="")


def _page(ctx: Context, answers: Answers) -> Ask:
    """All eight with a tap each; a form filled with them where there are forms."""
    changes = tuple(
        Choice(TITLES[one], {"change": one, "step": "", **({"days": ""} if one == "days" else {})})
        for one in QUESTIONS
    )
    use = Choice(N_("Use these"), {"step": PREVIEW})
    filled = {**_in_a_form(ctx, answers), "step": PREVIEW, "change": ""}
    return Ask(
        "", "agreement_page", (*changes, use), free=False, prefill=filled, lines=lines(ctx, answers)
    )  # fmt: skip


def _in_a_form(ctx: Context, answers: Answers) -> dict[str, str]:
    """The answers as a form's fields show them."""
    since = founding(ctx).in_force
    shown = {**answers}
    shown["days"] = ctx.translate(N_("{discussion} and {voting}")).format(
        **dict(zip(("discussion", "voting"), answers["days"].split("+"), strict=True))
    )
    if since and answers["year"] == f"{since:%m-%d}":
        shown["year"] = "in_force"
    return shown


def _question(question: str) -> Ask:
    if question == "days":
        taps = tuple(Choice(one.replace("+", " + "), {"days": one, "change": ""}) for one in SUGGESTED_DAYS)
        return Ask("days", "agreement_days_which", taps)
    taps = tuple(Choice(one.label, {question: one.value, "change": ""}) for one in CHOICES[question])
    return Ask(question, "question", taps, question=ASKED[question], hint="")


def _drafted(ctx: Context, organisation: str, answers: Answers) -> Motion:
    motion = drafted(
        ctx,
        "charter_amendment",
        worded(ctx, TITLE),
        organisation,
        text=written(ctx, answers),
        effect={"agreement": dict(answers)},
        electorate="founders",
    )
    return replace(motion, rule=replace(motion.rule, article="Preamble"))


def _preview(ctx: Context, motion: Motion, answers: Answers, *, changed: bool) -> Ask:
    before = answers_now(ctx.charter)
    values: Mapping[str, Any] = {
        **described_number(ctx, motion),
        "lines": lines(ctx, answers, before),
        "founders": len(roll_now(ctx, motion)),
        "places": len(ctx.store.places.serving("votes")),
        "changed": changed,
    }
    choices = (
        Choice(N_("Send the notice"), {"step": seal(motion)}),
        Choice(N_("Change it"), {"step": "", "change": ""}),
    )
    return Ask("", "agreement_preview", choices, free=False, **values)


def _start(adopted: Motion | None, recorded: Motion | None) -> Button:
    if adopted:
        return replace(START, label=N_("Propose a change"))
    return replace(START, label=N_("Enter its answers")) if recorded else START


def _still_open(ctx: Context) -> list[dict[str, Any]]:
    """What the charter leaves open beyond the eight questions, and is a suggestion still."""
    classes = [(one.title, one.article) for one in ctx.charter.classes if one.provisional]
    duties = [(one.title, one.article) for one in ctx.charter.duties if one.provisional]
    return [{"title": title, "article": article} for title, article in (*classes, *duties)]
