"""What the newsletter says unasked: an edition to its readers, a correction of it, and to the coordination
team what is about to go out (engagement.md section 3)."""

from __future__ import annotations

from datetime import timedelta

from bot.commands import N_
from bot.context import Context
from bot.handlers.newsletter.answers import (
    as_post,
    described,
    fault_values,
    is_member,
    is_place,
    item_values,
    read_tap,
    subscribe_tap,
    unsubscribe_tap,
)
from bot.messages import Button, Mail, Reply
from bot.newsletter.approving import changed_it
from bot.newsletter.checking import faults_of
from bot.newsletter.sending import audience_of
from bot.newsletter.standing import found_edition, items_for, topic_of
from bot.newsletter.subscribing import subscription_of
from bot.newsletter.telling import CORRECTED, EDITION, HELD, SHOWN, approve_edition, open_tap, stop_edition
from bot.notices import BROADCAST, QUESTION, Values, notice
from bot.people.public_holidays import is_free
from bot.rules.attention import Waking, is_waking
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition, Item, Subscription
from storage.emails import MAIL

WEEKS = timedelta(days=21)  # an edition waits so long, or shorter


def is_wanted(ctx: Context, values: Values) -> bool:
    """Whether the edition still goes out, and its reader still subscribes to something in it."""
    edition = ctx.store.editions.get(values["edition"])
    return edition is not None and edition.state == "approved" and bool(_items(ctx, edition))


@notice(
    EDITION,
    N_("Newsletter"),
    N_("You get this because you subscribed to the newsletter."),
    still_due=is_wanted,
    useful=timedelta(hours=7),
    priority=BROADCAST,
    theme="newsletter",
    counts=False,  # they subscribed
    stoppable=False,  # it has a way out of its own
)
def edition(ctx: Context, values: Values) -> Reply:
    """The edition as its reader is to see it: headlines in a chat, everything in a mail, with the picture of
    the year's figures where it tells them."""
    found = found_edition(ctx, values["edition"])
    items, in_group = _items(ctx, found), is_place(ctx)
    shown = as_post(ctx, found, items)
    if ctx.place.platform == MAIL:
        shown |= {"items": [item_values(ctx, item) for item in items], "more": 0}
    taps: tuple[Button, ...] = (read_tap(found, in_group=in_group),)
    taps = (*taps, subscribe_tap(in_group=True)) if in_group else (*taps, unsubscribe_tap())
    picture = 0
    if ctx.place.platform == MAIL:  # it is all there, with the way out below it
        taps, picture = (), next((item.media for item in items if item.source == "indicators"), 0)
    return Reply(
        "edition", shown, taps, topic_of(found), silent=in_group, mail=_mail(ctx, found.title), media=picture
    )


def is_corrected(ctx: Context, values: Values) -> bool:
    """Whether the note is there and for its reader, who has not ended the newsletter, and it goes by mail too
    if this is a mail."""
    edition = ctx.store.editions.get(values["edition"])
    own = None if is_place(ctx) else _subscription(ctx)
    if edition is None or len(edition.notes) <= values["note"] or (own and own.state != "on"):
        return False
    if edition.notes[values["note"]].consent == "members" and not is_member(ctx):
        return False
    return bool(values.get("mail", True)) or ctx.place.platform != MAIL


@notice(
    CORRECTED,
    N_("Corrections of the newsletter"),
    N_("You get this because you were sent that edition."),
    still_due=is_corrected,
    useful=timedelta(days=7),
    priority=BROADCAST,
    theme="newsletter",
    counts=False,
    stoppable=False,
)
def edition_correction(ctx: Context, values: Values) -> Reply:
    """What was not right in an edition, dated; the edition itself stays as it went out."""
    found = found_edition(ctx, values["edition"])
    note = found.notes[values["note"]]
    shown = {**described(ctx, found), "note": note.text, "at": note.at.isoformat()}
    taps: tuple[Button, ...] = (read_tap(found, in_group=is_place(ctx)),)
    taps = () if ctx.place.platform == MAIL else taps
    subject = ctx.translate(N_("Correction: %(title)s")) % {"title": found.title}
    silent = is_place(ctx) and not is_waking(ctx.now, Waking(ctx.zone, is_free(frozenset())))
    return Reply(
        "edition_correction", shown, taps, topic=topic_of(found), silent=silent, mail=_mail(ctx, subject)
    )


