"""Proposing who belongs to the alliance: the admission of a new member (Art. 4), an exclusion."""

from __future__ import annotations

import re
from typing import Annotated

from bot.assembly.effects import WAS
from bot.commands import N_, Link, LongText, OneOrganisation, Text, command
from bot.commands.values import fold
from bot.context import Context
from bot.handlers.proposing.already import only_one
from bot.handlers.proposing.countries import country_code, country_name, main_language, zones_of
from bot.handlers.proposing.kinds import LINK_QUESTION, WHY_QUESTION
from bot.handlers.proposing.preview import again, confirmed, needed, noticed
from bot.handlers.proposing.proposing import drafted, proposing_for, worded
from bot.messages import Ask, Choice, Refusal, Reply
from bot.rules.decisions.motions import Motion
from storage.organisations import Changes, Organisation

LONGEST_NAME = 100  # characters: it stands in the motion's title
LONGEST_SHORT = 40
MOST_ZONES = 8  # offered as taps
HIDDEN = Annotated[str, Text(hidden=True)]
OUTSIDE = ("applicant", "left")  # who may be admitted, again


@command(
    "propose admission",
    N_("Propose a cluster as a new member"),
    may="propose",
    example="/propose admission Baltic Mechatronics Cluster",
    aliases=("propose member",),
)
def propose_admission(
    ctx: Context,
    name: Annotated[
        str, Text(ask=N_("What is the cluster called?"), label=N_("Full name"), most=LONGEST_NAME)
    ],
    short: Annotated[
        str,
        Text(ask=N_("And in short?"), lead=("called",), label=N_("Short name"), most=LONGEST_SHORT),
    ],
    country: Annotated[
        str, Text(ask=N_("In which country is it?"), lead=("country",), label=N_("Country"), most=60)
    ],
    link: Annotated[
        str, Link(lead=("link",), label=N_("ECCP profile"), hint=N_("A web address, if it has one"))
    ] = "",
    why: Annotated[str, LongText(lead=("because",), label=N_("Why"), hint=WHY_QUESTION)] = "",
    zone: HIDDEN = "",
    same: HIDDEN = "",
    for_: HIDDEN = "",
    what: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """An applicant: known here from the notice on, without a vote on its own admission (5.6). One that
    applied before, or left, is the same one again; withdrawing the motion puts back what was known of it.
    Raises Refusal for a member, for whom the members decide about already and for an unknown country, and
    Ask until what goes out was seen and confirmed."""
    home = proposing_for(ctx, "admission", for_)
    needed(what, {"link": link, "why": why}, {"link": LINK_QUESTION, "why": WHY_QUESTION})
    before = _known_as(ctx, name, short, same)
    only_one(ctx, sure, lambda one: _admits(ctx, one, before, name, short))
    applicant = _applicant(ctx, before, name, short, country, zone)
    facts = worded(ctx, N_("{name} ({short}), {country}.")).format(
        name=name, short=short, country=country_name(applicant.country, ctx.charter.alliance.language)
    )
    title = worded(ctx, N_("Admission of {name}")).format(name=name)
    text = f"{facts}\n\n{why}".strip()
    motion = drafted(
        ctx, "admission", title, home, text=text, subject=applicant.slug, link=link, effect=_was(before)
    )
    parts = (
        again(N_("Name"), "name", "same"),
        again(N_("Short name"), "short", "same"),
        again(N_("Country"), "country", "zone"),
        again(N_("ECCP profile"), "link", what="link"),
        again(N_("Why"), "why", what="why"),
    )
    confirmed(ctx, motion, sure, parts, subject=short)
    _take_in(ctx, applicant)
    return noticed(ctx, motion)


@command(
    "propose exclusion",
    N_("Propose that a member leaves"),
    may="propose",
    example="/propose exclusion EVOLUMA",
    suggested=False,
)
def propose_exclusion(
    ctx: Context,
    organisation: Annotated[
        str, OneOrganisation(ask=N_("Which member is it about?"), label=N_("Organisation"))
    ],
    reasons: Annotated[
        str,
        LongText(ask=N_("For which reasons? Everybody reads them."), lead=("because",), label=N_("Reasons")),
    ],
    for_: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """An exclusion; the member that it is about is told as everybody is. Raises Refusal for who is no member
    and while its exclusion is before the members, and Ask until what goes out was seen and confirmed."""
    home = proposing_for(ctx, "exclusion", for_)
    about = ctx.organisations[organisation]
    if about.standing in OUTSIDE:
        raise Refusal("not_a_member", "organisation", organisation=about.short_name)
    only_one(ctx, sure, lambda one: one.kind == "exclusion" and one.subject == organisation)
    title = worded(ctx, N_("Exclusion of {name}")).format(name=about.short_name)
    motion = drafted(ctx, "exclusion", title, home, text=reasons, subject=organisation)
    parts = (again(N_("Organisation"), "organisation"), again(N_("Reasons"), "reasons"))
    confirmed(ctx, motion, sure, parts)
    return noticed(ctx, motion)


def _known_as(ctx: Context, name: str, short: str, same: str) -> Organisation | None:
    """The organisation that is meant, if it applied before or left: by its name, or as somebody said (`same`,
    a slug). Raises Refusal for a member, and Ask where only the short name is that of another one."""
    found = [one for one in ctx.members if {fold(name), fold(short)} & _names(one)]
    member = next((one for one in found if one.standing not in OUTSIDE), None)
    if member is not None:
        raise Refusal("already_member", "name", organisation=member.short_name)
    before = next((one for one in found if one.slug == same or fold(name) in _names(one)), None)
    other = next((one for one in found if one is not before and fold(short) in _names(one)), None)
    if other is not None:
        yes = (Choice(N_("It's the same one"), {"same": other.slug}),) if before is None else ()
        raise Ask("short", "propose_short_taken", yes, name=name, short=short, other=other.name)
    return before


def _admits(ctx: Context, one: Motion, before: Organisation | None, name: str, short: str) -> bool:
    """Whether a motion is about the admission of this applicant, who may have become known a moment ago."""
    if one.kind != "admission":
        return False
    subject = ctx.store.organisations.get(one.subject)
    named = subject is not None and bool({fold(name), fold(short)} & _names(subject))
    return named or (before is not None and one.subject == before.slug)


def _was(before: Organisation | None) -> dict[str, Changes]:
    """What of an organisation is put back if its admission is withdrawn."""
    if before is None:
        return {}
    facts = Changes(
        name=before.name,
        short_name=before.short_name,
        country=before.country,
        zone=before.zone,
        language=before.language,
        standing=before.standing,
        member_class=before.member_class,
    )
    return {WAS: facts}


def _applicant(
    ctx: Context, before: Organisation | None, name: str, short: str, country: str, zone: str
) -> Organisation:
    """The organisation as it is taken in."""
    code = country_code(country, ctx.language)
    if not code:
        raise Refusal("country_unclear", "country", text=country)
    return Organisation(
        slug=before.slug if before else _free_slug(ctx, short),
        name=name,
        short_name=short,
        country=code,
        zone=_zone(ctx, code, zone, short),
        language=main_language(code),
        standing="applicant",
        member_class=_later_class(ctx),
    )


def _take_in(ctx: Context, one: Organisation) -> None:
    if ctx.store.organisations.get(one.slug) is None:
        ctx.store.organisations.add(one)
        return
    ctx.store.organisations.change(
        one.slug,
        name=one.name,
        short_name=one.short_name,
        country=one.country,
        zone=one.zone,
        language=one.language,
        standing=one.standing,
        member_class=one.member_class,
    )


def _names(one: Organisation) -> set[str]:
    return {fold(name) for name in (one.name, one.short_name, *one.aliases)}


def _free_slug(ctx: Context, short: str) -> str:
    """Small letters, digits and dashes of the short name; with a number where that is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(short)).strip("-") or "member"
    slug, at = base, 1
    while slug in ctx.organisations or slug == ctx.charter.alliance.slug:
        at += 1
        slug = f"{base}-{at}"
    return slug


def _zone(ctx: Context, country: str, given: str, short: str) -> str:
    """The applicant's zone: the country's only one, or the answer to a question where it has several."""
    zones = zones_of(country)
    if given in zones:
        return given
    if len(zones) < 2:
        return zones[0] if zones else ctx.charter.alliance.zone
    choices = tuple(
        Choice(one.rpartition("/")[2].replace("_", " ")[:20], {"zone": one}) for one in zones[:MOST_ZONES]
    )
    raise Ask("zone", "propose_zone", choices, free=False, name=short)


def _later_class(ctx: Context) -> str:
    """The class of those who join later: the first with a vote that no founding member is in."""
    founders = {one.member_class for one in ctx.members if one.founding}
    voting = [one.key for one in ctx.charter.classes if one.votes]
    return next((key for key in voting if key not in founders), (voting or [""])[-1])
