"""One's own e-mail addresses: by them a table of who came knows whom it means."""

from __future__ import annotations

from typing import Annotated, Final

from bot.commands import N_, Text, command
from bot.context import Context
from bot.messages import Button, Refusal, Reply
from bot.rules.rsvp.reading import mail_address

MOST_ADDRESSES: Final = 5


@command("email", N_("Your e-mail addresses"), example="/email ana@example.org")
def email(ctx: Context, address: Annotated[str, Text(label=N_("E-mail"), most=300)] = "") -> Reply:
    """Alone: the caller's addresses. With one: it is theirs from now on. Raises Refusal for what is no
    address, and for somebody else's, without saying whose."""
    ctx.in_private()
    if not address:
        return _listed(ctx, "", "")
    read, own = _read(address), ctx.store.emails.of_person(ctx.person.id)
    if read in own:
        return _listed(ctx, "there", read)
    if len(own) >= MOST_ADDRESSES:
        raise Refusal("email_many", "address", (Button(N_("My addresses"), "email"),), most=MOST_ADDRESSES)
    if not ctx.store.emails.add(ctx.person.id, read, ctx.now):
        raise Refusal("email_taken", "address", address=read)
    return _listed(ctx, "added", read)


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
    """An address is the caller's no more; what is known of who came stays."""
    ctx.in_private()
    read = _read(address)
    owner = ctx.store.emails.owner(read)
    if owner not in (None, ctx.person.id) and ctx.may("invite_all"):  # somebody else's by mistake
        ctx.store.emails.remove(owner, read)
        return Reply("email_freed", {"address": read})
    gone = ctx.store.emails.remove(ctx.person.id, read)
    return _listed(ctx, "removed" if gone else "never", read)


def _read(address: str) -> str:
    read = mail_address(address)
    if not read:
        raise Refusal("email_unclear", "address", text=address[:80])
    return read


def _listed(ctx: Context, what: str, address: str) -> Reply:
    own = ctx.store.emails.of_person(ctx.person.id)
    values = {"what": what, "address": address, "addresses": own}
    undo = (Button(N_("Undo"), "email remove", {"address": address}),) if what == "added" else ()
    again = (Button(N_("Put it back"), "email", {"address": address}),) if what == "removed" else ()
    return Reply("email", values, (*undo, *again), replace=True)
