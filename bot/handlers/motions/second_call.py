"""A second call: what too few took part in is put to the vote once more (spec/decisions.md 2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from bot.assembly.settling import settle
from bot.assembly.standing import found_motion, standing, standing_of
from bot.commands import N_, OneMotion, Text, command
from bot.context import Context
from bot.handlers.motions.answers import described, see
from bot.handlers.proposing.already import only_one, same_as
from bot.handlers.proposing.preview import seal
from bot.handlers.proposing.proposing import dated, give_notice
from bot.in_force import charter_of, version_at
from bot.messages import Ask, Choice, Refusal, Reply
from bot.rules.decisions.amending import merge
from bot.rules.decisions.motions import Motion

MARK = N_("(second call)")
OF = "second_call_of"  # in the effect of the motion that repeats another: its number


@command(
    "second call",
    N_("Put a motion to the vote again that too few took part in"),
    may="propose",
    example="/second call 7",
    suggested=False,
)
def second_call(
    ctx: Context,
    motion: Annotated[str, OneMotion(ask=N_("Which motion?"), label=N_("Motion"))],
    sure: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """The same text with a new notice, by the rule of today and with a quorum of its own, for whoever
    proposed it or the coordinator (section 2). Raises an Ask with its dates until this very motion was seen
    and confirmed, Refusal where enough took part, somebody else proposed it, or it was put to the vote again
    already."""
    ctx.in_private()
    settle(ctx)
    if sure:
        ctx.store.charters.lock()
    first = found_motion(ctx, int(motion), lock=True)
    _check(ctx, first)
    only_one(ctx, sure, same_as(first))
    again = dated(ctx, _repeated(ctx, first))
    values: dict[str, Any] = {"first": first.number, "first_title": first.title, "changed": bool(sure)}
    mark = seal(again)
    if sure != mark:
        yes = (Choice(N_("Send the notice"), {"sure": mark}),)
        shown = described(ctx, standing_of(ctx, again))
        raise Ask("sure", "second_call_sure", yes, free=False, **shown, **values)
    given = give_notice(ctx, again)
    shown = described(ctx, standing(ctx, given.number))
    return Reply("second_call", {**shown, **values}, (see(given.number),), replace=True)


def _check(ctx: Context, first: Motion) -> None:
    look = (see(first.number),)
    if first.result != "inquorate" or first.voided_at is not None:
        raise Refusal("second_call_not_needed", buttons=look, number=first.number, decided=bool(first.result))
    own = first.proposer == ctx.person.id or first.organisation in ctx.hats("propose")
    if not (own or ctx.may("keep_assembly")):
        who = ctx.short_name(first.organisation)
        raise Refusal("second_call_not_yours", buttons=look, number=first.number, who=who)
    repeated = [one.number for one in ctx.store.motions.all() if _stands_for(one, first.number)]
    if repeated:
        taps = (see(repeated[-1]),)
        raise Refusal("second_call_once", buttons=taps, number=first.number, again=repeated[-1])


def _stands_for(one: Motion, number: int) -> bool:
    gone = one.withdrawn_at is not None or one.voided_at is not None
    return one.effect.get(OF) == number and not gone


def _repeated(ctx: Context, first: Motion) -> Motion:
    """The same text as a new motion. An amendment goes over the article as it reads now. Raises Refusal where
    the sentences it touches have changed since."""
    version = version_at(ctx.store, ctx.now.date())
    mark = ctx.translate(MARK)
    again = Motion(
        number=0,
        kind=first.kind,
        title=first.title if first.title.endswith(mark) else f"{first.title} {mark}",
        text=first.text,
        rule=ctx.charter.decision(first.kind).rule(first.kind, version.version),
        proposer=first.proposer,
        organisation=first.organisation,
        proposed_at=ctx.now,
        notice_at=ctx.now,
        opens_at=ctx.now,
        closes_at=ctx.now,
        article=first.article,
        before=first.before,
        after=first.after,
        base=version.version,
        subject=first.subject,
        role=first.role,
        seats=first.seats,
        candidates=tuple(one for one in first.candidates if not one.withdrawn),
        effect={**first.effect, OF: first.number},
        electorate=first.electorate,
        review_on=first.review_on,
        link=first.link,
    )
    if first.electorate == "founders":  # by the rule that was made for it
        again = replace(again, rule=first.rule)
    if first.article is None:
        return again
    now = next((one.text for one in charter_of(version).articles if one.number == first.article), "")
    after = merge(first.before, first.after, now) if now else None
    if after is None:
        raise Refusal(
            "second_call_rebase", buttons=(see(first.number),), number=first.number, article=first.article
        )
    return replace(again, before=now, after=after)
