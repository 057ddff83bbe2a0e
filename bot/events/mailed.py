"""Calendar invitations by mail, as calendars understand them (RFC 5546; spec/engagement.md section 1).

Who proved a mail address gets their event as a REQUEST when they say that they come, once more when it is
moved, and a CANCEL when they give up their seat or it does not take place. Who reads us by mail alone has an
invitation, a move and a cancellation in the mail that tells of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from bot.context import Context
from bot.events.calendar_file import Mailbox, event_file
from bot.messages import Attachment, Call
from bot.notices import NOTICES
from bot.people.addresses import reads_mail_at
from bot.rules.events.sessions import ends_at
from bot.rules.events.values import Event
from bot.rules.rsvp.values import YES, Rsvp, State
from storage.accounts import Linked
from storage.deliveries import Delivery
from storage.emails import MAIL

CALENDAR_MAIL: Final = "event calendar mail"
AWAY: Final[tuple[State, ...]] = ("declined", "withdrawn")
What = Literal["going", "moved", "off"]


def mail_answer(ctx: Context, event: Event, before: Rsvp | None, after: Rsvp) -> None:
    """Somebody's answer changed: an event to which they go now goes to their calendar, one to which they go
    no more leaves it. A calendar that answered by itself knows."""
    if _is_calendar(ctx):
        return
    if _comes(after) and not (before is not None and _comes(before)):
        _queue(ctx, event, after, "going")
    elif before is not None and _comes(before) and not _comes(after) and _was_mailed(ctx, event, before):
        _queue(ctx, event, after, "off")


def mail_seat(ctx: Context, event: Event, person: int) -> None:
    """A seat became somebody's from the line, or went to somebody else: so their calendar says."""
    own = ctx.store.rsvps.get(event.number, person) if ctx.mail_from else None
    if own is not None and own.state != "offered":
        _queue(ctx, event, own, "going" if _comes(own) else "off")


def mail_change(ctx: Context, event: Event, what: What, kind: str, told: Collection[int]) -> None:
    """An event was moved or cancelled, and these persons are `told` by a notice of this kind: the calendars
    of those who go follow. Who reads us by mail has it in that mail."""
    if not ctx.mail_from:
        return
    for own in ctx.store.rsvps.of_event(event.number, ("going",)):
        if own.person not in told or not _reads_mails(ctx, own.person, kind):
            _queue(ctx, event, own, what)


def mail_coming(ctx: Context, person: int) -> None:
    """Somebody wants calendar invitations from now on: those of what they go to already are sent."""
    for own in ctx.store.rsvps.of_person(person):
        event = ctx.store.events.get(own.event)
        if event is not None and event.state == "planned" and ctx.now < ends_at(event) and _comes(own):
            _queue(ctx, event, own, "going")


def calendar_part(ctx: Context, event: Event, own: Rsvp | None, *, off: bool = False) -> Attachment | None:
    """The event as a calendar takes it from the mail that is written to the caller; None where it is no
    mail, they have no answer to give or gave one that they stay away, or they want no such files."""
    if ctx.place.platform != MAIL or not ctx.mail_from or own is None or (own.state in AWAY and not off):
        return None
    person = ctx.person
    if CALENDAR_MAIL in ctx.store.silenced.kinds(person.id):
        return None
    address = ctx.incoming.account.user
    return event_file(
        event,
        method="CANCEL" if off else "REQUEST",
        going=own.state in YES and not own.gave_back,
        own=own,
        organiser=Mailbox(ctx.charter.alliance.short_name, ctx.mail_from),
        attendee=Mailbox(person.name, address),
    )


def _queue(ctx: Context, event: Event, own: Rsvp, what: What) -> None:
    """Once for each answer and each time of the event."""
    there = _where(ctx, own.person)
    if there is None:
        return
    notice, values = NOTICES[CALENDAR_MAIL], {"event": event.number, "what": what, "sequence": event.sequence}
    ctx.told.append(
        Delivery.new(
            key=_key(what, event, own),
            platform=MAIL,
            account_id=there.account_id,
            person_id=own.person,
            kind=CALENDAR_MAIL,
            template="",
            values=values,
            priority=notice.priority,
            not_before=ctx.now,
            useful_until=ctx.now + notice.useful,
        )
    )


def _where(ctx: Context, person: int) -> Linked | None:
    if not ctx.mail_from:
        return None
    there = reads_mail_at(ctx.store, person)
    return None if there is None or CALENDAR_MAIL in ctx.store.silenced.kinds(person) else there


def _was_mailed(ctx: Context, event: Event, own: Rsvp) -> bool:
    """Whether an answer is in somebody's calendar: what waits to be sent at this moment never gets there."""
    found = ctx.store.deliveries.by_key(_key("going", event, own))
    return found is None or found.state not in ("queued", "skipped")


def _reads_mails(ctx: Context, person: int, kind: str) -> bool:
    """Whether notices of that kind are mails to somebody."""
    there = ctx.reached(person)
    is_mail = there is not None and there.account.platform == MAIL
    return is_mail and kind not in ctx.store.silenced.kinds(person)


def _is_calendar(ctx: Context) -> bool:
    """Whether it is a calendar's answer to an invitation (RFC 5546) that is worked on: no tap, but a mail
    that the port read. Were it answered in kind, two that answer by themselves would not end."""
    call = ctx.incoming
    return isinstance(call, Call) and call.account.platform == MAIL and call.command == "answer event"


def _comes(own: Rsvp) -> bool:
    return own.state == "going"


def _key(what: What, event: Event, own: Rsvp) -> str:
    said = own.answered_at.isoformat()
    return f"{CALENDAR_MAIL}:{event.number}:{what}:{event.sequence}:{said}:{own.person}"
