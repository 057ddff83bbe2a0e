"""What people get: the announcement itself, its corrections, a sample for its author, the question to a
second person. Each says what stands when it is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.broadcasts.audience import audience_of
from bot.broadcasts.drafting import authors, had_it
from bot.broadcasts.mending import topic_of
from bot.broadcasts.standing import CORRECTION, KIND, SAMPLE, SECOND, text_for, tongues
from bot.broadcasts.text import closed, title_of
from bot.commands import N_
from bot.context import Context
from bot.handlers.announcing.answers import PERSON, PLACE, described, name_of, open_tap, speaks_for
from bot.handlers.announcing.in_a_digest import in_a_digest
from bot.handlers.announcing.second import asked_second
from bot.messages import Mail, Reply
from bot.notices import BROADCAST, QUESTION, Values, notice
from bot.people.waking import waking_of
from bot.rules.attention import Waking, is_waking
from bot.rules.broadcasts.values import Broadcast

DAYS = timedelta(days=3)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def is_meant(ctx: Context, values: Values) -> bool:
    """Whether an announcement still goes out, or what stands of it is still to be changed like this."""
    found = ctx.store.broadcasts.get(values["broadcast"])
    if found is None:
        return False
    if values.get("withdrawn"):
        return found.state == "retracted"
    if "version" in values:
        return found.state != "retracted" and found.version == values["version"]
    if found.state == "sending" and values.get("unless_had"):
        return _reader(ctx) not in had_it(ctx, found)
    return found.state == "sending"


def is_urgent(ctx: Context, values: Values) -> bool:
    """Whether a coordinator said, and wrote down why, that it can't wait (engagement.md 2)."""
    found = ctx.store.broadcasts.get(values["broadcast"])
    return found is not None and bool(found.urgent)


def can_wait(ctx: Context, values: Values) -> bool:
    """Whether it takes from its readers' attention as any other message."""
    return not is_urgent(ctx, values)


@notice(
    KIND,
    N_("Announcements"),
    N_("You get this because you take part in the alliance."),
    still_due=is_meant,
    useful=DAYS,
    priority=BROADCAST,
    theme="announcements",
    counts=can_wait,
    any_hour=is_urgent,
    line=in_a_digest,
)
def announcement_itself(ctx: Context, values: Values) -> Reply:
    """Its text in the reader's language, and who says so."""
    found = _known(ctx, values)
    if values.get("withdrawn"):
        return _withdrawn(ctx, found)
    return _said(ctx, found, edited="version" in values)


def is_due_correction(ctx: Context, values: Values) -> bool:
    """Whether what was corrected still stands."""
    found = ctx.store.broadcasts.get(values["broadcast"])
    return found is not None and (found.state == "retracted") == bool(values.get("withdrawn"))


@notice(
    CORRECTION,
    N_("Corrections of announcements"),
    N_("You get this because you got what it corrects."),
    still_due=is_due_correction,
    useful=DAYS,
    priority=BROADCAST,
    theme="announcements",
    counts=False,  # who read what was wrong is to know soon
    any_hour=is_urgent,
)
def announcement_correction(ctx: Context, values: Values) -> Reply:
    """What was wrong, in one line, under what was corrected."""
    found = _known(ctx, values)
    if values.get("withdrawn"):
        return _withdrawn(ctx, found, by_mail=bool(values.get("by_mail")))
    title = title_of(text_for(found.texts, tongues(ctx)))
    told = {"title": title, "note": values["note"]}
    subject = ctx.translate(N_("Correction: {title}")).replace("{title}", title)
    return Reply(
        "announcement_correction", told, topic=topic_of(found), silent=_is_quiet(ctx, found),
        mail=Mail(subject=subject),
    )  # fmt: skip


@notice(
    SAMPLE,
    N_("Samples of announcements"),
    N_("You get this because you asked to see it."),
    still_due=lambda ctx, values: ctx.store.broadcasts.get(values["broadcast"]) is not None,
    useful=HOUR,
    priority=QUESTION,
    theme="announcements",
    counts=False,
    any_hour=True,
    stoppable=False,
)
def announcement_as_sample(ctx: Context, values: Values) -> Reply:
    """Exactly what others will read."""
    return _said(ctx, _known(ctx, values))


def is_awaiting(ctx: Context, values: Values) -> bool:
    """Whether it still waits for a second person, since that moment, and the reader can be that one: they may
    announce, and had no part in it."""
    found = ctx.store.broadcasts.get(values["broadcast"])
    if found is None or found.state != "awaiting" or found.confirmed_at is None:
        return False
    can = ctx.may("announce") and ctx.person.id not in authors(found)
    return can and found.confirmed_at.isoformat() == values["at"]


def second_in_short(ctx: Context, values: Values) -> Reply:
    """Who wants a yes to what, and the tap that shows it."""
    found = _known(ctx, values)
    return Reply("owed/second", described(ctx, found), (open_tap(found),))


@notice(
    SECOND,
    N_("Announcements to agree to"),
    N_("You get this because you may send announcements."),
    still_due=is_awaiting,
    useful=WEEK,
    priority=QUESTION,
    theme="announcements",
    duty=True,
    line=second_in_short,
    about=lambda values: (f"second:{values['broadcast']}",),
)
def announcement_second(ctx: Context, values: Values) -> Reply:
    """What somebody wants to send, and the two taps that answer it."""
    found = _known(ctx, values)
    return asked_second(ctx, found, audience_of(ctx, found))


def _said(ctx: Context, found: Broadcast, *, edited: bool = False) -> Reply:
    text = text_for(found.texts, tongues(ctx))
    values: dict[str, Any] = {
        "text": closed(text),
        "author": name_of(ctx, found.created_by),
        "organisation": speaks_for(ctx, found),
        "edited": found.edited_at.isoformat() if edited and found.edited_at else "",
    }
    return Reply(
        "announcement_text", values, topic=topic_of(found), silent=_is_quiet(ctx, found),
        media=found.media, mail=Mail(subject=title_of(text)),
    )  # fmt: skip


def _withdrawn(ctx: Context, found: Broadcast, *, by_mail: bool = False) -> Reply:
    """The word in its place; in a mail of its own it says what was withdrawn."""
    at, title = found.retracted_at or ctx.now, title_of(text_for(found.texts, tongues(ctx)))
    subject = ctx.translate(N_("Withdrawn: {title}")).replace("{title}", title)
    values = {"at": at.isoformat(), "title": title if by_mail else ""}
    return Reply(
        "announcement_withdrawn", values, topic=topic_of(found), silent=True, mail=Mail(subject=subject)
    )


def _reader(ctx: Context) -> str:
    """Who reads this one, as in a batch: a person or a chat."""
    if ctx.identity.person is not None:
        return f"{PERSON}{ctx.identity.person.id}"
    known = ctx.store.places.find(ctx.place)
    return f"{PLACE}{known.id}" if known else ""


def _is_quiet(ctx: Context, found: Broadcast) -> bool:
    """Whether it comes without a sound: nobody is at work there now, and nobody said that it can't wait."""
    if found.urgent:
        return False
    if ctx.identity.person is not None:
        return not is_waking(ctx.now, waking_of(ctx, ctx.identity.person.id))
    return not is_waking(ctx.now, Waking(ctx.zone, lambda _day: False))


def _known(ctx: Context, values: Values) -> Broadcast:
    found = ctx.store.broadcasts.get(values["broadcast"])
    if found is None:
        raise LookupError(f"no announcement {values['broadcast']}")
    return found
