"""What comes to an address: calendar invitations, everything, or nothing."""

from __future__ import annotations

from typing import Annotated, Final

from bot.commands import N_, OneChoice, OneOf, command
from bot.context import Context
from bot.events.mailed import CALENDAR_MAIL, mail_coming
from bot.handlers.mail.proving import HIDDEN, choices, gets
from bot.messages import Button, Refusal, Reply, platform_name
from bot.people.addresses import chat_of, mail_account, within_reach_again
from storage.emails import MAIL

WHAT: Final = tuple(OneChoice(one, one) for one in ("calendar", "everything", "nothing"))
MY_ADDRESSES: Final = Button(N_("My addresses"), "email")


@command("what by mail", N_("Choose what comes to an address"), hidden=True)
def what_by_mail(ctx: Context, address: HIDDEN, what: Annotated[str, OneOf(WHAT, hidden=True)] = "") -> Reply:
    """Without a choice: how it is, and the taps. Everything makes mail their way of reading us; calendar
    invitations come beside the chat; nothing leaves the address known and unused. One address at a time is
    used. Raises Refusal for what is not theirs, and for nothing where they read us no other way."""
    ctx.in_private()
    if address not in ctx.store.emails.confirmed(ctx.person.id):
        raise Refusal("button_old", buttons=(MY_ADDRESSES,))
    if what == "nothing":
        _nothing(ctx, address)
    elif what:
        _use(ctx, address, everything=what == "everything")
    values = {**gets(ctx, ctx.person.id, address), "chosen": bool(what), "chat": _chat(ctx)}
    return Reply("email_gets", values, _taps(ctx, address, what, str(values["gets"])), replace=True)


def _use(ctx: Context, address: str, *, everything: bool) -> None:
    person, linked = ctx.person.id, within_reach_again(ctx.store, address, ctx.now)
    if linked.person_id not in (None, person):
        raise Refusal("email_taken", address=address)
    for other in ctx.store.accounts.of_person(person):
        if other.account.platform == MAIL and other.account_id != linked.account_id:
            ctx.store.accounts.detach(other.account_id)
    if linked.person_id is None:
        ctx.store.accounts.attach(linked.account_id, person)
    chat = chat_of(ctx.store, person)
    first = linked.account_id if everything or chat is None else chat.account_id
    ctx.store.accounts.prefer(first, person)
    ctx.store.silenced.again(person, CALENDAR_MAIL)
    mail_coming(ctx, person)


def _nothing(ctx: Context, address: str) -> None:
    if chat_of(ctx.store, ctx.person.id) is None:
        raise Refusal("email_only_way", buttons=(Button(N_("Leave"), "leave"),), address=address)
    linked = mail_account(ctx.store, address, ctx.now)
    if linked.person_id == ctx.person.id:
        ctx.store.accounts.detach(linked.account_id)


def _chat(ctx: Context) -> str:
    """Where else they read us, as people call it; "" for nowhere."""
    chat = chat_of(ctx.store, ctx.person.id)
    return platform_name(chat.account.platform) if chat else ""


def _taps(ctx: Context, address: str, what: str, now: str) -> tuple[Button, ...]:
    every = {one.arguments["what"]: one for one in choices(address)}
    if not _chat(ctx):
        return ()
    if what == "everything":
        return (Button(N_("Back to chat"), "what by mail", {"address": address, "what": "calendar"}),)
    if what:
        return (MY_ADDRESSES,)
    return tuple(tap for key, tap in every.items() if key != now)
