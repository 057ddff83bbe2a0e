"""An invitation that goes by mail, to somebody who reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands import N_
from bot.context import Context
from bot.handlers.mail.proving import is_claimed, read_address
from bot.messages import Button, Refusal
from bot.people.addresses import mail_account, within_reach_again
from storage.accounts import Linked


def mailbox_for(ctx: Context, text: str) -> Linked:
    """The account behind an address that somebody typed. Raises Refusal for what is none, where mails are not
    wanted, and where none can be sent."""
    address = read_address(text, "to")
    if not ctx.mail_from:
        raise Refusal("mail_not_here", buttons=(Button(N_("A code instead"), "invite"),))
    said = ctx.store.emails.state(address)
    if said is not None and said.why == "complained":
        raise Refusal("mail_unwanted", address=address)
    if is_claimed(ctx, address):
        raise Refusal("mail_claimed", address=address)
    linked = mail_account(ctx.store, address, ctx.now, ctx.charter.alliance.language)
    return linked if linked.person_id is not None else within_reach_again(ctx.store, address, ctx.now)


def mail_invitation(
    ctx: Context, to: Linked, values: Mapping[str, Any], number: int, invitation: str, name: str
) -> None:
    """Mail an invitation (by number, and by the hash of its code). Who presses [Yes, that's me] is in, called
    `name`, or as they say."""
    given = {"invitation": invitation}
    taps = (
        Button(N_("Yes, that's me"), "enter by mail", {**given, "name": name} if name else given),
        Button(N_("Someone else"), "not me by mail", given),
        Button(N_("Privacy notice"), "privacy"),
    )
    said = {one: values[one] for one in ("organisation", "whole", "role", "until", "alliance")}
    said["by"] = ctx.person.name
    ctx.tell_account(to.account_id, "mail_invitation", f"invitation:{number}", said, taps)
