"""Coming in by a mail: one tap, and a name where the inviter gave none."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands import N_, Text, command
from bot.context import COORDINATING, Context
from bot.handlers.entering import LONGEST_NAME, enter
from bot.handlers.invitations import invite, title_of
from bot.messages import Ask, Button, Refusal, Reply
from storage.emails import MAIL

HIDDEN = Annotated[str, Text(hidden=True, most=300)]


@command("enter by mail", N_("Yes, that's me"), may="anybody", hidden=True)
def enter_by_mail(
    ctx: Context,
    invitation: HIDDEN,
    name: Annotated[str, Text(label=N_("Name"), most=LONGEST_NAME)] = "",
) -> Reply:
    """Who presses it in the mail is in, and reads everything there from now on: the address is proved by
    that. Raises the Ask for their name, Refusal as `enter` does."""
    account = ctx.incoming.account
    if account.platform != MAIL:
        raise Refusal("button_of_another")
    if ctx.identity.person is None and not name and ctx.store.invitations.by_hash(invitation) is not None:
        raise Ask("name", "question", question=N_("What is your name?"), hint=N_("As others know you."))
    if ctx.identity.person is None and name:
        ctx.store.accounts.remember(replace(account, name=name), ctx.now)
    reply = enter(ctx, invitation)
    person = ctx.store.accounts.identify(account).person
    if person is not None:
        ctx.store.emails.confirm(person.id, account.user, ctx.now)
    return reply


@command("not me by mail", N_("The invitation is for someone else"), may="anybody", hidden=True)
def not_me_by_mail(ctx: Context, invitation: HIDDEN) -> Reply:
    """The mail went to the wrong person: nobody comes in by it, and whoever sent it is told."""
    found = ctx.store.invitations.by_hash(invitation)
    if found is None:
        raise Refusal("button_old")
    values = {
        "whole": found.organisation == COORDINATING,
        "organisation": ctx.short_name(found.organisation),
        "role": title_of(ctx, found.role),
        "address": ctx.incoming.account.user,
    }
    if found.uses_left > 0 and found.revoked_at is None:
        ctx.store.invitations.revoke(found.id, ctx.now)
        if found.created_by is not None:
            given = {"organisation": found.organisation, "role": found.role}
            again = Button(N_("Invite by mail"), "mail another invitation", given)
            ctx.tell((found.created_by,), "mail_invitation_back", f"not me:{found.id}", values, (again,))
    return Reply("mail_not_me", values)


@command("mail another invitation", N_("Invite somebody by mail"), may="invite", hidden=True)
def invite_by_mail(
    ctx: Context,
    to: Annotated[str, Text(ask=N_("To which address?"), label=N_("E-mail"), most=300)],
    organisation: HIDDEN = "",
    role: HIDDEN = "",
) -> Reply:
    """[Invite by mail]: for the same organisation and role, to an address that is asked for."""
    return invite(ctx, organisation, role, to=to)
