"""Proposing to the Assembly: what can be proposed, and giving notice of it (spec/decisions.md 3 and 6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.assembly.calendar import alliance_zone, calendar_of
from bot.assembly.settling import settle
from bot.assembly.standing import found_motion, roll_now
from bot.assembly.telling import tell_noticed
from bot.commands import N_, command
from bot.context import COORDINATING, Context
from bot.handlers.motions.answers import ruled
from bot.handlers.motions.cards import show_in_places
from bot.in_force import version_at
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.decisions.dates import schedule
from bot.rules.decisions.motions import Motion, Voter
from bot.rules.decisions.values import Kind

LONGEST_TITLE = 120  # characters: it is repeated in buttons and lines
TAPS: dict[Kind, tuple[str, str]] = {
    "ordinary_resolution": (N_("Resolution"), "propose resolution"),
    "charter_amendment": (N_("Change the charter"), "propose amendment"),
    "consent_item": (N_("No-objection item"), "propose consent"),
    "consultation": (N_("Consultation"), "propose consultation"),
    "election": (N_("Election"), "propose election"),
    "admission": (N_("New member"), "propose admission"),
    "annual_renewal": (N_("Renewal"), "propose renewal"),
    "exclusion": (N_("Exclusion"), "propose exclusion"),
}


@command(
    "propose",
    N_("Put something to the members"),
    may="propose",
    example="/propose",
    reads=True,
    own_slash=True,
)
def propose(ctx: Context) -> Reply:
    """The kinds of motion that the caller may propose: what each is for, and its rule in a few words."""
    kinds = [kind for kind in TAPS if homes_of(ctx, kind)]
    if not kinds:
        raise Refusal("not_allowed", permission="propose")
    version = version_in_force(ctx)
    rules = [(kind, ctx.charter.decision(kind).rule(kind, version)) for kind in kinds]
    shown = [
        {"kind": kind, "label": ctx.translate(TAPS[kind][0]), "rule": ruled(rule)} for kind, rule in rules
    ]
    return Reply("propose", {"kinds": shown}, tuple(Button(*TAPS[kind]) for kind in kinds))


def homes_of(ctx: Context, kind: Kind) -> tuple[str, ...]:
    """For whom the caller may propose a motion of this kind, by the charter's rule for it: slugs of members,
    "" for the whole alliance (Art. 5 and 8)."""
    proposers = ctx.charter.decision(kind).proposers
    homes = dict.fromkeys(role.organisation for role in ctx.roles if role.role in proposers)
    return tuple(home for home in homes if home == COORDINATING or _is_member(ctx, home))


def proposing_for(ctx: Context, kind: Kind, given: str = "") -> str:
    """For whom the caller proposes: the only one there is, or the answer to a question, asked of whoever
    wears several hats. Raises that Ask, and Refusal where no role of theirs may propose this kind."""
    homes = homes_of(ctx, kind)
    whole = ctx.charter.alliance.slug  # an empty answer would be none
    if not homes:
        proposers = ctx.charter.decision(kind).proposers
        roles = [role.title for role in ctx.charter.roles if role.key in proposers]
        raise Refusal("not_proposer", kind=ctx.charter.decision(kind).title, roles=roles)
    if given == whole and COORDINATING in homes:
        return COORDINATING
    if given in homes and given:
        return given
    if len(homes) == 1:
        return homes[0]
    choices = tuple(Choice(ctx.short_name(home)[:20], {"for": home or whole}) for home in homes)
    raise Ask("for", "question", choices, free=False, question=N_("For whom do you propose it?"), hint="")


def version_in_force(ctx: Context) -> int:
    """The number of the charter's version by which motions are made now."""
    return version_at(ctx.store, ctx.now.astimezone(alliance_zone(ctx)).date()).version


def drafted(ctx: Context, kind: Kind, title: str, organisation: str, **more: Any) -> Motion:
    """A motion of which no notice is given yet: it has the number 0, today's rule for its kind, and the
    dates that it would have if notice were given now. `organisation` is for whom it is proposed, "" for the
    alliance; `more` is what else a `Motion` holds."""
    version = version_in_force(ctx)
    facts: dict[str, Any] = {"text": "", "base": version, **more}
    motion = Motion(
        number=0,
        kind=kind,
        title=title,
        rule=ctx.charter.decision(kind).rule(kind, version),
        proposer=ctx.person.id,
        organisation=organisation,
        proposed_at=ctx.now,
        notice_at=ctx.now,
        opens_at=ctx.now,
        closes_at=ctx.now,
        **facts,
    )
    return dated(ctx, motion)


def worded(ctx: Context, phrase: str) -> str:
    """What we word ourselves of a motion, in the alliance's language: all read it, and so it is recorded."""
    return ctx.translate_to(phrase, ctx.charter.alliance.language)


def words_are_free(motion: Motion) -> bool:
    """Whether the words of a motion are its proposer's own. Those of an agreement, an election and an
    admission say what takes effect: other words would promise what it does not do."""
    return not motion.effect.get("agreement") and motion.kind not in ("election", "admission")


def dated(ctx: Context, motion: Motion) -> Motion:
    """The motion with the dates that it has if notice of it is given now (spec 6)."""
    rule = motion.rule
    dates = schedule(ctx.now, rule.discussion_days, rule.voting_days, calendar_of(ctx))
    return replace(
        motion,
        proposed_at=ctx.now,
        notice_at=dates.notice_at,
        opens_at=dates.opens_at,
        closes_at=dates.closes_at,
    )


def give_notice(ctx: Context, motion: Motion) -> Motion:
    """Give notice of a motion now, whatever number and dates it was drafted with: it gets the next number,
    its card stands in every place for votes, and all who vote are told. One without discussion opens at
    once. The motion as it is kept."""
    settle(ctx)
    motion = ctx.store.motions.add(dated(ctx, motion))
    show_in_places(ctx, motion)
    tell_noticed(ctx, motion, told(ctx, motion))
    settle(ctx)
    return found_motion(ctx, motion.number)


def told(ctx: Context, motion: Motion) -> tuple[Voter, ...]:
    """Who is told of a motion: all whose vote it is, and the organisation that it is about."""
    roll = roll_now(ctx, motion)
    about = ctx.organisations.get(motion.subject)
    if about is None or about.slug in {voter.organisation for voter in roll}:
        return roll
    return (*roll, Voter(about.slug, about.short_name, about.member_class))


def _is_member(ctx: Context, slug: str) -> bool:
    return slug in ctx.organisations and ctx.organisations[slug].standing == "voting"