def is_still_held(ctx: Context, values: Values) -> bool:
    """Whether the edition is held as it was when this was decided, and the reader may say what to do."""
    edition = ctx.store.editions.get(values["edition"])
    if edition is None or edition.state != "held" or edition.send_at.isoformat() != values["sends"]:
        return False
    return ctx.may("edit_newsletter")


@notice(
    HELD,
    N_("Newsletter that is held"),
    N_("You get this because you look after the newsletter."),
    still_due=is_still_held,
    useful=WEEKS,
    priority=QUESTION,
    theme="newsletter",
    duty=True,
    about=lambda values: (f"newsletter:{values['edition']}",),
)
def edition_still_held(ctx: Context, values: Values) -> Reply:
    """An edition waits for an answer, once more, and how long it does."""
    found = found_edition(ctx, values["edition"])
    shown = {**described(ctx, found), "gone": found.sent_at is not None, "at": values["sends"]}
    shown |= {"until": values["until"]}
    return Reply("edition_still_held", shown, (open_tap(found), stop_edition(found)), topic_of(found))


def is_to_be_looked_at(ctx: Context, values: Values) -> bool:
    """Whether the edition is still to go out as the reader is to be shown it, and they may decide."""
    edition = ctx.store.editions.get(values["edition"])
    if edition is None or edition.state != "draft" or edition.seal != values["seal"]:
        return False
    return ctx.may("edit_newsletter") and edition.send_at > ctx.now


@notice(
    SHOWN,
    N_("Newsletter before it goes out"),
    N_("You get this because you look after the newsletter."),
    still_due=is_to_be_looked_at,
    useful=WEEKS,
    priority=QUESTION,
    theme="newsletter",
    duty=True,
    about=lambda values: (f"newsletter:{values['edition']}",),
)
def edition_shown(ctx: Context, values: Values) -> Reply:
    """What is about to go out, to whom and when, and what has to be mended first; one tap stops it, or
    approves it where somebody has to."""
    found = found_edition(ctx, values["edition"])
    audience, faults, own = audience_of(ctx, found), faults_of(ctx, found), changed_it(found, ctx.person.id)
    shown = {**as_post(ctx, found, found.items), "chats": audience.chats, "people": audience.people}
    shown |= {"own": own, "faults": fault_values(faults)}
    may = found.approval == "second" and not own and not faults and seal(found) == found.seal
    approve = (approve_edition(found),) if may else ()
    return Reply("edition_shown", shown, (*approve, open_tap(found), stop_edition(found)), topic_of(found))


def _items(ctx: Context, edition: Edition) -> tuple[Item, ...]:
    """What of an edition this reader gets; nothing once they have ended it."""
    if is_place(ctx):
        return items_for(edition, member=True)
    own = _subscription(ctx)
    if own is None or own.state != "on":
        return ()
    return items_for(edition, member=is_member(ctx), topics=own.topics)


def _subscription(ctx: Context) -> Subscription | None:
    person = ctx.identity.person
    return subscription_of(ctx.store, person.id if person else None, ctx.identity.account_id)


def _mail(ctx: Context, subject: str) -> Mail:
    """What a mail has beyond the words: a letterhead, and the way to end it by one click."""
    own = _subscription(ctx)
    word = own.word if own is not None and not is_place(ctx) else ""
    return Mail(subject, branded=True, unsubscribe=word, list_id=list_id(ctx))


def list_id(ctx: Context) -> str:
    """By what mail programs know the newsletter (RFC 2919), whatever it is called."""
    return f"newsletter.{ctx.charter.alliance.slug}"
