"""One's own e-mail addresses: a table of who came knows people by them, and mails come to those proved."""

from __future__ import annotations

from typing import Annotated, Final

from bot.commands import N_, Text, command
from bot.context import Context
from bot.handlers.mail.choosing import MY_ADDRESSES
from bot.handlers.mail.proving import ask_address, gets, gets_tap, is_claimed, read_address
from bot.messages import Account, Button, Refusal, Reply
from storage.emails import MAIL

MOST_ADDRESSES: Final = 5


@command("email", N_("Your e-mail addresses"), example="/email ana@example.org")
def email(ctx: Context, address: Annotated[str, Text(label=N_("E-mail"), most=300)] = "") -> Reply:
    """Alone: the caller's addresses, each with how it stands. With one: it is theirs from now on, and where
    mails can be sent it is asked whether that is so. Raises Refusal for what is no address, and for somebody
    else's, without saying whose."""
    ctx.in_private()
    if not address:
        return listed(ctx, "", "")
    read, own = read_address(address), ctx.store.emails.of_person(ctx.person.id)
    if read in own:
        return listed(ctx, "there", read, ask_address(ctx, ctx.person.id, read))
    if len(own) >= MOST_ADDRESSES:
        raise Refusal("email_many", "address", (MY_ADDRESSES,), most=MOST_ADDRESSES)
    if _is_anothers(ctx, read):
        raise Refusal("email_taken", "address", address=read)
    if ctx.store.emails.add(ctx.person.id, read, ctx.now):
        return listed(ctx, "added", read, ask_address(ctx, ctx.person.id, read))
    if is_claimed(ctx, read) and ask_address(ctx, ctx.person.id, read):
        return listed(ctx, "contested", read)
    raise Refusal("email_taken", "address", address=read)


@command(
    "email remove",
    N_("Take an e-mail address of yours away"),
    example="/email remove ana@example.org",
    suggested=False,
)
def email_remove(
    ctx: Context,
    address: Annotated[str, Text(ask=N_("Which address?"), label=N_("E-mail"), most=300)],
) -> Reply:
    """An address is the caller's no more, and nothing comes there; what is known of who came stays. Raises
    Refusal for the only way in which they read us."""
    ctx.in_private()
    read = read_address(address)
    owner = ctx.store.emails.owner(read)
    if owner not in (None, ctx.person.id) and ctx.may("invite_all"):  # somebody else's by mistake
        let_go(ctx, owner, read)
        return Reply("email_freed", {"address": read})
    gone = let_go(ctx, ctx.person.id, read)
    return listed(ctx, "removed" if gone else "never", read)


def let_go(ctx: Context, person: int, address: str) -> bool:
    """The address is this person's no more, as what they read by it; False if it was not. Raises Refusal for
    the only account that they have."""
    account = ctx.store.accounts.identify(Account(MAIL, "", address))
    theirs = [one.account_id for one in ctx.store.accounts.of_person(person)]
    if account.account_id in theirs:
        if len(theirs) == 1:
            raise Refusal("email_only_way", buttons=(Button(N_("Leave"), "leave"),), address=address)
        ctx.store.accounts.detach(account.account_id)
    return ctx.store.emails.remove(person, address)


def listed(ctx: Context, what: str, address: str, asked: bool = False) -> Reply:
    """The caller's addresses, after something was done (`what`) with one of them; `asked`: a mail is on its
    way there."""
    person = ctx.person.id
    own = [gets(ctx, person, one) for one in ctx.store.emails.of_person(person)]
    values = {
        "what": what,
        "address": address,
        "addresses": own,
        "asked": asked,
        "mails": ctx.mail_from != "",
    }
    undo = (Button(N_("Undo"), "email remove", {"address": address}),) if what == "added" else ()
    again = (Button(N_("Put it back"), "email", {"address": address}),) if what == "removed" else ()
    chosen = (gets_tap(one["address"]) for one in own if one["proved"] and ctx.mail_from)
    waiting = [one["address"] for one in own if one["gets"] == "waiting" and ctx.mail_from and not what]
    once_more = (Button(N_("Ask again"), "email", {"address": one}) for one in waiting[:1])
    return Reply("email", values, (*undo, *again, *chosen, *once_more), replace=True)


def _is_anothers(ctx: Context, address: str) -> bool:
    """Whether somebody else reads us there."""
    person = ctx.store.accounts.identify(Account(MAIL, "", address)).person
    return person is not None and person.id != ctx.person.id
