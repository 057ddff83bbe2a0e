"""Whether an address is whose it is said to be: asked by mail, answered by a tap there."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from bot.commands import N_, Number, Text, command
from bot.context import COORDINATING, Context
from bot.events.mailed import CALENDAR_MAIL
from bot.messages import Button, Refusal, Reply
from bot.people.addresses import mail_account, on_the_wire, reads_mail_at, within_reach_again
from bot.rules.rsvp.reading import mail_address
from storage.emails import MAIL
from storage.persons import Person

ASKED_EVERY: Final = timedelta(hours=1)  # an address is not written to more often, whoever says it is theirs
LONGEST_LABEL: Final = 20  # characters on a button
HIDDEN = Annotated[str, Text(hidden=True, most=300)]
PERSON = Annotated[int, Number(hidden=True, most=2**53)]


def ask_address(ctx: Context, person: int, address: str) -> bool:
    """Ask an address whether it is this person's, at most once an hour; whether a mail is on its way. None
    goes where it is known, where mails are not wanted, or where none can be sent."""
    said = ctx.store.emails.state(address)
    if not ctx.mail_from or (said is not None and said.why == "complained"):
        return False
    if said is not None and said.person == person and said.confirmed_at is not None:
        return False
    linked = mail_account(ctx.store, address, ctx.now, ctx.language)
    if linked.person_id == person:  # they read us there already
        ctx.store.emails.confirm(person, address, ctx.now)
    if linked.person_id is not None or _was_asked(ctx, linked.account_id):
        return False
    within_reach_again(ctx.store, address, ctx.now)
    given = {"person": str(person), "address": address}
    taps = (
        Button(N_("Yes, it's mine"), "confirm address", given),
        Button(N_("Not mine"), "not my address", given),
    )
    values = {**_who(ctx, person), "address": address, "alliance": ctx.charter.alliance.name}
    ctx.tell_account(linked.account_id, "mail_address", _key(ctx, linked.account_id), values, taps)
    return True


@command("confirm address", N_("Yes, this address is mine"), may="anybody", hidden=True)
def confirm_address(ctx: Context, person: PERSON, address: HIDDEN) -> Reply:
    """Who reads there says that it is this person's address: from now on mails of theirs go there, and it is
    an account of theirs. They choose in chat what comes. Raises Refusal where nobody says so any more, or it
    is another's."""
    known, was = _asking(ctx, person, address)
    ctx.remember_account()  # locks it: two who press at once make one
    linked = mail_account(ctx.store, address, ctx.now)
    if linked.person_id not in (None, known.id) or not ctx.store.emails.confirm(known.id, address, ctx.now):
        raise Refusal("email_taken", address=address)
    if linked.person_id is None:
        ctx.store.accounts.attach(linked.account_id, known.id)
    key = f"{linked.account_id}:{ctx.now.isoformat()}"
    ctx.tell((known.id,), "email_confirmed", f"address:{key}", {"address": address}, choices(address))
    if was != known.id:
        ctx.tell((was,), "email_lost", f"address lost:{key}", {"address": address})
    return Reply("mail_address_yes", {"address": address, "name": known.name})


@command("not my address", N_("This address is not theirs"), may="anybody", hidden=True)
def not_my_address(ctx: Context, person: PERSON, address: HIDDEN) -> Reply:
    """Who reads there says that it is not this person's: it is theirs no more, and they hear it kindly."""
    known, _ = _asking(ctx, person, address)
    if ctx.store.emails.remove(known.id, address):
        number = ctx.account_id
        again = Button(N_("Another address"), "new address")
        key = f"not theirs:{number}:{ctx.now.isoformat()}"
        ctx.tell((known.id,), "email_not_theirs", key, {"address": address}, (again,))
    return Reply("mail_address_no", {"address": address, "name": known.name})


def choices(address: str) -> tuple[Button, ...]:
    """What can come to an address, a tap each."""
    labels = {
        "calendar": N_("Calendar invitations"),
        "everything": N_("Everything"),
        "nothing": N_("Nothing by mail"),
    }
    return tuple(
        Button(label, "what by mail", {"address": address, "what": what}) for what, label in labels.items()
    )


def gets_tap(address: str) -> Button:
    """The tap that asks what is to come to an address."""
    return Button(address[:LONGEST_LABEL], "what by mail", {"address": address})


def gets(ctx: Context, person: int, address: str) -> dict[str, Any]:
    """How an address stands, for a line of its own: `gets` is "waiting" for a yes, "stopped" (`since`, ISO),
    "unwanted", or what comes there: "everything", "calendar", "nothing"; `proved` whether somebody who reads
    there said yes."""
    said, what = ctx.store.emails.state(address), "nothing"
    linked = next(
        (
            one
            for one in ctx.store.accounts.of_person(person)
            if one.account.platform == MAIL and one.account.user == address
        ),
        None,
    )
    since = said.stopped_at.isoformat() if said and said.stopped_at else ""
    if said is not None and said.why == "complained":
        what = "unwanted"
    elif since and (linked is None or not linked.reachable):
        what = "stopped"
    elif said is None or said.confirmed_at is None:
        what = "waiting"
    elif linked is not None and linked.preferred:
        what = "everything"
    elif linked is not None and linked == reads_mail_at(ctx.store, person):
        what = "nothing" if CALENDAR_MAIL in ctx.store.silenced.kinds(person) else "calendar"
    proved = said is not None and said.confirmed_at is not None
    return {"address": address, "gets": what, "since": since, "proved": proved}


def is_claimed(ctx: Context, address: str) -> bool:
    """Whether somebody says that an address is theirs and nobody proved it: then the address can be asked."""
    said = ctx.store.emails.state(address)
    return said is not None and said.person is not None and said.confirmed_at is None


def read_address(text: str, option: str = "address") -> str:
    """The address that somebody typed, as it is kept. Raises Refusal for what is none, or is written so that
    no mail can be sent there."""
    read = mail_address(text)
    if not on_the_wire(read) or read not in text.lower():
        raise Refusal("email_unclear", option, text=text[:80])
    return read


def _asking(ctx: Context, person: int, address: str) -> tuple[Person, int]:
    """Who says that the address is theirs, and for whom it is put down. Raises Refusal where that is over, or
    who presses does not read there."""
    account, said = ctx.incoming.account, ctx.store.emails.state(address)
    known = ctx.store.persons.get(person)
    if account.platform != MAIL or account.user != address:
        raise Refusal("button_of_another")
    if said is None or said.person is None or known is None or known.left_at is not None:
        raise Refusal("mail_not_asked", address=address)
    return known, said.person


def _was_asked(ctx: Context, account: int) -> bool:
    for hour in (ctx.now, ctx.now - ASKED_EVERY):
        before = ctx.store.deliveries.by_key(_key(ctx, account, hour.strftime("%Y-%m-%dT%H")))
        if before is not None and ctx.now - before.not_before < ASKED_EVERY:
            return True
    return False


def _key(ctx: Context, account: int, hour: str = "") -> str:
    return f"ask address:{account}:{hour or ctx.now.strftime('%Y-%m-%dT%H')}"


def _who(ctx: Context, person: int) -> dict[str, str]:
    known = ctx.store.persons.get(person)
    homes = {role.organisation for role in ctx.store.roles.of_person(person)} - {COORDINATING}
    home = min((ctx.short_name(one) for one in homes if one in ctx.organisations), default="")
    return {"name": known.name if known else "", "organisation": home}
