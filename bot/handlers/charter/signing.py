"""Signing the charter: who signed when, and the day on which it came into force (Art. 8, Preamble)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from bot.assembly.agreement import recorded_agreement
from bot.assembly.founding import Founding, agreement, agreement_due, founding
from bot.assembly.telling import voters_of
from bot.commands import N_, TODAY, Day, OneOrganisation, Text, command
from bot.context import Context
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.notices import told

FOUNDING = Button(N_("Who signed"), "founding")
IN_FORCE = told(
    "charter in force",
    N_("The charter coming into force"),
    N_("You get this because you take part in the alliance."),
    theme="alliance",
)


@command(
    "founding",
    N_("Who signed the charter, and since when it is in force"),
    may="see_indicators",
    example="/founding",
    reads=True,
)
def founding_(ctx: Context) -> Reply:
    """The founders' signatures, the day in force, and when the Partnership Agreement was to follow."""
    found = founding(ctx)
    values = {
        "alliance": ctx.charter.alliance.short_name,
        "in_force": found.in_force,
        "signed": [_signed(one.short_name, given) for one, given in found.founders if given],
        "unsigned": [ctx.short_name(slug) for slug in found.unsigned],
        **_agreement(ctx),
    }
    sign_here = (Button(N_("Sign"), "sign"),) if _may_sign(ctx, found) else ()
    dates = (Button(N_("The agreement"), "agreement"), Button(N_("The renewal"), "renewal"))
    return Reply("founding", values, (*sign_here, *dates))


@command(
    "sign",
    N_("Sign the charter for a founding organisation"),
    may="see_indicators",
    example="/sign Director on 12 May",
)
def sign(
    ctx: Context,
    function: Annotated[
        str,
        Text(
            label=N_("Function"),
            hint=N_("As under a signature: President, Director …"),
            most=120,
        ),
    ] = "",
    day: Annotated[date, Day("past", lead=("on",), label=N_("Day of signing"))] = TODAY,
    for_: Annotated[str, OneOrganisation(lead=("for",), label=N_("For which organisation"))] = "",
    name: Annotated[str, Text(lead=("by",), label=N_("Who signed"), most=120)] = "",
    sure: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Sign for one's own founding organisation, or write down another's as the coordinator. The last
    founder's signature brings the charter into force, and everybody is told. Raises Refusal where there is
    nothing to sign."""
    if sure:
        ctx.store.charters.lock()  # two founders may sign at once, and one of them is the last
    organisation = _signing_for(ctx, founding(ctx), for_)
    if day > ctx.today:
        raise Refusal("sign_day_ahead", "day", day=day.isoformat())
    own = organisation in ctx.hats("vote")
    name = name or (ctx.person.name if own else "")
    filled = {"for": organisation, "name": name, "function": function, "day": day.isoformat()}
    if not name:
        raise Ask("name", "question", prefill=filled, question=N_("Who signed for it?"), hint="")
    if not function:
        question = N_("What is your function there?") if own else N_("What is their function there?")
        raise Ask("function", "question", prefill=filled, question=question, hint=sign_hint())
    values: dict[str, Any] = {"organisation": ctx.short_name(organisation), "name": name}
    values |= {"function": function, "day": day.isoformat()}
    if not sure:
        yes = Choice(N_("Sign") if own else N_("Write it down"), {"sure": "yes", **filled})
        raise Ask("sure", "sign_sure", (yes,), free=False, own=own, **values)
    ctx.store.signatures.sign(organisation, name, function, day, ctx.person.id, ctx.now)
    ctx.store.organisations.change(organisation, joined_on=day)
    now = founding(ctx)
    if now.in_force:
        _tell_in_force(ctx, now.in_force)
    missing = [ctx.short_name(slug) for slug in now.unsigned]
    return Reply("signed", {**values, "in_force": now.in_force, "unsigned": missing}, (FOUNDING,))


def sign_hint() -> str:
    """What a function is, in a line under the question."""
    return N_("As under a signature: President, Director …")


def everybody(ctx: Context) -> tuple[int, ...]:
    """Everybody who holds a role in the alliance, by person id: whoever votes first."""
    voters = voters_of(ctx, ctx.organisations)
    holders = (h.person.id for role in ctx.charter.roles for h in ctx.store.roles.holders(role.key))
    return tuple(dict.fromkeys((*voters, *holders)))


def _signing_for(ctx: Context, found: Founding, given: str) -> str:
    """The founder for which the caller signs. Raises Refusal, or Ask where there are several."""
    signatures = {one.slug: signature for one, signature in found.founders}
    if given and given not in signatures:
        raise Refusal("sign_not_founder", "for", (FOUNDING,), organisation=ctx.short_name(given))
    if given and (signature := signatures[given]):
        signed = _signed(ctx.short_name(given), signature)
        raise Refusal("sign_already", "for", (FOUNDING,), **signed)
    open_ = _may_sign(ctx, found)
    if given:
        if given not in open_:
            raise Refusal("not_for_organisation", "for", organisation=ctx.short_name(given))
        return given
    if not open_:
        missing = [ctx.short_name(slug) for slug in found.unsigned]
        raise Refusal("sign_nothing", buttons=(FOUNDING,), in_force=found.in_force, unsigned=missing)
    if len(open_) == 1:
        return open_[0]
    choices = tuple(Choice(ctx.short_name(slug), {"for": slug}) for slug in open_)
    raise Ask("for", "question", choices, question=N_("For which organisation?"), hint="")


def _may_sign(ctx: Context, found: Founding) -> tuple[str, ...]:
    """The founders for which the caller may sign now: their own, or for a coordinator all that have not."""
    own = tuple(slug for slug in found.unsigned if slug in ctx.hats("vote"))
    return own or (found.unsigned if ctx.may("keep_assembly") else ())


def _signed(name: str, signature: Any) -> dict[str, Any]:
    return {
        "organisation": name,
        "name": signature.signatory,
        "function": signature.function,
        "day": signature.signed_on.isoformat(),
    }


def _agreement(ctx: Context) -> dict[str, Any]:
    adopted, recorded, due = agreement(ctx), recorded_agreement(ctx), agreement_due(ctx)
    return {
        "agreed_on": adopted.in_force_on if adopted else None,
        "agreement_recorded": recorded.number if recorded else 0,
        "agreement_due": due,
        "agreement_past": due is not None and due < ctx.counting_day,
    }


def _tell_in_force(ctx: Context, day: date) -> None:
    values = {"alliance": ctx.charter.alliance.name, "in_force": day.isoformat()}
    ctx.tell(everybody(ctx), "founding_in_force", "charter in force", values, (FOUNDING,), kind=IN_FORCE)
