"""Invitations: giving out ways in, seeing which still stand, calling one back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from bot.commands import N_, Number, OneOf, OneOrganisation, Reading, Text, command
from bot.context import COORDINATING, Context
from bot.handlers.assembly.bodies import BODIES
from bot.handlers.assembly.elected import waiting_seat
from bot.handlers.mail.inviting import mail_invitation, mailbox_for
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.membership import (
    FIRST_ROLE,
    INVITATION_LASTS,
    Hat,
    RoleRule,
    code_hash,
    may_invite,
    new_code,
    shown,
)
from storage.invitations import Invitation

MOST_TAPS = 12  # choices under one question; more organisations than that are typed
SMALL = 5  # letters of the words between, in any language: "as", "of", "comme"
LONGEST = 12  # words
ADDRESS = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
BY_MAIL = re.compile(r"(?i)(?:^|\s)(?:by\s+)?(?:e-?)?mail$")  # before "to": it is no part of a role

ALL_INVITATIONS = Button(N_("All invitations"), "invitations")


class RoleToGive(OneOf):
    """A role of the charter. One that nobody knows is given back as it was typed: the question that follows
    offers only roles that the caller may give."""

    def read(self, text: str, reading: Reading, option: str) -> str:  # noqa: ARG002 - the kind's signature
        """The key of a role, or the words themselves; the first one where only "by mail" is said."""
        words = BY_MAIL.sub("", text.strip())
        return (self.exactly(words, reading) or words) if words else FIRST_ROLE


@command(
    "invite",
    N_("Invite somebody to act for an organisation"),
    may="invite",
    example="/invite MecaTech representative",
)
def invite(
    ctx: Context,
    organisation: Annotated[str, OneOrganisation(label=N_("Organisation"))] = "",
    role: Annotated[str, RoleToGive("roles", label=N_("Role"))] = FIRST_ROLE,
    motion: Annotated[int, Number(hidden=True)] = 0,
    to: Annotated[str, Text(lead=("to", "mail"), label=N_("E-mail, if it goes there"), most=300)] = "",
    name: Annotated[str, Text(lead=("called", "named"), label=N_("Their name"), most=80)] = "",
) -> Reply:
    """A ready message with a fresh code: good once, for thirty days (spec/engagement.md section 6); or a mail
    `to` somebody who reads nothing else, who comes in by a tap in it. With a motion, for somebody whom it
    elected: whoever comes in by it takes that seat (Art. 5).

    Raises Refusal where the caller's role does not reach that far, everybody elected is in, or no mail can go
    there; Ask where several organisations fit."""
    ctx.in_private()
    rules = rules_of(ctx)
    given = role
    if role not in rules:
        role, organisation, to = _in_a_row(ctx, role, organisation, to)
    whole = role in rules and rules[role].scope == "alliance"
    slug = COORDINATING if whole else organisation_for(ctx, "invite", organisation)
    if not may_invite(hats_of(ctx), role, slug, rules):
        raise _another_role(ctx, role, slug, {"organisation": slug, "to": to} if given != role else {})
    if motion and waiting_seat(ctx, motion, role) is None:
        raise Refusal("elected_are_here", buttons=(BODIES, ALL_INVITATIONS), number=motion)
    mailbox = mailbox_for(ctx, to) if to else None
    invitation, values = _fresh(ctx, slug, role, motion or None)
    back = Button(N_("Call it back"), "revoke", {"invitation": str(invitation.id)})
    if mailbox is not None:
        mail_invitation(ctx, mailbox, values, invitation.id, code_hash(str(values["code"])), name)
        return Reply("invited_by_mail", {**values, "address": mailbox.account.user}, (ALL_INVITATIONS, back))
    return Reply("invited", values, (ALL_INVITATIONS, back))


def _in_a_row(ctx: Context, text: str, organisation: str, to: str) -> tuple[str, str, str]:
    """Role, organisation and address, said in a row: "nadia@example.org as advisor of MecaTech". A role that
    nobody knows stays as it was typed."""
    address, words = ADDRESS.search(text), ADDRESS.sub(" ", text).split()[:LONGEST]
    spans = [(at, at + n) for n in range(len(words), 0, -1) for at in range(len(words) - n + 1)]
    said = {span: " ".join(words[slice(*span)]) for span in spans}
    named, roles = OneOrganisation(), RoleToGive("roles")
    home = next((one for one in spans if not organisation and named.plainly(said[one], ctx.reading)), (0, 0))
    role = next((one for one in spans if roles.exactly(said[one], ctx.reading)), (0, 0))
    if address is None and home == role:
        return text, organisation, to
    if home != (0, 0):
        organisation = named.read(said[home], ctx.reading, "organisation")
    taken = {*range(*home), *range(*role)}
    rest = " ".join(word for at, word in enumerate(words) if at not in taken and len(word) > SMALL)
    key = roles.exactly(said.get(role, ""), ctx.reading)
    return rest or key or FIRST_ROLE, organisation, to or (address[0] if address else "")


def _another_role(ctx: Context, role: str, organisation: str, given: Mapping[str, str]) -> Ask:
    """The question which role, of those that the caller may give; what was `given` besides is kept."""
    hats, rules = hats_of(ctx), rules_of(ctx)
    homes = (organisation,) if organisation else tuple(hat.organisation for hat in hats)
    reach = [key for key in rules if any(may_invite(hats, key, home, rules) for home in homes)]
    choices = tuple(Choice(ctx.translate(title_of(ctx, key))[:20], {**given, "role": key}) for key in reach)
    if role not in rules:
        return Ask("role", "role_unknown", choices, text=role[:40])
    return Ask("role", "role_not_yours", choices, role=title_of(ctx, role))


def _fresh(
    ctx: Context, organisation: str, role: str, motion: int | None = None
) -> tuple[Invitation, dict[str, str | bool]]:
    code = new_code()
    until = ctx.now + INVITATION_LASTS
    by = ctx.person.id
    invitation = ctx.store.invitations.add(code_hash(code), organisation, role, 1, until, by, ctx.now, motion)
    values: dict[str, str | bool] = {
        "organisation": ctx.short_name(organisation),
        "whole": organisation == COORDINATING,
        "role": title_of(ctx, role),
        "code": shown(code),
        "link": ctx.start_link(code),
        "until": until.isoformat(),
        "alliance": ctx.charter.alliance.name,
    }
    return invitation, values


@command(
    "invite all",
    N_("One ready message for every organisation that has nobody yet"),
    may="invite_all",
    example="/invite all",
)
def invite_all(ctx: Context) -> Reply:
    """A fresh code for each organisation that has neither people nor an open invitation. Codes given out
    before cannot be shown again (only their hash is kept): those organisations are listed with their day."""
    ctx.in_private()
    standing = {one.organisation: one for one in ctx.store.invitations.standing(ctx.now)}
    fresh, out, there = [], [], []
    for slug, organisation in ctx.organisations.items():
        if ctx.store.roles.of_organisation(slug):
            there.append(organisation.short_name)
        elif slug in standing:
            until = standing[slug].expires_at.isoformat()
            out.append({"organisation": organisation.short_name, "until": until})
        else:
            fresh.append(_fresh(ctx, slug, FIRST_ROLE)[1])
    return Reply("invited_all", {"fresh": fresh, "out": out, "there": there}, (ALL_INVITATIONS,))


@command("invitations", N_("Invitations that still stand"), may="invite", example="/invitations", reads=True)
def invitations(ctx: Context) -> Reply:
    """Who was invited and has not come in yet, as far as the caller may invite there."""
    ctx.in_private()
    standing = _standing(ctx)
    values = {"invitations": [_described(ctx, one) for one in standing]}
    buttons = (Button(N_("Call one back"), "revoke"),) if standing else ()
    return Reply("invitations", values, (*buttons, Button(N_("New invitation"), "invite")))


@command("revoke", N_("Call an invitation back"), may="invite", hidden=True)
def revoke(ctx: Context, invitation: Annotated[int, Number(hidden=True)] = 0) -> Reply:
    """Nobody comes in by this invitation any more. Without a number, asks which one is meant."""
    ctx.in_private()
    standing = {one.id: one for one in _standing(ctx)}
    if not standing:
        return invitations(ctx)
    if not invitation:
        choices = tuple(
            Choice(_label(ctx.short_name(one.organisation), one.id), {"invitation": str(one.id)})
            for one in list(standing.values())[-MOST_TAPS:]
        )
        raise Ask("invitation", "invitation_which", choices, free=False)
    found = standing.get(invitation)
    if found is None:
        raise Refusal("button_old", buttons=(ALL_INVITATIONS,))
    ctx.store.invitations.revoke(found.id, ctx.now)
    return Reply("invitation_revoked", _described(ctx, found), (ALL_INVITATIONS,))


def _standing(ctx: Context) -> tuple[Invitation, ...]:
    hats, rules = hats_of(ctx), rules_of(ctx)
    standing = ctx.store.invitations.standing(ctx.now)
    return tuple(one for one in standing if may_invite(hats, one.role, one.organisation, rules))


def _described(ctx: Context, invitation: Invitation) -> dict[str, str | int]:
    return {
        "number": invitation.id,
        "organisation": ctx.short_name(invitation.organisation),
        "role": title_of(ctx, invitation.role),
        "until": invitation.expires_at.isoformat(),
    }


def _label(name: str, number: int) -> str:
    return f"{number} · {name}"[:20]


def rules_of(ctx: Context) -> dict[str, RoleRule]:
    """The charter's roles, as the rules of membership take them."""
    return {
        role.key: RoleRule(role.key, role.scope, frozenset(role.may), frozenset(role.invites))
        for role in ctx.charter.roles
    }


