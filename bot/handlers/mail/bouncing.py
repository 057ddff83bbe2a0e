"""Mails that come back: their reader is asked, once, for another address (spec/engagement.md section 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.commands import N_, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.handlers.mail.addresses import email, let_go, listed
from bot.handlers.mail.choosing import MY_ADDRESSES
from bot.handlers.mail.proving import HIDDEN, ask_address
from bot.messages import SILENCE, Button, Refusal, Reply
from bot.notices import QUESTION, Values, notice
from bot.people.addresses import BOUNCED, bounced, complained, within_reach_again
from storage.emails import MAIL

KINDS = tuple(OneChoice(one, one) for one in ("hard", "soft", "complaint"))
ADDRESS = Text(ask=N_("Which address do you read?"), label=N_("E-mail"), most=300)


@command(BOUNCED, N_("A mail came back"), may="anybody", hidden=True)
def mail_bounced(
    ctx: Context,
    kind: Annotated[str, OneOf(KINDS, hidden=True)],
    says: Annotated[str, Text(hidden=True, most=2000)] = "",  # noqa: ARG001 - for whoever reads the event
) -> Reply:
    """The mailbox tells that a mail to the caller's address came back, or was called unwanted. No word of
    theirs: it does not show that they are within reach."""
    number = ctx.identity.account_id
    if ctx.incoming.account.platform != MAIL or number is None:
        return SILENCE
    ctx.identity = replace(ctx.identity, lost=False)  # else it is taken back when this is recorded
    if kind == "complaint":
        complained(ctx.store, number, ctx.now)
    else:
        bounced(ctx.store, number, kind == "hard", ctx.now)
    return SILENCE


def is_out_of_reach(ctx: Context, values: Values) -> bool:
    """Whether mails still don't go to an address that is still the reader's."""
    said = ctx.store.emails.state(values["address"])
    return said is not None and said.stopped_at is not None and said.person == ctx.person.id


@notice(
    BOUNCED,
    N_("Mails that don't arrive"),
    N_("You get this because you gave me this address."),
    still_due=is_out_of_reach,
    useful=timedelta(days=14),
    priority=QUESTION,
    theme="alliance",
    counts=False,
    stoppable=False,  # once for each address
)
def bounced_notice(ctx: Context, values: Values) -> Reply:
    """Mails don't arrive; another address, or once more the same."""
    address = str(values["address"])
    said = ctx.store.emails.state(address)
    taps = (
        Button(N_("New address"), "new address", {"old": address}),
        Button(N_("Try it again"), "mail again", {"address": address}),
    )
    since = said.stopped_at.isoformat() if said and said.stopped_at else ""
    return Reply("mail_bounced", {"address": address, "since": since}, taps)


@command("new address", N_("Give another e-mail address"), hidden=True)
def new_address(ctx: Context, address: Annotated[str, ADDRESS], old: HIDDEN = "") -> Reply:
    """[New address]: it takes the place of the one where mails don't arrive. Raises Refusal as `email`."""
    if old and old != address.strip().casefold():
        let_go(ctx, ctx.person.id, old)
    return email(ctx, address)


@command("mail again", N_("Send mails to an address again"), hidden=True)
def mail_again(ctx: Context, address: HIDDEN) -> Reply:
    """[Try it again]: mails go there again, from the next one on; who did not prove it is asked again."""
    said = ctx.store.emails.state(address)
    if said is None or said.person != ctx.person.id:
        raise Refusal("button_old", buttons=(MY_ADDRESSES,))
    within_reach_again(ctx.store, address, ctx.now)
    asked = said.confirmed_at is None and ask_address(ctx, ctx.person.id, address)
    return listed(ctx, "again", address, asked)