def hats_of(ctx: Context) -> tuple[Hat, ...]:
    """The roles that the caller wears."""
    return tuple(Hat(role.role, role.organisation) for role in ctx.roles)


def hats_worn_by(ctx: Context, person: int) -> tuple[Hat, ...]:
    """The roles that somebody else wears, by person id."""
    return tuple(Hat(role.role, role.organisation) for role in ctx.store.roles.of_person(person))


def title_of(ctx: Context, role: str) -> str:
    """What the charter calls a role; its key if a later version of the charter dropped it."""
    return next((one.title for one in ctx.charter.roles if one.key == role), role)


def organisation_for(ctx: Context, permission: str, given: str) -> str:
    """The organisation for which something about membership is done: the one given, the caller's own, or
    the answer to a question where they hold the permission for the whole alliance. Raises Ask, Refusal."""
    if given or not ctx.may(permission, COORDINATING):
        return ctx.acting_for(permission, given, "organisation")
    choices = organisation_choices(ctx, ctx.organisations)
    raise Ask("organisation", "question", choices, question=N_("For which organisation?"), hint="")


def organisation_choices(ctx: Context, slugs: Iterable[str]) -> tuple[Choice, ...]:
    """One tap for each organisation, or none where they are too many to tap."""
    named = tuple(slugs)
    if len(named) > MOST_TAPS:
        return ()
    return tuple(Choice(ctx.short_name(slug)[:20], {"organisation": slug}) for slug in named)
